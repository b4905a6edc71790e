"""A job in the hands of the process that owns it."""

import sys
from typing import Any

from aecore.engine.folder import JobFolder, write_json
from aecore.engine.interface import ACTIVE
from aecore.engine.lock import Lock


class Work:
    """One job that this process owns."""

    def __init__(self, folder: JobFolder, lock: Lock, record: dict[str, Any]) -> None:
        self.folder, self.lock, self.record = folder, lock, record
        self.unsaved = False  # the disk could not take the record yet
        self.lost = False  # somebody else took the lock, so the folder is theirs
        self.told: float | None = None  # when the worker was told to stop it
        self.crashes = 0

    @property
    def state(self) -> str:
        return self.record["state"]

    def is_wanted(self) -> bool:
        return not self.lost and self.folder.is_wanted()

    def save(self) -> None:
        """Writes the record, and gives the lock back after the last time."""
        if not self.lost:
            try:
                write_json(self.folder.record, self.record)
                self.unsaved = False
            except OSError as error:
                if not self.unsaved:
                    print(f"The record of job {self.folder.id} could not be written: {error}", file=sys.stderr)
                self.unsaved = True
        if self.state not in ACTIVE and not self.unsaved:
            self.lock.release()

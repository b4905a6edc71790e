"""A job's folder on disk: the one place where its state is.

    jobs/<id>/request.json     function, arguments, digests of the files
              record.json      state, place, message, times, value; written by the engine that holds the lock
              progress.json    what the running task says of itself; written by the worker
              files/  out/     inputs and outputs
              wanted/<who>     one empty file for each one who asked
              lock             see `aecore.engine.lock`
              checkpoint*      what a task keeps, to resume from

Every file is written beside its place and renamed, so a reader finds the old one or the new one, never a part.
"""

import contextlib
import json
import os
import re
import shutil
import threading
import time
from pathlib import Path
from typing import Any

from aecore.engine.interface import ACTIVE, STATES, Status
from aecore.engine.lock import is_live
from aecore.errors import RequestError

INTERRUPTED = "The lab was closed or stopped while this was at work. Start it again to go on from the last saved step."
DAMAGED = "The record of this job cannot be read. Start it again; finished work is found where it was kept."
LOOKS = 3  # a record and its lock change one after the other: what looks dead is looked at again
REPLACE_ATTEMPTS = 20  # on Windows a file cannot be replaced in the moment in which somebody reads it


def read_json(path: Path) -> dict[str, Any]:
    """Reads a JSON object.

    Raises:
        OSError: The file cannot be read.
        ValueError: It holds no JSON object.
    """
    value = json.loads(path.read_bytes())
    if not isinstance(value, dict):
        raise ValueError(f"{path} holds {type(value).__name__} where a JSON object is expected.")
    return value


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Writes a JSON object atomically; numbers of other libraries are written as floats.

    Raises:
        OSError: It cannot be written; the old file is as it was.
        TypeError: A value is neither JSON nor a number.
    """
    text = json.dumps(value, default=float)
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        beside.write_text(text, encoding="utf-8")
        for attempt in range(REPLACE_ATTEMPTS):
            try:
                beside.replace(path)
                return
            except PermissionError:
                if os.name != "nt" or attempt == REPLACE_ATTEMPTS - 1:
                    raise
                time.sleep(0.01)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


class JobFolder:
    """The folder of one job.

    Args:
        jobs: The folder of all jobs.
        job_id: 16 hex digits.

    Raises:
        RequestError: `job_id` is not an id.
    """

    def __init__(self, jobs: Path, job_id: str) -> None:
        if not isinstance(job_id, str) or not re.fullmatch("[0-9a-f]{16}", job_id):
            raise RequestError(f"A job's id is 16 hex digits; received {str(job_id)[:80]!r}. Start the job again.")
        self.id, self.path = job_id, jobs / job_id
        self.request, self.record, self.progress = (
            self.path / name for name in ("request.json", "record.json", "progress.json")
        )
        self.files, self.out, self.wanted, self.lock = (self.path / name for name in ("files", "out", "wanted", "lock"))

    def status(self, owned: bool = False, given: dict[str, Any] | None = None) -> Status:
        """How the job stands.

        Args:
            owned: Whether the caller holds the lock.
            given: The record, where the caller has a newer one than the disk could take.

        Raises:
            RequestError: There is no such job.
        """
        for _ in range(LOOKS):
            live = owned or is_live(self.lock)
            try:
                record = given or read_json(self.record)
                state, function = record["state"], record["function"]
                if state not in STATES or (state == "done" and "value" not in record):
                    raise ValueError(state)
            except FileNotFoundError:
                return self._status_without_record(live, INTERRUPTED)
            except (OSError, ValueError, KeyError):
                return self._status_without_record(live, DAMAGED)
            if live or state not in ACTIVE:
                break
        else:
            state = "interrupted"
        return Status(
            id=self.id,
            function=function,
            state=state,
            place=record.get("place") if state == "queued" else None,
            progress=self._read_progress(),
            message=INTERRUPTED if state == "interrupted" else record.get("message", ""),
            started=record.get("started"),
            ended=record.get("ended"),
        )

    def finished(self) -> dict[str, Any] | None:
        """The record, when the job is done and all that it wrote is still there."""
        try:
            record = read_json(self.record)
        except (OSError, ValueError):
            return None
        whole = record.get("state") == "done" and {"function", "value", "outputs"} <= record.keys()
        return record if whole and all((self.path / name).exists() for name in record["outputs"]) else None

    def use(self) -> None:
        """Notes that the result was used now: the sweep goes by the record's time stamp."""
        with contextlib.suppress(OSError):
            os.utime(self.record)

    def want(self, who: str) -> None:
        """Notes the interest of `who`."""
        self.wanted.mkdir(parents=True, exist_ok=True)
        (self.wanted / who).touch()

    def unwant(self, who: str) -> None:
        """Withdraws the interest of `who`."""
        (self.wanted / who).unlink(missing_ok=True)

    def is_wanted(self) -> bool:
        """Whether anybody's interest is left; when in doubt, yes."""
        try:
            return any(self.wanted.iterdir())
        except FileNotFoundError:
            return False
        except OSError:
            return True

    def clear_outputs(self) -> None:
        """Removes what an earlier attempt wrote, but not its checkpoint."""
        shutil.rmtree(self.out, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.progress.unlink(missing_ok=True)

    def clear_inputs(self, before: float) -> None:
        """Removes the files that an earlier request brought, and its interests.

        Args:
            before: Unix seconds; interests noted later are of the request at hand, and stay.
        """
        shutil.rmtree(self.files, ignore_errors=True)
        if self.wanted.is_dir():
            for interest in self.wanted.iterdir():
                with contextlib.suppress(FileNotFoundError):
                    if interest.stat().st_mtime < before:
                        interest.unlink()

    def _read_progress(self) -> dict[str, Any]:
        try:
            return read_json(self.progress)
        except (OSError, ValueError):
            return {}

    def _status_without_record(self, live: bool, message: str) -> Status:
        if not self.path.is_dir():
            raise RequestError(f"There is no job {self.id} here any more; start it again.")
        if live:  # its owner is about to write it
            return Status(self.id, "", "queued")
        return Status(self.id, "", "interrupted", message=message)

"""A lock file with a heartbeat: one owner among all processes that share a folder.

It is made with `O_EXCL`, which one process alone can do. The owner renews its time stamp about once a second; a lock
that was not renewed for `STALE` seconds belongs to a process that is gone, and may be taken over.
"""

import contextlib
import os
import secrets
import time
from pathlib import Path

HEARTBEAT = 1.0  # seconds between two renewals
STALE = 10.0  # seconds without one after which the owner counts as gone


def is_live(path: Path) -> bool:
    """Whether the lock at `path` is held by a process that renews it."""
    try:
        return abs(time.time() - path.stat().st_mtime) < STALE
    except OSError:
        return False


class Lock:
    """One owner's hold on the lock file at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mark = f"{os.getpid()} {secrets.token_hex(8)}".encode()

    def acquire(self) -> bool:
        """Takes the lock if nobody has it, or if its owner is gone; False when somebody else has it."""
        try:
            return self._create() or (not is_live(self.path) and self._take_over())
        except FileNotFoundError:  # the folder was swept away at this moment
            return False

    def beat(self) -> bool:
        """Renews the lock; False when it is no longer ours. A disk that refuses is tried again at the next beat."""
        try:
            if self.path.read_bytes() != self._mark:
                return False
            now = time.time()
            os.utime(self.path, (now, now))
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return True

    def release(self) -> None:
        """Gives the lock back, if it is still ours."""
        with contextlib.suppress(OSError):
            if self.path.read_bytes() == self._mark:
                self.path.unlink()

    def _create(self) -> bool:
        try:
            descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            return False
        try:
            os.write(descriptor, self._mark)
        except OSError:  # a full disk
            self.path.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
        return True

    def _take_over(self) -> bool:
        # One taker at a time, and it looks again: else a slow one would rename away the fresh lock of a quick one.
        guard = self.path.with_name(self.path.name + ".takeover")
        try:
            os.close(os.open(guard, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            if not is_live(guard):  # its maker died within these few lines
                guard.unlink(missing_ok=True)
            return False
        try:
            if is_live(self.path):
                return False
            aside = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
            with contextlib.suppress(FileNotFoundError):
                self.path.replace(aside)
                aside.unlink(missing_ok=True)
            return self._create()
        finally:
            guard.unlink(missing_ok=True)

"""Tasks, and what a task can do with the job it is given.

>>> @task("double")
... def double(arguments, job):
...     job.check()
...     return {"value": 2 * arguments["value"]}
>>> TASKS.pop("double").call({"value": 4}, Job(JobFolder(Path("jobs"), "0" * 16)))
{'value': 8}
"""

import contextlib
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aecore.engine.folder import JobFolder, write_json
from aecore.errors import Cancelled

LANES = ("short", "medium", "long")  # what somebody waits for, what takes a minute, what trains
PROGRESS_INTERVAL = 0.2  # seconds between two writes: nobody looks more often


@dataclass(frozen=True)
class Task:
    """A function that the worker offers.

    Args:
        call: From JSON arguments and a job to a JSON object.
        lane: Which others it takes its turn with, one of `LANES`: jobs of different lanes are served side by side.
        warm: Whether it needs what `warm()` of its module imports, and so waits for that; a long one always does.
    """

    call: Callable[[dict[str, Any], "Job"], dict[str, Any]]
    lane: str = "short"
    warm: bool = False


TASKS: dict[str, Task] = {}


def task(name: str, lane: str = "short", warm: bool = False):
    """Decorator that offers a function as the task `name`; the options are those of `Task`."""

    def offer(call: Callable[[dict[str, Any], "Job"], dict[str, Any]]):
        TASKS[name] = Task(call, lane, warm)
        return call

    return offer


class Job:
    """One job as its task sees it.

    Attributes:
        folder: The job's folder. What a task keeps there as `checkpoint*` is still there when the job is resumed.
        files: Where the input files are.
        out: Where output files go.
    """

    def __init__(self, folder: JobFolder) -> None:
        self.id, self.folder, self.files, self.out = folder.id, folder.path, folder.files, folder.out
        self.begun = False
        self.kept: list[Path] = []
        self._progress_path = folder.progress
        self._values: dict[str, Any] = {}
        self._unwritten = False
        self._written = -PROGRESS_INTERVAL
        self._stopped = threading.Event()

    def progress(self, **values: Any) -> None:
        """Says how far the work is: JSON values, merged with what was said before. May be called at every step."""
        self._values |= values
        self._unwritten = True
        self._write_when_due()

    def check(self) -> None:
        """To be called several times a second.

        Raises:
            Cancelled: Nobody wants the work any more, or the lab closes.
        """
        self._write_when_due()
        if self._stopped.is_set():
            raise Cancelled("Stopped: nobody waits for this any more. Start it again to go on.")

    def write_arrays(self, name: str, /, **arrays: np.ndarray) -> None:
        """Writes arrays to `out/<name>`, an npz file, atomically: the app may be reading the one before."""
        self.out.mkdir(exist_ok=True)
        beside = self.out / f".{name}"
        with beside.open("wb") as file:
            np.savez_compressed(file, **arrays)
        beside.replace(self.out / name)

    def keep(self, path: Path) -> None:
        """Names a file outside the job's folder that is its result: once it is gone, the job is done again."""
        self.kept.append(Path(path).absolute())

    def stop(self) -> None:
        """Makes `check` raise from now on."""
        self._stopped.set()

    def outputs(self) -> list[str]:
        """The files that make the result, relative to the job's folder or absolute."""
        written = [str(path.relative_to(self.folder)) for path in sorted(self.out.rglob("*")) if path.is_file()]
        return written + [str(path) for path in self.kept]

    def write_progress(self) -> None:
        """Writes what is not written yet; a disk that refuses must not end a training."""
        if not self._unwritten:
            return
        self._unwritten, self._written = False, time.monotonic()
        try:
            write_json(self._progress_path, self._values)
        except OSError as error:
            with contextlib.suppress(OSError):
                print(f"The progress of job {self.id} could not be written: {error}", file=sys.stderr, flush=True)

    def _write_when_due(self) -> None:
        if time.monotonic() - self._written >= PROGRESS_INTERVAL:
            self.write_progress()

"""One worker process, and the two pipes that lead to it."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aecore

LOG_SIZE = 4_000_000  # bytes; a longer log keeps its last part
LOG_KEPT = 1_000_000
DEFAULTS = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
    "PYTHONFAULTHANDLER": "1",
}


class Child:
    """Starts a worker and reads its messages in a thread.

    Args:
        home: The lab's writable folder.
        tasks: Name of the module with the tasks.
        on_message: Called with this child and each message, in the reading thread.
        on_exit: Called with this child and its exit status, once, when it is gone; last of all.

    Raises:
        OSError: The process could not be started.
    """

    def __init__(
        self,
        home: Path,
        tasks: str,
        on_message: Callable[["Child", dict[str, Any]], None],
        on_exit: Callable[["Child", int], None],
    ) -> None:
        self._on_message, self._on_exit = on_message, on_exit
        with contextlib.ExitStack() as stack:
            try:
                log: Any = stack.enter_context((home / "worker.log").open("ab"))
            except OSError:
                log = subprocess.DEVNULL
            self._process = subprocess.Popen(
                [sys.executable, "-m", "aecore.worker", str(home / "jobs"), tasks],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=_environment(home),
            )
        self.pid = self._process.pid
        self._reader = threading.Thread(target=self._read, name=f"worker {self.pid}", daemon=True)
        self._reader.start()

    def send(self, message: dict[str, Any]) -> None:
        """Writes one message; to a worker that is gone it is lost, which `on_exit` will tell."""
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()

    def hang_up(self) -> None:
        """Closes the worker's input, on which it saves what it has, and ends."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def kill(self) -> None:
        """Ends the worker at once."""
        self._process.kill()

    def join(self, seconds: float) -> None:
        """Waits until the worker has ended and its messages are read; a worker that takes longer is killed."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reader.join(seconds)

    def _read(self) -> None:
        with self._process.stdout as answers:
            for line in answers:
                with contextlib.suppress(ValueError):  # what an interpreter's start-up files print is no message
                    message = json.loads(line)
                    if isinstance(message, dict):
                        self._on_message(self, message)
        self.hang_up()
        try:
            status = self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._on_exit(self, status)


def _environment(home: Path) -> dict[str, str]:
    """The environment of a worker that imports this very aecore, whatever the working folder is."""
    root = str(Path(aecore.__file__).absolute().parent.parent)
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH")) if part)
    return {**DEFAULTS, **os.environ, "AECORE_HOME": str(home), "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}


def trim_log(home: Path) -> None:
    """Keeps the worker's log bounded; whoever appends to it goes on at its new end."""
    with contextlib.suppress(OSError):
        if (home / "worker.log").stat().st_size > LOG_SIZE:
            with (home / "worker.log").open("r+b") as log:
                log.seek(-LOG_KEPT, os.SEEK_END)
                last = log.read(LOG_KEPT)
                log.seek(0)
                log.truncate()
                log.write(last)

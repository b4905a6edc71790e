"""What every engine can do, and what follows from it.

A *job* is a named function with JSON arguments and input files. Its id is the digest of these, so the same request is
the same job, whoever asks and from whichever process.

    queued ──> running ──> done
       │          ├──────> failed         it could not be done; a sentence says why
       │          ├──────> interrupted    the lab was closed or killed meanwhile
       └──────────┴──────> cancelled      nobody wants it any more
    failed, interrupted, cancelled ──> queued    when it is asked for again
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from aecore.errors import LabError

ACTIVE = ("queued", "running")
STATES = (*ACTIVE, "done", "cancelled", "failed", "interrupted")


@dataclass(frozen=True)
class Status:
    """How a job stands.

    Args:
        id: The job's id.
        function: Name of the task.
        state: One of `STATES`.
        place: Place in the queue, 1 is next; None when it does not wait.
        progress: What the task last said of itself.
        message: A sentence for a job that failed or was interrupted, else empty.
        started: When it began to run, in unix seconds, or None.
        ended: When it ended, or None.
    """

    id: str
    function: str
    state: str
    place: int | None = None
    progress: dict[str, Any] = field(default_factory=dict)
    message: str = ""
    started: float | None = None
    ended: float | None = None

    @property
    def active(self) -> bool:
        """Whether it waits or runs: there is something to wait for."""
        return self.state in ACTIVE


@dataclass(frozen=True)
class Result:
    """What a finished job gave: a JSON value, and the folder with the files it wrote."""

    value: dict[str, Any]
    folder: Path


class Engine(Protocol):
    """Where jobs are done. Every method may be called from any thread."""

    def submit(
        self,
        function: str,
        arguments: dict[str, Any],
        files: Mapping[str, bytes | Path] | None = None,
        who: str = "",
        private: bool = False,
    ) -> str:
        """Asks for a job, and returns its id at once.

        A job that is done already is not done again; one that waits or runs is joined; one that failed, was cancelled
        or interrupted is queued again, with its checkpoint files left where they were.

        Args:
            function: Name of the task.
            arguments: JSON values.
            files: Input files by plain name: their contents, or where to copy them from.
            who: Token of the one who asks; the work stops when all who asked have cancelled.
            private: Whether it holds a person's own pictures: deleted an hour after last use.

        Raises:
            RequestError: A name, an argument or a file is not acceptable.
            LabError: The job could not be written down (a full disk, say).
        """

    def status(self, job_id: str) -> Status:
        """How a job stands, from any process; cheap enough to be polled.

        Raises:
            RequestError: There is no such job.
        """

    def cancel(self, job_id: str, who: str = "") -> None:
        """Withdraws the interest of `who`.

        Raises:
            RequestError: There is no such job.
        """

    def result(self, job_id: str) -> Result:
        """What a job gave.

        Raises:
            RequestError: There is no such job, or it failed because of what was asked.
            LabError: It failed, or is not done; `Cancelled` and `NotAtHand` where they apply.
        """

    def forget(self, job_id: str) -> None:
        """Deletes a job that has ended, with its files; one that is gone already is no error.

        Raises:
            LabError: It still waits or runs.
        """

    def close(self) -> None:
        """Stops what runs; it can be resumed by asking for it again."""


def follow(
    engine: Engine,
    job_id: str,
    on_progress: Callable[[Status], None] | None = None,
    timeout: float | None = None,
    poll: float = 0.2,
) -> Status:
    """Waits until a job has ended.

    Args:
        engine: Where it was submitted.
        job_id: The job.
        on_progress: Called with every status that differs from the one before.
        timeout: Longest wait in seconds; None waits for ever.
        poll: Seconds between two looks.

    Returns:
        The status it ended with.

    Raises:
        LabError: It did not end within `timeout`.
    """
    deadline, seen = None if timeout is None else time.monotonic() + timeout, None
    while True:
        status = engine.status(job_id)
        if on_progress is not None and status != seen:
            on_progress(status)
        if not status.active:
            return status
        if deadline is not None and time.monotonic() > deadline:
            raise LabError(f"The job {job_id} is still {status.state} after {timeout:g} s; wait longer, or cancel it.")
        seen = status
        time.sleep(poll)


def wait(
    engine: Engine,
    job_id: str,
    on_progress: Callable[[Status], None] | None = None,
    timeout: float | None = None,
    poll: float = 0.2,
) -> Result:
    """Waits until a job has ended and returns its result; arguments as of `follow`, errors as of `Engine.result`."""
    follow(engine, job_id, on_progress, timeout, poll)
    return engine.result(job_id)


def run(
    engine: Engine,
    function: str,
    arguments: dict[str, Any],
    files: Mapping[str, bytes | Path] | None = None,
    who: str = "",
    private: bool = False,
    on_progress: Callable[[Status], None] | None = None,
    poll: float = 0.2,
    forget: bool = False,
) -> Result:
    """Submits a job and waits for its result, as the command line does.

    When it was another process's job and that process ends, the job goes on here. Ctrl-C withdraws the interest.

    Args:
        engine: Who does it.
        function: What is done.
        arguments: How.
        files: Inputs by name.
        who: Who is interested.
        private: Whether it is somebody's own.
        on_progress: Called with every status that differs from the one before.
        poll: Seconds between two looks.
        forget: Whether nothing stays behind of a job that fails or is stopped.

    Raises:
        LabError: As `Engine.submit` and `Engine.result`.
    """
    for _ in range(3):
        job_id = engine.submit(function, arguments, files, who, private)
        try:
            status = follow(engine, job_id, on_progress, poll=poll)
        except KeyboardInterrupt:
            engine.cancel(job_id, who)
            _end(engine, job_id, forget)
            raise
        if status.state != "interrupted":
            break
    try:
        return engine.result(job_id)
    except LabError:
        _end(engine, job_id, forget)
        raise


def _end(engine: Engine, job_id: str, forget: bool) -> None:
    if forget:
        with suppress(LabError):  # it does not stop: it is swept away later
            engine.forget(job_id)

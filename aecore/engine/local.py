"""The engine of one machine: jobs in a folder, done by one supervised child process."""

import contextlib
import hashlib
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from aecore.engine.folder import DAMAGED, JobFolder, read_json, write_json
from aecore.engine.interface import Result, Status
from aecore.engine.lock import STALE, Lock
from aecore.engine.supervisor import Supervisor, Work
from aecore.engine.sweep import remove
from aecore.errors import Cancelled, LabError, NotAtHand, RequestError
from aecore.home import home as default_home
from aecore.params import digest

ANYONE = "anyone"
ERRORS = {error.__name__: error for error in (LabError, RequestError, NotAtHand)}
HANDOVER = 2.0  # seconds in which an owner that has written the end of a job gives its lock back
CLOCK_GRAIN = 0.1  # seconds by which a file's time stamp may lag behind the clock


class LocalEngine:
    """Does jobs in a worker process of its own, started when the first job needs it.

    Several engines, in several processes, may share one folder: a job belongs to the one that queued it, the others
    watch. The arguments of every method are described at `aecore.engine.interface.Engine`.

    Args:
        home: The lab's writable folder; None for the usual one.
        tasks: Name of the module with the tasks, which only the worker imports.
    """

    def __init__(self, home: Path | None = None, tasks: str = "aecore.worker.tasks") -> None:
        self.home = Path(home or default_home()).absolute()
        self._jobs = self.home / "jobs"
        self._supervisor = Supervisor(self.home, tasks)

    def submit(
        self,
        function: str,
        arguments: dict[str, Any],
        files: Mapping[str, bytes | Path] | None = None,
        who: str = "",
        private: bool = False,
    ) -> str:
        """Asks for a job, and returns its id at once."""
        who = _checked_token(who)
        digests = {_checked_name(name): _sha256(content) for name, content in (files or {}).items()}
        request = {"function": function, "arguments": arguments, "files": digests}
        try:
            folder = JobFolder(self._jobs, digest(request))
        except (TypeError, ValueError) as error:
            raise RequestError(f"The arguments of {function!r} must be finite JSON values: {error}.") from error
        with self._writing(), contextlib.ExitStack() as stack:
            staged, deadline = None, time.monotonic() + 2 * STALE
            while time.monotonic() < deadline:
                if self._is_done(folder, private):
                    return folder.id
                if not self._is_active(folder):
                    staged = staged or stack.enter_context(self._stage({**request, "private": private}, files or {}))
                    if self._begin(folder, staged, function, who, private):
                        return folder.id
                folder.want(who)
                if self._is_active(folder):  # looked at again: it may have ended before the interest was noted
                    return folder.id
                time.sleep(0.01)
        raise LabError(f"The job {folder.id} is held by another process that does not answer; try again.")

    def status(self, job_id: str) -> Status:
        """How a job stands, from any process; cheap enough to be polled."""
        work = self._supervisor.find(job_id)
        newer = dict(work.record) if work is not None and work.unsaved else None
        return JobFolder(self._jobs, job_id).status(owned=work is not None, given=newer)

    def cancel(self, job_id: str, who: str = "") -> None:
        """Withdraws the interest of `who`."""
        self.status(job_id)
        with self._writing():
            JobFolder(self._jobs, job_id).unwant(_checked_token(who))
        self._supervisor.heed(job_id)

    def result(self, job_id: str) -> Result:
        """What a job gave."""
        folder, status = JobFolder(self._jobs, job_id), self.status(job_id)
        if status.state == "cancelled":
            raise Cancelled("This was stopped because nobody waited for it any more. Start it again to go on.")
        if status.state not in ("done", "failed"):
            raise LabError(status.message or f"The job {job_id} is not done yet: it is {status.state}.")
        work = self._supervisor.find(job_id)
        try:
            record = dict(work.record) if work is not None else read_json(folder.record)
        except (OSError, ValueError) as error:  # swept away, or damaged, at this moment
            raise LabError(DAMAGED) from error
        if status.state == "failed":
            raise ERRORS.get(record.get("error"), LabError)(status.message)
        folder.use()
        return Result(record["value"], folder.out)

    def forget(self, job_id: str) -> None:
        """Deletes a job that has ended, with its files; one that is gone already is no error."""
        folder, deadline = JobFolder(self._jobs, job_id), time.monotonic() + HANDOVER
        while not remove(folder):
            if self._is_active(folder) or time.monotonic() > deadline:
                raise LabError(f"The job {job_id} is still at work; cancel it before it is deleted.")
            time.sleep(0.01)

    def close(self) -> None:
        """Stops what runs; it can be resumed by asking for it again."""
        self._supervisor.close()

    def _is_active(self, folder: JobFolder) -> bool:
        try:
            return self.status(folder.id).active
        except RequestError:  # it is not there yet
            return False

    def _is_done(self, folder: JobFolder, private: bool) -> bool:
        folder.use()  # before looking, so that it is not swept away in between
        record = folder.finished()
        if record is not None and private and not record.get("private"):
            write_json(folder.record, {**record, "private": True})
        return record is not None

    def _begin(self, folder: JobFolder, staged: Path, function: str, who: str, private: bool) -> bool:
        """Queues the job here, if its lock can be had; the files are moved from `staged`."""
        with self._supervisor.mutex:
            if self._supervisor.closed.is_set():
                raise LabError("The lab is closing and takes no more work; start it again.")
            folder.path.mkdir(parents=True, exist_ok=True)
            lock, now = Lock(folder.lock), time.time()
            if not lock.acquire():
                return False
            try:
                if folder.finished() is None:
                    folder.clear_outputs()
                    folder.clear_inputs(before=now - CLOCK_GRAIN)
                    (staged / "files").replace(folder.files)
                    (staged / "request.json").replace(folder.request)
                    folder.want(who)
                    times = {"submitted": now, "started": None, "ended": None}
                    kind = {"function": function, "private": private, "lane": None}
                    record = {**kind, "state": "queued", "place": None, "message": "", **times}
                    write_json(folder.record, record)
                    self._supervisor.add(Work(folder, lock, record))
                    return True
            except OSError:
                lock.release()
                raise
            lock.release()
            return True

    @contextlib.contextmanager
    def _stage(self, request: dict[str, Any], files: Mapping[str, bytes | Path]) -> Iterator[Path]:
        """A folder beside the jobs with the request and its files, ready to be moved into place in an instant."""
        staged = self._jobs / f".new-{secrets.token_hex(8)}"
        try:
            (staged / "files").mkdir(parents=True)
            write_json(staged / "request.json", request)
            for name, content in files.items():
                if isinstance(content, Path):
                    shutil.copyfile(content, staged / "files" / name)
                else:
                    (staged / "files" / name).write_bytes(content)
            yield staged
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LabError(
                f"The lab cannot write to its folder {self.home} ({error.strerror or error}). "
                f"Free some space there, or set AECORE_HOME to another folder and start the lab again."
            ) from error


def _checked_token(who: str) -> str:
    if not re.fullmatch("[0-9A-Za-z_-]{0,64}", who):
        raise RequestError(f"Who asks is at most 64 letters, digits, - or _; received {who[:80]!r}.")
    return who or ANYONE


def _checked_name(name: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z_][0-9A-Za-z_. -]{0,99}", name):
        raise RequestError(f"A file's name is letters, digits, spaces, _, - or dots; received {name[:80]!r}.")
    return name


def _sha256(content: bytes | Path) -> str:
    if not isinstance(content, Path):
        return hashlib.sha256(content).hexdigest()
    try:
        with content.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise RequestError(f"The file {content} cannot be read ({error.strerror}); choose another.") from error

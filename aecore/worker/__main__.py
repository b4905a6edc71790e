"""The worker's main loop: `python -m aecore.worker JOBS_FOLDER TASKS_MODULE`.

Messages are JSON lines. On standard input: `{"run": id, "function": name}`, `{"stop": id}`. On standard output:
`{"hello": {name: {"lane", "warm"}}}` once, `{"warm": true}` once, `{"ended": id, "state", …}` for each job. Every
lane has a thread, the long one the main thread, and one more reads: when standard input ends, the engine is gone, and
so is this process two seconds later, whatever it is doing.
"""

import errno
import importlib
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, BinaryIO

from aecore.engine.folder import JobFolder, read_json
from aecore.errors import Cancelled, LabError
from aecore.worker.job import LANES, TASKS, Job

LAST_SECONDS = 2.0  # for a running task to notice that the engine is gone, and to save what it has


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Takes standard input and output for the messages: libraries get an empty input, and print to the log."""
    commands, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return commands, answers


def _log(title: str) -> None:
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {title}", file=sys.stderr)
    traceback.print_exc()
    sys.stderr.flush()


def _explain(error: BaseException) -> str:
    """A sentence for an error that nobody expected."""
    if isinstance(error, MemoryError):
        return "There is not enough memory for this. Choose a smaller model, batch or picture and try again."
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "The disk is full. Free some space and start this again to go on from the last saved step."
    return (
        f"Something went wrong inside the lab ({type(error).__name__}). It is written in the log; "
        f"try again, or with other settings."
    )


def execute(function: str, job: Job) -> dict[str, Any]:
    """Runs a task and says how it ended: the one place that meets every error of a task."""
    try:
        job.out.mkdir(exist_ok=True)
        value = TASKS[function].call(read_json(job.folder / "request.json")["arguments"], job)
        ending = {"state": "done", "value": value, "outputs": job.outputs()}
        json.dumps(ending, default=float)  # a value that is no JSON is an error of the task
    except Cancelled:
        ending = {"state": "cancelled"}
    except LabError as error:
        ending = {"state": "failed", "error": type(error).__name__, "message": str(error)}
    except BaseException as error:  # SystemExit too: the lane must go on
        _log(f"job {job.id} ({function}) failed")
        ending = {"state": "failed", "error": "LabError", "message": _explain(error)}
    job.write_progress()
    return ending


class Worker:
    """Lanes of jobs, and the messages between them and the engine."""

    def __init__(self, jobs: Path, answers: BinaryIO) -> None:
        self._folder, self._answers = jobs, answers
        self._mutex = threading.RLock()
        self._jobs: dict[str, Job] = {}
        self._lanes = {lane: queue.SimpleQueue() for lane in LANES}

    def say(self, message: dict[str, Any]) -> None:
        """Sends one message; when nobody listens, this process has no purpose."""
        try:
            with self._mutex:
                self._answers.write(json.dumps(message, default=float).encode() + b"\n")
                self._answers.flush()
        except OSError:
            os._exit(0)

    def listen(self, commands: BinaryIO) -> None:
        """Follows the commands to their end, then ends the process."""
        for line in commands:
            if not line.endswith(b"\n"):  # the engine was killed in the middle of a word
                break
            command = json.loads(line)
            if "run" in command:
                self._take(command["run"], command["function"])
            else:
                self._stop(command["stop"])
        for job in list(self._jobs.values()):
            job.stop()
        deadline = time.monotonic() + LAST_SECONDS
        while any(job.begun for job in list(self._jobs.values())) and time.monotonic() < deadline:
            time.sleep(0.02)
        os._exit(0)

    def serve(self, lane: str) -> None:
        """Does the jobs of one lane, for ever."""
        while True:
            job, function = self._lanes[lane].get()
            with self._mutex:
                job.begun = self._jobs.get(job.id) is job
            if job.begun:
                self._end(job, execute(function, job))

    def _take(self, job_id: str, function: str) -> None:
        job = Job(JobFolder(self._folder, job_id))
        with self._mutex:
            self._jobs[job_id] = job
        self._lanes[TASKS[function].lane].put((job, function))

    def _stop(self, job_id: str) -> None:
        with self._mutex:
            job = self._jobs.get(job_id)
            if job is not None:
                job.stop()
                if not job.begun:  # the lane is still warming up: nobody waits for that
                    self._end(job, {"state": "cancelled"})

    def _end(self, job: Job, ending: dict[str, Any]) -> None:
        with self._mutex:
            del self._jobs[job.id]
            self.say({"ended": job.id, **ending})


def main() -> None:
    """Starts the lanes and stays in the long one."""
    commands, answers = _take_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the engine, which then closes the pipe
    jobs, module = Path(sys.argv[1]), importlib.import_module(sys.argv[2])
    worker = Worker(jobs, answers)
    worker.say({"hello": {name: {"lane": task.lane, "warm": task.warm} for name, task in TASKS.items()}})
    threading.Thread(target=worker.listen, args=[commands], daemon=True).start()
    for lane in LANES[:-1]:
        threading.Thread(target=worker.serve, args=[lane], daemon=True).start()
    try:
        getattr(module, "warm", lambda: None)()
    except Exception:
        _log("warming up failed; the first task will meet the same error")
    worker.say({"warm": True})
    worker.serve(LANES[-1])


if __name__ == "__main__":
    main()

"""The jobs that this process owns, and the worker that does them.

The supervisor is the only writer of the records of its jobs. It sends one job of each lane at a time to the
worker, so that after a crash it is known which ones were at work. Once a second it renews the locks and looks whether
anybody still wants the jobs: interests come and go in other processes too.
"""

import atexit
import collections
import threading
import time
from pathlib import Path
from typing import Any

from aecore.engine.child import Child, trim_log
from aecore.engine.interface import ACTIVE
from aecore.engine.lock import HEARTBEAT
from aecore.engine.sweep import sweep_all
from aecore.engine.work import Work

GRACE = 5.0  # seconds that a task has to notice that nobody wants it; then its process is ended
CLOSING = 4.0  # seconds that the worker has to end by itself; it takes about two to save what it has
IDLE = 1800.0  # seconds without a job after which the worker leaves
SWEEP = 600.0  # seconds between two sweeps
MOST_CRASHES = 2  # of a short job, or of a worker that only starts
MOST_BESIDE = 4  # crashes while a later job was at work, which is the likelier cause
REMEDIES = {  # by whether it was a training
    True: "Start it again to go on from the last saved step; a smaller model or batch takes less memory.",
    False: "Start it again; a smaller picture, size or model takes less memory.",
}


class Supervisor:
    """Keeps one worker and the jobs for it.

    Args:
        home: The lab's writable folder.
        tasks: Name of the module with the tasks.
    """

    def __init__(self, home: Path, tasks: str) -> None:
        self.mutex = threading.RLock()
        self.closed = threading.Event()
        self._home, self._tasks = home, tasks
        self._works: dict[str, Work] = {}  # in the order of the queue
        self._child: Child | None = None
        self._offers: dict[str, dict[str, bool]] = {}  # what the worker said it can do; empty until it did
        self._warm = False
        self._condemned: Work | None = None  # for whose sake the worker is being ended
        self._false_starts = 0
        self._last_work, self._last_sweep = time.monotonic(), -SWEEP
        threading.Thread(target=self._watch, name="engine", daemon=True).start()
        atexit.register(self.close)

    def find(self, job_id: str) -> Work | None:
        """The job, when this process owns it. Needs no mutex."""
        return self._works.get(job_id)

    def add(self, work: Work) -> None:
        """Takes a queued job over, with its lock."""
        with self.mutex:
            self._works[work.folder.id] = work
            self._go()

    def heed(self, job_id: str) -> None:
        """Stops a job if nobody wants it any more."""
        with self.mutex:
            work = self._works.get(job_id)
            if work is not None:
                self._heed(work)

    def close(self) -> None:
        """Ends the worker; what was at work is interrupted."""
        with self.mutex:
            child, was_closed = self._child, self.closed.is_set()
            self.closed.set()
        if was_closed:
            return
        atexit.unregister(self.close)
        if child is not None:
            child.hang_up()
            child.join(CLOSING)
        with self.mutex:
            for work in list(self._works.values()):
                if work.state in ACTIVE:
                    self._finish(work, "interrupted")
                work.lock.release()
            self._works.clear()

    # The worker's side: called in the thread that reads its messages.

    def _on_message(self, child: Child, message: dict[str, Any]) -> None:
        with self.mutex:
            if child is not self._child:
                return
            if "hello" in message:
                self._offers, self._false_starts = message["hello"], 0
            elif "warm" in message:
                self._warm = True
            elif (work := self._works.get(message["ended"])) is not None and work.state == "running":
                self._on_ended(work, message)
            self._go()

    def _on_ended(self, work: Work, message: dict[str, Any]) -> None:
        if message["state"] == "done":
            self._finish(work, "done", value=message["value"], outputs=message["outputs"])
        elif message["state"] == "failed":
            self._finish(work, "failed", error=message["error"], message=message["message"])
        elif work.told is not None and work.is_wanted():
            self._requeue(work)  # somebody asked for it after it was told to stop
        elif work.told is not None or not self.closed.is_set():
            self._finish(work, "cancelled")

    def _on_exit(self, child: Child, status: int) -> None:
        with self.mutex:
            if child is not self._child or self.closed.is_set():
                return
            started, condemned, self._condemned = bool(self._offers), self._condemned, None
            self._let_go()
            at_work = [work for work in self._works.values() if work.state == "running"]
            latest = max((work.record["started"] for work in at_work), default=None)
            for work in at_work:
                if not work.is_wanted():
                    self._finish(work, "cancelled")
                elif condemned is not None:
                    self._requeue(work)
                else:
                    self._after_crash(work, status, suspected=work.record["started"] == latest)
            self._false_starts += not started
            if self._false_starts >= MOST_CRASHES:
                self._give_up(_start_failed(f"it ended with {_cause(status)}", self._home))
            self._go()

    def _after_crash(self, work: Work, status: int, suspected: bool) -> None:
        """Ends a job, or tries it once more: a short one, and one beside which another had begun since."""
        work.crashes += 1
        most = MOST_CRASHES if work.record["lane"] == "short" else 1
        if work.crashes >= (most if suspected else MOST_BESIDE):
            remedy = REMEDIES[work.record["lane"] == "long"]
            sentence = f"The worker process ended unexpectedly ({_cause(status)}). {remedy}"
            self._finish(work, "failed", error="LabError", message=sentence)
        else:
            self._requeue(work)

    # The queue.

    def _go(self) -> None:
        """Gives the worker what it can take, and tells the others their places."""
        queue = [work for work in self._works.values() if work.state == "queued"]
        if self.closed.is_set():
            return
        if queue:
            self._last_work = time.monotonic()
            self._start_worker()
        if self._offers:
            for work in queue:
                self._dispatch(work)
        places = collections.Counter()
        for work in [work for work in self._works.values() if work.state == "queued"]:
            lane = self._lane(work)
            places[lane] += 1
            if work.record["place"] != places[lane]:
                work.record["place"] = places[lane]
                work.save()

    def _lane(self, work: Work) -> str:
        return self._offers.get(work.record["function"], {}).get("lane", "long")

    def _dispatch(self, work: Work) -> None:
        function, lane = work.record["function"], self._lane(work)
        if function not in self._offers:
            known = ", ".join(self._offers) or "none"
            self._finish(
                work, "failed", error="RequestError", message=f"There is no task {function!r}; the worker has: {known}."
            )
        elif self._offers[function]["warm"] and lane != "long" and not self._warm:
            return
        elif not any(other.state == "running" and other.record["lane"] == lane for other in self._works.values()):
            work.record |= {"state": "running", "place": None, "lane": lane, "started": time.time()}
            work.save()
            self._child.send({"run": work.folder.id, "function": function})

    def _requeue(self, work: Work) -> None:
        work.told = None
        work.folder.clear_outputs()
        work.record |= {"state": "queued", "place": None, "started": None}

    def _finish(self, work: Work, state: str, **fields: Any) -> None:
        work.record |= {"state": state, "place": None, "ended": time.time(), **fields}
        work.save()
        self._last_work = time.monotonic()
        if not work.unsaved:
            self._works.pop(work.folder.id, None)

    def _give_up(self, sentence: str) -> None:
        self._false_starts = 0
        for work in [work for work in self._works.values() if work.state == "queued"]:
            self._finish(work, "failed", error="LabError", message=sentence)

    def _let_go(self) -> None:
        self._child, self._offers, self._warm = None, {}, False

    def _start_worker(self) -> None:
        if self._child is None:
            try:
                self._child = Child(self._home, self._tasks, self._on_message, self._on_exit)
            except OSError as error:
                self._give_up(_start_failed(str(error), self._home))

    # The heartbeat.

    def _watch(self) -> None:
        while not self.closed.wait(HEARTBEAT):
            with self.mutex:
                for work in list(self._works.values()):
                    self._beat(work)
                idle = time.monotonic() - self._last_work > IDLE
                if self._child is not None and idle and not self._works:
                    self._child.hang_up()
                    self._let_go()
            trim_log(self._home)
            if time.monotonic() - self._last_sweep > SWEEP:
                self._last_sweep = time.monotonic()
                threading.Thread(target=sweep_all, args=[self._home], name="sweep", daemon=True).start()

    def _beat(self, work: Work) -> None:
        if not work.lost and not work.lock.beat():
            work.lost = True
        if work.unsaved:
            work.save()
        if work.state in ACTIVE:
            self._heed(work)
        elif work.lost or not work.unsaved:
            self._works.pop(work.folder.id, None)

    def _heed(self, work: Work) -> None:
        if work.state not in ACTIVE or work.is_wanted():
            return
        if work.state == "queued":
            self._finish(work, "cancelled")
            self._go()
        elif work.told is None:
            work.told = time.monotonic()
            self._child.send({"stop": work.folder.id})
        elif time.monotonic() - work.told > GRACE and self._condemned is None:
            self._condemned = work
            self._child.kill()


def _cause(status: int) -> str:
    if status == -9:
        return "signal 9, often because the memory was full"
    return f"signal {-status}" if status < 0 else f"exit status {status}"


def _start_failed(cause: str, home: Path) -> str:
    return f"The worker process could not be started: {cause}. The reason is in {home / 'worker.log'}."

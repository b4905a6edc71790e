"""Engines to test, and ways to wait without guessing how long."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aecore.engine import Engine, LocalEngine, Status, follow

TASKS = "tests.engine.toys"
PATIENCE = 60.0  # seconds; far more than anything takes, on a machine that does much else


@pytest.fixture(params=[LocalEngine], ids=["local"])
def make_engine(request, tmp_path):
    """Makes engines that share a folder; another implementation of `Engine` joins in the list above."""
    engines = []

    def make(home: Path = tmp_path) -> Engine:
        engines.append(request.param(home, TASKS))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


@pytest.fixture
def engine(make_engine) -> Engine:
    return make_engine()


@pytest.fixture
def jobs(tmp_path) -> Path:
    return tmp_path / "jobs"


def until(condition: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Waits for a condition and returns its value."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)
    return value


def until_state(engine: Engine, job_id: str, *states: str) -> Status:
    """Waits until a job is in one of the states."""
    return until(lambda: (status := engine.status(job_id)).state in states and status)


def at_work(engine: Engine, job_id: str) -> Status:
    """Waits until a task has said something."""
    return until(lambda: (status := engine.status(job_id)).state == "running" and status.progress and status)


def ended(engine: Engine, job_id: str) -> Status:
    """Waits until a job has ended."""
    return follow(engine, job_id, timeout=PATIENCE, poll=0.01)


def rounds(jobs: Path, job_id: str) -> int:
    """How often a toy was at work."""
    return len((jobs / job_id / "checkpoint.trace").read_text().split())


class OtherProcess:
    """An engine in another process, driven by lines of Python."""

    def __init__(self, home: Path) -> None:
        program = (
            "import sys\n"
            "from pathlib import Path\n"
            "from aecore.engine import *\n"
            f"engine = LocalEngine(Path({str(home)!r}), {TASKS!r})\n"
            "for line in sys.stdin:\n"
            "    print(eval(line), flush=True)\n"
            "engine.close()\n"
        )
        root = Path(__file__).parent.parent.parent
        self.process = subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
        )

    def tell(self, line: str) -> None:
        """Has an expression evaluated."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        """The value of the next expression."""
        return self.process.stdout.readline().strip()

    def ask(self, line: str) -> str:
        """Has an expression evaluated and returns its value."""
        self.tell(line)
        return self.answer()

    def kill(self) -> None:
        """Ends the process without a chance to tidy up."""
        self.process.kill()
        self.end()

    def end(self) -> None:
        """Ends the process in good order."""
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


@pytest.fixture
def other_process(tmp_path):
    """Starts processes with an engine on the same folder."""
    processes = []

    def start() -> OtherProcess:
        processes.append(OtherProcess(tmp_path))
        return processes[-1]

    yield start
    for process in processes:
        process.end()

"""The worker as a process, without an engine: messages in, messages out."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def worker(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "aecore.worker", str(tmp_path), "tests.engine.toys"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    yield process
    process.kill()
    process.wait()
    for pipe in (process.stdout, process.stdin):
        with contextlib.suppress(BrokenPipeError):
            pipe.close()


def tell(worker, text):
    worker.stdin.write(text.encode())
    worker.stdin.flush()


def hear(worker):
    return json.loads(worker.stdout.readline())


def make_job(tmp_path, number, arguments):
    folder = tmp_path / f"{number:016x}"
    folder.mkdir()
    (folder / "request.json").write_text(json.dumps({"arguments": arguments}))
    (folder / "files").mkdir()
    return folder.name


def test_it_says_what_it_can_do_and_how_each_job_ended(worker, tmp_path):
    hello = hear(worker)["hello"]
    assert hello["echo"] == {"lane": "short", "warm": False}
    assert hello["endless"] == {"lane": "long", "warm": False}
    assert hear(worker) == {"warm": True}
    tell(worker, json.dumps({"run": make_job(tmp_path, 1, {"x": 1}), "function": "echo"}) + "\n")
    ended = hear(worker)
    assert (ended["ended"], ended["state"], ended["value"]["arguments"]) == (f"{1:016x}", "done", {"x": 1})
    tell(worker, json.dumps({"run": make_job(tmp_path, 2, {}), "function": "endless"}) + "\n")
    tell(worker, json.dumps({"stop": f"{2:016x}"}) + "\n" + json.dumps({"stop": "f" * 16}) + "\n")
    assert hear(worker) == {"ended": f"{2:016x}", "state": "cancelled"}


@pytest.mark.parametrize("last_words", ["", '{"run": "00'])
def test_it_leaves_when_its_input_ends_even_in_the_middle_of_a_word(worker, last_words):
    hear(worker)
    tell(worker, last_words)
    worker.stdin.close()
    assert worker.wait(60) == 0


def test_it_leaves_in_the_middle_of_a_task_that_does_not_listen(worker, tmp_path):
    hear(worker)
    tell(worker, json.dumps({"run": make_job(tmp_path, 1, {}), "function": "deaf"}) + "\n")
    worker.stdin.close()
    assert worker.wait(60) == 0

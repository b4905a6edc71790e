import json
import os
import time

import pytest

from aecore.engine import sweep as module
from aecore.engine.folder import JobFolder
from aecore.engine.lock import Lock
from aecore.engine.sweep import sweep

HOUR, DAY = 3600, 86_400


@pytest.fixture
def make(tmp_path):
    def make_job(number, state, unused_for, private=False):
        folder = JobFolder(tmp_path, f"{number:016x}")
        folder.out.mkdir(parents=True)
        folder.record.write_text(json.dumps({"function": "echo", "state": state, "private": private}))
        os.utime(folder.record, (time.time() - unused_for,) * 2)
        return folder

    return make_job


@pytest.mark.parametrize(
    ("state", "private", "unused_for", "stays"),
    [
        ("done", False, DAY - HOUR, True),
        ("done", False, DAY + HOUR, False),
        ("failed", False, DAY + HOUR, False),
        ("cancelled", False, DAY + HOUR, False),
        ("interrupted", False, DAY + HOUR, True),
        ("running", False, DAY + HOUR, True),  # nobody holds its lock: it is interrupted
        ("interrupted", False, 8 * DAY, False),
        ("done", True, HOUR - 60, True),
        ("done", True, HOUR + 60, False),
        ("interrupted", True, HOUR + 60, False),
    ],
)
def test_jobs_stay_for_a_day_private_ones_for_an_hour_after_last_use(make, tmp_path, state, private, unused_for, stays):
    folder = make(1, state, unused_for, private)
    sweep(tmp_path)
    assert folder.path.exists() == stays
    assert len(list(tmp_path.iterdir())) == stays


def test_live_jobs_stay_however_old(make, tmp_path):
    folder = make(1, "running", 30 * DAY, private=True)
    assert Lock(folder.lock).acquire()
    sweep(tmp_path)
    assert folder.path.exists()


def test_using_a_job_keeps_it(make, tmp_path):
    folder = make(1, "done", 2 * DAY)
    folder.use()
    sweep(tmp_path)
    assert folder.path.exists()


def test_of_too_many_the_longest_unused_go(make, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_JOBS", 3)
    folders = [make(number, "done", 60 * number) for number in range(5)]
    sweep(tmp_path)
    assert [folder.path.exists() for folder in folders] == [True, True, True, False, False]


def test_what_a_killed_process_left_half_made_goes_after_an_hour(tmp_path):
    for name, unused_for in ((".new-1", 2 * HOUR), (".new-2", 60)):
        (tmp_path / name / "files").mkdir(parents=True)
        os.utime(tmp_path / name, (time.time() - unused_for,) * 2)
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".new-2"]


def test_a_damaged_record_and_a_missing_folder_are_no_obstacle(make, tmp_path):
    make(1, "done", 8 * DAY).record.write_bytes(b"\xff")
    os.utime(tmp_path / f"{1:016x}" / "record.json", (time.time() - 8 * DAY,) * 2)
    sweep(tmp_path)
    assert not list(tmp_path.iterdir())
    sweep(tmp_path / "gone")


def test_an_engine_sweeps_when_it_starts(make_engine, tmp_path):
    old = JobFolder(tmp_path / "jobs", "0" * 16)
    old.out.mkdir(parents=True)
    old.record.write_text(json.dumps({"function": "echo", "state": "done"}))
    os.utime(old.record, (0, 0))
    make_engine()
    deadline = time.monotonic() + 60
    while old.path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)

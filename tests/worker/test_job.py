import json
import time

import numpy as np
import pytest

from aecore.engine.folder import JobFolder
from aecore.errors import Cancelled
from aecore.worker import job as module
from aecore.worker.job import Job


@pytest.fixture
def job(tmp_path):
    folder = JobFolder(tmp_path, "0" * 16)
    folder.out.mkdir(parents=True)
    return Job(folder)


def written(job):
    return json.loads((job.folder / "progress.json").read_text())


def test_progress_is_merged_and_numbers_of_other_libraries_are_numbers(job):
    job.progress(phase="loading", loss=np.float32(0.5))
    job.progress(phase="training", epoch=np.int64(2))
    job.write_progress()
    assert written(job) == {"phase": "training", "loss": 0.5, "epoch": 2}


def test_progress_is_written_at_most_every_fifth_of_a_second_and_nothing_is_left_unwritten(job, monkeypatch):
    writes = []
    monkeypatch.setattr(module, "write_json", lambda path, value: writes.append((time.monotonic(), dict(value))))
    end = time.monotonic() + 1
    while time.monotonic() < end:
        job.progress(step=len(writes))
        job.progress(step=-1)
    job.progress(step="last")
    while writes[-1][1] != {"step": "last"}:
        job.check()  # what came too early is written later
        assert time.monotonic() < end + 10
    times = [moment for moment, _ in writes]
    assert 3 <= len(times) <= 7
    assert min(np.diff(times)) >= 0.199


def test_a_disk_that_refuses_is_no_error_of_the_task(job, capfd):
    (job.folder / "progress.json").mkdir()
    job.progress(step=1)
    assert "could not be written" in capfd.readouterr().err


def test_check_raises_once_it_is_stopped(job):
    job.check()
    job.stop()
    for _ in range(2):
        with pytest.raises(Cancelled, match="Start it again"):
            job.check()


def test_arrays_replace_each_other_whole(job):
    for length in (5, 3):
        job.write_arrays("live.npz", ramp=np.arange(length), name=np.array("x"))
        with np.load(job.out / "live.npz") as arrays:
            assert len(arrays["ramp"]) == length
    assert [path.name for path in job.out.iterdir()] == ["live.npz"]


def test_outputs_are_the_files_written_and_the_files_kept_elsewhere(job, tmp_path):
    (job.out / "deep").mkdir()
    (job.out / "deep" / "b").touch()
    (job.out / "a").touch()
    job.keep(tmp_path / "run.json")
    names = job.outputs()
    assert [(job.folder / name) for name in names] == [job.out / "a", job.out / "deep" / "b", tmp_path / "run.json"]

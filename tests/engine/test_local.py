"""What the engine of one machine does when processes, disks and files misbehave."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aecore.engine import LocalEngine, run, supervisor, wait
from aecore.errors import LabError, RequestError
from tests.engine.conftest import PATIENCE, TASKS, at_work, ended, rounds, until, until_state


@pytest.fixture
def make_engine(tmp_path):
    engines = []

    def make(home=tmp_path, tasks=TASKS):
        engines.append(LocalEngine(home, tasks))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


def worker_pid(engine):
    return wait(engine, engine.submit("echo", {"pid": time.time()}), timeout=PATIENCE, poll=0.01).value["pid"]


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def age(path, seconds=60):
    """Makes a file look as if nobody had renewed it for a minute."""
    os.utime(path, (time.time() - seconds,) * 2)


class TestCrash:
    def test_shows_within_two_seconds_and_the_next_job_is_unharmed(self, engine):
        pid = worker_pid(engine)
        job_id, after = engine.submit("endless", {}), engine.submit("long echo", {})
        at_work(engine, job_id)
        began = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        status = until_state(engine, job_id, "failed")
        assert time.monotonic() - began < 2
        assert "signal 9, often because the memory was full" in status.message
        assert "go on from the last saved step" in status.message
        result = wait(engine, after, timeout=PATIENCE)
        assert result.value["pid"] != pid

    def test_says_what_helps_such_a_job(self, engine):
        pid = worker_pid(engine)
        job_id = engine.submit("medium endless", {})
        at_work(engine, job_id)
        os.kill(pid, signal.SIGKILL)
        status = until_state(engine, job_id, "failed")
        assert "a smaller picture" in status.message and "batch" not in status.message

    def test_a_task_that_ends_its_process_fails_with_the_exit_status(self, engine):
        with pytest.raises(LabError, match="exit status 3"):
            wait(engine, engine.submit("die", {}), timeout=PATIENCE)
        with pytest.raises(LabError, match="signal 9"):
            wait(engine, engine.submit("die", {"kill": True}), timeout=PATIENCE)

    def test_a_short_job_is_tried_once_more(self, engine, jobs):
        assert wait(engine, engine.submit("short die", {"times": 1}), timeout=PATIENCE).value == {}
        job_id = engine.submit("short die", {})
        assert ended(engine, job_id).state == "failed"
        assert rounds(jobs, job_id) == 2

    def test_a_training_goes_on_when_a_job_beside_it_ends_the_process(self, engine, jobs):
        worker_pid(engine)
        training = engine.submit("resumable", {})
        at_work(engine, training)
        guilty = engine.submit("short die", {})
        assert ended(engine, guilty).state == "failed"
        assert rounds(jobs, guilty) == 2
        assert wait(engine, training, timeout=PATIENCE).value == {"resumed from": 7}

    def test_a_failed_training_is_started_again_with_its_checkpoint(self, engine):
        pid = worker_pid(engine)
        job_id = engine.submit("resumable", {})
        at_work(engine, job_id)
        os.kill(pid, signal.SIGKILL)
        until_state(engine, job_id, "failed")
        assert engine.submit("resumable", {}) == job_id
        assert wait(engine, job_id, timeout=PATIENCE).value == {"resumed from": 7}

    def test_a_worker_that_cannot_start_fails_the_jobs_in_a_sentence(self, make_engine, tmp_path):
        engine = make_engine(tasks="aecore.no_such_module")
        ids = [engine.submit("echo", {"n": n}) for n in range(3)]
        for job_id in ids:
            status = ended(engine, job_id)
            assert status.state == "failed"
            assert "could not be started" in status.message and "worker.log" in status.message
        assert "no_such_module" in (tmp_path / "worker.log").read_text()

    def test_an_interpreter_that_is_gone_fails_the_jobs_in_a_sentence(self, engine, monkeypatch):
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        with pytest.raises(LabError, match="could not be started.*No such file"):
            wait(engine, engine.submit("echo", {}), timeout=PATIENCE)


class TestLifeOfTheWorker:
    def test_no_worker_is_started_before_it_is_needed(self, make_engine, tmp_path):
        make_engine()
        assert not (tmp_path / "worker.log").exists()

    def test_it_leaves_when_the_engine_is_closed(self, engine):
        pid = worker_pid(engine)
        at_work(engine, engine.submit("deaf", {}))
        engine.close()
        assert not is_alive(pid)

    @pytest.mark.parametrize("function", ["endless", "deaf"])
    def test_it_leaves_when_the_process_of_the_engine_is_killed(self, engine, other_process, jobs, function):
        other = other_process()
        pid = int(other.ask("wait(engine, engine.submit('echo', {})).value['pid']"))
        job_id = other.ask(f"engine.submit({function!r}, {{}})")
        at_work(engine, job_id)
        other.kill()
        until(lambda: not is_alive(pid), seconds=10)
        assert engine.status(job_id).active  # for ten seconds its owner might be only slow
        age(jobs / job_id / "lock")
        assert engine.status(job_id).state == "interrupted"

    def test_it_leaves_when_nothing_is_to_be_done_and_comes_back(self, engine, monkeypatch):
        pid = worker_pid(engine)
        monkeypatch.setattr(supervisor, "IDLE", 0.0)
        until(lambda: not is_alive(pid))
        monkeypatch.undo()
        assert worker_pid(engine) != pid

    def test_ctrl_c_ends_only_what_it_was_meant_for(self, engine):
        pid = worker_pid(engine)
        os.kill(pid, signal.SIGINT)
        assert worker_pid(engine) == pid

    def test_what_libraries_print_goes_to_the_log(self, engine, tmp_path):
        assert wait(engine, engine.submit("noisy", {}), timeout=PATIENCE).value == {"read": ""}
        assert {"print", "descriptor", "child"} <= set((tmp_path / "worker.log").read_text().split())

    def test_a_bug_is_in_the_log_with_its_traceback_and_not_in_the_sentence(self, engine, tmp_path):
        status = ended(engine, engine.submit("fail", {"how": "bug"}))
        assert "secret" not in status.message
        log = (tmp_path / "worker.log").read_text()
        assert "ValueError: secret" in log and status.id in log

    def test_the_log_is_bounded(self, engine, tmp_path):
        worker_pid(engine)
        with (tmp_path / "worker.log").open("ab") as log:
            log.write(b"x" * 5_000_000 + b"the end\n")
        until(lambda: (tmp_path / "worker.log").stat().st_size < 2_000_000)
        ended(engine, engine.submit("noisy", {}))
        log = (tmp_path / "worker.log").read_bytes()
        assert b"the end\n" in log and b"descriptor" in log and b"\0" not in log

    def test_it_finds_the_same_library_from_any_folder(self, make_engine, tmp_path, monkeypatch):
        (tmp_path / "aecore").mkdir()
        (tmp_path / "aecore" / "__init__.py").write_text("raise RuntimeError('the wrong one')")
        monkeypatch.chdir(tmp_path)
        assert worker_pid(make_engine(Path("relative")))
        assert (tmp_path / "relative" / "jobs").is_dir()


class TestSeveralProcesses:
    def test_when_the_owner_dies_another_takes_over_with_the_checkpoint(self, engine, other_process, jobs):
        other = other_process()
        job_id = other.ask("engine.submit('resumable', {}, who='other')")
        at_work(engine, job_id)
        assert engine.submit("resumable", {}, who="me") == job_id
        other.kill()
        age(jobs / job_id / "lock")
        until_state(engine, job_id, "interrupted")
        assert engine.submit("resumable", {}, who="me") == job_id
        assert wait(engine, job_id, timeout=PATIENCE).value == {"resumed from": 7}

    def test_run_goes_on_by_itself_when_the_owner_dies(self, engine, other_process, jobs):
        other = other_process()
        job_id = other.ask("engine.submit('resumable', {})")
        at_work(engine, job_id)

        def kill_the_owner(status):
            if status.state == "running" and not other.process.stdin.closed:
                other.kill()
                age(jobs / job_id / "lock")

        assert run(engine, "resumable", {}, on_progress=kill_the_owner, poll=0.01).value == {"resumed from": 7}

    def test_the_interests_of_a_process_that_died_do_not_keep_a_job_running(self, engine, other_process, jobs):
        other = other_process()
        job_id = other.ask("engine.submit('endless', {}, who='other')")
        at_work(engine, job_id)
        other.kill()
        for path in (jobs / job_id / "lock", jobs / job_id / "wanted" / "other"):
            age(path)
        engine.submit("endless", {}, who="me")
        engine.cancel(job_id, "me")
        assert ended(engine, job_id).state == "cancelled"

    def test_a_sleeping_owner_gives_way_to_the_one_that_took_over(self, engine, other_process, jobs):
        other = other_process()
        job_id = other.ask("engine.submit('endless', {})")
        at_work(engine, job_id)
        other.process.send_signal(signal.SIGSTOP)
        age(jobs / job_id / "lock")
        assert engine.submit("endless", {}) == job_id
        until(lambda: rounds(jobs, job_id) == 2)
        other.process.send_signal(signal.SIGCONT)
        assert other.ask("1") == "1"
        pid = other.ask("wait(engine, engine.submit('long echo', {'mine': 1}), timeout=60).value['pid']")
        assert pid != str(worker_pid(engine))  # its worker is free again
        assert engine.status(job_id).state == "running"

    def test_the_owner_renews_its_locks(self, engine, jobs):
        ids = [engine.submit("endless", {"n": n}) for n in range(3)]
        for job_id in ids:
            age(jobs / job_id / "lock", 5)
        for job_id in ids:
            until(lambda lock=jobs / job_id / "lock": time.time() - lock.stat().st_mtime < 3)
        for job_id in ids:
            engine.cancel(job_id)
            ended(engine, job_id)
            until(lambda lock=jobs / job_id / "lock": not lock.exists())

    def test_a_private_job_stays_private_and_becomes_so_when_it_is_asked_for(self, engine, jobs):
        job_id = engine.submit("echo", {})
        ended(engine, job_id)
        assert json.loads((jobs / job_id / "record.json").read_text())["private"] is False
        engine.submit("echo", {}, private=True)
        assert json.loads((jobs / job_id / "record.json").read_text())["private"] is True
        assert engine.status(job_id).state == "done"


class TestDisk:
    def test_a_home_that_cannot_be_written_is_named(self, make_engine, tmp_path):
        (tmp_path / "file").write_text("in the way")
        engine = make_engine(tmp_path / "file")
        with pytest.raises(LabError, match=r"cannot write to its folder .*file \(Not a directory\).*AECORE_HOME"):
            engine.submit("echo", {})
        with pytest.raises(RequestError):
            engine.status("0" * 16)

    def test_a_disk_that_fills_up_while_a_job_is_written_down_is_named_and_holds_nothing(
        self, engine, jobs, monkeypatch
    ):
        monkeypatch.setattr("aecore.engine.local.write_json", full_disk)
        with pytest.raises(LabError, match="No space left on device"):
            engine.submit("echo", {})
        monkeypatch.undo()
        assert wait(engine, engine.submit("echo", {}), timeout=PATIENCE)
        assert [path for path in jobs.iterdir() if path.name.startswith(".")] == []

    def test_a_record_that_cannot_be_written_is_told_all_the_same_and_written_later(
        self, make_engine, jobs, monkeypatch, capfd
    ):
        engine, watcher = make_engine(), make_engine()
        job_id = engine.submit("endless", {})
        at_work(engine, job_id)
        monkeypatch.setattr("aecore.engine.work.write_json", full_disk)
        engine.cancel(job_id)
        until_state(engine, job_id, "cancelled")
        assert watcher.status(job_id).state == "running"
        assert "could not be written" in capfd.readouterr().err
        monkeypatch.undo()
        until_state(watcher, job_id, "cancelled")

    def test_progress_that_cannot_be_written_does_not_end_the_work(self, engine):
        job_id = engine.submit("unwritable progress", {})
        assert wait(engine, job_id, timeout=PATIENCE).value == {}

    @pytest.mark.parametrize(
        "damage",
        [
            b"",
            b"{",
            b"[]",
            b'{"state": "done"}',
            b'{"state": "done", "function": "echo"}',
            b'{"state": 7, "function": "echo"}',
            b"\xff\xfe\x00",
        ],
    )
    @pytest.mark.parametrize("name", ["record.json", "progress.json", "request.json"])
    def test_a_damaged_file_is_told_in_a_sentence_and_mended_by_asking_again(self, engine, jobs, name, damage):
        job_id = engine.submit("echo", {})
        ended(engine, job_id)
        until(lambda: not (jobs / job_id / "lock").exists())
        (jobs / job_id / name).write_bytes(damage)
        status = engine.status(job_id)
        assert (status.state, "cannot be read" in status.message) == (
            ("interrupted", True) if name == "record.json" else ("done", False)
        )
        assert engine.submit("echo", {}) == job_id
        assert wait(engine, job_id, timeout=PATIENCE).value["arguments"] == {}

    def test_a_folder_that_is_deleted_while_its_job_runs_frees_the_worker(self, engine, jobs):
        job_id = engine.submit("endless", {})
        at_work(engine, job_id)
        (jobs / job_id).rename(jobs.parent / "gone")
        assert wait(engine, engine.submit("long echo", {}), timeout=PATIENCE)
        with pytest.raises(RequestError, match="no job"):
            engine.status(job_id)

    def test_a_status_costs_less_than_a_millisecond(self, make_engine):
        engine, watcher = make_engine(), make_engine()
        job_id = engine.submit("endless", {})
        at_work(engine, job_id)
        for asked in (engine, watcher):
            times = []
            for _ in range(50):
                began = time.perf_counter()
                asked.status(job_id)
                times.append(time.perf_counter() - began)
            assert min(times) < 0.001


def full_disk(path, value):
    raise OSError(28, "No space left on device")


def test_engines_import_nothing_heavy():
    code = "import sys, aecore.engine; print(sorted({'keras', 'tensorflow', 'numpy', 'pandas'} & set(sys.modules)))"
    root = Path(__file__).parent.parent.parent
    assert subprocess.check_output([sys.executable, "-c", code], text=True, cwd=root).strip() == "[]"

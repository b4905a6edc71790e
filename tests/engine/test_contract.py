"""What every engine promises, through its narrow interface only."""

import threading
import time

import numpy as np
import pytest

from aecore.engine import Result, run, wait
from aecore.errors import Cancelled, LabError, NotAtHand, RequestError
from tests.engine.conftest import PATIENCE, at_work, ended, rounds, until, until_state


class TestOneRequestIsOneJob:
    def test_a_job_gives_its_value_its_files_and_its_progress(self, engine, tmp_path):
        (tmp_path / "b.txt").write_bytes(b"abc")
        files = {"a.txt": b"123", "b.txt": tmp_path / "b.txt"}
        job_id = engine.submit("echo", {"x": [1, None, "ü"]}, files)
        result = wait(engine, job_id, timeout=PATIENCE)
        assert result.value["arguments"] == {"x": [1, None, "ü"]}
        assert {path.name: path.read_bytes() for path in result.folder.iterdir()} == {"a.txt": b"321", "b.txt": b"cba"}
        status = engine.status(job_id)
        assert (status.id, status.function, status.state) == (job_id, "echo", "done")
        assert status.progress == {"said": {"x": [1, None, "ü"]}}
        assert status.started <= status.ended
        assert not status.active and status.place is None and status.message == ""

    def test_a_done_job_is_not_done_again(self, engine, jobs):
        job_id = engine.submit("echo", {"x": 1})
        ended(engine, job_id)
        assert engine.submit("echo", {"x": 1}) == job_id
        assert engine.status(job_id).state == "done"
        assert rounds(jobs, job_id) == 1

    def test_other_arguments_functions_or_files_are_other_jobs(self, engine):
        asked = [("echo", {}, {}), ("echo", {"x": 1}, {}), ("long echo", {}, {}), ("echo", {}, {"a": b""})]
        asked += [("echo", {}, {"b": b""}), ("echo", {}, {"a": b"1"})]
        assert len({engine.submit(*request) for request in asked}) == len(asked)

    def test_it_makes_no_difference_whether_a_file_comes_as_bytes_or_as_a_path(self, engine, tmp_path):
        (tmp_path / "picture").write_bytes(b"abc")
        assert engine.submit("echo", {}, {"a": b"abc"}) == engine.submit("echo", {}, {"a": tmp_path / "picture"})

    def test_many_threads_and_two_engines_ask_and_one_job_runs(self, make_engine, jobs):
        engines, ids = [make_engine(), make_engine()], set()

        def ask(number):
            ids.add(engines[number % 2].submit("long echo", {}, {"a": b"1" * 100_000}, who=f"w{number}"))

        threads = [threading.Thread(target=ask, args=[number]) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (job_id,) = ids
        assert [ended(engine, job_id).state for engine in engines] == ["done", "done"]
        assert engines[0].result(job_id) == engines[1].result(job_id)
        assert rounds(jobs, job_id) == 1

    def test_two_processes_ask_and_one_job_runs(self, engine, other_process, jobs):
        others = [other_process(), other_process()]
        for other in others:
            assert other.ask("1") == "1"  # it is up
        for other in others:
            other.tell("engine.submit('long echo', {}, {'a': b'1'}, who='other')")
        job_id = engine.submit("long echo", {}, {"a": b"1"}, who="me")
        assert {other.answer() for other in others} == {job_id}
        assert ended(engine, job_id).state == "done"
        assert {other.ask(f"engine.status('{job_id}').state") for other in others} == {"done"}
        assert rounds(jobs, job_id) == 1

    def test_a_result_whose_files_are_gone_is_made_again(self, engine, jobs, tmp_path):
        job_id = engine.submit("echo", {}, {"a": b"12"})
        (wait(engine, job_id, timeout=PATIENCE).folder / "a").unlink()
        assert engine.submit("echo", {}, {"a": b"12"}) == job_id
        assert (wait(engine, job_id, timeout=PATIENCE).folder / "a").read_bytes() == b"21"
        elsewhere = engine.submit("outside", {})
        ended(engine, elsewhere)
        engine.submit("outside", {})
        assert rounds(jobs, elsewhere) == 1
        (tmp_path / "elsewhere").unlink()
        engine.submit("outside", {})
        assert ended(engine, elsewhere).state == "done"
        assert rounds(jobs, elsewhere) == 2

    def test_arrays_and_library_numbers_come_through(self, engine):
        result = wait(engine, engine.submit("arrays", {"length": 3}), timeout=PATIENCE)
        assert result.value == {"mean": 0.5}
        with np.load(result.folder / "arrays.npz") as arrays:
            assert arrays["ramp"].tolist() == [0, 1, 2]


class TestQueue:
    def test_long_jobs_run_one_at_a_time_and_know_their_place(self, make_engine):
        engine, watcher = make_engine(), make_engine()
        first = engine.submit("endless", {"n": 1})
        at_work(engine, first)
        waiting = [engine.submit("endless", {"n": n}) for n in (2, 3, 4)]
        assert [watcher.status(job_id).place for job_id in waiting] == [1, 2, 3]
        assert {watcher.status(job_id).state for job_id in waiting} == {"queued"}
        assert watcher.status(first).place is None
        engine.cancel(waiting[0])
        assert watcher.status(waiting[0]).state == "cancelled"
        assert [watcher.status(job_id).place for job_id in waiting] == [None, 1, 2]
        engine.cancel(first)
        at_work(engine, waiting[1])
        assert watcher.status(waiting[2]).place == 1

    def test_jobs_of_the_other_lanes_are_served_beside(self, engine):
        others = [engine.submit(name, {}) for name in ("endless", "medium endless")]
        for other in others:
            at_work(engine, other)
        assert ended(engine, engine.submit("echo", {})).state == "done"
        assert [engine.status(other).state for other in others] == ["running", "running"]

    def test_short_jobs_do_not_wait_for_the_worker_to_warm_up(self, engine, tmp_path, monkeypatch):
        monkeypatch.setenv("TOY_WARM", str(tmp_path / "warm"))
        long, needs_it, does_not = (engine.submit(name, {}) for name in ("long echo", "warm echo", "echo"))
        assert ended(engine, does_not).state == "done"
        assert engine.status(needs_it).state == "queued"
        assert engine.status(long).active
        (tmp_path / "warm").touch()
        assert ended(engine, needs_it).state == "done"
        assert ended(engine, long).state == "done"

    def test_a_long_job_can_be_cancelled_while_the_worker_warms_up(self, engine, tmp_path, monkeypatch):
        monkeypatch.setenv("TOY_WARM", str(tmp_path / "warm"))
        job_id, after = engine.submit("endless", {}), engine.submit("long echo", {})
        until_state(engine, job_id, "running")
        engine.cancel(job_id)
        until_state(engine, job_id, "cancelled")
        (tmp_path / "warm").touch()
        assert ended(engine, after).state == "done"


class TestProgress:
    def test_it_is_seen_at_least_twice_a_second_and_follows_the_task(self, engine):
        job_id = engine.submit("endless", {})
        before = at_work(engine, job_id).progress["step"]
        changes, end = 0, time.monotonic() + 3
        while time.monotonic() < end:
            now = engine.status(job_id).progress["step"]
            assert now >= before
            changes, before = changes + (now != before), now
            time.sleep(0.02)
        assert changes >= 6

    def test_waiting_tells_every_change_and_the_end(self, engine):
        seen = []
        result = run(engine, "long echo", {"x": 1}, on_progress=seen.append, poll=0.01)
        assert isinstance(result, Result)
        assert seen[-1].state == "done"
        assert len(seen) == len({repr(status) for status in seen})

    def test_waiting_has_an_end(self, engine):
        job_id = engine.submit("endless", {})
        with pytest.raises(LabError, match=r"still (queued|running) after 0.1 s"):
            wait(engine, job_id, timeout=0.1)


class TestCancelling:
    def test_withdraws_only_ones_own_interest(self, make_engine):
        engine, other = make_engine(), make_engine()
        job_id = engine.submit("endless", {}, who="ann")
        assert other.submit("endless", {}, who="ben") == job_id
        at_work(engine, job_id)
        engine.cancel(job_id, "ann")
        engine.cancel(job_id, "somebody")
        before = engine.status(job_id).progress["step"]
        until(lambda: engine.status(job_id).progress["step"] > before + 20)
        other.cancel(job_id, "ben")  # it is not this engine's job: the one whose it is notices
        assert until_state(engine, job_id, "cancelled").ended is not None
        with pytest.raises(Cancelled):
            other.result(job_id)

    def test_takes_less_than_a_second_and_the_next_job_is_unharmed(self, engine):
        first, second = engine.submit("endless", {"n": 1}), engine.submit("long echo", {})
        at_work(engine, first)
        began = time.monotonic()
        engine.cancel(first)
        until_state(engine, first, "cancelled")
        assert time.monotonic() - began < 1
        assert ended(engine, second).state == "done"

    def test_a_cancelled_job_starts_again_when_it_is_asked_for_again(self, engine, jobs):
        job_id = engine.submit("endless", {})
        for _ in range(3):
            at_work(engine, job_id)
            engine.cancel(job_id)
            assert engine.submit("endless", {}) == job_id  # perhaps before it has stopped
        at_work(engine, job_id)
        assert engine.status(job_id).state == "running"
        engine.cancel(job_id)
        until_state(engine, job_id, "cancelled")

    def test_a_task_that_does_not_listen_is_ended_and_the_others_go_on(self, engine):
        deaf = engine.submit("deaf", {})
        at_work(engine, deaf)
        after, beside = engine.submit("long echo", {}), engine.submit("short endless", {})
        at_work(engine, beside)
        engine.cancel(deaf)
        assert ended(engine, deaf).state == "cancelled"
        assert ended(engine, after).state == "done"
        at_work(engine, beside)
        engine.cancel(beside)
        assert ended(engine, beside).state == "cancelled"


class TestFailures:
    @pytest.mark.parametrize(
        ("how", "error", "sentence"),
        [
            ("request", RequestError, "^Ask otherwise.$"),
            ("data", NotAtHand, "^Get it first.$"),
            ("bug", LabError, r"^Something went wrong inside the lab \(ValueError\)"),
            ("disk", LabError, "^The disk is full"),
            ("memory", LabError, "^There is not enough memory"),
            ("exit", LabError, r"\(SystemExit\)"),
        ],
    )
    def test_a_failed_job_says_why_and_raises_what_the_task_raised(self, engine, how, error, sentence):
        job_id = engine.submit("fail", {"how": how})
        assert ended(engine, job_id).state == "failed"
        with pytest.raises(error, match=sentence) as raised:
            engine.result(job_id)
        assert type(raised.value) is error
        assert str(raised.value) == engine.status(job_id).message
        assert wait(engine, engine.submit("echo", {"after": how}), timeout=PATIENCE)

    def test_a_value_that_is_no_json_is_a_failure_of_the_task(self, engine):
        with pytest.raises(LabError, match=r"\(TypeError\)"):
            wait(engine, engine.submit("no json", {}), timeout=PATIENCE)

    def test_an_unknown_task_is_named_beside_the_known_ones(self, engine):
        with pytest.raises(RequestError, match="no task 'ecko'; the worker has: .*echo"):
            wait(engine, engine.submit("ecko", {}), timeout=PATIENCE)

    @pytest.mark.parametrize("job_id", ["0" * 16, "", "../../etc/passwd", "A" * 16, "0" * 15, "0" * 16 + "\n", None])
    def test_an_unknown_id_is_refused_in_a_sentence(self, engine, job_id):
        for ask in (engine.status, engine.result, engine.cancel):
            with pytest.raises(RequestError, match=r"again"):
                ask(job_id)

    @pytest.mark.parametrize("name", ["", ".", "..", "../a", "a/b", "a\\b", ".hidden", "a\n", "a" * 101])
    def test_a_file_has_a_plain_name(self, engine, name):
        with pytest.raises(RequestError, match="file's name"):
            engine.submit("echo", {}, {name: b""})

    def test_who_asks_is_a_plain_token(self, engine):
        for who in ("../x", "a b", "x" * 65, "\n"):
            with pytest.raises(RequestError, match="Who asks"):
                engine.submit("echo", {}, who=who)

    def test_arguments_are_finite_json(self, engine):
        for value in (float("nan"), {1, 2}, b""):
            with pytest.raises(RequestError, match="finite JSON"):
                engine.submit("echo", {"x": value})

    def test_a_file_that_cannot_be_read_is_named(self, engine, tmp_path):
        with pytest.raises(RequestError, match="nowhere.png cannot be read"):
            engine.submit("echo", {}, {"a": tmp_path / "nowhere.png"})

    def test_a_job_that_is_not_done_has_no_result(self, engine):
        job_id = engine.submit("endless", {})
        with pytest.raises(LabError, match="not done yet"):
            engine.result(job_id)


class TestInterruption:
    def test_closing_interrupts_and_asking_again_resumes_from_the_checkpoint(self, make_engine, jobs):
        engine = make_engine()
        job_id, waiting = engine.submit("resumable", {}), engine.submit("long echo", {})
        at_work(engine, job_id)
        engine.close()
        after = make_engine()
        for interrupted in (job_id, waiting):
            status = after.status(interrupted)
            assert (status.state, status.place) == ("interrupted", None)
            assert "Start it again" in status.message
        with pytest.raises(LabError, match="Start it again"):
            after.result(job_id)
        assert after.submit("resumable", {}) == job_id
        assert wait(after, job_id, timeout=PATIENCE).value == {"resumed from": 7}
        assert after.status(job_id).message == ""
        assert not (jobs / job_id / "out" / "half").exists()

    def test_a_closed_engine_still_tells_and_takes_nothing(self, engine):
        job_id = engine.submit("echo", {})
        ended(engine, job_id)
        engine.close()
        engine.close()
        assert engine.status(job_id).state == "done"
        with pytest.raises(LabError, match="closing"):
            engine.submit("echo", {"x": 2})


class TestForgetting:
    def test_a_finished_job_and_its_files_are_deleted(self, engine, jobs):
        job_id = engine.submit("echo", {}, {"a": b"1"}, private=True)
        ended(engine, job_id)
        engine.forget(job_id)
        assert not list(jobs.iterdir())
        with pytest.raises(RequestError, match="no job"):
            engine.status(job_id)
        engine.forget(job_id)
        assert wait(engine, engine.submit("echo", {}, {"a": b"1"}), timeout=PATIENCE)

    def test_a_job_at_work_is_not(self, make_engine):
        engine, other = make_engine(), make_engine()
        job_id = engine.submit("endless", {})
        for asked in (engine, other):
            with pytest.raises(LabError, match="still at work"):
                asked.forget(job_id)

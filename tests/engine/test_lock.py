import os
import threading
import time

import pytest

from aecore.engine.lock import STALE, Lock, is_live


@pytest.fixture
def path(tmp_path):
    return tmp_path / "lock"


def make_stale(path):
    os.utime(path, (time.time() - 2 * STALE,) * 2)


def test_one_of_two_gets_it_and_the_other_after_it_is_given_back(path):
    first, second = Lock(path), Lock(path)
    assert first.acquire() and not second.acquire() and not first.acquire()
    second.release()
    assert is_live(path) and first.beat() and not second.beat()
    first.release()
    assert not is_live(path) and second.acquire()


def test_a_stale_lock_is_taken_over_and_its_owner_notices(path):
    first, second = Lock(path), Lock(path)
    first.acquire()
    make_stale(path)
    assert not is_live(path) and second.acquire() and is_live(path)
    assert not first.beat() and second.beat()
    first.release()
    assert is_live(path)
    assert [left.name for left in path.parent.iterdir()] == ["lock"]


def test_a_beat_keeps_it(path):
    lock = Lock(path)
    lock.acquire()
    make_stale(path)
    assert lock.beat() and not Lock(path).acquire()


def test_one_of_many_takes_a_stale_lock_over(path):
    for _ in range(20):
        Lock(path).acquire()
        make_stale(path)
        locks, barrier, taken = [Lock(path) for _ in range(8)], threading.Barrier(8), []

        def take(lock, barrier=barrier, taken=taken):
            barrier.wait()
            if lock.acquire():
                taken.append(lock)

        threads = [threading.Thread(target=take, args=[lock]) for lock in locks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(taken) == 1 and taken[0].beat()
        taken[0].release()


def test_a_take_over_that_was_cut_short_holds_nobody_up_for_long(path):
    Lock(path).acquire()
    guard = path.with_name("lock.takeover")
    guard.touch()
    make_stale(path)
    assert not Lock(path).acquire()
    make_stale(guard)
    lock = Lock(path)
    assert lock.acquire() or lock.acquire()


def test_a_damaged_lock_belongs_to_nobody(path):
    lock = Lock(path)
    lock.acquire()
    path.write_bytes(b"\xff\xfe")
    assert not lock.beat()
    lock.release()
    make_stale(path)
    assert Lock(path).acquire()


def test_a_folder_that_is_gone_has_no_lock(tmp_path):
    assert not Lock(tmp_path / "gone" / "lock").acquire()
    assert not is_live(tmp_path / "gone" / "lock")

import numpy as np
import pytest

from aecore.datasets import decoded as module
from aecore.datasets.decoded import decoded
from aecore.errors import LabError


def count_up(array):
    array[:] = np.arange(array.size).reshape(array.shape)


def never(array):
    raise AssertionError("made twice")


def test_is_made_once_and_then_read_from_disk(tmp_path):
    path = tmp_path / "cache" / "a.npy"
    first = decoded(path, (4, 5), count_up)
    second = decoded(path, (4, 5), never)
    np.testing.assert_array_equal(first, np.arange(20).reshape(4, 5))
    np.testing.assert_array_equal(second, first)
    assert not second.flags.writeable and [item.name for item in path.parent.iterdir()] == ["a.npy"]


def test_a_damaged_or_foreign_file_is_made_anew(tmp_path):
    path = tmp_path / "a.npy"
    for content in (b"", b"rubbish", b"\x93NUMPY\x01\x00"):
        path.write_bytes(content)
        np.testing.assert_array_equal(decoded(path, (2, 3), count_up), np.arange(6).reshape(2, 3))
    assert decoded(path, (3, 2), count_up).shape == (3, 2)


def test_what_fails_half_way_leaves_nothing(tmp_path):
    def fail(array):
        array[0] = 1
        raise LabError("A picture is damaged.")

    with pytest.raises(LabError):
        decoded(tmp_path / "a.npy", (4, 5), fail)
    assert list(tmp_path.iterdir()) == []


def test_memory_serves_where_the_disk_does_not(tmp_path):
    (tmp_path / "file").touch()
    np.testing.assert_array_equal(decoded(tmp_path / "file" / "a.npy", (2,), count_up), [0, 1])


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.np.lib.format, "write_array_header_1_0", full)
    np.testing.assert_array_equal(decoded(tmp_path / "a.npy", (2,), count_up), [0, 1])
    assert list(tmp_path.iterdir()) == []

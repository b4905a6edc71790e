import numpy as np
import pytest

from aecore import large
from aecore.images import resize, to_float, to_uint8
from aecore.large import Enlarged, bands, free_memory, release, resized_part, resized_quickly, within

SIZES = [(203, 311), (406, 622), (609, 933), (100, 150), (250, 400), (57, 1000), (1, 1)]


@pytest.fixture
def picture():
    return np.random.default_rng(0).integers(0, 256, (203, 311, 3), dtype=np.uint8)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kernel", ["bicubic", "lanczos"])
def test_a_part_is_what_the_whole_has_there(picture, size, kernel):
    whole = resize(to_float(picture)[None], size, kernel)[0]
    height, width = size
    for part in ((0, 0, *size), (height // 3, width // 4, height // 2 + 1, width // 3 + 1), (height - 1, 0, *size)):
        found = resized_part(picture, size, part, kernel)
        np.testing.assert_allclose(found, whole[part[0] : part[2], part[1] : part[3]], atol=1e-5)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("multiple", [1, 7])
def test_bands_are_all_rows_once(monkeypatch, size, multiple):
    monkeypatch.setattr(large, "BAND_VALUES", 50_000)
    found = list(bands((203, 311, 3), size, multiple))
    assert [row for first, last in found for row in range(first, last)] == list(range(size[0]))
    assert all((last - first) % multiple == 0 for first, last in found[:-1])


@pytest.fixture
def smooth(picture):
    return to_uint8(resize(resize(to_float(picture)[None], (10, 15)), (203, 311)))[0]


def test_in_bands_with_8_bits_it_is_nearly_the_same(smooth, monkeypatch):
    monkeypatch.setattr(large, "BAND_VALUES", 20_000)
    for size in SIZES[:-1]:
        whole = to_uint8(resize(to_float(smooth)[None], size))[0]
        assert np.abs(resized_quickly(smooth, size).astype(int) - whole).max() <= 1


def test_what_is_enlarged_row_by_row_is_what_is_enlarged_at_once(smooth):
    grey = smooth[..., :1]
    rows = Enlarged(grey, (406, 622))
    assert rows.shape == (406, 622, 1)
    assert np.abs(rows[100:110].astype(int) - resized_quickly(grey, (406, 622))[100:110]).max() <= 1
    assert resized_quickly(rows, (50, 77)).shape == (50, 77, 1)


def test_a_picture_fits_within_a_side_and_never_grows():
    assert within((3000, 4000, 3), 1000) == (750, 1000)
    assert within((10, 20000), 1400) == (1, 1400)
    assert within((10, 20), 1400) == (10, 20)


def test_what_is_let_go_of_is_still_written(tmp_path):
    array = np.lib.format.open_memmap(tmp_path / "a.npy", "w+", np.uint8, (1000, 1000))
    array[:] = 7
    release(array, array[10:20], np.zeros(3), None)
    assert (array == 7).all() and (np.load(tmp_path / "a.npy") == 7).all()


def test_memory_that_is_free_is_that_of_the_container(tmp_path, monkeypatch):
    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("400000\n")
    monkeypatch.setattr(large, "GROUP", tmp_path)
    assert free_memory() == 600_000
    (tmp_path / "memory.max").write_text("max\n")
    assert free_memory() is None or free_memory() > 1_000_000

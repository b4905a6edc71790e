import numpy as np
import pytest
from scipy.ndimage import uniform_filter1d

from aecore.tiles import apply_tiled, starts, tiles

SHAPES = [(1, 1), (7, 90), (40, 40), (41, 63), (100, 37), (128, 96)]
LAYOUTS = [(40, 0, 1), (40, 5, 1), (40, 18, 1), (48, 7, 8), (32, 5, 2)]  # side, reach, align


def covered(shape, pieces, scale=1):
    """How often each place of the answer is written."""
    count = np.zeros((shape[0] * scale, shape[1] * scale), int)
    for tile in pieces:
        count[tile.place(scale)] += 1
    return count


@pytest.mark.parametrize("length", [1, 39, 40, 41, 70, 71, 200])
@pytest.mark.parametrize("step", [1, 7, 40])
def test_tiles_lie_inside_and_leave_no_gap(length, step):
    begin = starts(length, 40, step)
    assert begin[0] == 0 and begin[-1] + min(40, length) == length
    assert all(0 < later - earlier <= step for earlier, later in zip(begin, begin[1:], strict=False))


def test_a_step_that_leads_nowhere_is_refused():
    with pytest.raises(ValueError, match="at least 1 px"):
        starts(100, 40, 0)
    with pytest.raises(ValueError, match="too small"):
        tiles((100, 100), side=40, reach=20)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("layout", LAYOUTS)
class TestEveryLayout:
    def test_keeps_every_place_once(self, shape, layout):
        for scale in (1, 3):
            assert (covered(shape, tiles(shape, *layout), scale) == 1).all()

    def test_reads_as_far_as_an_answer_sees_or_to_the_border(self, shape, layout):
        side, reach, align = layout
        for tile in tiles(shape, side, reach, align):
            ends = [
                (tile.top, tile.keep_top, tile.keep_bottom, tile.top + tile.height, shape[0]),
                (tile.left, tile.keep_left, tile.keep_right, tile.left + tile.width, shape[1]),
            ]
            for first, keep, until, last, length in ends:
                assert first >= 0 and last <= length and first % align == 0
                assert first == 0 or keep - first >= reach
                assert last == length or last - until >= reach

    def test_has_tiles_of_one_shape(self, shape, layout):
        side, reach, align = layout
        if align == 1:
            assert {(tile.height, tile.width) for tile in tiles(shape, side, reach)} == {
                (min(side, shape[0]), min(side, shape[1]))
            }

    def test_tiles_then_untiles_to_the_same(self, shape, layout):
        picture = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
        out = np.zeros_like(picture)
        apply_tiled(lambda tile: tile, picture, out, tiles(shape, *layout))
        np.testing.assert_array_equal(out, picture)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("mode", ["constant", "reflect", "nearest"])
def test_what_sees_its_neighbours_and_treats_borders_in_its_own_way_gives_the_same_numbers(shape, mode):
    def blurred(picture):
        rows = uniform_filter1d(picture.astype(np.float64), 11, axis=0, mode=mode)
        return uniform_filter1d(rows, 11, axis=1, mode=mode)

    picture = np.random.default_rng(0).random((*shape, 1))
    out = np.zeros_like(picture)
    apply_tiled(blurred, picture, out, tiles(shape, side=32, reach=5))
    np.testing.assert_allclose(out, blurred(picture), atol=1e-12)


def test_an_answer_may_be_larger_and_lie_on_disk(tmp_path):
    picture = np.random.default_rng(0).integers(0, 256, (50, 70, 3), dtype=np.uint8)
    out = np.lib.format.open_memmap(tmp_path / "out.npy", "w+", np.uint8, (100, 140, 3))
    apply_tiled(lambda tile: tile.repeat(2, 0).repeat(2, 1), picture, out, tiles((50, 70), 32, 3), scale=2)
    np.testing.assert_array_equal(np.load(tmp_path / "out.npy"), picture.repeat(2, 0).repeat(2, 1))


def test_it_says_how_far_it_is_and_stops_when_told():
    done, picture = [], np.zeros((64, 64, 1), np.uint8)
    pieces = tiles((64, 64), 32, 0)
    apply_tiled(lambda tile: tile, picture, picture.copy(), pieces, progress=done.append)
    assert done == [1, 2, 3, 4]

    def stop():
        if len(done) > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply_tiled(lambda tile: tile, picture, picture.copy(), pieces, progress=done.append, check=stop)
    assert done == [1, 2, 3, 4, 1, 2]

import dataclasses

import pytest

from aecore import enlargers as module
from aecore.corruptions import Shrink
from aecore.datasets.photos import Photos
from aecore.enlargers import SCALES, TITLES, enlargers, find, note_pace
from aecore.errors import RequestError
from aecore.models.stack import Stack
from aecore.presets import PRESETS, Preset
from aecore.recipe import Recipe
from aecore.store import Store
from tests.enlarging import finished_run


@pytest.fixture
def fast(monkeypatch, tmp_path):
    """A finished run of a small stand-in for the preset `fast-x2`."""
    recipe = Recipe(Photos(size=32), Shrink(2, "mixed"), Stack(filters=8, depth=3))
    monkeypatch.setitem(PRESETS, "fast-x2", Preset("fast-x2", "A stand-in", recipe))
    return finished_run(recipe, tmp_path, {"psnr": 33.0, "input_psnr": 30.5, "parameters": 1234})


def names(scale):
    return [enlarger.name for enlarger in enlargers(scale)]


def test_bicubic_is_always_there():
    for scale in SCALES:
        assert "bicubic" in names(scale) and set(names(scale)) <= set(TITLES)


def test_a_model_without_a_run_is_not_there():
    assert find("bicubic", 3).run is None
    with pytest.raises(RequestError, match="no model 'fast' that enlarges 1×; there are photo, bicubic"):
        find("fast", 1)


@pytest.mark.parametrize("scale", [0, 5, 2.5, "2", None])
def test_another_factor_is_refused_with_those_that_there_are(scale):
    with pytest.raises(RequestError, match="1, 2, 3, 4"):
        enlargers(scale)


def test_a_finished_run_comes_before_bicubic_as_soon_as_it_is_there_and_goes_with_it(fast):
    assert names(2).index("fast") < names(2).index("bicubic") and find("fast", 2).run.key == fast.key
    assert "fast" not in names(1)
    Store().delete(fast.key)
    assert "fast" not in names(2)


def test_the_one_that_cleans_says_so():
    assert (
        find("photo", 1).caption.startswith("Cleans noise") and "than the damaged picture" in find("photo", 1).caption
    )
    assert "than bicubic" in find("photo", 4).caption


def test_what_it_is_worth_is_said_beside_bicubic(fast):
    said = "1,234 weights; on photographs it had not seen 2.50 dB closer to the truth than bicubic."
    assert find("fast", 2).caption == said
    assert "invents nothing" in find("bicubic", 2).caption


def test_a_published_one_says_what_it_costs(fast):
    published = dataclasses.replace(find("fast", 2), name="conv-photo-sr")
    assert published.sharpens and published.title == "conv-photo-sr (published)"
    assert "2.50 dB closer to the truth than doing nothing" in published.caption


class TestEstimates:
    def test_grow_with_the_picture_and_the_network(self, fast):
        small, plain = find("fast", 2), find("bicubic", 2)
        assert small.seconds(12) > small.seconds(1) > plain.seconds(1)
        assert small.megabytes(24) > small.megabytes(1)
        assert plain.megabytes(24) < 1500

    def test_follow_what_was_measured_here(self, fast):
        small = find("fast", 2)
        note_pace(small, megapixels=4, seconds=module.BEGIN + 40)
        assert small.seconds(1) == pytest.approx(module.BEGIN + 40)
        note_pace(small, megapixels=4, seconds=module.BEGIN + 20)
        assert small.seconds(1) == pytest.approx(module.BEGIN + 30)
        assert find("bicubic", 2).seconds(1) < 10

    def test_of_one_network_follow_what_another_took_here(self, fast):
        small, other, published = find("fast", 2), find("photo", 2), find("conv-photo-sr", 2)
        before = other.seconds(1), published.seconds(1)
        note_pace(small, megapixels=4, seconds=module.BEGIN + 4 * 50)
        work = 4 * (50 - module.SECONDS_FOR_FILE) * other.operations / small.operations
        assert other.seconds(1) == pytest.approx(module.BEGIN + 4 * module.SECONDS_FOR_FILE + work)
        assert other.seconds(1) > before[0] and published.seconds(1) == before[1]

    def test_of_many_views_count_what_is_done_once_only_once(self, fast):
        small, file = find("fast", 2), 4 * module.SECONDS_FOR_FILE
        note_pace(small, megapixels=4, seconds=module.BEGIN + file + 8 * 10, views=8)
        assert small.seconds(1) == pytest.approx(module.BEGIN + file + 10)
        assert small.seconds(1, views=8) == pytest.approx(module.BEGIN + file + 80)

    def test_do_not_follow_a_tiny_picture(self):
        plain = find("bicubic", 2)
        before = plain.seconds(1)
        note_pace(plain, megapixels=0.1, seconds=99)
        assert plain.seconds(1) == before

    @pytest.mark.parametrize("content", ["", "[]", '{"bicubic-x2": "fast"}', "null"])
    def test_survive_a_damaged_memory(self, home, content):
        plain = find("bicubic", 2)
        before = plain.seconds(1)
        home.mkdir()
        (home / "enlarging.json").write_text(content)
        assert plain.seconds(1) == before
        note_pace(plain, megapixels=2, seconds=11)
        assert plain.seconds(1) == pytest.approx(module.BEGIN + 4 * 5)

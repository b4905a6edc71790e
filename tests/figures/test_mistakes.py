import numpy as np
import pytest

from aecore.figures.mistakes import (
    colour_bar,
    error_map,
    error_scale,
    mistake_picture,
    place_of,
    why_alarmed,
    why_missed,
)

RNG = np.random.default_rng(0)


def spot(row, column, side=28):
    error = np.zeros((side, side), np.float32)
    error[row : row + 3, column : column + 3] = 1
    return error


def grey(value, side=28):
    return np.full((side, side, 1), value, np.uint8)


class TestErrorMaps:
    def test_more_error_is_brighter(self):
        coloured = error_map(np.linspace(0, 1, 50).reshape(1, 5, 10), 1.0)
        brightness = coloured.astype(float).sum(axis=-1).ravel()
        assert coloured.shape == (1, 5, 10, 3) and coloured.dtype == np.uint8
        assert np.all(np.diff(brightness) >= -8) and brightness[-1] > brightness[0] + 200

    def test_all_maps_share_a_scale_that_few_pixels_exceed(self):
        errors = RNG.random((10, 28, 28))
        assert np.mean(errors > error_scale(errors[:5], errors[5:])) == pytest.approx(0.01, abs=0.002)

    def test_an_error_that_fewer_have_is_the_scale_itself(self):
        rare = np.zeros((1, 40, 40))
        rare[0, 3, 4] = 0.2
        assert error_scale(rare) == pytest.approx(0.2)

    def test_no_error_and_no_map_have_a_scale_all_the_same(self):
        assert error_scale(np.zeros((2, 4, 4))) == 1 and error_scale() == 1

    def test_the_legend_has_the_same_ends(self):
        bar, ends = colour_bar(), error_map(np.array([[[0.0, 1.0]]]), 1.0)[0, 0]
        assert [bar[0], bar[-1]] == [f"rgb({red}, {green}, {blue})" for red, green, blue in ends]


def test_three_pictures_stand_side_by_side_enlarged_by_whole_factors():
    sheet = mistake_picture(grey(0), grey(255), error_map(spot(0, 0)[None], 1.0)[0], side=84)
    assert sheet.shape == (84, 3 * 84 + 2 * 6, 4)
    assert sheet[40, 40, 0] == 0 and sheet[40, 130, 0] == 255 and sheet[40, 86, 3] == 0


class TestWhy:
    @pytest.mark.parametrize(
        ("error", "words"),
        [
            (spot(2, 2), "in the upper left"),
            (spot(2, 13), "at the top"),
            (spot(13, 24), "on the right"),
            (spot(13, 13), "in the middle"),
            (spot(23, 22), "in the lower right"),
            (np.ones((28, 28)), "spread over the picture"),
            (np.zeros((28, 28)), "nowhere"),
        ],
    )
    def test_an_error_lies_where_its_weight_is(self, error, words):
        assert place_of(error) == words

    def test_a_missed_one_that_comes_back_well_is_said_to(self):
        assert "reconstructed well: 0.0 times" in why_missed(grey(9), grey(9), spot(1, 1), 0.01)

    def test_a_missed_one_that_comes_back_badly_was_overlooked(self):
        assert "overlooks" in why_missed(grey(0), grey(255), spot(1, 1), 0.01)

    @pytest.mark.parametrize(("output", "words"), [(0, "too dark"), (255, "too bright")])
    def test_a_false_alarm_says_how_it_comes_back_and_where_it_differs(self, output, words):
        said = why_alarmed(grey(100), grey(output), spot(1, 1), 0.01)
        assert words in said and "in the upper left" in said and "times the usual error" in said

    def test_a_false_alarm_that_comes_back_well_is_put_on_the_score(self):
        assert "as well as others" in why_alarmed(grey(9), grey(9), spot(1, 1), 0.01)

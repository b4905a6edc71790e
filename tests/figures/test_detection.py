import numpy as np
import pytest

from aecore.figures.detection import (
    MOST_POINTS,
    ScoreAxis,
    precision_recall_chart,
    roc_chart,
    score_axis,
    score_histogram,
    thinned,
)
from aecore.figures.palette import BASELINE, OURS

RNG = np.random.default_rng(0)
SKEWED = RNG.lognormal(-4, 1, 2000)
AROUND_ZERO = RNG.normal(0, 2, 2000)


class TestScoreAxis:
    def test_positive_scores_over_a_wide_range_go_by_factors(self):
        assert score_axis(SKEWED).logarithmic
        assert not score_axis(AROUND_ZERO).logarithmic and not score_axis(np.linspace(100, 200, 50)).logarithmic

    def test_it_shows_nearly_all_scores_of_both_groups(self):
        axis = score_axis(SKEWED, SKEWED * 50)
        for group in (SKEWED, SKEWED * 50):
            assert np.mean((group >= axis.low) & (group <= axis.high)) > 0.995

    def test_a_few_that_lie_far_out_do_not_squeeze_the_rest(self):
        assert score_axis(np.append(AROUND_ZERO, 1e9)).high < 100

    def test_without_a_finite_score_there_is_none(self):
        assert score_axis(np.array([np.nan, np.inf]), np.zeros(0)) is None

    @pytest.mark.parametrize("value", [0.0, 3.0, -2.0])
    def test_equal_scores_get_room_on_both_sides(self, value):
        axis = score_axis(np.full(10, value))
        assert axis.low < value < axis.high

    @pytest.mark.parametrize(
        "axis", [ScoreAxis(0.001, 10, True), ScoreAxis(-3, 8, False), ScoreAxis(1000, 1010, False)]
    )
    def test_stops_ascend_evenly_from_end_to_end(self, axis):
        stops = axis.stops()
        shares = [axis.share(stop) for stop in stops]
        assert len(set(stops)) == len(stops) and shares == sorted(shares)
        assert np.allclose(shares, np.linspace(0, 1, len(stops)), atol=0.2 / len(stops))

    def test_a_share_stays_on_the_axis(self):
        axis = ScoreAxis(0.01, 1, True)
        assert [axis.share(value) for value in (-5, 0.01, 0.1, 1, 50)] == pytest.approx([0, 0, 0.5, 1, 1])

    @pytest.mark.parametrize(
        "axis",
        [ScoreAxis(0.001, 10, True), ScoreAxis(0.02, 0.3, True), ScoreAxis(-3, 8, False), ScoreAxis(60, 410, False)],
    )
    def test_ticks_are_few_and_round_and_where_they_say(self, axis):
        ticks = axis.ticks()
        assert 2 <= len(ticks) <= 9
        for share, text in ticks:
            assert share == pytest.approx(axis.share(float(text)), abs=1e-6) and len(text) <= 6


class TestScoreHistogram:
    def test_every_image_is_counted_once_also_beyond_the_ends(self):
        axis = ScoreAxis(-1, 1, False)
        counted = score_histogram(AROUND_ZERO, AROUND_ZERO[:10], axis)
        assert counted.normal.sum() == len(AROUND_ZERO) and counted.abnormal.sum() == 10
        assert counted.normal[0] >= np.sum(AROUND_ZERO < -1)

    def test_each_group_is_drawn_in_percent_of_itself(self):
        axis = score_axis(AROUND_ZERO)
        for shares in score_histogram(AROUND_ZERO, AROUND_ZERO[:10], axis).shares:
            assert shares.sum() == pytest.approx(100)

    def test_an_empty_group_has_no_share(self):
        assert not score_histogram(AROUND_ZERO, np.zeros(0), score_axis(AROUND_ZERO)).shares[1].any()

    def test_rules_are_round_and_reach_the_highest_bin_but_not_beyond(self):
        counted = score_histogram(AROUND_ZERO, np.zeros(0), score_axis(AROUND_ZERO))
        top = counted.shares[0].max()
        assert counted.rules[0] == 0 and 2 <= len(counted.rules) <= 6 and top / 2 < counted.rules[-1] <= top


class TestCurves:
    def test_long_ones_are_thinned_and_keep_their_ends(self):
        x, y = thinned(np.arange(5000), -np.arange(5000))
        assert len(x) == MOST_POINTS and (x[0], x[-1]) == (0, 4999) and np.array_equal(x, -y)

    def test_chance_is_dashed_grey_and_the_threshold_a_point(self):
        steps = np.linspace(0, 1, 20)
        for figure in (
            roc_chart(steps, steps**0.5, (0.1, 0.4)),
            precision_recall_chart(steps, 1 - steps, 0.2, (0.5, 0.6)),
        ):
            chance, curve, point = figure.data
            assert (chance.line.dash, chance.line.color, curve.line.color) == ("dash", BASELINE, OURS)
            assert point.mode == "markers" and len(point.x) == 1

    def test_chance_of_precision_is_the_share_of_abnormal_images(self):
        assert set(precision_recall_chart(np.ones(2), np.ones(2), 0.2).data[0].y) == {0.2}

    def test_axes_say_what_they_count(self):
        figure = roc_chart(np.array([0, 1]), np.array([0, 1]))
        assert "normal images" in figure.layout.xaxis.title.text and "abnormal" in figure.layout.yaxis.title.text

    @pytest.mark.parametrize(
        "figure", [roc_chart(np.zeros(0), np.zeros(0)), precision_recall_chart(np.zeros(0), np.zeros(0), 0.0)]
    )
    def test_without_abnormal_images_there_is_a_sentence(self, figure):
        assert "no abnormal image" in figure.layout.annotations[0].text and not figure.data

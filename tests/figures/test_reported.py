import numpy as np
import pytest

from aecore.figures.curves import Curve
from aecore.figures.matrix import Entry, matrix
from aecore.figures.palette import BASELINE, OTHER, OURS
from aecore.figures.reported import accuracy_chart, goes_by_factors, reported_chart, spread_chart

CURVES = [Curve("training", [1, 2, 3], [0.05, 0.02, 0.01])]


class TestReportedLosses:
    def test_stand_as_dashed_grey_lines_beside_the_curves(self):
        figure = reported_chart(CURVES, [("reported", 0.0111)], "mean squared error")
        line = figure.data[-1]
        assert line.line.color == BASELINE and line.line.dash == "dash"
        assert list(line.y) == [0.0111] * 2 and line.name == "reported 0.0111"

    def test_of_equal_value_share_a_line(self):
        figure = reported_chart(CURVES, [("first", 0.01), ("second", 0.01), ("first", 0.01)], "loss")
        assert len(figure.data) == 2 and figure.data[-1].name == "first, second 0.01"

    def test_far_from_the_curves_make_the_axis_go_by_factors(self):
        assert goes_by_factors(CURVES, [("reported", 0.0001)])
        assert not goes_by_factors(CURVES, [("reported", 0.03)])
        assert not goes_by_factors([], [])
        assert reported_chart(CURVES, [("reported", 0.0001)], "loss").layout.yaxis.type == "log"

    def test_wait_for_the_first_epoch(self):
        assert reported_chart([], [("reported", 0.1)], "loss").layout.annotations


class TestSpread:
    def test_counts_every_finite_value_of_both(self):
        published, better = np.array([20.0, 21.0, np.inf]), np.array([25.0, 26.0])
        figure = spread_chart(published, better, {"input": 22.0, "PCA": None}, "PSNR, dB")
        assert [sum(bar.y) for bar in figure.data[:2]] == [2, 2]
        assert [trace.name for trace in figure.data] == ["published", "better", "input 22"]

    def test_says_when_there_is_nothing_to_count(self):
        assert spread_chart(np.zeros(0), None, {}, "PSNR, dB").layout.annotations


class TestAccuracies:
    def test_are_bars_in_the_order_given(self):
        figure = accuracy_chart([("network", 0.8, OURS), ("better", 0.9, OTHER), ("input", 0.96, BASELINE)])
        (bars,) = figure.data
        assert list(bars.y) == ["network", "better", "input"] and list(bars.x) == pytest.approx([80, 90, 96])
        assert list(bars.marker.color) == [OURS, OTHER, BASELINE]

    def test_of_nothing_say_so(self):
        assert accuracy_chart([]).layout.annotations


class TestMatrix:
    def test_has_a_heading_for_each_row_and_column_and_alt_texts(self):
        entry = Entry([("data:image/png;base64,AA", "answer, a face")], "19.5 dB", ["hole 18 dB"])
        drawn = matrix("rate", ["0.1", "0.01"], [("Adam", "squared error", [entry, entry])])
        assert drawn.count('scope="col"') == 3 and drawn.count('scope="row"') == 1
        assert drawn.count('alt="answer, a face"') == 2 and "squared error" in drawn

    def test_says_which_is_best_not_by_colour_alone(self):
        drawn = matrix("", ["a"], [("row", "", [Entry([], "20 dB", best=True)])])
        assert "20 dB, the best" in drawn and 'class="best"' in drawn

    def test_escapes_every_text(self):
        drawn = matrix("<i>", ["<i>"], [("<i>", "<i>", [Entry([("<i>", "<i>")], "<i>", ["<i>"])])])
        assert "<i>" not in drawn

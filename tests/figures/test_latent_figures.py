import io

import numpy as np
import pytest
from PIL import Image

from aecore.figures.latent import Worth, accuracy_chart, counts_chart, variance_chart, worth_chart
from aecore.figures.palette import BASELINE, OURS, class_colour
from aecore.figures.sheets import SHADES, shade_colours, shades, sheet, veil


class TestShades:
    def test_more_is_a_later_shade_and_extremes_share_the_last(self):
        found = shades(np.arange(1000.0))
        assert found.steps.dtype == np.uint8 and found.steps[0] == 0 and found.steps[-1] == SHADES - 1
        assert (np.diff(found.steps.astype(int)) >= 0).all() and 15 < found.low < 25 and 975 < found.high < 985

    @pytest.mark.parametrize("amounts", [[], [3.0, 3.0], [np.nan, np.inf, 1.0]])
    def test_what_has_no_spread_still_gets_shades(self, amounts):
        assert (shades(np.array(amounts)).steps < SHADES).all()

    def test_there_is_a_colour_for_each(self):
        assert len(set(shade_colours())) == SHADES


class TestSheets:
    @pytest.mark.parametrize("channels, type", [(1, "image/png"), (3, "image/webp")])
    def test_every_picture_lies_at_its_place(self, channels, type):
        flat = np.array([0, 60, 120, 180, 240], np.uint8)
        images = np.broadcast_to(flat[:, None, None, None], (5, 8, 8, channels))
        made = sheet(np.ascontiguousarray(images))
        laid = np.array(Image.open(io.BytesIO(made.content)).convert("L"))
        assert made.type == type and made.across == 3 and laid.shape == (16, 24)
        for number, value in enumerate(flat.tolist()):
            row, column = divmod(number, made.across)
            assert abs(int(laid[8 * row + 4, 8 * column + 4]) - value) <= 6

    def test_a_veil_is_strongest_where_most_points_lie_and_reads_from_the_top(self):
        density = np.array([[0.0, 4.0], [1.0, 0.0]])  # the first row is the bottom
        assert veil(density).tolist() == [[128, 0], [0, 255]]
        assert not veil(np.zeros((2, 2))).any()


class TestCharts:
    RUNS = (
        Worth("one", "Dense", 2, 14.0, 12.8),
        Worth("two", "Dense", 32, 21.5, 18.1, current=True),
        Worth("three", "Variational", 2, 14.9, None),
    )

    def test_pca_is_the_dashed_line_to_beat(self):
        figure = worth_chart(self.RUNS)
        assert figure.data[0].name == "PCA" and figure.data[0].line.dash == "dash"
        assert figure.data[0].line.color == BASELINE and list(figure.data[0].y) == [12.8, 18.1]
        assert [trace.name for trace in figure.data[1:] if trace.showlegend is None] == ["Dense", "Variational"]
        assert list(figure.layout.xaxis.ticktext) == ["2", "32"]

    def test_a_line_joins_the_best_runs_of_each_kind(self):
        runs = [*self.RUNS, Worth("four", "Dense", 2, 13.0, 12.8)]
        lines = [trace for trace in worth_chart(runs).data[1:] if trace.mode == "lines"]
        assert [(list(line.x), list(line.y)) for line in lines] == [([2, 32], [14.0, 21.5])]

    def test_pca_has_one_value_for_each_size(self):
        runs = [Worth("a", "Dense", 8, 20.0, 16.0), Worth("b", "Dense", 8, 20.0, 17.0)]
        assert list(worth_chart(runs).data[0].y) == [16.5]

    def test_without_runs_it_says_so(self):
        assert "no run" in worth_chart([]).layout.annotations[0].text

    def test_accuracies_stand_beside_chance(self):
        figure = accuracy_chart({"nearest neighbours": {"code": 0.9, "PCA": 0.8, "pixels": None}}, 0.1)
        assert [list(trace.y) for trace in figure.data] == [[90.0], [80.0], []]
        assert figure.data[0].marker.color == OURS and figure.layout.shapes[0].y0 == 10

    def test_without_classes_it_says_so(self):
        figure = accuracy_chart({"linear probe": {"code": None}}, None)
        assert "no classes" in figure.layout.annotations[0].text

    def test_counts_have_the_colours_of_their_classes(self):
        figure = counts_chart(np.array([2, 2, 7, -1]), [str(digit) for digit in range(10)])
        assert list(figure.data[0].x) == ["2", "7"] and list(figure.data[0].y) == [2, 1]
        assert list(figure.data[0].marker.color) == [class_colour(2), class_colour(7)]
        assert "no classes" in counts_chart(np.array([-1]), []).layout.annotations[0].text

    def test_the_number_that_varies_most_comes_first(self):
        assert list(variance_chart(np.array([1.0, 3.0])).data[0].x) == ["number 2", "number 1"]

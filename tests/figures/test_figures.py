import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from aecore.figures.curves import curves_of, loss_chart
from aecore.figures.distributions import distribution, distribution_chart
from aecore.figures.network import describe, hourglass, stages
from aecore.figures.palette import BASELINE, CLASSES, OTHER, OURS, class_colour, rgb
from aecore.figures.pictures import data_uri, difference_scale, montage, signed_difference

HISTORY = {"epoch": [1, 2, 3], "loss": [0.5, 0.4, 0.3], "val_loss": [0.6, None, 0.5]}
PAPER, NIGHT = "#faf7f1", "#161513"
DENSE = [("InputLayer", [28, 28, 1], 0), ("Flatten", [784], 0), ("Dense", [128], 100480), ("Dense", [32], 4128),
         ("Dense", [128], 4224), ("Dense", [784], 101136), ("Reshape", [28, 28, 1], 0)]  # fmt: skip


def layers(rows):
    return [{"name": kind, "type": kind, "shape": shape, "params": params} for kind, shape, params in rows]


def luminance(colour):
    linear = [value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in rgb(colour)]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def contrast(first, second):
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


class TestPalette:
    @pytest.mark.parametrize("colour", [OURS, OTHER, BASELINE])
    @pytest.mark.parametrize("ground", [PAPER, NIGHT])
    def test_lines_stand_out_on_paper_and_at_night(self, colour, ground):
        assert contrast(colour, ground) > 3

    def test_ten_classes_have_ten_colours(self):
        assert len(set(CLASSES)) == 10 and class_colour(13) == CLASSES[3]

    def test_classes_differ_for_those_who_do_not_tell_red_from_green(self):
        deuteranopia = np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]])  # Machado 2009
        seen = np.array([rgb(colour) for colour in CLASSES]) @ deuteranopia.T
        distance = np.linalg.norm(seen[:, None] - seen[None], axis=-1) + 1000 * np.eye(10)
        assert distance.min() > 20


class TestCurves:
    def test_missing_values_are_left_out(self):
        training, validation = curves_of(HISTORY)
        assert training.epochs == [1, 2, 3] and validation.epochs == [1, 3] and validation.validation

    def test_without_validation_there_is_one_curve(self):
        assert len(curves_of({**HISTORY, "val_loss": [None] * 3})) == 1

    def test_an_empty_history_gives_a_sentence_instead_of_axes(self):
        figure = loss_chart(curves_of({}))
        assert "not finished" in figure.layout.annotations[0].text and not figure.data

    def test_a_second_run_has_another_colour_and_its_name(self):
        figure = loss_chart(curves_of(HISTORY, "this run") + curves_of(HISTORY, "wide", ours=False), unit="MSE")
        assert [line.line.color for line in figure.data] == [OURS, OURS, OTHER, OTHER]
        assert figure.data[2].name == "wide, training" and figure.layout.yaxis.title.text == "MSE"

    def test_a_marker_is_a_line_at_its_epoch(self):
        assert loss_chart(curves_of(HISTORY), marker=2).layout.shapes[0].x0 == 2

    def test_one_epoch_is_a_visible_point(self):
        assert "markers" in loss_chart(curves_of({"epoch": [1], "loss": [0.5]})).data[0].mode


class TestDistributions:
    def test_every_image_is_counted_once(self):
        counted = distribution(np.array([1.0, 2.0, 3.0, np.inf]))
        assert counted.counts.sum() == 3 and counted.identical == 1

    @pytest.mark.parametrize("values", [np.zeros(0), np.array([np.inf, np.inf])])
    def test_without_finite_values_there_is_a_sentence(self, values):
        assert distribution(values) is None
        assert distribution_chart(values, "PSNR, dB").layout.annotations[0].text

    def test_baselines_are_grey_and_dashed_and_named(self):
        figure = distribution_chart(np.linspace(10, 30, 100), "PSNR, dB", {"PCA": 17.9, "input": None})
        (line,) = figure.data[1:]
        assert line.name == "PCA 17.9" and line.line.color == BASELINE and line.line.dash == "dash"

    def test_equal_values_are_drawn(self):
        assert distribution_chart(np.full(5, 20.0), "PSNR, dB").data[0].y.sum() == 5


class TestDifferences:
    TRUTH = np.full((1, 2, 2, 1), 128, np.uint8)

    def test_nothing_wrong_is_clear(self):
        assert signed_difference(self.TRUTH, self.TRUTH, 0.5)[..., 3].max() == 0

    def test_too_bright_and_too_dark_have_different_colours_and_equal_strength(self):
        wrong = self.TRUTH.copy()
        wrong[0, 0, 0], wrong[0, 1, 1] = 178, 78
        drawn = signed_difference(self.TRUTH, wrong, 0.5)[0]
        assert (
            drawn[0, 0, 3] == drawn[1, 1, 3] > 0 and drawn[0, 0, 0] > drawn[0, 0, 2] and drawn[1, 1, 2] > drawn[1, 1, 0]
        )

    def test_a_wrong_hue_of_equal_brightness_shows(self):
        truth = np.full((1, 2, 2, 3), 100, np.uint8)
        assert signed_difference(truth, truth + np.array([30, 0, 0], np.uint8), 0.5)[..., 3].min() > 0

    def test_the_scale_is_a_round_number_that_holds_nearly_all(self):
        assert difference_scale(self.TRUTH, self.TRUTH + 20) == 0.1
        assert difference_scale(self.TRUTH[:0], self.TRUTH[:0]) == 1.0


class TestPictures:
    def test_large_pictures_travel_as_webp(self):
        assert data_uri(np.zeros((100, 100, 3), np.uint8)).startswith("data:image/webp;base64,")

    def test_a_montage_enlarges_by_whole_factors_with_clear_gaps(self):
        row = np.full((4, 28, 28, 1), 200, np.uint8)
        sheet = montage([row, row[:, ::2, ::2]], side=56, gap=4)
        assert sheet.shape == (2 * 56 + 4, 4 * 56 + 3 * 4, 4)
        assert sheet[0, 0].tolist() == [200, 200, 200, 255] and sheet[0, 57, 3] == 0


class TestNetwork:
    def test_layers_that_only_reshape_are_one_stage(self):
        found = stages(layers(DENSE), 32)
        assert [stage.label for stage in found] == ["28×28×1", "128", "32", "128", "28×28×1"]
        assert [stage.code for stage in found] == [False, False, True, False, False]
        assert sum(stage.parameters for stage in found) == sum(row[2] for row in DENSE)

    def test_the_drawing_is_sound_and_says_what_it_shows(self):
        svg = ElementTree.fromstring(hourglass(stages(layers(DENSE), 32)))
        assert svg.get("aria-label") == "Network from 28×28×1 to 128 to 32 to 128 to 28×28×1, 209,968 parameters."
        assert len(svg.findall(".//rect")) == 5 and len(svg.findall(".//rect[@class='code']")) == 1

    def test_no_layers_are_no_drawing(self):
        assert hourglass([]) == "" and describe([]) == "A network without layers."

    def test_a_very_deep_network_still_fits_and_keeps_its_ends_and_its_code(self):
        sizes = [*range(100, 40, -2), 8, *range(42, 100, 2)]
        drawn = hourglass(stages(layers([("Dense", [size], 1) for size in sizes]), 8))
        svg = ElementTree.fromstring(drawn)
        labels = [text.text for text in svg.findall(".//text") if text.text and text.text.isdigit()]
        assert len(labels) <= 14 and labels[0] == "100" and labels[-1] == "98" and "8" in labels

    def test_names_cannot_break_the_drawing(self):
        ElementTree.fromstring(hourglass(stages(layers([("<script>&", [4], 1), ("Dense", [2], 1)]), None)))

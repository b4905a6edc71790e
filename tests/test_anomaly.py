"""Scores, and how well scores tell normal from abnormal, against closed forms."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from aecore.anomaly import (
    COMBINED,
    SCORES,
    auroc,
    average_precision,
    best_threshold,
    bootstrap_auroc,
    combination_weights,
    confusion,
    default_score,
    percentile_threshold,
    precision_recall_curve,
    roc_curve,
    scores_of,
)
from aecore.anomaly.own import fitting, read_drawing
from aecore.anomaly.published import PROTOCOLS
from aecore.anomaly.registry import COMBINES
from aecore.anomaly.scores import (
    error_map,
    fit_combination,
    fit_pattern,
    fit_whitening,
    negative_elbo,
    neighbour_distance,
    normalised_aggregation,
    path_difference,
    proportions,
    simple_aggregation,
    squared_error,
    structural_error,
)
from aecore.anomaly.views import views
from aecore.datasets import DATASETS
from aecore.errors import RequestError

RNG = np.random.default_rng


@pytest.fixture(params=["continuous", "ties"])
def groups(request):
    rng = RNG(0)
    normal, abnormal = rng.normal(0, 1, 300), rng.normal(1, 1, 80)
    return (normal, abnormal) if request.param == "continuous" else (normal.round(0), abnormal.round(0))


def both(groups):
    return np.concatenate([np.zeros(len(groups[0])), np.ones(len(groups[1]))]), np.concatenate(groups)


def test_auroc_is_the_share_of_pairs_in_order_and_a_tie_counts_half(groups):
    normal, abnormal = groups
    pairs = (abnormal[:, None] > normal).mean() + 0.5 * (abnormal[:, None] == normal).mean()
    assert auroc(normal, abnormal) == pytest.approx(pairs) == roc_auc_score(*both(groups))
    assert auroc(abnormal, normal) == pytest.approx(1 - pairs)
    assert auroc(normal, normal) == pytest.approx(0.5)


def test_average_precision_is_scikit_learns(groups):
    assert average_precision(*groups) == pytest.approx(average_precision_score(*both(groups)))


def test_curves_enclose_what_is_reported_and_end_in_their_corners(groups):
    false_alarms, detections, thresholds = roc_curve(*groups)
    assert np.trapezoid(detections, false_alarms) == pytest.approx(auroc(*groups))
    assert (false_alarms[0], detections[0], false_alarms[-1], detections[-1]) == (0, 0, 1, 1)
    assert np.all(np.diff(thresholds) < 0)
    precision, recall, levels = precision_recall_curve(*groups)
    assert recall[-1] == 1 and np.all(np.diff(recall) >= 0) and len(precision) == len(levels)
    for place in (0, len(levels) // 2, -1):
        counted = confusion(*groups, levels[place])
        assert (counted.precision, counted.recall) == pytest.approx((precision[place], recall[place]))
        counted = confusion(*groups, thresholds[place])
        assert (counted.false_alarms / 300, counted.recall) == pytest.approx((false_alarms[place], detections[place]))


def test_the_interval_holds_the_area_is_the_same_every_time_and_narrows_with_more_images():
    rng = RNG(1)
    widths = []
    for count in (50, 5000):
        normal, abnormal = rng.normal(0, 1, count), rng.normal(1, 1, count)
        low, high = bootstrap_auroc(normal, abnormal, RNG(0))
        assert low < auroc(normal, abnormal) < high
        assert bootstrap_auroc(normal, abnormal, RNG(0)) == (low, high)
        widths.append(high - low)
    assert widths[1] < widths[0] / 5


def test_the_interval_has_the_width_that_theory_gives():
    rng = RNG(2)
    normal, abnormal = rng.normal(0, 1, 400), rng.normal(1, 1, 400)
    area = auroc(normal, abnormal)  # Hanley & McNeil 1982
    once, twice = area / (2 - area), 2 * area**2 / (1 + area)
    variance = (area * (1 - area) + 399 * (once - area**2) + 399 * (twice - area**2)) / 400**2
    low, high = bootstrap_auroc(normal, abnormal, RNG(0), rounds=1000)
    assert high - low == pytest.approx(2 * 1.96 * variance**0.5, rel=0.15)


def test_without_abnormal_images_nothing_is_made_up():
    normal, none = np.arange(5.0), np.zeros(0)
    assert auroc(normal, none) is average_precision(normal, none) is bootstrap_auroc(normal, none, RNG(0)) is None
    assert all(not len(part) for curve in (roc_curve, precision_recall_curve) for part in curve(normal, none))
    counted = confusion(normal, none, 2.0)
    assert (counted.false_alarms, counted.recall, counted.f1, counted.precision) == (2, None, None, 0.0)


def test_a_score_at_the_threshold_is_normal():
    counted = confusion(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0]), 2.0)
    assert (counted.false_alarms, counted.missed, counted.found) == (1, 1, 1)
    assert (counted.precision, counted.recall, counted.f1) == (0.5, 0.5, 0.5)
    assert counted.cost(3) == 1 + 3 * 1


def test_the_percentile_lets_its_share_of_normal_images_pass():
    held_out = RNG(0).normal(size=1000)
    assert np.mean(held_out <= percentile_threshold(held_out, 95)) == 0.95


@pytest.mark.parametrize("miss", [0.01, 0.5, 1, 7, 100])
def test_no_threshold_costs_less_than_the_best(groups, miss):
    best = confusion(*groups, best_threshold(*groups, miss)).cost(miss)
    everything = np.concatenate([*groups, [-99, 99]])
    assert best <= min(confusion(*groups, value).cost(miss) for value in everything)


def test_a_miss_that_costs_nothing_calls_nothing_abnormal_and_a_dear_one_misses_none(groups):
    assert confusion(*groups, best_threshold(*groups, 0.0)).false_alarms == 0
    assert confusion(*groups, best_threshold(*groups, 1e6)).missed == 0


def test_errors_of_images_in_closed_form():
    truth, outputs = np.zeros((2, 8, 8, 3), np.float32), np.zeros((2, 8, 8, 3), np.float32)
    outputs[1, 2, 3] = (0.3, 0.0, 0.0)
    assert squared_error(truth, outputs) == pytest.approx([0, 0.09 / 192])
    errors = error_map(truth, outputs)
    assert errors.shape == (2, 8, 8) and errors[1, 2, 3] == pytest.approx(0.03) and errors.sum() == pytest.approx(0.03)
    assert structural_error(truth, truth) == pytest.approx([0, 0]) and structural_error(truth, outputs)[1] > 0
    assert negative_elbo(np.array([80.0]), np.array([20.0])) == [100.0]


def test_whitened_vectors_have_variance_one_and_their_length_is_mahalanobis():
    vectors = (RNG(0).normal(size=(4000, 5)) @ RNG(1).normal(size=(5, 5)) + 3).astype(np.float32)
    whitening = fit_whitening(vectors)
    np.testing.assert_allclose(np.cov(whitening(vectors).T), np.eye(5), atol=2e-3)
    far = vectors[:3] * 4
    centred = far - vectors.mean(axis=0)
    expected = np.sqrt(np.einsum("nd,de,ne->n", centred, np.linalg.inv(np.cov(vectors.T)), centred))
    np.testing.assert_allclose(whitening.distance(far), expected, rtol=1e-3)


def test_whitening_leaves_out_what_never_varies():
    vectors = np.concatenate([RNG(0).normal(size=(500, 2)), np.ones((500, 3))], axis=1).astype(np.float32)
    whitening = fit_whitening(vectors)
    assert whitening.directions.shape == (5, 2)
    assert np.isfinite(whitening.distance(vectors + 5)).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_neighbours_are_those_of_all_distances(dtype, monkeypatch):
    monkeypatch.setattr("aecore.anomaly.scores.BLOCK_VALUES", 700)
    reference, vectors = RNG(0).normal(size=(301, 6)).astype(dtype), RNG(1).normal(size=(23, 6)).astype(np.float32)
    every = np.sqrt(np.square(vectors[:, None] - reference.astype(np.float32)).sum(axis=2))
    expected = np.sort(every, axis=1)[:, :3].mean(axis=1)
    np.testing.assert_allclose(neighbour_distance(reference, vectors), expected, rtol=1e-3)
    assert neighbour_distance(reference[:2], vectors[:1])[0] == pytest.approx(every[0, :2].mean(), rel=1e-3)


def test_a_pattern_does_not_know_how_strong_it_is():
    layers = [np.abs(RNG(0).normal(size=(200, 8))), RNG(1).normal(size=(200, 3))]
    pattern = fit_pattern(layers)
    np.testing.assert_allclose(pattern(layers), pattern([5 * layer for layer in layers]), atol=1e-5)
    np.testing.assert_allclose(np.square(pattern(layers)).sum(axis=1), 2, rtol=1e-5)


def test_a_pattern_counts_each_unit_in_its_own_standard_deviations():
    layer = RNG(0).normal(size=(500, 4))
    plain, scaled = (fit_pattern([array]) for array in (layer, layer * [1, 2, 3, 0.5]))
    expected = layer / layer.std(axis=0)
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(proportions([layer], plain.stddevs), expected, atol=0.02)
    np.testing.assert_allclose(proportions([layer * [1, 2, 3, 0.5]], scaled.stddevs), expected, atol=0.04)


def test_what_the_directions_leave_out_counts_as_if_it_were_like_nothing_else():
    rng = np.random.default_rng(0)
    usual = np.concatenate([rng.random((200, 3)) + 1, np.zeros((200, 2))], axis=1)  # two units that never wake
    pattern = fit_pattern([usual], size=3)
    stranger = np.array([[1.5, 1.5, 1.5, 0.01, 0.0]])
    known, strange = (neighbour_distance(pattern.reference([usual]), pattern([one])) for one in (usual[:1], stranger))
    assert strange > 3 * known
    whole = fit_pattern([usual], size=5)
    expected = neighbour_distance(whole.reference([usual]), whole([stranger]))
    np.testing.assert_allclose(strange, expected, rtol=1e-4)


def test_few_directions_keep_the_distances_of_patterns_that_lie_along_them():
    layer = RNG(0).normal(size=(300, 3)) @ RNG(1).normal(size=(3, 40))
    whole, few = fit_pattern([layer], size=40)([layer]), fit_pattern([layer], size=3)([layer])
    assert few.shape == (300, 5)
    np.testing.assert_allclose(
        np.linalg.norm(few[:9] - few[9:18], axis=1), np.linalg.norm(whole[:9] - whole[9:18], axis=1), rtol=1e-3
    )


def test_units_that_never_vary_do_no_harm():
    layer = np.concatenate([RNG(0).normal(size=(500, 4)), np.zeros((500, 1))], axis=1)
    pattern = fit_pattern([layer])
    assert np.isfinite(pattern([layer + 1])).all() and np.isfinite(pattern([0 * layer])).all()


def test_aggregations_along_the_path_in_closed_form():
    layers, again = [np.array([[1.0, 2.0]]), np.array([[3.0]])], [np.array([[1.0, 0.0]]), np.array([[6.0]])]
    differences = path_difference(layers, again)
    assert differences.tolist() == [[0, 2, -3]] and simple_aggregation(differences).tolist() == [13]
    usual = (RNG(0).normal(size=(3000, 3)) * [1, 2, 3]).astype(np.float32)
    assert normalised_aggregation(fit_whitening(usual), differences)[0] == pytest.approx(1 + 1, rel=0.1)


def test_a_combination_is_fitted_on_held_out_images_and_has_their_mean_0():
    held_out = np.exp(RNG(0).normal(size=(3, 400)) * [[1], [5], [0.1]] + [[0], [3], [9]])
    combination = fit_combination(held_out)
    assert combination(held_out).mean() == pytest.approx(0, abs=1e-9)
    assert combination(held_out * np.exp([[1], [5], [0.1]])).mean() == pytest.approx(1, rel=0.1)
    assert combination.appended(held_out).shape == (4, 400)
    assert np.isfinite(fit_combination(np.ones((2, 9)))(np.zeros((2, 3)))).all()


def test_a_score_of_weight_0_takes_no_part_in_a_combination():
    held_out = np.exp(np.random.default_rng(0).normal(size=(3, 400)))
    alone, weighted = fit_combination(held_out[:2], [3, 1]), fit_combination(held_out, [3, 1, 0])
    assert weighted(held_out) == pytest.approx(alone(held_out[:2]))
    assert combination_weights(SCORES)[0] > 0 and combination_weights(("squared_error", "ssim_error")) == [1, 1]
    assert set(COMBINES) < set(SCORES)


def test_the_default_score_follows_from_how_many_kinds_are_normal():
    assert default_score(SCORES, one_kind=False) != default_score(SCORES, one_kind=True) == COMBINED
    assert default_score(("squared_error", "ssim_error", COMBINED), one_kind=True) == "squared_error"


def test_every_score_has_a_sentence_and_the_combination_is_last():
    assert all(score.title and score.explanation.endswith(".") for score in SCORES.values())
    assert scores_of(True, True) == tuple(SCORES) and scores_of(True, True)[-1] == COMBINED
    assert scores_of(False, False) == ("squared_error", "ssim_error", "combined")
    assert "negative_elbo" not in scores_of(True, False)


def test_published_tables_are_whole():
    for protocol in PROTOCOLS.values():
        assert protocol.dataset in DATASETS and protocol.reported
        for row in protocol.reported:
            assert row.source and 0.5 < row.mean < 1
            assert not row.classes or np.mean(row.classes) == pytest.approx(row.mean, abs=0.006)
    assert PROTOCOLS["mnist-one-out"].normal_classes(9) == tuple(range(9))
    assert PROTOCOLS["mnist-one-class"].normal_classes(3) == (3,)


class TestOwnPicture:
    def test_a_drawing_of_the_right_size_stays_as_it_is(self):
        drawn = RNG(0).integers(0, 256, (28, 28, 1), np.uint8)
        picture, notes = fitting(drawn, (28, 28, 1))
        np.testing.assert_array_equal(picture, drawn)
        assert notes == []

    def test_a_figure_on_paper_is_inverted_scaled_and_centred(self):
        photo = np.full((200, 300, 3), 230, np.uint8) + RNG(0).integers(0, 6, (200, 300, 1)).astype(np.uint8)
        photo[40:160, 50:70] = 20
        picture, notes = fitting(photo, (28, 28, 1), on_black=True, digit=True)
        rows, columns = (np.flatnonzero(picture[..., 0].max(axis=axis) > 60) for axis in (1, 0))
        assert len(rows) == 20 and 3 <= len(columns) <= 5 and picture.max() > 200
        assert abs(rows.mean() - 13.5) <= 0.5 and abs(columns.mean() - 13.5) <= 0.5
        assert "bright" in notes[0] and "centred" in notes[1]

    def test_other_pictures_are_cropped_and_said_to_be(self):
        picture, notes = fitting(RNG(0).integers(0, 256, (50, 90, 1), np.uint8), (32, 32, 3))
        assert picture.shape == (32, 32, 3) and "32 × 32 px" in notes[0]

    @pytest.mark.parametrize("options", [{}, {"on_black": True, "digit": True}])
    def test_an_empty_picture_gets_a_sentence(self, options):
        with pytest.raises(RequestError, match="one colour"):
            fitting(np.full((28, 28, 1), 255, np.uint8), (28, 28, 1), **options)

    @pytest.mark.parametrize("content", [b"no array", b""])
    def test_a_file_that_is_no_drawing_gets_a_sentence(self, tmp_path, content):
        (tmp_path / "picture.npy").write_bytes(content)
        with pytest.raises(RequestError, match="draw it again"):
            read_drawing(tmp_path / "picture.npy")

    @pytest.mark.parametrize("array", [np.zeros((3, 3), np.uint8), np.zeros((3, 3, 1)), np.zeros((0, 3, 1), np.uint8)])
    def test_an_array_that_is_no_picture_gets_a_sentence(self, tmp_path, array):
        np.save(tmp_path / "picture.npy", array)
        with pytest.raises(RequestError, match="array of bytes"):
            read_drawing(tmp_path / "picture.npy")


class TestViews:
    def test_are_the_image_and_the_same_moved_and_turned(self):
        images = np.random.default_rng(0).integers(0, 256, (3, 28, 28, 1), dtype=np.uint8)
        seen = list(views(images))
        assert len(seen) == 7 and all(view.shape == images.shape and view.dtype == np.uint8 for view in seen)
        np.testing.assert_array_equal(seen[0], images)
        np.testing.assert_array_equal(seen[1][:, 1:], images[:, :-1])
        np.testing.assert_array_equal(seen[4][:, :, :-1], images[:, :, 1:])

    @pytest.mark.parametrize("shape", [(1, 1, 1, 1), (0, 8, 8, 3), (2, 9, 40, 3)])
    def test_of_any_shape(self, shape):
        images = np.full(shape, 0.25, np.float32)
        for view in views(images):
            np.testing.assert_allclose(view, images)

    def test_turning_back_is_nearly_the_image(self):
        rows, columns = np.mgrid[:29, :29] - 14.0
        image = np.exp(-(np.square(rows / 8) + np.square(columns / 3)) / 2)[None, :, :, None].astype(np.float32)
        left = list(views(image))[5]
        there_and_back = list(views(left))[6]
        assert np.abs(there_and_back - image).max() < 0.1 < np.abs(left - image).max()

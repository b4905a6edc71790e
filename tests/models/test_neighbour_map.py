import keras
import numpy as np
import pytest
from keras import ops
from scipy.spatial.distance import cdist

from aecore.models.neighbour_layers import affinities, divergence, squared_distances, strokes
from aecore.models.neighbour_map import NeighbourMap
from aecore.training.backend import Stepper
from tests.models.small import batch, binary_crossentropy, network

ROWS = np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32)


def student(codes):
    """Neighbourhood of codes by Student's t, as t-SNE defines it."""
    near = 1 / (1 + cdist(codes, codes) ** 2)
    np.fill_diagonal(near, 0)
    return (near / near.sum()).astype(np.float32)


def test_squared_distances_are_scipys():
    np.testing.assert_allclose(np.asarray(squared_distances(ROWS)), cdist(ROWS, ROWS) ** 2, atol=1e-4)


class TestAffinities:
    @pytest.mark.parametrize("perplexity", [3, 10])
    def test_are_those_of_tsne(self, perplexity):
        found = np.asarray(affinities(ops.convert_to_tensor(ROWS), perplexity))
        assert found.sum() == pytest.approx(1, abs=1e-5) and not np.diag(found).max() > 1e-9
        np.testing.assert_allclose(found, found.T, atol=1e-8)
        squared = cdist(ROWS, ROWS) ** 2
        np.fill_diagonal(squared, np.inf)
        expected = np.zeros_like(squared)
        for row, distances in enumerate(squared):
            low, high = 1e-3, 1e3
            for _ in range(60):
                precision = np.sqrt(low * high)
                chances = np.exp(-precision * (distances - distances.min()))
                chances /= chances.sum()
                entropy = -np.sum(chances * np.log(chances + 1e-30))
                low, high = (precision, high) if entropy > np.log(perplexity) else (low, precision)
            expected[row] = chances
        expected = (expected + expected.T) / (2 * len(ROWS))
        np.testing.assert_allclose(found, expected, atol=2e-4)

    def test_in_a_batch_smaller_than_the_perplexity_there_are_neighbours_too(self):
        for count in (2, 5):
            found = np.asarray(affinities(ops.convert_to_tensor(ROWS[:count]), 50.0))
            assert np.isfinite(found).all() and found.sum() == pytest.approx(1, abs=1e-5)

    def test_images_that_are_all_alike_do_no_harm(self):
        assert np.isfinite(np.asarray(affinities(ops.ones((6, 4)), 2.0))).all()


class TestDivergence:
    codes = np.random.default_rng(1).normal(size=(30, 2)).astype(np.float32)

    def test_is_nothing_where_the_neighbours_are_the_same(self):
        assert float(divergence(student(self.codes), self.codes, 1.0)) == pytest.approx(0, abs=1e-5)

    def test_is_that_of_the_two_distributions(self):
        near, seen = student(np.random.default_rng(2).normal(size=(30, 2))), student(self.codes)
        expected = np.sum(near * np.log((near + 1e-12) / (seen + 1e-12)))
        assert float(divergence(near, self.codes, 1.0)) == pytest.approx(expected, abs=1e-4)

    def test_exaggeration_counts_attraction_more_than_once(self):
        near = student(self.codes)
        attraction = np.sum(near * np.log(1 + cdist(self.codes, self.codes) ** 2))
        assert float(divergence(near, self.codes, 4.0)) == pytest.approx(3 * attraction, rel=1e-4)


def bar(slope, offset=0.0):
    """A picture (28, 28, 1) of one line."""
    y, x = np.mgrid[-14:14, -14:14]
    return np.exp(-np.square(np.cos(slope) * x + np.sin(slope) * y - offset))[..., None].astype(np.float32)


def test_a_stroke_that_is_moved_stays_alike_and_one_that_is_turned_does_not():
    images = np.stack([bar(0), bar(0, 2), bar(np.pi / 2)])
    features, pixels = np.asarray(strokes(images)), images.reshape(3, -1)

    def share(rows):
        """How far the moved one is, for each step to the turned one."""
        return np.linalg.norm(rows[1] - rows[0]) / np.linalg.norm(rows[2] - rows[0])

    assert share(features) < 0.8 * share(pixels)


@pytest.mark.parametrize("shape", [(3, 8, 8, 1), (3, 17, 22, 3), (3, 96, 64, 3)])
def test_strokes_of_any_image_are_few_numbers(shape):
    features = np.asarray(strokes(np.random.default_rng(0).random(shape, dtype=np.float32)))
    assert features.shape[0] == 3 and features.shape[1] <= 4 * 14 * 14 and np.isfinite(features).all()


def test_what_is_alike_comes_together():
    rng = np.random.default_rng(0)
    kinds = rng.random((3, 16, 16, 1), dtype=np.float32)
    labels = np.repeat([0, 1, 2], 20)
    images = np.clip(kinds[labels] + rng.normal(0, 0.1, (60, 16, 16, 1)), 0, 1).astype(np.float32)
    built = network(NeighbourMap(widths=(32,), perplexity=5.0))
    stepper = Stepper(built, binary_crossentropy, keras.optimizers.Adam(0.01))
    stepper.steps(np.stack([images] * 60), np.stack([images] * 60), 60)
    codes = np.asarray(built.get_layer("encoder")(images))
    distances = cdist(codes, codes)
    same = labels[:, None] == labels
    assert distances[same].mean() < 0.3 * distances[~same].mean()


def test_the_term_counts_in_training_only_and_weighs_what_is_asked():
    inputs, _ = batch()

    def added(weight, **call):
        built = network(NeighbourMap(widths=(16,), weight=weight))
        built(inputs, **call)
        return float(sum(built.losses))

    assert added(1.0, training=False) == 0 and added(0.0, training=True) == 0
    assert added(2.0, training=True) == pytest.approx(2 * added(1.0, training=True), rel=1e-4) != 0

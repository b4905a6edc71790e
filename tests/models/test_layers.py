import keras
import numpy as np
import pytest
from keras import ops

from aecore.images import resize
from aecore.models.layers import (
    MARGIN,
    Bounded,
    DepthToSpace,
    Resize,
    SpaceToDepth,
    Sparsity,
    UpsampledConv2D,
    bernoulli_kl,
    crop,
)
from aecore.training.backend import Stepper
from aecore.training.losses import LOSS_FUNCTIONS


def pictures(*shape):
    return np.random.default_rng(0).random(shape, dtype=np.float32)


@pytest.mark.parametrize("size", [(14, 20), (21, 10), (4, 3), (7, 10)])
def test_resizing_is_that_of_the_image_functions(size):
    images = pictures(2, 7, 10, 3)
    np.testing.assert_allclose(np.asarray(Resize(*size)(images)), resize(images, size), atol=2e-6)


@pytest.mark.parametrize("shape", [(2, 5, 6, 3), (1, 1, 1, 2)])
def test_upsampling_and_convolution_in_one_are_the_two_one_after_the_other(shape):
    together = UpsampledConv2D(4, activation="relu", bias_initializer="normal")
    found = np.asarray(together(pictures(*shape)))
    apart = keras.layers.Conv2D(4, 3, padding="same", activation="relu")
    enlarged = pictures(*shape).repeat(2, axis=1).repeat(2, axis=2)
    apart.build(enlarged.shape)
    apart.set_weights(together.get_weights())
    np.testing.assert_allclose(found, np.asarray(apart(enlarged)), atol=1e-6)
    assert together.compute_output_shape(shape) == found.shape


def test_channels_become_neighbouring_pixels():
    x = np.arange(8, dtype=np.float32).reshape(1, 1, 1, 8)
    expected = np.array([[[0, 1], [2, 3]], [[4, 5], [6, 7]]])
    np.testing.assert_array_equal(np.asarray(DepthToSpace(2)(x))[0], expected)
    assert DepthToSpace(2)(pictures(3, 4, 5, 12)).shape == (3, 8, 10, 3)


def test_a_surplus_is_cut_off_and_nothing_is_done_without_one():
    x = keras.Input((8, 12, 3))
    assert crop(x, (7, 10, 3)).shape == (None, 7, 10, 3)
    assert crop(x, (8, 12)) is x


class TestBounded:
    def after_training(self, loss, start, target):
        """Where a pixel whose correction begins at `start` ends."""
        image = keras.Input((1, 1, 1))
        change = keras.layers.Conv2D(1, 1, bias_initializer=keras.initializers.Constant(start))
        model = keras.Model(image, Bounded()(image, change(image)))
        stepper = Stepper(model, LOSS_FUNCTIONS[loss], keras.optimizers.Adam(0.02))
        black, wanted = np.zeros((800, 1, 1, 1, 1), np.float32), np.full((800, 1, 1, 1, 1), target, np.float32)
        stepper.steps(black, wanted, 800)
        return stepper.predict(black[0]).item(), model.get_weights()[1].item()

    @pytest.mark.parametrize("loss", ["mse", "bce", "mae"])
    @pytest.mark.parametrize("start", [-0.5, 1.5])
    def test_a_pixel_out_of_range_comes_back(self, loss, start):
        output, _ = self.after_training(loss, start, target=0.5)
        assert 0.3 < output < 0.7

    @pytest.mark.parametrize("loss", ["mse", "bce", "mae"])
    def test_a_pixel_that_is_right_is_not_pushed_further(self, loss):
        output, correction = self.after_training(loss, -0.5, target=0.0)
        assert output == pytest.approx(MARGIN) and correction == pytest.approx(-0.5)


class TestSparsity:
    def added(self, codes, **settings):
        layer = Sparsity(**{"penalty": "l1", "weight": 2.0, "rate": 0.1, **settings})
        np.testing.assert_array_equal(np.asarray(layer(codes)), codes)
        return float(ops.convert_to_numpy(sum(layer.losses)))

    def test_l1_charges_for_the_mean_activity(self):
        assert self.added(np.array([[1.0, 0.0], [0.0, 3.0]], np.float32)) == pytest.approx(2.0)

    def test_kl_is_nothing_at_the_target_and_grows_on_both_sides(self):
        at = [self.added(np.full((4, 3), rate, np.float32), penalty="kl") for rate in (0.01, 0.1, 0.5)]
        assert at[1] == pytest.approx(0, abs=1e-6) and at[0] > 0.1 and at[2] > 0.1

    def test_kl_of_two_coins(self):
        expected = 0.1 * np.log(0.1 / 0.5) + 0.9 * np.log(0.9 / 0.5)
        assert float(bernoulli_kl(0.1, ops.convert_to_tensor(0.5))) == pytest.approx(expected, rel=1e-5)


def test_pixels_turned_into_channels_and_back_are_the_same_pixels():
    images = np.random.default_rng(0).random((2, 6, 9, 3), dtype=np.float32)
    there = SpaceToDepth(3)(images)
    assert there.shape == (2, 2, 3, 27)
    np.testing.assert_array_equal(np.asarray(DepthToSpace(3)(there)), images)


def test_sides_that_do_not_divide_are_continued():
    assert SpaceToDepth(4)(np.ones((1, 5, 8, 1), np.float32)).shape == (1, 2, 2, 16)

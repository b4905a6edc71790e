import math

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from aecore import metrics
from aecore.metrics import (
    brightness,
    finite_mean,
    format_psnr,
    keras_accuracy,
    mse,
    psnr,
    psnr_of_brightness,
    ssim,
    ssim_of_brightness,
)


@pytest.fixture
def pair():
    rng = np.random.default_rng(0)
    truth = rng.random((4, 20, 25, 3), dtype=np.float32)
    return truth, np.clip(truth + rng.normal(0, 0.1, truth.shape), 0, 1).astype(np.float32)


@pytest.mark.parametrize("error, decibels", [(0.1, 20), (1.0, 0), (0.01, 40)])
def test_an_error_of_a_tenth_everywhere_is_20_db(error, decibels):
    black = np.zeros((2, 8, 8, 1), np.float32)
    assert psnr(black, black + np.float32(error)) == pytest.approx([decibels] * 2, abs=1e-4)


def test_identical_images_are_said_to_be_identical():
    image = np.ones((1, 8, 8, 1), np.float32)
    assert math.isinf(psnr(image, image)[0])
    assert finite_mean(psnr(image, image)) is None
    assert format_psnr(None) == "identical" and format_psnr(24.08) == "24.1 dB"


def test_psnr_and_ssim_are_scikit_images(pair):
    truth, images = pair
    for index, (a, b) in enumerate(zip(truth, images, strict=True)):
        assert psnr(truth, images)[index] == pytest.approx(peak_signal_noise_ratio(a, b, data_range=1.0), abs=1e-4)
        expected = structural_similarity(a, b, data_range=1.0, channel_axis=-1)
        assert ssim(truth, images)[index] == pytest.approx(expected, abs=1e-6)


def test_ssim_of_an_image_with_itself_is_one(pair):
    assert ssim(pair[0], pair[0]) == pytest.approx([1.0] * 4)


def test_there_is_one_number_for_each_image(pair):
    for metric in (mse, psnr, ssim):
        assert metric(*pair).shape == (4,)
        assert metric(pair[0][:0], pair[1][:0]).shape == (0,)


def test_ssim_says_that_it_needs_a_window():
    small = np.zeros((1, 6, 9, 1), np.float32)
    with pytest.raises(ValueError, match="at least 7 px"):
        ssim(small, small)


def test_keras_accuracy_is_the_share_of_pixels_whose_strongest_channel_agrees():
    truth = np.array([[[[0.9, 0.1, 0.0], [0.1, 0.9, 0.0]]]], np.float32)
    images = np.array([[[[0.6, 0.5, 0.0], [0.6, 0.5, 0.0]]]], np.float32)
    assert keras_accuracy(truth, images) == 0.5
    assert keras_accuracy(np.array([[[[1.0], [0.5]]]]), np.array([[[[0.7], [0.7]]]])) == 0.5


class TestBrightness:
    @pytest.fixture
    def pictures(self):
        rng = np.random.default_rng(0)
        truth = rng.integers(0, 256, (60, 47, 3), dtype=np.uint8)
        return truth, np.clip(truth + rng.normal(0, 12, truth.shape), 0, 255).astype(np.uint8)

    def test_goes_from_16_to_235_and_grey_counts_as_a_colour(self):
        shades = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
        assert brightness(shades)[0, 0] == 16 and brightness(shades)[-1, -1] == pytest.approx(235)
        np.testing.assert_allclose(brightness(shades), brightness(shades.repeat(3, axis=-1)))
        assert brightness(np.array([[[0, 255, 0]]], np.uint8)) == pytest.approx(16 + 128.553)

    def test_one_level_of_grey_everywhere_is_49_4_db(self):
        grey = np.full((20, 20, 1), 100, np.uint8)
        expected = 20 * np.log10(255 / (219 / 255))
        assert psnr_of_brightness(grey, grey + np.uint8(1), 2) == pytest.approx(expected, abs=1e-3)

    def test_what_lies_in_the_border_does_not_count(self):
        truth = np.full((30, 30, 3), 90, np.uint8)
        framed = truth.copy()
        framed[:3] = framed[-3:] = framed[:, :3] = framed[:, -3:] = 0
        assert math.isinf(psnr_of_brightness(truth, framed, 3)) and not math.isinf(psnr_of_brightness(truth, framed, 2))
        assert ssim_of_brightness(truth, framed, 3) == pytest.approx(1)

    @pytest.mark.parametrize("border", [0, 2, 4])
    def test_ssim_is_that_of_the_paper_with_its_gaussian_window(self, pictures, border):
        planes = [brightness(side)[border : 60 - border, border : 47 - border] for side in pictures]
        options = {"data_range": 255, "gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
        expected = structural_similarity(*planes, **options)
        assert ssim_of_brightness(*pictures, border) == pytest.approx(expected, abs=1e-9)

    def test_in_bands_it_is_the_same(self, pictures, monkeypatch):
        at_once = psnr_of_brightness(*pictures, 2), ssim_of_brightness(*pictures, 2)
        monkeypatch.setattr(metrics, "BAND", 7)
        assert (psnr_of_brightness(*pictures, 2), ssim_of_brightness(*pictures, 2)) == pytest.approx(at_once)

    def test_ssim_says_that_it_needs_a_window(self):
        small = np.zeros((14, 40, 3), np.uint8)
        with pytest.raises(ValueError, match="needs 11 px"):
            ssim_of_brightness(small, small, 2)

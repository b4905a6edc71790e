import math

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from aecore.metrics import finite_mean, format_psnr, keras_accuracy, mse, psnr, ssim


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

"""How alike two images are. Everything takes image arrays (N, H, W, C) in [0, 1] and gives one number per image, but
what is measured on brightness: that takes one picture as a file holds it, however large.
"""

import math

import numpy as np
from scipy.ndimage import correlate1d, uniform_filter

SSIM_WINDOW = 7  # px; the side of the window, scikit-image's default
STUDIO = np.array([65.481, 128.553, 24.966])  # ITU-R BT.601: brightness from 16 (black) to 235 (white)
GAUSS_WINDOW, GAUSS_STDDEV = 11, 1.5  # px; the window of the paper's own SSIM
BAND = 256  # rows of a large picture at once


def mse(truth: np.ndarray, images: np.ndarray) -> np.ndarray:
    """Mean squared error of each image.

    Args:
        truth: (N, H, W, C), values in [0, 1].
        images: The same shape and range.

    Returns:
        (N,) float64.
    """
    error = truth.astype(np.float32) - images.astype(np.float32)
    return np.mean(np.square(error), axis=tuple(range(1, truth.ndim)), dtype=np.float64)


def psnr(truth: np.ndarray, images: np.ndarray) -> np.ndarray:
    """Peak signal-to-noise ratio of each image in dB, infinite where two images are identical.

    >>> float(psnr(np.zeros((1, 2, 2, 1)), np.full((1, 2, 2, 1), 0.1)).round(6)[0])
    20.0
    """
    return psnr_of_mse(mse(truth, images))


def psnr_of_mse(error: np.ndarray) -> np.ndarray:
    """PSNR in dB of mean squared errors on the 0–1 scale; infinite for 0."""
    with np.errstate(divide="ignore"):
        return -10 * np.log10(np.asarray(error, dtype=np.float64))


def ssim(truth: np.ndarray, images: np.ndarray) -> np.ndarray:
    """Structural similarity of each image, at most 1 (Wang et al. 2004, doi:10.1109/TIP.2003.819861).

    The values of scikit-image's `structural_similarity`, for many small images at once.

    Args:
        truth: (N, H, W, C), values in [0, 1], each side at least 7 px.
        images: The same shape and range.

    Returns:
        (N,) float64; colour images give the mean over channels.
    """
    if min(truth.shape[1:3]) < SSIM_WINDOW:
        raise ValueError(f"SSIM needs images of at least {SSIM_WINDOW} px a side; received {truth.shape[1:3]}.")
    first, second = 0.01**2, 0.03**2  # the paper's stabilisers, for values in [0, 1]
    unbiased = SSIM_WINDOW**2 / (SSIM_WINDOW**2 - 1)
    truth, images = truth.astype(np.float64), images.astype(np.float64)

    def window_mean(values: np.ndarray) -> np.ndarray:
        return uniform_filter(values, (1, SSIM_WINDOW, SSIM_WINDOW, 1))

    mean_t, mean_i = window_mean(truth), window_mean(images)
    variance_t = unbiased * (window_mean(truth**2) - mean_t**2)
    variance_i = unbiased * (window_mean(images**2) - mean_i**2)
    covariance = unbiased * (window_mean(truth * images) - mean_t * mean_i)
    likeness = (2 * mean_t * mean_i + first) * (2 * covariance + second)
    values = likeness / ((mean_t**2 + mean_i**2 + first) * (variance_t + variance_i + second))
    edge = SSIM_WINDOW // 2
    return values[:, edge:-edge, edge:-edge].mean(axis=(1, 2, 3))


def brightness(image: np.ndarray) -> np.ndarray:
    """Y of a picture as super-resolution is measured on, not rounded.

    Args:
        image: (H, W, 3) or (H, W, 1) uint8; grey counts as a colour.

    Returns:
        (H, W) float64, 16 for black to 235 for white.

    >>> brightness(np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8)).round(3).tolist()
    [[16.0, 235.0]]
    """
    weights = STUDIO if image.shape[-1] == 3 else STUDIO.sum(keepdims=True)
    return 16 + image @ (weights / 255)


def psnr_of_brightness(truth: np.ndarray, image: np.ndarray, border: int) -> float:
    """PSNR in dB on Y, peak 255, by the standard protocol of super-resolution; infinite for identical pictures.

    Args:
        truth: (H, W, C) uint8.
        image: The same shape.
        border: Rows and columns left out on every side: as many as the scale.
    """
    total = count = 0.0
    for first in range(border, len(truth) - border, BAND):
        rows = slice(first, min(first + BAND, len(truth) - border))
        error = brightness(truth[rows]) - brightness(image[rows])
        error = error[:, border : error.shape[1] - border]
        total, count = total + float(np.sum(error**2)), count + error.size
    return float(psnr_of_mse(total / count / 255**2))


def ssim_of_brightness(truth: np.ndarray, image: np.ndarray, border: int) -> float:
    """SSIM on Y with a Gaussian window of 11 px and σ 1.5, where it lies inside (Wang et al. 2004).

    Args:
        truth: (H, W, C) uint8, at least 11 px a side without the border.
        image: The same shape.
        border: Rows and columns left out on every side: as many as the scale.
    """
    height, width = (length - 2 * border for length in truth.shape[:2])
    if min(height, width) < GAUSS_WINDOW:
        raise ValueError(f"SSIM needs {GAUSS_WINDOW} px a side inside the border; received {height} × {width} px.")
    edge, total, count = GAUSS_WINDOW // 2, 0.0, 0
    for first in range(0, height - 2 * edge, BAND):
        last = min(first + BAND, height - 2 * edge)
        rows = slice(border + first, border + last + 2 * edge)
        pair = (brightness(side[rows])[:, border : border + width] for side in (truth, image))
        likeness = _likeness(*pair)[edge:-edge, edge:-edge]
        total, count = total + float(likeness.sum()), count + likeness.size
    return total / count


def _likeness(truth: np.ndarray, image: np.ndarray) -> np.ndarray:
    """SSIM of each place of two planes (H, W) from 0 to 255."""
    first, second = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    places = np.arange(GAUSS_WINDOW) - GAUSS_WINDOW // 2
    window = np.exp(-(places**2) / (2 * GAUSS_STDDEV**2))
    window /= window.sum()

    def blurred(plane: np.ndarray) -> np.ndarray:
        return correlate1d(correlate1d(plane, window, axis=0), window, axis=1)

    mean_t, mean_i = blurred(truth), blurred(image)
    variance_t, variance_i = blurred(truth**2) - mean_t**2, blurred(image**2) - mean_i**2
    covariance = blurred(truth * image) - mean_t * mean_i
    likeness = (2 * mean_t * mean_i + first) * (2 * covariance + second)
    return likeness / ((mean_t**2 + mean_i**2 + first) * (variance_t + variance_i + second))


def finite_mean(values: np.ndarray) -> float | None:
    """Mean of the finite values, or None when there is none: a PSNR of identical images is not a number of dB."""
    finite = np.asarray(values)[np.isfinite(values)]
    return float(finite.mean()) if finite.size else None


def keras_accuracy(truth: np.ndarray, images: np.ndarray) -> float:
    """What Keras computes for `metrics=["accuracy"]` on image targets, as the published systems report it.

    With three channels it is the share of pixels whose strongest channel agrees; with one channel the share of pixels
    whose target equals the output rounded to black or white. Neither says much about a picture.

    Args:
        truth: (N, H, W, C), values in [0, 1].
        images: The same shape and range.
    """
    if truth.shape[-1] == 1:
        return float(np.mean(truth == (images > 0.5)))
    return float(np.mean(truth.argmax(axis=-1) == images.argmax(axis=-1)))


def format_psnr(value: float | None) -> str:
    """A PSNR for people: "24.1 dB", or "identical" where two images do not differ."""
    return "identical" if value is None or math.isinf(value) else f"{value:.1f} dB"

"""How alike two images are. Everything takes image arrays (N, H, W, C) in [0, 1] and gives one number per image."""

import math

import numpy as np
from skimage.metrics import structural_similarity

SSIM_WINDOW = 7  # px; the side of scikit-image's default window


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

    Args:
        truth: (N, H, W, C), values in [0, 1], each side at least 7 px.
        images: The same shape and range.

    Returns:
        (N,) float64; colour images give the mean over channels.
    """
    if min(truth.shape[1:3]) < SSIM_WINDOW:
        raise ValueError(f"SSIM needs images of at least {SSIM_WINDOW} px a side; received {truth.shape[1:3]}.")
    if not len(truth):
        return np.zeros(0)
    pairs = zip(truth.astype(np.float32), images.astype(np.float32), strict=True)
    return np.array([structural_similarity(a, b, data_range=1.0, channel_axis=-1) for a, b in pairs], dtype=np.float64)


def finite_mean(values: np.ndarray) -> float | None:
    """Mean of the finite values, or None when there is none: a PSNR of identical images is not a number of dB."""
    finite = np.asarray(values)[np.isfinite(values)]
    return float(finite.mean()) if finite.size else None


def keras_accuracy(truth: np.ndarray, images: np.ndarray) -> float:
    """What Keras computes for `metrics=["accuracy"]` on image targets, as the published systems report it.

    With three channels it is the share of pixels whose strongest channel agrees; with one, or with flat vectors, the
    share of values whose rounding equals the target exactly. Neither says much about a picture.

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

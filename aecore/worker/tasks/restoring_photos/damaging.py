"""Photographs damaged in bands, however large they are, and how far a result, damaged again, is from what was given."""

import math
from collections.abc import Callable

import numpy as np

from aecore.corruptions import Corruption, GaussianBlur
from aecore.images import BLUR_REACH, LUMA, gaussian_blur, to_float, to_uint8, with_channels
from aecore.large import bands, release
from aecore.metrics import finite_mean, psnr_of_mse, ssim_of_brightness

SEED = 20_260_101  # the same picture gets the same noise
MAP_SIDE = 512  # px; longest side of the map
LEAST_SSIM = 11  # px a side
FITTED = np.arange(0, 31) / 10  # px; blurs that are tried
FIT_SIDE = 320  # px of the middle that they are tried on
Check = Callable[[], None]


def damage_photo(pixels: np.ndarray, out: np.ndarray, corruption: Corruption, check: Check) -> None:
    """Damages a photograph.

    Args:
        pixels: (H, W, C) uint8; may lie on disk.
        out: The same shape, takes the damaged one.
        corruption: Noise, or a blur of one strength.
        check: Is called before every band, and may raise to stop.
    """
    margin = _margin(corruption.stddev) if isinstance(corruption, GaussianBlur) else 0
    for first, last in bands(pixels.shape, pixels.shape[:2]):
        check()
        begin, end = max(0, first - margin), min(len(pixels), last + margin)
        made = corruption(to_float(np.asarray(pixels[begin:end]))[None], np.random.default_rng([SEED, first]))[0]
        out[first:last] = to_uint8(made[first - begin : last - begin])
        release(pixels, out)


def grey_photo(pixels: np.ndarray, out: np.ndarray, check: Check) -> None:
    """The brightness of a photograph (H, W, C) uint8, written to `out` (H, W, 1)."""
    for first, last in bands(pixels.shape, pixels.shape[:2]):
        check()
        out[first:last] = with_channels(np.asarray(pixels[first:last]), 1)
        release(pixels, out)


def fitting_blur(given: np.ndarray, made: np.ndarray) -> float:
    """The blur (σ in px) that makes a result most like what was given, looked for in the middle of the picture.

    Args:
        given: (H, W, C) uint8.
        made: The same shape.
    """
    sides = [min(FIT_SIDE, length) for length in given.shape[:2]]
    part = tuple(slice((have - side) // 2, (have + side) // 2) for have, side in zip(given.shape, sides, strict=False))
    truth, sharp = (to_float(np.asarray(side[part])).mean(axis=-1, keepdims=True)[None] for side in (given, made))
    errors = [float(np.square(gaussian_blur(sharp, float(stddev)) - truth).mean()) for stddev in FITTED]
    return float(FITTED[int(np.argmin(errors))])


def misfit(given: np.ndarray, made: np.ndarray, check: Check, blur: float = 0.0) -> np.ndarray:
    """How far a result, damaged again, is from what was given.

    Args:
        given: (H, W, C) uint8; one channel where the result was coloured: brightness is compared then.
        made: (H, W, C) or (H, W, 3) uint8.
        check: Is called before every band.
        blur: σ in px by which the result is blurred again.

    Returns:
        (h, w) float32, longest side at most 512 px: the mean absolute error around each place, 0 to 1.
    """
    size, margin = given.shape[:2], _margin(blur)
    cell = -(-max(size) // MAP_SIDE)
    sums = np.zeros(tuple(-(-length // cell) for length in size), np.float32)
    for first, last in bands(given.shape, size, multiple=cell):
        check()
        begin, end = max(0, first - margin), min(size[0], last + margin)
        again = to_float(np.asarray(made[begin:end]))
        if made.shape[2] != given.shape[2]:
            again = again @ LUMA[:, None]
        again = gaussian_blur(again[None], blur)[0, first - begin : last - begin]
        error = np.abs(again - to_float(np.asarray(given[first:last]))).mean(axis=-1)
        rows = np.add.reduceat(error, np.arange(0, last - first, cell), axis=0)
        sums[first // cell : -(-last // cell)] = np.add.reduceat(rows, np.arange(0, size[1], cell), axis=1)
        release(given, made)
    counts = [np.minimum(cell, length - np.arange(0, length, cell)) for length in size]
    return sums / np.outer(*counts).astype(np.float32)


def figures(truth: np.ndarray, given: np.ndarray, made: np.ndarray, check: Check) -> dict[str, float | None]:
    """How close what was given, and what was made of it, come to the truth.

    Args:
        truth: (H, W, C) uint8.
        given: The same shape, or (H, W, 1) where the picture was coloured.
        made: The same shape as the truth.
        check: Is called before every band.

    Returns:
        PSNR over all channels in dB; SSIM of brightness, where colours are not all that is restored. None where it says
        nothing.
    """
    likeness = given.shape == truth.shape and min(truth.shape[:2]) >= LEAST_SSIM
    found = {}
    for name, side in (("", made), ("input_", given)):
        found[f"{name}psnr"] = finite_mean(psnr_of_mse(np.array([error_between(truth, side, check)])))
        check()
        found[f"{name}ssim"] = ssim_of_brightness(truth, side, 0) if likeness else None
    return found


def error_between(first: np.ndarray, second: np.ndarray, check: Check) -> float:
    """Mean squared error of two pictures (H, W, C) uint8 on the 0–1 scale; one of them may be grey."""
    total = 0.0
    for top, bottom in bands(first.shape, first.shape[:2]):
        check()
        difference = to_float(np.asarray(first[top:bottom])) - to_float(np.asarray(second[top:bottom]))
        total += float(np.sum(np.square(difference), dtype=np.float64))
        release(first, second)
    return total / first.size


def _margin(blur: float) -> int:
    """As far as a blur reaches, in px."""
    return math.ceil(BLUR_REACH * blur) + 1 if blur else 0

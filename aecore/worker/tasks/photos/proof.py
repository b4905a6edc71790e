"""The proof on a photograph of one's own: made smaller, so that the truth is known, and enlarged back."""

import time
from typing import Any

import numpy as np

from aecore.corruptions import Shrink, Worn
from aecore.enlargers import Enlarger
from aecore.errors import RequestError
from aecore.images import to_float, to_uint8
from aecore.metrics import finite_mean, psnr_of_brightness, ssim_of_brightness
from aecore.photo import for_screen
from aecore.worker.enlarging import Means, enlarge, kernel, means_of
from aecore.worker.job import Job, task
from aecore.worker.tasks.photos.settings import enlarger, photograph, several, whole

BUDGET = 40.0  # seconds; of a large photograph so much of the middle is taken as all models do in this time
FEWEST_PIXELS, MOST_PIXELS = 1_000_000, 12_000_000
LEAST = 16  # px that are left of each side when it is made smaller
DETAIL = 192  # px of the truth
PLAIN = ("bicubic", "lanczos")


@task("enlarge_prove", lane="medium", warm=True)
def prove(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Says which model comes closest to the truth on a photograph."""
    worn = bool(arguments.get("worn", False))
    models, scale = several(arguments, at_least=1 if worn else 2), arguments["scale"]
    photo = photograph(job)
    truth, notes = _middle(photo.pixels, scale, _affordable(models)), []
    if truth.size < 0.95 * photo.pixels.size:
        notes.append(f"Measured on the middle of the photograph, {truth.shape[1]} × {truth.shape[0]} px.")
    small = worsened(truth, scale) if worn else shrunk(truth, scale, "bicubic")
    means = {name: kernel(name, scale) for name in (PLAIN if scale > 1 else PLAIN[:1])} | {
        model.name: means_of(model) for model in models if model.run is not None
    }
    found, crops, part = {}, {}, None
    for place, (name, each) in enumerate(means.items()):
        job.progress(fraction=place / len(means))
        made, found[name] = judged(truth, small, each, job)
        part = part or _worst(truth, made, scale)  # of bicubic, which comes first
        crops[name] = for_screen(made[part], icc=photo.icc)
    lesser = tuple(slice(side.start // scale, side.stop // scale) for side in part)
    shown = {"truth": for_screen(truth[part], icc=photo.icc), "input": for_screen(small[lesser], icc=photo.icc)}
    job.write_arrays("prove.npz", **shown, **crops)
    return {
        "models": found,
        "winner": max(found, key=lambda name: np.inf if found[name]["psnr"] is None else found[name]["psnr"]),
        "width": truth.shape[1],
        "height": truth.shape[0],
        "notes": [*photo.notes, *notes],
    }


@task("enlarge_measure", lane="medium", warm=True)
def measure(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Figures of a model on one whole picture, by the standard protocol."""
    scale, model = whole(arguments, "scale", 2, 4), enlarger(arguments)
    way = Shrink(scale, str(arguments.get("way", "bicubic"))).way
    truth = _multiple(photograph(job).pixels, scale)
    small = shrunk(truth, scale, way)
    _, plain = judged(truth, small, kernel("bicubic", scale), job)
    _, ours = (None, plain) if model.run is None else judged(truth, small, means_of(model), job)
    figures = {"bicubic_psnr": plain["psnr"], "bicubic_ssim": plain["ssim"]}
    return {**ours, **figures, "width": truth.shape[1], "height": truth.shape[0]}


def shrunk(truth: np.ndarray, scale: int, way: str) -> np.ndarray:
    """A picture (H, W, C) uint8 made smaller in one of the ways of `Shrink`, rounded to uint8."""
    return to_uint8(Shrink(scale, way)(to_float(truth)[None], np.random.default_rng(0)))[0]


def worsened(truth: np.ndarray, scale: int) -> np.ndarray:
    """A picture (H, W, C) uint8 made smaller and damaged as by `Worn`, by the same amounts whatever it shows."""
    return to_uint8(Worn(scale)(to_float(truth)[None], np.random.default_rng(0)))[0]


def judged(truth: np.ndarray, small: np.ndarray, means: Means, job: Job) -> tuple[np.ndarray, dict[str, Any]]:
    """What a model makes of a small picture, and how close that comes to the truth: psnr, ssim, seconds."""
    means.ready(small.shape[:2])
    made, began = np.empty(truth.shape, np.uint8), time.monotonic()
    enlarge(small, made, means, check=job.check)
    seconds = time.monotonic() - began
    job.check()
    psnr = finite_mean(np.array([psnr_of_brightness(truth, made, means.scale)]))
    return made, {"psnr": psnr, "ssim": ssim_of_brightness(truth, made, means.scale), "seconds": round(seconds, 4)}


def _multiple(pixels: np.ndarray, scale: int) -> np.ndarray:
    """A picture without the rows and columns that do not fill up a pixel of the smaller one.

    Raises:
        RequestError: Too little is left of it.
    """
    height, width = (length // scale * scale for length in pixels.shape[:2])
    if min(height, width) < LEAST * scale:
        raise RequestError(
            f"A picture of {pixels.shape[1]} × {pixels.shape[0]} px is too small to be made {scale} times smaller "
            f"first; it takes {LEAST * scale} px a side."
        )
    return pixels[:height, :width]


def _affordable(models: list[Enlarger]) -> float:
    """As many px as all models enlarge within the budget."""
    seconds = sum((model.seconds(1.0) - model.seconds(0.0)) / model.scale**2 for model in models)
    return float(np.clip(BUDGET / max(seconds, 1e-3) * 1e6, FEWEST_PIXELS, MOST_PIXELS))


def _middle(pixels: np.ndarray, scale: int, most: float) -> np.ndarray:
    """The middle of a picture, at most so many px."""
    pixels = _multiple(pixels, scale)
    share = min(1.0, (most / (pixels.shape[0] * pixels.shape[1])) ** 0.5)
    sides = [max(LEAST, int(length * share) // scale) * scale for length in pixels.shape[:2]]
    top, left = ((length - side) // 2 for length, side in zip(pixels.shape[:2], sides, strict=True))
    return np.ascontiguousarray(pixels[top : top + sides[0], left : left + sides[1]])


def _worst(truth: np.ndarray, made: np.ndarray, scale: int) -> tuple[slice, slice]:
    """The detail in which a result errs most; it begins at whole pixels of the smaller picture."""
    sides = [min(DETAIL, length) // scale * scale for length in truth.shape[:2]]
    places = [
        (top, left)
        for top in range(0, truth.shape[0] - sides[0] + 1, max(scale, sides[0] // 2 // scale * scale))
        for left in range(0, truth.shape[1] - sides[1] + 1, max(scale, sides[1] // 2 // scale * scale))
    ]

    def error(place: tuple[int, int]) -> float:
        part = tuple(slice(start, start + side) for start, side in zip(place, sides, strict=True))
        return float(np.square(truth[part].astype(np.float32) - made[part]).mean())

    top, left = max(places, key=error)
    return slice(top, top + sides[0]), slice(left, left + sides[1])

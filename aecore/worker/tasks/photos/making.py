"""The task that enlarges a photograph."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from aecore.enlargers import SECONDS_FOR_FILE, VIEWS, note_pace
from aecore.images import to_uint8
from aecore.large import Enlarged, bands, release, resized_part, resized_quickly, within
from aecore.metrics import finite_mean, psnr_of_mse
from aecore.photo import ENDINGS, Photo, for_screen, says_where, write_photo
from aecore.worker.enlarging import enlarge as enlarge_pixels
from aecore.worker.enlarging import means_of
from aecore.worker.job import Job, task
from aecore.worker.tasks.photos.kept import Making, making
from aecore.worker.tasks.photos.settings import Wish, photograph

OVERVIEW = 1400  # px; longest side of what a page shows at once
TRUST = 512  # px; longest side of the trust map
READ, MADE, MEASURED = 0.02, 0.85, 0.92  # shares of the work that are done after each phase
Check = Callable[[], None]


@task("enlarge", lane="medium", warm=True)
def enlarge(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Enlarges a photograph; see the interface in this package."""
    began = time.monotonic()
    wish = Wish.of(arguments)
    job.progress(phase="reading", fraction=0.0)
    photo = photograph(job)
    size = wish.size(photo)
    job.check()
    with making(job.folder) as folder:
        given = replace(photo, pixels=folder.store("input", photo.pixels))
        del photo
        job.progress(phase="enlarging", fraction=READ)
        large, tiles, seconds = _enlarged(given, wish, folder, job)
        rest = SECONDS_FOR_FILE * size[0] * size[1] / 1e6
        job.progress(phase="measuring", fraction=MADE, seconds_left=rest)
        made = replace(
            given, pixels=_at_size(large, size, folder, job.check), alpha=_alpha(given, size, folder, job.check)
        )
        error, trust = consistency(given.pixels, made.pixels, job.check)
        job.progress(phase="writing", fraction=MEASURED, seconds_left=rest * (1 - MEASURED) / (1 - MADE))
        output = wish.output
        file = f"enlarged{ENDINGS[output.format]}"
        notes = write_photo(
            made, job.out / file, output.format, output.quality, output.keep_location, job.check, output.dpi
        )
        if wish.views:
            job.write_arrays("overview.npz", **_overview(given, made, wish, job.check))
            job.write_arrays("trust.npz", map=trust)
            folder.keep(given.icc)
    spent, megapixels = time.monotonic() - began, large.shape[0] * large.shape[1] / 1e6
    note_pace(wish.enlarger, megapixels, spent, VIEWS if wish.ensemble else 1)
    if given.exif and says_where(given.exif) and not output.keep_location:
        notes.append("Where it was taken is not in the new file.")
    return {
        "width": size[1],
        "height": size[0],
        "input_width": given.size[1],
        "input_height": given.size[0],
        "seconds": round(spent, 2),
        "tiles": tiles,
        "model": wish.enlarger.name,
        "megapixels_per_second": round(megapixels / max(seconds, 1e-3), 3),
        "notes": [*given.notes, *notes],
        "file": file,
        "bytes": (job.out / file).stat().st_size,
        "psnr_consistency": finite_mean(psnr_of_mse(np.array([error]))),
    }


def _enlarged(photo: Photo, wish: Wish, folder: Making, job: Job) -> tuple[np.ndarray, int, float]:
    """The picture at the model's scale, the number of tiles, and the seconds that it took."""
    scale = wish.enlarger.scale
    height, width = photo.size
    means = means_of(wish.enlarger)
    out = folder.array("result", (height * scale, width * scale, photo.pixels.shape[2]))
    means.ready(photo.size)
    rest, began = SECONDS_FOR_FILE * height * width * scale**2 / 1e6, time.monotonic()

    def progress(done: int, of: int) -> None:
        left = (time.monotonic() - began) / done * (of - done) + rest
        share = READ + (MADE - READ) * done / of
        job.progress(tile=done, tiles=of, fraction=share, seconds_left=left)

    learned = wish.enlarger.run is not None  # bicubic is what it would be blended over
    strength, ensemble = (wish.output.strength, wish.ensemble) if learned else (1.0, False)
    count = enlarge_pixels(photo.pixels, out, means, strength, ensemble, progress, job.check)
    return out, count, time.monotonic() - began


def _at_size(large: np.ndarray, size: tuple[int, int], folder: Making, check: Check) -> np.ndarray:
    """The picture, shrunk where another size than the model's is asked for."""
    if large.shape[:2] == size:
        return large
    folder.rename("result", "large")
    out = folder.array("result", (*size, large.shape[2]))
    _resize(large, out, check)
    folder.drop("large")
    return out


def _alpha(photo: Photo, size: tuple[int, int], folder: Making, check: Check) -> np.ndarray | None:
    """The transparency, by bicubic."""
    if photo.alpha is None:
        return None
    out = folder.array("alpha", size)
    _resize(photo.alpha[..., None], out[..., None], check)
    return out


def _resize(image: np.ndarray, out: np.ndarray, check: Check) -> None:
    for first, last in bands(image.shape, out.shape[:2]):
        check()
        out[first:last] = to_uint8(resized_part(image, out.shape[:2], (first, 0, last, out.shape[1])))
        release(image, out)


def consistency(given: np.ndarray, made: np.ndarray, check: Check) -> tuple[float, np.ndarray]:
    """How far a result, made as small as the picture again, is from it.

    Args:
        given: The picture (h, w, C) uint8.
        made: The result (H, W, C) uint8; where it is the smaller one, the picture is shrunk instead.
        check: Is called before every band.

    Returns:
        The mean squared error on the 0–1 scale, and a map (h, w) float32 of the mean absolute error around each place.
    """
    size = min(given.shape[:2], made.shape[:2])
    cell = -(-max(size) // TRUST)
    grid = tuple(-(-length // cell) for length in size)
    sums, squares = np.zeros(grid, np.float32), 0.0
    for first, last in bands(made.shape, size, multiple=cell):
        check()
        part = (first, 0, last, size[1])
        error = np.abs(resized_part(made, size, part) - resized_part(given, size, part))
        squares += float(np.sum(error**2, dtype=np.float64))
        rows = np.add.reduceat(error.mean(axis=-1), np.arange(0, last - first, cell), axis=0)
        sums[first // cell : -(-last // cell)] = np.add.reduceat(rows, np.arange(0, size[1], cell), axis=1)
        release(given, made)
    counts = [np.minimum(cell, length - np.arange(0, length, cell)) for length in size]
    return squares / (size[0] * size[1] * given.shape[2]), sums / np.outer(*counts).astype(np.float32)


def _overview(given: Photo, made: Photo, wish: Wish, check: Check) -> dict[str, np.ndarray]:
    """What a page shows at once, for the screen: result, bicubic and input, (h, w, 3) uint8."""
    size, small = within(made.size, OVERVIEW), within(given.size, OVERVIEW)
    if size == made.size:
        plain = to_uint8(resized_part(given.pixels, size, (0, 0, *size)))
    else:
        plain = resized_quickly(Enlarged(given.pixels, made.size), size, check)
    result = plain if wish.enlarger.run is None else resized_quickly(made.pixels, size, check)
    clear = clear_small = None
    if made.alpha is not None:
        clear = resized_quickly(made.alpha[..., None], size, check)[..., 0]
        clear_small = resized_quickly(given.alpha[..., None], small, check)[..., 0]
    return {
        "result": for_screen(result, clear, given.icc),
        "bicubic": for_screen(plain, clear, given.icc),
        "input": for_screen(resized_quickly(given.pixels, small, check), clear_small, given.icc),
    }

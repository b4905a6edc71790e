"""The task that restores a photograph."""

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from aecore.enlargers import SECONDS_FOR_FILE, keep_pace
from aecore.large import resized_quickly, within
from aecore.metrics import finite_mean, psnr_of_mse
from aecore.photo import ENDINGS, Photo, check_size, for_screen, says_where
from aecore.restorers import Restorer
from aecore.worker.enlarging import enlarge, means_of_run
from aecore.worker.job import Job, task
from aecore.worker.tasks.photos.blending import written
from aecore.worker.tasks.photos.kept import Making, making
from aecore.worker.tasks.photos.making import MADE, MEASURED, OVERVIEW, READ
from aecore.worker.tasks.photos.settings import photograph
from aecore.worker.tasks.restoring_photos.damaging import (
    damage_photo,
    error_between,
    figures,
    fitting_blur,
    grey_photo,
    misfit,
)
from aecore.worker.tasks.restoring_photos.faces import check_face, restore_face
from aecore.worker.tasks.restoring_photos.holes import check_hole, fill, hole_of
from aecore.worker.tasks.restoring_photos.settings import CLASSICAL, Wish


@dataclass(frozen=True)
class Given:
    """What is to be restored.

    Args:
        photo: The photograph, damaged where that was asked for, and grey where it is to be coloured.
        truth: (H, W, C) uint8, what is to come out; None where nobody knows.
        hole: (H, W) bool, where it is missing; None where nothing is.
    """

    photo: Photo
    truth: np.ndarray | None
    hole: np.ndarray | None


@task("restore_photo", lane="medium", warm=True)
def restore_photo(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Restores a photograph; see the interface in this package."""
    began = time.monotonic()
    wish = Wish.of(arguments)
    network = wish.network
    job.progress(phase="reading", fraction=0.0)
    photo = photograph(job)
    check_size(wish.output.format, *photo.size)
    if wish.subject == "faces":
        check_face(photo.size)
    with making(job.folder) as folder:
        given = prepared(photo, wish, folder, job)
        del photo
        job.progress(phase="restoring", fraction=READ)
        made, tiles, seconds = _restored(given, wish, network, folder, job)
        job.progress(phase="measuring", fraction=MADE)
        found = _measured(given, made, wish, job)
        job.progress(phase="writing", fraction=MEASURED)
        result = replace(given.photo, pixels=made)
        file = f"restored{ENDINGS[wish.output.format]}"
        notes = written(given.photo, result, job.out / file, wish.output, job.check)
        if wish.views:
            job.write_arrays("overview.npz", **_overview(given, result, job))
            folder.keep(given.photo.icc)
    megapixels = made.shape[0] * made.shape[1] / 1e6
    if network is not None:
        keep_pace(network.name, megapixels, time.monotonic() - began)
    if given.photo.exif and says_where(given.photo.exif) and not wish.output.keep_location:
        notes.append("Where it was taken is not in the new file.")
    return {
        "width": made.shape[1],
        "height": made.shape[0],
        "seconds": round(time.monotonic() - began, 2),
        "tiles": tiles,
        "method": network.name if network else CLASSICAL,
        "megapixels_per_second": round(megapixels / max(seconds, 1e-3), 3),
        "notes": [*given.photo.notes, *notes],
        "file": file,
        "bytes": (job.out / file).stat().st_size,
        **found,
    }


def prepared(photo: Photo, wish: Wish, folder: Making, job: Job) -> Given:
    """What is to be restored, on disk from now on.

    Raises:
        RequestError: The mask of a hole is missing or none.
    """
    truth, hole = None, None
    if photo.alpha is not None:
        photo = replace(photo, alpha=folder.store("alpha", photo.alpha))
    if wish.task == "colour":
        grey = folder.array("input", (*photo.size, 1))
        grey_photo(photo.pixels, grey, job.check)
        notes = photo.notes
        if photo.pixels.shape[2] == 3:
            truth = folder.store("truth", photo.pixels)
            notes = (*notes, "It is in colour: it was made grey first, and all colours are guessed from that.")
        photo = replace(photo, pixels=grey, icc=photo.icc if truth is not None else b"", notes=notes)
    elif wish.damage is not None:
        truth = folder.store("truth", photo.pixels)
        damaged = folder.array("input", truth.shape)
        damage_photo(truth, damaged, wish.corruption, job.check)
        photo = replace(photo, pixels=damaged)
    else:
        photo = replace(photo, pixels=folder.store("input", photo.pixels))
    if wish.task == "fill":
        hole = hole_of(job, photo.size)
        if wish.subject == "photos":
            check_hole(hole)
    return Given(photo, truth, hole)


def _restored(
    given: Given, wish: Wish, network: Restorer | None, folder: Making, job: Job
) -> tuple[np.ndarray, int, float]:
    """The result, the number of tiles or holes, and the seconds that it took."""
    pixels, size = given.photo.pixels, given.photo.size
    channels = 3 if wish.task == "colour" else pixels.shape[2]
    out = folder.array("result", (*size, channels))
    if wish.subject == "faces":
        began = time.monotonic()
        out[:] = restore_face(np.asarray(pixels), given.hole, network)
        return out, 1, time.monotonic() - began
    if network is None:
        began = time.monotonic()
        out[:] = pixels
        return out, fill(pixels, out, given.hole, job), time.monotonic() - began
    means = means_of_run(network.run)
    means.ready(size)
    rest, began = SECONDS_FOR_FILE * size[0] * size[1] / 1e6, time.monotonic()

    def progress(done: int, of: int) -> None:
        left = (time.monotonic() - began) / done * (of - done) + rest
        job.progress(tile=done, tiles=of, fraction=READ + (MADE - READ) * done / of, seconds_left=left)

    count = enlarge(pixels, out, means, progress=progress, check=job.check)
    return out, count, time.monotonic() - began


def _measured(given: Given, made: np.ndarray, wish: Wish, job: Job) -> dict[str, Any]:
    """What there is to say of a result in numbers; writes the map of what does not fit."""
    pixels, found = given.photo.pixels, {"blur": None, "changed": None, "figures": None, "hole": None}
    if given.truth is not None:
        found["figures"] = figures(given.truth, pixels, made, job.check)
    if given.hole is not None:
        error = made[given.hole].astype(np.float64) - pixels[given.hole]
        psnr = finite_mean(psnr_of_mse(np.array([np.mean(np.square(error / 255))])))
        found["hole"] = {"pixels": int(given.hole.sum()), "psnr": psnr}
        return found
    if wish.task == "denoise":
        found["changed"] = error_between(pixels, made, job.check) ** 0.5
    if wish.task == "deblur":
        found["blur"] = fitting_blur(pixels, made) if wish.damage is None else wish.damage
    if wish.views:
        job.write_arrays("misfit.npz", map=misfit(pixels, made, job.check, found["blur"] or 0.0))
    return found


def _overview(given: Given, made: Photo, job: Job) -> dict[str, np.ndarray]:
    """What a page shows at once, for the screen: (h, w, 3) uint8 each."""
    size = within(made.size, OVERVIEW)
    clear = None
    if made.alpha is not None:
        clear = resized_quickly(made.alpha[..., None], size, job.check)[..., 0]
    sides = {"result": made.pixels, "input": given.photo.pixels}
    if given.truth is not None:
        sides["truth"] = given.truth
    shown = {}
    for name, pixels in sides.items():
        small = resized_quickly(pixels, size, job.check)
        if name == "input" and given.hole is not None:
            rows, columns = ((np.arange(new) * old // new) for new, old in zip(size, made.size, strict=True))
            small[given.hole[rows][:, columns]] = 0
        shown[name] = for_screen(small, clear, given.photo.icc)
    return shown

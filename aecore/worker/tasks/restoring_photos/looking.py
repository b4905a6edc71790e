"""Looking closely at a restored photograph, and writing it in another strength or format."""

from dataclasses import replace
from typing import Any

import numpy as np

from aecore.engine.folder import JobFolder, read_json
from aecore.errors import NotAtHand, RequestError
from aecore.large import resized_quickly, within
from aecore.photo import ENDINGS, for_screen, read_photo, says_where
from aecore.worker.job import Job, task
from aecore.worker.tasks.photos.blending import written
from aecore.worker.tasks.photos.kept import PIXELS, Kept
from aecore.worker.tasks.photos.looking import WIDEST_LOOK
from aecore.worker.tasks.photos.settings import PICTURE, Output, photograph, whole

SHOWN = 900  # px; longest side of a picture to draw on


@task("restore_photo_look")
def look(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """A detail of a result at full resolution, and of what was given."""
    folder, pixels = _kept(job, arguments)
    height, width = pixels.result.shape[:2]
    left, top = whole(arguments, "left", 0, width - 1), whole(arguments, "top", 0, height - 1)
    rows = slice(top, min(height, top + whole(arguments, "height", 1, WIDEST_LOOK)))
    columns = slice(left, min(width, left + whole(arguments, "width", 1, WIDEST_LOOK)))
    sides = {name: np.array(getattr(pixels, name)[rows, columns]) for name in ("result", "input")}
    job.write_arrays("look.npz", **{name: pixels.shown(side, rows, columns) for name, side in sides.items()})
    folder.use()
    return {"left": left, "top": top, "width": columns.stop - left, "height": rows.stop - top}


@task("restore_photo_show")
def show(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """The picture itself, small, to draw a hole on."""
    photo = photograph(job)
    size, clear = within(photo.size, SHOWN), None
    if photo.alpha is not None:
        clear = resized_quickly(photo.alpha[..., None], size, job.check)[..., 0]
    job.write_arrays("show.npz", picture=for_screen(resized_quickly(photo.pixels, size, job.check), clear, photo.icc))
    return {"width": photo.size[1], "height": photo.size[0]}


@task("restore_photo_file", lane="medium")
def file(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """The same result in another strength or format."""
    output = Output.of(arguments)
    folder, pixels = _kept(job, arguments)
    photo = read_photo(folder.files / PICTURE, "The photograph")
    given, made = (replace(photo, pixels=side, icc=pixels.icc) for side in (pixels.input, pixels.result))
    name = f"restored{ENDINGS[output.format]}"
    notes = written(given, made, job.out / name, output, job.check)
    if photo.exif and says_where(photo.exif) and not output.keep_location:
        notes.append("Where it was taken is not in the new file.")
    height, width = made.size
    folder.use()
    return {"file": name, "bytes": (job.out / name).stat().st_size, "width": width, "height": height, "notes": notes}


def _kept(job: Job, arguments: dict[str, Any]) -> tuple[JobFolder, Kept]:
    """The folder of a finished restoration, and its pixels.

    Raises:
        RequestError: It is none, or not finished.
        NotAtHand: Its pixels went because others needed the room.
    """
    folder = JobFolder(job.folder.parent, arguments.get("job"))
    try:
        finished = read_json(folder.request)["function"] == "restore_photo" and folder.finished() is not None
    except (OSError, ValueError, KeyError):
        finished = False
    if not finished:
        raise RequestError(f"There is no finished restoration {folder.id}; restore the photograph again.")
    place, alpha = folder.path / PIXELS, folder.path / PIXELS / "alpha.npy"
    try:
        arrays = [np.load(place / f"{name}.npy", mmap_mode="r") for name in ("input", "result")]
        clear = np.load(alpha, mmap_mode="r") if alpha.is_file() else None
        return folder, Kept(*arrays, clear, (place / "icc").read_bytes())
    except FileNotFoundError as error:
        raise NotAtHand("The pixels of this result had to make room for others; make it again first.") from error

"""Looking closely at photographs that are enlarged: details of a result, and of every model's."""

import time
from dataclasses import replace
from typing import Any

import numpy as np

from aecore.engine.folder import JobFolder, read_json
from aecore.errors import NotAtHand, RequestError
from aecore.images import to_uint8
from aecore.large import Enlarged, resized_part
from aecore.photo import ENDINGS, for_screen, read_photo
from aecore.tiles import Tile
from aecore.worker.enlarging import Means, enlarge, means_of
from aecore.worker.job import Job, task
from aecore.worker.tasks.photos.blending import written
from aecore.worker.tasks.photos.kept import at_hand, kept
from aecore.worker.tasks.photos.settings import PICTURE, Output, photograph, several, whole

WIDEST_LOOK = 2048  # px
LARGEST_DETAIL = 512  # px of the picture
ROOM = 256  # px of a picture that are enlarged at least, so that a network needs no other shape than its usual one


@task("enlarge_look")
def look(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """A detail of a result at full resolution, and of what bicubic gives."""
    folder = JobFolder(job.folder.parent, arguments.get("job"))
    file = _file(folder)
    pixels = kept(folder.path, file)
    height, width = pixels.result.shape[:2]
    rows, columns = (
        _inside(whole(arguments, start, 0, most - 1), whole(arguments, length, 1, WIDEST_LOOK), most)
        for start, length, most in (("top", "height", height), ("left", "width", width))
    )
    part = (rows.start, columns.start, rows.stop, columns.stop)
    plain = to_uint8(resized_part(pixels.input, (height, width), part))
    job.write_arrays(
        "look.npz",
        result=pixels.shown(np.array(pixels.result[rows, columns]), rows, columns),
        bicubic=pixels.shown(plain, rows, columns),
    )
    folder.use()
    found = {"left": columns.start, "top": rows.start}
    return {**found, "width": columns.stop - columns.start, "height": rows.stop - rows.start}


@task("enlarge_file", lane="medium")
def file(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """The same result in another strength or format."""
    output, folder = Output.of(arguments), JobFolder(job.folder.parent, arguments.get("job"))
    made_before = _file(folder)
    if not at_hand(folder.path, made_before):
        raise NotAtHand("The pixels of this result had to make room for others; make it again to write another file.")
    pixels = kept(folder.path, made_before)
    photo = read_photo(folder.files / PICTURE, "The photograph")
    made = replace(photo, pixels=pixels.result, alpha=pixels.alpha, icc=pixels.icc)
    given = replace(made, pixels=Enlarged(pixels.input, made.size))
    name = f"enlarged{ENDINGS[output.format]}"
    notes = written(given, made, job.out / name, output, job.check)
    height, width = made.size
    folder.use()
    return {"file": name, "bytes": (job.out / name).stat().st_size, "width": width, "height": height, "notes": notes}


@task("enlarge_compare", lane="medium", warm=True)
def compare(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """A detail of a photograph by every model that is asked for."""
    models, size = several(arguments), whole(arguments, "size", 1, LARGEST_DETAIL)
    photo = photograph(job)
    rows, columns = (
        _inside(whole(arguments, start, 0, most - 1), size, most)
        for start, most in zip(("top", "left"), photo.size, strict=True)
    )
    alpha = None if photo.alpha is None else photo.alpha[rows, columns]
    crops, seconds = {"input": for_screen(photo.pixels[rows, columns], alpha, photo.icc)}, {}
    for place, model in enumerate(models):
        job.progress(fraction=place / len(models))
        means, began = means_of(model), time.monotonic()
        made = detail(photo.pixels, rows, columns, means, job)
        seconds[model.name] = round(time.monotonic() - began, 3)
        clear = None
        if alpha is not None:
            clear = to_uint8(resized_part(alpha[..., None], made.shape[:2], (0, 0, *made.shape[:2])))[..., 0]
        crops[model.name] = for_screen(made, clear, photo.icc)
    job.write_arrays("compare.npz", **crops)
    return {"seconds": seconds, "width": columns.stop - columns.start, "height": rows.stop - rows.start}


def detail(pixels: np.ndarray, rows: slice, columns: slice, means: Means, job: Job) -> np.ndarray:
    """A part of what enlarging the whole picture gives, without enlarging the whole.

    Returns:
        (rows · scale, columns · scale, C) uint8.
    """
    seen = [_around(part, means, length) for part, length in zip((rows, columns), pixels.shape[:2], strict=True)]
    around = np.ascontiguousarray(pixels[tuple(seen)])
    out = np.empty((around.shape[0] * means.scale, around.shape[1] * means.scale, around.shape[2]), np.uint8)
    enlarge(around, out, means, check=job.check)
    tile = Tile(*(part.start for part in seen), *around.shape[:2], rows.start, rows.stop, columns.start, columns.stop)
    return np.ascontiguousarray(out[tile.kept(means.scale)])


def _around(part: slice, means: Means, length: int) -> slice:
    """A part with what its answer depends on, and more where the picture has it: networks like their usual shape."""
    first = part.start - max(means.reach, (ROOM - (part.stop - part.start)) // 2)
    first = max(0, min(first, length - ROOM))
    first -= first % means.align
    return slice(first, min(length, max(part.stop + means.reach, first + ROOM)))


def _inside(start: int, length: int, most: int) -> slice:
    """A part of a side that is `most` px long, cut off where that ends."""
    return slice(start, min(start + length, most))


def _file(folder: JobFolder) -> str:
    """Name of the file that a finished enlargement made.

    Raises:
        RequestError: It is none, or not finished.
    """
    try:
        request, record = read_json(folder.request), folder.finished()
        if request["function"] == "enlarge" and record is not None:
            return str(record["value"]["file"])
    except (OSError, ValueError, KeyError, TypeError):
        record = None
    raise RequestError(f"There is no finished enlargement {folder.id}; enlarge the photograph again.")

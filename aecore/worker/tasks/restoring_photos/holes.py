"""Holes in a person's photograph: where they are, and filling them."""

import numpy as np
from scipy.ndimage import binary_dilation, find_objects, label

from aecore.classical import METHODS
from aecore.errors import RequestError
from aecore.images import to_float, to_uint8
from aecore.photo import read_photo
from aecore.restorers import MOST_MISSING
from aecore.worker.job import Job
from aecore.worker.tasks.restoring_photos.settings import CLASSICAL

MASK = "mask"
WHITE = 128  # of a mask; what is brighter is missing
MOST_TOGETHER = 120_000  # px of all holes
ODD = 0.02  # by how much the proportions of a mask may differ
AROUND = 6  # px around a hole that the method looks at, and some more
NEIGHBOURS = np.ones((3, 3), bool)


def hole_of(job: Job, size: tuple[int, int]) -> np.ndarray:
    """Where the picture of a job is missing: (height, width) = `size` bool.

    Raises:
        RequestError: There is no mask, it is damaged or of other proportions, or all or nothing of it is white.
    """
    path = job.files / MASK
    if not path.is_file():
        raise RequestError("Where is the hole? Draw it on the picture, or bring a mask that is white there.")
    mask = read_photo(path, "The mask").pixels
    height, width = mask.shape[:2]
    if abs(height * size[1] / (width * size[0]) - 1) > ODD:
        raise RequestError(
            f"The mask has {width} × {height} px and the picture {size[1]} × {size[0]}; make one of the same size."
        )
    rows, columns = ((np.arange(new) * old // new) for old, new in zip((height, width), size, strict=True))
    hole = mask[rows][:, columns].max(axis=-1) >= WHITE
    if not hole.any() or hole.all():
        raise RequestError(
            f"The mask is {'all' if hole.all() else 'nowhere'} white; white marks what is missing, black what is there."
        )
    return hole


def check_hole(hole: np.ndarray) -> None:
    """Says no to a hole that would take too long.

    Raises:
        RequestError: It is too large.
    """
    count, side = int(hole.sum()), int(MOST_MISSING**0.5)
    largest = max((int(own.sum()) for _, own in _parts(hole)), default=0)
    if largest > MOST_MISSING or count > MOST_TOGETHER:
        raise RequestError(
            f"The hole has {max(largest, count):,} px. The classical method fills holes of up to {MOST_MISSING:,} px "
            f"each, such as {side} × {side}, and {MOST_TOGETHER:,} together. Draw a smaller one, or shrink the picture."
        )


def fill(pixels: np.ndarray, out: np.ndarray, hole: np.ndarray, job: Job) -> int:
    """Fills holes by the biharmonic method, each from what surrounds it.

    Args:
        pixels: (H, W, C) uint8.
        out: The same shape, holds the picture already, and takes what fills the holes.
        hole: (H, W) bool.
        job: Is told how far it is, and may be stopped between holes.

    Returns:
        The number of holes.
    """
    parts = _parts(hole)
    for place, (part, own) in enumerate(parts):
        job.check()
        job.progress(tile=place, tiles=len(parts))
        missing = hole[part]
        around = np.ascontiguousarray(pixels[part])
        made = METHODS[CLASSICAL](to_float(around) * ~missing[..., None], 0.0, missing)
        out[part] = np.where(own[..., None], to_uint8(made), out[part])
    return len(parts)


def _parts(hole: np.ndarray) -> list[tuple[tuple[slice, slice], np.ndarray]]:
    """The parts of a picture that hold a hole each, with what surrounds it, and where in them that hole is.

    Holes close to each other are one.
    """
    near = binary_dilation(hole, NEIGHBOURS, iterations=AROUND)
    found, _ = label(near, NEIGHBOURS)
    parts = enumerate(find_objects(found), 1)
    return [(part, hole[part] & (found[part] == number)) for number, part in parts]

"""Pictures that may be too large for memory: on disk, resized in parts and bands; and how much memory there is."""

import mmap
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image

from aecore.images import resize, to_float

Shape = tuple[int, int]
MARGIN = 4  # px around a part that a resizing kernel may look at, for each px of the larger side of the scale
BAND_VALUES = 4_000_000  # of a picture, at once
GROUP = Path("/sys/fs/cgroup")
GROUP_LIMITS = (  # files with the limit and the use of a container, in both versions of Linux' control groups
    ("memory.max", "memory.current"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
)


def resized_part(
    image: np.ndarray, size: Shape, part: tuple[int, int, int, int], kernel: str = "bicubic"
) -> np.ndarray:
    """A part of what `resize` makes of a whole picture; only what it needs of the picture is read.

    Args:
        image: (H, W, C) uint8; may lie on disk.
        size: (height, width) of the whole result in px.
        part: Of the result: (top, left, bottom, right) in px.
        kernel: As of `resize`.

    Returns:
        (bottom - top, right - left, C) float32 in [0, 1].
    """
    cuts, box = [], []
    for old, new, first, last in zip(image.shape, size, part[:2], part[2:], strict=False):
        ratio = old / new
        margin = int(np.ceil(MARGIN * max(1.0, ratio)))
        begin, end = max(0, int(first * ratio) - margin), min(old, int(np.ceil(last * ratio)) + margin)
        cuts.append(slice(begin, end))
        box.append((max(0.0, first * ratio - begin), min(float(end - begin), last * ratio - begin)))
    (top, bottom), (left, right) = box
    seen = to_float(np.ascontiguousarray(image[tuple(cuts)]))[None]
    wanted = (part[2] - part[0], part[3] - part[1])
    return resize(seen, wanted, kernel, box=(left, top, right, bottom))[0]


def bands(shape: tuple[int, ...], size: Shape, multiple: int = 1) -> Iterator[tuple[int, int]]:
    """Rows (first, after the last) of a result, so many at a time that little of a picture of `shape` is needed.

    Args:
        shape: (H, W, …) of the picture.
        size: (height, width) of the result.
        multiple: All but the last are so many rows, or a multiple of that.
    """
    wide = max(1, shape[1], size[1]) * max(1.0, shape[0] / size[0])
    rows = max(1, int(BAND_VALUES / 3 / wide) // multiple) * multiple
    for first in range(0, size[0], rows):
        yield first, min(first + rows, size[0])


class Enlarged:
    """What bicubic makes of a picture (H, W, C) uint8, made row by row when it is asked for, with 8 bits all the way.

    Args:
        image: The picture; may lie on disk.
        size: (height, width) of the whole result in px.
    """

    def __init__(self, image: np.ndarray, size: Shape) -> None:
        self._image, self.shape = image, (*size, image.shape[2])

    def __getitem__(self, rows: slice) -> np.ndarray:
        first, last, _ = rows.indices(self.shape[0])
        return _rows(self._image, self.shape[:2], first, last)


def resized_quickly(image: np.ndarray | Enlarged, size: Shape, check: Callable[[], None] = lambda: None) -> np.ndarray:
    """A picture (H, W, C) uint8, resized in bands with 8 bits all the way: for looking at it.

    Args:
        image: The picture; may lie on disk.
        size: New (height, width) in px.
        check: Is called before every band, and may raise to stop.

    Returns:
        (*size, C) uint8.
    """
    out = np.empty((*size, image.shape[2]), np.uint8)
    for first, last in bands(image.shape, size):
        check()
        out[first:last] = _rows(image, size, first, last)
        release(image)
    return out


def _rows(image: np.ndarray | Enlarged, size: Shape, first: int, last: int) -> np.ndarray:
    """Some rows of a picture resized with 8 bits."""
    height, width, channels = image.shape
    ratio = height / size[0]
    margin = int(np.ceil(MARGIN * max(1.0, ratio)))
    begin, end = max(0, int(first * ratio) - margin), min(height, int(np.ceil(last * ratio)) + margin)
    strip = np.ascontiguousarray(image[begin:end])
    picture = Image.fromarray(strip.squeeze(-1) if channels == 1 else strip)
    box = (0, max(0.0, first * ratio - begin), width, min(float(end - begin), last * ratio - begin))
    made = picture.resize((size[1], last - first), Image.Resampling.BICUBIC, box)
    return np.asarray(made).reshape(last - first, size[1], channels)


def within(shape: tuple[int, ...], longest: int) -> Shape:
    """(height, width) of a picture that is shrunk so that no side is longer than `longest` px; never larger.

    >>> within((3000, 4000, 3), 1000), within((10, 20), 1000)
    ((750, 1000), (10, 20))
    """
    scale = min(1.0, longest / max(shape[:2]))
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))


def release(*arrays: object) -> None:
    """Lets go of the memory that arrays on disk have taken; what was written stays. Others are left as they are."""
    for array in arrays:
        held = getattr(array, "_mmap", None)
        if held is not None and hasattr(mmap, "MADV_DONTNEED"):
            held.madvise(mmap.MADV_DONTNEED)


def free_memory() -> int | None:
    """Bytes that may still be taken: of the machine, or of the container where that is less; None if unknown."""
    found = []
    with suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        found.append(1024 * next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable")))
    for names in GROUP_LIMITS:
        with suppress(OSError, ValueError):
            limit, used = (int((GROUP / name).read_text(encoding="ascii")) for name in names)
            found.append(max(0, limit - used))
    return min(found, default=None)

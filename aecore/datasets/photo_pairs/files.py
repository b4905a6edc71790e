"""Picture files: looked at before anything is decoded, on several threads."""

import os
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

import numpy as np
from PIL import ExifTags, Image

from aecore.images import FORMATS, MAX_PIXELS, UNDECODABLE, read_image

WORKERS = min(4, os.cpu_count() or 1)
END_OF_JPEG = b"\xff\xd9"
TAIL = 64  # bytes at the end of a file; writers pad with zeros at most
Size = tuple[int, int]
Item, Found = TypeVar("Item"), TypeVar("Found")


@dataclass(frozen=True)
class Picture:
    """A picture of a pair.

    Args:
        path: Its file.
        changed: The file's time of change, in ns.
        length: The file's length in bytes.
        size: (height, width) in px.
        shrunk: By how much it is shrunk and enlarged again after it is decoded; 1 leaves it as it is.
    """

    path: str
    changed: int
    length: int
    size: Size
    shrunk: int = 1


def together(function: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """Applies a function that reads and decodes to all items, on several threads; Pillow lets them run side by side."""
    with ThreadPoolExecutor(WORKERS) as threads:
        return list(threads.map(function, items))


def worsened(image: np.ndarray, factor: int) -> np.ndarray:
    """A photograph (H, W, 3) uint8 shrunk `factor` times and enlarged again, both bicubic."""
    picture = Image.fromarray(image)
    small = (max(1, round(picture.width / factor)), max(1, round(picture.height / factor)))
    return np.asarray(picture.resize(small, Image.Resampling.BICUBIC).resize(picture.size, Image.Resampling.BICUBIC))


def size_of(path: Path) -> Size:
    """(height, width) of a picture, as it is shown; its file is read only as far as it takes to see that it is whole.

    Raises:
        RequestError: It is damaged, cut off, too large, or no picture.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes that the full reading refuses
            with path.open("rb") as file, Image.open(file, formats=FORMATS) as picture:
                size = _shown(picture)
                if _is_whole(file, picture) and size[0] * size[1] <= MAX_PIXELS:
                    return size
    except (Image.DecompressionBombError, *UNDECODABLE):  # what is wrong is said by the reading below
        pass
    return read_image(path).shape[:2]


def _shown(picture: Image.Image) -> Size:
    exif = Image.Image.getexif(picture)  # a PNG's own method decodes everything to look for it at the end
    lies = exif.get(ExifTags.Base.Orientation, 1) >= 5  # stored on its side
    return picture.size if lies else picture.size[::-1]


def _is_whole(file: IO[bytes], picture: Image.Image) -> bool:
    """Whether a file's end is there, as far as its format tells without decoding."""
    if picture.format == "JPEG":
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - TAIL))
        return file.read().rstrip(b"\0").endswith(END_OF_JPEG)
    if picture.format == "PNG":
        picture.verify()  # the checksums of all chunks
        return True
    return False

"""The photographs of a local data folder: which there are, and their pixels without holding them all in memory."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from aecore.datasets.decoded import decoded
from aecore.datasets.sources import cache, roots, stamp
from aecore.datasets.zipped import PICTURES, open_zip, picture_names, zip_image
from aecore.errors import LabError
from aecore.images import read_image, with_channels
from aecore.params import digest

ZIPS, LOOSE = "sr_train", "unsplash_pairs/high res"
Stamp = tuple[str, int, int]


@dataclass(frozen=True)
class PhotoFile:
    """One photograph: its file, its name inside it when that is a zip, and its size.

    Args:
        stamp: Path, time of change and size of the file.
        member: Name inside a zip, or an empty text.
        shape: (H, W, 3) in px.
    """

    stamp: Stamp
    member: str
    shape: tuple[int, int, int]


def full_photographs() -> tuple[PhotoFile, ...]:
    """The photographs of the first data folder that has any, in a fixed order."""
    for root in roots():
        files = sorted(root.glob(f"{ZIPS}/*.zip")) + sorted(
            path for path in root.glob(f"{LOOSE}/*") if path.suffix.lower() in PICTURES
        )
        if files:
            return _catalogue(tuple(stamp(path) for path in files))
    return ()


def pixels(files: tuple[PhotoFile, ...]) -> list[np.ndarray]:
    """Pixels of photographs (H, W, 3) uint8, mapped from one file in the cache."""
    starts = np.cumsum([0, *(int(np.prod(file.shape)) for file in files)])

    def fill(pool: np.ndarray) -> None:
        for file, start in zip(files, starts[:-1], strict=True):
            image = _decode(file)
            pool[start : start + image.size] = image.reshape(-1)

    name = digest([[file.stamp, file.member] for file in files])
    pool = decoded(cache() / "decoded" / f"photos-{name}.npy", (int(starts[-1]),), fill)
    return [
        pool[start : start + np.prod(file.shape)].reshape(file.shape)
        for file, start in zip(files, starts[:-1], strict=True)
    ]


@lru_cache(maxsize=4)
def _catalogue(stamps: tuple[Stamp, ...]) -> tuple[PhotoFile, ...]:
    """Names and sizes of all photographs; only headers are read."""
    found = []
    for item in stamps:
        path = Path(item[0])
        if path.suffix != ".zip":
            with path.open("rb") as file:
                found.append(PhotoFile(item, "", _shape(file, path.name)))
            continue
        with open_zip(path) as archive:
            for name in picture_names(*item):
                with archive.open(name) as member:
                    found.append(PhotoFile(item, name, _shape(member, name)))
    return tuple(found)


def _shape(file: IO[bytes], name: str) -> tuple[int, int, int]:
    try:
        with Image.open(file) as picture:
            width, height = picture.size
            lies = picture.getexif().get(ExifTags.Base.Orientation, 1) >= 5  # stored on its side
    except (UnidentifiedImageError, OSError) as error:
        raise LabError(f"The photograph {name} cannot be read ({error}); remove it from the data folder.") from error
    return (width, height, 3) if lies else (height, width, 3)


def _decode(file: PhotoFile) -> np.ndarray:
    path = Path(file.stamp[0])
    if file.member:
        with open_zip(path) as archive:
            image = zip_image(archive, file.member)
    else:
        image = read_image(path)
    image = with_channels(image, 3)
    if image.shape != file.shape:
        raise LabError(f"The photograph {file.member or path.name} has changed while it was read; try again.")
    return image

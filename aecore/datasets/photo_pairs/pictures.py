"""The pixels of pictures: decoded when they are asked for, or once and then mapped from disk.

Decoding and resizing the 16 files of a batch takes 300 ms of a processor, three times as long as training the small
published network on it; mapped from disk it takes 2 ms. So what fits into 2 GB is decoded once, at the size at which it
is used, into one file: pages of it come and go as memory allows. A set that does not fit is decoded for every batch, on
several threads. Either way no more than a batch is held.
"""

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

from aecore.datasets.decoded import decoded
from aecore.datasets.photo_pairs.files import Picture, Size, together, worsened
from aecore.errors import LabError, RequestError
from aecore.images import read_image, with_channels
from aecore.params import digest

MOST_BYTES = 2_000_000_000  # of all decoded pairs of one folder together
SPARE_BYTES = 500_000_000  # of the disk stay free
PREFIX = "pairs-"


@dataclass(frozen=True)
class Streamed(Sequence):
    """Pictures that are decoded whenever one is asked for.

    Args:
        pictures: Which.
        size: (height, width) to resize them to; None leaves them at their own.
    """

    pictures: tuple[Picture, ...]
    size: Size | None

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, number: int) -> np.ndarray:
        """(H, W, 3) uint8.

        Raises:
            RequestError: The file cannot be decoded.
        """
        picture = self.pictures[number]
        image = with_channels(read_image(Path(picture.path)), 3)
        if image.shape[:2] != picture.size:
            raise RequestError(f"{Path(picture.path).name} was altered while it was read. Try again.")
        if picture.shrunk > 1:
            image = worsened(image, picture.shrunk)
        if self.size is None or self.size == picture.size:
            return image
        return np.asarray(Image.fromarray(image).resize(self.size[::-1], Image.Resampling.BICUBIC))

    def sizes(self) -> list[Size]:
        """(height, width) of each."""
        return [self.size or picture.size for picture in self.pictures]


def pixels(streamed: Streamed, folder: Path) -> Sequence[np.ndarray]:
    """The same pictures, mapped from a file in `folder` where there is room for it; else as they are.

    Raises:
        LabError: Some cannot be decoded; all of them are named.
    """
    counts = [3 * height * width for height, width in streamed.sizes()]
    name = digest([[astuple(picture) for picture in streamed.pictures], streamed.size])
    path = folder / f"{PREFIX}{name}.npy"
    if path.exists():
        with suppress(OSError):
            os.utime(path)  # the file that was not used for longest goes first
    elif not _make_room(folder, sum(counts)):
        return streamed
    starts = np.cumsum([0, *counts])

    def fill(pool: np.ndarray) -> None:
        def put(number: int) -> str:
            try:
                pool[starts[number] : starts[number + 1]] = streamed[number].reshape(-1)
            except RequestError as error:
                return str(error)
            return ""

        if damaged := [why for why in together(put, range(len(streamed))) if why]:
            raise LabError(f"{len(damaged)} of {len(streamed)} pictures cannot be used. {' '.join(damaged[:20])}")

    pool = decoded(path, (int(starts[-1]),), fill)
    return [
        pool[start:stop].reshape(*size, 3)
        for (start, stop), size in zip(pairwise(starts), streamed.sizes(), strict=True)
    ]


def _make_room(folder: Path, size: int) -> bool:
    """Whether a file of `size` bytes may be kept in a folder; older ones give way to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if size > min(MOST_BYTES, shutil.disk_usage(folder).free - SPARE_BYTES) or not os.access(folder, os.W_OK):
            return False
        kept = sorted(folder.glob(f"{PREFIX}*.npy"), key=lambda path: path.stat().st_mtime)
        excess = sum(path.stat().st_size for path in kept) + size - MOST_BYTES
        for path in kept:
            if excess > 0:
                excess -= path.stat().st_size
                path.unlink()
    except OSError:  # read-only, or another process was faster
        return False
    return True

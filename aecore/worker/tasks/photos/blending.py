"""A result blended over what was given, band by band as it is written."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from aecore.large import Enlarged, release
from aecore.photo import Photo, write_photo
from aecore.worker.tasks.photos.settings import Output


class Blended:
    """Rows of a result (H, W, C) uint8 blended over a picture, made when they are asked for.

    Args:
        input: (H, W, C) or (H, W, 1) uint8, what was given; may lie on disk, or be an `Enlarged`.
        result: (H, W, C) uint8; may lie on disk.
        share: Of the result, 0 to 1.
    """

    def __init__(self, input: np.ndarray | Enlarged, result: np.ndarray, share: float) -> None:
        self._input, self._result, self._share, self.shape = input, result, np.float32(share), result.shape

    def __getitem__(self, rows: slice) -> np.ndarray:
        given, made = (np.asarray(side[rows], dtype=np.float32) for side in (self._input, self._result))
        release(self._input, self._result)
        return np.round(given + self._share * (made - given)).astype(np.uint8)


def written(given: Photo, made: Photo, path: Path, output: Output, check: Callable[[], None]) -> list[str]:
    """Writes a result as it was asked for; returns sentences on what the format could not hold.

    Args:
        given: What was restored, or what bicubic makes of it.
        made: The result at full strength.
        path: Where to.
        output: Strength and format.
        check: Is called now and then, and may raise to stop.
    """
    if output.strength < 1:
        made = replace(made, pixels=Blended(given.pixels, made.pixels, output.strength))
    return write_photo(made, path, output.format, output.quality, output.keep_location, check, output.dpi)

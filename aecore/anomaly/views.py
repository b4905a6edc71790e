"""The same image, moved and turned a little: whoever knows an image knows these too."""

from collections.abc import Iterator

import numpy as np
from scipy.ndimage import rotate

MOVED = 1 / 28  # of a side
TURNED = 8.0  # degrees


def views(images: np.ndarray) -> Iterator[np.ndarray]:
    """Images as they are, then moved up, down, left and right, then turned either way; what enters is the border.

    >>> len(list(views(np.zeros((2, 28, 28, 1), np.uint8))))
    7

    Args:
        images: (N, H, W, C), uint8 or float.

    Yields:
        (N, H, W, C) of the same type, seven times.
    """
    yield images
    for axis in (1, 2):
        step = max(1, round(MOVED * images.shape[axis]))
        room = [(step, step) if place == axis else (0, 0) for place in range(4)]
        padded = np.pad(images, room, "edge")
        for start in (0, 2 * step):
            yield np.take(padded, range(start, start + images.shape[axis]), axis=axis)
    for angle in (-TURNED, TURNED):
        yield rotate(images, angle, axes=(1, 2), reshape=False, order=1, mode="nearest")

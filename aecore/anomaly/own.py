"""A person's own picture, made to look like the images that a network knows."""

from pathlib import Path

import numpy as np

from aecore.errors import RequestError
from aecore.images import cover, resize, to_float, to_uint8, with_channels

BOX = 20 / 28  # of the side: what the longer side of a digit fills
FAINT = 0.15  # of the contrast: paper is never quite even
BRIGHT = 127


def read_drawing(path: Path) -> np.ndarray:
    """A drawing (h, w, 1) uint8 from an npy file.

    Raises:
        RequestError: The file holds something else.
    """
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise RequestError(f"The drawing cannot be read ({path.name}: {error}); draw it again.") from error
    shape = getattr(array, "shape", ())
    if len(shape) != 3 or shape[-1] not in (1, 3) or 0 in shape or array.dtype != np.uint8:
        raise RequestError(f"A drawing is an array of bytes, height × width × 1; {path.name} is none. Draw it again.")
    return array


def fitting(
    image: np.ndarray, shape: tuple[int, int, int], on_black: bool = False, digit: bool = False
) -> tuple[np.ndarray, list[str]]:
    """A picture as images of a shape are: resized so that it covers them, and cropped.

    Args:
        image: (h, w, c) uint8.
        shape: (H, W, C) wanted.
        on_black: Whether the images have a black background: then a picture with a bright one is inverted.
        digit: Whether they are MNIST's: then it is scaled into a box of 20 of 28 px, and placed with its centre of
            mass in the middle (LeCun et al. 1998).

    Returns:
        The picture (H, W, C) uint8, and sentences on what was done.

    Raises:
        RequestError: There is nothing to see.
    """
    height, width, channels = shape
    picture, notes = with_channels(image, channels), []
    if picture.min() == picture.max():
        raise RequestError("The picture is of one colour, so nothing can be scored. Draw something, or bring another.")
    border = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    if on_black and np.median(border) > BRIGHT:
        picture = 255 - picture
        notes.append("Its background is bright, so it was turned to white on black.")
    if digit:
        notes.append("Scaled and centred, as the digits are that this network knows.")
        return _centred(_ink(picture), height), notes
    if picture.shape[:2] != (height, width):
        notes.append(f"Cropped and resized to {width} × {height} px, the size that this network knows.")
        picture = cover(picture, height, width)
    return picture, notes


def _ink(picture: np.ndarray) -> np.ndarray:
    """How much ink is where, 0 to 1, without the margins: (h, w, 1) uint8 to (h', w')."""
    values = to_float(picture[..., 0])
    ground, top = float(np.median(values)), float(values.max())
    if top <= ground:
        raise RequestError("The picture shows no figure on an even background; draw one, or bring another.")
    ink = np.clip(((values - ground) / (top - ground) - FAINT) / (1 - FAINT), 0, 1)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _centred(ink: np.ndarray, side: int) -> np.ndarray:
    """A figure (h, w) in a square as MNIST's are, (side, side, 1) uint8."""
    scale = BOX * side / max(ink.shape)
    size = tuple(max(1, round(length * scale)) for length in ink.shape)
    small = resize(ink[None, :, :, None], size)[0, :, :, 0]
    corner = []
    for axis, length in enumerate(size):
        middle = float(np.average(np.arange(length) + 0.5, weights=small.sum(axis=1 - axis)))
        corner.append(int(np.clip(round(side / 2 - middle), 0, side - length)))
    square = np.zeros((side, side), np.float32)
    square[corner[0] : corner[0] + size[0], corner[1] : corner[1] + size[1]] = small
    return to_uint8(square)[..., None]

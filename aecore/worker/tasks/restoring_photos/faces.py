"""Aligned faces: pictures of one face, whose networks have learned it at one size."""

import numpy as np
from scipy.ndimage import binary_dilation

from aecore.errors import RequestError
from aecore.images import LUMA, resize, to_float, to_uint8
from aecore.restorers import Restorer
from aecore.worker.enlarging import means_of_run

LEAST, MOST = 32, 512  # px a side
LONGEST = 1.25  # times the shorter side


def check_face(size: tuple[int, int]) -> None:
    """Says no to a picture that cannot be an aligned face.

    Raises:
        RequestError: Its size or its proportions are others.
    """
    height, width = size
    if not LEAST <= min(size) <= max(size) <= MOST or max(size) > LONGEST * min(size):
        raise RequestError(
            f"An aligned face is nearly square and has {LEAST} to {MOST} px a side; received {width} × {height} px. "
            "Cut the face out first, or choose photographs."
        )


def restore_face(given: np.ndarray, hole: np.ndarray | None, network: Restorer) -> np.ndarray:
    """What the network makes of a face, back at the size of the picture.

    Only what is missing is taken from the network: the hole; or the colours, laid over the brightness that was given.

    Args:
        given: (H, W, 3) uint8, or (H, W, 1) uint8 to be coloured.
        hole: (H, W) bool, or None to colour.
        network: Of faces.

    Returns:
        (H, W, 3) uint8; grey (H, W, 1) where a grey picture has a hole.
    """
    size, side = given.shape[:2], network.recipe.input_shape[:2]
    answer = means_of_run(network.run).answer
    if hole is None:
        made = answer(to_uint8(_sized(to_float(given), side)))
        colours = _sized((made - made @ LUMA[:, None]) / 2 + 0.5, size) * 2 - 1  # moved clear of 0 and 1 meanwhile
        return to_uint8(to_float(given) + colours)
    damaged = given * ~hole[..., None]
    covered = hole
    if size != side:
        covered = binary_dilation(_sized(hole[..., None].astype(np.float32), side)[..., 0] > 0, iterations=1)
    made = answer(to_uint8(_sized(to_float(damaged), side)) * ~covered[..., None])
    return np.where(hole[..., None], to_uint8(_sized(made, size)), given)


def _sized(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return image if image.shape[:2] == tuple(size) else resize(image[None], size)[0]

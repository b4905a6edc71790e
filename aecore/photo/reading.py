"""Reading a photograph."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.ndimage import distance_transform_edt

from aecore.images import opened, simple
from aecore.photo.screen import fits, without_cmyk
from aecore.photo.tags import turned

MOST_PIXELS = 25_200_000  # what cameras call 24 megapixels has a few more
BAND = 256  # rows that are handled at once
BENEATH = 64  # px around what is visible


@dataclass(frozen=True)
class Photo:
    """A photograph, upright.

    Args:
        pixels: (H, W, 3) uint8 in colour, or (H, W, 1) uint8 in grey.
        alpha: (H, W) uint8, 0 where nothing is to be seen and 255 where all is; None without transparency.
        icc: Its colour profile, or nothing.
        exif: Its EXIF without the orientation, or nothing.
        format: Of the file it came from, as Pillow calls it.
        name: What it is called.
        notes: Sentences on what was changed when it was read.
    """

    pixels: np.ndarray
    alpha: np.ndarray | None = None
    icc: bytes = b""
    exif: bytes = b""
    format: str = "PNG"
    name: str = "The photograph"
    notes: tuple[str, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in px."""
        return self.pixels.shape[:2]


def read_photo(source: bytes | Path, name: str = "", max_pixels: int = MOST_PIXELS) -> Photo:
    """Reads a photograph that may come from anyone.

    Args:
        source: The file's content, or its path.
        name: How notes and refusals call it; the file's name when left out.
        max_pixels: Largest width × height accepted; checked before anything is decoded.

    Raises:
        RequestError: It is no picture in a known format, damaged, or too large.
    """
    name = name or (source.name if isinstance(source, Path) else "The photograph")
    notes = []
    with opened(source, name, max_pixels) as picture:
        format = picture.format or ""
        if format != "MPO" and getattr(picture, "is_animated", False):  # an MPO is a photograph with a preview
            notes.append("It holds several pictures; only the first one is taken.")
            picture.seek(0)
        if picture.mode.startswith("I;") or any(";16" in str(tile[3]) for tile in picture.tile):
            notes.append("It has 16 bits per channel; 8 are kept.")
        elif picture.mode in ("I", "F"):
            notes.append("It has 32 bits per channel; 8 are kept.")
        picture.load()
        exif = turned(picture, notes)
        icc = picture.info.get("icc_profile") or b""
        if picture.mode == "CMYK":
            picture, icc = without_cmyk(picture, icc, notes), b""
        pixels = np.asarray(simple(picture))
    pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    alpha = None
    if pixels.shape[2] in (2, 4):
        alpha = np.ascontiguousarray(pixels[..., -1])
        pixels = np.ascontiguousarray(pixels[..., :-1])
        if (alpha == 255).all():
            alpha = None
        else:
            _continue_beneath(pixels, alpha)
    if icc and not fits(icc, pixels.shape[2]):
        notes.append("Its colour profile does not suit its pixels and is left out.")
        icc = b""
    return Photo(pixels, alpha, icc, exif, format, name, tuple(notes))


def _continue_beneath(pixels: np.ndarray, alpha: np.ndarray) -> None:
    """Gives pixels (H, W, C) that nobody sees the colour of the nearest visible one, in place.

    What lies beneath is often black; enlarged, it would show as a dark seam along the edge.
    """
    for top in range(0, len(alpha), BAND):
        first, last = max(0, top - BENEATH), min(len(alpha), top + BAND + BENEATH)
        hidden = alpha[first:last] == 0
        rows = slice(top - first, min(top + BAND, last) - first)
        if hidden.all() or not hidden[rows].any():
            continue
        nearest = distance_transform_edt(hidden, return_distances=False, return_indices=True)[:, rows]
        at = hidden[rows]
        pixels[top : top + BAND][at] = pixels[first:last][tuple(nearest[:, at])]

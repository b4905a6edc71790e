"""Writing a photograph."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from aecore.errors import RequestError
from aecore.large import release
from aecore.photo.reading import Photo
from aecore.photo.screen import on_white, tone_of
from aecore.photo.tags import with_resolution, without_location

ENDINGS = {"png": ".png", "jpeg": ".jpg", "webp": ".webp"}
LONGEST_SIDE = {"png": 2**31 - 1, "jpeg": 65_500, "webp": 16_383}  # px
LARGEST_WEBP = 60_000_000  # px; its encoder holds three copies of the picture
LONGEST_EXIF = 65_500  # bytes in a JPEG
FULL_COLOUR = 90  # JPEG quality from which colours are not kept at half the size
PNG_EFFORT = 4  # of 9; more takes twice as long for two percent
BAND = 256  # rows that are handled at once


def check_size(format: str, height: int, width: int) -> None:
    """Says no to a picture that a file of this format cannot hold.

    Args:
        format: "png", "jpeg" or "webp".
        height: In px.
        width: In px.

    Raises:
        RequestError: The format is unknown, or a side is too long for it.
    """
    if format not in ENDINGS:
        raise RequestError(f"A photograph is written as {', '.join(ENDINGS)}; received {str(format)[:40]!r}.")
    if max(height, width) > LONGEST_SIDE[format]:
        raise RequestError(
            f"The result would have {width} × {height} px, and no side in a {format.upper()} may be longer than "
            f"{LONGEST_SIDE[format]:,} px. Choose PNG, or a smaller size."
        )
    if format == "webp" and height * width > LARGEST_WEBP:
        raise RequestError(
            f"The result would have {width} × {height} px; a WebP of more than {LARGEST_WEBP / 1e6:.0f} megapixels "
            f"takes too much memory. Choose PNG or JPEG, or a smaller size."
        )


def write_photo(
    photo: Photo,
    path: Path,
    format: str,
    quality: int = 92,
    keep_location: bool = False,
    check: Callable[[], None] = lambda: None,
    dpi: int = 0,
) -> list[str]:
    """Writes a photograph, whole or not at all.

    Args:
        photo: Its arrays may lie on disk: they are read in bands.
        path: Where to; a file that is there is replaced.
        format: "png", "jpeg" or "webp".
        quality: 1 to 100, for the latter two.
        keep_location: Whether the file says where the photograph was taken, if the one it came from did.
        check: Is called now and then, and may raise to stop.
        dpi: Dots per inch that a PNG or JPEG is to be printed at; 0 leaves what its EXIF says.

    Returns:
        Sentences on what the format could not hold.

    Raises:
        RequestError: The format is unknown, or cannot hold a picture of this size.
    """
    check_size(format, *photo.size)
    notes = []
    if photo.alpha is not None and format == "jpeg":
        notes.append("A JPEG has no transparency: it is laid on white. Choose PNG or WebP to keep it.")
    exif = photo.exif if keep_location else without_location(photo.exif)
    exif = with_resolution(exif, dpi) if exif and dpi else exif
    if format == "jpeg" and len(exif) > LONGEST_EXIF:
        notes.append("Its EXIF is longer than a JPEG can hold, and is left out.")
        exif = b""
    options = {"png": {"compress_level": PNG_EFFORT}, "jpeg": {"quality": quality}, "webp": {"quality": quality}}[
        format
    ]
    if format == "jpeg" and quality >= FULL_COLOUR:
        options["subsampling"] = 0
    if dpi and format != "webp":
        options["dpi"] = (dpi, dpi)
    icc, tone = photo.icc, None
    if icc and format == "webp" and photo.pixels.shape[2] == 1:
        icc, tone = b"", tone_of(photo.icc)  # its pixels are in colour, which a profile for grey does not suit
        if tone is None:
            notes.append("A WebP cannot hold its colour profile, which is damaged too; it is left out.")
    options |= {name: value for name, value in (("icc_profile", icc), ("exif", exif)) if value}
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        picture = _picture(photo, format == "jpeg", tone, check)
        with beside.open("wb") as file:
            picture.save(_Watched(file, check), format.upper(), **options)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return notes


class _Watched:
    """A file that asks before every write whether to go on."""

    def __init__(self, file: BinaryIO, check: Callable[[], None]) -> None:
        self._file, self._check = file, check

    def write(self, content: bytes) -> int:
        self._check()
        return self._file.write(content)


def _picture(photo: Photo, white: bool, tone: np.ndarray | None, check: Callable[[], None]) -> Image.Image:
    """A photograph as Pillow's picture, made in bands; `white` lies beneath it, `tone` says what a shade becomes."""
    height, width = photo.size
    grey = photo.pixels.shape[2] == 1
    clear = photo.alpha is not None and not white
    picture = Image.new(("LA" if clear else "L") if grey else "RGBA" if clear else "RGB", (width, height))
    for top in range(0, height, BAND):
        check()
        band = np.asarray(photo.pixels[top : top + BAND])
        band = band if tone is None else tone[band]
        if photo.alpha is not None:
            alpha = np.asarray(photo.alpha[top : top + BAND])
            band = np.concatenate([band, alpha[..., None]], axis=-1) if clear else on_white(band, alpha)
        picture.paste(Image.fromarray(band.squeeze(-1) if band.shape[2] == 1 else band), (0, top))
        release(photo.pixels, photo.alpha)
    return picture

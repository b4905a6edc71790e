"""Colours: those of a screen, from whatever a file holds."""

import io
from contextlib import suppress

import numpy as np
from PIL import Image, ImageCms

DAMAGED = (ImageCms.PyCMSError, OSError, ValueError, TypeError)  # a profile that cannot be used


def for_screen(pixels: np.ndarray, alpha: np.ndarray | None = None, icc: bytes = b"") -> np.ndarray:
    """A part of a photograph as it is to be looked at where there is neither a profile nor transparency.

    Args:
        pixels: (H, W, 3) or (H, W, 1) uint8.
        alpha: (H, W) uint8; laid on white.
        icc: Its colour profile.

    Returns:
        (H, W, 3) uint8, sRGB.
    """
    seen = np.repeat(pixels, 3, axis=-1) if pixels.shape[2] == 1 else np.asarray(pixels)
    if icc and pixels.shape[2] == 3:
        with suppress(*DAMAGED):  # a damaged profile: shown as it is
            profile = ImageCms.getOpenProfile(io.BytesIO(icc))
            made = ImageCms.profileToProfile(Image.fromarray(seen), profile, ImageCms.createProfile("sRGB"))
            seen = np.array(made)
    return seen if alpha is None else on_white(seen, alpha)


def on_white(pixels: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Pixels (H, W, C) uint8 with the transparency alpha (H, W) uint8, laid on white."""
    share = alpha[..., None].astype(np.float32) / 255
    return np.round(share * pixels + (1 - share) * 255).astype(np.uint8)


def without_cmyk(picture: Image.Image, icc: bytes, notes: list[str]) -> Image.Image:
    """A picture in the inks of a printer in the colours of a screen, by its profile where it has one."""
    if icc:
        with suppress(*DAMAGED):  # a damaged profile: as without one
            screen = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(picture, io.BytesIO(icc), screen, outputMode="RGB")
            notes.append("Its CMYK colours were turned into those of a screen (sRGB) by its profile.")
            return turned
    notes.append("Its CMYK colours were turned into those of a screen without a profile: they may differ a little.")
    return picture.convert("RGB")


def tone_of(icc: bytes) -> np.ndarray | None:
    """What each shade of grey, (256,) uint8, becomes on a screen (sRGB) by a profile; None where that is damaged."""
    shades = Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    with suppress(*DAMAGED):
        made = ImageCms.profileToProfile(shades, io.BytesIO(icc), ImageCms.createProfile("sRGB"), outputMode="RGB")
        return np.asarray(made)[0, :, 1]
    return None


def fits(icc: bytes, channels: int) -> bool:
    """Whether a profile is one for pixels of so many channels."""
    return icc[36:40] == b"acsp" and icc[16:20] == (b"RGB " if channels == 3 else b"GRAY")

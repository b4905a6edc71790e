"""What a map of codes is drawn with: amounts as shades, many small pictures on one sheet, densities as a veil."""

import io
import math
from dataclasses import dataclass

import numpy as np
from PIL import Image
from plotly.colors import sample_colorscale

from aecore.figures.palette import SEQUENTIAL

SHADES = 24
EXTREMES = (2, 98)  # percentiles that get the first and the last shade
WEBP_QUALITY = 80


@dataclass(frozen=True)
class Shades:
    """Amounts as steps of the one sequential map.

    Args:
        steps: (N,) uint8 below `SHADES`.
        low: The amount that the first step begins with.
        high: The amount that the last step ends with.
    """

    steps: np.ndarray
    low: float
    high: float


def shades(amounts: np.ndarray) -> Shades:
    """Sorts amounts (N,) into steps of equal width; the few that are extreme share the first or the last."""
    finite = amounts[np.isfinite(amounts)]
    low, high = (float(value) for value in np.percentile(finite, EXTREMES)) if finite.size else (0.0, 1.0)
    share = (np.nan_to_num(amounts, nan=low, posinf=high, neginf=low) - low) / max(high - low, 1e-12)
    return Shades(np.clip(share * SHADES, 0, SHADES - 1).astype(np.uint8), low, high)


def shade_colours() -> list[str]:
    """The colour of each step, `rgb(…)`, dark for little and bright for much."""
    return sample_colorscale(SEQUENTIAL, np.linspace(0, 1, SHADES).tolist())


@dataclass(frozen=True)
class Sheet:
    """Many small pictures as one file.

    Args:
        content: The file.
        type: Its media type.
        across: Pictures in a line; they are read line by line.
    """

    content: bytes
    type: str
    across: int


def sheet(images: np.ndarray, across: int = 0) -> Sheet:
    """Lays pictures (N, H, W, C) uint8 out on one sheet: PNG where they are grey, WebP where they are in colour.

    Args:
        images: At least one.
        across: Pictures in a line; as many as make it square when left out.
    """
    count, height, width, channels = images.shape
    across = across or math.ceil(math.sqrt(count))
    down = math.ceil(count / across)
    blank = np.zeros((across * down - count, height, width, channels), np.uint8)
    rows = np.concatenate([images, blank]).reshape(down, across, height, width, channels)
    laid = rows.transpose(0, 2, 1, 3, 4).reshape(down * height, across * width, channels)
    buffer = io.BytesIO()
    if channels == 1:
        Image.fromarray(laid[..., 0]).save(buffer, "PNG", compress_level=4)
        return Sheet(buffer.getvalue(), "image/png", across)
    Image.fromarray(laid).save(buffer, "WEBP", quality=WEBP_QUALITY, method=0)
    return Sheet(buffer.getvalue(), "image/webp", across)


def veil(density: np.ndarray) -> np.ndarray:
    """A density (rows from the bottom, columns) as opacities from 0 to 255, rows from the top.

    The square root shows thin places too.
    """
    highest = float(density.max()) or 1.0
    return np.round(np.sqrt(np.clip(density / highest, 0, 1)) * 255).astype(np.uint8)[::-1]

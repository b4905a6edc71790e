"""Pictures for a page: signed differences, pictures as text, and small montages."""

import base64
import io

import numpy as np
from PIL import Image

from aecore.figures.palette import TOO_BRIGHT, TOO_DARK, rgb
from aecore.images import LUMA, enlarge, png

LOSSLESS_SIDE = 64  # px; larger pictures travel as WebP, a tenth of the size
WEBP_QUALITY = 90
SCALES = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


def difference_scale(truth: np.ndarray, images: np.ndarray) -> float:
    """A round number that hardly any difference exceeds: what full colour stands for in `signed_difference`.

    Args:
        truth: (N, H, W, C) uint8.
        images: The same shape.
    """
    if not truth.size:
        return SCALES[-1]
    reach = float(np.percentile(np.abs(_difference(truth, images)).max(axis=-1), 99))
    return next((scale for scale in SCALES if reach <= scale), SCALES[-1])


def signed_difference(truth: np.ndarray, images: np.ndarray, scale: float) -> np.ndarray:
    """What is wrong with images: blue where they are too dark, brown where too bright, clear where they agree.

    The strength is that of the channel which is most wrong, the sign that of the brightness.

    Args:
        truth: (N, H, W, C) uint8.
        images: The same shape.
        scale: Difference, on the scale from 0 to 1, that is drawn in full colour.

    Returns:
        (N, H, W, 4) uint8, red, green, blue and opacity.
    """
    difference = _difference(truth, images)
    strength = np.clip(np.abs(difference).max(axis=-1) / scale, 0, 1)
    brightness = difference @ LUMA if difference.shape[-1] == 3 else difference[..., 0]
    colours = np.where(brightness[..., None] < 0, np.array(rgb(TOO_DARK)), np.array(rgb(TOO_BRIGHT)))
    return np.concatenate([colours, np.round(strength[..., None] * 255)], axis=-1).astype(np.uint8)


def _difference(truth: np.ndarray, images: np.ndarray) -> np.ndarray:
    return (images.astype(np.float32) - truth.astype(np.float32)) / 255


def data_uri(image: np.ndarray) -> str:
    """One uint8 picture (H, W, C), C = 1, 3 or 4, as text that stands for its file in an address."""
    if max(image.shape[:2]) <= LOSSLESS_SIDE:
        return f"data:image/png;base64,{base64.b64encode(png(image)).decode()}"
    buffer = io.BytesIO()
    picture = Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image)
    picture.save(buffer, "WEBP", quality=WEBP_QUALITY)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def montage(rows: list[np.ndarray], side: int = 56, gap: int = 4) -> np.ndarray:
    """Rows of pictures as one picture, each enlarged by a whole factor to at most `side` px, with clear gaps.

    Args:
        rows: Each (N, H, W, C) uint8 with the same N; shapes may differ from row to row.
        side: Longest side of a picture, in px; larger ones are left as they are.
        gap: Between two pictures, in px.

    Returns:
        (height, width, 4) uint8.
    """
    tiles = [_opaque(enlarge(row, max(1, side // max(row.shape[1:3])))) for row in rows]
    height = max(tile.shape[1] for tile in tiles)
    width = max(tile.shape[2] for tile in tiles)
    count = len(tiles[0])
    sheet = np.zeros((len(tiles) * (height + gap) - gap, count * (width + gap) - gap, 4), np.uint8)
    for line, tile in enumerate(tiles):
        top = line * (height + gap) + (height - tile.shape[1]) // 2
        for place in range(count):
            left = place * (width + gap) + (width - tile.shape[2]) // 2
            sheet[top : top + tile.shape[1], left : left + tile.shape[2]] = tile[place]
    return sheet


def _opaque(images: np.ndarray) -> np.ndarray:
    colour = np.repeat(images, 3, axis=-1) if images.shape[-1] == 1 else images
    return np.concatenate([colour, np.full((*colour.shape[:3], 1), 255, np.uint8)], axis=-1)

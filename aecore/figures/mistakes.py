"""Pictures that were judged wrongly: image, reconstruction and error side by side, and why in a sentence."""

import numpy as np
from plotly.colors import sample_colorscale

from aecore.figures.palette import SEQUENTIAL
from aecore.figures.pictures import montage

LEVELS = 256
AWAY = 0.09  # of the side: so far from the middle an error is said to lie to one side
NARROW = 0.1  # share of the pixels that hold the worst of an error
GATHERED = 0.65  # share of an error from which on it counts as lying in one place
CLOSE = 1.15  # times the usual error: up to there a reconstruction counts as good
SHIFT = 0.02  # difference of mean brightness from which on it is said
_PLACES = (
    ("in the upper left", "at the top", "in the upper right"),
    ("on the left", "in the middle", "on the right"),
    ("in the lower left", "at the bottom", "in the lower right"),
)


def error_scale(*maps: np.ndarray) -> float:
    """What the brightest colour of error maps (N, h, w) stands for: the value that one pixel in a hundred exceeds.

    Where that is 0 it is the largest, and 1 where there is no error at all.
    """
    values = np.concatenate([np.ravel(item) for item in maps]) if maps else np.zeros(0)
    return float(np.quantile(values, 0.99)) or float(values.max()) or 1.0 if values.size else 1.0


def error_map(errors: np.ndarray, scale: float) -> np.ndarray:
    """Error maps (N, h, w) in the colours of amounts, (N, h, w, 3) uint8; `scale` and more is the brightest."""
    levels = np.round(np.clip(errors / scale, 0, 1) * (LEVELS - 1)).astype(int)
    return _table()[levels]


def colour_bar(stops: int = 9) -> list[str]:
    """The colours of `error_map` from nothing to its scale, for a legend."""
    chosen = _table()[np.linspace(0, LEVELS - 1, stops, dtype=int)]
    return [f"rgb({red}, {green}, {blue})" for red, green, blue in chosen]


def mistake_picture(image: np.ndarray, output: np.ndarray, coloured: np.ndarray, side: int = 84) -> np.ndarray:
    """Image, reconstruction and coloured error map beside each other, as one picture.

    Args:
        image: (H, W, C) uint8.
        output: (H, W, C) uint8.
        coloured: (h, w, 3) uint8, from `error_map`.
        side: Longest side of each, in px.
    """
    tiles = [montage([tile[None]], side) for tile in (image, output, coloured)]
    height, gap = max(tile.shape[0] for tile in tiles), np.zeros((1, 6, 4), np.uint8)
    padded = [np.pad(tile, ((0, height - len(tile)), (0, 0), (0, 0))) for tile in tiles]
    gap = np.repeat(gap, height, axis=0)
    return np.concatenate([padded[0], gap, padded[1], gap, padded[2]], axis=1)


def place_of(error: np.ndarray) -> str:
    """Where an error map (h, w) has its weight: "in the upper left", "in the middle", "spread over the picture"."""
    total = float(error.sum())
    if total <= 0:
        return "nowhere"
    worst = np.sort(error, axis=None)[::-1][: max(1, round(NARROW * error.size))]
    if float(worst.sum()) < GATHERED * total:
        return "spread over the picture"
    centre = []
    for axis, length in enumerate(error.shape):
        along = error.sum(axis=1 - axis)
        centre.append(float(along @ (np.arange(length) + 0.5)) / total / length - 0.5)
    row, column = ((value > AWAY) - (value < -AWAY) + 1 for value in centre)
    return _PLACES[row][column]


def why_alarmed(image: np.ndarray, output: np.ndarray, error: np.ndarray, usual: float) -> str:
    """Why a normal picture was taken for abnormal, in a sentence.

    Args:
        image: (H, W, C) uint8.
        output: Its reconstruction, likewise.
        error: (h, w) error map.
        usual: Mean squared error of an ordinary normal picture, on the scale from 0 to 1.
    """
    times, brighter = _compared(image, output, usual)
    if times < CLOSE:
        return "It is reconstructed as well as others; this score finds it odd all the same."
    kind = "changed" if abs(brighter) <= SHIFT else "too bright" if brighter > 0 else "too dark"
    return f"It comes back {kind}: {times:.1f} times the usual error, {place_of(error)}."


def why_missed(image: np.ndarray, output: np.ndarray, error: np.ndarray, usual: float) -> str:
    """Why an abnormal picture passed for normal, in a sentence; arguments as of `why_alarmed`."""
    times, _ = _compared(image, output, usual)
    if times <= CLOSE:
        return f"It is reconstructed well: {times:.1f} times the usual error of a normal picture."
    return f"It comes back changed ({times:.1f} times the usual error, {place_of(error)}), but this score overlooks it."


def _compared(image: np.ndarray, output: np.ndarray, usual: float) -> tuple[float, float]:
    """How many times the usual error a reconstruction has, and by how much it is brighter than the image."""
    difference = (output.astype(np.float64) - image.astype(np.float64)) / 255
    return float(np.mean(difference**2)) / max(usual, 1e-12), float(difference.mean())


def _table() -> np.ndarray:
    """(256, 3) uint8: red, green and blue of each level."""
    colours = sample_colorscale(SEQUENTIAL, np.linspace(0, 1, LEVELS).tolist(), colortype="tuple")
    return np.round(np.array(colours) * 255).astype(np.uint8)

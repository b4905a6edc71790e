"""A canvas to draw a digit on, with the mouse, a finger, a pen or the arrow keys.

The browser sends the strokes when one ends; they are checked, and drawn here as MNIST's digits were prepared (LeCun et
al. 1998): as large as a box of 20 of 28 px allows, and moved so that the centre of mass lies in the middle.
"""

from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image, ImageDraw

from aecore.errors import RequestError
from pages.ui.frame import say

MOST_STROKES = 100
MOST_POINTS = 10_000
BOX = 20 / 28  # longer side of the digit, as a share of the picture's side
PEN = 2.6 / 28  # width of the line, likewise; about that of MNIST's digits
PAINT = "#0d0c0b"  # over a picture: what is missing is black
ENLARGED = 8  # most; a dot stays a dot
FINE = 8  # lines are drawn so many times as large, then shrunk: soft edges
_HERE = Path(__file__).parent
_CANVAS = st.components.v2.component(
    "canvas",
    html='<div class="canvas">\n</div>',
    css=(_HERE / "canvas.css").read_text(encoding="utf-8"),
    js=(_HERE / "canvas.js").read_text(encoding="utf-8"),
)
Strokes = list[np.ndarray]


def canvas(key: str, size: int = 28, label: str = "Draw a digit") -> np.ndarray | None:
    """Draws the canvas, with a button that clears it; what is drawn stays while other parts of the page change.

    Args:
        key: The element's key.
        size: Height and width of the picture returned, in px.
        label: What is said on the empty canvas.

    Returns:
        (size, size, 1) uint8, white on black, scaled and centred as MNIST's digits are; None while nothing is drawn.
    """
    try:
        drawn, refused = checked(st.session_state.get(key, {}).get("strokes")), None
    except RequestError as error:
        drawn, refused = [], error
    known = [np.round(stroke, 3).tolist() for stroke in drawn]
    data = {"label": label, "strokes": known, "most_strokes": MOST_STROKES, "most_points": MOST_POINTS, "pen": PEN}
    _CANVAS(key=key, data=data, on_strokes_change=lambda: None)
    if refused:
        say(refused)
    return digit(drawn, size) if drawn else None


def painted(key: str, picture: str, size: tuple[int, int], pen: float, label: str) -> Strokes:
    """Draws a picture to paint on, with a button that clears what was painted.

    Args:
        key: The element's key; another one for another picture.
        picture: The picture, as an address.
        size: Its width and height, in px of the screen.
        pen: Width of the line, as a share of the shorter side.
        label: What is said while nothing is painted.

    Returns:
        For each stroke an array (points, 2), x and y from 0 to 1; empty while nothing is painted.
    """
    try:
        drawn, refused = checked(st.session_state.get(key, {}).get("strokes")), None
    except RequestError as error:
        drawn, refused = [], error
    data = {
        "label": label, "strokes": [np.round(stroke, 3).tolist() for stroke in drawn], "most_strokes": MOST_STROKES,
        "most_points": MOST_POINTS, "pen": pen, "picture": picture, "size": list(size), "ink": PAINT,
    }  # fmt: skip
    _CANVAS(key=key, data=data, on_strokes_change=lambda: None)
    if refused:
        say(refused)
    return drawn


def checked(received: Any) -> Strokes:
    """What a browser sent, if it is a drawing.

    Args:
        received: A list of strokes, each a list of points [x, y] from 0 to 1, y downwards; None where nothing was sent.

    Returns:
        For each stroke an array (points, 2) float64; a stroke of one point is a dot.

    Raises:
        RequestError: It is something else, or too much.
    """
    if received is None:
        return []
    if not isinstance(received, list) or not all(isinstance(stroke, list) and stroke for stroke in received):
        raise _refusal("something that is not a list of strokes")
    if len(received) > MOST_STROKES or sum(map(len, received)) > MOST_POINTS:
        raise _refusal(f"{len(received)} strokes of {sum(map(len, received)):,} points")
    if not all(_is_point(point) for stroke in received for point in stroke):
        raise _refusal("a point outside the canvas, or none at all")
    return [np.array(stroke, dtype=np.float64) for stroke in received]


def _is_point(point: Any) -> bool:
    if not isinstance(point, list) or len(point) != 2:
        return False
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in point)
    return numbers and all(0 <= value <= 1 for value in point)


def _refusal(received: str) -> RequestError:
    return RequestError(
        f"The drawing could not be read: received {received}, expected at most {MOST_STROKES} strokes and "
        f"{MOST_POINTS:,} points on the canvas. Press Clear and draw again."
    )


def digit(strokes: Strokes, size: int = 28) -> np.ndarray:
    """Strokes as a picture like those of MNIST: its longer side is 20 of 28 px, its centre of mass in the middle.

    Args:
        strokes: At least one, each (points, 2), x and y from 0 to 1.
        size: Height and width of the picture, in px.

    Returns:
        (size, size, 1) uint8, white on black. The line's width does not depend on how large one drew.
    """
    side = size * FINE
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    extent = max(float((high - low).max()), 1e-9)
    pen = max(1.0, PEN * side)
    scale = min((BOX * side - pen) / extent, ENLARGED * side)
    placed = [(stroke - (low + high) / 2) * scale + side / 2 for stroke in strokes]
    ink = _centred(_inked(placed, side, pen))
    return np.round(ink.reshape(size, FINE, size, FINE).mean(axis=(1, 3)))[..., None].astype(np.uint8)


def _inked(strokes: Strokes, side: int, pen: float) -> np.ndarray:
    """Strokes in px, drawn white on black with a round pen: (side, side) uint8."""
    picture = Image.new("L", (side, side))
    draw = ImageDraw.Draw(picture)
    for stroke in strokes:
        path = [tuple(point) for point in stroke.tolist()]
        if len(path) > 1:
            draw.line(path, fill=255, width=round(pen))
        for x, y in path:
            draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2 - 1, y + pen / 2 - 1), fill=255)
    return np.array(picture)


def _centred(ink: np.ndarray) -> np.ndarray:
    """A picture moved so that its centre of mass lies in the middle, as far as nothing leaves it."""
    for axis in (0, 1):
        weights = ink.sum(axis=1 - axis, dtype=np.float64)
        inside = np.flatnonzero(weights)
        wanted = (len(ink) - 1) / 2 - float(weights @ np.arange(len(ink)) / weights.sum())
        ink = np.roll(ink, int(np.clip(round(wanted), -inside[0], len(ink) - 1 - inside[-1])), axis=axis)
    return ink

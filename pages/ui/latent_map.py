"""A map of codes on a canvas of our own: ten thousand points that can be hovered, clicked, lassoed, zoomed and panned.

What a map draws from lies on a shelf in the browser: `put` sends arrays there once, in an element of its own, and
`latent_map` names them. A click then costs a few hundred bytes, and selection and zoom hold while the page changes.
Everything that comes back is checked.
"""

import json
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from aecore.errors import RequestError
from aecore.figures.palette import CLASSES, OURS, rgb
from pages.ui.frame import say

KINDS = {"float32": "f4", "int16": "i2", "int32": "i4", "uint8": "u1"}
FAR = 3.0  # map widths beyond which nobody can have clicked
_HERE = Path(__file__).parent


def _read(*names: str) -> str:
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


_SHELF = st.components.v2.component("latent_shelf", html="<span>\n</span>", js=_read("latent_shelf.js"))
_MAP = st.components.v2.component(
    "latent_map",
    html='<div class="map">\n</div>',
    css=_read("latent_map.css"),
    js=_read("latent_view.js", "latent_hand.js", "latent_map.js"),
)


@dataclass(frozen=True)
class Picked:
    """Where somebody clicked.

    Args:
        x: Place on the map.
        y: Place on the map, upwards.
        index: The point that was hit, -1 for none.
    """

    x: float
    y: float
    index: int


@dataclass(frozen=True)
class Layers:
    """How a map is drawn.

    Args:
        colour: "class", or NAME for an array `NAME_tint` of the points, uint8 steps of the scale.
        scale: For amounts: "stops", the colour of each step, and "words" for both ends.
        draw: "dots", "thumbs" or "none".
        thumbs: Name on the shelf of the points' thumbnails.
        under: Name on the shelf of what lies under the points: a density or a grid of pictures; empty for nothing.
        film: Identity of the film that the points follow; they then have an array moving (K, N, 2), one frame each.
    """

    colour: str = "class"
    scale: dict[str, Any] | None = None
    draw: str = "dots"
    thumbs: str = ""
    under: str = ""
    film: str = ""


def packed(name: str, arrays: dict[str, np.ndarray], **values: Any) -> bytes:
    """Arrays and values as `put` sends them: a length, a head in JSON, and the arrays' bytes.

    Args:
        name: What the map will call them; another name for other contents.
        arrays: float32, int16, int32 or uint8.
        values: JSON values.
    """
    listed, body = [], b""
    for title, array in arrays.items():
        raw = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        listed.append({"name": title, "kind": KINDS[array.dtype.name], "offset": len(body), "length": len(raw)})
        body += raw
    head = json.dumps({"id": name, "values": values, "arrays": listed}).encode()
    return struct.pack("<I", len(head)) + head + body


def put(content: bytes, key: str) -> None:
    """Sends what `packed` gave to the browser; draws nothing."""
    _SHELF(key=key, data=content)


def latent_map(
    key: str,
    points: str,
    box: Sequence[float],
    count: int,
    label: str,
    classes: Sequence[str],
    layers: Layers,
    decodes: bool = True,
    axes: tuple[str, str] | None = None,
    picked: Picked | None = None,
    lassoed: Sequence[int] = (),
    isolated: Sequence[int] | None = None,
    seen: Sequence[float] | None = None,
    forced: str = "",
    marks: Sequence[dict[str, Any]] = (),
    paths: Sequence[dict[str, Any]] = (),
    lasso: bool = True,
    ratio: float = 0.82,
    tallest: int = 640,
    legend: bool = True,
    frame: Sequence[float] | None = None,
    answers: bool = True,
) -> tuple[Picked | None, np.ndarray]:
    """Draws a map.

    Args:
        key: The element's key.
        points: Name on the shelf of the arrays points (N, 2), labels (N,), index (N,), errors (N,).
        box: Lowest x and y, highest x and y of the points.
        count: N.
        label: What the map shows, for those who cannot see it.
        classes: Names of the classes.
        layers: How it is drawn.
        decodes: Whether a click anywhere means something, or only one on a point.
        axes: Names of the axes, where coordinates have a meaning.
        picked: What is selected when other points are shown.
        lassoed: Which points are in the lasso then.
        isolated: Which classes alone are shown then, none for all; None where the page does not remember that.
        seen: Which part is shown then, as zoom, x and y of the middle, empty for all; None where the page does not
            remember that.
        forced: Changed when `picked` and `lassoed` are to replace what the visitor has selected.
        marks: Dicts x, y, text: places to point out.
        paths: Dicts points, colour, dashed: lines to draw.
        lasso: Whether points can be lassoed.
        ratio: Height as a share of the width.
        tallest: Greatest height, in px.
        legend: Whether the classes, or the scale, stand below.
        answers: Whether a click does anything.
        frame: Lowest x and y, highest x and y of what is shown at first, where that is not all points.

    Returns:
        Where was clicked last on these points, and the points in the lasso, (M,) int.
    """
    sent, refused = st.session_state.get(key, {}), []
    try:
        now = _picked(sent.get("picked"), points, box, count)
    except RequestError as error:
        now, refused = None, [error]
    try:
        chosen = _lassoed(sent.get("lassoed"), points, count)
    except RequestError as error:
        chosen, refused = None, [error]
    now = picked if now is None else now
    chosen = np.array(lassoed, dtype=int) if chosen is None else chosen
    data = {
        "id": points, "label": label, "classes": list(classes), "colours": list(CLASSES), "veil": rgb(OURS),
        **vars(layers), "decodes": decodes, "axes": axes, "marks": list(marks), "paths": list(paths), "lasso": lasso,
        "ratio": ratio, "tallest": tallest, "legend": legend, "forced": forced,
        "frame": frame, "answers": answers, "isolated": None if isolated is None else list(isolated),
        "seen": None if seen is None else list(seen),
        "picked": vars(picked) if picked else None, "lassoed": [int(item) for item in lassoed],
    }  # fmt: skip
    _MAP(
        key=key,
        data=data,
        on_picked_change=lambda: None,
        on_lassoed_change=lambda: None,
        on_isolated_change=lambda: None,
        on_seen_change=lambda: None,
    )
    for error in refused:
        say(error)
    return now, chosen


def isolated_on(key: str, points: str, count: int) -> list[int] | None:
    """The classes, out of `count`, that a map's legend shows alone; None where nobody has chosen on these points."""
    received = st.session_state.get(key, {}).get("isolated")
    if not isinstance(received, dict) or received.get("id") != points or not isinstance(received.get("classes"), list):
        return None
    return sorted({label for label in received["classes"] if _is_index(label, 0, count)})


def seen_on(key: str, points: str) -> list[float] | None:
    """The part of a map that is looked at: zoom, x and y of its middle, empty for all; None where nobody moved it."""
    received = st.session_state.get(key, {}).get("seen")
    view = received.get("view") if isinstance(received, dict) and received.get("id") == points else None
    if not isinstance(view, list) or len(view) not in (0, 3) or not all(_is_number(value) for value in view):
        return None
    return [float(value) for value in view]


def _picked(received: Any, points: str, box: Sequence[float], count: int) -> Picked | None:
    """A click that a browser sent, None where there was none on these points.

    Raises:
        RequestError: It is no click on this map.
    """
    if received is None or (isinstance(received, dict) and received.get("id") != points):
        return None
    values = [received.get(name) for name in ("x", "y", "index")] if isinstance(received, dict) else [None] * 3
    if not all(_is_number(value) for value in values[:2]) or not _is_index(values[2], -1, count):
        raise RequestError("The click could not be read: expected a place on the map. Click again.")
    x, y, index = values
    reach = [FAR * max(box[axis + 2] - box[axis], 1e-6) for axis in (0, 1)]
    if any(not box[axis] - reach[axis] <= value <= box[axis + 2] + reach[axis] for axis, value in enumerate((x, y))):
        raise RequestError(f"The click lies far outside the map, at {x:.3g}, {y:.3g}. Click again.")
    return Picked(float(x), float(y), index)


def _lassoed(received: Any, points: str, count: int) -> np.ndarray | None:
    """The points of a lasso that a browser sent, None where there was none on these points.

    Raises:
        RequestError: They are no points of this map.
    """
    if received is None or (isinstance(received, dict) and received.get("id") != points):
        return None
    found = received.get("indices") if isinstance(received, dict) else None
    if not isinstance(found, list) or len(found) > count or not all(_is_index(item, 0, count) for item in found):
        raise RequestError("The lasso could not be read: expected points of the map. Draw it again.")
    return np.unique(np.array(found, dtype=int))


def _is_number(value: Any) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool) and math.isfinite(float_or_nan(value))


def float_or_nan(value: float) -> float:
    """A number as a float; NaN for one that is too large."""
    try:
        return float(value)
    except OverflowError:
        return math.nan


def _is_index(value: Any, low: int, count: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value < count

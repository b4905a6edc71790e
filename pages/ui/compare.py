"""Two pictures laid over each other: a divider to drag, a lens, or both side by side, zoomed and moved together.

The browser has an overview of each; what it needs beyond that, a detail at full resolution, it asks for when the view
rests, and `put_look` sends it. Strength and trust map are laid over there, too. Everything that comes back is checked.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from aecore.errors import RequestError
from pages.ui.frame import say

WIDEST_LOOK = 1800  # px; the longest side of a detail that is sent at full resolution
_HERE = Path(__file__).parent


def _read(*names: str) -> str:
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


_COMPARE = st.components.v2.component(
    "compare",
    html='<div class="compare">\n</div>',
    css=_read("compare.css"),
    js=_read("compare_view.js", "compare_hand.js", "compare.js"),
)
_LOOK = st.components.v2.component("compare_look", html="<span>\n</span>", js=_read("compare_look.js"))


@dataclass(frozen=True)
class Box:
    """A part of the picture, in its px."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Side:
    """What the result is compared with.

    Args:
        name: A short name; not "result" or "trust".
        label: What it is called.
        src: Its overview, as an address.
    """

    name: str
    label: str
    src: str


@dataclass(frozen=True)
class Trust:
    """A map that can be laid over the result.

    Args:
        src: The map in colours, as an address.
        stops: The colours from low to high.
        low: What the lowest stands for.
        high: What the highest stands for.
        words: What is mapped.
        title: What the map is called.
    """

    src: str
    stops: Sequence[str]
    low: str
    high: str
    words: str
    title: str = "Trust map"


@dataclass(frozen=True)
class Wanted:
    """What a visitor wants of a comparison.

    Args:
        view: The part that is looked at, when it is needed at full resolution.
        detail: The part of which all models are to be shown.
        strength: How much of the result is blended over the first side, 0 to 1.
    """

    view: Box | None
    detail: Box | None
    strength: float


def compare(
    key: str,
    identity: str,
    size: tuple[int, int],
    result: str,
    sides: Sequence[Side],
    name: str,
    label: str,
    strength: float = 1.0,
    trust: Trust | None = None,
    blends: bool = True,
    looks: bool = True,
    detail: bool = True,
    tallest: int = 640,
) -> Wanted:
    """Draws the comparison.

    Args:
        key: The element's key.
        identity: Another one for other pictures: divider, zoom and strength then begin anew.
        size: Width and height of the result, in px; overviews may be smaller.
        result: Overview of the result at full strength, as an address.
        sides: What it is compared with; the first is what it is blended over.
        name: What the result is called.
        label: What the pictures show, for those who cannot see them.
        strength: Where the blend begins.
        trust: A map to lay over it.
        blends: Whether the strength can be changed.
        looks: Whether details at full resolution are at hand.
        detail: Whether all models can be asked for.
        tallest: Greatest height, in px of the screen.
    """
    sent, refused = st.session_state.get(key, {}), []
    wanted: dict[str, Any] = {"view": None, "detail": None, "strength": strength}
    for what, check in (("view", _box), ("detail", _box), ("strength", _strength)):
        received = sent.get(what)
        if isinstance(received, dict) and received.get("id") == identity:
            try:
                wanted[what] = check(received, size)
            except RequestError as error:
                refused = [error]
    _COMPARE(
        key=key,
        data={
            "id": identity, "width": size[0], "height": size[1], "result": result,
            "sides": [vars(side) for side in sides], "name": name, "label": label, "strength": wanted["strength"],
            "trust": {**vars(trust), "stops": ", ".join(trust.stops)} if trust else None, "blends": blends,
            "looks": WIDEST_LOOK if looks else 0, "detail": detail, "tallest": tallest,
        },
        on_view_change=lambda: None,
        on_detail_change=lambda: None,
        on_strength_change=lambda: None,
    )  # fmt: skip
    for error in refused:
        say(error)
    return Wanted(**wanted)


def put_look(key: str, identity: str, box: Box, result: str, before: str = "") -> None:
    """Sends a detail at full resolution to the comparison of this identity; draws nothing.

    Args:
        key: The element's key.
        identity: That of the comparison.
        box: Where the detail lies.
        result: It, as an address.
        before: The same part of the first side; empty where its overview has all its pixels.
    """
    name = f"{box.left},{box.top},{box.width},{box.height}"
    _LOOK(key=key, data={"id": identity, "name": name, **vars(box), "result": result, "before": before})


def around(box: Box, size: tuple[int, int], share: float = 0.25) -> Box:
    """A box made larger by a share of its sides, as far as the picture and `WIDEST_LOOK` go; then moving is free."""
    spans = []
    for start, length, most in ((box.left, box.width, size[0]), (box.top, box.height, size[1])):
        margin = min(int(share * length), max(0, (WIDEST_LOOK - length) // 2))
        first, last = max(0, start - margin), min(most, start + length + margin)
        spans.append((first, last - first))
    (left, width), (top, height) = spans
    return Box(left, top, width, height)


def _box(received: dict[str, Any], size: tuple[int, int]) -> Box:
    """A part that a browser sent, cut to what there is of it.

    Raises:
        RequestError: It is no part of the picture.
    """
    values = [received.get(name) for name in ("left", "top", "width", "height")]
    if not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        raise RequestError("The part of the picture could not be read: expected four whole numbers. Zoom again.")
    left, top, width, height = values
    if not (0 <= left < size[0] and 0 <= top < size[1] and 0 < width <= 2 * size[0] and 0 < height <= 2 * size[1]):
        raise RequestError(
            f"The part at {left}, {top} lies outside the picture of {size[0]} × {size[1]} px. Zoom again."
        )
    return Box(left, top, min(width, size[0] - left), min(height, size[1] - top))


def _strength(received: dict[str, Any], size: tuple[int, int]) -> float:
    """A strength that a browser sent.

    Raises:
        RequestError: It is none.
    """
    value = received.get("value")
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1 or math.isnan(value):
        raise RequestError("The strength could not be read: expected a number from 0 to 1. Move the slider again.")
    return float(value)

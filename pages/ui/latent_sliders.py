"""Every number of a code as a slider, the one that varies most first, and what the code says beside them."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
import streamlit as st

from aecore.engine import Status
from aecore.latent import nearest
from pages.ui import lab
from pages.ui.frame import guarded
from pages.ui.latent_drawing import decode_request
from pages.ui.latent_jobs import at_once
from pages.ui.latent_kept import kept
from pages.ui.latent_panel import as_every_class
from pages.ui.latent_pictures import Picture, pictures
from pages.ui.latent_scene import Found, Scene
from pages.ui.latent_stage import with_map

FIRST = 8
MOST = 64
STEPS = 100
STARTS = {"image": "The chosen image", "mean": "The mean code", "zero": "Zero"}
NEAREST = 6
SIDE = 280


def section(scene: Scene) -> None:
    """Draws the sliders."""
    with_map(scene, lambda found: _sliders(scene, found))


def start_code(scene: Scene, found: Found, start: str) -> np.ndarray:
    """The code that the sliders begin with, (d,)."""
    if start == "mean":
        return found.codes.mean(axis=0)
    if start == "zero":
        return np.zeros(scene.size, np.float32)
    picked = kept(scene, found).picked
    return found.codes[picked.index if picked and picked.index >= 0 else 0]


@dataclass(frozen=True)
class Range:
    """Where a slider begins and ends, and how far apart its stops are.

    The step is a power of two and both ends are multiples of it. Floating-point numbers hold all stops exactly, so that
    the browser, which counts steps by itself, ends where the slider ends and not a rounding error beyond it: there the
    value would be refused.
    """

    low: float
    high: float
    step: float

    @classmethod
    def over(cls, low: float, high: float) -> Self:
        """A range of about `STEPS` stops that holds two numbers."""
        step = 2.0 ** round(math.log2(max(high - low, 0.1) / STEPS))
        return cls(step * math.floor(low / step), step * math.ceil(high / step), step)

    def stop(self, value: float) -> float:
        """The stop next to a number."""
        return min(max(self.step * round(value / self.step), self.low), self.high)


def ranges(found: Found, code: np.ndarray) -> list[Range]:
    """For each of the d numbers, where the data lies and the code that its slider begins with, (d,)."""
    low, high = found.arrays["lows"].astype(float), found.arrays["highs"].astype(float)
    room = 0.05 * np.maximum(high - low, 0.1)
    low, high = np.minimum(low, code) - room, np.maximum(high, code) + room
    return [Range.over(*ends) for ends in zip(low.tolist(), high.tolist(), strict=True)]


def _sliders(scene: Scene, found: Found) -> None:
    @guarded
    def body() -> None:
        left, right = st.columns([2, 3], gap="large")
        with right:
            start = st.segmented_control(
                "Begin with", list(STARTS), default="image", format_func=STARTS.get, key="latent.start", required=True,
                bind="query-params",
            )  # fmt: skip
            began = start_code(scene, found, start)
            code = _numbers(scene, found, began)
        with left:
            _decoded(scene, found, began, code)

    st.fragment(body)()


def _numbers(scene: Scene, found: Found, began: np.ndarray) -> np.ndarray:
    """Draws the sliders; the code that they say."""
    spans = ranges(found, began)
    code, order = began.astype(float).copy(), found.arrays["order"].tolist()
    keys = {number: f"latent.z{number + 1}" for number in order[:MOST]}
    mark = f"{scene.run.key} {np.round(began, 3).tolist()}"
    if st.session_state.setdefault("latent.began", mark) != mark:  # other sliders begin where the new code is
        st.session_state["latent.began"] = mark
        for number, key in keys.items():
            st.session_state[key] = spans[number].stop(began[number])
    if st.button("Back to the beginning", icon=":material/undo:", key="latent.back"):
        for number, key in keys.items():
            st.session_state[key] = spans[number].stop(began[number])

    def draw(numbers: list[int]) -> None:
        with st.grid(2, min_column_width=200):
            for number in numbers:
                code[number] = _slider(number, keys[number], spans[number], began[number])

    draw(order[:FIRST])
    more = order[FIRST:MOST]
    if more:
        with st.expander(f"{len(more)} more that vary less"):
            draw(more)
    return code


def _slider(number: int, key: str, span: Range, began: float) -> float:
    return st.slider(
        f"Number {number + 1}", span.low, span.high, span.stop(began), span.step,
        format="%.2f", key=key, bind="query-params",
    )  # fmt: skip


def _decoded(scene: Scene, found: Found, began: np.ndarray, code: np.ndarray) -> None:
    def draw(status: Status) -> None:
        now, before = lab.arrays(status.id, "decoded.npz")["images"]
        pictures([Picture(now, "The code of the sliders, decoded", "decoded")], SIDE)
        pictures([Picture(before, "Where the sliders began, decoded", "where you began")], SIDE // 3)

    arguments = decode_request(scene, np.stack([code, began]))
    at_once("latent_decode", arguments, draw, lambda: st.skeleton(height=SIDE), private=scene.private)
    as_every_class(scene, code)
    places, distances = nearest(code[None].astype(np.float32), found.codes, NEAREST)
    st.caption(f"Test images with the nearest codes; the nearest is {distances[0, 0]:.2g} away")
    images = found.arrays["images"]
    pictures([Picture(images[place], found.name(int(place))) for place in places[0]], 56)

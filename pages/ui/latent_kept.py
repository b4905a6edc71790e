"""What a visitor has chosen on the map: kept while they look elsewhere on the page, and written into the address."""

import base64
import math
import zlib
from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.ui.latent_map import Picked
from pages.ui.latent_scene import Found, Scene

STATE, IMAGE, PLACE, LASSO = "latent.kept", "latent.image", "latent.place", "latent.lasso"
ONLY, SEEN = "latent.only", "latent.seen"
SEEN_MAP = "latent.seen_map"
MOST_BYTES = 12_500  # of an unpacked lasso, one bit for each test image


@dataclass(frozen=True)
class Kept:
    """A choice in terms that hold for every projection.

    Args:
        picked: Where on this map.
        lassoed: Points of this map.
    """

    picked: Picked | None
    lassoed: list[int]


def kept(scene: Scene, found: Found) -> Kept:
    """What was chosen before: in this session, else by the address, else the first test image."""
    state = st.session_state.get(STATE)
    if not state or state["run"] != scene.run.key:
        image, place = _asked()
        state = {"map": found.job, "image": image, "place": place, "lassoed": images_of(st.query_params.get(LASSO, ""))}
    point = found.at(state["image"])
    place = state["place"] if state["map"] == found.job else None
    if point < 0 and place is None:
        point = 0
    if point >= 0:
        x, y = found.points[point].tolist()
        picked = Picked(*(place or (x, y)), point)
    else:
        picked = Picked(*place, -1)
    lassoed = np.flatnonzero(np.isin(found.arrays["index"], state["lassoed"]))
    return Kept(picked, lassoed.tolist())


def keep(scene: Scene, found: Found, picked: Picked | None, lassoed: np.ndarray) -> None:
    """Remembers a choice, and puts it into the address."""
    image = int(found.arrays["index"][picked.index]) if picked and picked.index >= 0 else -1
    place = (picked.x, picked.y) if picked else None
    inside = found.arrays["index"][lassoed].tolist()
    state = {"run": scene.run.key, "map": found.job, "image": image, "place": place, "lassoed": inside}
    st.session_state[STATE] = state
    _say(LASSO, text_of(inside) if inside else None)
    if image >= 0:
        _say(IMAGE, str(image))
        _say(PLACE, None)
    elif place:
        _say(PLACE, f"{place[0]:.5g},{place[1]:.5g}")
        _say(IMAGE, None)


def images_lassoed(scene: Scene, found: Found) -> np.ndarray:
    """Points of a map that are in the lasso, (M,) int."""
    return np.array(kept(scene, found).lassoed, dtype=int)


def classes_alone(found: Found) -> list[int]:
    """The classes that the address shows alone; what is none of the map's is left out."""
    asked = st.query_params.get(ONLY, "").split(",")
    return [label for label in range(len(found.classes)) if str(label) in asked]


def keep_alone(labels: list[int] | None) -> None:
    """Puts the classes that are shown alone into the address; None leaves it as it is."""
    if labels is not None:
        _say(ONLY, ",".join(map(str, labels)) or None)


def part_seen(found: Found) -> list[float]:
    """The part of a map that the address names: zoom, x and y of its middle; empty where it names none of this map.

    Another map has other places, so what the address says of one is forgotten with it.
    """
    if st.session_state.setdefault(SEEN_MAP, found.job) != found.job:
        st.session_state[SEEN_MAP] = found.job
        _say(SEEN, None)
    try:
        view = [float(value) for value in st.query_params.get(SEEN, "").split(",")]
    except ValueError:
        return []
    return view if len(view) == 3 and all(map(math.isfinite, view)) else []


def keep_seen(view: list[float] | None) -> None:
    """Puts the part of the map that is looked at into the address; None leaves it as it is."""
    if view is not None:
        _say(SEEN, ",".join(f"{value:.5g}" for value in view) or None)


def text_of(images: list[int]) -> str:
    """Numbers of images as an address holds them: a bit for each image up to the last, compressed.

    >>> images_of(text_of([3, 500]))
    [3, 500]
    """
    bits = np.zeros(max(images) + 1, bool)
    bits[images] = True
    return base64.urlsafe_b64encode(zlib.compress(np.packbits(bits).tobytes(), 9)).decode().rstrip("=")


def images_of(text: str) -> list[int]:
    """The images of `text_of`, in order; none where that cannot be read."""
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        bits = zlib.decompressobj().decompress(packed, MOST_BYTES)
    except (ValueError, zlib.error):
        return []
    return np.flatnonzero(np.unpackbits(np.frombuffer(bits, np.uint8))).tolist()


def _say(name: str, value: str | None) -> None:
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def _asked() -> tuple[int, tuple[float, float] | None]:
    """The test image and the place that the address names; what cannot be read is left out."""
    image, place = st.query_params.get(IMAGE, ""), st.query_params.get(PLACE, "")
    number = int(image) if image.isascii() and image.isdecimal() and len(image) < 10 else -1
    try:
        x, y = (float(value) for value in place.split(","))
    except ValueError:
        return number, None
    return number, (x, y) if math.isfinite(x) and math.isfinite(y) else None

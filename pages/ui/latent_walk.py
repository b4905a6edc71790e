"""A walk from one image to another, on a straight line and on an arc, beside mixing their pixels."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from aecore.engine import Status
from aecore.figures.palette import OTHER, OURS
from aecore.images import to_uint8
from aecore.latent import linear, nearest, place_of, spherical
from pages.ui import film, lab
from pages.ui.frame import guarded
from pages.ui.latent_drawing import decode_request, draw_map, shelved
from pages.ui.latent_jobs import at_once
from pages.ui.latent_scene import Found, Scene
from pages.ui.latent_stage import with_map

STEPS = 29
STRIP = 8  # of these, on the strips
NAMES = ("Straight line", "Arc", "Pixels mixed")
WORDS = """
The straight line mixes the two codes number by number. The arc turns from one to the other around the middle of all
codes: codes of many numbers lie near a sphere, and a straight line cuts through its inside, where few images are.
Mixing the pixels needs no network; two ghosts are what it gives. The curve below says how far each step is from the
nearest code of a test image: a hill is a gap that the walk crosses.
"""


def section(scene: Scene) -> None:
    """Draws the walk."""
    with_map(scene, lambda found: _walk(scene, found))


def pair(found: Found) -> tuple[int, int]:
    """The two images that a walk begins with: the first, and the first of another class that is far away."""
    labels, codes = found.labels, found.codes
    others = np.flatnonzero(labels != labels[0]) if (labels != labels[0]).any() else np.arange(1, len(labels))
    far = others[:50][np.argmax(np.linalg.norm(codes[others[:50]] - codes[0], axis=1))]
    return 0, int(far)


def paths(scene: Scene, found: Found, first: int, second: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes on the straight line and on the arc between two points, (STEPS, d) each."""
    centre = 0.0 if scene.run.recipe.model.kind == "vae" else found.codes.mean(axis=0)
    ends = found.codes[first], found.codes[second]
    return linear(*ends, STEPS), spherical(*ends, STEPS, centre)


def mixed(images: np.ndarray) -> np.ndarray:
    """Pictures between the first and the last of some (N, H, W, C) uint8, pixel by pixel: (STEPS, H, W, C) uint8."""
    share = np.linspace(0, 1, STEPS).reshape(-1, 1, 1, 1)
    return to_uint8(((1 - share) * images[0] + share * images[-1]) / 255)


def _walk(scene: Scene, found: Found) -> None:
    @guarded
    def body() -> None:
        first, second = _ends(scene, found)
        ways = paths(scene, found, first, second)

        def draw(status: Status) -> None:
            images = lab.arrays(status.id, "decoded.npz")["images"]
            walks = [images[:STEPS], images[STEPS:], mixed(images[:STEPS])]
            names = [f"step {step} of {STEPS - 1}" for step in range(STEPS)]
            _strips(walks, names, f"{scene.run.key}{first}{second}")
            left, right = st.columns([3, 2], gap="medium")
            with left:
                _film(found, walks, ways, names, f"{scene.run.key} {first} {second}")
            with right:
                _route(scene, found, ways, (first, second))

        arguments = decode_request(scene, np.concatenate(ways))
        at_once("latent_decode", arguments, draw, lambda: st.skeleton(height=420), private=scene.private)

    with shelved(scene, found, "latent.walk"):
        st.fragment(body)()
        with st.expander("What am I looking at?", icon=":material/help:"):
            st.markdown(WORDS)


def _ends(scene: Scene, found: Found) -> tuple[int, int]:
    """Draws the choice of the two images; points of the map."""
    highest, chosen = int(found.arrays["index"].max()), []
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for label, start in zip(("From image", "To image"), pair(found), strict=True):
            number = st.number_input(
                label, 0, highest, int(found.arrays["index"][start]), key=f"latent.{label.split()[0].lower()}",
                bind="query-params", width=150,
            )  # fmt: skip
            point = found.at(number)
            chosen.append(point if point >= 0 else start)
        st.button("Two others", icon=":material/casino:", on_click=_others, args=(found,), key="latent.others")
    names = " to ".join(found.name(point) for point in chosen)
    st.caption(f"From {names}. Their numbers stand on the map when you point at a dot.")
    return chosen[0], chosen[1]


def _others(found: Found) -> None:
    """Two images of different classes, where there are classes."""
    rng = np.random.default_rng()
    first = rng.integers(len(found.points))
    others = np.flatnonzero(found.labels != found.labels[first])
    second = rng.choice(others) if others.size else rng.integers(len(found.points))
    for name, point in (("latent.from", first), ("latent.to", second)):
        st.session_state[name] = int(found.arrays["index"][point])


def _strips(walks: Sequence[np.ndarray], names: Sequence[str], identity: str) -> None:
    shown = np.linspace(0, STEPS - 1, STRIP).astype(int)
    rows = [
        film.row(what, walk[shown], [names[step] for step in shown]) for what, walk in zip(NAMES, walks, strict=True)
    ]
    film.show(rows, walks[0].shape[1:3], key="latent.strips", identity=identity, columns=STRIP)


def _film(
    found: Found, walks: Sequence[np.ndarray], ways: Sequence[np.ndarray], names: Sequence[str], identity: str
) -> None:
    frames = [
        [film.cells(walk[step : step + 1], what, names[step : step + 1])[0] | {"caption": what}
         for what, walk in zip(NAMES, walks, strict=True)]
        for step in range(STEPS)
    ]  # fmt: skip
    rows = [{"label": "", "note": "", "frames": frames}]
    curves = [
        {"epochs": list(range(STEPS)), "values": gaps(found, way).tolist(), "dotted": number == 1}
        for number, way in enumerate(ways)
    ]
    highest = [max(curve["values"]) for curve in curves]
    reel = {
        "epochs": list(range(STEPS)), "labels": [f"Step {step} of {STEPS - 1}" for step in range(STEPS)], "notes": [],
        "last": STEPS - 1, "curves": curves, "name": "distance to the nearest code; dotted: arc", "now": 0,
        "alt": f"Distance to the nearest code, at most {highest[0]:.2g} on the line and {highest[1]:.2g} on the arc.",
        "what": "Step", "begin": STEPS // 2,
    }  # fmt: skip
    film.show(rows, walks[0].shape[1:3], key="latent.film", identity=identity, reel=reel, columns=3, largest=196)


def gaps(found: Found, way: np.ndarray) -> np.ndarray:
    """How far each code of a walk is from the nearest code of a test image, (K,)."""
    return nearest(way.astype(np.float32), found.codes, 1)[1][:, 0]


def _route(scene: Scene, found: Found, ways: Sequence[np.ndarray], ends: tuple[int, int]) -> None:
    """The map with both ways on it, where the map is a plane."""
    lines = []
    if found.decodes:
        for way, colour in zip(ways, (OURS, OTHER), strict=True):
            places = place_of(way, found.arrays["mean"], found.arrays["components"])
            lines.append({"points": places.tolist(), "colour": colour, "dashed": colour == OTHER})
    marks = [
        {"x": float(found.points[point][0]), "y": float(found.points[point][1]), "text": text}
        for point, text in zip(ends, ("from", "to"), strict=True)
    ]
    draw_map(scene, found, "latent.route", paths=lines, marks=marks, lasso=False, tallest=380, ratio=0.9, answers=False)

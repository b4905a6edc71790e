"""Arithmetic with codes: what a group of images has and another lacks, added to an image."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from aecore.engine import Status
from aecore.latent import difference
from pages.ui import lab
from pages.ui.frame import guarded
from pages.ui.latent_drawing import decode_request
from pages.ui.latent_jobs import at_once
from pages.ui.latent_kept import images_lassoed
from pages.ui.latent_pictures import Picture, pictures
from pages.ui.latent_scene import Found, Scene
from pages.ui.latent_stage import with_map

AMOUNTS = tuple(np.linspace(-1, 2, 13).round(2).tolist())
LASSO = "The lasso"
WORDS = """
The mean code of one group minus the mean code of another is a direction: what the first has and the second lacks. Added
to an image's code, a little or a lot, it moves the image that way; subtracted, the other way. Mikolov and others did
this with words in 2013 (king − man + woman); where a code is tidy it works with images. Lasso a group on the map to use
it here: slanted digits against upright ones, say.
"""


def section(scene: Scene) -> None:
    """Draws the arithmetic."""
    with_map(scene, lambda found: _sums(scene, found))


def _sums(scene: Scene, found: Found) -> None:
    @guarded
    def body() -> None:
        chosen = _groups(scene, found)
        if chosen is None:
            return
        base, group, without = chosen
        direction = difference(found.codes[group], found.codes[without])
        code = found.codes[base]
        moved = code + np.array(AMOUNTS)[:, None] * direction
        means = np.stack([found.codes[group].mean(axis=0), found.codes[without].mean(axis=0)])

        def draw(status: Status) -> None:
            images = lab.arrays(status.id, "decoded.npz")["images"]
            _equation(images, found.name(base), (len(group), len(without)))
            _strip(images[2:])

        arguments = decode_request(scene, np.concatenate([means, moved]))
        at_once("latent_decode", arguments, draw, lambda: st.skeleton(height=320), private=scene.private)

    st.fragment(body)()
    with st.expander("What am I looking at?", icon=":material/help:"):
        st.markdown(WORDS)


def _groups(scene: Scene, found: Found) -> tuple[int, np.ndarray, np.ndarray] | None:
    """Draws the choice of an image and two groups: points of the map; None while a group is empty."""
    lassoed = images_lassoed(scene, found)
    there = [label for label in range(len(found.classes)) if (found.labels == label).any()]
    names = [found.classes[label] for label in there] + ([LASSO] if len(lassoed) else [])
    if not names:
        st.info("These images have no classes. Lasso a group on the map first, and come back.")
        return None
    start = [names[-1]], [names[0]]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.number_input(
            "Image", 0, int(found.arrays["index"].max()), int(found.arrays["index"][_base(found)]), key="latent.base",
            bind="query-params", width=150,
        )  # fmt: skip
        with_names = st.multiselect("With", names, default=start[0], key="latent.with", bind="query-params")
        without_names = st.multiselect("Without", names, default=start[1], key="latent.without", bind="query-params")
    groups = []
    for chosen in (with_names, without_names):
        labels = [there[names.index(name)] for name in chosen if name != LASSO]
        member = np.isin(found.labels, labels)
        if LASSO in chosen:
            member[lassoed] = True
        groups.append(np.flatnonzero(member))
    if not all(len(group) for group in groups):
        st.info("Choose at least one class, or the lasso, on both sides.")
        return None
    point = found.at(number)
    return (point if point >= 0 else _base(found)), groups[0], groups[1]


def _base(found: Found) -> int:
    """The image to begin with: the first of the first class there is."""
    return int(np.flatnonzero(found.labels == found.labels.min())[0])


def _equation(images: np.ndarray, name: str, counts: Sequence[int]) -> None:
    zero = 2 + AMOUNTS.index(0.0)
    one = 2 + AMOUNTS.index(1.0)
    pictures(
        [
            Picture(images[zero], f"Reconstruction of {name}", name),
            Picture(images[0], "Mean code of the group with, decoded", f"+ mean of {counts[0]:,} images"),
            Picture(images[1], "Mean code of the group without, decoded", f"− mean of {counts[1]:,} images"),
            Picture(images[one], "The sum, decoded", "= the sum"),
        ],
        140,
    )


def _strip(images: np.ndarray) -> None:
    st.caption("From subtracting the difference once to adding it twice")
    told = [f"{amount:+g} ×".replace("-", "−") if amount else "0 ×" for amount in AMOUNTS]
    pictures([Picture(image, f"{what} the difference", what) for image, what in zip(images, told, strict=True)], 56)

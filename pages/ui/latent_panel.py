"""Beside the map: the place and the image that were clicked, the images in the lasso, or the visitor's own picture."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from aecore.engine import Status
from aecore.figures.latent import counts_chart
from aecore.latent import code_at
from aecore.metrics import format_psnr
from pages.ui import jobs, lab
from pages.ui.frame import guarded
from pages.ui.latent_drawing import decode_request
from pages.ui.latent_jobs import at_once, begun
from pages.ui.latent_map import Picked
from pages.ui.latent_own import Own, request
from pages.ui.latent_pictures import Picture, pictures
from pages.ui.latent_scene import Found, Scene

LARGE, MIDDLE, SMALL = 168, 84, 56  # px
NEIGHBOURS = 6
LASSO_SHOWN = 18
ONWARD = (
    ("Walk from here", "walk", "from"),
    ("Walk to here", "walk", "to"),
    ("Move its numbers", "sliders", "sliders"),
)
CHART = {"config": {"displayModeBar": False}}


def clicked(scene: Scene, found: Found, picked: Picked | None, lassoed: np.ndarray) -> None:
    """Draws what was lassoed, then what was clicked."""
    above = st.container()
    if picked and found.decodes:
        _place(scene, found, picked)  # first, as somebody has just clicked
    if picked and (picked.index >= 0 or found.decodes):
        as_every_class(scene, code_of(found, picked))
    if len(lassoed):
        with above:
            _lasso(scene, found, lassoed)
    if picked is None:
        st.caption("Click the map.")
    elif picked.index >= 0:
        _image(scene, found, picked.index)
    else:
        st.caption("No test image lies here. Click near a dot to see one.")


@guarded
def _place(scene: Scene, found: Found, picked: Picked) -> None:
    code = code_at(np.array([[picked.x, picked.y]]), found.arrays["mean"], found.arrays["components"])

    def draw(status: Status) -> None:
        image = lab.arrays(status.id, "decoded.npz")["images"][0]
        where = f"Decoded at {picked.x:.2f}, {picked.y:.2f}"
        where += f", told “{scene.classes[scene.told]}”" if scene.tells else ""
        rest = "" if scene.size <= 2 else "; the other directions are at their mean"
        pictures([Picture(image, where, where + rest)], LARGE)

    def wait() -> None:
        st.skeleton(height=LARGE)

    at_once("latent_decode", decode_request(scene, code), draw, wait, private=scene.private)


def code_of(found: Found, picked: Picked) -> np.ndarray:
    """The code of what was picked, (d,): of the image, else of the place."""
    if picked.index >= 0:
        return found.codes[picked.index]
    return code_at(np.array([picked.x, picked.y]), found.arrays["mean"], found.arrays["components"])


@guarded
def as_every_class(scene: Scene, code: np.ndarray) -> None:
    """Draws one code (d,) decoded as each class, where the network is told the class."""
    if not scene.tells:
        return
    labels = list(range(len(scene.classes)))

    def draw(status: Status) -> None:
        images = lab.arrays(status.id, "decoded.npz")["images"]
        st.caption("The same code, told each class in turn")
        pictures(
            [Picture(image, f"Told “{name}”", name) for image, name in zip(images, scene.classes, strict=True)], SMALL
        )

    arguments = {**decode_request(scene, np.repeat(code[None], len(labels), axis=0)), "labels": labels}
    at_once("latent_decode", arguments, draw, lambda: st.skeleton(height=2 * SMALL), private=scene.private)


@guarded
def _image(scene: Scene, found: Found, point: int) -> None:
    name, index = found.name(point), int(found.arrays["index"][point])
    arguments = {"key": scene.run.key, "index": index, "count": NEIGHBOURS}

    def draw(status: Status) -> None:
        value, kept = lab.answer(status).value, lab.arrays(status.id, "neighbours.npz")
        quality = format_psnr(found.quality(point))
        pictures(
            [
                Picture(kept["image"], f"Test image {name}", name),
                Picture(kept["output"], f"Reconstruction of {name}: {quality}", f"comes back, {quality}"),
            ],
            MIDDLE,
        )
        neighbours(value["classes"], value["label"], kept)
        _onward(index)

    at_once("latent_neighbours", arguments, draw, lambda: st.skeleton(height=330), private=scene.private)


def _onward(index: int) -> None:
    """Draws the ways to take an image to another section."""
    with st.container(horizontal=True):
        for label, section, key in ONWARD:
            if st.button(label, key=f"latent.go.{key}", type="tertiary", on_click=_go, args=(section, key, index)):
                st.rerun()


def _go(section: str, key: str, index: int) -> None:
    st.session_state["latent.section"] = section
    if key in ("from", "to", "base"):
        st.session_state[f"latent.{key}"] = index


def neighbours(classes: Sequence[str], label: int, kept: dict[str, np.ndarray]) -> None:
    """Draws the test images that are nearest by code, and those that are nearest by pixels."""
    for kind, words in (("by_code", "Nearest by code"), ("by_pixels", "Nearest by pixels")):
        labels = kept[f"{kind}_labels"][:NEIGHBOURS]
        same = f": {int(np.sum(labels == label))} of {len(labels)} of the same class" if label >= 0 else ""
        st.caption(f"{words}{same}")
        shown = []
        for image, number in zip(kept[kind][:NEIGHBOURS], labels.tolist(), strict=True):
            known = f", “{classes[number]}”" if 0 <= number < len(classes) else ""
            shown.append(Picture(image, f"{words}{known}", marked=label >= 0 and number != label))
        pictures(shown, SMALL)


@guarded
def _lasso(scene: Scene, found: Found, lassoed: np.ndarray) -> None:
    st.markdown(f"**{len(lassoed):,} images in the lasso**")
    mean = found.codes[lassoed].mean(axis=0)
    shown = lassoed[np.linspace(0, len(lassoed) - 1, min(LASSO_SHOWN, len(lassoed))).astype(int)]
    images = found.arrays["images"]

    def draw(status: Status) -> None:
        image = lab.arrays(status.id, "decoded.npz")["images"][0]
        pictures([Picture(image, "The mean of their codes, decoded", "their mean code, decoded")], MIDDLE)

    left, right = st.columns([2, 3], gap="small")
    with left:
        arguments = decode_request(scene, mean[None])
        at_once("latent_decode", arguments, draw, lambda: st.skeleton(height=120), private=scene.private)
    with right:
        if (found.labels[lassoed] >= 0).any():
            chart = counts_chart(found.labels[lassoed], found.classes)
            st.plotly_chart(chart, key="latent.lasso.classes", alt=_counted(found, lassoed), **CHART)
    pictures([Picture(images[point], found.name(int(point))) for point in shown], SMALL)
    if len(shown) < len(lassoed):
        st.caption(f"{len(shown)} of them. Groups like this can be added and subtracted.")


def _counted(found: Found, lassoed: np.ndarray) -> str:
    labels, counts = np.unique(found.labels[lassoed], return_counts=True)
    said = [f"{count} of {_class(found, label)}" for label, count in zip(labels.tolist(), counts.tolist(), strict=True)]
    return f"Classes in the lasso: {', '.join(said)}"


def _class(found: Found, label: int) -> str:
    return found.classes[label] if 0 <= label < len(found.classes) else "no class"


@guarded
def own(scene: Scene, own: Own | None) -> None:
    """Draws what the network makes of a visitor's picture."""
    if scene.tells:
        st.caption(f"The network is told that it is of the class “{scene.classes[scene.told]}”: see “Decode as”.")
    if own is None:
        st.caption("Its dot appears on the map, its reconstruction and its neighbours here.")
        return

    def draw(status: Status) -> None:
        value, kept = lab.answer(status).value, lab.arrays(status.id, "encoded.npz")
        quality = format_psnr(value["psnr"])
        pictures(
            [
                Picture(kept["image"], "Your picture, as the network is given it", "what the network is given"),
                Picture(kept["output"], f"Its reconstruction: {quality}", f"comes back, {quality}"),
            ],
            MIDDLE,
        )
        st.caption(f"Its code lies {value['score']:.1f} σ from the middle of all codes. {_numbers(value['code'])}")
        neighbours(value["classes"], -1, kept)

    if own.status.state == "failed":
        jobs.failed(own.status, "latent_encode", request(scene), private=True)
        return
    if own.status.active and not begun("latent_encode", request(scene), own.files, private=True).active:
        st.rerun()  # it was done just now, and has no mark on the map yet
    at_once(
        "latent_encode", request(scene), draw, lambda: st.skeleton(height=330), own.files, private=True,
        patience=0 if own.status.active else None,  # the map is then drawn anew, with its mark
    )  # fmt: skip


def _numbers(code: Sequence[float]) -> str:
    said = ", ".join(f"{number:.2f}" for number in code[:4])
    return f"Code: {said}{', …' if len(code) > 4 else ''}."

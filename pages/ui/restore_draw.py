"""A drawing of the visitor's own: damaged, and restored."""

import io

import numpy as np
import streamlit as st

from aecore.engine import Status
from pages.ui import lab
from pages.ui.canvas import canvas
from pages.ui.latent_jobs import at_once
from pages.ui.latent_pictures import STYLE, Picture, pictures
from pages.ui.restore_lab import requests
from pages.ui.restore_rows import Answer, Seen, caption, seen, shown
from pages.ui.restore_scene import PAGE, Scene
from pages.ui.restore_train import more
from pages.ui.restore_words import explanation

SIDE = 168
EXAMPLE = 1  # which of the lab's pictures


def section(scene: Scene) -> None:
    """Draws the canvas, and beside it what becomes of the drawing."""
    st.html(STYLE)
    left, right = st.columns([2, 3], gap="large")
    with left:
        drawn = canvas(f"{PAGE}.canvas", scene.lab.recipe.target_shape[0])
        st.caption(
            "Draw with the mouse, a finger or a pen. On the keyboard the arrow keys move the pen, and the space bar "
            "sets it down and lifts it. The drawing is centred and scaled as the digits of MNIST are, and deleted an "
            "hour after last use."
        )
    with right:
        if drawn is None:
            _example(scene)
        else:
            _answered(scene, drawn)
    more(scene)
    explanation(scene)


def _example(scene: Scene) -> None:
    """Shows a digit of the lab's, as long as there is no drawing."""

    def draw(status: Status) -> None:
        found = seen(scene, [(lab.answer(status).value, lab.arrays(status.id, "restored.npz"))])
        _pictures(scene, found, EXAMPLE, "An example")
        st.caption("An example, until you draw: damaged as the slider says, and restored.")

    at_once("restore_samples", requests(scene)["restore_samples"], draw, lambda: st.skeleton(height=SIDE))


def _answered(scene: Scene, drawn: np.ndarray) -> None:
    buffer = io.BytesIO()
    np.save(buffer, drawn, allow_pickle=False)

    def draw(status: Status) -> None:
        done = lab.answer(status)
        found = seen(scene, [(done.value, lab.read_arrays(done.folder / "restored.npz"))])
        _pictures(scene, found, 0, "Your drawing")

    arguments = {**scene.damage, "keys": scene.keys}
    files = {"picture.npy": buffer.getvalue()}
    at_once("restore_drawing", arguments, draw, lambda: st.skeleton(height=SIDE), files, private=True)


def _pictures(scene: Scene, found: Seen, number: int, what: str) -> None:
    """Draws one picture of those that were answered: as it is, damaged, and restored."""

    def picture(answer: Answer) -> Picture:
        said = f"{answer.title}: {caption(answer, number)}"
        return Picture(answer.pictures[number], f"{what}, restored by {answer.title}", said)

    answers = shown(scene, found)
    given = [
        Picture(found.clean[number], f"{what} as the network knows digits", f"{what.lower()}, 28 × 28 px"),
        Picture(found.damaged[number], f"{what}, damaged, {scene.said}", f"damaged: {caption(found.before, number)}"),
    ]
    pictures(given + [picture(answer) for answer in answers[:1]], SIDE)
    pictures([picture(answer) for answer in answers[1:]], SIDE)
    if not scene.trained:
        st.caption("No network is trained for this yet; what is shown learns nothing.")

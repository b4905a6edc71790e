"""What the page on restoring says about what it shows."""

from typing import Any

import streamlit as st

from aecore.datasets.photos import Photos
from aecore.restorers import SUBJECTS
from aecore.restoring import title
from pages.ui.frame import plain
from pages.ui.restore_scene import Scene

HEADLINES = {
    "denoise": "Noise taken from {}",
    "deblur": "{} sharpened",
    "fill": "Holes filled in {}",
    "colour": "Colours guessed for {}",
}
DONE = {
    "denoise": "Gaussian noise is added to every pixel, and clipped: what leaves the range from black to white is cut "
    "off, as a file would cut it. The network is not told how strong the noise is.",
    "deblur": "Every picture is blurred with a Gaussian. Blur removes fine detail for good; the network puts back what "
    "usually stands there. It is not told how strong the blur is.",
    "fill": "A square is painted black, at a random place. The network must find it and guess what was there from what "
    "surrounds it, so the hole and the whole picture are measured apart.",
    "colour": "The colour is taken away and the brightness kept. Many colours have the same grey, so the answer is a "
    "guess: plausible is all it can be.",
}
FITS = {
    "denoise": "the answer less what was given, as far as it is more than three standard deviations of the noise",
    "deblur": "the answer blurred again, less what was given",
    "fill": "the answer less what was given, outside the hole; inside, all is invented",
    "colour": "the grey of the answer, less the grey that was given",
}
EXPLANATION = """
**PSNR** measures the error pixel by pixel; 6 dB more is half the error. **SSIM** compares small windows for brightness,
contrast and structure; 1 is identical. Each stands below its picture, and beside a row its mean.

A network that was trained on **all strengths** up to some greatest one does well at each of them; one that was trained
on **one strength** does best there: with less damage it takes away too much, with more it leaves some. That is what the
curve shows.
"""


def headline(scene: Scene) -> str:
    """What the page shows, in a line."""
    said = HEADLINES[scene.task].format(SUBJECTS[scene.subject].lower())
    return said[0].upper() + said[1:]


def summary(scene: Scene) -> str:
    """The network that is shown, and what it was trained on."""
    if not scene.trained:
        return f"{SUBJECTS[scene.subject]}: no network is trained for this yet."
    first = scene.trained[0]
    return f"{title(first)}  ·  {first.run.info['source']}"


def about_pictures(scene: Scene, value: dict[str, Any]) -> None:
    """Where the pictures are from, in a line."""
    said = f"Pictures: {value['source']}"
    if isinstance(scene.lab.recipe.dataset, Photos):
        said += ", crops pixel by pixel that no training saw"
    elif value["seen"]:
        said += "; networks of the full set may have learned from these"
    if scene.task == "denoise":
        said += ". The noise is clipped to black and white"
    below = "the PSNR of the hole, then PSNR and SSIM of the whole" if scene.task == "fill" else "PSNR and SSIM"
    st.caption(plain(f"{said}. Below each: {below}."))


def explanation(scene: Scene) -> None:
    """What one looks at, in plain words."""
    with st.expander("What am I looking at?", icon=":material/help:"):
        st.markdown(DONE[scene.task])
        st.markdown(EXPLANATION)
        st.markdown(f"**What was invented** shows {FITS[scene.task]}. Where it is dark, the answer fits.")
        if scene.methods:
            known = "; ".join(f"**{method.title}** ({method.source}), told {method.told}" for method in scene.methods)
            st.markdown(f"What learns nothing: {known}. Each is timed on the pictures above.")
        else:
            st.markdown("There is no classical method that gives a grey picture its colours.")

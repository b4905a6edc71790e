"""How are images laid out in the code, and what lies between two of them?

Choose a network. Every test image becomes a point; click one, or the space between, and see what the code there says.
"""

import streamlit as st

from pages.ui import (
    latent_compare,
    latent_samples,
    latent_sliders,
    latent_stage,
    latent_sums,
    latent_training,
    latent_walk,
    latent_worth,
)
from pages.ui.latent_pictures import STYLE
from pages.ui.latent_runs import chosen, none_yet
from pages.ui.latent_scene import controls, scene_of, with_class
from pages.ui.page import page
from pages.ui.words import headline, summary

SECTIONS = {
    "map": ("Map", latent_stage.section),
    "walk": ("Walk", latent_walk.section),
    "sums": ("Add and subtract", latent_sums.section),
    "sliders": ("Sliders", latent_sliders.section),
    "samples": ("Samples", latent_samples.section),
    "compare": ("Compare", latent_compare.section),
    "training": ("Training", latent_training.section),
    "worth": ("What it is worth", latent_worth.section),
}

MAPPED = ("map", "walk", "compare")  # what has a map that can be drawn in several ways
DECODED = (*MAPPED, "sums", "sliders")  # what decodes codes of the visitor's choice

with page(trains=True):
    st.html(STYLE)
    with st.sidebar:
        run = chosen()
    if run is None:
        none_yet()
        st.stop()
    st.title(headline(run.recipe), anchor=False)
    st.caption(f"{summary(run.recipe)}  ·  {run.info['source']}")
    section = st.segmented_control(
        "Section", list(SECTIONS), default="map", format_func=lambda name: SECTIONS[name][0], key="latent.section",
        required=True, label_visibility="collapsed", bind="query-params",
    )  # fmt: skip
    with st.sidebar:
        scene = controls(run) if section in MAPPED else scene_of(run)
        if section in DECODED:
            scene = with_class(scene)
    _, draw = SECTIONS[section]
    draw(scene)

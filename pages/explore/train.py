"""What does a network keep when it must squeeze an image through a few numbers?

Choose images, how to damage them, and a network. Train it, and watch what comes back, epoch by epoch.
"""

import streamlit as st

from aecore.presets import PRESETS
from pages.ui import data, lab, takeaway
from pages.ui.page import page
from pages.ui.plan import plan
from pages.ui.results import explanation, network, results, test_images
from pages.ui.runs import chosen, dead_link
from pages.ui.watching import watch

FOLDED = ("normal_classes", "digest")

with page(trains=True):
    with st.sidebar:
        recipe, opened, slots = chosen("train", PRESETS["first-light"].recipe, FOLDED)
    dead_link("train")
    with slots["dataset"]:
        data.note(recipe.dataset, "train.data")
        data.own(recipe.dataset, "train")

    resolved = opened.resolved if opened else data.at_hand(recipe, "train")
    if resolved is None:
        st.stop()

    run = opened or lab.run(resolved.key)
    status = lab.standing("train", {"recipe": resolved.to_json()})
    if run:
        results(run, "train")
        test_images(run)
        with st.expander("What am I looking at?", icon=":material/help:"):
            explanation(run)
        with st.expander("The network", icon=":material/hourglass:"):
            network(run)
        takeaway.takeaway(run, "train")
        takeaway.delete_button(run, "train")
    elif status and status.active:
        watch(resolved, status)
    else:
        plan(resolved, status)

"""Can a network tell what it has never seen?

It learns some classes only. Then every image gets a score; where the threshold lies is yours to choose.
"""

import streamlit as st

from aecore.errors import RequestError
from pages.ui import anomalies_normal as normal
from pages.ui import anomalies_setup as setup
from pages.ui import data, lab
from pages.ui.anomalies import results
from pages.ui.anomalies_stage import STYLE
from pages.ui.anomalies_words import failures
from pages.ui.frame import say
from pages.ui.page import page
from pages.ui.plan import plan
from pages.ui.runs import chosen, dead_link
from pages.ui.watching import watch

with page(trains=True):
    st.html(STYLE)
    with st.sidebar:
        pick = st.container()
        normal.at_first()
        recipe, opened, slots = chosen(setup.PAGE, setup.start(), setup.FOLDED)
    dead_link(setup.PAGE)
    opened = opened or lab.lab().store.find(recipe)
    with slots["dataset"]:
        normal.choices(recipe.dataset)
        data.note(recipe.dataset, f"{setup.PAGE}.data")
        data.own(recipe.dataset, setup.PAGE)

    resolved = opened.resolved if opened else data.at_hand(recipe, setup.PAGE)
    run = opened or (resolved and lab.run(resolved.key))
    with pick:
        setup.picker(run)
    if resolved is None:
        st.stop()
    if sentence := normal.refusal(resolved.recipe.dataset):
        say(RequestError(sentence))
        setup.way_back()
        st.stop()

    status = lab.standing("train", {"recipe": resolved.to_json()})
    if run:
        results(run)
    elif status and status.active:
        watch(resolved, status)
    else:
        setup.intention(recipe.dataset)
        plan(resolved, status)
        failures()

"""Can a network tell what it has never seen?

It learns some classes only. Then every image gets a score; where the threshold lies is yours to choose.
"""

import streamlit as st

from aecore.errors import RequestError
from pages.ui import anomalies_cards, anomalies_curves, anomalies_own, anomalies_table, data, lab, takeaway
from pages.ui import anomalies_normal as normal
from pages.ui import anomalies_setup as setup
from pages.ui import anomalies_stage as stage
from pages.ui.anomalies_found import at_hand, found
from pages.ui.anomalies_words import explanation, failures
from pages.ui.frame import say
from pages.ui.page import page
from pages.ui.plan import plan
from pages.ui.runs import chosen, dead_link
from pages.ui.watching import watch

with page(trains=True):
    st.html(stage.STYLE)
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
        setup.head(run)
        seen = found(run)
        if seen is None:
            st.stop()
        here = at_hand(run)
        stage.stored(seen, here)
        setting = stage.setting_of(run, seen, stage.choose_score(seen))
        with st.container(key="anomalies-top"):
            left, right = st.columns([3, 1], gap="medium")
        with left:
            histogram = st.container()
            stage.shortcuts(seen, setting)
        with right:
            mine = anomalies_own.own(run)
            anomalies_own.verdict(mine, setting)
        with histogram:
            stage.picture(run, seen, setting, mine and mine.scores.get(setting.score))
        stage.numbers(seen, setting)
        stage.decisions(seen, setting)
        anomalies_cards.mistakes(run, seen, setting, here)
        anomalies_curves.curves(seen, setting)
        anomalies_table.every_class(run.recipe.dataset, setting.score)
        failures()
        with st.expander("What am I looking at?", icon=":material/help:"):
            explanation(seen)
        takeaway.takeaway(run, setup.PAGE)
        takeaway.delete_button(run, setup.PAGE)
    elif status and status.active:
        watch(resolved, status)
    else:
        setup.intention(recipe.dataset)
        plan(resolved, status)
        failures()

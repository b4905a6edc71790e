"""A finished network as a detector, from its histogram to its mistakes."""

import streamlit as st

from aecore.store import Run
from pages.ui import anomalies_own, anomalies_stage, takeaway
from pages.ui.anomalies_cards import mistakes
from pages.ui.anomalies_curves import curves
from pages.ui.anomalies_decisions import decisions
from pages.ui.anomalies_found import at_hand, found, known
from pages.ui.anomalies_normal import PAGE
from pages.ui.anomalies_setup import head
from pages.ui.anomalies_table import every_class
from pages.ui.anomalies_unjudged import unjudged
from pages.ui.anomalies_words import explanation, failures


def results(run: Run) -> None:
    """Draws a finished run: picture, numbers, curves, words."""
    head(run)
    if not known(run):
        unjudged(run)
        every_class(run.recipe.dataset)
        return
    seen = found(run)
    if seen is None:
        return
    here = at_hand(run)
    anomalies_stage.stored(seen, here)
    with st.container(key="anomalies-top"):
        left, right = st.columns([3, 1], gap="medium")
    with left:
        histogram = st.container()  # the picture comes first, and the choice of what it shows below it
        setting = anomalies_stage.setting_of(run, seen, anomalies_stage.choose_score(seen))
    with right:
        mine = anomalies_own.own(run)
        anomalies_own.verdict(mine, seen, setting)
    with histogram:
        anomalies_stage.picture(run, seen, setting, mine and mine.scores.get(setting.score))
        anomalies_stage.shortcuts(seen, setting)
    anomalies_stage.numbers(seen, setting)
    decisions(seen, setting)
    mistakes(run, seen, setting, here)
    curves(seen, setting)
    every_class(run.recipe.dataset, setting.score)
    failures()
    with st.expander("What am I looking at?", icon=":material/help:"):
        explanation(seen)
    takeaway.takeaway(run, PAGE)
    takeaway.delete_button(run, PAGE)

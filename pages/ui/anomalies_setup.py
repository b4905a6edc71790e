"""Choosing a network that knows only some classes, or setting up another one."""

import streamlit as st

from aecore.datasets import DATASETS, Dataset
from aecore.fit import FITS
from aecore.models import MODELS
from aecore.presets import PRESETS
from aecore.recipe import Recipe
from aecore.store import Run
from pages.ui import lab
from pages.ui.anomalies_normal import PAGE, normal_of, said
from pages.ui.form import fill
from pages.ui.words import headline, summary

FIRST = ("better-mnist-no9", "dense-mnist-no9")  # the first that has been trained is shown at first
SHOWN = ("normal_classes", "latent_dim", "epochs", "size", "colour")
FOLDED = {
    name
    for registry in (DATASETS, MODELS, FITS)
    for part in registry.values()
    for name in part.params()
    if name not in SHOWN
}


def start() -> Recipe:
    """What the page shows when nothing is asked for."""
    shipped = {run.name for run in lab.lab().store.runs()}
    known = [name for name in FIRST if name in PRESETS]
    return PRESETS[next((name for name in known if name in shipped), known[-1])].recipe


def candidates() -> dict[str, Run]:
    """Finished runs that know only some classes, by key; the presets of this page first."""
    runs = [run for run in lab.lab().store.runs() if normal_of(run.recipe.dataset)]
    runs.sort(key=lambda run: FIRST.index(run.name) if run.name in FIRST else len(FIRST))
    return {run.key: run for run in runs}


def named(run: Run) -> str:
    """A run in few words: its preset's name, or what counts as normal."""
    return run.info["name"] or f"{run.recipe.dataset.title}, {said(run.recipe.dataset)} · {run.key[:6]}"


def picker(current: Run | None) -> None:
    """A choice of finished networks; `current` is the one on screen."""
    runs = candidates()
    if current is not None:
        runs.setdefault(current.key, current)
    if not runs:
        return
    st.session_state[f"{PAGE}.pick"] = current.key if current else None
    st.selectbox(
        "Finished networks",
        list(runs),
        format_func=lambda key: named(runs[key]),
        placeholder="the settings below",
        key=f"{PAGE}.pick",
        on_change=_pick,
    )


def _pick() -> None:
    if key := st.session_state[f"{PAGE}.pick"]:
        st.query_params["run"] = key


def set_up(recipe: Recipe) -> None:
    """Puts a recipe into the form; for callbacks."""
    st.query_params.pop("run", None)
    fill(PAGE, recipe)


def way_back() -> None:
    """A button that leads back to the network of this page."""
    st.button("Show the network without 9", key=f"{PAGE}.back", on_click=_back)


def _back() -> None:
    set_up(start())


def intention(dataset: Dataset) -> None:
    """What will happen when the settings are trained."""
    st.caption(f"{dataset.title}, {said(dataset)}. After the training every test image is scored.")


def head(run: Run) -> None:
    """What was trained, and what counts as normal."""
    st.title(f"{run.recipe.dataset.title}: {said(run.recipe.dataset)}", anchor=False)
    st.caption(f"{headline(run.recipe)}  ·  {summary(run.recipe)}  ·  {run.info['source']}")

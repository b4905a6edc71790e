"""Which run the page looks at: the shipped ones with a latent vector first, then what was trained here."""

from collections.abc import Callable

import streamlit as st

from aecore.errors import RequestError
from aecore.store import Run
from pages.ui import lab
from pages.ui.frame import link, say
from pages.ui.runs import label

MOST = 200
FIRST = ("vae-mnist-2d", "map-mnist-2d")


def has_code(run: Run) -> bool:
    """Whether a run has a latent vector."""
    return run.recipe.model.has_latent


def candidates() -> list[Run]:
    """Finished runs with a latent vector: the shipped ones, those with a map of two numbers first, then the others."""
    runs = [run for run in lab.lab().store.runs() if has_code(run)]
    return sorted(runs, key=_rank)[:MOST]


def _rank(run: Run) -> tuple:
    name = run.info["name"]
    first = FIRST.index(name) if name in FIRST else len(FIRST)
    return not run.shipped, *((first, run.recipe.dataset.title, run.recipe.latent_dim, name) if run.shipped else ())


def title(run: Run) -> str:
    """A run's name and the length of its code; the names of shipped runs need no key to be told apart."""
    name = run.name if run.shipped else label(run)
    return f"{name}, {run.recipe.latent_dim} number{'s' if run.recipe.latent_dim > 1 else ''}"


def chosen() -> Run | None:
    """Draws the choice of a run, which is `run` in the address; None where there is none at all."""
    asked, found = st.query_params.get("run"), None
    if asked:
        try:
            found = _asked(asked)
        except RequestError as error:  # a dead link is said, and the page is there all the same
            say(error)
    runs = {run.key: run for run in candidates()}
    if found:
        runs = {**({found.key: found} if found.key not in runs else {}), **runs}
        if st.session_state.get("latent.asked") != asked:  # a link that was followed, not a choice that was made
            st.session_state["latent.run"] = asked
    st.session_state["latent.asked"] = asked
    if not runs:
        return None
    if st.session_state.get("latent.run") not in runs:
        st.session_state.pop("latent.run", None)
    key = st.selectbox("Run", list(runs), format_func=lambda name: title(runs[name]), key="latent.run")
    if key != asked:
        st.query_params["run"] = st.session_state["latent.asked"] = key
    link("explore/train", "Train another", icon=":material/play_arrow:")
    return runs[key]


def _asked(key: str) -> Run:
    run = lab.run(key)
    if run is None:
        raise RequestError(f"There is no run {key}; it may have been deleted. Another one is shown.")
    if not has_code(run):
        raise RequestError(f"The run {run.name} has no latent vector, so there is no map of it. Another one is shown.")
    return run


def other(page_key: str, heading: str, wanted: Callable[[Run], bool], without: Run, first: str) -> Run | None:
    """Draws the choice of a second run; None, and nothing drawn, where there is none.

    Args:
        page_key: The element's key.
        heading: What stands above it.
        wanted: Whether a run can be chosen.
        without: A run that cannot.
        first: How the names begin that come first.
    """
    found = [run for run in candidates() if run.key != without.key and wanted(run)]
    runs = {run.key: run for run in sorted(found, key=lambda run: not run.name.startswith(first))}
    if not runs:
        return None
    key = st.selectbox(
        heading, list(runs), format_func=lambda name: title(runs[name]), key=page_key, bind="query-params"
    )
    return runs.get(key)


def none_yet() -> None:
    """Says what to do where no run has a latent vector."""
    st.info("No finished run here has a latent vector. Train one: every network but the U-Net has a code.")
    link("explore/train", "Train a network", icon=":material/play_arrow:")

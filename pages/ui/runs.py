"""Choosing among finished runs."""

from collections.abc import Container

import streamlit as st

from aecore.errors import RequestError
from aecore.recipe import Recipe
from aecore.store import Run
from pages.ui import lab
from pages.ui.form import fill, recipe_form, says
from pages.ui.frame import say

MOST = 200


def label(run: Run) -> str:
    """A run's name, told apart from its namesakes by the beginning of its key."""
    return f"{run.name} · {run.key[:6]}"


def asked(page: str) -> Run | None:
    """The run that the address asks for; its settings are put into the form, until a visitor changes one.

    They are put there in every run of the page, not in the first alone: a browser that is still connecting may never
    be shown what the first run drew.

    Raises:
        RequestError: The address does not name a run that there is.
    """
    key = st.query_params.get("run")
    if not key:
        return None
    found = lab.run(key)
    if found is None:
        raise RequestError(f"There is no run {key}; it may have been deleted. Train it again, or open another.")
    if st.session_state.get(f"{page}.filled") != key or says(page, found.recipe):
        st.session_state[f"{page}.filled"] = key
        fill(page, found.recipe)
    return found


def dead_link(page: str) -> None:
    """Says what is wrong with the run that the address asks for, if anything is."""
    if sentence := st.session_state.pop(f"{page}.dead", ""):
        say(RequestError(sentence))


def open_run(page: str, key: str) -> None:
    """Puts a run, whose settings the form shows already, into the address."""
    st.session_state[f"{page}.filled"] = key
    st.query_params["run"] = key


def chosen(page: str, default: Recipe, folded: Container[str] = ()) -> tuple[Recipe, Run | None, dict]:
    """The form's recipe, the run that the address asks for as long as the form says the same, and the form's slots."""
    try:
        opened = asked(page)
    except RequestError as error:  # a dead link is said, and the page is there all the same
        st.session_state[f"{page}.dead"] = str(error)
        opened = None
    recipe, slots = recipe_form(page, default, folded)
    if opened is None and recipe != default:  # the visitor has gone on to something else
        st.query_params.pop("run", None)
        st.session_state.pop(f"{page}.dead", None)
    if opened and opened.recipe != recipe:
        del st.query_params["run"]
        st.session_state.pop(f"{page}.filled", None)
        opened = None
    return recipe, opened, slots


def picker(page: str, title: str, without: Run) -> Run | None:
    """A choice of another finished run."""
    others = {run.key: run for run in lab.lab().store.runs()[:MOST] if run.key != without.key}
    if not others:
        return None
    key = st.selectbox(
        title,
        list(others),
        index=None,
        format_func=lambda name: label(others[name]),
        placeholder="no other run",
        key=f"{page}.compare",
        bind="query-params",
    )
    return others.get(key)

"""How an enlargement stands: waiting, at work, or ended without a result."""

import streamlit as st

from aecore.engine import Status
from aecore.errors import LabError, RequestError
from pages.ui import jobs, lab
from pages.ui.frame import say

PHASES = {"reading": "Reading the photograph", "measuring": "Measuring", "writing": "Writing the file"}


def progress(status: Status) -> None:
    """Draws how far an enlargement is."""
    if status.state == "queued":
        before = (status.place or 1) - 1
        wait = "it is next" if not before else f"{before} {'job waits' if before == 1 else 'jobs wait'} before it"
        st.progress(0.0, f"Waiting: {wait}. It starts by itself.")
        return
    st.progress(share(status), words(status))


def share(status: Status) -> float:
    """How much of it is done, 0 to 1."""
    return min(1.0, max(0.0, status.progress.get("fraction") or 0.0))


def words(status: Status) -> str:
    """How far it is, in a few words."""
    said = status.progress
    phase = PHASES.get(said.get("phase", ""))
    if phase is None and "tile" in said and "tiles" in said:
        phase = f"Tile {said['tile']} of {said['tiles']}"
    left = jobs.time_left(said.get("seconds_left"))
    return f"{phase or 'Starting'}{f', about {left} left' if left else ''}"


def ended(status: Status) -> str:
    """Says how an enlargement that gave nothing ended; returns what a button to go on is called, empty for none."""
    if status.state == "failed":
        try:
            lab.answer(status)
        except RequestError as error:  # another time it ends the same way
            say(error)
            return ""
        except LabError as error:
            say(error)
        return "Start again"
    if status.state == "interrupted":
        st.warning("This was interrupted: the lab was closed meanwhile.", icon=":material/pause:")
        return "Start again"
    st.info("This was cancelled.", icon=":material/block:")
    return "Start again"

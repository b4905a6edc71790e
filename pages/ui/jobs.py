"""Jobs on a page: looked at again as long as they are at work, and said to be what they are."""

import math
from collections.abc import Callable
from typing import Any

import streamlit as st

from aecore.engine import Status
from aecore.errors import LabError, NotAtHand, RequestError
from pages.ui import lab
from pages.ui.frame import guarded, plain, say

POLL = 1.5  # seconds between two looks at a long job
POLL_SHORT = 0.7  # and at a short one, which somebody waits for


def live(body: Callable[[], bool], active: bool, every: float = POLL) -> None:
    """Draws a part of the page, again and again while it is active, and the whole page once it is not any more.

    Args:
        body: Draws it; says whether there is still something to wait for.
        active: Whether there is something to wait for now.
        every: Seconds between two looks.
    """

    @guarded
    def look() -> None:
        if not body() and active:
            st.rerun()

    st.fragment(look, run_every=every if active else None)()


def time_left(seconds: float | None) -> str:
    """Seconds for people: "14 s", "3 min", "1 h 20 min"."""
    if seconds is None:
        return ""
    if seconds < 99.5:
        return f"{max(1, math.ceil(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def progress(status: Status) -> None:
    """How far a job is."""
    said = status.progress
    if st.session_state.get("left") == status.id:
        st.caption("You have left this training. It ends now, or goes on for somebody else who waits for it.")
    if status.state == "queued":
        before = (status.place or 1) - 1
        wait = "it is next" if not before else f"{before} {'job waits' if before == 1 else 'jobs wait'} before it"
        st.progress(0.0, f"Waiting: {wait}. It starts by itself.")
        return
    words = {"loading": "Loading the images", "measuring": "Measuring the test images"}.get(said.get("phase", ""))
    if words is None and "epoch" in said:
        left = time_left(said.get("seconds_left"))
        words = f"Epoch {said['epoch']} of {said['epochs']}{f', about {left} left' if left else ''}"
    st.progress(min(1.0, max(0.0, said.get("fraction") or 0.0)), words or "Starting")


def ended(status: Status | None) -> str:
    """Says how a job that gave nothing ended; returns what a button to go on is called, empty where there is none."""
    if status is None or status.active or status.state == "done":
        return ""
    if status.state == "failed":
        st.error(plain(status.message))
        return "Train again"
    if status.state == "interrupted":
        st.warning("This training was interrupted. It can go on from where it was last saved.", icon=":material/pause:")
        return "Resume"
    st.info("This training was cancelled. What was learned so far is kept: it can go on.", icon=":material/block:")
    return "Go on"


def cancel_button(status: Status, key: str, label: str = "Cancel") -> None:
    """A button that withdraws this visitor's interest in a job."""
    st.button(label, key=key, icon=":material/close:", on_click=_cancel, args=(status.id,))


def _cancel(job: str) -> None:
    lab.lab().engine.cancel(job, lab.visitor())
    st.session_state["left"] = job


def failed(status: Status, function: str, arguments: dict[str, Any], private: bool = False) -> None:
    """Says why a short job failed, and offers another try where that may help.

    Raises:
        RequestError: What was asked for is wrong.
        NotAtHand: The data is not here.
    """
    try:
        lab.answer(status)
    except (RequestError, NotAtHand):
        raise
    except LabError as error:
        say(error)
        st.button("Try again", key=f"again.{status.id}", on_click=lab.again, args=(function, arguments, private))


def short(function: str, arguments: dict[str, Any], draw: Callable[[Status], None], wait: Callable[[], None],
          private: bool = False) -> None:  # fmt: skip
    """Draws what a short job gave, and something in its place until it has.

    Args:
        function: The job.
        arguments: Its arguments.
        draw: Is called with the status once the job is done.
        wait: Is called before.
        private: See `Engine.submit`.
    """
    first = lab.ask(function, arguments, private)

    def body() -> bool:
        status = lab.ask(function, arguments, private)
        if status.active:
            wait()
        elif status.state == "failed" and not first.active:  # else the page comes anew, and can offer what is missing
            failed(status, function, arguments, private)
        elif status.state != "failed":
            draw(status)
        return status.active

    live(body, first.active, POLL_SHORT)

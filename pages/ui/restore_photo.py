"""A person's own photograph on the page on restoring: brought, damaged first if they like, restored, compared."""

import streamlit as st

from aecore.engine import Status
from aecore.restorers import TASKS
from aecore.restoring import strengths
from pages.ui import jobs, photo_jobs, photo_pictures, photo_progress
from pages.ui import restore_photo_jobs as restorations
from pages.ui.frame import guarded, plain
from pages.ui.photo_bring import FACES, credit, let_go, sample
from pages.ui.photo_jobs import Asked
from pages.ui.photo_stage import STYLE
from pages.ui.restore_photo_form import DAMAGED, KEY, PAINTED, arguments_of, controls
from pages.ui.restore_photo_jobs import PARAMETER, Order
from pages.ui.restore_photo_result import result
from pages.ui.restore_photo_words import DONE, GONE

EXAMPLES = {"photos": "Cat", "faces": next(iter(FACES))}


def section(subject: str, task: str, strength: float | None) -> None:
    """Draws everything about a person's own photograph.

    Args:
        subject: "photos" or "faces".
        task: A key of `TASKS`.
        strength: Of the damage that a picture can be given first; None where there is none.
    """
    st.html(STYLE.replace("upscale-controls", "restore-photo-controls"))
    if said := st.session_state.pop(f"{KEY}.said", ""):
        st.info(plain(said))
    network = restorations.network(task, subject)
    if network is not None and network.run is None:
        st.info(f"The network for this, {network.name}, is not trained here yet. Train it, and it appears here.")
        return
    left, right = st.columns([5, 2], gap="large")
    with right, st.container(key="restore-photo-controls"):
        found = controls(subject, task, strength, left)
    with left:
        _stage(subject, task, strength, found)


def _stage(subject: str, task: str, strength: float | None, drawing: bool) -> None:
    """Draws the restoration that the address names, else an example."""
    found = restorations.opened()
    if found is None:
        if photo_jobs.opened(PARAMETER):
            st.info(GONE)
        if not drawing:
            _example(subject, task, strength)
        return
    asked, status = found
    name = photo_jobs.name_of(asked)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(plain(f"{name}, {DONE[asked.arguments['task']]}"))
        if asked.arguments["task"] == task == "fill" and status.state == "done" and not drawing:
            st.button("Paint again", key=f"{KEY}.paint", icon=":material/brush:", on_click=_paint, args=(asked.id,))
        st.button("Close", key=f"{KEY}.close", icon=":material/close:", on_click=photo_jobs.leave, args=(PARAMETER,))
        if asked.private:
            st.button("Delete", key=f"{KEY}.delete", icon=":material/delete:", on_click=_delete, args=(asked.id,))
    if status.state == "done":
        result(asked, status, name)
    elif status.active:
        _meanwhile(asked, status)
    else:
        _ended(asked, status)


def _example(subject: str, task: str, strength: float | None) -> None:
    """Draws one of the lab's own photographs, restored, before anything is brought."""
    if task == "fill":
        st.info("Bring a picture, or choose one of the lab's; then paint over what is missing.")
        return
    name, network = EXAMPLES[subject], restorations.network(task, subject)
    arguments = arguments_of(task, subject, strength if task in DAMAGED else None, network)
    job = restorations.of_sample(Order(sample(name), arguments))
    asked, status = photo_jobs.asked(job, restorations.FUNCTION), photo_jobs.standing(job)
    damaged = "" if arguments["damage"] is None else f", damaged first: {strengths(task, subject).said(strength)}"
    st.caption(plain(f"An example: {name.lower()}{damaged}. Photograph: ") + credit(name) + ".")
    if status and asked and status.state == "done":
        result(asked, status, name, example=True)
    elif status and asked:
        _meanwhile(asked, status, own=False)


def _meanwhile(asked: Asked, status: Status, own: bool = True) -> None:
    """Draws a photograph that is being restored, and how far that is."""

    def body() -> bool:
        now = photo_jobs.standing(asked.id)
        if now is not None and now.active:
            photo_progress.progress(now)
            if own:
                cancel = {"icon": ":material/close:", "on_click": _cancel, "args": (asked,)}
                st.button("Cancel", key=f"{KEY}.cancel", **cancel)
            _look(asked)
        return now is not None and now.active

    jobs.live(body, status.active, jobs.POLL_SHORT)
    if not status.active:
        _ended(asked, status)


def _ended(asked: Asked, status: Status) -> None:
    if word := photo_progress.ended(status):
        st.button(word, key=f"{KEY}.restart", icon=":material/replay:", on_click=_restart, args=(asked,))
    _look(asked)


def _look(asked: Asked) -> None:
    seen = photo_pictures.preview(asked)
    if seen is None:
        st.skeleton(height=420)
    else:
        st.image(seen, alt=f"The photograph, to {TASKS[asked.arguments['task']].lower()}")


@guarded
def _cancel(asked: Asked) -> None:
    photo_jobs.cancel(asked.id, asked.private)


@guarded
def _restart(asked: Asked) -> None:
    restorations.again(asked)


def _paint(job: str) -> None:
    st.session_state[PAINTED] = job


@guarded
def _delete(job: str) -> None:
    st.session_state[f"{KEY}.said"] = photo_jobs.delete([job], restorations.FUNCTION, PARAMETER)
    let_go(KEY)

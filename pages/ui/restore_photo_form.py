"""The settings of a restoration: the photograph, the damage that it gets first, the hole, and the button."""

import contextlib
import hashlib
from typing import Any

import streamlit as st

from aecore.errors import RequestError
from aecore.restorers import Restorer
from aecore.restoring import strengths
from pages.ui import jobs, photo_jobs, photo_words, restore_photo_hole
from pages.ui import restore_photo_jobs as restorations
from pages.ui.frame import guarded
from pages.ui.photo_bring import FACES, SAMPLES, Brought, bring, let_go
from pages.ui.restore_photo_jobs import PARAMETER, Order
from pages.ui.restore_photo_words import ACCEPTED, METHODS, PROMISE, VERBS

KEY = "restore.photo"
PAINTED = f"{KEY}.painted"  # the result whose picture is painted on once more
DAMAGED = ("denoise", "deblur")  # tasks whose damage can be done first
QUALITY = 92
CLASSICAL_SECONDS = 3  # about, until a hole is filled


def arguments_of(task: str, subject: str, damage: float | None, network: Restorer | None) -> dict[str, Any]:
    """What a job is asked for, but for where location data goes."""
    return {
        "task": task, "subject": subject, "damage": damage, "strength": 1.0, "format": "png", "quality": QUALITY,
        "keep_location": False, "views": True, "run": network.run.key if network else None,
    }  # fmt: skip


def controls(subject: str, task: str, strength: float | None, stage: Any) -> bool:
    """Draws where a photograph is brought, the settings, and the button; says whether a hole is being drawn."""
    network = restorations.network(task, subject)
    samples = tuple(FACES) if subject == "faces" else SAMPLES
    brought = bring(KEY, samples, several=False, words=f"{ACCEPTED[subject]} {PROMISE}")
    source = brought or _opened(subject)
    picture = source[0] if source else None
    arguments = arguments_of(task, subject, _damage(subject, task, strength), network)
    aligned = subject != "faces" or bool(picture and not picture.own) or _aligned()
    mask, drawing = b"", False
    if task == "fill":
        mask, pen = restore_photo_hole.settings()
        st.caption(METHODS[subject])
        drawing = bool(picture and not mask and not _is_filled(picture))
        if drawing:
            with stage:
                mask = restore_photo_hole.draw(picture, pen)
    arguments["keep_location"] = st.toggle(
        "Keep location data", key=f"{KEY}.location", help="Where the photograph was taken, if its file says so."
    )
    ready = picture is not None and aligned and bool(mask or task != "fill")
    seconds = 0.0
    if picture is not None:
        megapixels = picture.width * picture.height / 1e6
        seconds = network.seconds(megapixels) if network else CLASSICAL_SECONDS
        st.caption(f"{photo_words.size(picture.width, picture.height)} px, at its own size.")
    label = VERBS[task] + (f", about {jobs.time_left(seconds)}" if ready else "")
    st.button(
        label, type="primary", key=f"{KEY}.go", icon=":material/auto_fix_high:", disabled=not ready, on_click=_begin,
        args=(Order(picture, arguments, mask),) if ready else (), width="stretch",
    )  # fmt: skip
    if not ready:
        st.caption(_missing(picture, aligned))
    return drawing


def _missing(picture: Brought | None, aligned: bool) -> str:
    """What is still to be done before the button can be pressed."""
    if picture is None:
        return "Bring a picture, or choose one of the lab's."
    return "Paint over what is missing first, or bring a mask." if aligned else "Say that it is an aligned face first."


def _damage(subject: str, task: str, strength: float | None) -> float | None:
    """Draws whether the picture is damaged first; returns by how much."""
    if task not in DAMAGED or strength is None:
        return None
    said = strengths(task, subject).said(strength)
    first = st.toggle(
        f"Damage it first, {said}", key=f"{KEY}.damage.{task}",
        help="Then the truth is known, and the result is measured against it. The strength is the slider's.",
    )  # fmt: skip
    return strength if first else None


def _aligned() -> bool:
    return st.checkbox("It shows one face, cut out and upright", key=f"{KEY}.aligned")


def _opened(subject: str) -> list[Brought]:
    """The photograph of the restoration that is open: it can be restored again in another way."""
    found = restorations.opened()
    if found is None or found[0].arguments.get("subject") != subject:
        return []
    with contextlib.suppress(RequestError, OSError):  # its job says so, or it is gone
        return [photo_jobs.once_more(found[0], photo_jobs.name_of(found[0]))]
    return []


def _is_filled(picture: Brought) -> bool:
    """Whether the restoration that is open is this picture with a hole filled: the result is shown, not the picture."""
    found = restorations.opened()
    if found is None or found[0].arguments["task"] != "fill" or st.session_state.get(PAINTED) == found[0].id:
        return False
    if not found[1].active and found[1].state != "done":  # it gave nothing: another hole is to be painted
        return False
    content = picture.content if isinstance(picture.content, bytes) else picture.content.read_bytes()
    return hashlib.sha256(content).hexdigest() == found[0].sha


@guarded
def _begin(order: Order) -> None:
    """Begins before anything is drawn: a click counts even while the page changes under it."""
    photo_jobs.open_jobs([restorations.submit(order)], PARAMETER)
    let_go(KEY)

"""A visitor's own picture, drawn or brought: its score, where it lands, and what comes back."""

import contextlib
import hashlib
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from aecore.datasets.digits import Digits
from aecore.datasets.idx_files import IdxFiles
from aecore.engine import Status
from aecore.errors import LabError, RequestError
from aecore.figures.mistakes import error_map, error_scale, mistake_picture
from aecore.images import FORMATS
from aecore.store import Run
from pages.ui import jobs, lab
from pages.ui.anomalies_found import Found
from pages.ui.anomalies_normal import PAGE
from pages.ui.anomalies_stage import Setting
from pages.ui.canvas import canvas
from pages.ui.frame import plain, say

MOST_MEGABYTES = 20
DRAW, BRING = "Draw", "Upload"
DRAWN = (IdxFiles, Digits)  # what these show can be drawn with a mouse
WAIT = "Scoring. The first picture takes a while: distances to all training images are made ready for it."


@dataclass(frozen=True)
class Own:
    """A picture and its scores.

    Args:
        scores: By name.
        note: What the scores do not say.
        arrays: image, output and error.
    """

    scores: dict[str, float]
    note: str
    arrays: dict[str, np.ndarray]


def own(run: Run) -> Own | None:
    """Draws where a picture is drawn or brought; the picture's scores, when it has some."""
    if isinstance(run.recipe.dataset, DRAWN):
        way = st.segmented_control(
            "Your own picture", [DRAW, BRING], default=DRAW, required=True, key=f"{PAGE}.own", bind="query-params"
        )
    else:
        way = BRING
        st.markdown("Your own picture")
    files = _drawn(run) if way == DRAW else _brought()
    return _scored(run, files) if files else None


def _drawn(run: Run) -> dict[str, bytes]:
    drawn = canvas(f"{PAGE}.canvas", run.recipe.dataset.shape[0])
    if drawn is None:
        return {}
    content = io.BytesIO()
    np.save(content, drawn)
    return {"picture.npy": content.getvalue()}


def _brought() -> dict[str, bytes]:
    kinds = [*(name.lower() for name in FORMATS), "jpg", "tif"]
    file = st.file_uploader(
        f"A picture, up to {MOST_MEGABYTES} MB", type=kinds, max_upload_size=MOST_MEGABYTES, key=f"{PAGE}.upload"
    )
    return {"picture": file.getvalue()} if file else {}


def _scored(run: Run, files: dict[str, bytes]) -> Own | None:
    """Has a picture scored; draws what there is to say until it is."""
    engine, status = lab.lab().engine, _asked(run, files)
    if status.active:

        def wait() -> bool:
            now = engine.status(status.id)
            if now.active:
                st.caption(WAIT)
            return now.active

        jobs.live(wait, True, jobs.POLL_SHORT)
        return None
    try:
        value: dict[str, Any] = lab.answer(status).value
    except LabError as error:
        say(error)
        return None
    return Own(value["scores"], value.get("note", ""), lab.arrays(status.id, "scored.npz"))


def _asked(run: Run, files: dict[str, bytes]) -> Status:
    """How the scoring of a picture stands, which is begun once; what failed stays so until another picture comes."""
    engine, picture = lab.lab().engine, [run.key, *(hashlib.sha256(content).hexdigest() for content in files.values())]
    known, job = st.session_state.get(f"{PAGE}.scoring", ([], ""))
    if known == picture:
        with contextlib.suppress(RequestError):  # it was swept away meanwhile
            if (status := engine.status(job)).state not in ("cancelled", "interrupted"):
                return status
    job = engine.submit("anomaly_score", {"key": run.key}, files=files, who=lab.visitor(), private=True)
    st.session_state.setdefault("private", set()).add(job)
    st.session_state[f"{PAGE}.scoring"] = (picture, job)
    return engine.status(job)


def _judge_by(score: str) -> None:
    st.session_state[f"{PAGE}.score"] = score


def verdict(mine: Own | None, found: Found, setting: Setting) -> None:
    """What the network makes of a visitor's picture."""
    if mine is None:
        st.caption("Its score appears in the histogram.")
        return
    score, error = mine.scores.get(setting.score), mine.arrays["error"]
    scale = error_scale(error)
    sheet = mistake_picture(mine.arrays["image"], mine.arrays["output"], error_map(error[None], scale)[0])
    words = f"Your picture, its reconstruction, squared error from 0 to {scale:.2g}"
    st.image(sheet, alt=words, caption=words)
    if score is not None:
        above = score > setting.threshold
        st.markdown(
            f"**{score:.4g}** is {'above' if above else 'below'} the threshold {setting.threshold:.4g}: "
            f"**{'abnormal' if above else 'normal'}**."
        )
    else:
        st.markdown(f"**{plain(setting.title)}** cannot judge it here. These can:")
        with st.container(horizontal=True, gap="small"):
            for name in (name for name in found.names if name in mine.scores):
                st.button(found.value["titles"][name], key=f"{PAGE}.by.{name}", on_click=_judge_by, args=(name,))
    if mine.note:
        st.caption(plain(mine.note))

"""The file of a restored photograph: its format, its strength, and its download."""

from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui import jobs, lab, photo_jobs, photo_progress, photo_words
from pages.ui.frame import guarded
from pages.ui.photo_file import DOWNLOAD, ENDINGS, FORMATS, LOSSLESS, content
from pages.ui.photo_jobs import Asked
from pages.ui.photo_proof import token
from pages.ui.restore_photo_words import DONE

FUNCTION = "restore_photo_file"
KEY = "restore.photo"


def files(asked: Asked, name: str, strength: float) -> None:
    """Draws the choice of a format, and the download; a file that is not written yet is written when one asks for it.

    Args:
        asked: The finished restoration.
        name: What the photograph is called.
        strength: Share of the result over what was given.
    """
    given = asked.arguments
    with st.container(horizontal=True, vertical_alignment="bottom"):
        made_as = st.segmented_control(
            "File", list(FORMATS), default=given["format"], format_func=FORMATS.get, key=f"{KEY}.format", required=True
        )
        quality = given["quality"]
        if made_as not in LOSSLESS:
            quality = st.slider("Quality", 60, 100, quality, key=f"{KEY}.quality", width=180)
        slot = st.container(width="content")
    same = (made_as, strength) == (given["format"], given["strength"]) and quality == given["quality"]
    words = FORMATS[made_as] + (f" at {strength:.0%} strength" if strength < 1 else "")
    if same:
        with slot:
            _download(asked.id, asked, name, made_as, words)
        return
    arguments = {
        "job": asked.id, "strength": strength, "format": made_as, "quality": quality,
        "keep_location": given["keep_location"], **token(asked),
    }  # fmt: skip
    status = lab.standing(FUNCTION, arguments)
    if status is None or status.state in ("cancelled", "interrupted", "failed"):
        if status and status.state == "failed":
            photo_progress.ended(status)
        slot.button(f"Write the {words}", key=f"{KEY}.write", type="primary", on_click=_write, args=(asked, arguments))
        return
    if not status.active:
        with slot:
            _download(status.id, asked, name, made_as, words)
        return

    def body() -> bool:
        now = photo_jobs.standing(status.id)
        if now is not None and now.active:
            st.progress(photo_progress.share(now), "Writing the file")
        return now is not None and now.active

    jobs.live(body, True, jobs.POLL_SHORT)


@guarded
def _write(asked: Asked, arguments: dict[str, Any]) -> None:
    lab.again(FUNCTION, arguments, asked.private)


def _download(job: str, asked: Asked, name: str, made_as: str, words: str) -> None:
    size = photo_words.weight(lab.lab().engine.result(job).value["bytes"])
    file = file_name(name, asked.arguments["task"], made_as)
    st.download_button(f"Download {words}, {size}", lambda: content(job), file, key=f"{KEY}.download", **DOWNLOAD)


def file_name(name: str, task: str, made_as: str) -> str:
    """What a result's file is called.

    >>> file_name("holiday.heic.jpg", "denoise", "jpeg")
    'holiday.heic-cleaned.jpg'
    """
    stem = "".join(letter if letter.isalnum() or letter in " ._-" else "_" for letter in Path(name).stem)
    return f"{stem or 'photograph'}-{DONE[task]}.{ENDINGS[made_as]}"

"""The file of an enlargement: its format, its strength, and its download."""

import io
import zipfile
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui import jobs, lab, photo_jobs, photo_progress, photo_words
from pages.ui.frame import guarded
from pages.ui.photo_jobs import Asked
from pages.ui.photo_size import KEY

FORMATS = {"png": "PNG", "jpeg": "JPEG", "webp": "WebP"}
ENDINGS = {"png": "png", "jpeg": "jpg", "webp": "webp"}
LOSSLESS = ("png",)
LARGEST_ZIP = 400_000_000  # bytes: the browser's host holds it twice while it is fetched
DOWNLOAD = {"on_click": "ignore", "icon": ":material/download:", "type": "primary"}


def files(asked: Asked, value: dict[str, Any], name: str, strength: float) -> None:
    """Draws the choice of a format, and the download; a file that is not made yet is made when one asks for it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        made_as = st.segmented_control(
            "File", list(FORMATS), default=asked.arguments["format"], format_func=FORMATS.get, key=f"{KEY}.format",
            required=True,
        )  # fmt: skip
        quality = asked.arguments["quality"]
        if made_as not in LOSSLESS:
            quality = st.slider("Quality", 60, 100, quality, key=f"{KEY}.quality", width=180)
        arguments = {**asked.arguments, "format": made_as, "quality": quality, "strength": strength}
        if arguments != asked.arguments:
            arguments["views"] = False
        same = asked.job(photo_jobs.FUNCTION, arguments)
        slot = st.container(width="content")
    status = photo_jobs.standing(same)
    words = FORMATS[made_as] + (f" at {strength:.0%} strength" if strength < 1 else "")
    if status is None or status.state in ("cancelled", "interrupted", "failed"):
        if status and status.state == "failed":
            photo_progress.ended(status)
        label = f"Make the {words}, about {jobs.time_left(value['seconds'])}"
        slot.button(label, key=f"{KEY}.make", type="primary", on_click=_make, args=(asked, arguments))
        st.caption(
            "The picture above follows the strength at once; its file is made anew."
            if strength < 1
            else "A file of this kind is not made yet."
        )
        return
    if not status.active:
        with slot:
            _download(same, photo_name(name, value, made_as), words)
        return

    def body() -> bool:
        now = photo_jobs.standing(same)
        if now is not None and now.active:
            photo_progress.progress(now)
        return now is not None and now.active

    jobs.live(body, True)


@guarded
def _make(asked: Asked, arguments: dict[str, Any]) -> None:
    photo_jobs.begin(photo_jobs.FUNCTION, arguments, asked.picture, asked.private)


def content(job: str) -> bytes:
    """The file that a finished job made."""
    made = lab.lab().engine.result(job)
    return (made.folder / made.value["file"]).read_bytes()


def _download(job: str, name: str, words: str) -> None:
    size = photo_words.weight(lab.lab().engine.result(job).value["bytes"])
    st.download_button(f"Download {words}, {size}", lambda: content(job), name, key=f"{KEY}.download", **DOWNLOAD)


def photo_name(name: str, value: dict[str, Any], made_as: str) -> str:
    """What a result's file is called.

    >>> photo_name("holiday.heic.jpg", {"width": 4000}, "jpeg")
    'holiday.heic-4000px.jpg'
    """
    stem = "".join(letter if letter.isalnum() or letter in " ._-" else "_" for letter in Path(name).stem)
    return f"{stem or 'photograph'}-{value['width']}px.{ENDINGS[made_as]}"


def too_large_to_zip(jobs_: list[str]) -> str:
    """Why the files of finished jobs are not offered as one zip; empty where they are."""
    size = sum(lab.lab().engine.result(job).value["bytes"] for job in jobs_)
    if size <= LARGEST_ZIP:
        return ""
    return (
        f"Together the files have {photo_words.weight(size)}; one zip holds {photo_words.weight(LARGEST_ZIP)} at most. "
        "Download them one by one, or have JPEGs made (More, File)."
    )


def zipped(jobs_: list[tuple[str, str]]) -> bytes:
    """The files of finished jobs as one zip.

    Args:
        jobs_: Each job's id and what its photograph is called.
    """
    buffer, taken = io.BytesIO(), set()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:  # pictures do not get smaller
        for job, name in jobs_:
            made = lab.lab().engine.result(job)
            file = photo_name(name, made.value, _format(made.value["file"]))
            while file in taken:
                file = f"_{file}"
            taken.add(file)
            archive.write(made.folder / made.value["file"], file)
    return buffer.getvalue()


def _format(file: str) -> str:
    ending = Path(file).suffix.removeprefix(".").lower()
    return next((made_as for made_as, known in ENDINGS.items() if known == ending or made_as == ending), "png")

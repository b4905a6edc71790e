"""The file of an enlargement: its format, its strength, and its download."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from aecore.engine import Status
from aecore.errors import LabError, NotAtHand
from pages.ui import jobs, lab, photo_jobs, photo_progress, photo_words
from pages.ui.frame import guarded, say
from pages.ui.photo_jobs import Asked
from pages.ui.photo_size import KEY

FORMATS = {"png": "PNG", "jpeg": "JPEG", "webp": "WebP"}
ENDINGS = {"png": "png", "jpeg": "jpg", "webp": "webp"}
LOSSLESS = ("png",)
KEPT = ("keep_location", "dpi", "token")  # arguments that every file of a result shares
LARGEST_ZIP = 400_000_000  # bytes: the browser's host holds it twice while it is fetched
DOWNLOAD = {"on_click": "ignore", "icon": ":material/download:", "type": "primary"}


def files(asked: Asked, value: dict[str, Any], name: str, strength: float) -> None:
    """Draws what can be downloaded of a finished enlargement; see `offer`."""
    offer(asked, "enlarge_file", KEY, strength, lambda made_as: photo_name(name, value, made_as))


def offer(asked: Asked, function: str, key: str, strength: float, called: Callable[[str], str]) -> None:
    """Draws the choice of a format, and the download; a file that is not written yet is written when one asks for it.

    Args:
        asked: A finished job that made a file of a photograph.
        function: The task that writes its result in another way.
        key: Keys of widgets begin with it.
        strength: Share of the result over what it is blended over.
        called: What the file of a format is called.
    """
    given = asked.arguments
    with st.container(horizontal=True, vertical_alignment="bottom"):
        made_as = st.segmented_control(
            "File", list(FORMATS), default=given["format"], format_func=FORMATS.get, key=f"{key}.format", required=True
        )
        quality = given["quality"]
        if made_as not in LOSSLESS:
            quality = st.slider("Quality", 60, 100, quality, key=f"{key}.quality", width=180)
        slot = st.container(width="content")
    same = (made_as, strength) == (given["format"], given["strength"]) and quality == given["quality"]
    words = FORMATS[made_as] + (f" at {strength:.0%} strength" if strength < 1 else "")
    if same:
        with slot:
            _download(asked.id, key, called(made_as), words)
        return
    arguments = {"job": asked.id, "strength": strength, "format": made_as, "quality": quality}
    arguments |= {name: given[name] for name in KEPT if name in given}
    status = lab.standing(function, arguments)
    if status is None or status.state in ("cancelled", "interrupted", "failed"):
        if status and status.state == "failed" and not _explained(asked, status, key):
            return
        write = (function, arguments, asked.private)
        slot.button(f"Write the {words}", key=f"{key}.write", type="primary", on_click=_write, args=write)
        return
    if not status.active:
        with slot:
            _download(status.id, key, called(made_as), words)
        return

    def body() -> bool:
        now = photo_jobs.standing(status.id)
        if now is not None and now.active:
            st.progress(photo_progress.share(now), "Writing the file")
        return now is not None and now.active

    jobs.live(body, True, jobs.POLL_SHORT)


def _explained(asked: Asked, status: Status, key: str) -> bool:
    """Says why a file could not be written; whether it can be tried again without making the result anew."""
    try:
        lab.answer(status)
    except NotAtHand as error:
        say(error)
        st.button("Make it again", key=f"{key}.anew", icon=":material/replay:", on_click=_anew, args=(asked, status.id))
        return False
    except LabError as error:
        say(error)
    return True


@guarded
def _anew(asked: Asked, file: str) -> None:
    photo_jobs.anew(asked)
    lab.lab().engine.forget(file)


@guarded
def _write(function: str, arguments: dict[str, Any], private: bool) -> None:
    lab.again(function, arguments, private)


def content(job: str) -> bytes:
    """The file that a finished job made."""
    made = lab.lab().engine.result(job)
    return (made.folder / made.value["file"]).read_bytes()


def _download(job: str, key: str, file: str, words: str) -> None:
    size = photo_words.weight(lab.lab().engine.result(job).value["bytes"])
    st.download_button(f"Download {words}, {size}", lambda: content(job), file, key=f"{key}.download", **DOWNLOAD)


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

"""Where photographs come from: brought by a visitor, or the lab's own."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from aecore.datasets.photos import public_domain_photographs
from aecore.errors import RequestError
from aecore.images import opened, png
from aecore.photo import MOST_PIXELS
from pages.ui import photo_paste, photo_words
from pages.ui.frame import plain, say
from pages.ui.photo_words import KINDS, MOST_FILES, MOST_MEGABYTES
from pages.ui.uploads import held, release

SAMPLES = ("Cat", "Cup of coffee", "Astronaut", "Galaxies", "Rocket")  # as `public_domain_photographs` gives them
CREDITS = ("S. van der Walt, CC0", "R. Michetti, CC0", "NASA", "NASA, ESA", "SpaceX, CC0")
FACES = {"Face of an astronaut": (SAMPLES.index("Astronaut"), slice(41, 169), slice(161, 289))}  # cut out of one
PAGE = "upscale"
MEGABYTE = 1024**2  # as the browser counts
ORIENTATION, LYING = 0x0112, (5, 6, 7, 8)  # an EXIF tag, and its values for a picture that lies on its side


@dataclass(frozen=True)
class Brought:
    """A photograph.

    Args:
        name: What it is called.
        content: Its file, or where that is.
        width: In px, as it is looked at: turned as its EXIF says.
        height: Likewise.
        own: Whether a visitor brought it.
        token: What the jobs on it are known by, where there are some already.
    """

    name: str
    content: bytes | Path
    width: int
    height: int
    own: bool
    token: str = ""


def checked(content: bytes | Path, name: str, own: bool = True) -> Brought:
    """A file as a photograph, as far as its head tells: no pixel is decoded.

    Raises:
        RequestError: It is too large, damaged, or no picture in a known format.
    """
    weight = content.stat().st_size if isinstance(content, Path) else len(content)
    if weight > MOST_MEGABYTES * MEGABYTE:
        raise RequestError(
            f"{name} has {weight / MEGABYTE:.0f} MB; at most {MOST_MEGABYTES} are accepted. Save it as a JPEG first."
        )
    with opened(content, name, MOST_PIXELS) as picture:
        (width, height), exif = picture.size, {}
        if picture.format != "PNG" or "exif" in picture.info:  # else Pillow would decode it to look for one
            exif = picture.getexif()
        upright = picture.format == "TIFF"  # Pillow turns its size itself
    if exif.get(ORIENTATION, 1) in LYING and not upright:
        width, height = height, width
    return Brought(name, content, width, height, own)


@st.cache_data(max_entries=len(SAMPLES) + len(FACES), show_spinner=False)
def _sample_file(name: str) -> bytes:
    if name in FACES:
        number, rows, columns = FACES[name]
        return png(public_domain_photographs()[number][rows, columns])
    return png(public_domain_photographs()[SAMPLES.index(name)])


def sample(name: str) -> Brought:
    """One of the lab's own photographs, by its name in `SAMPLES` or `FACES`."""
    return checked(_sample_file(name), name, own=False)


def sample_of(sha: str) -> str:
    """The name of the lab's own photograph with this digest; empty when it is none of them."""
    return next((name for name in (*SAMPLES, *FACES) if hashlib.sha256(_sample_file(name)).hexdigest() == sha), "")


def let_go(page: str = PAGE) -> None:
    """Empties what was brought on a page, and the server's memory of it: by now it lies with its jobs, or is to go."""
    release(*_keys(page))
    st.session_state.pop(f"{page}.sample", None)
    turn = f"{page}.turn"  # counts how often the uploader was emptied
    st.session_state[turn] = st.session_state.get(turn, 0) + 1


def is_given(page: str = PAGE) -> bool:
    """Whether something was brought on a page, of use or not."""
    return bool(held(*_keys(page)))


def _keys(page: str) -> tuple[str, str]:
    """Keys of the widgets of a page that files come through."""
    return f"{page}.files.{st.session_state.get(f'{page}.turn', 0)}", f"{page}.shot"


def bring(
    page: str = PAGE,
    samples: Sequence[str] = SAMPLES,
    several: bool = True,
    words: str = f"{photo_words.ACCEPTED} {photo_words.PROMISE}",
) -> list[Brought]:
    """Draws where photographs are brought or chosen.

    Args:
        page: Keys of widgets begin with it.
        samples: Names of the lab's own that are offered.
        several: Whether several can be brought at a time.
        words: What is said about what can be brought, and what becomes of it.

    Returns:
        Those that can be used; what is wrong with the others is said. Empty where nothing is chosen.
    """
    turn, place = st.session_state.setdefault(f"{page}.turn", 0), f"{page.replace('.', '-')}-bring"
    with st.container(key=place):
        given = st.file_uploader(
            "Your photographs" if several else "Your picture", type=KINDS, accept_multiple_files=several,
            max_upload_size=MOST_MEGABYTES, key=f"{page}.files.{turn}",
        )  # fmt: skip
    files = given if several else [given] * (given is not None)
    photo_paste.listen(place)
    st.caption(words)
    with st.expander("Take one with the camera", icon=":material/photo_camera:"):
        on = st.toggle("Switch the camera on", key=f"{page}.camera.{turn}")
        taken = st.camera_input("Photograph", key=f"{page}.shot", label_visibility="collapsed") if on else None
    found = [(file.name, file.getvalue()) for file in files[:MOST_FILES]]
    if taken is not None:
        found.insert(0, ("photograph.jpg", taken.getvalue()))
    chosen = st.pills("Or one of the lab's", samples, key=f"{page}.sample", disabled=bool(found))
    if len(files) > MOST_FILES:
        st.warning(
            f"{len(files)} files are too many at a time: the first {MOST_FILES} are taken. Bring the rest later."
        )
    if found:
        return _taken(found)
    return [sample(chosen)] if chosen else []


def _taken(found: Sequence[tuple[str, bytes]]) -> list[Brought]:
    taken = []
    for name, content in found:
        try:
            taken.append(checked(content, name))
        except RequestError as error:
            say(error)
    return taken


def credit(name: str) -> str:
    """Who made one of the lab's own photographs."""
    if name not in (*SAMPLES, *FACES):
        return ""
    return plain(CREDITS[FACES[name][0] if name in FACES else SAMPLES.index(name)])

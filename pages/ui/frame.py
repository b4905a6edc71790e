"""What every page stands in: navigation, the one small stylesheet, and the one error boundary."""

import ast
import functools
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import streamlit as st

from aecore.errors import Cancelled, LabError, NotAtHand, RequestError

PAGES = Path(__file__).parent.parent
SECTIONS = ("explore", "photos", "class")
ORDER = ("train", "restore", "latent_space", "anomalies", "upscale", "published_systems")
BUG = (
    "Something went wrong in the lab itself, not in what you asked for; it is written in the log. "
    "Reload the page, or take back the last setting."
)
ICON = (
    '<svg viewBox="0 0 32 32"><path fill="#158a80" d="M4 3h24L19 16l9 13H4l9-13z"/>'
    '<path fill="#faf7f1" d="M12 14.500h8v3h-8z"/></svg>'
)
STYLE = """<style>
.st-key-device {position: fixed; top: 1.05rem; right: 8.5rem; z-index: 999991; width: auto;}
.st-key-device p {font-size: 0.85rem; white-space: nowrap;}
.st-key-numbers, .st-key-facts {font-variant-numeric: tabular-nums;}
@media (max-width: 640px) {.st-key-device {display: none;}}
</style>"""
log = logging.getLogger(__name__)


def navigation() -> Any:
    """The pages there are: home, then each section's folder as a menu."""
    home = st.Page(PAGES / "home" / "home.py", title="Autoencoder Lab", icon=":material/hourglass:", default=True)
    menu = {section.capitalize(): [_page(file) for file in files] for section, files in _files().items()}
    chosen = st.navigation({"": [home], **menu}, position="top")
    if chosen is not home:
        _reload_once()
    return chosen


@functools.cache
def _reload_once() -> None:
    """Loads the first page of a fresh server a second time, when it is not home.

    Because there is a folder `pages`, Streamlit takes the first request to be for a page directly in it, and covers the
    right page with a notice that it does not exist. From the second request on it knows the pages of `navigation`.
    """
    st.html("<script>window.location.reload()</script>", unsafe_allow_javascript=True)


def places() -> list[Any]:
    """Every page but home."""
    return [_page(file) for files in _files().values() for file in files]


def _files() -> dict[str, list[Path]]:
    """The page files of each section that has any."""
    found = {section: sorted((PAGES / section).glob("*.py"), key=_rank) for section in SECTIONS}
    return {section: files for section, files in found.items() if files}


def _rank(file: Path) -> tuple[int, str]:
    return ORDER.index(file.stem) if file.stem in ORDER else len(ORDER), file.stem


def _page(file: Path) -> Any:
    words = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return st.Page(file, title=file.stem.replace("_", " ").capitalize(), help=words.partition("\n")[0] or None)


def link(page: str, label: str, icon: str | None = None, **query: str) -> None:
    """A link to a page of the lab, such as "explore/train"."""
    st.page_link(PAGES / f"{page}.py", label=label, icon=icon, query_params=query)


def plain(sentence: str) -> str:
    """A sentence as it is, whatever it quotes: Markdown in it is not read as such."""
    return re.sub(r"([\\`*_{}\[\]()#+.!|<>$~:&-])", r"\\\1", sentence)


def say(error: LabError) -> None:
    """Shows what the lab could not do, more or less alarmingly."""
    look = {Cancelled: st.info, RequestError: st.warning, NotAtHand: st.info}
    look.get(type(error), st.error)(plain(str(error)))


@contextmanager
def boundary() -> Iterator[None]:
    """The one place where errors of a page, or of a part of it, end."""
    try:
        yield
    except LabError as error:
        say(error)
    except Exception:
        log.exception("A page failed.")
        st.error(BUG)


def guarded(body: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: the boundary around a function, for the bodies of fragments, which run outside that of their page."""

    @functools.wraps(body)
    def inside(*arguments: Any, **named: Any) -> Any:
        with boundary():
            return body(*arguments, **named)

    return inside

"""A restored photograph: the comparison, the figures, the file, and what else there is to know of it."""

from typing import Any

import streamlit as st

from aecore.engine import Status
from aecore.figures.mistakes import colour_bar, error_map, error_scale
from aecore.metrics import format_psnr
from aecore.restoring import strengths
from pages.ui import jobs, lab, photo_words, restore_photo_jobs
from pages.ui.compare import Side, Trust, Wanted, around, compare, put_look
from pages.ui.frame import guarded, plain
from pages.ui.latent_jobs import at_once
from pages.ui.photo_jobs import Asked
from pages.ui.photo_pictures import address
from pages.ui.photo_proof import token
from pages.ui.photo_result import OVERVIEW_SIDE, QUIET
from pages.ui.restore_photo_file import files
from pages.ui.restore_photo_words import DONE, EXPLANATION, MAPS, METHODS, MORE, PROMISE

KEY = "restore.photo"
GIVEN = {"denoise": "Noisy", "deblur": "Blurred", "fill": "With the hole", "colour": "Grey"}


def result(asked: Asked, status: Status, name: str, example: bool = False) -> None:
    """Draws a finished restoration.

    Args:
        asked: What was asked for.
        status: How it stands: done.
        name: What the photograph is called.
        example: Whether nobody has asked for it: its file and its link are then left out.
    """
    value, task = lab.answer(status).value, asked.arguments["task"]

    @guarded
    def body() -> None:
        wanted = _comparison(asked, value, name)
        _detail(asked, wanted)
        _numbers(asked, value)
        for note in value.get("notes", ()):
            st.caption(plain(note))
        if not example:
            files(asked, name, wanted.strength)

    st.fragment(body)()
    if not example:
        _link(asked)
    with st.expander("What am I looking at?", icon=":material/help:"):
        st.markdown(EXPLANATION[task])
        if task == "fill":
            st.markdown(METHODS[asked.arguments["subject"]])
        st.markdown(MORE)


@st.cache_data(max_entries=12, ttl=3600, show_spinner=False)
def _overview(job: str) -> dict[str, str]:
    seen = lab.read_arrays(lab.lab().engine.result(job).folder / "overview.npz")
    return {name: address(picture) for name, picture in seen.items()}


@st.cache_data(max_entries=12, ttl=3600, show_spinner=False)
def _map(job: str) -> dict[str, Any] | None:
    path = lab.lab().engine.result(job).folder / "misfit.npz"
    if not path.is_file():
        return None
    found = lab.read_arrays(path)["map"]
    scale = error_scale(found[None])
    return {"src": address(error_map(found, scale)), "stops": colour_bar(), "high": f"{100 * scale:.2g} %"}


@st.cache_data(max_entries=24, ttl=3600, show_spinner=False)
def _look(job: str) -> dict[str, str]:
    seen = lab.read_arrays(lab.lab().engine.result(job).folder / "look.npz")
    return {name: address(seen[name]) for name in ("result", "input")}


def _comparison(asked: Asked, value: dict[str, Any], name: str) -> Wanted:
    given, size = asked.arguments, (value["width"], value["height"])
    seen, found = _overview(asked.id), _map(asked.id)
    before = GIVEN[given["task"]] if given["damage"] is not None or given["task"] in ("fill", "colour") else "Given"
    sides = [Side("input", before, seen["input"])]
    if "truth" in seen:
        sides.append(Side("truth", "The truth", seen["truth"]))
    trust = None
    if found:
        title, words = MAPS[given["task"]]
        trust = Trust(low="0", words=words, title=title, **found)
    done = DONE[given["task"]]
    return compare(
        key=f"{KEY}.compare",
        identity=asked.id,
        size=size,
        result=seen["result"],
        sides=sides,
        name=done.capitalize(),
        label=f"{name}, {done}, {size[0]} by {size[1]} px, over what was given",
        trust=trust,
        blends=given["task"] != "fill" and given["strength"] == 1,
        looks=max(size) > OVERVIEW_SIDE,
        detail=False,
    )


def _detail(asked: Asked, wanted: Wanted) -> None:
    """Sends what is looked at, at full resolution."""
    if wanted.view is None:
        return
    value = lab.lab().engine.result(asked.id).value
    box = around(wanted.view, (value["width"], value["height"]))
    arguments = {"job": asked.id, **vars(box), **token(asked)}

    def draw(status: Status) -> None:
        seen = _look(status.id)
        put_look(f"{KEY}.look", asked.id, box, seen["result"], seen["input"])

    at_once("restore_photo_look", arguments, draw, lambda: None, private=asked.private)


def _numbers(asked: Asked, value: dict[str, Any]) -> None:
    figures, hole = value["figures"], value["hole"]
    with st.container(key="numbers"), st.grid(3, min_column_width=165):
        if figures:
            before = f"before {format_psnr(figures['input_psnr'])}"
            st.metric("PSNR against the truth", format_psnr(figures["psnr"]), before, **QUIET)
            if figures["ssim"] is not None:
                before = f"before {figures['input_ssim']:.3f}"
                st.metric("SSIM of brightness", f"{figures['ssim']:.3f}", before, **QUIET)
        elif hole:
            st.metric("Filled", f"{hole['pixels']:,} px", "nothing else is changed", **QUIET)
            words = "against what you painted over"
            st.metric("PSNR in the hole", format_psnr(hole["psnr"]), words, **QUIET)
        elif value["blur"] is not None:
            words = "by which the result fits what was given"
            st.metric("Blur", f"σ {value['blur']:.1f} px", words, **QUIET)
        elif value["changed"] is not None:
            known = strengths("denoise", asked.arguments["subject"])
            words = "standard deviation, were it all noise"
            st.metric("Taken away", known.said(round(value["changed"] * known.of, 1) / known.of), words, **QUIET)
        if not (figures and figures["ssim"] is not None) and not hole:
            megapixels = photo_words.megapixels(value["width"], value["height"])
            st.metric("Size, px", photo_words.size(value["width"], value["height"]), megapixels, **QUIET)
        tiles = value["tiles"]
        pieces = ("hole" if value["method"] == "biharmonic" else "tile") + ("" if tiles == 1 else "s")
        st.metric("Time", jobs.time_left(value["seconds"]), f"{tiles} {pieces}", **QUIET)


def _link(asked: Asked) -> None:
    """Draws how the result is found again."""
    with st.expander("The link", icon=":material/link:"):
        st.code(restore_photo_jobs.address(asked), language=None, wrap_lines=True)
        st.caption(
            PROMISE if asked.private else "One of the lab's own photographs: everybody may see what becomes of it."
        )

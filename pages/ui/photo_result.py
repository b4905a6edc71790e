"""A finished enlargement: the comparison, the figures, the file, and what else there is to know of it."""

from typing import Any

import streamlit as st

from aecore.engine import Status
from aecore.metrics import format_psnr
from pages.ui import jobs, lab, photo_file, photo_jobs, photo_models, photo_pictures, photo_proof, photo_words
from pages.ui.compare import Side, Wanted, around, compare, put_look
from pages.ui.frame import boundary, guarded, plain
from pages.ui.latent_jobs import at_once
from pages.ui.photo_jobs import Asked
from pages.ui.photo_size import KEY

QUIET = {"delta_color": "off", "delta_arrow": "off"}
OVERVIEW_SIDE = 1400  # px; longest side of the pictures that come at once


def result(asked: Asked, status: Status, name: str, example: bool = False) -> None:
    """Draws a finished enlargement.

    Args:
        asked: What was asked for.
        status: How it stands: done.
        name: What the photograph is called.
        example: Whether nobody has asked for it: the rest is then left out.
    """
    value = lab.answer(status).value

    @guarded
    def body() -> None:
        wanted = _comparison(asked, value, name)
        with boundary():
            _detail(asked, value, wanted)
        photo_proof.sheet(asked, value, wanted)
        _numbers(value)
        for note in value.get("notes", ()):
            st.caption(plain(note))
        if not example:
            photo_file.files(asked, value, name, wanted.strength)

    st.fragment(body)()
    photo_proof.prove(asked, value)
    if not example:
        _link(asked)
    with st.expander("What am I looking at?", icon=":material/help:"):
        st.markdown(photo_words.EXPLANATION)


def _sides(value: dict[str, Any], seen: photo_pictures.Overview) -> list[Side]:
    """What the result is compared with; the photograph itself only where the browser has all its pixels."""
    enlarged = value["model"] != photo_models.PLAIN and value["width"] > value["input_width"]
    sides = [Side("bicubic", "Bicubic", seen.bicubic)] if enlarged else []
    if not sides or max(value["input_width"], value["input_height"]) <= OVERVIEW_SIDE:
        sides.append(Side("input", "Input", seen.input))
    return sides


def _comparison(asked: Asked, value: dict[str, Any], name: str) -> Wanted:
    seen, size = photo_pictures.overview(asked.id), (value["width"], value["height"])
    sides, model = _sides(value, seen), photo_models.title(value["model"])
    return compare(
        key=f"{KEY}.compare",
        identity=asked.id,
        size=size,
        result=seen.result,
        sides=sides,
        name=model,
        label=f"{name}, {photo_words.done(asked.arguments['scale'], model)}, {size[0]} by {size[1]} px, over "
        f"{sides[0].label.lower()}",
        trust=seen.trust,
        blends=value["model"] != photo_models.PLAIN and asked.arguments["strength"] == 1,
        looks=max(size) > OVERVIEW_SIDE,
        detail=len(photo_models.models(asked.arguments["scale"])) > 1,
    )


def _detail(asked: Asked, value: dict[str, Any], wanted: Wanted) -> None:
    """Sends what is looked at, at full resolution."""
    if wanted.view is None:
        return
    box = around(wanted.view, (value["width"], value["height"]))
    arguments = {"job": asked.id, **vars(box)}

    def draw(status: Status) -> None:
        seen = photo_pictures.look(status.id)
        whole = max(value["input_width"], value["input_height"]) <= OVERVIEW_SIDE  # the browser has all its pixels
        before = "" if value["model"] == photo_models.PLAIN and whole else seen["bicubic"]
        put_look(f"{KEY}.look", asked.id, box, seen["result"], before)

    at_once("enlarge_look", arguments, draw, lambda: None, private=asked.private)


def _numbers(value: dict[str, Any]) -> None:
    tiles, speed = value["tiles"], f"{value['megapixels_per_second']:.2g} MP/s"
    with st.container(key="numbers"), st.grid(3, min_column_width=165):
        before = photo_words.size(value["input_width"], value["input_height"])
        st.metric("Size, px", photo_words.size(value["width"], value["height"]), f"from {before}", **QUIET)
        pieces = f"{tiles} {'tile' if tiles == 1 else 'tiles'}"
        st.metric("Time", jobs.time_left(value["seconds"]), f"{speed}, {pieces}", **QUIET)
        consistency = format_psnr(value["psnr_consistency"])
        if value["width"] > value["input_width"]:
            st.metric("Consistency", consistency, "shrunk again", help=photo_words.CONSISTENCY, **QUIET)
        else:
            st.metric("Likeness", consistency, "to what was given", help=photo_words.CHANGED, **QUIET)


def _link(asked: Asked) -> None:
    """Draws how the result is found again."""
    with st.expander("The link", icon=":material/link:"):
        st.code(f"{st.context.url}?{photo_jobs.PARAMETER}={asked.id}", language=None, wrap_lines=True)
        own = photo_words.PROMISE
        st.caption(own if asked.private else "One of the lab's own photographs: everybody may see what becomes of it.")

"""Before a training: the damaged pictures, the network, and what it will cost."""

import numpy as np
import streamlit as st

from aecore.engine import Status
from aecore.estimate import estimated_seconds
from aecore.figures.network import hourglass, stages
from aecore.images import thumbnail, to_float, to_uint8
from aecore.recipe import Recipe, ResolvedRecipe
from pages.ui import data, drawing, film, jobs, lab
from pages.ui.frame import guarded, link
from pages.ui.words import headline, squeezed, summary, times

SHOWN = 8
QUIET = {"delta_color": "off", "delta_arrow": "off"}


def damaged(recipe: Recipe, images: np.ndarray) -> np.ndarray:
    """What a recipe's damage does to uint8 pictures, always with the same dice."""
    return to_uint8(recipe.corruption(to_float(images), np.random.default_rng(0)))


def preview(recipe: Recipe, images: np.ndarray, labels: np.ndarray) -> list[film.Row]:
    """Rows of pictures (N, H, W, C) uint8 as they are, and as the network would be given them, small to look at."""
    names = film.told(labels, recipe.dataset.classes)
    if recipe.corruption.identity:
        return [film.row("Input", _small(images), names)]
    worse = damaged(recipe, images)
    quality = film.quality(images, worse)
    return [film.row("Original", _small(images), names), film.row("Input", _small(worse), names, notes=quality)]


def _small(images: np.ndarray) -> np.ndarray:
    return to_uint8(thumbnail(to_float(images)))


def plan(resolved: ResolvedRecipe, status: Status | None) -> None:
    """Draws what would be trained, and the button that does.

    Args:
        resolved: What would be trained.
        status: How its training stands; it is not at work.
    """
    recipe, private = resolved.recipe, resolved.recipe.dataset.private

    def ask() -> tuple[Status, Status]:
        described = lab.ask("describe", lab.description_of(recipe), private)
        return described, lab.ask("sample", data.sample_of(recipe.dataset, resolved.data), private)

    def body() -> bool:
        described, sample = ask()
        cost = lab.answer(described).value if described.state == "done" else None
        seconds = estimated_seconds(recipe, resolved.data, cost["flops"], lab.lab().store.runs()) if cost else None
        _head(resolved, status, seconds, described.state == "failed")
        pictures(recipe, sample)
        if described.state == "failed":
            jobs.failed(described, "describe", lab.description_of(recipe), private)
        _facts(recipe, cost, seconds)
        return described.active or sample.active

    jobs.live(body, any(status.active for status in ask()), jobs.POLL_SHORT)


@guarded
def _begin(resolved: ResolvedRecipe) -> None:
    """Begins a training before anything is drawn: a click counts even while the page changes under it."""
    lab.begin(resolved)
    st.rerun()


def _head(resolved: ResolvedRecipe, status: Status | None, seconds: float | None, impossible: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(headline(resolved.recipe), anchor=False)
        slot = st.container(width="content")
    word = jobs.ended(status) or "Train"
    label = f"{word}, about {jobs.time_left(seconds)}" if seconds and word.startswith("Train") else word
    slot.button(
        label,
        type="primary",
        key="train.go",
        disabled=impossible,
        icon=":material/play_arrow:",
        on_click=_begin,
        args=(resolved,),
    )
    st.caption(summary(resolved.recipe))
    similar = lab.lab().store.find(resolved.recipe)
    if similar:
        label = f"Show the finished run of these settings on other data: {similar.info['source']}"
        link("explore/train", label, icon=":material/history:", run=similar.key)


def pictures(recipe: Recipe, sample: Status, reel: dict | None = None) -> None:
    """Eight pictures of the data, damaged, as soon as there are any; a film's curves below."""
    if sample.state != "done":
        st.skeleton(height=120 if recipe.corruption.identity else 240)
        return
    found = lab.arrays(sample.id, "sample.npz")
    images = found["images"][:SHOWN]
    film.show(
        preview(recipe, images, found["labels"][:SHOWN]),
        _small(images[:1]).shape[1:3],
        key="train.film",
        identity="plan",
        reel=reel,
    )


def _facts(recipe: Recipe, cost: dict | None, seconds: float | None) -> None:
    if cost is None:
        st.skeleton(height=330)
        return
    before = lab.ahead()
    with st.container(key="facts"), st.grid(4, min_column_width=120):
        st.metric("Parameters", f"{cost['total']:,}", f"{len(cost['layers'])} layers", **QUIET)
        if recipe.compression:
            st.metric("Compression", f"{times(recipe)}×", squeezed(recipe), **QUIET)
        st.metric("Time", f"about {jobs.time_left(seconds)}", f"on {cost['device']}", **QUIET)
        st.metric(
            "Queue",
            "free" if not before else f"{before} before it",
            "starts at once" if not before else "waits its turn",
            **QUIET,
        )
    drawing.show(hourglass(stages(cost["layers"], recipe.latent_dim)), key="train.network")

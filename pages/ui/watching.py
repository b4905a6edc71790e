"""While a training waits or runs: how far it is, how it does, and how to stop it."""

import streamlit as st

from aecore.engine import Status
from aecore.fit import LOSSES
from aecore.recipe import ResolvedRecipe
from pages.ui import data, film, jobs, lab, plan
from pages.ui.runs import open_run
from pages.ui.words import headline, summary


def watch(resolved: ResolvedRecipe, status: Status) -> None:
    """Draws a training at work, again and again, and the page anew once it has ended."""

    def body() -> bool:
        now = lab.lab().engine.status(status.id)
        if resolved.recipe.dataset.private:  # a person's own images are in use as long as their training waits
            resolved.recipe.dataset.resolve()
        with st.container(horizontal=True, vertical_alignment="center"):
            st.title(headline(resolved.recipe), anchor=False)
            jobs.cancel_button(now, "train.cancel")
        st.caption(summary(resolved.recipe))
        jobs.progress(now)
        _pictures(resolved, now)
        if now.state == "done":
            open_run("train", resolved.key)
        return now.active

    jobs.live(body, True)


def _pictures(resolved: ResolvedRecipe, status: Status) -> None:
    recipe, seen = resolved.recipe, lab.partial(status, "live.npz")
    history = status.progress.get("history", {})
    curves = film.reel(history, [], status.progress.get("epochs", recipe.fit.epochs), LOSSES[recipe.fit.loss])
    if seen is not None:
        names = film.told([-1] * len(seen["clean"]), ())
        rows = film.comparison(seen["clean"], seen["inputs"], seen["outputs"][None], names, recipe.corruption.identity)
        film.show(rows, seen["clean"].shape[1:3], key="train.film", identity="live", reel=curves)
        return
    sample = lab.ask("sample", data.sample_of(recipe.dataset, resolved.data), recipe.dataset.private)
    plan.pictures(recipe, sample, curves)

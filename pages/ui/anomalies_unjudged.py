"""A network of which nobody here can say how well it detects anything, and the ways on from there."""

import streamlit as st

from aecore.datasets import Pin
from aecore.errors import NotAtHand, RequestError
from aecore.recipe import ResolvedRecipe
from aecore.store import Run
from pages.ui import data, lab
from pages.ui.anomalies_normal import PAGE
from pages.ui.anomalies_words import failures
from pages.ui.frame import plain, say
from pages.ui.plan import plan
from pages.ui.watching import watch


def unjudged(run: Run) -> None:
    """Says that a run's images are missing here and that no scores were stored with it, and offers what helps."""
    st.info(
        f"The images that this network was measured on ({plain(run.info['source'])}) are not on this machine, and no "
        "scores were stored with it, so it cannot be judged here. Get its images, or train the same settings on "
        "what is here."
    )
    dataset = run.recipe.dataset
    data.offer(dataset, f"{PAGE}.unjudged", type="primary")
    try:
        resolved = run.recipe.resolve()
    except (NotAtHand, RequestError) as error:
        say(error)
        return
    st.divider()
    other = lab.run(resolved.key)
    if other:
        st.markdown(f"The same settings have been trained on {_images(resolved.data)} that are here.")
        st.button(
            "Show that network", key=f"{PAGE}.other", icon=":material/history:", on_click=_open, args=(other.key,)
        )
    else:
        _train(resolved)
    failures()


def _train(resolved: ResolvedRecipe) -> None:
    status = lab.standing("train", {"recipe": resolved.to_json()})
    if status and status.active:
        watch(resolved, status)
        return
    st.caption(f"The same settings, on {_images(resolved.data)} that are here.")
    plan(resolved, status)


def _images(pin: Pin) -> str:
    return f"the {pin.train:,} images to learn from and {pin.test:,} to test"


def _open(key: str) -> None:
    st.query_params["run"] = key

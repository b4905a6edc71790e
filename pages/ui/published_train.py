"""Training a published system, or the recipe that beats it, on its own page."""

import streamlit as st

from aecore.presets import PRESETS
from aecore.store import Run
from pages.ui.frame import plain
from pages.ui.published import PAGE, Found, open_run
from pages.ui.train_here import train_here


def buttons(found: Found) -> None:
    """For the published network and for the better recipe: train it here, or open its run."""
    with st.grid(2, min_column_width=320, gap="medium"):
        _card("The published network", found.system.slug, found.run, "primary")
        _card("Our better recipe", found.system.better, found.better, "secondary")


def _card(title: str, name: str, run: Run | None, type: str) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{title}**")
        if name not in PRESETS:
            st.caption("There is no recipe of this name yet.")
            return
        if run:
            st.caption(plain(f"{PRESETS[name].task}. Trained on {run.info['source']}, {run.report['device']}."))
            with st.container(horizontal=True):
                open_run(run, "Open its run")
        else:
            st.caption(f"{PRESETS[name].task}. Not trained yet.")
        train_here(PRESETS[name].recipe, f"{PAGE}.{name}", run, type)

"""Finished runs as pictures."""

import numpy as np
import streamlit as st

from aecore.figures.pictures import montage
from aecore.metrics import format_psnr
from aecore.store import Run
from pages.ui import film, lab
from pages.ui.frame import link, places
from pages.ui.replay import film_of
from pages.ui.words import headline

MOST = 8
SHOWN = 4
FIRST = "first-light"


def hero(runs: list[Run]) -> None:
    """One run's film, large: the one that a first visit would train, else one that ships, else the newest."""
    run = min(runs, key=lambda run: (run.name != FIRST, not run.shipped))
    rows, size, reel = film_of(run.key)
    film.show(rows[:-1], size, key="home.film", identity=run.key, reel=reel)
    st.caption(f"{headline(run.recipe)}; {run.info['source']}. Press Play to see it learn.")
    link("explore/train", "Open this run", icon=":material/arrow_forward:", run=run.key)


def signposts() -> None:
    """Where to go: every page with the question it answers."""
    with st.grid("auto", min_column_width=270, gap="medium"):
        for entry in places():
            with st.container(border=True, height="stretch"):
                st.page_link(entry, label=f"**{entry.title}**", help=entry.title)
                st.caption(entry.help)


def gallery(runs: list[Run]) -> None:
    """The newest runs: what went in above what came out."""
    st.subheader("Trained in this lab", anchor=False)
    with st.grid("auto", min_column_width=250, gap="medium"):
        for run in runs[:MOST]:
            with st.container(border=True):
                alt = f"Input above output of {headline(run.recipe)}"
                st.image(_card(run.key), alt=alt)
                link("explore/train", f"{run.recipe.dataset.title}, {format_psnr(run.report['psnr'])}", run=run.key)
                st.caption(f"{headline(run.recipe)}. {run.info['source']}.")


@st.cache_data(max_entries=64, ttl=3600, show_spinner=False)
def _card(key: str) -> np.ndarray:
    kept = lab.snapshots(key)
    return montage([kept["inputs"][:SHOWN], kept["outputs"][-1][:SHOWN]])

"""Finished runs as pictures."""

import streamlit as st

from aecore.figures.pictures import montage
from aecore.metrics import format_psnr
from aecore.store import Run
from pages.ui import film, lab
from pages.ui.frame import link, places
from pages.ui.results import film_of
from pages.ui.words import headline

MOST = 8
SHOWN = 4


def hero(runs: list[Run]) -> None:
    """One run's film, large: the first that ships, else the newest."""
    run = next((run for run in runs if run.shipped), runs[0])
    rows, size, reel = film_of(run.key)
    film.show(rows[:-1], size, key="home.film", identity=run.key, reel=reel)
    st.caption(f"{headline(run.recipe)}; {run.info['source']}. Press Play to see it learn.")


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
                st.image(_card(run.key), alt=alt, width="stretch")
                link("explore/train", headline(run.recipe), run=run.key)
                st.caption(f"PSNR {format_psnr(run.report['psnr'])}  ·  {run.info['source']}")


@st.cache_data(max_entries=64, ttl=3600, show_spinner=False)
def _card(key: str):
    kept = lab.snapshots(key)
    return montage([kept["inputs"][:SHOWN], kept["outputs"][-1][:SHOWN]])

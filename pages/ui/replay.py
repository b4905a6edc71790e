"""The film of a finished run."""

from typing import Any

import streamlit as st

from aecore.fit import LOSSES
from pages.ui import film, lab


@st.cache_data(max_entries=24, ttl=3600, show_spinner=False)
def film_of(key: str) -> tuple[list[film.Row], tuple[int, int], dict[str, Any]]:
    """Rows, size and reel of a run's snapshots, for `film.show`."""
    run, kept = lab.run(key), lab.snapshots(key)
    recipe, epochs = run.recipe, kept["epochs"].tolist()
    names = film.told(kept["labels"], recipe.dataset.classes)
    rows = film.comparison(kept["clean"], kept["inputs"], kept["outputs"], names, recipe.corruption.identity)
    notes = [film.average(kept["clean"], frame) for frame in kept["outputs"]]
    last = max(epochs[-1], run.history["epoch"][-1])
    return rows, kept["clean"].shape[1:3], film.reel(run.history, epochs, last, LOSSES[recipe.fit.loss], notes)

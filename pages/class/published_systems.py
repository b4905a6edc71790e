"""Five published autoencoders, rebuilt: what was reported, and what did we measure?

Each is trained here as its source says, set beside its own baseline, and beaten on the same data by a recipe of ours.
"""

import streamlit as st

from pages.ui import (
    published,
    published_accuracy,
    published_better,
    published_overview,
    published_pictures,
    published_sweep,
    published_train,
    published_words,
)
from pages.ui.page import page

with page():
    st.title("Published systems", anchor=False)
    system = published.choice()
    if system is None:
        published_overview.overview()
        st.stop()

    found = published.found(system)
    st.markdown(system.purpose)
    if found.run:
        published_pictures.pictures(found)
        published.numbers(found)
        published_words.openly(found)
        published.curves(found)
    else:
        published.not_yet()
    published_words.reported_and_measured(found)
    published_train.buttons(found)
    published_better.better(found)
    published_sweep.sweep(found)
    published.network(found)
    published_accuracy.accuracy(found)
    published_words.words(found)
    published_pictures.variants(found)

"""What the lab is, what has been trained in it, and where to go."""

import streamlit as st

from pages.ui import lab
from pages.ui.gallery import gallery, hero, signposts
from pages.ui.page import page

with page():
    runs = lab.lab().store.runs()
    st.title("Autoencoder Lab", anchor=False)
    st.markdown(
        "An autoencoder squeezes an image through a handful of numbers and has to give it back. "
        "Train one here, on digits, photographs or your own pictures, and watch what it keeps and what it loses. "
        "Damage the images first, and the same network learns to remove noise, sharpen blur or fill a hole."
    )
    if runs:
        hero(runs)
    signposts()
    if runs:
        gallery(runs)

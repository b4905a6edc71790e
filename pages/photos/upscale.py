"""Make my photo larger, and prove it is better than plain resizing.

Bring a photograph or take one of the lab's; choose how large; compare, zoom in, and see where to trust the result.
"""

import streamlit as st

from pages.ui.page import page
from pages.ui.photo_form import controls
from pages.ui.photo_stage import STYLE, stage

with page(trains=True):
    st.html(STYLE)
    left, right = st.columns([5, 2], gap="large")
    with right, st.container(key="upscale-controls"):
        controls()
    with left:
        st.title("Upscale", anchor=False)
        stage()

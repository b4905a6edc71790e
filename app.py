"""Entry point of the lab: the page's frame and the navigation, nothing else.

streamlit run app.py
"""

import streamlit as st

from pages.ui.frame import ICON, navigation

st.set_page_config(page_title="Autoencoder Lab", page_icon=ICON, layout="wide", initial_sidebar_state=272)
navigation().run()

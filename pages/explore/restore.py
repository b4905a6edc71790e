"""Can it clean noise, sharpen blur, fill a hole, colour a grey picture?

Choose a damage and how strong it is. The network's answer stands beside it, and beside that what needs no learning.
"""

import streamlit as st

from aecore.errors import LabError
from pages.ui import restore_draw, restore_lab, restore_photo
from pages.ui.frame import say
from pages.ui.page import page
from pages.ui.restore_scene import controls, opened, subject_and_section
from pages.ui.restore_words import headline, summary

with page(trains=True):
    try:
        opened()
    except LabError as error:  # what the address asks for is not here; the page is there all the same
        say(error)
    head, sections = st.container(), st.container()
    with st.sidebar:
        subject, section = subject_and_section(sections)
        scene = controls(subject, section)
    with head:
        st.title(headline(scene), anchor=False)
    if section == "own":
        restore_photo.section(scene.subject, scene.task, scene.strength)
    else:
        with head:
            st.caption(summary(scene))
        {"lab": restore_lab.section, "draw": restore_draw.section}[section](scene)

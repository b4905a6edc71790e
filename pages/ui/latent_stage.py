"""The map, and beside it what was clicked, lassoed or drawn."""

from collections.abc import Callable

import streamlit as st

from aecore.engine import Status
from aecore.errors import LabError, NotAtHand
from pages.ui import data, jobs, lab, latent_panel
from pages.ui.frame import guarded, say
from pages.ui.latent_drawing import about, draw_map, shelved
from pages.ui.latent_kept import classes_alone, keep, keep_alone, keep_seen, kept, part_seen
from pages.ui.latent_map import isolated_on, seen_on
from pages.ui.latent_own import marks, own_picture
from pages.ui.latent_scene import Found, Scene, found

BESIDE = {"look": "What you click", "draw": "Your own"}
WORDS = """
**The code.** The network squeezes every image through a handful of numbers, its *code* or *latent vector*, and has to
give the image back from these alone. Each dot is the code of one test image, which the network never saw while it
learned. {told}

**The space between.** Every place of the map is a code, also where no image lies. Click there, and the second half of
the network, the decoder, says what it would be. Put the decoded images below the points to see all places at once, or
the density to see where codes are rare: there the decoder was never taught anything.

**The plane.** A code of two numbers is the map. A longer one has more directions than a screen: PCA shows the plane of
most variance and keeps distances honest within it, t-SNE bends the space so that neighbours stay together.
*Trustworthiness* says how far neighbours on the map are neighbours by pixels: 1 where all are, about 0.5 where the map
might as well have been drawn at random.
"""
FOUND = """It was not told the classes either: where a colour has a region of its own, the network found by itself that
those images are alike."""
TOLD = """This network is told the class besides the code, so its code need not hold it: that colours lie mixed is what
it was made for, and what is left in the code is the rest, the handwriting, say."""
TSNE = "t-SNE lays the images out; about 20 s, the first time"


def with_map(scene: Scene, draw: Callable[[Found], None], height: int = 560) -> None:
    """Draws something that needs a scene's map, as soon as there is one; without the data, says how to get it."""

    def wait() -> None:
        status = lab.standing(scene.task, scene.request)
        if scene.projection == "tsne" and status:
            st.progress(min(1.0, status.progress.get("fraction") or 0.0), TSNE)
        st.skeleton(height=height)

    def done(status: Status) -> None:
        draw(found(scene, status))

    status = lab.ask(scene.task, scene.request, scene.private)
    if status.state == "failed":
        try:
            lab.answer(status)
        except NotAtHand as error:
            say(error)
            data.offer(scene.run.recipe.dataset, "latent.offer", type="primary")
            return
        except LabError:  # said below, with another try
            pass
    jobs.short(scene.task, scene.request, done, wait, scene.private)


def section(scene: Scene) -> None:
    """Draws the map section."""
    with_map(scene, lambda made: _stage(scene, made), height=640)


def _stage(scene: Scene, made: Found) -> None:
    @guarded
    def body() -> None:
        left, right = st.columns([3, 2], gap="medium")
        with right:
            beside = st.segmented_control(
                "Beside the map", list(BESIDE), default="look", format_func=BESIDE.get, key="latent.beside",
                required=True, label_visibility="collapsed", bind="query-params",
            )  # fmt: skip
            mine = own_picture(scene) if beside == "draw" else None
        with left:
            before = kept(scene, made)
            picked, lassoed = draw_map(
                scene, made, "latent.map", before.picked, before.lassoed, isolated=classes_alone(made),
                seen=part_seen(made), marks=marks(made, mine),
            )  # fmt: skip
            keep(scene, made, picked, lassoed)
            keep_alone(isolated_on("latent.map", made.job, len(made.classes)))
            keep_seen(seen_on("latent.map", made.job))
            st.caption(about(scene, made))
        with right:
            if beside == "draw":
                latent_panel.own(scene, mine)
            else:
                latent_panel.clicked(scene, made, picked, lassoed)

    with shelved(scene, made, "latent.map"):
        st.fragment(body)()
        with st.expander("What am I looking at?", icon=":material/help:"):
            st.markdown(WORDS.replace("{told}", TOLD if scene.tells else FOUND))

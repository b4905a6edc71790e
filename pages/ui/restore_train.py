"""Where to go on from restored pictures: a network of one's own, and how the others learned."""

import contextlib
from dataclasses import replace

import streamlit as st

from aecore.errors import NotAtHand
from aecore.recipe import Recipe
from aecore.restorers import damage
from aecore.restoring import title
from pages.ui.frame import link
from pages.ui.restore_scene import PAGE, Scene
from pages.ui.train_here import train_here

STEPS = 1000  # of a network of one's own, about: enough to see what it does


def own(scene: Scene) -> Recipe:
    """What a visitor may train: the lab's network where it is missing, else the same for one strength alone."""
    recipe = scene.lab.recipe
    if scene.lab.run is None or not scene.strength:
        return recipe
    fit, each = recipe.fit, recipe.fit.steps_per_epoch
    with contextlib.suppress(NotAtHand):  # said where it would be trained
        each = each or max(1, recipe.dataset.resolve().train // fit.batch_size)
    corruption = damage(scene.task, scene.subject, scene.strength)
    return replace(recipe, corruption=corruption, fit=replace(fit, epochs=max(1, round(STEPS / (each or STEPS)))))


def more(scene: Scene) -> None:
    """Draws the button that trains a network of one's own, and the ways to those that are shown."""
    recipe = own(scene)
    with st.container(border=True, key="restore-own"):
        st.markdown("**Train your own**")
        if scene.lab.run is None:
            st.caption("The lab’s network for this is not trained here yet. Train it, and it appears on this page.")
        elif recipe != scene.lab.recipe:
            st.caption(
                f"The same network, taught one strength alone, {scene.said}, in about {STEPS:,} steps, to be set "
                "beside the others."
            )
        else:
            st.caption("The same network, trained on the images that are here.")
        train_here(recipe, f"{PAGE}.own", scene.lab.run, "secondary")
    with st.container(horizontal=True):
        for item in scene.trained[:2]:
            link("explore/train", f"How “{title(item)}” learned", icon=":material/arrow_forward:", run=item.run.key)

"""The lab's own pictures: damaged, restored, measured."""

from typing import Any

import streamlit as st

from aecore.engine import Status
from aecore.errors import NotAtHand
from pages.ui import data, jobs, lab
from pages.ui.frame import plain, say
from pages.ui.latent_jobs import awaited, begun
from pages.ui.restore_numbers import curve_of, measured
from pages.ui.restore_rows import Seen, draw, seen
from pages.ui.restore_scene import PAGE, Scene
from pages.ui.restore_train import more
from pages.ui.restore_words import about_pictures, explanation

PATIENCE = {"restore_samples": 1.0, "restore_classical": 0.4}  # seconds, one after the other; the curve takes longer


def section(scene: Scene) -> None:
    """Draws the pictures, the numbers, the curve, and what else there is to do."""
    if not _has_pictures(scene):
        return
    asked = requests(scene)
    first = {name: begun(name, arguments) for name, arguments in asked.items()}
    for name, patience in PATIENCE.items():
        if name in first:
            first[name] = awaited(first[name], patience)

    def body() -> bool:
        found = {name: begun(name, arguments) for name, arguments in asked.items()}
        _drawn(scene, found, asked)
        return any(status.active for status in found.values())

    every = jobs.POLL_SHORT if first["restore_samples"].active else jobs.POLL
    jobs.live(body, any(status.active for status in first.values()), every)
    if scene.data is None or scene.data["source"] == "sample":  # outside: it is looked at again by itself
        data.offer(scene.lab.recipe.dataset, f"{PAGE}.more")
    more(scene)
    explanation(scene)


def requests(scene: Scene) -> dict[str, dict[str, Any]]:
    """The jobs that the section needs, by name, with their arguments."""
    asked = {"restore_samples": {**scene.damage, "keys": scene.keys, "data": scene.data}}
    if scene.methods:
        asked["restore_classical"] = {**scene.damage, "data": scene.data}
    if scene.keys:
        asked["restore_curve"] = {"key": scene.keys[0], "keys": scene.keys, "data": scene.data}
    return asked


def _has_pictures(scene: Scene) -> bool:
    """Whether there are pictures to damage; offers to get them, where not."""
    run = scene.lab.run
    if scene.data is not None or (run and run.info.get("redistributable")):
        return True
    try:
        scene.lab.recipe.dataset.resolve()
    except NotAtHand as error:
        say(error)
    data.offer(scene.lab.recipe.dataset, f"{PAGE}.offer", type="primary")
    more(scene)
    return False


def _drawn(scene: Scene, found: dict[str, Status], asked: dict[str, dict[str, Any]]) -> None:
    samples = found["restore_samples"]
    if samples.state == "failed":
        jobs.failed(samples, "restore_samples", asked["restore_samples"])
        return
    ready = [found[name] for name in ("restore_samples", "restore_classical") if name in found]
    ready = [status for status in ready if status.state == "done"]
    if not ready:
        st.skeleton(height=420)
        return
    pictures = seen(scene, [(lab.answer(status).value, lab.arrays(status.id, "restored.npz")) for status in ready])
    above, below = st.container(), st.container()  # always both, so that what comes later replaces nothing
    with above:
        draw(scene, pictures, f"{PAGE}.rows")
        if samples.active:  # a fresh worker has to load what networks need first
            st.caption("The networks are being loaded.")
        else:
            about_pictures(scene, pictures.value)
    if not samples.active:
        with below:
            _numbers(scene, pictures, found)


def _numbers(scene: Scene, pictures: Seen, found: dict[str, Status]) -> None:
    status, curve = found.get("restore_curve"), None
    if status and status.state == "done":
        curve = curve_of(lab.answer(status).value, lab.arrays(status.id, "restore_curve.npz"))
    measured(scene, pictures, curve, bool(status and status.active))
    if status and status.state == "failed":
        st.caption(f"No curve over all strengths: {plain(status.message)}")
    classical = found.get("restore_classical")
    if classical and classical.state == "failed":
        st.caption(f"No classical methods: {plain(classical.message)}")

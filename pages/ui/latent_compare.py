"""Two runs of equally long codes side by side: their maps, and what every place of these decodes to."""

from dataclasses import replace

import streamlit as st

from aecore.metrics import format_psnr
from aecore.models.vae import Variational
from aecore.recipe import Recipe
from aecore.store import Run
from pages.ui import latent_runs
from pages.ui.form import address
from pages.ui.frame import PAGES, guarded
from pages.ui.latent_drawing import about, draw_map, put_under, shelved
from pages.ui.latent_map import Picked
from pages.ui.latent_scene import Found, Scene, scene_of, with_class
from pages.ui.latent_stage import with_map

WORDS = """
A plain autoencoder puts its codes wherever that serves it: between the groups lie gaps, and what is decoded there looks
like nothing. A variational one must fill one Gaussian: its codes lie close together, and every place decodes to
something. The price is a little sharpness. The density below the points shows the gaps; the decoded images, what is in
them. A click marks the same test image on both maps.
"""


def alike(run: Run, other: Run) -> bool:
    """Whether two runs can be compared: the same images, and codes of the same length."""
    same = run.recipe.dataset.kind == other.recipe.dataset.kind
    return same and run.recipe.latent_dim == other.recipe.latent_dim


def twin(run: Run) -> str:
    """How the name of the run begins that is best seen beside this one: a plain network beside a variational one."""
    return "plain-" if run.recipe.model.kind == "vae" else "vae-"


def section(scene: Scene) -> None:
    """Draws both runs."""
    run = scene.run
    other = latent_runs.other("latent.other", "Beside it", lambda found: alike(run, found), run, twin(run))
    if other is None:
        _train_one(run)
        return
    pair = [replace(scene, draw="dots", under=scene.under or "density")]
    beside = replace(pair[0], run=other)
    if not scene.tells:
        beside = with_class(beside)
    if scene.size <= 2:
        beside = replace(beside, projection=scene_of(other).projection)
    pair.append(beside)
    for side, (column, one) in enumerate(zip(st.columns(2, gap="medium"), pair, strict=True)):
        with column:
            st.markdown(f"**{latent_runs.title(one.run)}**")
            st.caption(f"{one.run.recipe.model.title}, PSNR {format_psnr(one.run.report['psnr'])}")
            with_map(one, lambda found, one=one, side=side: _side(one, found, side), height=420)
    with st.expander("What am I looking at?", icon=":material/help:"):
        st.markdown(WORDS)


def _side(scene: Scene, found: Found, side: int) -> None:
    key = f"latent.side{side}"
    chosen = st.session_state.get("latent.both", 0)

    @guarded
    def body() -> None:
        point = found.at(chosen)
        marked = Picked(*found.points[point].tolist(), point) if point >= 0 else None
        now, _ = draw_map(scene, found, key, marked, forced=str(chosen), lasso=False, tallest=480, ratio=0.9)
        st.caption(about(scene, found))
        click = (found.job, now) if now is not marked else None
        if click and now.index >= 0 and st.session_state.get(f"{key}.seen") != click:  # a new one, on this side
            st.session_state[f"{key}.seen"] = click
            st.session_state["latent.both"] = int(found.arrays["index"][now.index])
            st.rerun()

    grid = replace(scene, draw="none", under="grid")
    size = {"tallest": 480, "ratio": 0.9, "lasso": False}
    with shelved(scene, found, key):
        st.fragment(body)()
        if found.decodes:
            draw_map(grid, found, f"{key}.decoded", legend=False, frame=found.core, answers=False, **size)
            if scene.under != grid.under:  # else it comes with what lies under the points
                put_under(grid, found, f"{key}.decoded")
            if scene.tells:
                st.caption(f"Decoded as “{scene.classes[scene.told]}”.")


def _train_one(run: Run) -> None:
    """Offers to train what this run could be compared with."""
    recipe = run.recipe
    st.info("There is no other finished run on the same images with a code of the same length.")
    plain = recipe.model.kind == "vae"
    model = recipe.setting("model", "dense").setting("model.latent_dim", recipe.latent_dim) if plain else None
    wanted = model or Recipe(recipe.dataset, recipe.corruption, Variational(latent_dim=recipe.latent_dim), recipe.fit)
    name = "plain" if plain else "variational"
    query = address("train", wanted)
    st.page_link(
        PAGES / "explore" / "train.py", label=f"Train a {name} one to lay beside it", icon=":material/play_arrow:",
        query_params=dict(part.split("=", 1) for part in query.split("&")),
    )  # fmt: skip

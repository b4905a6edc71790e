"""Training a published system, or the recipe that beats it, on its own page."""

from urllib.parse import parse_qsl

import streamlit as st

from aecore.errors import NotAtHand
from aecore.estimate import estimated_seconds
from aecore.presets import PRESETS
from aecore.recipe import ResolvedRecipe
from aecore.store import Run
from pages.ui import jobs, lab
from pages.ui.form import address
from pages.ui.frame import PAGES, guarded, link, plain
from pages.ui.published import PAGE, Found, open_run


def buttons(found: Found) -> None:
    """For the published network and for the better recipe: train it here, or open its run."""
    with st.grid(2, min_column_width=320, gap="medium"):
        _card("The published network", found.system.slug, found.run, "primary")
        _card("Our better recipe", found.system.better, found.better, "secondary")


def _card(title: str, name: str, run: Run | None, type: str) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{title}**")
        if name not in PRESETS:
            st.caption("There is no recipe of this name yet.")
            return
        if run:
            st.caption(plain(f"{PRESETS[name].task}. Trained on {run.info['source']}, {run.report['device']}."))
            with st.container(horizontal=True):
                open_run(run, "Open its run")
        else:
            st.caption(f"{PRESETS[name].task}. Not trained yet.")
        _train(name, run, type)


def _train(name: str, run: Run | None, type: str) -> None:
    recipe = PRESETS[name].recipe
    try:
        resolved = recipe.resolve()
    except NotAtHand as error:
        st.caption(f"It cannot be trained here. {plain(str(error))}")
        return
    if run and run.key == resolved.key:
        st.caption("Trained on exactly the data that is here; training it again would give the same run.")
        return
    mine = lab.run(resolved.key)
    if mine:
        st.caption(f"Trained here, too: {plain(mine.info['source'])}.")
        link("explore/train", "Open the run made here", icon=":material/arrow_forward:", run=mine.key)
        return
    _at_work(name, resolved, type)


def _at_work(name: str, resolved: ResolvedRecipe, type: str) -> None:
    """A training as it waits and runs, or the button that begins it."""
    arguments = {"recipe": resolved.to_json()}

    def active() -> bool:
        status = lab.standing("train", arguments)
        described = lab.ask("describe", lab.description_of(resolved.recipe))
        return bool(status and status.active) or described.active

    def body() -> bool:
        status = lab.standing("train", arguments)
        if status and status.active:
            jobs.progress(status)
            jobs.cancel_button(status, f"{PAGE}.cancel.{name}")
            return True
        described = lab.ask("describe", lab.description_of(resolved.recipe))
        seconds = None
        if described.state == "done":
            flops = lab.answer(described).value["flops"]
            seconds = estimated_seconds(resolved.recipe, resolved.data, flops, lab.lab().store.runs())
        word = jobs.ended(status) or "Train it here"
        label = f"{word}, about {jobs.time_left(seconds)}" if seconds and word.startswith("Train") else word
        st.button(label, key=f"{PAGE}.go.{name}", type=type, icon=":material/play_arrow:", on_click=_begin,
                  args=(resolved,))  # fmt: skip
        _on(resolved)
        return described.active

    jobs.live(body, active())


def _on(resolved: ResolvedRecipe) -> None:
    pin = resolved.data
    sample = " of the small sample that came with the lab" if pin.source == "sample" else ""
    st.caption(f"On {pin.train:,} images{sample}, {pin.test:,} to test. It goes on when you leave this page.")
    query = parse_qsl(address("train", resolved.recipe))
    label = "Change its settings first"
    st.page_link(PAGES / "explore/train.py", label=label, icon=":material/tune:", query_params=query)


@guarded
def _begin(resolved: ResolvedRecipe) -> None:
    lab.begin(resolved)
    st.rerun()

"""One button that trains a recipe where it stands: what it takes, how far it is meanwhile, and where to go on."""

from urllib.parse import parse_qsl

import streamlit as st

from aecore.errors import NotAtHand
from aecore.estimate import estimated_seconds
from aecore.recipe import Recipe, ResolvedRecipe
from aecore.store import Run
from pages.ui import jobs, lab
from pages.ui.form import address
from pages.ui.frame import PAGES, guarded, link, plain


def train_here(recipe: Recipe, key: str, run: Run | None = None, type: str = "primary") -> None:
    """Draws the button, or the training at work, or the run that came of it.

    Args:
        recipe: What to train.
        key: Prefix of the names of its widgets.
        run: A run of this recipe that is known already, perhaps of other data than is here.
        type: Of the button.
    """
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
    _at_work(resolved, key, type)


def _at_work(resolved: ResolvedRecipe, key: str, type: str) -> None:
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
            jobs.cancel_button(status, f"{key}.cancel")
            return True
        described = lab.ask("describe", lab.description_of(resolved.recipe))
        seconds = None
        if described.state == "done":
            flops = lab.answer(described).value["flops"]
            seconds = estimated_seconds(resolved.recipe, resolved.data, flops, lab.lab().store.runs())
        word = jobs.ended(status) or "Train it here"
        label = f"{word}, about {jobs.time_left(seconds)}" if seconds and word.startswith("Train") else word
        st.button(label, key=f"{key}.go", type=type, icon=":material/play_arrow:", on_click=_begin, args=(resolved,))
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

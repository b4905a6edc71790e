"""New images: codes drawn at random and decoded, each above the training image that is nearest to it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from aecore.engine import Status
from pages.ui import film, lab
from pages.ui.frame import guarded
from pages.ui.latent_jobs import at_once
from pages.ui.latent_scene import Scene

COUNT = 24
SOURCES = {
    "prior": "Codes are drawn from the standard normal, which a variational network learns to fill.",
    "gaussian": "This network promises nothing about where its codes lie: they are drawn from the Gaussian that fits "
    "the codes of its training images best.",
}


def section(scene: Scene) -> None:
    """Draws samples."""

    @guarded
    def body() -> None:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            seed = st.number_input("Draw number", 0, 9999, 0, key="latent.seed", bind="query-params", width=150)
            st.button("Draw others", icon=":material/casino:", on_click=_next, key="latent.draw")
        arguments = {"key": scene.run.key, "count": COUNT, "seed": seed}
        at_once(
            "latent_samples", arguments, _draw, lambda: st.skeleton(height=480),
            private=scene.private,
        )  # fmt: skip

    st.fragment(body)()


def _next() -> None:
    st.session_state["latent.seed"] = (st.session_state.get("latent.seed", 0) + 1) % 10_000


def _draw(status: Status) -> None:
    value, kept = lab.answer(status).value, lab.arrays(status.id, "samples.npz")
    names = [f"sample {number}" for number in range(1, len(kept["images"]) + 1)]
    notes = [f"{distance:.3f} away" for distance in kept["distances"]]
    where = f"nearest {value['nearest_of']} image"
    rows = [
        film.row("Sample", kept["images"], names),
        film.row(
            where.capitalize(),
            kept["nearest"],
            _near(value["classes"], kept),
            notes,
            label=f"Nearest {value['nearest_of']}",
        ),
    ]
    film.show(rows, kept["images"].shape[1:3], key="latent.samples", identity=status.id)
    told = "The network is told each class in turn. " if value.get("told") else ""
    st.caption(f"{SOURCES[value['source']]} {told}{_memory(value, kept['distances'])}")


def _near(classes: Sequence[str], kept: dict[str, np.ndarray]) -> list[str]:
    return film.told(kept["nearest_labels"].tolist(), classes)


def _memory(value: dict[str, Any], distances: np.ndarray) -> str:
    """Whether the network gives its training images back, in two sentences."""
    here, usual = float(np.median(distances)), value["typical_distance"]
    compared = (
        f"The median sample is {here:.3f} from the nearest of {value['of']:,} {value['nearest_of']} images, in root "
        f"mean squared difference; the median test image is {usual:.3f} from its own."
    )
    if here < 0.5 * usual:
        return f"{compared} Samples far closer than that may have been learned by heart."
    return compared

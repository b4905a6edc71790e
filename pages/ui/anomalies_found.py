"""What is known of a network as a detector: its scores of test images, stored with it or just made."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from aecore.errors import NotAtHand, RequestError
from aecore.store import Run
from pages.ui import film, jobs, lab
from pages.ui.replay import film_of

WAIT = "Scoring all test images, which takes half a minute or so. Meanwhile, some that the network knows."


@dataclass(frozen=True)
class Found:
    """The scores of one network.

    Args:
        value: What the task “anomaly” says: areas, thresholds, counts, titles and explanations by name of a score.
        arrays: The scores themselves, one row for each name, and where each image is in the data.
        stored: Whether they were made when the network was, not here and now.
    """

    value: dict[str, Any]
    arrays: dict[str, np.ndarray]
    stored: bool

    @property
    def names(self) -> list[str]:
        """The scores that this network has."""
        return list(self.value["scores"])

    @property
    def has_abnormal(self) -> bool:
        """Whether there are abnormal images to detect."""
        return bool(self.arrays["abnormal"].shape[1])

    def of(self, group: str, score: str) -> np.ndarray:
        """Scores (N,) of the `normal`, the `abnormal` or the `held_out` images."""
        return self.arrays[group][self.arrays["names"].tolist().index(score)].astype(np.float64)


def found(run: Run) -> Found | None:
    """The scores of a run; while they are being made, or where they cannot be, that is drawn, and None returned."""
    kept = _kept(run.key) if run.shipped else None
    if kept is not None:
        return Found(*kept, stored=True)
    arguments, private = {"key": run.key}, bool(run.info.get("private"))
    status = lab.ask("anomaly", arguments, private)
    if status.active:
        rows, size, _ = film_of(run.key)

        def wait() -> bool:
            now = lab.ask("anomaly", arguments, private)
            if now.active:
                film.show(rows, size, key="anomalies.film", identity=run.key)
                st.caption(WAIT)
            return now.active

        jobs.live(wait, True, jobs.POLL_SHORT)
        return None
    if status.state == "failed":
        jobs.failed(status, "anomaly", arguments, private)
        return None
    value = lab.answer(status).value
    return Found(value, lab.arrays(status.id, "anomaly.npz"), bool(value.get("stored")))


def known(run: Run) -> bool:
    """Whether the scores of a run are kept with it, or can be made here."""
    return "anomaly.json" in run.info["files"] or at_hand(run)


@st.cache_data(max_entries=16, ttl=3600, show_spinner=False)
def _kept(key: str) -> tuple[dict[str, Any], dict[str, np.ndarray]] | None:
    """What a shipped run holds, by key."""
    run = lab.run(key)
    return run.finding("anomaly") if run else None


def at_hand(run: Run) -> bool:
    """Whether the very images that a run was measured on are on this machine."""
    try:
        return run.recipe.dataset.resolve() == run.resolved.data
    except (NotAtHand, RequestError):
        return False

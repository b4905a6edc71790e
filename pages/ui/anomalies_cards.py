"""The worst mistakes as picture cards: what went in, what came back, where it differs, and why."""

import numpy as np
import streamlit as st

from aecore.engine import Status
from aecore.figures.mistakes import colour_bar, error_map, error_scale, mistake_picture, why_alarmed, why_missed
from aecore.store import Run
from pages.ui import data, jobs, lab
from pages.ui.anomalies_found import Found
from pages.ui.anomalies_normal import PAGE
from pages.ui.anomalies_stage import Setting
from pages.ui.frame import plain

SHOWN = 6  # cards of each kind
ABSENT = (
    "The pictures that this network was measured on are not on this machine, so its mistakes cannot be shown. Their "
    "scores were stored with the network: everything else on this page is of all of them."
)


def mistakes(run: Run, found: Found, setting: Setting, here: bool) -> None:
    """Draws the worst mistakes at a threshold, or says why there are no pictures of them.

    Args:
        run: The network.
        found: Its scores.
        setting: The score and the threshold.
        here: Whether the test images are on this machine.
    """
    st.subheader("Worst mistakes", anchor=False)
    normal, abnormal = found.of("normal", setting.score), found.of("abnormal", setting.score)
    ranked = {"normal": -normal, "abnormal": abnormal}
    asked = {group: np.argsort(scores, kind="stable")[:SHOWN] for group, scores in ranked.items()}
    places = {group: found.arrays[f"{group}_index"][chosen].tolist() for group, chosen in asked.items()}

    def show(seen: dict[str, np.ndarray]) -> None:
        scale = error_scale(seen["normal_error"], seen["abnormal_error"])
        _legend(scale)
        for group, scores, wrong in (
            ("abnormal", abnormal[asked["abnormal"]], abnormal[asked["abnormal"]] <= setting.threshold),
            ("normal", normal[asked["normal"]], normal[asked["normal"]] > setting.threshold),
        ):
            labels = found.arrays[f"{group}_labels"][asked[group]]
            _cards(run, found, group, seen, labels, scores, wrong, scale)

    def draw(status: Status) -> None:
        show(lab.arrays(status.id, "cards.npz"))

    if (kept := _kept(found, places)) is not None:
        show(kept)
    elif here:
        arguments = {"key": run.key, "score": setting.score, **places}
        jobs.short("anomaly_cards", arguments, draw, lambda: st.skeleton(height=420), bool(run.info.get("private")))
    else:
        st.info(ABSENT)
        data.offer(run.recipe.dataset, f"{PAGE}.cards")


def _kept(found: Found, places: dict[str, list[int]]) -> dict[str, np.ndarray] | None:
    """The pictures at these places, as far as they are kept with the scores; None where one is missing."""
    pictures = {}
    for group, wanted in places.items():
        shown = found.arrays.get(f"{group}_shown", np.zeros(0, int)).tolist()
        if not set(wanted) <= set(shown):
            return None
        rows = [shown.index(place) for place in wanted]
        pictures |= {f"{group}_{name}": found.arrays[f"{group}_{name}"][rows] for name in ("clean", "output", "error")}
    return {name: array.astype(np.float32) if name.endswith("error") else array for name, array in pictures.items()}


def _legend(scale: float) -> None:
    """What the colours of the error maps mean, on one scale for all cards."""
    look = "display:inline-block;width:6rem;height:0.6rem;margin:0 0.4rem;border-radius:3px"
    bar = f"linear-gradient(90deg, {', '.join(colour_bar())})"
    st.html(
        f'<p style="font-size:0.85rem;margin:0">Image, reconstruction, squared error: 0 '
        f'<span style="{look};background:{bar}"></span> {scale:.2g} and more</p>'
    )


def _cards(run: Run, found: Found, group: str, seen: dict, labels: np.ndarray, scores: np.ndarray,
           wrong: np.ndarray, scale: float) -> None:  # fmt: skip
    """Cards of one kind of mistake; of those asked for, the ones that are mistakes at this threshold."""
    missed = group == "abnormal"
    title = "Missed: abnormal, and taken for normal" if missed else "False alarms: normal, and called abnormal"
    st.markdown(f"**{title}**")
    if not wrong.any():
        st.caption("None at this threshold.")
        return
    classes, usual = found.value["classes"], run.report["mse"]
    coloured = error_map(seen[f"{group}_error"], scale)
    with st.grid("auto", min_column_width=270, gap="small"):
        for place in np.flatnonzero(wrong):
            clean, output = seen[f"{group}_clean"][place], seen[f"{group}_output"][place]
            label = int(labels[place])
            name = f"“{classes[label]}”" if 0 <= label < len(classes) else "picture"
            error = seen[f"{group}_error"][place]
            why = why_missed(clean, output, error, usual) if missed else why_alarmed(clean, output, error, usual)
            with st.container(border=True):
                st.image(mistake_picture(clean, output, coloured[place]), alt=f"{name}, its reconstruction, its error")
                st.markdown(f"{plain(name)}, score **{scores[place]:.4g}**")
                st.caption(plain(why))

"""The scores as a picture, a threshold to drag over it, and what the threshold makes of the test images."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from aecore.anomaly import Confusion, confusion, percentile_threshold
from aecore.figures.detection import ScoreAxis, score_axis
from aecore.store import Run
from pages.ui import anomalies_threshold
from pages.ui.anomalies_found import Found
from pages.ui.anomalies_normal import PAGE
from pages.ui.frame import plain

CHART = {"config": {"displayModeBar": False}}
QUIET = {"delta_color": "off", "delta_arrow": "off"}
PERCENTILES = (90, 95, 99)
SHOWN = f"{PAGE}.shown"  # where the session keeps the key of the network on screen
STYLE = """<style>
.st-key-anomalies-confusion table {font-variant-numeric: tabular-nums;}
.st-key-anomalies-table [data-testid="stMarkdownContainer"] {overflow-x: auto;}
.st-key-anomalies-table :is(th, td) {font-size: 0.85rem; padding: 0.3rem 0.5rem; white-space: nowrap;}
.st-key-anomalies-table table {font-variant-numeric: tabular-nums;}
.st-key-numbers [data-testid="stMetricDelta"], .st-key-numbers [data-testid="stMetricDelta"] * {white-space: normal;}
@media (max-width: 640px) {
  .st-key-anomalies-table :is(th, td):first-child {white-space: normal; min-width: 8.5rem; max-width: 8.5rem;}
}
@media (max-width: 1150px) {
  :is(.st-key-anomalies-top, .st-key-anomalies-decide) > div > [data-testid="stHorizontalBlock"] {flex-wrap: wrap;}
  :is(.st-key-anomalies-top, .st-key-anomalies-decide) > div > div > [data-testid="stColumn"] {min-width: 100%;}
}
</style>"""


@dataclass(frozen=True)
class Setting:
    """What a visitor looks at: a score, its axis, and a threshold on it."""

    score: str
    title: str
    axis: ScoreAxis | None
    threshold: float
    usual: float


def stored(found: Found, here: bool) -> None:
    """Says that scores were not made here and now, where that is so."""
    if not found.stored:
        return
    where = "" if here else ", because the images are not on this machine"
    st.caption(f":material/inventory_2: These scores were stored with the network{where}.")


def choose_score(found: Found) -> str:
    """The switch between scores, each with its area under the curve."""
    titles, scores = found.value["titles"], found.value["scores"]
    areas = [scores[name]["auroc"] for name in found.names]
    name = st.radio(
        "Score",
        found.names,
        index=found.names.index(found.value["default"]),
        format_func=lambda name: titles.get(name, name),
        captions=["" if area is None else f"AUROC {area:.3f}" for area in areas],
        horizontal=True,
        key=f"{PAGE}.score",
        bind="query-params",
    )
    chosen = name if name in found.names else found.value["default"]
    st.caption(plain(found.value["explanations"].get(chosen, "")))
    return chosen


def setting_of(run: Run, found: Found, score: str) -> Setting:
    """The threshold that the address asks for, or the usual one of a score; another network begins with the usual."""
    if st.session_state.setdefault(SHOWN, run.key) != run.key:
        anomalies_threshold.forget()
        st.session_state[SHOWN] = run.key
    usual = found.value["scores"][score]["threshold"]
    axis = score_axis(found.of("normal", score), found.of("abnormal", score))
    title = found.value["titles"].get(score, score)
    return Setting(score, title, axis, anomalies_threshold.asked(score, usual), usual)


def picture(run: Run, found: Found, setting: Setting, own: float | None) -> None:
    """The histogram, with the threshold to drag."""
    if setting.axis is None:
        st.info("No image has a finite score, so there is nothing to draw. Choose another score.")
        return
    anomalies_threshold.show(
        setting.score,
        setting.title,
        found.of("normal", setting.score),
        found.of("abnormal", setting.score),
        setting.axis,
        setting.threshold,
        setting.usual,
        f"{run.key} {setting.score}",
        own,
    )


def shortcuts(found: Found, setting: Setting) -> None:
    """Buttons that put the threshold where a share of the held-out normal images passes."""
    held_out = found.of("held_out", setting.score)
    if not held_out.size:
        return
    passing = float(np.mean(held_out <= setting.threshold))
    with st.container(horizontal=True, vertical_alignment="center"):
        said = f"**{100 * passing:.3g} %** of {held_out.size:,} held-out normal images lie below."
        st.caption(said, width="content")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.caption("Let pass", width="content")
            for percent in PERCENTILES:
                st.button(
                    f"{percent} %",
                    key=f"{PAGE}.let.{percent}",
                    type="tertiary",
                    help=f"Puts the threshold where {percent} % of the held-out normal images pass.",
                    on_click=put,
                    args=(setting, percentile_threshold(held_out, percent)),
                )


def put(setting: Setting, threshold: float) -> None:
    """Moves the threshold; for callbacks."""
    anomalies_threshold.put(setting.score, threshold, setting.usual)


def numbers(found: Found, setting: Setting) -> None:
    """A row of big numbers, each with its neighbour."""
    entry, counted = found.value["scores"][setting.score], counted_at(found, setting)
    with st.container(key="numbers"), st.grid(4, min_column_width=130):
        if entry["auroc"] is not None:
            low, high = entry["auroc_low"], entry["auroc_high"]
            between = "" if low is None else f"{low:.3f}–{high:.3f} · "
            st.metric("AUROC", f"{entry['auroc']:.3f}", f"{between}chance 0.5", **QUIET)
        if entry["average_precision"] is not None:
            chance = counted.abnormal / (counted.normal + counted.abnormal)
            st.metric("Average precision", f"{entry['average_precision']:.3f}", f"chance {chance:.3f}", **QUIET)
        st.metric("False alarms", _percent(counted.false_alarms, counted.normal),
                  f"{counted.false_alarms:,} of {counted.normal:,} normal", **QUIET)  # fmt: skip
        if counted.abnormal:
            st.metric("Missed", _percent(counted.missed, counted.abnormal),
                      f"{counted.missed:,} of {counted.abnormal:,} abnormal", **QUIET)  # fmt: skip


def counted_at(found: Found, setting: Setting) -> Confusion:
    """What the threshold makes of the test images."""
    return confusion(found.of("normal", setting.score), found.of("abnormal", setting.score), setting.threshold)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"

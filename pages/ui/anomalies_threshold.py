"""The histogram of scores with a threshold to drag over it, with the mouse, a finger or the arrow keys.

The counts at every stop go to the browser once; while the threshold is dragged, they change there. Where it rests is
said to Python, and stands in the address.
"""

import math
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from aecore.anomaly import confusion
from aecore.figures.detection import ScoreAxis, score_histogram
from aecore.figures.palette import ANOMALY, OTHER, OURS
from pages.ui.anomalies_normal import PAGE

_HERE = Path(__file__).parent
_THRESHOLD = st.components.v2.component(
    "threshold",
    html='<div class="threshold">\n</div>',
    css=(_HERE / "anomalies_threshold.css").read_text(encoding="utf-8"),
    js=(_HERE / "anomalies_threshold.js").read_text(encoding="utf-8"),
)
HEADROOM = 1.2  # above the highest bar, for the words there
LABEL = "Threshold: an image with a higher score is called abnormal"


def parameter(score: str) -> str:
    """What a score's threshold is called in the address; it is there when it is not the usual one."""
    return f"{PAGE}.threshold.{score}"


def asked(score: str, usual: float) -> float:
    """The threshold that the address asks for, or the usual one."""
    try:
        value = float(st.query_params.get(parameter(score), usual))
    except ValueError:
        return usual
    return value if math.isfinite(value) else usual


def put(score: str, threshold: float, usual: float) -> None:
    """Puts a threshold into the address."""
    if math.isclose(threshold, usual, rel_tol=1e-5):  # the scores are float32
        st.query_params.pop(parameter(score), None)
    else:
        st.query_params[parameter(score)] = spelled(threshold)


def forget() -> None:
    """Takes every threshold out of the address: those of one network mean nothing for another."""
    for name in [name for name in st.query_params if name.startswith(parameter(""))]:
        del st.query_params[name]


def spelled(value: float) -> str:
    """A score as exactly as it matters."""
    return f"{value:.10g}"


def show(
    score: str, quantity: str, normal: np.ndarray, abnormal: np.ndarray, axis: ScoreAxis, threshold: float,
    usual: float, identity: str, own: float | None = None,
) -> None:  # fmt: skip
    """Draws the histogram with its threshold.

    Args:
        score: Name of the score.
        quantity: What it is called.
        normal: (N,) scores of normal test images.
        abnormal: (A,) scores of abnormal ones; may be empty.
        axis: On which they are drawn.
        threshold: Where it is now.
        usual: Where it is when nobody has moved it.
        identity: Another one when other scores are shown.
        own: Score of a visitor's own picture.
    """
    key = f"{PAGE}.histogram"

    def moved() -> None:
        received = st.session_state[key].get("threshold")
        if isinstance(received, int | float) and math.isfinite(received):
            put(score, float(received), usual)

    counted, stops = score_histogram(normal, abnormal, axis), axis.stops()
    top = max(float(shares.max()) for shares in counted.shares) * HEADROOM or 1.0
    groups = zip(("normal", "abnormal"), (OURS, ANOMALY), counted.shares, (normal, abnormal), strict=True)
    _THRESHOLD(
        key=key,
        data={
            "id": identity,
            "label": LABEL,
            "alt": _alt(quantity, normal, abnormal),
            "quantity": quantity,
            "groups": [
                {"name": name, "colour": colour, "shares": np.round(shares, 3).tolist(), "total": len(scores)}
                for name, colour, shares, scores in groups
            ],
            "ticks": axis.ticks(),
            "rules": [(rule, f"{rule:g}") for rule in counted.rules],
            "top": top,
            "own": None if own is None else {"at": axis.share(own), "colour": OTHER},
            "stops": stops,
            "alarms": _above(normal, stops),
            "missed": [len(abnormal) - found for found in _above(abnormal, stops)],
            "now": _now(normal, abnormal, axis, threshold),
        },
        on_threshold_change=moved,
    )


def _now(normal: np.ndarray, abnormal: np.ndarray, axis: ScoreAxis, threshold: float) -> dict[str, Any]:
    counted = confusion(normal, abnormal, threshold)
    told = {"alarms": counted.false_alarms, "missed": counted.missed}
    return {"at": axis.share(threshold), "value": threshold, "text": f"{threshold:.4g}", **told}


def _above(scores: np.ndarray, stops: list[float]) -> list[int]:
    """How many scores lie above each stop."""
    return (len(scores) - np.searchsorted(np.sort(scores), stops, side="right")).tolist()


def _alt(quantity: str, normal: np.ndarray, abnormal: np.ndarray) -> str:
    others = f", and {len(abnormal):,} abnormal ones, median {np.median(abnormal):.3g}" if len(abnormal) else ""
    return f"Histogram of {quantity}: {len(normal):,} normal images, median {np.median(normal):.3g}{others}."

"""Scores of normal and of abnormal images: their histogram in numbers, and the curves over all thresholds."""

import math
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from aecore.figures.palette import BASELINE, OURS
from aecore.figures.template import HEIGHT, empty, styled

NUM_BINS = 60
NUM_STOPS = 241  # of a threshold that is dragged: four a bin
NUM_TICKS = 6  # of a linear axis, at most
TAIL = 0.002  # share of images on either side that may lie beyond the axis
WIDE, WIDEST = 6.0, 300.0  # from so large a ratio of its ends on, an axis goes by factors, and has decades as ticks
MOST_POINTS = 400  # of a curve: more cannot be seen


@dataclass(frozen=True)
class ScoreAxis:
    """The axis on which scores are drawn, linear or logarithmic.

    Args:
        low: Score at its left end.
        high: Score at its right end.
        logarithmic: Whether equal distances are equal factors; then `low` is positive.
    """

    low: float
    high: float
    logarithmic: bool

    def place(self, scores: np.ndarray | float) -> np.ndarray:
        """Where scores lie, in the coordinates of the drawing; those beyond an end lie at that end."""
        clipped = np.clip(np.asarray(scores, np.float64), self.low, self.high)
        return np.log10(clipped) if self.logarithmic else clipped

    def share(self, score: float) -> float:
        """How far along the axis a score lies, 0 to 1."""
        low, at, high = (float(value) for value in self.place(np.array([self.low, score, self.high])))
        return (at - low) / (high - low)

    def stops(self, count: int = NUM_STOPS) -> list[float]:
        """Scores at equal distances over the axis, ascending, rounded to as many digits as tell neighbours apart."""
        low, high = (float(value) for value in self.place(np.array([self.low, self.high])))
        places = np.linspace(low, high, count)
        if self.logarithmic:
            return [float(f"{10**place:.4g}") for place in places]
        digits = 1 - math.floor(math.log10((high - low) / count))
        return [round(float(place), digits) + 0.0 for place in places]

    def ticks(self) -> list[tuple[float, str]]:
        """Round scores on the axis, each as its share of the axis and its text."""
        if self.logarithmic:
            decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            factors = (1, 2, 5) if self.high / self.low < WIDEST else (1,)
            marks = [float(f"{factor}e{decade}") for decade in decades for factor in factors]
        else:
            step = _round_step((self.high - self.low) / NUM_TICKS)
            marks = [step * number for number in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)]
        return [(self.share(mark), f"{mark:.10g}") for mark in marks if self.low <= mark <= self.high]


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20… and of their tenths, hundredths… that is not below `least`."""
    decade = 10.0 ** math.floor(math.log10(least))
    return next(float(f"{factor * decade:.10g}") for factor in (1, 2, 5, 10) if factor * decade >= least)


def score_axis(*groups: np.ndarray) -> ScoreAxis | None:
    """An axis that shows nearly all scores of all groups; None where there is no finite score."""
    finite = [values[np.isfinite(values)] for values in (np.asarray(group, np.float64) for group in groups)]
    finite = [values for values in finite if values.size]
    if not finite:
        return None
    low = min(float(np.quantile(values, TAIL)) for values in finite)
    high = max(float(np.quantile(values, 1 - TAIL)) for values in finite)
    if not high > low:
        margin = abs(low) / 10 or 0.5
        return ScoreAxis(low - margin, high + margin, False)
    if low > 0 and high / low >= WIDE:
        return ScoreAxis(low, high, True)
    return ScoreAxis(low, high, False)


@dataclass(frozen=True)
class ScoreHistogram:
    """A histogram of two groups in numbers.

    Args:
        normal: (bins,) normal images in each of equally wide bins; what lies beyond the axis is in an outer one.
        abnormal: (bins,) the same of abnormal images.
    """

    normal: np.ndarray
    abnormal: np.ndarray

    @property
    def shares(self) -> tuple[np.ndarray, np.ndarray]:
        """Both in percent of their group; zero where a group is empty."""
        return tuple(100 * counts / max(1, counts.sum()) for counts in (self.normal, self.abnormal))

    @property
    def rules(self) -> list[float]:
        """Round percentages up to the highest bin, for an axis."""
        top = max(float(shares.max()) for shares in self.shares)
        step = _round_step(top / 5) if top else 1.0
        return [step * number for number in range(math.floor(top / step) + 1)]


def score_histogram(
    normal: np.ndarray, abnormal: np.ndarray, axis: ScoreAxis, num_bins: int = NUM_BINS
) -> ScoreHistogram:
    """Counts the scores (N,) and (A,) of two groups in bins of equal width on an axis."""
    low, high = (float(value) for value in axis.place(np.array([axis.low, axis.high])))
    edges = np.linspace(low, high, num_bins + 1)
    groups = [np.asarray(group, np.float64) for group in (normal, abnormal)]
    return ScoreHistogram(*(np.histogram(axis.place(group[np.isfinite(group)]), edges)[0] for group in groups))


def thinned(*columns: np.ndarray) -> list[np.ndarray]:
    """Equally long columns (K,) of a curve's points, at most so many as can be told apart; the ends stay."""
    chosen = np.unique(np.linspace(0, len(columns[0]) - 1, MOST_POINTS).astype(int))
    return [np.asarray(column)[chosen] for column in columns]


def roc_chart(
    false_alarms: np.ndarray, detections: np.ndarray, at: tuple[float, float] | None = None, height: int = HEIGHT
) -> go.Figure:
    """Draws the receiver operating characteristic beside chance.

    Args:
        false_alarms: (K,) share of normal images above each threshold.
        detections: (K,) share of abnormal images above it.
        at: Both at the current threshold.
        height: In px.
    """
    if not len(false_alarms):
        return empty("There is no abnormal image to detect.", height)
    figure = go.Figure()
    _chance(figure, [0, 1], [0, 1])
    _curve(figure, false_alarms, detections, at, "%{y:.3f} found at %{x:.3f} false alarms")
    return _square(figure, "false alarms, share of normal images", "found, share of abnormal images", height)


def precision_recall_chart(
    recall: np.ndarray,
    precision: np.ndarray,
    chance: float,
    at: tuple[float, float] | None = None,
    height: int = HEIGHT,
) -> go.Figure:
    """Draws precision over recall beside chance.

    Args:
        recall: (K,) share of abnormal images above each threshold.
        precision: (K,) share of abnormal images among those above it.
        chance: Share of abnormal images among all.
        at: Recall and precision at the current threshold.
        height: In px.
    """
    if not len(recall):
        return empty("There is no abnormal image to detect.", height)
    figure = go.Figure()
    _chance(figure, [0, 1], [chance, chance])
    _curve(figure, recall, precision, at, "precision %{y:.3f} at recall %{x:.3f}")
    return _square(figure, "recall: found, share of abnormal images", "precision: right alarms, share", height)


def _chance(figure: go.Figure, x: list[float], y: list[float]) -> None:
    line = {"color": BASELINE, "width": 2, "dash": "dash"}
    figure.add_scatter(x=x, y=y, mode="lines", name="chance", line=line, hoverinfo="skip")


def _curve(figure: go.Figure, x: np.ndarray, y: np.ndarray, at: tuple[float, float] | None, hover: str) -> None:
    x, y = thinned(x, y)
    line, extra = {"color": OURS, "width": 2}, "<extra></extra>"
    figure.add_scatter(x=x, y=y, mode="lines", name="this score", line=line, hovertemplate=hover + extra)
    if at is not None:
        marker = {"size": 12, "color": OURS, "symbol": "circle", "line": {"width": 2, "color": "white"}}
        figure.add_scatter(
            x=[at[0]], y=[at[1]], mode="markers", name="threshold", marker=marker, hovertemplate=hover + extra
        )


def _square(figure: go.Figure, x: str, y: str, height: int) -> go.Figure:
    styled(figure, x, y, height)
    return figure.update_layout(hovermode="closest").update_xaxes(range=[-0.01, 1.01]).update_yaxes(range=[-0.01, 1.03])

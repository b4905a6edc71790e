"""How a figure of merit is spread over the test images, beside its baselines."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from aecore.figures.palette import BASELINE, OURS
from aecore.figures.template import HEIGHT, empty, styled

NUM_BINS = 30


@dataclass(frozen=True)
class Distribution:
    """A histogram in numbers.

    Args:
        edges: (bins + 1,) ascending.
        counts: (bins,) images in each bin.
        identical: Images that are not in it because their value is infinite.
    """

    edges: np.ndarray
    counts: np.ndarray
    identical: int


def distribution(values: np.ndarray, num_bins: int = NUM_BINS) -> Distribution | None:
    """Counts values in equal bins; None where there is no finite value."""
    values = np.asarray(values, dtype=np.float64)
    finite = values[np.isfinite(values)]
    if not finite.size:
        return None
    counts, edges = np.histogram(finite, num_bins)
    return Distribution(edges, counts, int(np.sum(np.isposinf(values))))


def distribution_chart(
    values: np.ndarray, quantity: str, lines: dict[str, float | None] | None = None, height: int = HEIGHT
) -> go.Figure:
    """Draws a histogram with one dashed line for each baseline.

    Args:
        values: (N,) one value per test image; infinite ones are counted in the legend.
        quantity: Title of the axis, with its unit ("PSNR, dB").
        lines: Baselines by name; None is left out.
        height: In px.
    """
    counted = distribution(values)
    if counted is None:
        return empty(
            "Every image came back identical." if np.size(values) else "Not measured for these images.", height
        )
    name = f"test images, {counted.identical} more identical" if counted.identical else "test images"
    width = np.diff(counted.edges)
    centres = counted.edges[:-1] + width / 2
    figure = go.Figure()
    figure.add_bar(
        x=centres, y=counted.counts, width=width * 0.92, name=name, marker={"color": OURS, "line": {"width": 0}},
        hovertemplate="%{y} images",
    )  # fmt: skip
    top = int(counted.counts.max())
    for number, (label, value) in enumerate(_drawn(lines)):
        figure.add_scatter(
            x=[value, value], y=[0, top * 1.04], mode="lines", name=f"{label} {value:.3g}", hoverinfo="skip",
            line={"color": BASELINE, "width": 2, "dash": ("dash", "dot", "dashdot")[number % 3]},
        )  # fmt: skip
    return styled(figure, quantity, "images", height)


def _drawn(lines: dict[str, float | None] | None) -> list[tuple[str, float]]:
    return [(label, value) for label, value in (lines or {}).items() if value is not None and np.isfinite(value)]

"""What a source reports, drawn beside what was measured: loss curves with its figures, and accuracies that mislead."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from aecore.figures.curves import Curve, loss_chart
from aecore.figures.palette import BASELINE, OTHER, OURS
from aecore.figures.template import HEIGHT, empty, styled

FEWEST_BINS, MOST_BINS, IN_A_BIN = 8, 40, 5  # the last: images in a bin, on average, below which bins get wider
WIDE = 8.0  # from so large a ratio of its ends on, a loss goes by factors
DASHES = ("dash", "dot", "dashdot", "longdash")


def goes_by_factors(curves: Sequence[Curve], lines: Sequence[tuple[str, float]]) -> bool:
    """Whether curves and lines are so far apart that a linear axis would hide the lower ones."""
    values = [value for curve in curves for value in curve.values] + [value for _, value in lines]
    return bool(values) and min(values) > 0 and max(values) / min(values) >= WIDE


def reported_chart(
    curves: list[Curve], lines: Sequence[tuple[str, float]], unit: str, height: int = HEIGHT
) -> go.Figure:
    """Loss curves with one dashed grey line for each reported loss.

    Args:
        curves: What `curves_of` gave.
        lines: Name and value of each reported loss; equal values share a line.
        unit: What the loss is called.
        height: In px.
    """
    figure = loss_chart(curves, unit=unit, height=height)
    if not curves:
        return figure
    last = max(epoch for curve in curves for epoch in curve.epochs)
    named: dict[float, list[str]] = {}
    for name, value in lines:
        if name not in named.setdefault(value, []):
            named[value].append(name)
    for number, (value, names) in enumerate(named.items()):
        figure.add_scatter(
            x=[1, max(last, 2)], y=[value, value], mode="lines", name=f"{', '.join(names)} {value:.3g}",
            hoverinfo="skip", line={"color": BASELINE, "width": 2, "dash": DASHES[number % len(DASHES)]},
        )  # fmt: skip
    if goes_by_factors(curves, lines):
        figure.update_yaxes(type="log", dtick="D2", tickformat=".1~g")
    return figure


def spread_chart(
    published: np.ndarray,
    better: np.ndarray | None,
    lines: Mapping[str, float | None],
    quantity: str,
    height: int = HEIGHT,
) -> go.Figure:
    """How a figure of merit is spread over the test images, for a published system and for what beats it.

    Args:
        published: (N,) one value per test image; infinite ones are left out.
        better: (M,) the same of the better recipe, or None.
        lines: Baselines by name; None is left out.
        quantity: Title of the axis, with its unit.
        height: In px.
    """
    groups = [(name, values[np.isfinite(values)], colour) for name, values, colour in
              (("published", published, OURS), ("better", better, OTHER)) if values is not None]  # fmt: skip
    groups = [group for group in groups if group[1].size]
    if not groups:
        return empty("Not measured for these images.", height)
    together = np.concatenate([values for _, values, _ in groups])
    edges = np.histogram_bin_edges(together, int(np.clip(len(together) // IN_A_BIN, FEWEST_BINS, MOST_BINS)))
    figure, top = go.Figure(), 0
    for name, values, colour in groups:
        counts = np.histogram(values, edges)[0]
        top = max(top, int(counts.max()))
        figure.add_bar(
            x=(edges[:-1] + edges[1:]) / 2, y=counts, width=np.diff(edges) * 0.92, name=name, opacity=0.8,
            marker={"color": colour, "line": {"width": 0}}, hovertemplate="%{y} images",
        )  # fmt: skip
    for number, (name, value) in enumerate((name, value) for name, value in lines.items() if value is not None):
        figure.add_scatter(
            x=[value, value], y=[0, top * 1.04], mode="lines", name=f"{name} {value:.3g}", hoverinfo="skip",
            line={"color": BASELINE, "width": 2, "dash": DASHES[number % len(DASHES)]},
        )  # fmt: skip
    figure.update_layout(barmode="overlay")
    return styled(figure, quantity, "test images", height)


def accuracy_chart(shares: Sequence[tuple[str, float, str]], height: int | None = None) -> go.Figure:
    """Accuracies as bars.

    Args:
        shares: For each bar its name, its share of pixels from 0 to 1, and its colour.
        height: In px; by default what the bars need.
    """
    height = height or 64 + 38 * len(shares)
    if not shares:
        return empty("Not measured.", height)
    names, values, colours = zip(*shares, strict=True)
    percent = [100 * value for value in values]
    figure = go.Figure()
    figure.add_bar(
        x=percent, y=names, orientation="h", text=[f"{value:.1f} %" for value in percent], textposition="auto",
        marker={"color": colours, "line": {"width": 0}}, hoverinfo="skip",
        textfont={"size": 13},
    )  # fmt: skip
    styled(figure, "Keras' accuracy, % of pixels", "", height)
    figure.update_layout(showlegend=False, margin={"l": 8, "r": 8, "t": 8, "b": 44}, hovermode=False, bargap=0.3)
    figure.update_xaxes(range=[0, 100], showgrid=True)
    return figure.update_yaxes(autorange="reversed", showgrid=False)

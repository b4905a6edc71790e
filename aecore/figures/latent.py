"""Figures of codes: what a code is worth, how its numbers vary, and of which classes some images are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from aecore.figures.palette import BASELINE, OTHER, OURS, class_colour
from aecore.figures.template import HEIGHT, empty, styled


@dataclass(frozen=True)
class Worth:
    """One run in a chart of quality against size.

    Args:
        name: What it is called.
        kind: Of network.
        size: Numbers in its code.
        psnr: Mean over the test images, dB.
        pca_psnr: Of PCA with as many numbers, or None.
        current: Whether it is the run on screen.
    """

    name: str
    kind: str
    size: int
    psnr: float
    pca_psnr: float | None
    current: bool = False


def worth_chart(runs: Sequence[Worth], height: int = 340) -> go.Figure:
    """Draws PSNR against the size of the code, run by run, with PCA as the line to beat.

    A faint line joins the best runs of each kind of network, size by size.
    """
    if not runs:
        return empty("There is no run to compare with yet.", height)
    figure = go.Figure()
    baseline = sorted({(run.size, run.pca_psnr) for run in runs if run.pca_psnr is not None})
    if baseline:
        sizes, values = zip(*_means(baseline), strict=True)
        figure.add_scatter(
            x=sizes, y=values, mode="lines+markers", name="PCA", hovertemplate="%{y:.1f} dB",
            line={"color": BASELINE, "width": 2, "dash": "dash"}, marker={"size": 5},
        )  # fmt: skip
    for number, kind in enumerate(sorted({run.kind for run in runs})):
        own = sorted((run for run in runs if run.kind == kind), key=lambda run: run.size)
        best = {run.size: run.psnr for run in sorted(own, key=lambda run: run.psnr)}
        if len(best) > 1:
            sizes = sorted(best)
            figure.add_scatter(
                x=sizes, y=[best[size] for size in sizes], mode="lines", showlegend=False, hoverinfo="skip",
                line={"color": OURS, "width": 1}, opacity=0.4,
            )  # fmt: skip
        figure.add_scatter(
            x=[run.size for run in own], y=[run.psnr for run in own], mode="markers", name=kind,
            text=[run.name for run in own], hovertemplate="%{text}: %{y:.1f} dB",
            marker={
                "color": OURS, "opacity": 1, "size": [15 if run.current else 10 for run in own],
                "symbol": ("circle", "diamond", "square", "triangle-up", "cross", "star")[number % 6],
                "line": {"width": [3 if run.current else 0 for run in own], "color": OTHER},
            },
        )  # fmt: skip
    sizes = sorted({run.size for run in runs})
    styled(figure, "numbers in the code", "PSNR of the test images, dB", height)
    return figure.update_xaxes(type="log", tickvals=sizes, ticktext=[str(size) for size in sizes])


def _means(points: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """One value for each size, where runs on a sample and on everything give two."""
    return [(size, float(np.mean([value for at, value in points if at == size])))
            for size in sorted({size for size, _ in points})]  # fmt: skip


def accuracy_chart(rows: dict[str, dict[str, float | None]], chance: float | None, height: int = 300) -> go.Figure:
    """Draws how often the class is told from the code, from PCA of as many numbers, and from the pixels.

    Args:
        rows: Accuracy by method ("nearest neighbours") and then by what it was given; None is left out.
        chance: Accuracy of guessing, or None.
        height: In px.
    """
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    if not any(value is not None for row in rows.values() for value in row.values()):
        return empty("There are no classes to tell.", height)
    figure = go.Figure()
    colours = {name: OURS if number == 0 else BASELINE for number, name in enumerate(names)}
    for number, name in enumerate(names):
        found = {method: row[name] for method, row in rows.items() if row.get(name) is not None}
        shape = ("", "/", ".")[number % 3]
        figure.add_bar(
            x=list(found), y=[100 * value for value in found.values()], name=name, hovertemplate="%{y:.1f} %",
            marker={"color": colours[name], "pattern": {"shape": shape}},
            texttemplate="%{y:.1f}", textposition="outside",
        )  # fmt: skip
    if chance:
        figure.add_hline(100 * chance, line={"color": BASELINE, "width": 1, "dash": "dot"})
    styled(figure, "", "classes told, %", height)
    return figure.update_layout(barmode="group", bargap=0.3, yaxis_range=[0, 112])


def counts_chart(labels: np.ndarray, classes: Sequence[str], height: int = 150) -> go.Figure:
    """Draws how many of some images are of each class; classes without any are left out.

    Args:
        labels: (N,) int, -1 for none.
        classes: Their names.
        height: In px.
    """
    found, counts = np.unique(labels[labels >= 0], return_counts=True)
    if not found.size:
        return empty("These images have no classes.", height)
    names = [classes[label] if label < len(classes) else str(label) for label in found.tolist()]
    figure = go.Figure()
    figure.add_bar(
        x=names, y=counts, marker={"color": [class_colour(label) for label in found.tolist()]},
        hovertemplate="%{y} images", showlegend=False,
    )  # fmt: skip
    styled(figure, "", "", height)
    return figure.update_xaxes(type="category", tickangle=0).update_layout(margin={"l": 34, "t": 8, "b": 28})


def variance_chart(variance: np.ndarray, height: int = HEIGHT) -> go.Figure:
    """Draws how much each number of a code varies, the one that varies most first.

    Args:
        variance: (d,), in the order of the code.
        height: In px.
    """
    order = np.argsort(-variance, kind="stable")
    figure = go.Figure()
    figure.add_bar(
        x=[f"number {place + 1}" for place in order], y=variance[order], marker={"color": OURS},
        hovertemplate="%{y:.3g}", showlegend=False,
    )  # fmt: skip
    styled(figure, "", "variance over the test images", height)
    return figure.update_xaxes(showticklabels=len(order) <= 16)

"""How well pictures are restored over all strengths of their damage, and where answers do not fit what was given."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from aecore.figures.mistakes import error_map
from aecore.figures.palette import BASELINE, CLASSES, OTHER, OURS, rgb
from aecore.figures.pictures import SCALES
from aecore.figures.template import HEIGHT, empty, styled

COLOURS = (OURS, OTHER, CLASSES[1], CLASSES[4], CLASSES[3], CLASSES[7])
BAND = 0.10  # opacity of the strengths that a network was trained on
RARE = 0.01  # share of places that may lie beyond the scale of a heat map


@dataclass(frozen=True)
class Line:
    """One network in a chart over strengths.

    Args:
        name: What the legend calls it.
        values: (S,) its PSNR at each strength.
        trained: Greatest strength that it was trained on.
        blind: Whether it was trained on all strengths up to that one.
    """

    name: str
    values: np.ndarray
    trained: float | None = None
    blind: bool = False


def strength_chart(
    stops: np.ndarray,
    damaged: np.ndarray,
    lines: Sequence[Line],
    now: float | None,
    axis: str,
    quantity: str = "PSNR, dB",
    height: int = HEIGHT,
) -> go.Figure:
    """PSNR over the strength of the damage: one line for each network, and the damaged pictures dashed.

    The strengths of training are a band for a network that saw all of them, a mark on the line for one that saw one.

    Args:
        stops: (S,) strengths.
        damaged: (S,) PSNR of the damaged pictures; not a number where they are not damaged.
        lines: The networks, ours first.
        now: The strength that is looked at, or None.
        axis: What the strength is, with its unit.
        quantity: What is drawn, with its unit.
        height: In px.
    """
    if len(stops) < 2:
        return empty("This damage has no strengths.", height)
    figure = go.Figure()
    hover = "%{y:.1f} dB"
    for line, colour in zip(lines, COLOURS, strict=False):
        if line.blind and line.trained is not None:
            red, green, blue = rgb(colour)
            figure.add_vrect(
                min(stops[0], 0), line.trained, fillcolor=f"rgba({red}, {green}, {blue}, {BAND})", line_width=0,
                annotation_text="trained on these", annotation_position="bottom left",
                annotation_font={"size": 11, "color": colour},
            )  # fmt: skip
        figure.add_scatter(
            x=stops, y=line.values, name=line.name, mode="lines", line={"color": colour, "width": 2},
            hovertemplate=hover,
        )  # fmt: skip
        if not line.blind and line.trained is not None and stops[0] <= line.trained <= stops[-1]:
            figure.add_scatter(
                x=[line.trained], y=[float(np.interp(line.trained, stops, line.values))], mode="markers",
                marker={"color": colour, "size": 10, "symbol": "diamond"}, showlegend=False,
                hovertemplate=f"trained on this strength<extra>{line.name}</extra>",
            )  # fmt: skip
    figure.add_scatter(
        x=stops, y=damaged, name="damaged", mode="lines", line={"color": BASELINE, "width": 2, "dash": "dash"},
        hovertemplate=hover,
    )  # fmt: skip
    if now is not None:
        figure.add_vline(now, line={"color": BASELINE, "width": 1})
    return styled(figure, axis, quantity, height).update_xaxes(range=[float(stops[0]), float(stops[-1])])


def misfit_scale(*maps: np.ndarray) -> float:
    """A round number that hardly any place of maps (N, H, W) exceeds: what the brightest colour stands for."""
    values = np.concatenate([np.ravel(item) for item in maps]).astype(np.float32) if maps else np.zeros(1)
    reach = float(np.quantile(values, 1 - RARE))
    return next((scale for scale in SCALES if reach <= scale), SCALES[-1])


def misfit_pictures(maps: np.ndarray, scale: float, hole: np.ndarray | None = None) -> np.ndarray:
    """Where answers do not fit what was given, in the colours of amounts; a hole, which fits everything, is clear.

    Args:
        maps: (N, H, W) how far they do not fit, 0 to 1.
        scale: What the brightest colour stands for.
        hole: (N, H, W, 1) bool, or None.

    Returns:
        (N, H, W, 4) uint8, red, green, blue and opacity.
    """
    seen = np.full((*maps.shape, 1), 255, np.uint8) if hole is None else np.where(hole, 0, 255).astype(np.uint8)
    return np.concatenate([error_map(maps.astype(np.float32), scale), seen], axis=-1)

"""Loss curves: how a training went, alone or beside another."""

from dataclasses import dataclass

import plotly.graph_objects as go

from aecore.figures.palette import BASELINE, OTHER, OURS
from aecore.figures.template import HEIGHT, empty, styled

History = dict[str, list]


@dataclass(frozen=True)
class Curve:
    """One line of a loss chart.

    Args:
        name: What the legend calls it.
        epochs: Where it has points.
        values: The loss there.
        ours: Whether it belongs to the run on screen, not to the one laid over it.
        validation: Whether it is of images that training did not see.
    """

    name: str
    epochs: list[int]
    values: list[float]
    ours: bool = True
    validation: bool = False


def curves_of(history: History, name: str = "", ours: bool = True) -> list[Curve]:
    """The curves of a history, without those that have no points.

    Args:
        history: Equally long lists epoch, loss, val_loss; values may be None.
        name: Put before each curve's name, to tell two runs apart.
        ours: See `Curve`.
    """
    found = []
    for column, label in (("loss", "training"), ("val_loss", "validation")):
        points = zip(history.get("epoch", ()), history.get(column, ()), strict=False)
        points = [(epoch, value) for epoch, value in points if value is not None]
        if points:
            epochs, values = (list(column) for column in zip(*points, strict=True))
            title = f"{name}, {label}" if name else label
            found.append(Curve(title, epochs, values, ours, column == "val_loss"))
    return found


def loss_chart(curves: list[Curve], marker: int | None = None, unit: str = "loss", height: int = HEIGHT) -> go.Figure:
    """Draws curves over epochs.

    Args:
        curves: What `curves_of` gave, of one run or of two.
        marker: Epoch at which to draw a vertical line.
        unit: What the loss is called ("mean squared error"), for the axis.
        height: In px.
    """
    if not curves:
        return empty("The first epoch is not finished yet.", height)
    figure = go.Figure()
    for curve in curves:
        line = {"color": OURS if curve.ours else OTHER, "width": 2, "dash": "dot" if curve.validation else "solid"}
        single = {"mode": "lines+markers", "marker": {"size": 5}} if len(curve.epochs) == 1 else {"mode": "lines"}
        hover = "%{y:.4g}"
        figure.add_scatter(x=curve.epochs, y=curve.values, name=curve.name, line=line, hovertemplate=hover, **single)
    if marker is not None:
        figure.add_vline(marker, line={"color": BASELINE, "width": 1})
    return styled(figure, "epoch", unit, height)

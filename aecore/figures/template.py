"""The one template of all Plotly figures. Fonts and their colour come from the page's theme, light or dark."""

import plotly.graph_objects as go

from aecore.figures.palette import BASELINE, CLASSES, OURS

HEIGHT = 260  # px
GRID = "rgba(138, 135, 128, 0.25)"
_AXIS = {
    "showgrid": True,
    "gridcolor": GRID,
    "zeroline": False,
    "showline": False,
    "ticks": "",
    "automargin": True,
    "title": {"standoff": 8, "font": {"size": 13}},
    "tickfont": {"size": 12},
    "nticks": 6,
}


def styled(figure: go.Figure, x: str, y: str, height: int = HEIGHT) -> go.Figure:
    """Gives a figure the lab's look.

    Args:
        figure: What to draw; changed in place.
        x: Title of the horizontal axis, with its unit.
        y: Title of the vertical axis, with its unit.
        height: In px.
    """
    return figure.update_layout(
        height=height,
        margin={"l": 62, "r": 8, "t": 32, "b": 44},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        colorway=[OURS, *CLASSES],
        showlegend=True,
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "font": {"size": 12}},
        hovermode="x unified",
        bargap=0.06,
        dragmode=False,
        xaxis={**_AXIS, "title_text": x, "showgrid": False},
        yaxis={**_AXIS, "title_text": y},
    )


def empty(sentence: str, height: int = HEIGHT) -> go.Figure:
    """A figure that says why there is nothing to see."""
    figure = go.Figure().add_annotation(
        text=sentence, showarrow=False, x=0.5, y=0.5, xref="paper", yref="paper", font={"size": 13, "color": BASELINE}
    )
    figure.update_layout(height=height, paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)")
    return figure.update_xaxes(visible=False).update_yaxes(visible=False)

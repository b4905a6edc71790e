"""Rows of pictures, and the film of a training: the same pictures epoch by epoch, scrubbed together with the loss.

The pictures, all of them, go to the browser once; what moves, moves there. `row`, `comparison` and `reel` prepare plain
data, `show` draws it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from aecore.figures.palette import TOO_BRIGHT, TOO_DARK
from aecore.figures.pictures import data_uri, difference_scale, signed_difference
from aecore.images import to_float
from aecore.metrics import finite_mean, format_psnr, psnr

_HERE = Path(__file__).parent
_FILM = st.components.v2.component(
    "film",
    html='<div class="film">\n</div>',
    css=(_HERE / "film.css").read_text(encoding="utf-8"),
    js=(_HERE / "film.js").read_text(encoding="utf-8"),
)
Cell = dict[str, str]
Row = dict[str, Any]


def told(labels: Sequence[int], classes: Sequence[str], numbers: Sequence[int] | None = None) -> list[str]:
    """What each picture is, for hovering and for screen readers: "“7”, image 12".

    Args:
        labels: Class of each picture; -1 where there is none.
        classes: Names of the classes.
        numbers: What the pictures are called; from 1 on when left out.
    """
    numbers = range(1, len(labels) + 1) if numbers is None else numbers
    known = [f"“{classes[label]}”, " if 0 <= label < len(classes) else "" for label in labels]
    return [f"{name}image {number}" for name, number in zip(known, numbers, strict=True)]


def cells(images: np.ndarray, what: str, names: Sequence[str], notes: Sequence[str] = ()) -> list[Cell]:
    """Pictures (N, H, W, C) uint8 with their alt texts: what it is of, and a note."""
    notes = notes or [""] * len(images)
    words = [f"{what}, {name}{': ' if note else ''}{note}" for name, note in zip(names, notes, strict=True)]
    return [{"src": data_uri(image), "alt": text} for image, text in zip(images, words, strict=True)]


def row(
    what: str, images: np.ndarray, names: Sequence[str], notes: Sequence[str] = (), label: str | None = None
) -> Row:
    """One row of pictures that stay, with `what` it shows as its label, if it is not to have another."""
    return {"label": what if label is None else label, "note": "", "frames": [cells(images, what, names, notes)]}


def quality(truth: np.ndarray, images: np.ndarray) -> list[str]:
    """PSNR of uint8 pictures against the truth, for people; nothing where the shapes differ."""
    if truth.shape != images.shape:
        return []
    return [format_psnr(value) for value in psnr(to_float(truth), to_float(images))]


def average(truth: np.ndarray, images: np.ndarray) -> str:
    """Mean PSNR of the pictures shown, in a few words."""
    return f"these {len(truth)}: {format_psnr(finite_mean(psnr(to_float(truth), to_float(images))))}"


def comparison(
    truth: np.ndarray, inputs: np.ndarray, outputs: np.ndarray, names: Sequence[str], plain: bool
) -> list[Row]:
    """Rows of input, output and difference; also of the original, where the input is not the original.

    Args:
        truth: (N, H, W, C) uint8, what the output should be.
        inputs: (N, h, w, c) uint8.
        outputs: (K, N, H, W, C) uint8, one set for each of K frames.
        names: What each of the N pictures is.
        plain: Whether the input is the truth, undamaged.
    """
    scale = difference_scale(truth, outputs[-1])
    given = [cells(frame, "Output", names, quality(truth, frame)) for frame in outputs]
    wrong = [cells(signed_difference(truth, frame, scale), "Difference", names) for frame in outputs]
    before = [row("Input", inputs, names, notes=() if plain else quality(truth, inputs))]
    return [
        *([] if plain else [row("Original", truth, names)]),
        *before,
        {"label": "Output", "note": "", "frames": given},
        {"label": "Difference", "note": f"±{scale:g}", "frames": wrong, "scale": [TOO_DARK, TOO_BRIGHT]},
    ]


def reel(
    history: dict[str, list], epochs: Sequence[int], last: int, name: str, notes: Sequence[str] = ()
) -> dict[str, Any]:
    """The loss curves under a film, and what is said at each of its frames.

    Args:
        history: Equally long lists epoch, loss, val_loss.
        epochs: The epoch of each frame, 0 is the untrained network; empty while there is nothing to scrub.
        last: The last epoch there is, or will be.
        name: What the loss is called.
        notes: A remark for each frame.
    """
    curves = []
    for column in ("loss", "val_loss"):
        points = zip(history.get("epoch", ()), history.get(column, ()), strict=False)
        points = [(epoch, value) for epoch, value in points if value is not None]
        if points:
            where, values = zip(*points, strict=True)
            curves.append({"epochs": list(where), "values": list(values), "dotted": column == "val_loss"})
    ends = " and on validation images ".join(f"{curve['values'][-1]:.3g}" for curve in curves)
    return {
        "epochs": [int(epoch) for epoch in epochs],
        "labels": [f"Epoch {epoch} of {last}" if epoch else "Before training" for epoch in epochs],
        "notes": list(notes),
        "last": last,
        "curves": curves,
        "name": name if len(curves) < 2 else f"{name}; dotted: validation images",
        "alt": f"{name} over {last} epochs, now {ends}." if ends else "No epoch is finished yet.",
        "now": history["epoch"][-1] if history.get("epoch") else 0,
    }


def show(
    rows: list[Row],
    size: tuple[int, int],
    key: str,
    identity: str = "",
    reel: dict[str, Any] | None = None,
    columns: int = 8,
    largest: int = 0,
) -> None:
    """Draws rows of pictures, `columns` in a line and four on a phone.

    Args:
        rows: What `row` and `comparison` gave.
        size: Height and width of a picture, in its own px.
        key: The element's key: the same where pictures replace each other in place.
        identity: Another one when other things are shown: a film then begins at its end again.
        reel: What `reel` gave.
        columns: Pictures in a line, where there is room.
        largest: Widest picture, in px of the screen; 0 takes the room there is.
    """
    data = {"id": identity, "rows": rows, "reel": reel, "columns": columns, "largest": largest}
    _FILM(key=key, data={**data, "height": size[0], "width": size[1]})

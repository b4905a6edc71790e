"""A picture of the visitor's own: drawn or brought, and what the network makes of it."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from aecore.engine import Status
from aecore.images import FORMATS
from aecore.latent import place_of
from pages.ui import lab
from pages.ui.canvas import canvas
from pages.ui.latent_jobs import PATIENCE, awaited, begun
from pages.ui.latent_scene import Found, Scene

DRAWABLE = 64  # px; larger pictures, and those in colour, are brought
MOST_MEGABYTES = 20
NEAR = 3  # neighbours between which a dot lies on a map that has no way there


@dataclass(frozen=True)
class Own:
    """A picture on its way through a network.

    Args:
        files: Input files of the job `latent_encode`.
        status: How that stands.
    """

    files: dict[str, bytes]
    status: Status

    @property
    def done(self) -> bool:
        """Whether there is an answer."""
        return self.status.state == "done"


def own_picture(scene: Scene) -> Own | None:
    """Draws the canvas, or the field to bring a picture; None while there is none."""
    height, width, channels = scene.run.recipe.corruption.output_shape(scene.run.recipe.dataset.input_shape)
    files: dict[str, bytes] = {}
    if channels == 1 and height == width <= DRAWABLE:
        drawn = canvas("latent.canvas", height, _invitation(scene))
        if drawn is not None:
            buffer = io.BytesIO()
            np.save(buffer, drawn, allow_pickle=False)
            files = {"picture.npy": buffer.getvalue()}
    else:
        brought = st.file_uploader(
            "A picture of yours",
            type=[*(name.lower() for name in FORMATS), "jpg", "tif"],
            max_upload_size=MOST_MEGABYTES,
            key="latent.upload",
            help=f"Up to {MOST_MEGABYTES} MB. It is cut to {width} × {height} px, and deleted an hour after last use.",
        )
        if brought is not None:
            files = {"picture": brought.getvalue()}
    if not files:
        return None
    return Own(files, awaited(begun("latent_encode", request(scene), files, private=True), PATIENCE))


def _invitation(scene: Scene) -> str:
    return "Draw a digit" if "0" in scene.classes else "Draw something"


def request(scene: Scene) -> dict[str, Any]:
    """Arguments of the job that encodes a picture."""
    return {"key": scene.run.key, **scene.labels(1)}


def marks(found: Found, own: Own | None) -> list[dict[str, Any]]:
    """Where a visitor's picture lies on the map: at its code, or among its neighbours where the map bends."""
    if own is None or not own.done:
        return []
    value = lab.answer(own.status).value
    if found.decodes:
        place = place_of(np.array([value["code"]]), found.arrays["mean"], found.arrays["components"])[0]
    else:
        near = [point for point in map(found.at, value["neighbours_latent"]) if point >= 0][:NEAR]
        if not near:
            return []
        place = found.points[near].mean(axis=0)
    return [{"x": float(place[0]), "y": float(place[1]), "text": "yours"}]

"""Drawing a run's map: what it is made of goes to the browser's shelf once, under the name of the job that made it."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from aecore.engine import Status
from aecore.figures.sheets import shade_colours, shades, sheet, veil
from aecore.latent import code_at, density
from aecore.metrics import format_psnr, psnr_of_mse
from pages.ui import lab
from pages.ui.latent_jobs import at_once
from pages.ui.latent_map import Layers, Picked, latent_map, packed, put
from pages.ui.latent_scene import PROJECTIONS, Found, Scene, map_arrays

TILES = 400  # decoded images below the points
MANY = 10_000  # points that need little smoothing
STRETCHED = 4  # from this ratio of width to height on, both axes have scales of their own
DIGITS = 4  # decimals of a code that is sent to be decoded: the same place is the same job


@st.cache_data(max_entries=8, ttl=3600, show_spinner=False)
def _points(job: str, private: bool) -> bytes:
    kept = map_arrays(job, private)
    tints = {name: shades(values).steps for name, values in _amounts(kept).items()}
    named = {name: kept[name] for name in ("points", "labels", "errors", "index")}
    return packed(job, {**named, **tints})


def _amounts(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What points can be coloured by, growing with what is wrong with them."""
    return {"errors_tint": -psnr_of_mse(arrays["errors"]), "scores_tint": arrays["scores"]}


@st.cache_data(max_entries=8, ttl=3600, show_spinner=False)
def _thumbs(job: str, private: bool) -> bytes:
    return _sheet(f"{job}.thumbs", map_arrays(job, private)["images"])


@st.cache_data(max_entries=8, ttl=3600, show_spinner=False)
def _density(job: str, private: bool, box: tuple[float, ...]) -> bytes:
    places = map_arrays(job, private)["points"]
    width = 1.5 * (MANY / max(len(places), 1)) ** (1 / 3)  # fewer points are smoothed more, or each is an island
    found = veil(density(places, box[:2], box[2:], cells=96, width=min(width, 6.0)))
    return packed(f"{job}.density", {"density": found.reshape(-1)}, size=len(found), box=box)


@st.cache_data(max_entries=16, ttl=3600, show_spinner=False)
def _grid(job: str, box: tuple[float, ...]) -> bytes:
    columns, rows = grid_shape(box)
    return _sheet(job, lab.arrays(job, "decoded.npz")["images"], columns, columns=columns, rows=rows, box=box)


def _sheet(name: str, images: np.ndarray, across: int = 0, **values: Any) -> bytes:
    laid = sheet(images, across)
    height, width = images.shape[1:3]
    measures = {"type": laid.type, "across": laid.across, "width": width, "height": height}
    return packed(name, {"sheet": np.frombuffer(laid.content, np.uint8)}, **measures, **values)


def rounded(codes: np.ndarray) -> list[list[float]]:
    """Codes as arguments of `latent_decode`."""
    return np.round(codes.astype(float), DIGITS).tolist()


def decode_request(scene: Scene, codes: np.ndarray) -> dict[str, Any]:
    """Arguments of the job that decodes codes (K, d)."""
    return {"key": scene.run.key, "codes": rounded(codes), **scene.labels(len(codes))}


def grid_shape(box: Sequence[float]) -> tuple[int, int]:
    """Columns and rows of decoded images that fill a box of the map, as square as can be and at most `TILES`."""
    shape = (box[2] - box[0]) / (box[3] - box[1])
    columns = round(math.sqrt(TILES * shape)) if 1 / STRETCHED < shape < STRETCHED else math.isqrt(TILES)
    return columns, TILES // columns


def grid_codes(found: Found) -> np.ndarray:
    """The codes of a grid over the map, each of the middle of its cell, row by row from the top left."""
    low_x, low_y, high_x, high_y = found.core
    columns, rows = grid_shape(found.core)
    x = low_x + (np.arange(columns) + 0.5) / columns * (high_x - low_x)
    y = high_y - (np.arange(rows) + 0.5) / rows * (high_y - low_y)
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return code_at(places, found.arrays["mean"], found.arrays["components"])


def _grid_request(scene: Scene, found: Found) -> dict[str, Any]:
    return decode_request(scene, grid_codes(found))


def under(scene: Scene, found: Found) -> str:
    """Name on the shelf of what lies under the points; empty for nothing."""
    if scene.under == "density":
        return f"{found.job}.density"
    if scene.under == "grid" and found.decodes:
        return lab.job_id("latent_decode", _grid_request(scene, found))
    return ""


def put_points(scene: Scene, found: Found, key: str) -> None:
    """Sends a map's points to the browser; shows nothing. `key` is the prefix of the element's key."""
    put(_points(found.job, scene.private), f"{key}.points")


def put_under(scene: Scene, found: Found, key: str) -> None:
    """Sends what lies under the points, once it is there."""

    def draw(status: Status) -> None:
        put(_grid(status.id, tuple(found.core)), f"{key}.grid")

    if scene.under == "density":
        put(_density(found.job, scene.private, tuple(found.around)), f"{key}.density")
    elif under(scene, found):
        at_once("latent_decode", _grid_request(scene, found), draw, lambda: None, private=scene.private)


def put_thumbs(scene: Scene, found: Found, key: str) -> None:
    """Sends the thumbnails, which are most of what a map needs: after all that is seen without them."""
    put(_thumbs(found.job, scene.private), f"{key}.thumbs")


@contextmanager
def shelved(scene: Scene, found: Found, key: str) -> Iterator[None]:
    """Sends to the browser what a map is drawn from: the points before what is drawn inside, the rest after it.

    Args:
        scene: What is looked at.
        found: Its map.
        key: Prefix of the elements' keys.
    """
    inside, below = st.container(), st.container(gap=None)  # what shows nothing takes its gap below all else
    with below:
        put_points(scene, found, key)
    with inside:
        yield
    with below:
        put_under(scene, found, key)
        put_thumbs(scene, found, key)


def layers(scene: Scene, found: Found) -> Layers:
    """How a scene's map is drawn."""
    made = Layers(scene.colour, draw=scene.draw, thumbs=f"{found.job}.thumbs", under=under(scene, found))
    return replace(made, scale=_scale(found, scene.colour)) if scene.colour != "class" else made


def _scale(found: Found, colour: str) -> dict[str, Any]:
    amounts = shades(_amounts(found.arrays)[f"{colour}_tint"])
    if colour == "errors":
        words = [f"{format_psnr(-amounts.low)}, faithful", f"{format_psnr(-amounts.high)}, poor"]
    else:
        words = [f"{amounts.low:.2g} σ, usual", f"{amounts.high:.2g} σ, unusual"]
    return {"stops": shade_colours(), "words": words}


def axes_of(scene: Scene, found: Found) -> tuple[str, str] | None:
    """Names of a map's axes; None where coordinates have no meaning."""
    if scene.projection == "tsne":
        return None
    if scene.projection == "pca":
        return "principal component 1", "principal component 2"
    across, up = found.value["axes"] or (0, 1)
    return (f"number {across + 1}", f"number {up + 1}") if scene.size > 1 else ("number 1", "")


def described(scene: Scene, found: Found) -> str:
    """What a map shows, for those who cannot see it."""
    how = "" if scene.size <= 2 else f" by {PROJECTIONS[scene.projection]}"
    return f"Map of {found.value['count']:,} codes of {scene.run.recipe.dataset.title}{how}."


def draw_map(
    scene: Scene, found: Found, key: str, picked: Picked | None = None, lassoed: Sequence[int] = (), **options: Any
) -> tuple[Picked | None, np.ndarray]:
    """Draws a scene's map; further options are those of `latent_map`."""
    return latent_map(
        key, found.job, found.box, len(found.points), described(scene, found), found.classes, layers(scene, found),
        decodes=found.decodes, axes=axes_of(scene, found), picked=picked, lassoed=lassoed, **options,
    )  # fmt: skip


def about(scene: Scene, found: Found) -> str:
    """How many points there are, and how far the map can be trusted, in a few sentences."""
    value = found.value
    everyone = value["count"] == value["of"]
    said = [f"{value['count']:,} test images" if everyone else f"{value['count']:,} of {value['of']:,} test images"]
    if scene.projection == "tsne":
        said[0] += f", laid out by t-SNE in {max(1, round(value['seconds']))} s"
    if value.get("explained") is not None:
        said.append(f"the plane holds {value['explained']:.0%} of the codes' variance")
    if value.get("trustworthiness") is not None:
        said.append(f"trustworthiness {value['trustworthiness']:.2f}")
    sentence = "; ".join(said) + "."
    if value.get("sample"):
        sentence += " The run was made from a sample."
    if value.get("stored"):
        sentence += " This map is the one stored with the run, because its data is not on this machine."
    return sentence

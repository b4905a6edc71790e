"""What the page looks at: a run, the projection of its codes, and how its map is drawn."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import streamlit as st

from aecore.datasets.collection import Collection
from aecore.engine import Status
from aecore.metrics import psnr_of_mse
from aecore.store import Run
from pages.ui import lab

PROJECTIONS = {"pca": "PCA", "tsne": "t-SNE", "codes": "Numbers"}
COLOURS = {"class": "Class", "errors": "Reconstruction error", "scores": "Unusual code"}
DRAWN = {"dots": "Dots", "thumbs": "Images", "none": "None"}
UNDER = {"": "Nothing", "density": "Density of codes", "grid": "Decoded images"}
HELP = {
    "projection": "PCA is a plane through the codes, exact and fast. t-SNE bends: neighbours stay neighbours, but how "
    "far groups are apart means little. Numbers: two of the code, as they are.",
    "colour": "Error: how wrong the reconstruction is. Unusual: how far the code lies from the middle of all codes, in "
    "standard deviations (Mahalanobis distance).",
    "under": "Density shows where codes lie, and the gaps between. Decoded images: what the network makes of every "
    "place of the map, also where no image lies.",
    "as": "This network is told which class an image is of, so its code holds what is left: the handwriting, say. "
    "Whatever is decoded, it is told this class.",
}
BOUND = {"bind": "query-params", "persist_state": "session"}


@dataclass(frozen=True)
class Scene:
    """What is looked at.

    Args:
        run: A run with a latent vector.
        projection: "codes", "pca" or "tsne".
        axes: The two numbers of the code that are the axes, or None for those that vary most.
        colour: Key of `COLOURS`.
        draw: Key of `DRAWN`.
        under: Key of `UNDER`.
        told: The class that codes are decoded as, where the network is told one.
    """

    run: Run
    projection: str
    axes: tuple[int, int] | None = None
    colour: str = "class"
    draw: str = "dots"
    under: str = ""
    told: int = 0

    @property
    def private(self) -> bool:
        """Whether it shows a person's own pictures."""
        return bool(self.run.info.get("private"))

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes."""
        return self.run.recipe.dataset.classes

    @property
    def size(self) -> int:
        """How many numbers a code has."""
        return self.run.recipe.latent_dim

    @property
    def tells(self) -> bool:
        """Whether its network is told the class besides the code."""
        return self.run.recipe.model.told_classes

    def labels(self, count: int) -> dict[str, list[int]]:
        """What `count` codes are decoded as, among a job's arguments; nothing where the network is told no class."""
        return {"labels": [self.told] * count} if self.tells else {}

    @property
    def task(self) -> str:
        """The job that makes the map; t-SNE takes so long that clicks do not wait behind it."""
        return "latent_tsne" if self.projection == "tsne" else "latent_map"

    @property
    def request(self) -> dict[str, Any]:
        """Arguments of the job that makes the map."""
        axes = {"axes": list(self.axes)} if self.axes and self.projection == "codes" else {}
        return {"key": self.run.key, "projection": self.projection, **axes}


def scene_of(run: Run) -> Scene:
    """A run with the map that suits its codes: as they are where they have two numbers, else their plane."""
    return Scene(run, "codes" if run.recipe.latent_dim <= 2 else "pca")


def controls(run: Run) -> Scene:
    """Draws what there is to choose about a run's map."""
    size, projection, axes = run.recipe.latent_dim, "codes", None
    if size > 2:
        projection = st.segmented_control(
            "Projection", list(PROJECTIONS), default="pca", format_func=PROJECTIONS.get, key="latent.projection",
            required=True, help=HELP["projection"], **BOUND,
        )  # fmt: skip
        if projection == "codes":
            axes = _axes(size)
    dataset = run.recipe.dataset
    colours = [kind for kind in COLOURS if kind != "class" or dataset.classes or isinstance(dataset, Collection)]
    colour = st.selectbox("Colour", colours, format_func=COLOURS.get, key="latent.colour", help=HELP["colour"], **BOUND)
    draw = st.segmented_control(
        "Points", list(DRAWN), default="dots", format_func=DRAWN.get, key="latent.points", required=True, **BOUND
    )
    under = ""
    if projection != "tsne":
        under = st.selectbox(
            "Below the points", list(UNDER), format_func=UNDER.get, key="latent.under", help=HELP["under"], **BOUND
        )
    return Scene(run, projection, axes, colour, draw, under)


def with_class(scene: Scene) -> Scene:
    """Draws the choice of the class that codes are decoded as, where the network is told one."""
    if not scene.tells:
        return scene
    told = st.selectbox(
        "Decode as", range(len(scene.classes)), format_func=lambda label: scene.classes[label], key="latent.as",
        help=HELP["as"], **BOUND,
    )  # fmt: skip
    return replace(scene, told=told)


def _axes(size: int) -> tuple[int, int] | None:
    """Which two numbers of the code are the axes; None for those that vary most."""
    names = list(range(1, size + 1))
    with st.container(horizontal=True):
        across, up = (
            st.selectbox(label, names, index=None, placeholder="most varied", key=f"latent.{label.lower()}", **BOUND)
            for label in ("Across", "Up")
        )
    if across and up and across != up:
        return across - 1, up - 1
    if across or up:
        st.caption("Choose two different numbers; until then those that vary most are shown.")
    return None


@dataclass(frozen=True)
class Found:
    """A finished map.

    Args:
        job: Id of the job that made it, which names its points in the browser.
        value: What the job said.
        arrays: What it wrote, see the task `latent_map`.
    """

    job: str
    value: dict[str, Any]
    arrays: dict[str, np.ndarray]

    @property
    def points(self) -> np.ndarray:
        """Places (N, 2)."""
        return self.arrays["points"]

    @property
    def labels(self) -> np.ndarray:
        """Classes (N,), -1 for none."""
        return self.arrays["labels"]

    @property
    def codes(self) -> np.ndarray:
        """Codes (N, d) float32."""
        return self.arrays["codes"]

    @property
    def decodes(self) -> bool:
        """Whether every place of the map is a code."""
        return len(self.arrays["components"]) == 2

    @cached_property
    def box(self) -> list[float]:
        """Lowest x and y, highest x and y."""
        return [*self.points.min(axis=0).tolist(), *self.points.max(axis=0).tolist()]

    @cached_property
    def around(self) -> list[float]:
        """The box with some room on all sides."""
        low, high = np.array(self.box[:2]), np.array(self.box[2:])
        edge = 0.06 * (high - low) + 1e-6
        return [*(low - edge).tolist(), *(high + edge).tolist()]

    @cached_property
    def core(self) -> list[float]:
        """The box without the outermost points: what is worth decoding, with half a step around."""
        low, high = np.percentile(self.points, [0.5, 99.5], axis=0)
        edge = np.maximum(0.03 * (high - low), 1e-3)
        return [*(low - edge).tolist(), *(high + edge).tolist()]

    @property
    def classes(self) -> list[str]:
        """Names of the classes."""
        return self.value["classes"]

    def name(self, place: int) -> str:
        """What a point is called: "“7”, image 12"."""
        label, index = int(self.labels[place]), int(self.arrays["index"][place])
        known = f"“{self.classes[label]}”, " if 0 <= label < len(self.classes) else ""
        return f"{known}image {index}"

    def quality(self, place: int) -> float:
        """PSNR of a point's reconstruction, in dB."""
        return float(psnr_of_mse(self.arrays["errors"][place]))

    def at(self, index: int) -> int:
        """The point of a test image, -1 where it is not on the map."""
        places = np.flatnonzero(self.arrays["index"] == index)
        return int(places[0]) if places.size else -1


def found(scene: Scene, status: Status) -> Found:
    """What a finished map job gave."""
    return Found(status.id, lab.answer(status).value, map_arrays(status.id, scene.private))


def map_arrays(job: str, private: bool) -> dict[str, np.ndarray]:
    """The arrays of a finished map, codes as float32: some ten megabytes, which all visitors share; not to be changed.

    What is made from a person's own images is read anew each time and kept nowhere.
    """
    return _read(job) if private else _shared(job)


@st.cache_resource(max_entries=6, ttl=3600, show_spinner=False)
def _shared(job: str) -> dict[str, np.ndarray]:
    return _read(job)


def _read(job: str) -> dict[str, np.ndarray]:
    arrays = lab.read_arrays(lab.lab().engine.result(job).folder / "map.npz")
    arrays["codes"] = arrays["codes"].astype(np.float32)
    for array in arrays.values():
        array.setflags(write=False)
    return arrays

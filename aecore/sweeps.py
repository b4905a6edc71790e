"""Sweeps: one recipe trained again and again, with every combination of a few settings.

A sweep that ships with the lab has its findings in `weights/sweeps/<name>.json` and `.npz`; `python -m weights.sweep`
makes them.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from aecore.presets import PRESETS
from aecore.recipe import Recipe
from aecore.store import SHIPPED

FOLDER = SHIPPED / "sweeps"


@dataclass(frozen=True)
class Sweep:
    """A base recipe and the settings that are varied.

    Args:
        name: Name of the preset it varies, which is the sweep's own.
        budget: Settings that make the base cheaper than its preset, as (path, value).
        grid: The settings that are varied, as (path, values); the first changes slowest.
    """

    name: str
    budget: tuple[tuple[str, Any], ...]
    grid: tuple[tuple[str, tuple[Any, ...]], ...]

    @property
    def base(self) -> Recipe:
        """The preset at the sweep's budget."""
        return _changed(PRESETS[self.name].recipe, self.budget)

    def recipes(self) -> list[Recipe]:
        """One recipe for each combination."""
        paths, values = zip(*self.grid, strict=True)
        return [_changed(self.base, zip(paths, cell, strict=True)) for cell in product(*values)]


def _changed(recipe: Recipe, settings: Any) -> Recipe:
    for path, value in settings:
        recipe = recipe.setting(path, value)
    return recipe


SWEEPS: dict[str, Sweep] = {
    sweep.name: sweep
    for sweep in (
        Sweep(
            "conv-faces-inpaint",
            budget=(("dataset.limit", 1500), ("fit.epochs", 5), ("fit.batch_size", 16)),
            grid=(
                ("fit.loss", ("mse", "bce")),
                ("fit.optimizer", ("adam", "rmsprop", "sgd")),
                ("fit.learning_rate", (0.01, 0.001, 0.0001)),
            ),
        ),
    )
}


@dataclass(frozen=True)
class Swept:
    """What a sweep found.

    Args:
        path: Its JSON file; the pictures lie beside it.
    """

    path: Path

    @cached_property
    def told(self) -> dict[str, Any]:
        """`data`, `licence`, `device`, `train`, `test`, `num_steps`, and `cells`: each with its `recipe` and figures.

        A cell that could not be trained has a `failed` sentence and no figures.
        """
        return json.loads(self.path.read_text(encoding="utf-8"))

    @property
    def cells(self) -> list[dict[str, Any]]:
        """One entry for each recipe, in the order of `Sweep.recipes`."""
        return self.told["cells"]

    def pictures(self) -> dict[str, np.ndarray]:
        """`clean`, `inputs` (N, h, w, c) and `outputs` (cells, N, h, w, c), uint8; black where a cell failed."""
        with np.load(self.path.with_suffix(".npz"), allow_pickle=False) as arrays:
            return dict(arrays)


def swept(name: str, folder: Path = FOLDER) -> Swept | None:
    """What the sweep of this name found, or None when it was not made."""
    path = folder / f"{name}.json"
    return Swept(path) if path.exists() and path.with_suffix(".npz").exists() else None

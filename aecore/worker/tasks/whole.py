"""A network that was trained on crops of photographs, measured on whole ones: convolutions run at any size."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from aecore.datasets.photo_pairs import PhotoPairs
from aecore.errors import NotAtHand, RequestError
from aecore.store import Run, Store
from aecore.worker.job import Job, task

NAME = "whole"
SIZE = (800, 1200)  # what the published system was given
FIGURES = ("mse", "psnr", "ssim", "input_mse", "input_psnr", "input_ssim", "accuracy", "shrink")


@dataclass(frozen=True)
class Answering:
    """What a report needs of a network when its loss is not asked for: that would be every picture once more."""

    predict: Callable[[np.ndarray], np.ndarray]
    model: None = None

    def evaluate(self, inputs: np.ndarray, targets: np.ndarray) -> float:
        return float("nan")


@task(NAME, lane="medium", warm=True)
def whole(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Figures of a run on its test photographs, whole, at 800 × 1200 px; takes 2 GB of memory, and minutes.

    Writes the report's arrays per picture, with the labels, as `out/whole.npz`.
    """
    from aecore.report import evaluate
    from aecore.training.backend import compiled
    from aecore.training.network import load

    run = Store().get(arguments["key"])
    if run is None or not seen_in_crops(run):
        raise RequestError(f"{str(arguments['key'])[:40]!r} is no run on crops of the public photograph pairs.")
    dataset = run.recipe.dataset
    if dataset.resolve() != run.resolved.data:
        if (kept := run.finding(NAME)) is None:
            raise NotAtHand("The photographs that this run was measured on are not on this machine.")
        value, arrays = kept
        job.write_arrays(f"{NAME}.npz", **arrays)
        return {**value, "stored": True}
    recipe = replace(run.recipe, dataset=dataset.replace(height=SIZE[0], width=SIZE[1], crops=0))
    data = recipe.load(recipe.dataset.resolve())
    answering = Answering(compiled(load(recipe, run.weights)))
    report, arrays = evaluate(answering, recipe, data, job.check)
    job.write_arrays(f"{NAME}.npz", **arrays, labels=data.test.labels)
    return {"size": list(SIZE), "images": len(data.test), **{name: report.get(name) for name in FIGURES}}


def seen_in_crops(run: Run) -> bool:
    """Whether a run's network has seen only crops of public photographs, and can be given whole ones."""
    dataset, model = run.recipe.dataset, run.recipe.model
    return isinstance(dataset, PhotoPairs) and bool(dataset.crops) and not dataset.digest and not model.has_latent

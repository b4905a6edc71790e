"""Training a recipe."""

import json
import shutil
import time
from importlib.metadata import version
from typing import Any

import numpy as np

from aecore.datasets import Dataset
from aecore.errors import RequestError
from aecore.presets import preset_name
from aecore.recipe import ResolvedRecipe
from aecore.store import Run, Store
from aecore.worker.job import Job, task

USE_SECONDS = 600.0


@task("train", lane="long")
def train(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Trains a resolved recipe, unless the store has it already."""
    resolved = ResolvedRecipe.from_json(arguments["recipe"])
    store = Store()
    run = store.get(resolved.key)
    if run is None:
        job.progress(phase="loading")
        run = _train(resolved, store, job)
    (job.folder / "checkpoint.npz").unlink(missing_ok=True)
    job.keep(run.folder / "run.json")
    return {"key": run.key}


def _train(resolved: ResolvedRecipe, store: Store, job: Job) -> Run:
    from aecore.report import evaluate
    from aecore.training.backend import device
    from aecore.training.loop import Training
    from aecore.training.network import describe as describe_network
    from aecore.training.network import outlined

    began = time.time()
    recipe = resolved.recipe
    outlined(recipe)  # says no before any weight is made
    data = recipe.load(resolved.data)
    job.check()
    origin = store.get(recipe.fit.start_from) if recipe.fit.start_from else None
    if recipe.fit.start_from and origin is None:
        raise RequestError(f"Start from: there is no run {recipe.fit.start_from!r} in the store; train it first.")
    training = Training(resolved, data, _Watcher(job, recipe.dataset), job.folder, origin and origin.weights)
    trained = training.run()
    job.progress(phase="measuring", fraction=1.0, seconds_left=None)
    report, per_image = evaluate(training.stepper, recipe, data, job.check)
    network = describe_network(trained.model)
    report |= {
        "parameters": network["total"],
        "latent_dim": recipe.latent_dim,
        "compression": recipe.compression,
        "seconds": round(trained.seconds, 2),
        "seconds_per_epoch": round(trained.seconds / len(trained.history["epoch"]), 3),
        "device": device(),
    }
    info = {
        "name": preset_name(recipe),
        "source": data.source,
        "licence": data.licence,
        "redistributable": data.redistributable,
        "private": recipe.dataset.private,
        "steps": trained.steps,
        "flops": network["flops"],
        "job_seconds": round(time.time() - began, 2),
        "device": device(),
        "versions": {name: version(name) for name in ("keras", "tensorflow", "numpy")},
    }
    files = job.folder / "run"
    files.mkdir(exist_ok=True)
    trained.model.save_weights(files / "model.weights.h5")
    (files / "history.json").write_text(json.dumps(trained.history), encoding="utf-8")
    (files / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    np.savez_compressed(files / "snapshots.npz", **trained.snapshots, **per_image)
    run = store.put(resolved, files, info)
    shutil.rmtree(files)
    return run


class _Watcher:
    """Passes what a training says on to the job's folder."""

    def __init__(self, job: Job, dataset: Dataset) -> None:
        self.check = job.check
        self._job, self._dataset, self._used = job, dataset, time.monotonic()

    def progress(self, **values: Any) -> None:
        self._job.progress(phase="training", **values)
        if time.monotonic() - self._used > USE_SECONDS:  # a person's own images are in use as long as this goes on
            self._dataset.resolve()
            self._used = time.monotonic()

    def preview(self, epoch: int, recorder: Any) -> None:
        pictures = {"clean": recorder.clean, "inputs": recorder.inputs, "outputs": recorder.latest}
        self._job.write_arrays("live.npz", epoch=np.array(epoch), **pictures)

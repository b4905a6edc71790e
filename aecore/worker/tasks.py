"""What the worker can do. A task is a function of JSON arguments and a job; Keras is imported inside.

train        {"recipe": resolved recipe}             trains it and puts the run in the store
describe     {"recipe": recipe}                      parameters, layers, operations per image
sample       {"dataset": dataset, "data": pin}       sixteen pictures, as out/sample.npz
download     {"dataset": dataset}                    gets its public files
reconstruct  {"key": key, "order": order}            a grid of test pictures, as out/grid.npz
device       {}                                      what trains here
"""

import importlib
import json
import shutil
import time
from importlib.metadata import version
from typing import Any

import numpy as np

from aecore.datasets import DATASETS, Dataset, Pin
from aecore.errors import NotAtHand, RequestError
from aecore.images import thumbnail, to_float, to_uint8
from aecore.presets import preset_name
from aecore.recipe import Recipe, ResolvedRecipe
from aecore.store import Run, Store
from aecore.worker.job import Job, task

NUM_SAMPLES = 16
USE_SECONDS = 600.0
GRID = 24
ORDERS = ("first", "worst", "best")


def warm() -> None:
    """Imports what training needs, so that the first one starts at once."""
    importlib.import_module("aecore.report")
    importlib.import_module("aecore.training.backend").prepare()


@task("train", long=True)
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

    began = time.time()
    recipe = resolved.recipe
    data = recipe.dataset.load(resolved.data)
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


@task("describe", warm=True)
def describe(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Builds a network to count it."""
    from aecore.training.backend import device
    from aecore.training.network import build
    from aecore.training.network import describe as describe_network

    recipe = Recipe.from_json(arguments["recipe"])
    network = describe_network(build(recipe.model, recipe.input_shape, recipe.target_shape, recipe.fit))
    return {**network, "device": device()}


@task("sample")
def sample(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Sixteen training pictures of a dataset, in turn from each class."""
    dataset = DATASETS.from_json(arguments["dataset"])
    pin = Pin(**arguments["data"])
    data = dataset.load(pin)
    split = data.train
    chosen = np.linspace(0, len(split) - 1, NUM_SAMPLES).astype(int)
    if split.labels is not None:
        within = np.array([np.sum(split.labels[:i] == label) for i, label in enumerate(split.labels[:400])])
        chosen = np.lexsort((split.labels[:400], within))[:NUM_SAMPLES]
    images = split.images[chosen]
    labels = np.full(len(chosen), -1) if split.labels is None else split.labels[chosen]
    job.write_arrays("sample.npz", images=images, labels=labels)
    return {"source": data.source, "licence": data.licence, "classes": list(data.classes), "data": pin.to_json()}


@task("download")
def download(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Gets the public files of a dataset."""
    dataset = DATASETS.from_json(arguments["dataset"])

    def progress(share: float) -> None:
        job.check()
        job.progress(fraction=share)

    dataset.fetch(progress)
    return {"data": dataset.resolve().to_json()}


@task("reconstruct", warm=True)
def reconstruct(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Test pictures of a run: input, output and PSNR, as they come, worst or best first."""
    from aecore.metrics import psnr
    from aecore.training.backend import compiled
    from aecore.training.batches import TEST, damaged
    from aecore.training.network import load
    from aecore.training.snapshots import in_batches

    run = Store().get(arguments["key"])
    order = arguments["order"]
    if run is None or order not in ORDERS:
        raise RequestError(f"There is no run {arguments['key']!r} to show {order!r} pictures of.")
    recipe = run.recipe
    if recipe.dataset.resolve() != run.resolved.data:
        raise NotAtHand("The data that this run was measured on is not on this machine; its stored figures are shown.")
    data = recipe.dataset.load(run.resolved.data)
    candidates = np.arange(min(len(data.test), 1000))
    rng = np.random.default_rng((recipe.fit.seed, TEST))
    inputs, clean = damaged(data.test, candidates, recipe.corruption, rng)
    job.check()
    outputs = in_batches(compiled(load(recipe, run.weights)), inputs)
    values = psnr(to_float(clean), outputs)
    ranked = {"first": candidates, "worst": np.argsort(values), "best": np.argsort(-values)}[order][:GRID]
    shown = inputs[ranked] if inputs.dtype == np.uint8 else to_uint8(thumbnail(inputs[ranked]))
    labels = np.full(len(candidates), -1) if data.test.labels is None else data.test.labels
    pictures = {"clean": to_uint8(thumbnail(to_float(clean[ranked]))), "inputs": shown}
    answers = to_uint8(thumbnail(outputs[ranked]))
    job.write_arrays("grid.npz", **pictures, outputs=answers, psnr=values[ranked], index=ranked, labels=labels[ranked])
    return {"classes": list(data.classes), "candidates": len(candidates)}


@task("device", warm=True)
def device_name(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """What trains here."""
    from aecore.training.backend import device

    return {"device": device()}

"""Looking at parts, data and runs."""

from typing import Any

import numpy as np

from aecore.datasets import DATASETS, Pin
from aecore.errors import RequestError
from aecore.images import thumbnail, to_float, to_uint8
from aecore.recipe import Recipe
from aecore.worker.job import Job, task
from aecore.worker.networks import data_of, trained

NUM_SAMPLES = 16
GRID = 24
ORDERS = ("first", "worst", "best")


@task("describe", warm=True)
def describe(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Counts a network."""
    from aecore.training.backend import device
    from aecore.training.network import outlined

    return {**outlined(Recipe.from_json(arguments["recipe"])), "device": device()}


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
    from aecore.training.batches import TEST, damaged

    order = arguments["order"]
    if order not in ORDERS:
        raise RequestError(f"The order of pictures is one of {', '.join(ORDERS)}; received {str(order)[:40]!r}.")
    network = trained(arguments["key"])
    recipe, data = network.run.recipe, data_of(network.run)
    candidates = np.arange(min(len(data.test), 1000))
    rng = np.random.default_rng((recipe.fit.seed, TEST))
    inputs, clean = damaged(data.test, candidates, recipe.corruption, rng)
    job.check()
    outputs = network.predict(inputs)
    values = psnr(to_float(clean), outputs)
    ranked = {"first": candidates, "worst": np.argsort(values), "best": np.argsort(-values)}[order][:GRID]
    given = recipe.picture(inputs[ranked])
    shown = given if given.dtype == np.uint8 else to_uint8(thumbnail(given))
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

"""What a run's test images give without a network, and pictures to look at closely: neighbours of its figures."""

from typing import Any

import numpy as np

from aecore.datasets import Data
from aecore.datasets.faces import Faces
from aecore.datasets.photo_pairs import PhotoPairs, worsened
from aecore.datasets.photos import public_domain_photographs
from aecore.errors import NotAtHand
from aecore.images import cover, resize, to_float, to_uint8
from aecore.metrics import keras_accuracy
from aecore.recipe import Recipe
from aecore.store import Run
from aecore.worker.job import Job, task
from aecore.worker.networks import Function, data_of, trained

NAME = "baselines"
BATCH_VALUES = 3_000_000
COLOURS = {1: {"black": [0], "white": [1]}, 3: {"red": [1, 0, 0], "green": [0, 1, 0], "blue": [0, 0, 1]}}
FACES = ((2, 30, 146, 160), (0, 10, 100, 280))  # photograph, top, left, side in px: the astronaut's, the cat's
CLOSE = 160  # px; side of the pictures to look at closely, where snapshots would have to shrink them


@task(NAME, lane="medium", warm=True)
def baselines(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Accuracies without a network; PCA's answers to the pictures of the snapshots; a run's answers seen closely."""
    network = trained(arguments["key"])
    run, recipe = network.run, network.run.recipe
    try:
        data = data_of(run)
    except NotAtHand:
        if (kept := run.finding(NAME)) is None:
            raise
        value, arrays = kept
        job.write_arrays(f"{NAME}.npz", **arrays)
        return {**value, "stored": True}
    shares = accuracies(recipe, data, job)
    colour = max(COLOURS[recipe.target_shape[-1]], key=shares.get)
    plain = recipe.corruption.identity and not recipe.dataset.paired
    found = {"perfect": shares["perfect"], "input": None if plain else shares["input"], "plain": shares[colour]}
    job.write_arrays(f"{NAME}.npz", pca=linear_answers(run, data), **close_ups(recipe, network.predict))
    return {"accuracy": found, "colour": colour, "images": len(data.test)}


def accuracies(recipe: Recipe, data: Data, job: Job) -> dict[str, float]:
    """Keras' accuracy of a perfect answer, of the input as it is, and of a picture of each plain colour."""
    from aecore.training.batches import TEST, damaged

    rng = np.random.default_rng((recipe.fit.seed, TEST))
    size = int(np.clip(BATCH_VALUES // np.prod(recipe.target_shape), 1, 250))
    colours = COLOURS[recipe.target_shape[-1]]
    sums = dict.fromkeys(("perfect", "input", *colours), 0.0)
    for start in range(0, len(data.test), size):
        job.check()
        indices = np.arange(start, min(start + size, len(data.test)))
        inputs, targets = damaged(data.test, indices, recipe.corruption, rng)
        given, truth = recipe.picture(inputs), to_float(targets)
        given = to_float(given) if given.dtype == np.uint8 else given
        if given.shape[1:3] != truth.shape[1:3]:
            given = resize(given, truth.shape[1:3])
        answers = {"perfect": truth, "input": given}
        answers |= {name: np.array(value, np.float32) for name, value in colours.items()}
        for name, answer in answers.items():
            sums[name] += len(indices) * keras_accuracy(truth, np.broadcast_to(answer, truth.shape))
    return {name: total / len(data.test) for name, total in sums.items()}


def linear_answers(run: Run, data: Data) -> np.ndarray:
    """PCA's answers to the pictures that a run's snapshots show, uint8; none where there is no PCA to compare with."""
    from aecore.report import fit_pca

    recipe, none = run.recipe, np.zeros((0, *run.recipe.target_shape), np.uint8)
    pictures = run.snapshots()["inputs"]
    if not run.info["redistributable"] or pictures.shape[1:] != recipe.target_shape:
        return none  # the pictures that ship are others, or were shrunk for looking at
    pca = fit_pca(data.train, recipe)
    return none if pca is None else to_uint8(pca.decode(pca.encode(to_float(pictures))).reshape(pictures.shape))


def close_ups(recipe: Recipe, predict: Function) -> dict[str, np.ndarray]:
    """Public-domain pictures that suit a network better than those of its snapshots, as it is given them and answers.

    Faces for a network of faces; and for one of whole photographs their middle, pixel by pixel, where snapshots have to
    shrink them.

    Returns:
        `close_clean`, `close_inputs`, `close_outputs` (N, h, w, 3) uint8 and `close_labels` (N,), the number of the
        shrink factor or -1; nothing for other networks.
    """
    dataset = recipe.dataset
    if isinstance(dataset, Faces) and recipe.input_shape == recipe.target_shape:
        clean = public_domain_faces(dataset.size)
        given = recipe.corruption(to_float(clean), np.random.default_rng(0))
        labels = np.full(len(clean), -1)
    elif isinstance(dataset, PhotoPairs) and not (dataset.crops or dataset.digest):
        clean, given, labels = _pairs(dataset)
    else:
        return {}
    pictures = {"clean": clean, "inputs": to_uint8(given), "outputs": to_uint8(predict(given))}
    return {"close_labels": labels, **{f"close_{name}": _middle(images) for name, images in pictures.items()}}


def _pairs(dataset: PhotoPairs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whole photographs as pairs: clean uint8, shrunk and enlarged again float32, and the number of the factor."""
    photographs = public_domain_photographs()
    labels = np.arange(len(photographs)) % len(dataset.classes)
    low = [worsened(image, int(dataset.classes[label])) for image, label in zip(photographs, labels, strict=True)]
    clean, given = (np.stack([cover(image, *dataset.shape[:2]) for image in side]) for side in (photographs, low))
    return clean, to_float(given), labels


def _middle(images: np.ndarray) -> np.ndarray:
    """What lies in the middle of images (N, H, W, C), at most 160 px a side."""
    top, left = (max(0, length - CLOSE) // 2 for length in images.shape[1:3])
    return images[:, top : top + CLOSE, left : left + CLOSE]


def public_domain_faces(size: int) -> np.ndarray:
    """Faces that may be passed on: a person's, the same one mirrored, and a cat's, (3, size, size, 3) uint8."""
    photographs = public_domain_photographs()
    cut = [photographs[n][top : top + side, left : left + side] for n, top, left, side in FACES]
    person, cat = (cover(crop, size, size) for crop in cut)
    return np.stack([person, person[:, ::-1], cat])

"""Anomaly scores of a trained network: of all test images, of a few as pictures, of one that a person brings.

anomaly        {"key"} → {"scores": {name: {"auroc", "auroc_low", "auroc_high", "average_precision", "threshold"}},
               "default", "n_normal", "n_anomalous", "data", "titles", "explanations", "classes", "threshold_from"}, and
               "stored": True where the images are not at hand and it was found when the run was made;
               out/anomaly.npz: names (S,), held_out (S, V), normal (S, N), abnormal (S, A) float32; normal_labels (N,),
               abnormal_labels (A,), -1 without classes; normal_index (N,) into the test images, abnormal_index (A,)
               into the abnormal ones. An image is called abnormal where its score is above the threshold. Those that
               any score judges worst, where pictures may be passed on: normal_shown (n,) and abnormal_shown, as in
               normal_index and abnormal_index, and their pictures as in cards.npz, errors in 16 bits.
anomaly_cards  {"key", "score", "normal", "abnormal"}: names a score, and at most 24 numbers of images each, as in
               normal_index and abnormal_index; out/cards.npz: normal_clean, normal_output (n, h, w, C) uint8,
               normal_error (n, h, w) float32, and the same of abnormal_.
anomaly_score  {"key"} and one file, picture.npy (from the canvas) or picture (any image) → {"scores": {name: value},
               "note"}; out/scored.npz: image, output (H, W, C) uint8, error (H, W) float32. Where the training images
               are not at hand, scores that need them are left out, and the note says so.
"""

from typing import Any

import numpy as np

from aecore.anomaly import SCORES, auroc, average_precision, bootstrap_auroc
from aecore.anomaly.own import fitting, read_drawing
from aecore.datasets import Data, Split
from aecore.datasets.digits import Digits
from aecore.datasets.idx_files import IdxFiles
from aecore.datasets.labelled import Labelled
from aecore.datasets.mnist import Mnist
from aecore.errors import NotAtHand, RequestError
from aecore.images import read_image, to_float
from aecore.store import Run
from aecore.worker.job import Job, task
from aecore.worker.judged import cards, pictures, worst
from aecore.worker.networks import Trained, data_of, trained

NAME = "anomaly"
MOST_CARDS = 24
BOOTSTRAP_SEED = 0
WITHOUT_TRAINING = (
    "Only scores that need no training images: these are not on this machine, and the others are distances from them."
)
_fitted: dict[Run, Any] = {}  # of the run that was asked for last


@task(NAME, lane="medium", warm=True)
def anomaly(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Scores all normal and all abnormal test images of a run, and says how well each score tells them apart."""
    from aecore.training.scoring import ABNORMAL, NORMAL, normal_images

    network = _untold(trained(arguments["key"]))
    run = network.run
    try:
        data = data_of(run)
    except NotAtHand as error:
        if (kept := run.finding(NAME)) is None:
            raise _nothing_known(run, error) from error
        value, arrays = kept
        job.write_arrays(f"{NAME}.npz", **arrays)
        return {**value, "stored": True}
    abnormal = _abnormal(data, run)
    normal = normal_images(data, run.recipe.fit.validation_share)
    fitted = _fit(network, data, job)
    fitted.detector.check = job.check
    scores = fitted(normal.test, NORMAL)
    of_abnormal = fitted(abnormal, ABNORMAL)
    job.write_arrays(
        f"{NAME}.npz",
        names=np.array(fitted.names),
        held_out=fitted.held_out.astype(np.float32),
        normal=scores.astype(np.float32),
        abnormal=of_abnormal.astype(np.float32),
        normal_labels=_labels(normal.test),
        abnormal_labels=_labels(abnormal),
        normal_index=normal.index.astype(np.int32),
        abnormal_index=np.arange(len(abnormal), dtype=np.int32),
        **(worst(network, data, abnormal, normal.index, scores, of_abnormal) if data.redistributable else {}),
    )
    rows = zip(fitted.names, scores, of_abnormal, fitted.thresholds, strict=True)
    return {
        "scores": {name: _judged(*sides, float(threshold)) for name, *sides, threshold in rows},
        "default": fitted.default,
        "n_normal": len(normal.test),
        "n_anomalous": len(abnormal),
        "data": _data(run, data, normal.test, abnormal),
        "titles": {name: SCORES[name].title for name in fitted.names},
        "explanations": {name: SCORES[name].explanation for name in fitted.names},
        "classes": list(data.classes),
        "threshold_from": normal.told,
    }


@task("anomaly_cards", warm=True)
def anomaly_cards(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Some images as pictures: image, reconstruction, and where they differ."""
    network = _untold(trained(arguments["key"]))
    data, shown = data_of(network.run), {}
    for group, split in (("normal", data.test), ("abnormal", _abnormal(data, network.run))):
        shown |= cards(network, group, split, _indices(arguments[group], len(split)))
    job.write_arrays("cards.npz", **shown)
    return {name: arguments[name] for name in ("score", "normal", "abnormal")}


@task("anomaly_score", lane="medium", warm=True)
def anomaly_score(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Scores one picture of a person's own."""
    from aecore.training.batches import damaged
    from aecore.training.scoring import OWN, Detector

    network = _untold(trained(arguments["key"]))
    recipe = network.run.recipe
    image, notes = _brought(job, network)
    split = Split(image[None])
    try:
        fitted = _fit(network, data_of(network.run), job)
        fitted.detector.check = job.check
        scores = dict(zip(fitted.names, fitted(split)[:, 0].tolist(), strict=True))
    except NotAtHand:
        alone = Detector(network.model, recipe, None, job.check)(split)
        scores = {name: float(values[0]) for name, values in alone.items()}
        notes.append(WITHOUT_TRAINING)
    inputs, targets = damaged(split, np.arange(1), recipe.corruption, np.random.default_rng(OWN))
    arrays = pictures(to_float(targets), network.predict(inputs))
    names = {"clean": "image", "output": "output", "error": "error"}
    job.write_arrays("scored.npz", **{names[name]: array[0] for name, array in arrays.items()})
    return {"scores": scores, "note": " ".join(notes)}


def _untold(network: Trained) -> Trained:
    """The network, unless it has to be told the class of an image, which nobody knows of an anomaly."""
    recipe = network.run.recipe
    if recipe.model.told_classes or recipe.dataset.paired:
        missing = "the class of every image" if recipe.model.told_classes else "a damaged image with every clean one"
        raise RequestError(
            f"This network is given {missing}, so it cannot judge images that come without. Train another one."
        )
    return network


def _nothing_known(run: Run, error: NotAtHand) -> NotAtHand:
    """What to say of a run whose data is not here and with which no scores were stored."""
    dataset, said = run.recipe.dataset, "No scores were stored with the run either, so it cannot be judged here."
    if isinstance(dataset, Labelled) and dataset.sources():  # where there are none, the error says what to do
        said += f" To have some, {dataset.how_to_get()}, or train the same settings on the data that is here."
    return NotAtHand(f"{error} {said}")


def _abnormal(data: Data, run: Run) -> Split:
    """The abnormal images.

    Raises:
        RequestError: No class was held out.
    """
    if data.abnormal is None or not len(data.abnormal):
        raise RequestError(
            f"All classes of {run.recipe.dataset.title} were normal when this network was trained, so nothing is left "
            "to be abnormal. Choose normal classes that leave at least one out, and train again."
        )
    return data.abnormal


def _fit(network: Trained, data: Data, job: Job) -> Any:
    """All that is fitted on the normal images of a run; kept, so that a person's own pictures are scored at once."""
    from aecore.training.scoring import fit, normal_images

    run = network.run
    if run not in _fitted:
        _fitted.clear()
        normal = normal_images(data, run.recipe.fit.validation_share)
        _fitted[run] = fit(network.model, run.recipe, normal, job.check)
    return _fitted[run]


def _judged(normal: np.ndarray, abnormal: np.ndarray, threshold: float) -> dict[str, Any]:
    low, high = bootstrap_auroc(normal, abnormal, np.random.default_rng(BOOTSTRAP_SEED))
    return {
        "auroc": auroc(normal, abnormal),
        "auroc_low": low,
        "auroc_high": high,
        "average_precision": average_precision(normal, abnormal),
        "threshold": threshold,
    }


def _data(run: Run, data: Data, normal: Split, abnormal: Split) -> dict[str, Any]:
    """Which images were used, and which of them count as normal."""
    named = {"normal_classes": normal.labels, "abnormal_classes": abnormal.labels}
    classes = {
        name: [] if labels is None else [data.classes[label] for label in np.unique(labels)]
        for name, labels in named.items()
    }
    leak = getattr(run.recipe.dataset, "leak", 0.0)
    described = {"licence": data.licence, "description": data.source}
    return {**run.resolved.data.to_json(), **described, **classes, "leak": leak}


def _labels(split: Split) -> np.ndarray:
    return np.full(len(split), -1, np.int16) if split.labels is None else split.labels.astype(np.int16)


def _indices(asked: Any, count: int) -> np.ndarray:
    numbers = asked if isinstance(asked, list) else [None]
    if len(numbers) > MOST_CARDS or not all(isinstance(number, int) and 0 <= number < count for number in numbers):
        raise RequestError(
            f"At most {MOST_CARDS} pictures are shown, by their numbers from 0 to {count - 1}; received "
            f"{str(asked)[:80]}."
        )
    return np.array(numbers, int)


def _brought(job: Job, network: Trained) -> tuple[np.ndarray, list[str]]:
    """The picture that came with a job, as the network's images are: (H, W, C) uint8; and what was done to it."""
    dataset = network.run.recipe.dataset
    drawn, brought = job.files / "picture.npy", job.files / "picture"
    if drawn.is_file():
        image = read_drawing(drawn)
    elif brought.is_file():
        image = read_image(brought, "The picture")
    else:
        raise RequestError("There is no picture; draw one, or choose a file.")
    on_black, digit = (isinstance(dataset, kinds) and brought.is_file() for kinds in ((IdxFiles, Digits), Mnist))
    return fitting(image, dataset.shape, on_black, digit)

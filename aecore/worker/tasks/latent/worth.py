"""What a code is worth: figures of a run's latent vector beside those of raw pixels and of principal components."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from aecore.datasets import Data
from aecore.errors import NotAtHand
from aecore.images import to_float
from aecore.latent import active_units, by_variance, linear_accuracy, majority, nearest, ranges
from aecore.latent import trustworthiness as trust
from aecore.pca import principal_components
from aecore.store import Run
from aecore.worker.job import Job, task
from aecore.worker.networks import Trained, data_of
from aecore.worker.tasks.latent.gallery import encoded, gallery_of, latent_network, pictures

MOST_TRAINING = 60_000
NEIGHBOURS = 5  # that vote
JUDGED, JUDGED_NEIGHBOURS = 1500, 12  # as the maps are
KEPT = 8
REPORTED = ("mse", "psnr", "pca_psnr", "reconstruction", "kl")
_baselines: OrderedDict[Any, dict[str, float | None]] = OrderedDict()


@dataclass(frozen=True)
class Labelled:
    """Images with what stands for them, on both sides.

    Args:
        train: (N, …).
        train_labels: (N,) int, or None.
        test: (M, …).
        test_labels: (M,) int, or None.
    """

    train: np.ndarray
    train_labels: np.ndarray | None
    test: np.ndarray
    test_labels: np.ndarray | None

    def standing(self, train: np.ndarray, test: np.ndarray) -> "Labelled":
        """The same images, something else standing for them."""
        return Labelled(train, self.train_labels, test, self.test_labels)

    def confusion(self, classes: int, check: Callable[[], None]) -> np.ndarray:
        """How many test images of each class (row) their neighbours take for each class (column); 0 without labels."""
        counts = np.zeros((classes, classes), np.int32)
        if self.train_labels is not None and self.test_labels is not None:
            found, _ = nearest(self.test, self.train, min(NEIGHBOURS, len(self.train)), check=check)
            np.add.at(counts, (self.test_labels, majority(self.train_labels[found])), 1)
        return counts

    def accuracies(self, name: str, confusion: np.ndarray, check: Callable[[], None]) -> dict[str, float | None]:
        """How often neighbours and a linear probe tell the class; None without labels."""
        names = [f"{method}_accuracy{name}" for method in ("knn", "linear")]
        if not confusion.any():
            return dict.fromkeys(names)
        probe = linear_accuracy(self.train, self.train_labels, self.test, self.test_labels, check)
        return dict(zip(names, (float(confusion.trace() / confusion.sum()), probe), strict=True))


@task("latent", lane="medium", warm=True)
def latent(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Measures the code of a run on its training and test images; arrays are in out/latent.npz."""
    network = latent_network(arguments["key"])
    run = network.run
    try:
        data = data_of(run)
    except NotAtHand:
        value, arrays = run.finding("latent") or (_reported(run), {"variance": np.zeros(0, np.float32)})
        value = {**value, "stored": True}
    else:
        value, arrays = _measured(network, data, job)
    job.write_arrays("latent.npz", **arrays)
    return value


def _reported(run: Run) -> dict[str, Any]:
    """What a run's report says of its code; None for everything that would take its data."""
    report, pin = run.report, run.resolved.data
    measured = ("pca_mse", "trustworthiness", "trustworthiness_pca", "active_units")
    told = [f"{method}_accuracy{of}" for method in ("knn", "linear") for of in ("", "_pixels", "_pca")]
    return {
        "latent_dim": run.recipe.latent_dim,
        **{name: report[name] for name in REPORTED},
        "negative_elbo": None if report["kl"] is None else report["reconstruction"] + report["kl"],
        **dict.fromkeys((*measured, *told)),
        "trustworthiness_count": 0,
        "neighbours": NEIGHBOURS,
        "train": 0,
        "test": pin.test,
        "data": {**pin.to_json(), "description": run.info["source"], "licence": run.info["licence"]},
        "seconds": 0.0,
    }


def _measured(network: Trained, data: Data, job: Job) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    began = time.perf_counter()
    run, gallery = network.run, gallery_of(network, job.check)
    job.progress(phase="encoding", fraction=0.1)
    train = pictures(data.train, job.check, MOST_TRAINING)
    labels = None if data.train.labels is None else data.train.labels[: len(train)]
    test_labels = None if data.test.labels is None else gallery.labels
    images = Labelled(train, labels, gallery.images, test_labels)
    train_codes, _ = encoded(network, data.train, len(train), job.check, errors=False)
    codes = images.standing(train_codes, gallery.codes)
    job.progress(phase="comparing", fraction=0.3)
    lows, highs = ranges(gallery.codes)
    confusion = codes.confusion(len(data.classes), job.check)
    arrays = {
        "variance": gallery.codes.var(axis=0), "lows": lows, "highs": highs, "order": by_variance(gallery.codes),
        "correlation": _correlation(gallery.codes), "confusion": confusion,
    }  # fmt: skip
    value = {
        **_reported(run),
        **codes.accuracies("", confusion, job.check),
        **_baseline(run, images, len(data.classes), job),
        "active_units": None if run.report["kl"] is None else active_units(gallery.codes),
        "trustworthiness": _trust(gallery.codes, gallery.images, job.check),
        "trustworthiness_count": min(JUDGED, len(gallery.images)),
        "train": len(train),
        "test": len(gallery.images),
    }
    return {**value, "seconds": round(time.perf_counter() - began, 2)}, arrays


def _baseline(run: Run, images: Labelled, classes: int, job: Job) -> dict[str, float | None]:
    """Figures of raw pixels, and of principal components as many as the code has numbers; kept for the next run."""
    same = (run.recipe.dataset, run.resolved.data)
    pixels = _kept(same, lambda: images.accuracies("_pixels", images.confusion(classes, job.check), job.check))
    job.progress(fraction=0.7)
    linear = _kept((*same, run.recipe.latent_dim), lambda: _linear(run, images, classes, job.check))
    return {**pixels, **linear}


def _kept(name: Any, make: Callable[[], dict[str, float | None]]) -> dict[str, float | None]:
    if name not in _baselines:
        _baselines[name] = make()
    _baselines.move_to_end(name)
    while len(_baselines) > KEPT:
        _baselines.popitem(last=False)
    return _baselines[name]


def _linear(run: Run, images: Labelled, classes: int, check: Callable[[], None]) -> dict[str, float | None]:
    size, shape = run.recipe.latent_dim, images.test.shape[1:]
    if size > min(len(images.train), int(np.prod(shape))):
        names = ("pca_mse", "knn_accuracy_pca", "linear_accuracy_pca", "trustworthiness_pca")
        return dict.fromkeys(names)
    pca = principal_components(images.train, size)
    train, test = (_in_blocks(pca.encode, side, check) for side in (images.train, images.test))
    error = None
    if shape == run.recipe.target_shape:  # else the images were made smaller, and the errors with them
        truth = to_float(images.test.reshape(len(test), -1))
        error = float(np.mean(np.square(truth - pca.decode(test))))
    codes = images.standing(train, test)
    figures = codes.accuracies("_pca", codes.confusion(classes, check), check)
    return {"pca_mse": error, **figures, "trustworthiness_pca": _trust(test, images.test, check)}


def _in_blocks(function: Callable[[np.ndarray], np.ndarray], images: np.ndarray, check: Callable[[], None]):
    parts = []
    for start in range(0, len(images), 2000):
        check()
        parts.append(function(to_float(images[start : start + 2000])))
    return np.concatenate(parts).astype(np.float32)


def _trust(codes: np.ndarray, images: np.ndarray, check: Callable[[], None]) -> float | None:
    """How far neighbours by code are neighbours by pixels; None where there are too few images to say."""
    count = min(len(images), JUDGED)
    neighbours = min(JUDGED_NEIGHBOURS, (count - 1) // 2)
    return trust(codes[:count], images[:count], neighbours, check) if neighbours else None


def _correlation(codes: np.ndarray) -> np.ndarray:
    """How far every two numbers of the code go together, -1 to 1; 0 where one does not vary (d, d) float32."""
    centred = codes - codes.mean(axis=0)
    lengths = np.linalg.norm(centred, axis=0)
    unit = centred / np.where(lengths, lengths, 1)
    return (unit.T @ unit).astype(np.float32)

"""New images from codes that nobody has encoded."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from aecore.datasets import Split
from aecore.errors import NotAtHand
from aecore.images import thumbnail, to_float, to_uint8
from aecore.latent import Gaussian, nearest
from aecore.worker.job import Job, task
from aecore.worker.networks import Trained, data_of
from aecore.worker.tasks.latent.gallery import Gallery, decoded, encoded, gallery_of, latent_network, pictures
from aecore.worker.tasks.latent.mapping import whole_number

SAMPLES = 32
MOST_SAMPLES = 100
MOST_TRAINING = 60_000
FITTED = 5000  # training codes that a Gaussian is fitted to
COMPARED = 100  # test images whose nearest neighbour says what is usual


@dataclass(frozen=True)
class Compared:
    """Images among which the nearest is looked for.

    Args:
        name: `training`, or `test` where only the images inside the run are here.
        images: (N, h, w, c) uint8.
        labels: (N,) int, -1 without.
        split: The training images, or None.
    """

    name: str
    images: np.ndarray
    labels: np.ndarray
    split: Split | None


@task("latent_samples", warm=True)
def latent_samples(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Decodes codes drawn at random, and finds the training images nearest to them, as out/samples.npz."""
    network = latent_network(arguments["key"])
    count = whole_number(arguments, "count", SAMPLES, 1, MOST_SAMPLES)
    rng = np.random.default_rng(whole_number(arguments, "seed", 0, 0, 2**31 - 1))
    gallery = gallery_of(network, job.check)
    compared = _compared(network, gallery, job)
    source = "prior" if network.run.recipe.model.kind == "vae" else "gaussian"
    codes = _gaussian(network, gallery, compared.split, job).draw(count, rng)
    labels = np.arange(count) % max(1, len(gallery.classes))  # each class in turn, for a network that is told it
    images = to_uint8(decoded(network, codes, labels))
    found, distances = _nearest(images, compared, None, job)
    usual = gallery.images[:COMPARED]
    _, typical = _nearest(usual, compared, np.arange(len(usual)) if compared.name == "test" else None, job)
    job.write_arrays(
        "samples.npz", codes=codes, images=images, nearest=compared.images[found],
        nearest_labels=compared.labels[found].astype(np.int16), distances=distances,
    )  # fmt: skip
    said = gallery.said() | {"of": len(compared.images), "nearest_of": compared.name, "source": source}
    if network.run.recipe.model.told_classes:
        said["told"] = True
    return {**said, "typical_distance": float(np.median(typical))}


def _compared(network: Trained, gallery: Gallery, job: Job) -> Compared:
    try:
        train = data_of(network.run).train
    except NotAtHand:
        return Compared("test", gallery.images, gallery.labels, None)
    images = pictures(train, job.check, MOST_TRAINING)
    labels = np.full(len(images), -1) if train.labels is None else train.labels[: len(images)]
    return Compared("training", images, labels, train)


def _gaussian(network: Trained, gallery: Gallery, train: Split | None, job: Job) -> Gaussian:
    """What codes are drawn from."""
    if network.run.recipe.model.kind == "vae":
        return Gaussian.standard(gallery.codes.shape[1])
    if train is None:
        return gallery.gaussian
    codes, _ = encoded(network, train, min(len(train), FITTED), job.check, errors=False)
    return Gaussian.fit(codes)


def _nearest(images: np.ndarray, compared: Compared, own: np.ndarray | None, job: Job) -> tuple[np.ndarray, np.ndarray]:
    """Index of the nearest image (K,), and root mean squared differences on the 0-1 scale (K,)."""
    small = to_uint8(thumbnail(to_float(images), max(compared.images.shape[1:3])))
    found, distances = nearest(small, compared.images, 1, own, job.check)
    return found[:, 0], distances[:, 0] / np.sqrt(np.float32(small[0].size))

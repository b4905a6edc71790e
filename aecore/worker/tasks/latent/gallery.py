"""The test images of a run with their codes, kept while the worker lives, so that a click is answered at once."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from aecore.datasets import Data, Split
from aecore.errors import NotAtHand, RequestError
from aecore.images import thumbnail, to_float, to_uint8
from aecore.latent import Gaussian
from aecore.metrics import mse
from aecore.store import Run
from aecore.worker.networks import Trained, data_of, trained

MOST = 10_000
MOST_BYTES = 60_000_000
LONGEST = 64  # px; larger pictures are compared, and shown as neighbours, at this size
BATCH = 50  # one shape for every call: a new one would be compiled first
KEPT = 2


@dataclass(frozen=True)
class Gallery:
    """Test images of a run and what its network makes of them.

    Args:
        images: (N, h, w, c) uint8, no side longer than 64 px.
        labels: (N,) int16, -1 where there are none.
        codes: (N, d) float32.
        errors: Mean squared error of each reconstruction (N,) float32.
        index: Place of each among all test images (N,) int32.
        total: How many test images there are.
        classes: Name of each label.
        stored: Whether these are the images that came inside the run, its data being elsewhere.
    """

    images: np.ndarray
    labels: np.ndarray
    codes: np.ndarray
    errors: np.ndarray
    index: np.ndarray
    total: int
    classes: tuple[str, ...]
    stored: bool = False

    @cached_property
    def gaussian(self) -> Gaussian:
        """The Gaussian that fits the codes best."""
        return Gaussian.fit(self.codes)

    def said(self) -> dict[str, Any]:
        """What every answer says of where its images come from."""
        return {"of": len(self.index), "classes": list(self.classes), **({"stored": True} if self.stored else {})}


_galleries: OrderedDict[Run, Gallery] = OrderedDict()
_making = threading.Lock()  # lanes of the worker share what is kept


def latent_network(key: str) -> Trained:
    """The network of a run, which must have a latent vector.

    Raises:
        RequestError: There is no such run, or its network has none.
    """
    network = trained(key)
    if network.decode is None:
        raise RequestError(f"{network.run.name} has no latent vector to look into; choose a run whose model has one.")
    return network


def gallery_of(network: Trained, check: Callable[[], None]) -> Gallery:
    """The test images of a network's run, or those that came with it, with their codes.

    Raises:
        NotAtHand: Neither is here.
    """
    run = network.run
    with _making:
        if run not in _galleries:
            made = _made(network, check)
            if run.recipe.dataset.private:  # a person's own images are not kept
                return made
            _galleries[run] = made
            while len(_galleries) > KEPT:
                _galleries.popitem(last=False)
        _galleries.move_to_end(run)
        return _galleries[run]


def _made(network: Trained, check: Callable[[], None]) -> Gallery:
    try:
        made = _from_data(network, data_of(network.run), check)
    except NotAtHand:
        found = network.run.finding("latent_map")
        if found is None:
            raise
        made = _from_finding(*found)
    for count in (1, BATCH):  # compiled now, not at the first click
        decoded(network, np.resize(made.codes, (count, made.codes.shape[1])), np.resize(made.labels, count))
    return made


def _from_data(network: Trained, data: Data, check: Callable[[], None]) -> Gallery:
    test = data.test
    images = pictures(test, check)
    count = len(images)
    codes, errors = encoded(network, test, count, check)
    labels = np.full(count, -1) if test.labels is None else test.labels[:count]
    index = np.arange(count, dtype=np.int32)
    return Gallery(images, labels.astype(np.int16), codes, errors, index, len(test), data.classes)


def _from_finding(value: dict[str, Any], arrays: dict[str, np.ndarray]) -> Gallery:
    codes, classes = arrays["codes"].astype(np.float32), tuple(value["classes"])
    rest = (arrays[name] for name in ("errors", "index"))
    return Gallery(arrays["images"], arrays["labels"], codes, *rest, value["of"], classes, stored=True)


def pictures(split: Split, check: Callable[[], None], most: int = MOST) -> np.ndarray:
    """The first images of a split as uint8, no side longer than 64 px; as many as 60 MB hold."""
    height, width, channels = split.images.shape[1:]
    scale = min(1.0, LONGEST / max(height, width))
    count = min(len(split), most, int(MOST_BYTES / (height * width * channels * scale**2)))
    if scale == 1 and isinstance(split.images, np.ndarray):
        return split.images[:count]
    parts = []
    for start in range(0, count, BATCH):
        check()
        images = split.images[np.arange(start, min(start + BATCH, count))]
        parts.append(images if scale == 1 else to_uint8(thumbnail(to_float(images), LONGEST)))
    return np.concatenate(parts)


def encoded(
    network: Trained, split: Split, count: int, check: Callable[[], None], errors: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Codes of the first `count` images of a split, damaged as the recipe says, and their mean squared errors.

    Args:
        network: The network.
        split: The images.
        count: How many; at most as many as there are.
        check: Called between batches; may raise `Cancelled`.
        errors: Whether errors are wanted, for which all codes are decoded.

    Returns:
        (count, d) float32, and (count,) float32, empty where errors are not wanted.
    """
    from aecore.training.batches import TEST, damaged

    recipe = network.run.recipe
    rng = np.random.default_rng((recipe.fit.seed, TEST))
    codes, found = [], [np.zeros(0, np.float32)]
    for start in range(0, count, BATCH):
        check()
        inputs, clean = damaged(split, np.arange(start, min(start + BATCH, count)), recipe.corruption, rng)
        codes.append(padded(network.encode, inputs))
        if errors:
            labels = None if split.labels is None else split.labels[start : start + len(clean)]
            found.append(mse(to_float(clean), decoded(network, codes[-1], labels)).astype(np.float32))
    return np.concatenate(codes), np.concatenate(found)


def decoded(network: Trained, codes: np.ndarray, labels: np.ndarray | None) -> np.ndarray:
    """The images that codes (N, d) stand for, (N, H, W, C) float32.

    Args:
        network: The network.
        codes: The codes.
        labels: Class of each (N,), for a network that is told the class; others are not given it.
    """
    return padded(network.decode, network.run.recipe.model.with_classes(codes, labels))


def padded(function: Callable[[np.ndarray], np.ndarray], values: np.ndarray) -> np.ndarray:
    """Applies a compiled function to values (N, …), 50 at a time, or to one alone: two shapes, compiled once each."""
    if len(values) == 1:
        return function(values)
    whole = values[np.minimum(np.arange(-(-len(values) // BATCH) * BATCH), len(values) - 1)]
    return function(whole)[: len(values)]

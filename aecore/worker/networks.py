"""Trained networks and public data that stay loaded in the worker, so that a short job answers at once."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from aecore.datasets import Data, Dataset, Pin
from aecore.errors import NotAtHand, RequestError
from aecore.store import Run, Store

MOST_NETWORKS = 4
MOST_DATASETS = 1
Function = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Trained:
    """A trained network, ready to answer.

    Args:
        run: Its run.
        model: The Keras model.
        predict: From inputs (N, h, w, c), float32 in [0, 1] or uint8, to outputs (N, H, W, C) float32.
        encode: From inputs to codes (N, d) float32; None without a latent vector.
        decode: From codes (N, d) float32 to outputs; None without a latent vector.
    """

    run: Run
    model: Any
    predict: Function
    encode: Function | None
    decode: Function | None


def trained(key: str) -> Trained:
    """The network of a run.

    Raises:
        RequestError: There is no such run.
    """
    run = Store().get(key)
    if run is None:
        raise RequestError(f"There is no run {key!r}; it may have been deleted. Train it again.")
    return _loaded(run)


def data_of(run: Run) -> Data:
    """The data that a run was trained and measured on.

    Raises:
        NotAtHand: It is not on this machine.
    """
    recipe, pin = run.recipe, run.resolved.data
    if recipe.dataset.resolve() != pin:
        raise NotAtHand(f"The data that this run was measured on ({run.info['source']}) is not on this machine.")
    return recipe.load(pin) if recipe.dataset.private else recipe.told(_public(recipe.dataset, pin))


@functools.lru_cache(MOST_DATASETS)
def _public(dataset: Dataset, pin: Pin) -> Data:
    return dataset.load(pin)


@functools.lru_cache(MOST_NETWORKS)
def _loaded(run: Run) -> Trained:
    from aecore.training.backend import compiled
    from aecore.training.network import load
    from aecore.training.snapshots import in_batches

    def function(network: Any) -> Function:
        call = compiled(network)
        return lambda inputs: in_batches(call, inputs)

    model = load(run.recipe, run.weights)
    if not run.recipe.model.has_latent:
        return Trained(run, model, function(model), None, None)
    return Trained(run, model, *map(function, (model, model.get_layer("encoder"), model.get_layer("decoder"))))

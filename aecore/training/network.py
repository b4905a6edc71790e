"""Building a network, describing it, and loading a trained one."""

import math
from pathlib import Path
from typing import Any

import keras
from keras.src.backend.common.global_state import set_global_attribute

from aecore.errors import RequestError
from aecore.fit import Fit
from aecore.models import Model
from aecore.recipe import Recipe

Shape = tuple[int, int, int]
MOST_WEIGHTS = 60_000_000  # an optimiser keeps two more numbers for each, beside a gradient: 1 GB in all


def build(model: Model, input_shape: Shape, target_shape: Shape, fit: Fit | None = None) -> keras.Model:
    """Builds a model part with the seed and the precision of a fit; without one, in 32 bits.

    Raises:
        RequestError: The shapes do not suit the architecture.
    """
    fit = fit or Fit()
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(fit.precision)
    try:
        keras.utils.set_random_seed(fit.seed)
        return model.build(input_shape, target_shape)
    finally:
        keras.config.set_dtype_policy(before)


def load(recipe: Recipe, weights: Path) -> keras.Model:
    """Rebuilds the network of a recipe, in 32 bits, and fills in trained weights."""
    model = build(recipe.model, recipe.input_shape, recipe.target_shape)
    model.load_weights(weights)
    return model


def start_from(model: keras.Model, weights: Path) -> None:
    """Takes over the weights of layers whose names and shapes agree; the others keep theirs."""
    model.load_weights(weights, skip_mismatch=True)


def flat_layers(model: keras.Model) -> list[keras.layers.Layer]:
    """All layers in order, those of sub-models in place of the sub-models."""
    layers = []
    for layer in model.layers:
        layers += flat_layers(layer) if isinstance(layer, keras.Model) else [layer]
    return layers


def outlined(recipe: Recipe) -> dict[str, Any]:
    """The network of a recipe in figures, as of `describe`, without making any of its weights.

    Raises:
        RequestError: The shapes do not suit the architecture, or it has more weights than are trained here.
    """
    try:
        with keras.StatelessScope(initialize_variables=False):
            outline = describe(build(recipe.model, recipe.input_shape, recipe.target_shape, recipe.fit))
    finally:  # else Keras would make these weights, too, as soon as it makes others
        set_global_attribute("uninitialized_variables", [])
    if outline["total"] > MOST_WEIGHTS:
        raise RequestError(
            f"This network would have {outline['total']:,} weights; at most {MOST_WEIGHTS:,} are trained here. Choose "
            "fewer filters or units, fewer layers, or smaller images."
        )
    return outline


def describe(model: keras.Model) -> dict[str, Any]:
    """A network in figures.

    Returns:
        `total`: number of parameters; `layers`: name, type, output shape and parameters of each; `flops`:
        floating-point operations for one image, multiplications and additions counted apart.
    """
    layers = [
        {
            "name": layer.name,
            "type": type(layer).__name__,
            "shape": [size for size in layer.output.shape[1:]],
            "params": layer.count_params(),
        }
        for layer in flat_layers(model)
    ]
    return {"total": model.count_params(), "layers": layers, "flops": sum(map(_flops, flat_layers(model)))}


def _flops(layer: keras.layers.Layer) -> int:
    """Two per weight and place where it is used."""
    weights = sum(math.prod(item.shape) for item in layer.trainable_weights if len(item.shape) > 1)
    by_input = isinstance(layer, (keras.layers.Conv2DTranspose, keras.layers.RNN))
    places = layer.input if by_input else layer.output
    if not weights:
        return 0
    return 2 * weights * math.prod(places.shape[1:-1])

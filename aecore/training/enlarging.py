"""Trained networks that make photographs larger, as functions of tiles of a fixed shape."""

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from aecore.fit import Fit
from aecore.images import resize, to_float, with_channels
from aecore.models.layers import DepthToSpace
from aecore.recipe import Recipe
from aecore.training.backend import BACKEND, compiled, device
from aecore.training.network import build

TileFunction = Callable[[np.ndarray], np.ndarray]
FLOAT32, BFLOAT16 = "float32", "mixed_bfloat16"
FLAGS = ("avx512_bf16", "amx_bf16")  # of processors that compute with 16 bits
TOLERANCE = 1 / 255  # as far as an answer in 16 bits may be from the one in 32
PROBE = 64  # px; a network is built once at this size to be looked at
KERNEL_REACH = 2  # px of the smaller picture that bicubic enlargement looks at on either side


@dataclass(frozen=True)
class Sight:
    """What an answer of a network depends on, in px of what it is given.

    Args:
        reach: How far around an output pixel the input counts, at most.
        align: A shift of the input by so many px shifts the answer and changes nothing else.
        values: Numbers held at once for one px, about.
    """

    reach: int
    align: int
    values: int


def scale_of(recipe: Recipe) -> int:
    """How many times larger the answer of a recipe's network is."""
    return recipe.target_shape[0] // recipe.input_shape[0]


def sight(model: keras.Model) -> Sight:
    """How far a built network sees: any network of convolutions, pooling, resizing and rearranged pixels."""
    side, place = max((length, axis) for axis, length in enumerate(model.input.shape) if axis in (1, 2))
    reaches, align, values = {id(model.input): 0.0}, 1, [0]
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        inputs = layer.input if isinstance(layer.input, list | tuple) else [layer.input]
        before, after = (side / item.shape[place] for item in (inputs[0], layer.output))  # px of the input for one here
        reach = max(reaches[id(item)] for item in inputs) + _own_reach(layer, place, before, after)
        reaches[id(layer.output)] = reach
        align = math.lcm(align, max(1, round(after)))
        values.append(math.ceil(layer.output.shape[-1] / after**2))
    return Sight(math.ceil(reaches[id(model.output)]), align, sum(sorted(values)[-3:]))


def _own_reach(layer: keras.layers.Layer, place: int, before: float, after: float) -> float:
    """How much further a layer sees than the one before it, in px of the network's input."""
    if isinstance(layer, keras.layers.Conv2D):
        return layer.kernel_size[place - 1] // 2 * after
    if before == after or isinstance(layer, DepthToSpace):
        return 0.0
    return after if after > before else KERNEL_REACH * before  # made smaller, or larger by a kernel


def at_shape(recipe: Recipe, weights: Path, shape: tuple[int, int], precision: str = FLOAT32) -> keras.Model:
    """The trained network of a recipe for pictures of (height, width) = `shape`."""
    scale, given, made = scale_of(recipe), recipe.input_shape[2], recipe.target_shape[2]
    model = build(recipe.model, (*shape, given), (shape[0] * scale, shape[1] * scale, made), Fit(precision=precision))
    model.load_weights(weights)
    return model


def tile_function(recipe: Recipe, weights: Path, shape: tuple[int, int], scale: int, precision: str) -> TileFunction:
    """A function from tiles (*shape, 3) uint8 to tiles `scale` times as large, float32 in [0, 1].

    A network that keeps the size is given the tile enlarged by bicubic; one that takes grey, its brightness.
    """
    before, channels = scale // scale_of(recipe), recipe.input_shape[2]
    given = (shape[0] * before, shape[1] * before)
    call = compiled(at_shape(recipe, weights, given, precision))
    if before == 1:
        return lambda tile: call(with_channels(tile, channels)[None])[0]
    return lambda tile: call(resize(to_float(tile)[None], given))[0]


def sixteen_bits_suffice(thirty_two: TileFunction, sixteen: TileFunction, tile: np.ndarray) -> bool:
    """Whether answers to a tile in 16 bits are, everywhere, those in 32 bits to a grey level."""
    return bool(np.abs(sixteen(tile) - thirty_two(tile)).max() <= TOLERANCE)


def computes_in_sixteen_bits() -> bool:
    """Whether the processor that networks run on here has instructions for bfloat16; known on Linux only."""
    if BACKEND != "tensorflow" or not device().startswith("CPU"):
        return False
    with suppress(OSError):
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
        return any(flag in flags for flag in FLAGS)
    return False

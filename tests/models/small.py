"""Every model with every one of its choices, on images small enough for a test."""

import keras
import numpy as np
from keras import ops

from aecore.models import MODELS
from aecore.training.network import build

SHAPES = {
    "grey": ((16, 16, 1), (16, 16, 1)),
    "odd sides": ((17, 22, 3), (17, 22, 3)),
    "grey to colour": ((16, 16, 1), (16, 16, 3)),
    "enlarging": ((16, 18, 3), (32, 36, 3)),
}


def small(part):
    """A part with fewer filters, units and numbers than it has by default."""

    def less(value, low):
        return max(low, value // 8) if value > 8 else value

    changes = {}
    for name, declared in part.params().items():
        if isinstance(declared.default, tuple):
            changes[name] = tuple(less(value, declared.low) for value in declared.default)
        elif type(declared.default) is int:
            changes[name] = less(declared.default, declared.low)
    return part().replace(**changes)


def variants():
    """Name to small model: each one as it comes, and with every other value of each choice."""
    found = {}
    for kind, part in MODELS.items():
        found[kind] = small(part)
        for name, declared in part.params().items():
            values = {False, True} if isinstance(declared.default, bool) else set(declared.choices or ())
            for value in sorted(values - {declared.default}):
                found[f"{kind}-{name}-{value}"] = found[kind].replace(**{name: value})
    return found | {"vae-warm_up": found["vae"].replace(warm_up=4)}


VARIANTS = variants()


def network(model, shapes="grey"):
    given, target = SHAPES[shapes]
    return build(model, model.input_shape(given), target)


def given(model, inputs):
    """Inputs as this model wants them: with the class beside the picture, where it is told."""
    if not model.told_classes:
        return inputs
    told = np.full((*inputs.shape[:3], 1), 3 / 255, np.float32)
    return np.concatenate([inputs, told], axis=3)


def batch(shapes="grey", count=8, seed=0):
    """Inputs and targets: smooth pictures, the inputs noisy."""
    rng = np.random.default_rng(seed)
    (height, width, channels), target = SHAPES[shapes]
    y, x = np.mgrid[0 : target[0], 0 : target[1]] / max(target)
    slopes = rng.uniform(-3, 3, (2, count, 1, 1, target[2]))
    targets = 1 / (1 + np.exp(-(slopes[0] * x[..., None] + slopes[1] * y[..., None])))
    step = target[0] // height
    inputs = targets[:, ::step, ::step, :channels] + rng.normal(0, 0.1, (count, height, width, channels))
    return np.clip(inputs, 0, 1).astype(np.float32), targets.astype(np.float32)


def binary_crossentropy(targets, outputs):
    return ops.mean(keras.losses.binary_crossentropy(targets, outputs))

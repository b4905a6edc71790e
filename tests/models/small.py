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


def variants():
    """Name to model: each one as it comes, and with every other value of each choice."""
    found = {}
    for kind, part in MODELS.items():
        found[kind] = part()
        for name, declared in part.params().items():
            values = (False, True) if isinstance(declared.default, bool) else declared.choices or ()
            found |= {
                f"{kind}-{value}": part().replace(**{name: value}) for value in values if value != declared.default
            }
    return found


VARIANTS = variants()


def network(model, shapes="grey"):
    return build(model, *SHAPES[shapes])


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

"""Training speed: the lab's compiled steps against plain `keras.Model.fit`, on the same work in the same run.

    python -m benchmarks.training_speed [PRESET …]      (from the project's root)

Prints microseconds per image of both, the best of three rounds each, and their ratio. Rounds alternate, so that a noisy
machine disturbs both alike.
"""

import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from aecore.fit import Fit
from aecore.presets import PRESETS
from aecore.training.backend import Stepper, device, prepare
from aecore.training.losses import make_loss, make_optimizer
from aecore.training.network import build

ROWS = {  # preset: (batch size, batches, precision of the lab's side)
    "dense-mnist": (256, 64, "float32"),
    "conv-mnist": (64, 16, "float32"),
    "conv-cifar-deblur": (512, 4, "mixed_bfloat16"),
}
ROUNDS = 3


def microseconds_per_image(work, num_images: int) -> float:
    """Time of one call of `work`, per image."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) / num_images * 1e6


def compare(name: str, batch_size: int, num_batches: int, precision: str) -> tuple[float, float]:
    """Best times of plain `fit` and of the lab, in microseconds per image."""
    recipe = PRESETS[name].recipe
    shape, target = recipe.input_shape, recipe.target_shape
    rng = np.random.default_rng(0)
    targets = rng.integers(0, 256, (num_batches, batch_size, *target), dtype=np.uint8)
    inputs = targets if shape == target else rng.integers(0, 256, (num_batches, batch_size, *shape), dtype=np.uint8)
    loss = make_loss(recipe.fit, target)

    plain = build(recipe.model, shape, target)
    plain.compile(make_optimizer(recipe.fit, 1), loss)
    arrays = [(array / np.float32(255)).reshape(-1, *array.shape[2:]) for array in (inputs, targets)]

    stepper = Stepper(build(recipe.model, shape, target, Fit(precision=precision)), loss, make_optimizer(recipe.fit, 1))
    sides = (
        lambda: plain.fit(*arrays, batch_size=batch_size, verbose=0),
        lambda: stepper.steps(inputs, targets, num_batches),
    )
    for side in sides:
        side()  # compiles
    num_images = batch_size * num_batches
    rounds = [[microseconds_per_image(side, num_images) for side in sides] for _ in range(ROUNDS)]
    return tuple(min(times) for times in zip(*rounds, strict=True))


def main() -> None:
    prepare()
    print(f"{device()}, Keras {keras.__version__} on {keras.backend.backend()}")
    print(f"{'system':<22}{'plain fit':>14}{'the lab':>14}{'ratio':>8}")
    for name in sys.argv[1:] or ROWS:
        plain, ours = compare(name, *ROWS[name])
        print(f"{name:<22}{plain:>11.1f} µs{ours:>11.1f} µs{plain / ours:>7.1f}×")


if __name__ == "__main__":
    main()

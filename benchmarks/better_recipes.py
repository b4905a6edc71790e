"""What the better recipe of each published system costs: its training beside the published one, both in one run.

    python -m benchmarks.better_recipes [SYSTEM …]      (from the project's root)

Times optimiser steps of both networks on random pictures, in turn, the best of three rounds each, and multiplies by the
steps that each recipe takes. Loading, validation and measuring are left out on both sides. What it finds is written to
`weights/costs.json`, for the page to show.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from aecore.presets import PRESETS
from aecore.published import COSTS, SYSTEMS
from aecore.recipe import Recipe
from aecore.training.backend import Stepper, device, prepare
from aecore.training.losses import make_loss, make_optimizer
from aecore.training.network import build

ROUNDS = 3
TIMED = 4  # steps in a round


def side(recipe: Recipe):
    """A function that takes a few steps of a recipe's training and gives the seconds of one."""
    fit = recipe.fit
    rng = np.random.default_rng(0)
    inputs, targets = (
        rng.integers(0, 256, (TIMED, fit.batch_size, *shape), dtype=np.uint8)
        for shape in (recipe.input_shape, recipe.target_shape)
    )
    model = build(recipe.model, recipe.input_shape, recipe.target_shape, fit)
    stepper = Stepper(model, make_loss(fit, recipe.target_shape), make_optimizer(fit, 1000))

    def seconds() -> float:
        began = time.perf_counter()
        stepper.steps(inputs, targets, TIMED)
        return (time.perf_counter() - began) / TIMED

    seconds()  # compiles
    return seconds


def steps(recipe: Recipe) -> int:
    """Optimiser steps of a training on all the data that its preset was made with."""
    fit, pin = recipe.fit, recipe.dataset.resolve()
    learned = pin.train - round(pin.train * fit.validation_share)
    return fit.epochs * (fit.steps_per_epoch or learned // fit.batch_size)


def main() -> None:
    prepare()
    found = json.loads(COSTS.read_text(encoding="utf-8"))["seconds"] if COSTS.is_file() else {}
    print(f"{device()}; seconds of all optimiser steps")
    print(f"{'published':<22}{'seconds':>9}   {'better':<28}{'seconds':>9}{'share':>8}")
    for system in SYSTEMS.values():
        if sys.argv[1:] and system.slug not in sys.argv[1:]:
            continue
        recipes = [PRESETS[name].recipe for name in (system.slug, system.better)]
        sides = [side(recipe) for recipe in recipes]
        rounds = [[each() for each in sides] for _ in range(ROUNDS)]
        first, second = (
            min(times) * steps(recipe) for times, recipe in zip(zip(*rounds, strict=True), recipes, strict=True)
        )
        found[system.slug] = {"published": round(first, 1), "better": round(second, 1)}
        print(f"{system.slug:<22}{first:>9.0f}   {system.better:<28}{second:>9.0f}{second / first:>7.2f}×")
    value = {"command": "python -m benchmarks.better_recipes", "device": device(), "seconds": found}
    COSTS.write_text(json.dumps(value, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()

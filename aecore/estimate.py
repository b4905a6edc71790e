"""How long a training will take on this machine, said before it starts."""

from statistics import median

from aecore.datasets import Pin
from aecore.recipe import Recipe
from aecore.store import Run

FIRST_RATE = 5e10  # floating-point operations a second on two processor cores, until a run here tells more
FIRST_RATES = {"dense": 7e10, "recurrent": 1e10, "stack": 1.2e11}
FEWEST_EPOCHS, FEWEST_STEPS = 2, 100  # a shorter run says more of its beginning than of its pace
SECONDS_AROUND = 3.0  # loading, compiling and measuring


def num_steps(recipe: Recipe, pin: Pin) -> int:
    """Optimiser steps of a training that is not stopped early."""
    train = _learned_from(recipe, pin)
    return recipe.fit.epochs * (recipe.fit.steps_per_epoch or train // min(recipe.fit.batch_size, train))


def _learned_from(recipe: Recipe, pin: Pin) -> int:
    """Training images that are not kept for validation."""
    return pin.train - round(pin.train * recipe.fit.validation_share)


def estimated_seconds(recipe: Recipe, pin: Pin, flops: int, runs: list[Run]) -> float:
    """Seconds until the run is finished, from how fast earlier runs of this kind of network were here.

    Args:
        recipe: What would be trained.
        pin: On which data.
        flops: Operations of its network for one image, forward.
        runs: Finished runs; the newest one of the same kind of network that was made on this machine counts.
    """
    rate = FIRST_RATES.get(recipe.model.kind, FIRST_RATE)
    for run in runs:
        epochs = run.history["seconds"][1:]  # the first one compiles
        telling = len(epochs) >= FEWEST_EPOCHS and run.info["steps"] >= FEWEST_STEPS
        if telling and not run.shipped and run.recipe.model.kind == recipe.model.kind:
            steps = run.info["steps"] / (len(epochs) + 1)
            rate = _operations(run.recipe, run.resolved.data, run.info["flops"], steps) / max(median(epochs), 1e-3)
            break
    return SECONDS_AROUND + _operations(recipe, pin, flops, num_steps(recipe, pin)) / rate


def _operations(recipe: Recipe, pin: Pin, flops: int, steps: float) -> float:
    """The way back through a network costs about twice the way forward."""
    return 3.0 * flops * steps * min(recipe.fit.batch_size, _learned_from(recipe, pin))

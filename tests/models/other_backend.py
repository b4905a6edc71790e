"""Run as a program with another backend: do equal weights give equal outputs, and does a step of training run?

KERAS_BACKEND=jax python -m tests.models.other_backend FOLDER
"""

import sys
from pathlib import Path

import keras
import numpy as np

from aecore.training.backend import Stepper
from tests.models.small import VARIANTS, batch, binary_crossentropy, given, network


def main(folder):
    pictures, targets = batch()
    found = {"backend": np.array(keras.backend.backend())}
    for name, model in VARIANTS.items():
        built, inputs = network(model), given(model, pictures)
        built.load_weights(folder / f"{name}.weights.h5")
        stepper = Stepper(built, binary_crossentropy, keras.optimizers.Adam(1e-3))
        found[f"{name}.output"] = stepper.predict(inputs)
        found[f"{name}.loss"] = stepper.steps(inputs[None], targets[None], 1)
        found[f"{name}.moved"] = np.abs(stepper.predict(inputs) - found[f"{name}.output"]).max()
    np.savez(folder / "found.npz", **found)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""What is kept of a training for looking at it later: pictures, codes and scores of a few fixed test images."""

import keras
import numpy as np

from aecore.datasets import Split
from aecore.images import thumbnail, to_float, to_uint8
from aecore.metrics import mse
from aecore.recipe import Recipe
from aecore.training.backend import Stepper, compiled
from aecore.training.batches import TEST, damaged

NUM_PICTURES = 8
MAX_EPOCHS = 20
MAX_CODES = 300
MAX_VALUES = 300 * 64 * 64 * 3  # pictures whose codes are followed hold at most so many numbers
BATCH = 50


def chosen_pictures(split: Split) -> np.ndarray:
    """Indices of eight test images to show: of different classes where there are classes, else the first ones."""
    if split.labels is None:
        return np.arange(min(NUM_PICTURES, len(split)))
    _, first = np.unique(split.labels, return_index=True)
    others = np.setdiff1d(np.arange(min(len(split), 4 * NUM_PICTURES)), first)
    return np.concatenate([first, others])[:NUM_PICTURES]


class Recorder:
    """Follows a few test images through a training.

    Args:
        model: The network in training.
        stepper: Its compiled functions.
        test: Test images.
        recipe: What is trained.
        num_epochs: Planned length, over which the kept epochs are spread.
    """

    def __init__(self, model: keras.Model, stepper: Stepper, test: Split, recipe: Recipe, num_epochs: int) -> None:
        self.stepper = stepper
        self.encode = compiled(model.get_layer("encoder")) if recipe.model.has_latent else None
        chosen = chosen_pictures(test)
        rng = np.random.default_rng((recipe.fit.seed, TEST))
        self._shown, clean = damaged(test, chosen, recipe.corruption, rng)
        count = int(np.clip(MAX_VALUES // np.prod(recipe.target_shape), 1, min(MAX_CODES, len(test))))
        self._followed, self._truth = damaged(test, np.arange(count), recipe.corruption, rng)
        pictures = (clean, recipe.picture(self._shown))
        self.clean, self.inputs = (to_uint8(thumbnail(_float(images))) for images in pictures)
        none = np.full(len(test), -1)
        labels = none if test.labels is None else test.labels
        self.labels, self.code_labels = labels[chosen].astype(np.int16), labels[:count].astype(np.int16)
        self.latest = self.clean
        self.kept = set(np.unique(np.linspace(1, num_epochs, MAX_EPOCHS - 1).round().astype(int)).tolist())
        self.epochs: list[int] = []
        self.frames: dict[str, list[np.ndarray]] = {"outputs": [], "scores": []}
        if self.encode is not None:
            self.frames["codes"] = []

    def wants(self, epoch: int) -> bool:
        """Whether this epoch is one of the kept ones."""
        return epoch in self.kept

    def look(self) -> None:
        """Refreshes `latest`: the shown images as the network gives them back now, (8, h, w, c) uint8."""
        self.latest = to_uint8(thumbnail(in_batches(self.stepper.predict, self._shown)))

    def record(self, epoch: int, final: bool = False) -> None:
        """Keeps pictures, codes and scores of this moment as those of `epoch`.

        Args:
            epoch: 0 for the untrained network.
            final: These are the weights that the run ends with: later frames go, one of the same epoch is replaced.
        """
        if final:
            while self.epochs and self.epochs[-1] >= epoch:
                self.epochs.pop()
                for frames in self.frames.values():
                    frames.pop()
        self.look()
        self.epochs.append(epoch)
        self.frames["outputs"].append(self.latest)
        answers = in_batches(self.stepper.predict, self._followed)
        self.frames["scores"].append(mse(_float(self._truth), answers).astype(np.float32))
        if self.encode is not None:
            self.frames["codes"].append(in_batches(self.encode, self._followed).astype(np.float16))

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything kept so far, as `snapshots.npz` holds it."""
        still = {"clean": self.clean, "inputs": self.inputs, "labels": self.labels, "code_labels": self.code_labels}
        moving = {name: np.stack(frames) for name, frames in self.frames.items() if frames}
        return {"epochs": np.array(self.epochs, np.int32), **still, **moving}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Takes over the frames of an earlier `arrays()`."""
        self.epochs = [int(epoch) for epoch in arrays["epochs"]]
        self.frames = {name: list(arrays[name]) for name in self.frames if name in arrays}


def in_batches(function, inputs: np.ndarray, size: int = BATCH) -> np.ndarray:
    """Applies a compiled function to inputs (N, …), `size` at a time; the last batch is padded to keep its shape."""
    outputs = []
    for start in range(0, len(inputs), size):
        batch = inputs[start : start + size]
        padding = size - len(batch) if len(inputs) > size else 0
        padded = np.concatenate([batch, np.repeat(batch[-1:], padding, axis=0)]) if padding else batch
        outputs.append(function(padded)[: len(batch)])
    return np.concatenate(outputs)


def _float(images: np.ndarray) -> np.ndarray:
    return to_float(images) if images.dtype == np.uint8 else images

"""Pairs of pictures for `keras.Model.fit`: the lab's own batches, as Keras takes them."""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from aecore.corruptions import NoCorruption
from aecore.datasets import Split
from aecore.datasets.photo_pairs import pairs_in, split_of
from aecore.errors import RequestError
from aecore.images import to_float
from aecore.training.batches import Batches


class PairedImageSequence(keras.utils.PyDataset):
    """Batches of (damaged, clean) pictures, float32 in [0, 1].

    Pairs stay together, the order changes after every epoch, and every epoch has the same number of batches: what does
    not fill one is left out, another part each time. Each batch is read when it is asked for and follows from seed,
    epoch and number alone, so workers may read side by side, and memory does not grow with the number of pairs.

    Args:
        split: Pairs: the inputs and images of a loaded dataset.
        batch_size: Pairs in a batch; at most as many as there are.
        steps: Batches in an epoch; 0 is as many as the pairs give.
        seed: Decides the order.
        **options: `workers` and `max_queue_size` of `keras.utils.PyDataset`.

    Raises:
        RequestError: The split has no inputs, or no pairs at all.
    """

    def __init__(self, split: Split, batch_size: int = 8, steps: int = 0, seed: int = 0, **options: Any) -> None:
        super().__init__(**options)
        if split.inputs is None or not len(split):
            raise RequestError(f"A sequence of pairs needs both sides of some; received {len(split)} images.")
        self.batches = Batches(split, NoCorruption(), batch_size, seed, steps)
        self.epoch = 0
        self.on_epoch_end()

    @classmethod
    def of_folder(
        cls, folder: Path | str, height: int = 256, width: int = 384, **options: Any
    ) -> "PairedImageSequence":
        """All pairs of a folder with `image_data.csv`, `low res/` and `high res/`, resized to height × width.

        Every file is looked at first, so that training does not stop at one that is missing or cut off.

        Args:
            folder: The folder.
            height: Of the pictures, in px.
            width: Of the pictures, in px.
            **options: As for the class.

        Raises:
            RequestError: Files are missing, damaged, or differ in size from their partners; all of them are named.
        """
        return cls(split_of(pairs_in(Path(folder)), height, width), **options)

    def __len__(self) -> int:
        return self.batches.steps

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Batch `index` of this epoch: inputs and targets (B, H, W, C).

        Raises:
            IndexError: There is no such batch.
        """
        if not 0 <= index < len(self):
            raise IndexError(f"Batch {index} of {len(self)}.")
        inputs, targets = self.batches.batch(self.order, self.epoch, index)
        return to_float(inputs), to_float(targets)

    def on_epoch_end(self) -> None:
        """Draws the order of the next epoch."""
        self.epoch += 1
        self.order = self.batches.order(self.epoch)

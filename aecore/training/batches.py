"""Batches: which images, in which order, damaged how. Every batch follows from (seed, epoch, step) alone.

So the damage is fresh in every epoch, a resumed training goes on exactly where it stopped, and several steps can be
prepared ahead while the ones before are computed.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from aecore.corruptions import Corruption
from aecore.datasets import Split
from aecore.images import to_float

VALIDATION, TEST = 2**31, 2**31 + 1  # stand in for the epoch where nothing is trained
Batch = tuple[np.ndarray, np.ndarray]


def damaged(split: Split, indices: np.ndarray, corruption: Corruption, rng: np.random.Generator) -> Batch:
    """Inputs and targets of the images at `indices`.

    Returns:
        inputs (B, h, w, c), float32 in [0, 1] or uint8, and targets (B, H, W, C) uint8.
    """
    if split.inputs is not None:
        return split.draw_pairs(indices, rng)
    targets = split.draw(indices, rng)
    if corruption.identity:
        return targets, targets
    return corruption(to_float(targets), rng), targets


class Batches:
    """The batches of one split.

    Args:
        split: Images to draw from.
        corruption: What is done to them.
        batch_size: Images per batch; at most as many as there are.
        seed: Decides order and damage.
        steps: Batches per epoch; 0 is as many whole ones as the images give.
    """

    def __init__(self, split: Split, corruption: Corruption, batch_size: int, seed: int, steps: int = 0) -> None:
        self.split, self.corruption, self.seed = split, corruption, seed
        self.batch_size = min(batch_size, len(split))
        self.steps = steps or len(split) // self.batch_size

    def order(self, epoch: int) -> np.ndarray:
        """Indices of all images of an epoch, shuffled; repeated where more steps are asked for than images give."""
        rng = np.random.default_rng((self.seed, epoch))
        needed = self.steps * self.batch_size
        rounds = [rng.permutation(len(self.split)) for _ in range(-(-needed // len(self.split)))]
        return np.concatenate(rounds)[:needed]

    def batch(self, order: np.ndarray, epoch: int, step: int) -> Batch:
        """One batch of an epoch whose `order` is given."""
        indices = order[step * self.batch_size : (step + 1) * self.batch_size]
        return damaged(self.split, indices, self.corruption, np.random.default_rng((self.seed, epoch, step)))

    def chunks(self, epoch: int, first: int, size: Callable[[], int], capacity: int) -> Iterator[tuple[Batch, int]]:
        """Yields an epoch's batches from step `first` on, several at a time, prepared one chunk ahead.

        Args:
            epoch: Number of the epoch.
            first: First step.
            size: Says how many batches the next chunk should have; asked one chunk ahead.
            capacity: Leading size of every chunk, so that all have one shape.

        Yields:
            ((inputs, targets), count): arrays (capacity, B, …), of which the first `count` batches count.
        """
        order = self.order(epoch)

        def prepare(start: int, count: int) -> tuple[Batch, int]:
            inputs, targets = zip(*(self.batch(order, epoch, start + i) for i in range(count)), strict=True)
            stacked = _stack(targets, capacity)
            return (stacked if inputs[0] is targets[0] else _stack(inputs, capacity), stacked), count

        with ThreadPoolExecutor(1) as ahead:
            waiting = None
            while first < self.steps:
                count = min(size(), capacity, self.steps - first)
                following = ahead.submit(prepare, first, count)
                if waiting is not None:
                    yield waiting.result()
                waiting, first = following, first + count
            if waiting is not None:
                yield waiting.result()


def _stack(batches: tuple[np.ndarray, ...], capacity: int) -> np.ndarray:
    stacked = np.zeros((capacity, *batches[0].shape), batches[0].dtype)
    np.stack(batches, out=stacked[: len(batches)])
    return stacked

"""A dataset small enough to train on in a test: bright squares on black."""

from dataclasses import dataclass

import numpy as np

from aecore.datasets import Data, Dataset, Pin, Split


def squares(count, seed, size=12):
    """Images (count, size, size, 1) uint8 with one square each, and its quadrant as label."""
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, size - 4, (count, 2))
    images = np.zeros((count, size, size, 1), np.uint8)
    for image, (top, left) in zip(images, corners, strict=True):
        image[top : top + 4, left : left + 4] = 255
    return images, (corners[:, 0] > 3) * 2 + (corners[:, 1] > 3)


@dataclass(frozen=True)
class Squares(Dataset):
    """Bright squares on black.

    For tests.
    """

    kind = "squares"
    title = "Squares"
    classes = ("1", "2", "3", "4")

    @property
    def shape(self):
        return (12, 12, 1)

    def resolve(self):
        return Pin("full", 256, 64)

    def load(self, pin):
        (train, labels), (test, test_labels) = squares(256, 0), squares(64, 1)
        return Data(Split(train, labels), Split(test, test_labels), classes=self.classes, source="made", licence="none")


class Silent:
    """A watcher that notes what it is told."""

    def __init__(self, stop_after=None):
        self.told, self.previews, self.checks, self.stop_after = [], [], 0, stop_after

    def check(self):
        self.checks += 1
        if self.stop_after is not None and self.checks > self.stop_after:
            raise KeyboardInterrupt

    def progress(self, **values):
        self.told.append(values)

    def preview(self, epoch, recorder):
        self.previews.append((epoch, recorder.latest.copy()))

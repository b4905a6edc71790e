"""scikit-learn's small digits."""

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from aecore.datasets.dataset import DATASETS, SPLIT_SEED
from aecore.datasets.labelled import Labelled
from aecore.datasets.sources import bundled

FILE = "datasets/data/digits.csv.gz"  # inside scikit-learn: each row 64 values and the label
SIDE, LEVELS = 8, 16
TEST_SHARE = 0.2


@lru_cache(maxsize=1)
def _digits() -> tuple[np.ndarray, np.ndarray]:
    """All images (N, 8, 8, 1) uint8 and labels (N,), shuffled."""
    rows = np.loadtxt(bundled("sklearn", FILE), np.uint8, delimiter=",")  # load_digits() needs a second of imports
    rows = rows[np.random.default_rng(SPLIT_SEED).permutation(len(rows))]
    images = np.round(rows[:, :-1] * (255 / LEVELS)).astype(np.uint8).reshape(-1, SIDE, SIDE, 1)
    return images, rows[:, -1].astype(np.int64)


@DATASETS("digits", "Small digits")
@dataclass(frozen=True)
class Digits(Labelled):
    """1,797 handwritten digits, 8 × 8 px: the smallest set, learned in seconds.

    Digits of 43 people, counted down to 8 × 8 squares with 17 levels of grey (Alpaydin and Kaynak 1998). Installed
    with the lab; a fifth is kept for testing.
    """

    classes: ClassVar[tuple[str, ...]] = tuple("0123456789")
    licence: ClassVar[str] = "Optical Recognition of Handwritten Digits, UCI repository, CC BY 4.0"
    redistributable: ClassVar[bool] = True

    @property
    def shape(self) -> tuple[int, int, int]:
        return SIDE, SIDE, 1

    def sources(self) -> tuple[str, ...]:
        return ("full",)

    def labels(self, source: str) -> tuple[np.ndarray, np.ndarray]:
        return _cut(_digits()[1])

    def images(self, source: str) -> tuple[np.ndarray, np.ndarray]:
        return _cut(_digits()[0])

    def source_line(self, source: str) -> str:
        return "1,797 digits bundled with scikit-learn"


def _cut(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    num_train = round(len(values) * (1 - TEST_SHARE))
    return values[:num_train], values[num_train:]

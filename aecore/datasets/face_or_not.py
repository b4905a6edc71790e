"""Faces, and pieces of pictures that show none."""

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from aecore.datasets.dataset import DATASETS, SPLIT_SEED
from aecore.datasets.faces import SAMPLE_LICENCE
from aecore.datasets.labelled import Labelled
from aecore.datasets.sources import bundled
from aecore.images import to_uint8
from aecore.params import param

FILE = "data/lfw_subset.npy"  # inside scikit-image: 25 × 25 px, first the faces, then as many others
OF_EACH, SIDE = 100, 24
TEST_SHARE = 0.4  # so many, because few images make a rough measure


def _cut(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values of all images, faces first, as those to learn from and those to test on, shuffled."""
    order = np.random.default_rng(SPLIT_SEED).permutation(2 * OF_EACH)
    return tuple(values[part] for part in np.split(order, [round(len(order) * (1 - TEST_SHARE))]))


@lru_cache(maxsize=1)
def _pictures() -> np.ndarray:
    """All images (N, 24, 24, 1) uint8, faces first; a side of 24 can be halved three times, one of 25 cannot."""
    return to_uint8(np.load(bundled("skimage", FILE), allow_pickle=False)[:, :SIDE, :SIDE, None])


@DATASETS("face_or_not", "Faces and non-faces")
@dataclass(frozen=True)
class FaceOrNot(Labelled):
    """100 small grey faces, and as many pieces of background without one.

    Cut from photographs of Labeled Faces in the Wild (Huang, Ramesh, Berg and Learned-Miller 2007) to 24 × 24 px and
    installed with the lab: what a face is, learned from sixty of them. Two fifths are kept for testing. So few images
    make every figure rough.
    """

    classes: ClassVar[tuple[str, ...]] = ("face", "no face")
    licence: ClassVar[str] = SAMPLE_LICENCE

    normal_classes: tuple[int, ...] = param(
        (),
        low=0,
        high=1,
        most=2,
        label="Normal classes",
        help="The class to learn, 0 for faces; the other one counts as anomalies. Empty means both.",
    )
    limit: int = param(
        0,
        low=0,
        high=120,
        step=10,
        label="Training images",
        help="At most so many training images; 0 means all of them.",
        advanced=True,
    )

    @property
    def shape(self) -> tuple[int, int, int]:
        return SIDE, SIDE, 1

    def sources(self) -> tuple[str, ...]:
        return ("full",)

    def labels(self, source: str) -> tuple[np.ndarray, np.ndarray]:
        return _cut(np.repeat(np.arange(len(self.classes)), OF_EACH))

    def images(self, source: str) -> tuple[np.ndarray, np.ndarray]:
        return _cut(_pictures())

    def source_line(self, source: str) -> str:
        return "100 grey faces and 100 pieces of background bundled with scikit-image"

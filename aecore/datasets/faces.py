"""Faces, aligned and cropped."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from aecore.datasets.dataset import DATASETS, SPLIT_SEED, Data, Dataset, Pin, Split
from aecore.datasets.decoded import decoded
from aecore.datasets.labelled import MIN_TRAIN
from aecore.datasets.sources import cache, find, stamp
from aecore.datasets.zipped import open_zip, picture_names, zip_image
from aecore.errors import LabError, NotAtHand, RequestError
from aecore.images import cover, to_uint8, with_channels
from aecore.params import digest, param

ARCHIVE = "faces128.zip"
NUM_TEST = 500
SAMPLE_TRAIN, SAMPLE_TEST = 80, 20
SAMPLE_LICENCE = "Labeled Faces in the Wild (Huang et al. 2007), crops bundled with scikit-image; for research"


@DATASETS("faces", "Faces")
@dataclass(frozen=True)
class Faces(Dataset):
    """Faces of people of all ages, in the middle of a square picture.

    The full set, 6,500 pictures in colour, is a part of UTKFace (Zhang, Song and Qi 2017, arXiv:1702.08423) and must
    be put there by hand. Without it the lab uses 100 tiny grey crops that are installed with it: enough to see how
    faces are learned, not to learn them well.
    """

    licence: ClassVar[str] = "UTKFace (Zhang, Song and Qi 2017), for non-commercial research only"

    size: int = param(64, low=16, high=128, step=16, label="Size", unit="px", help="Side of the square pictures.")
    limit: int = param(
        0,
        low=0,
        high=6_000,
        step=100,
        label="Training images",
        help="At most so many training images; 0 means all of them.",
        advanced=True,
    )

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.size, self.size, 3

    def resolve(self) -> Pin:
        if 0 < self.limit < MIN_TRAIN:
            raise RequestError(f"{self.limit} training images are too few; take at least {MIN_TRAIN}, or 0 for all.")
        path = find(ARCHIVE)
        if path is None:
            return Pin("sample", self._limited(SAMPLE_TRAIN), SAMPLE_TEST)
        return Pin("full", self._limited(len(_names(path)) - NUM_TEST), NUM_TEST)

    def load(self, pin: Pin) -> Data:
        if pin.source == "sample":
            images, line = self._sample(), "100 grey 25 × 25 px crops bundled with scikit-image, enlarged"
        elif pin.source == "full" and (path := find(ARCHIVE)):
            images, line = self._full(path), "6,500 colour faces of UTKFace, 128 × 128 px"
        else:
            raise NotAtHand(f"Faces ({pin.source}) are not on this machine; put {ARCHIVE} into AECORE_DATA.")
        if len(images) < pin.train + pin.test:
            raise NotAtHand(f"There are {len(images)} faces here; {pin.train + pin.test} or more were expected.")
        licence = SAMPLE_LICENCE if pin.source == "sample" else self.licence
        return Data(Split(images[pin.test :][: pin.train]), Split(images[: pin.test]), source=line, licence=licence)

    def _limited(self, count: int) -> int:
        return min(count, self.limit or count)

    def _sample(self) -> np.ndarray:
        from skimage.data import lfw_subset

        faces = to_uint8(lfw_subset()[: SAMPLE_TRAIN + SAMPLE_TEST])[..., None]  # what follows are no faces
        order = np.random.default_rng(SPLIT_SEED).permutation(len(faces))
        return np.stack([cover(with_channels(face, 3), self.size, self.size) for face in faces[order]])

    def _full(self, path: Path) -> np.ndarray:
        names = _names(path)
        order = np.random.default_rng(SPLIT_SEED).permutation(len(names))

        def fill(images: np.ndarray) -> None:
            with open_zip(path) as archive:
                for place, number in enumerate(order):
                    face = with_channels(zip_image(archive, names[number]), 3)
                    images[place] = cover(face, self.size, self.size)

        kept = cache() / "decoded" / f"faces-{self.size}-{digest(stamp(path))}.npy"
        return decoded(kept, (len(names), *self.shape), fill)


def _names(path: Path) -> tuple[str, ...]:
    names = picture_names(*stamp(path))
    if len(names) < NUM_TEST + MIN_TRAIN:
        raise LabError(f"{path.name} has {len(names)} pictures; 6,500 were expected. Get it again or remove it.")
    return names

"""Crops of photographs, for restoring and enlarging pictures."""

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from aecore.datasets.crops import Crops
from aecore.datasets.dataset import DATASETS, SPLIT_SEED, Data, Dataset, Pin, Split
from aecore.datasets.photo_files import PhotoFile, full_photographs, pixels
from aecore.datasets.sources import bundled
from aecore.errors import NotAtHand, RequestError
from aecore.images import read_image
from aecore.params import param

TEST_SHARE = 0.1
TEST_CROPS = 8
SAMPLE_TRAIN = (
    *(("skimage", f"data/{name}") for name in ("astronaut.png", "hubble_deep_field.jpg", "rocket.jpg")),
    *(("sklearn", f"datasets/images/{name}") for name in ("china.jpg", "flower.jpg")),
)
SAMPLE_TEST = (("skimage", "data/chelsea.png"), ("skimage", "data/coffee.png"))  # what a run shows: public domain only
SAMPLE_LICENCE = (
    "Public domain and CC0 (astronaut, hubble: NASA; rocket: SpaceX; chelsea: S. van der Walt; coffee: R. Michetti); "
    "CC BY 2.0 (china: danielbuechele; flower: vultilion)"
)


@DATASETS("photos", "Photographs")
@dataclass(frozen=True)
class Photos(Dataset):
    """Square crops at random places of photographs in colour.

    For restoring and enlarging pictures a network needs detail, not whole scenes, so it sees crops: other ones in
    every epoch when it learns, always the same ones when it is tested, and never of the same photograph on both
    sides. Not all that looks like noise is damage: where some crops are learned with grain, a network keeps it. With
    the lab come seven photographs; a local data folder can hold hundreds.
    """

    licence: ClassVar[str] = (
        "BSDS500 (Arbeláez et al. 2011) and T91 (Yang et al. 2010) for research; Unsplash; free wallpapers under mixed "
        "free licences"
    )

    size: int = param(64, low=16, high=256, step=16, label="Size", unit="px", help="Side of the square crops.")
    crops: int = param(
        16, low=1, high=256, step=1, label="Crops", help="Training crops of each photograph in an epoch."
    )
    turned: bool = param(
        False,
        label="Turn and mirror",
        help="Learn from crops turned by quarters and mirrored too: eight pictures in one.",
        advanced=True,
        later=True,
    )
    grain: float = param(
        0.0,
        low=0,
        high=0.2,
        step=0.01,
        label="Grain σ, at most",
        help="A quarter of the crops are learned with noise in them that belongs to the picture; white is 1.",
        advanced=True,
        later=True,
    )

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.size, self.size, 3

    def resolve(self) -> Pin:
        return self._pin("full" if full_photographs() else "sample")

    def load(self, pin: Pin) -> Data:
        if pin.source not in ("full", "sample") or self._pin(pin.source) != pin:
            raise NotAtHand(
                f"The photographs of this recipe ({pin.source}, {pin.train} + {pin.test} crops) are not on this "
                "machine; the folder that AECORE_DATA names has them in sr_train/*.zip and unsplash_pairs/high res."
            )
        if pin.source == "sample":
            train, test = ([_sample(*where) for where in side] for side in (SAMPLE_TRAIN, SAMPLE_TEST))
            line = f"{len(train) + len(test)} photographs bundled with scikit-image and scikit-learn"
            licence, redistributable = SAMPLE_LICENCE, True
        else:
            files = full_photographs()
            whole = pixels(files)
            train, test = ([whole[number] for number in side] for side in self._sides(files))
            line = f"{len(train) + len(test)} photographs of the local data folder"
            licence, redistributable = self.licence, False
        learned = Crops(train, self.size, self.crops, self.turned, self.grain)
        tested = Crops(test, self.size, TEST_CROPS)
        return Data(
            train=Split(learned, groups=learned.groups, fresh=learned.fresh),
            test=Split(tested, groups=tested.groups),
            source=line,
            licence=licence,
            redistributable=redistributable,
        )

    def _pin(self, source: str) -> Pin:
        train, test = SAMPLE_TRAIN, SAMPLE_TEST
        if source == "full":
            train, test = self._sides(full_photographs())
        return Pin(source, len(train) * self.crops, len(test) * TEST_CROPS)

    def _sides(self, files: tuple[PhotoFile, ...]) -> tuple[list[int], list[int]]:
        """Numbers of the photographs to learn from and to test on; those smaller than a crop are left out."""
        order = np.random.default_rng(SPLIT_SEED).permutation(len(files))
        cut = round(len(files) * TEST_SHARE)
        sides = tuple(
            [int(number) for number in side if min(files[number].shape[:2]) >= self.size]
            for side in (order[cut:], order[:cut])
        )
        if files and not all(sides):
            raise RequestError(
                f"Of {len(files)} photographs too few are {self.size} px high and wide; take a smaller size."
            )
        return sides


def public_domain_photographs() -> list[np.ndarray]:
    """The bundled photographs that may be shown and passed on freely, (H, W, 3) uint8 each."""
    return [_sample(*where) for where in (*SAMPLE_TEST, *SAMPLE_TRAIN) if where[0] == "skimage"]


@lru_cache(maxsize=16)
def _sample(package: str, path: str) -> np.ndarray:
    image = read_image(bundled(package, path))
    image.flags.writeable = False
    return image

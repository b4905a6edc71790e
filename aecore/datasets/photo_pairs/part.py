"""Photograph pairs as a dataset."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from aecore.datasets.collection.disk import check_digest, folder, read_index, touch
from aecore.datasets.collection.pairs import TABLE
from aecore.datasets.dataset import DATASETS, Data, Dataset, Pin
from aecore.datasets.photo_pairs.listing import SAMPLE_FACTORS, Pair, own_pairs, pairs_in, sample_pairs
from aecore.datasets.photo_pairs.pictures import Streamed, pixels
from aecore.datasets.photo_pairs.splits import Shown, Sides, by_photograph, factors, mixed, pictures_of, sides_of
from aecore.datasets.photos import SAMPLE_LICENCE
from aecore.datasets.sources import cache, roots
from aecore.errors import NotAtHand, RequestError
from aecore.params import param

FOLDER = "unsplash_pairs"
TEST_CROPS = 16
NAMED = 5


@DATASETS("photo_pairs", "Photograph pairs")
@dataclass(frozen=True)
class PhotoPairs(Dataset):
    """Photographs that were shrunk and enlarged again, each with the original.

    What two published systems learned to sharpen: photographs of Unsplash, each shrunk 2, 4 and 6 times and enlarged
    to its old size. They are looked at whole, resized to height × width, or, for networks that need every pixel, as
    crops of that size. Photographs to test on are kept apart with all their pairs. With the lab come seven photographs
    from which such pairs are made; a local data folder can hold the real ones, and a zip of your own pairs can be
    imported.
    """

    licence: ClassVar[str] = "photographs of Unsplash, under the Unsplash licence: free to use, not to be sold as a set"
    grouped: ClassVar[str] = "shrink"

    height: int = param(96, low=16, high=1600, step=16, label="Height", unit="px", help="Of the pictures or crops.")
    width: int = param(144, low=16, high=1600, step=16, label="Width", unit="px", help="Of the pictures or crops.")
    crops: int = param(
        0,
        low=0,
        high=256,
        step=1,
        label="Crops",
        help="Training crops of each pair in an epoch, cut at random places; 0 takes whole pictures, resized: making "
        "them smaller hides the blur.",
    )
    digest: str = param(
        "",
        most=16,
        label="Your own pairs",
        help="The 16 hex digits that the import of your pairs gave; empty for the public ones.",
        advanced=True,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.digest:
            check_digest(self.digest)

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.height, self.width, 3

    @property
    def paired(self) -> bool:
        return True

    @property
    def private(self) -> bool:
        index = self._index()
        return bool(self.digest) and (index is None or index["private"])  # what is gone may have been

    @property
    def classes(self) -> tuple[str, ...]:
        """How many times the pictures were shrunk: the names of the labels."""
        if not self.digest:
            return tuple(map(str, SAMPLE_FACTORS))
        return factors(row.get("factor", "") for row in (self._index() or {"images": []})["images"])

    def resolve(self) -> Pin:
        return self._pin(self.digest or ("full" if _folder() else "sample"))

    def load(self, pin: Pin) -> Data:
        known = (self.digest,) if self.digest else ("full", "sample")
        if pin.source not in known or self._pin(pin.source) != pin:
            raise NotAtHand(
                f"The pairs of this recipe ({pin.source}, {pin.train} + {pin.test}) are not on this machine. "
                + ("Import them again." if self.digest else _where())
            )
        train, test = self._sides(pin.source)
        pairs = [*train, *test]
        streamed = Streamed(pictures_of(pairs), None if self.crops else (self.height, self.width))
        kept = pixels(streamed, folder(self.digest) if self.digest else cache() / "decoded")
        shown = Shown(streamed, kept, (self.height, self.width), factors(pair.factor for pair in pairs))
        count = f"{len(pairs)} pairs of {len({pair.high for pair in pairs})} photographs"
        lines = {
            "full": f"{count} of the local data folder",
            "sample": f"{count}, made by the lab of what is bundled with scikit-image and scikit-learn",
        }
        return Data(
            train=shown.split(train, self.crops or 1, in_turn=False, fresh=bool(self.crops)),
            test=shown.split(test, TEST_CROPS if self.crops else 1, in_turn=True, fresh=False),
            classes=shown.names,
            source=lines.get(pin.source, f"your own {count}"),
            licence={"full": self.licence, "sample": SAMPLE_LICENCE}.get(pin.source, "yours"),
            redistributable=pin.source == "sample",
        )

    def _index(self) -> dict[str, Any] | None:
        return read_index(self.digest) if self.digest else None

    def _pin(self, source: str) -> Pin:
        train, test = self._sides(source)
        return Pin(source, len(train) * (self.crops or 1), len(test) * (TEST_CROPS if self.crops else 1))

    def _sides(self, source: str) -> Sides:
        """Pairs to learn from and to test on.

        Raises:
            NotAtHand: They are not on this machine.
            RequestError: They are not as they should be, or smaller than the crops.
        """
        if source == "sample":
            train, test = sample_pairs()
            sides = list(train), mixed(by_photograph(test))
        else:
            sides = sides_of(self._own() if self.digest else _public())
        if self.crops:
            self._check_sizes({pair.high for side in sides for pair in side})
        return sides

    def _own(self) -> tuple[Pair, ...]:
        index = self._index()
        if index is None:
            raise NotAtHand(
                f"The collection {self.digest} is not on this machine; it may have been deleted. Import it again."
            )
        if not index["pairs"]:
            raise RequestError(f"The collection {self.digest} holds no pairs; import pictures with {TABLE}.")
        touch(self.digest)
        return own_pairs(self.digest, index)

    def _check_sizes(self, photographs: set) -> None:
        small = sorted(
            Path(item.path).name
            for item in photographs
            if item.size[0] < self.height or item.size[1] < self.width
        )  # fmt: skip
        if small:
            more = f" and {len(small) - NAMED} more" if len(small) > NAMED else ""
            raise RequestError(
                f"Crops of {self.width} × {self.height} px are larger than {len(small)} of the {len(photographs)} "
                f"photographs: {', '.join(small[:NAMED])}{more}. Take smaller ones, or 0 crops for whole pictures."
            )


def _folder() -> Path | None:
    """The first folder with pairs, or what looks like some: what is wrong with it is said, not passed over."""
    folders = (root / FOLDER for root in roots())
    return next((place for place in folders if (place / TABLE).exists() or (place / "low res").exists()), None)


def _public() -> tuple[Pair, ...]:
    place = _folder()
    if place is None:
        raise NotAtHand(f"The photograph pairs are not on this machine. {_where()}")
    return pairs_in(place)


def _where() -> str:
    return f"They belong into the folder that AECORE_DATA names: {FOLDER}/ with {TABLE}, low res/ and high res/."

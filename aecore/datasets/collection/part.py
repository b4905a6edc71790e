"""A person's own images as a dataset."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from aecore.datasets.collection.disk import check_digest, folder, read_index, touch
from aecore.datasets.dataset import DATASETS, SPLIT_SEED, Data, Dataset, Pin, Split
from aecore.datasets.decoded import decoded
from aecore.errors import LabError, NotAtHand, RequestError
from aecore.images import cover, read_image, with_channels
from aecore.params import param

TEST_SHARE = 0.2
Row = dict[str, Any]


@DATASETS("collection", "Your own images")
@dataclass(frozen=True)
class Collection(Dataset):
    """Pictures of your own, cropped to squares of one size.

    At least ten pictures, as files, a folder or a zip; sub-folders become classes. A fifth is kept for testing. A zip
    of pairs, with `image_data.csv` (columns low_res, high_res) and folders `low res` and `high res`, teaches a network
    to make the one from the other.
    """

    licence: ClassVar[str] = "yours"

    digest: str = param("", most=16, label="Collection", help="The 16 hex digits that the import gave.")
    size: int = param(64, low=16, high=256, step=16, label="Size", unit="px", help="Side of the square pictures.")
    colour: bool = param(True, label="Colour", help="Whether the pictures keep their colours or turn grey.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.digest:
            check_digest(self.digest)

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.size, self.size, 3 if self.colour else 1

    @property
    def paired(self) -> bool:
        return bool((self._index() or {}).get("pairs"))

    @property
    def private(self) -> bool:
        index = self._index()
        return index is None or index["private"]  # what is gone may have been

    def resolve(self) -> Pin:
        if not self.digest:
            raise RequestError("There is no collection yet: bring your images first, at least ten of them.")
        train, test = self._sides(self._present())
        return Pin(self.digest, len(train), len(test))

    def load(self, pin: Pin) -> Data:
        index = self._present()
        if self.resolve() != pin:
            raise NotAtHand(f"The collection {self.digest} is not the {pin.source} that was expected; import it again.")
        sides = self._sides(index)
        rows = [row for side in sides for row in side]
        images = self._pixels(rows, "file")
        inputs = self._pixels(rows, "input") if index["pairs"] else None
        labels = np.array([row["label"] for row in rows], np.int64)
        cut, classes = len(sides[0]), tuple(index["classes"])

        def split(part: slice) -> Split:
            damaged = None if inputs is None else inputs[part]
            groups = labels[part] if index["pairs"] else None
            return Split(images[part], labels[part] if classes else None, damaged, groups)

        kind = "pairs" if index["pairs"] else "images"
        return Data(
            train=split(slice(cut)),
            test=split(slice(cut, None)),
            classes=classes,
            source=f"your own {len(rows)} {kind}",
            licence=self.licence,
        )

    def _index(self) -> Row | None:
        return read_index(self.digest) if self.digest else None

    def _present(self) -> Row:
        index = self._index()
        if index is None:
            raise NotAtHand(
                f"The collection {self.digest or '(none)'} is not on this machine; it may have been deleted. Import it "
                "again."
            )
        touch(self.digest)
        return index

    def _sides(self, index: Row) -> tuple[list[Row], list[Row]]:
        """Rows to learn from and to test on, shuffled; all pairs of a photograph lie together on one side."""
        rng = np.random.default_rng(SPLIT_SEED)
        rows = index["images"]
        if not index["pairs"]:
            shuffled = [rows[number] for number in rng.permutation(len(rows))]
            cut = round(len(rows) * (1 - TEST_SHARE))
            return shuffled[:cut], shuffled[cut:]
        photographs = rng.permutation(1 + max(row["label"] for row in rows))
        cut = min(round(len(photographs) * (1 - TEST_SHARE)), len(photographs) - 1)
        by_photograph = [[row for row in rows if row["label"] == number] for number in photographs]
        return tuple([row for group in side for row in group] for side in (by_photograph[:cut], by_photograph[cut:]))

    def _pixels(self, rows: list[Row], column: str) -> np.ndarray:
        """Square pictures of all rows, kept beside the files, so that they are deleted with them."""
        place = folder(self.digest)

        def fill(images: np.ndarray) -> None:
            for number, row in enumerate(rows):
                image = with_channels(self._read(place / row[column]), self.shape[2])
                images[number] = cover(image, self.size, self.size)

        kept = place / f"{column}-{self.size}-{self.shape[2]}.npy"
        return decoded(kept, (len(rows), *self.shape), fill)

    def _read(self, path: Any) -> np.ndarray:
        try:
            return read_image(path)
        except RequestError as error:
            raise LabError(
                f"The collection {self.digest} is damaged ({error}). Delete it and import it again."
            ) from error

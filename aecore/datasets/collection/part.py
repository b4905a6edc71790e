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
MIN_NORMAL = 10
Row = dict[str, Any]
Place = slice | np.ndarray


@DATASETS("collection", "Your own images")
@dataclass(frozen=True)
class Collection(Dataset):
    """Pictures of your own, cropped to squares of one size.

    At least ten pictures, as files, a folder or a zip; sub-folders become classes. A fifth is kept for testing. Where
    only some classes are normal, nothing is learned from the others: they are there to be detected. A zip of pairs,
    with `image_data.csv` (columns low_res, high_res) and folders `low res` and `high res`, teaches a network to make
    the one from the other.
    """

    licence: ClassVar[str] = "yours"

    digest: str = param("", most=16, label="Collection", help="The 16 hex digits that the import gave.")
    size: int = param(64, low=16, high=256, step=16, label="Size", unit="px", help="Side of the square pictures.")
    colour: bool = param(True, label="Colour", help="Whether the pictures keep their colours or turn grey.")
    normal: str = param(
        "",
        most=400,
        label="Normal classes",
        help="Sub-folders whose pictures are normal, separated by commas, such as: normal. Nothing is learned from the "
        "others: they count as anomalies. Empty means all.",
        later=True,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.digest:
            check_digest(self.digest)
        names = {name.strip() for name in self.normal.split(",")} - {""}
        object.__setattr__(self, "normal", ", ".join(sorted(names)))

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
        index = self._present()
        sides = self._sides(index)
        num_train, num_test = map(len, sides)
        if self.normal:
            num_train, num_test = map(len, self._parts(index, sides)[:2])
        return Pin(self.digest, num_train, num_test)

    def load(self, pin: Pin) -> Data:
        index = self._present()
        if self.resolve() != pin:
            raise NotAtHand(f"The collection {self.digest} is not the {pin.source} that was expected; import it again.")
        sides = self._sides(index)
        rows = [row for side in sides for row in side]
        train, test, abnormal = self._parts(index, sides)
        images = self._pixels(rows, "file")
        inputs = self._pixels(rows, "input") if index["pairs"] else None
        labels = np.array([row["label"] for row in rows], np.int64)
        classes = tuple(index["classes"])

        def split(part: slice | np.ndarray) -> Split:
            damaged = None if inputs is None else inputs[part]
            groups = labels[part] if index["pairs"] else None
            return Split(images[part], labels[part] if classes else None, damaged, groups)

        kind = "pairs" if index["pairs"] else "images"
        return Data(
            train=split(train),
            test=split(test),
            abnormal=None if abnormal is None else split(abnormal),
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

    def _parts(self, index: Row, sides: tuple[list[Row], list[Row]]) -> tuple[Place, Place, Place | None]:
        """Where, among the rows of both sides, those to learn from are, those to test on, and the abnormal ones."""
        cut = len(sides[0])
        if not self.normal:
            return slice(cut), slice(cut, None), None
        labels = np.array([row["label"] for side in sides for row in side])
        is_normal = np.isin(labels, self._normal_labels(index, labels))
        normal = np.flatnonzero(is_normal)
        if len(normal) < MIN_NORMAL:
            raise RequestError(
                f"{len(normal)} normal pictures ({self.normal}) are too few; at least {MIN_NORMAL} are needed. "
                "Choose more classes, or import more pictures of these."
            )
        cut = round(len(normal) * (1 - TEST_SHARE))
        return normal[:cut], normal[cut:], np.flatnonzero(~is_normal)

    def _normal_labels(self, index: Row, labels: np.ndarray) -> list[int]:
        """The labels of the normal classes.

        Raises:
            RequestError: A name is unknown, a class has no picture, or nothing is left that could be abnormal.
        """
        classes, names = index["classes"], self.normal.split(", ")
        if index["pairs"] or not classes:
            raise RequestError(
                f"This collection has no classes, so {self.normal!r} cannot be normal. Import a folder or zip with "
                "sub-folders, such as normal and abnormal, or leave the normal classes empty."
            )
        if unknown := [name for name in names if name not in classes]:
            raise RequestError(f"There is no class {unknown[0]!r} in this collection; it has {', '.join(classes)}.")
        chosen = [classes.index(name) for name in names]
        if empty := [classes[label] for label in chosen if label not in labels]:
            raise RequestError(f"The class {empty[0]!r} has no picture; leave it out, or import some of it.")
        if np.isin(labels, chosen).all():
            raise RequestError(
                f"The normal classes ({self.normal}) hold every picture, so nothing is left to be abnormal. Choose "
                "fewer, or leave the choice empty to learn from all of them."
            )
        return chosen

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

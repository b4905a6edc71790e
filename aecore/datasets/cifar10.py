"""CIFAR-10, small colour photographs."""

import tarfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from PIL import Image

from aecore.datasets.dataset import DATASETS, SPLIT_SEED, Download, Split
from aecore.datasets.decoded import decoded
from aecore.datasets.labelled import Labelled
from aecore.datasets.sources import RemoteFile, cache, download, find, stamp
from aecore.datasets.zipped import open_zip, picture_names, zip_image
from aecore.errors import LabError, NotAtHand
from aecore.params import digest, param

SIDE, NUM_CLASSES = 32, 10
NUM_TRAIN, NUM_TEST = 50_000, 10_000
ROTATION = -30  # degrees, counted counter-clockwise: a turn to the right
BATCHES = tuple(
    f"cifar-10-batches-bin/{name}.bin" for name in (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch")
)
RECORD = 1 + 3 * SIDE * SIDE  # label, then red, green and blue planes
FILES = {"full": "cifar-10-binary.tar.gz", "jpeg": "cifar10.zip"}
ARCHIVE = RemoteFile(
    "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    170_052_171,
)


@DATASETS("cifar10", "CIFAR-10")
@dataclass(frozen=True)
class Cifar10(Labelled):
    """Small colour photographs of ten kinds of things, 32 × 32 px: 50,000 to learn from and 10,000 to test on.

    Collected by Krizhevsky, Nair and Hinton (2009). Far harder than digits: every picture has another background. It
    is not installed with the lab.
    """

    classes: ClassVar[tuple[str, ...]] = (
        *("airplane", "automobile", "bird", "cat", "deer"),
        *("dog", "frog", "horse", "ship", "truck"),
    )
    licence: ClassVar[str] = "CIFAR-10 by Alex Krizhevsky (2009), published for research without a stated licence"
    download: ClassVar[Download] = Download("all 60,000 CIFAR-10 pictures", 170.1, (ARCHIVE.url,))

    augment: int = param(
        0,
        low=0,
        high=100,
        step=10,
        label="Extra training images",
        unit="%",
        help="Adds altered copies, in equal parts mirrored sideways, mirrored upside down and turned by 30°. "
        "30 % makes 65,000 of 50,000.",
        advanced=True,
    )

    @property
    def shape(self) -> tuple[int, int, int]:
        return SIDE, SIDE, 3

    def sources(self) -> tuple[str, ...]:
        return tuple(source for source, name in FILES.items() if find(name))

    def labels(self, source: str) -> tuple[np.ndarray, np.ndarray]:
        return tuple(
            np.repeat(np.arange(NUM_CLASSES), count // NUM_CLASSES)[_order(count)] for count in (NUM_TRAIN, NUM_TEST)
        )

    def images(self, source: str) -> tuple[np.ndarray, np.ndarray]:
        path = find(FILES[source])
        if path is None:
            raise NotAtHand(f"CIFAR-10 ({source}) is not on this machine any more; {self.how_to_get()}.")
        fill = _fill_from_archive if source == "full" else _fill_from_zip
        kept = cache() / "decoded" / f"cifar10-{digest(stamp(path))}.npy"
        array = decoded(kept, (NUM_TRAIN + NUM_TEST, *self.shape), lambda images: fill(path, images))
        return array[:NUM_TRAIN], array[NUM_TRAIN:]

    def source_line(self, source: str) -> str:
        kind = "lossy JPEG copies of " if source == "jpeg" else ""
        return f"CIFAR-10, {kind}all 50,000 + 10,000 pictures"

    def how_to_get(self) -> str:
        return f"download it ({self.download.megabytes:.0f} MB), or put {' or '.join(FILES.values())} into AECORE_DATA"

    def fetch(self, progress: Callable[[float], None]) -> None:
        download((ARCHIVE,), "", progress)

    def num_train(self, chosen: int) -> int:
        return chosen + round(chosen * self.augment / 100)

    def learn_from(self, images: np.ndarray, labels: np.ndarray, chosen: np.ndarray) -> Split:
        if not self.augment:
            return super().learn_from(images, labels, chosen)
        rng = np.random.default_rng(SPLIT_SEED)
        total = self.num_train(len(chosen))
        places = rng.permutation(total)
        sources = np.concatenate([chosen, rng.permutation(chosen)[: total - len(chosen)]])
        result = np.empty((total, *self.shape), np.uint8)  # filled in place: nothing is held twice
        for place, source in zip(places[: len(chosen)], chosen, strict=True):
            result[place] = images[source]
        thirds = np.array_split(np.arange(len(chosen), total), len(ALTERATIONS))
        for alter, third in zip(ALTERATIONS, thirds, strict=True):
            for place, source in zip(places[third], sources[third], strict=True):
                result[place] = alter(images[source])
        shuffled = np.empty(total, labels.dtype)
        shuffled[places] = labels[sources]
        return Split(result, shuffled)


def _turned(image: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(image).rotate(ROTATION, Image.Resampling.BILINEAR))


ALTERATIONS = (np.fliplr, np.flipud, _turned)


def _order(count: int) -> np.ndarray:
    """The order in which the lab keeps images that are sorted by class."""
    return np.random.default_rng(SPLIT_SEED).permutation(count)


def _places(count: int) -> np.ndarray:
    """Where each image of a class-sorted list goes: the inverse of `_order`."""
    return np.argsort(_order(count))


def _fill_from_zip(path: Path, images: np.ndarray) -> None:
    names = picture_names(*stamp(path))
    with open_zip(path) as archive:
        for side, start, count in (("train", 0, NUM_TRAIN), ("test", NUM_TRAIN, NUM_TEST)):
            places = start + _places(count)
            for label, kind in enumerate(Cifar10.classes):
                members = [name for name in names if name.startswith(f"{side}/{kind}/")]
                if len(members) != count // NUM_CLASSES:
                    raise LabError(
                        f"{path.name} has {len(members)} pictures in {side}/{kind}; {count // NUM_CLASSES} were "
                        "expected. Get it again."
                    )
                for number, name in enumerate(members, start=label * len(members)):
                    image = zip_image(archive, name)
                    if image.shape != images.shape[1:]:
                        raise LabError(f"{name} in {path.name} is not a colour picture of 32 × 32 px. Get it again.")
                    images[places[number]] = image


def _fill_from_archive(path: Path, images: np.ndarray) -> None:
    try:
        with tarfile.open(path, "r:gz") as archive:  # read member by member; nothing is unpacked to disk
            for start, count, members in ((0, NUM_TRAIN, BATCHES[:5]), (NUM_TRAIN, NUM_TEST, BATCHES[5:])):
                seen = np.zeros(NUM_CLASSES, int)
                places = start + _places(count)
                for member in members:
                    _place_records(archive.extractfile(member).read(), images, places, seen)
                if np.any(seen != count // NUM_CLASSES):
                    raise ValueError(f"{seen.tolist()} pictures per class")
    except (tarfile.TarError, OSError, EOFError, KeyError, ValueError, IndexError, zlib.error) as error:
        raise LabError(f"{path.name} is damaged ({error}). Delete {path} and get it again.") from error


def _place_records(content: bytes, images: np.ndarray, places: np.ndarray, seen: np.ndarray) -> None:
    """Sorts the records of one batch by class into `images`, as the lab's order says; counts them in `seen`."""
    records = np.frombuffer(content, np.uint8).reshape(-1, RECORD)
    for label in range(NUM_CLASSES):
        mine = records[records[:, 0] == label, 1:]
        first = label * (len(places) // NUM_CLASSES) + seen[label]
        seen[label] += len(mine)
        images[places[first : first + len(mine)]] = mine.reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1)

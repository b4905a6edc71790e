"""Square crops of photographs, as images: a stream, so that photographs are held once however many crops there are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aecore.datasets.dataset import SPLIT_SEED
from aecore.images import to_float, to_uint8

GRAINY = 0.25  # share of the fresh crops that have grain, where there is to be some


@dataclass(frozen=True)
class Crops:
    """Crops at random places, so many of each photograph.

    Image `i` is always the same crop; `fresh` gives crops of the same photographs at places that its generator draws.

    Args:
        photographs: Each (H, W, 3) uint8, no side shorter than `size`.
        size: Side of a crop in px.
        per_photograph: Crops of each; those of one photograph follow each other.
        turned: Whether fresh crops are turned and mirrored at random too.
        grain: Greatest standard deviation, of 1 for white, of noise that becomes part of some fresh crops.
    """

    photographs: Sequence[np.ndarray]
    size: int
    per_photograph: int
    turned: bool = False
    grain: float = 0.0

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return len(self), self.size, self.size, 3

    def __len__(self) -> int:
        return len(self.photographs) * self.per_photograph

    def __getitem__(self, indices: np.ndarray) -> np.ndarray:
        """Crops (B, size, size, 3) uint8 for indices (B,)."""
        return self._cut(indices, [np.random.default_rng((SPLIT_SEED, int(index))) for index in indices])

    def fresh(self, indices: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """As `self[indices]`, at places drawn from `rng`; turned, mirrored and with grain where that is asked for."""
        crops = self._cut(indices, [rng] * len(indices))
        if self.turned:
            for place, turn in enumerate(rng.integers(8, size=len(crops))):
                crop = np.rot90(crops[place], turn // 2)
                crops[place] = crop[:, ::-1] if turn % 2 else crop
        if self.grain:
            for place in np.flatnonzero(rng.random(len(crops)) < GRAINY):
                crops[place] = grainy(crops[place], self.grain * float(rng.random()), rng)
        return crops

    @property
    def groups(self) -> np.ndarray:
        """Number of the photograph that each crop is from, (N,)."""
        return np.repeat(np.arange(len(self.photographs)), self.per_photograph)

    def _cut(self, indices: np.ndarray, generators: list[np.random.Generator]) -> np.ndarray:
        crops = np.empty((len(indices), *self.shape[1:]), np.uint8)
        for place, (index, rng) in enumerate(zip(indices, generators, strict=True)):
            photograph = self.photographs[int(index) // self.per_photograph]
            top = rng.integers(photograph.shape[0] - self.size + 1)
            left = rng.integers(photograph.shape[1] - self.size + 1)
            crops[place] = photograph[top : top + self.size, left : left + self.size]
        return crops


def grainy(picture: np.ndarray, deviation: float, rng: np.random.Generator) -> np.ndarray:
    """A picture (H, W, 3) uint8 with noise, in grey or in colour; its standard deviation is of 1 for white."""
    noise = rng.standard_normal((*picture.shape[:2], int(rng.choice([1, 3]))), dtype=np.float32)
    return to_uint8(to_float(picture) + np.float32(deviation) * noise)

"""From pairs to splits: whole photographs on either side, and what is seen of each pair."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aecore.datasets.dataset import SPLIT_SEED, Split
from aecore.datasets.photo_pairs.files import Picture, Size
from aecore.datasets.photo_pairs.listing import Pair
from aecore.datasets.photo_pairs.pictures import Streamed
from aecore.datasets.photo_pairs.views import HIGH, LOW, Side, Views
from aecore.errors import RequestError

TEST_SHARE = 0.2
MOST_FACTORS = 10
Sides = tuple[list[Pair], list[Pair]]


def sides_of(pairs: Iterable[Pair]) -> Sides:
    """Pairs to learn from, those of a photograph together, and pairs of other photographs to test on.

    Raises:
        RequestError: There is only one photograph.
    """
    photographs = by_photograph(pairs)
    if len(photographs) < 2:
        raise RequestError(f"There are pairs of {len(photographs)} photographs; at least 2 are needed.")
    order = np.random.default_rng(SPLIT_SEED).permutation(len(photographs))
    cut = max(1, round(len(photographs) * TEST_SHARE))
    train = [pair for number in order[cut:] for pair in photographs[number]]
    return train, mixed([photographs[number] for number in order[:cut]])


def by_photograph(pairs: Iterable[Pair]) -> list[list[Pair]]:
    """The pairs of each photograph, in an order that follows from their files' names."""
    groups: dict[str, list[Pair]] = {}
    for pair in sorted(pairs, key=lambda pair: (Path(pair.high.path).name, Path(pair.low.path).name, pair.low.shrunk)):
        groups.setdefault(pair.high.path, []).append(pair)
    return list(groups.values())


def mixed(photographs: list[list[Pair]]) -> list[Pair]:
    """Pairs in turn from each photograph, another one each time, so that the first few show all there is."""
    rounds = max(map(len, photographs), default=0)
    return [
        group[(turn + place) % len(group)]
        for turn in range(rounds)
        for place, group in enumerate(photographs)
        if turn < len(group)
    ]


def factors(said: Iterable[str]) -> tuple[str, ...]:
    """The different shrink factors; none where some pair does not say its own, or where there are too many."""
    different = sorted(set(said), key=lambda factor: (len(factor), factor))
    return tuple(different) if all(different) and len(different) <= MOST_FACTORS else ()


def pictures_of(pairs: Iterable[Pair]) -> tuple[Picture, ...]:
    """Every picture of some pairs, once."""
    return tuple(dict.fromkeys(picture for pair in pairs for picture in (pair.high, pair.low)))


@dataclass(frozen=True)
class Shown:
    """What is seen of pairs.

    Args:
        streamed: All their pictures.
        pixels: The same, from wherever is fastest.
        size: (height, width) of a view; a picture of this size is seen whole.
        names: The shrink factors, in the order of their labels; empty for none.
    """

    streamed: Streamed
    pixels: Sequence[np.ndarray]
    size: Size
    names: tuple[str, ...]

    def split(self, pairs: list[Pair], crops: int, in_turn: bool, fresh: bool) -> Split:
        """Views of some of the pairs.

        Args:
            pairs: Which.
            crops: Views of each.
            in_turn: Whether one view of every pair comes before the next of the first; else those of a pair follow
                each other.
            fresh: Whether each draw shows other places.
        """
        which, number = np.divmod(np.arange(len(pairs) * crops), crops)
        if in_turn:
            number, which = np.divmod(np.arange(len(pairs) * crops), len(pairs))
        places = {picture: place for place, picture in enumerate(self.streamed.pictures)}
        numbers = np.array([(places[pair.low], places[pair.high]) for pair in pairs])[which]
        labels = np.array([self.names.index(pair.factor) for pair in pairs])[which] if self.names else None
        views = Views(self.pixels, self.streamed.sizes(), numbers, number, self.size)
        return Split(Side(views, HIGH), labels, Side(views, LOW), numbers[:, HIGH], views.fresh if fresh else None)


def split_of(pairs: Sequence[Pair], height: int, width: int) -> Split:
    """All of some pairs, whole, resized, and decoded whenever they are asked for."""
    streamed = Streamed(pictures_of(pairs), (height, width))
    ordered = [pair for group in by_photograph(pairs) for pair in group]
    return Shown(streamed, streamed, (height, width), factors(pair.factor for pair in pairs)).split(
        ordered, 1, False, False
    )

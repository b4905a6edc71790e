"""Nearest neighbours, exactly and in blocks, and what follows from them."""

from collections.abc import Callable

import numpy as np

QUERIES, REFERENCES = 500, 5000  # a block of distances takes 10 MB


def _nothing() -> None:
    """Is called where nobody wants to interrupt."""


def nearest(
    queries: np.ndarray,
    references: np.ndarray,
    count: int,
    excluded: np.ndarray | None = None,
    check: Callable[[], None] = _nothing,
) -> tuple[np.ndarray, np.ndarray]:
    """The nearest references of each query by Euclidean distance, nearest first.

    Every pair is compared, a block at a time: 10,000 queries and 60,000 references of 784 values take about 10 s on two
    cores.

    Args:
        queries: (Q, …) float, or uint8 that stands for values in [0, 1].
        references: (R, …) likewise, of the same D values each.
        count: How many; at most R, or R − 1 where one is excluded.
        excluded: For each query the index of a reference that does not count (Q,), or None.
        check: Called between blocks; may raise `Cancelled`.

    Returns:
        Indices (Q, count) int64 and distances (Q, count) float32.
    """
    middle = _values(references[: min(len(references), REFERENCES)]).mean(axis=0)  # less cancellation in the products
    asked = _values(queries) - middle
    best = np.full((len(asked), count), np.inf, np.float32)
    found = np.full((len(asked), count), -1, np.int64)
    for start in range(0, len(references), REFERENCES):
        block = _values(references[start : start + REFERENCES]) - middle
        lengths = np.einsum("nd,nd->n", block, block)
        for first in range(0, len(asked), QUERIES):
            check()
            rows = slice(first, first + QUERIES)
            distances = lengths - 2 * (asked[rows] @ block.T)
            if excluded is not None:
                _exclude(distances, excluded[rows] - start)
            _merge(best[rows], found[rows], distances, start)
    return _exactly(asked, references, middle, found)


def _exclude(distances: np.ndarray, columns: np.ndarray) -> None:
    inside = np.flatnonzero((columns >= 0) & (columns < distances.shape[1]))
    distances[inside, columns[inside]] = np.inf


def _merge(best: np.ndarray, found: np.ndarray, distances: np.ndarray, start: int) -> None:
    """Keeps the nearest of those kept so far and those of a block."""
    count = best.shape[1]
    few = min(count, distances.shape[1])
    columns = np.argpartition(distances, few - 1, axis=1)[:, :few]
    both = np.concatenate([best, np.take_along_axis(distances, columns, axis=1)], axis=1)
    names = np.concatenate([found, columns + start], axis=1)
    kept = np.argpartition(both, count - 1, axis=1)[:, :count]
    best[:], found[:] = np.take_along_axis(both, kept, axis=1), np.take_along_axis(names, kept, axis=1)


def _exactly(
    asked: np.ndarray, references: np.ndarray, middle: np.ndarray, found: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Orders what was found by distances without rounding errors of the products."""
    distances = np.empty(found.shape, np.float32)
    for column in range(found.shape[1]):
        for first in range(0, len(asked), QUERIES):
            rows = slice(first, first + QUERIES)
            there = _values(references[found[rows, column]]) - middle
            distances[rows, column] = np.linalg.norm(asked[rows] - there, axis=1)
    order = np.lexsort((found, distances), axis=1)
    return np.take_along_axis(found, order, axis=1), np.take_along_axis(distances, order, axis=1)


def _values(items: np.ndarray) -> np.ndarray:
    """Rows of float32 values."""
    flat = items.reshape(len(items), -1)
    return flat.astype(np.float32) * np.float32(1 / 255) if flat.dtype == np.uint8 else flat.astype(np.float32)


def majority(labels: np.ndarray) -> np.ndarray:
    """The label that most neighbours have; among equally many, that of the nearest.

    >>> majority(np.array([[3, 1, 1], [2, 4, 5]])).tolist()
    [1, 2]

    Args:
        labels: (Q, k) int, the nearest neighbour's first.

    Returns:
        (Q,).
    """
    votes = (labels[:, :, None] == labels[:, None, :]).sum(axis=2)
    return labels[np.arange(len(labels)), votes.argmax(axis=1)]


def knn_accuracy(
    train: np.ndarray,
    train_labels: np.ndarray,
    test: np.ndarray,
    test_labels: np.ndarray,
    neighbours: int = 5,
    check: Callable[[], None] = _nothing,
) -> float:
    """Share of test codes whose nearest training codes, by majority, have their label.

    Args:
        train: (N, …), as `nearest` takes references.
        train_labels: (N,) int.
        test: (M, …).
        test_labels: (M,) int.
        neighbours: How many vote.
        check: Called between blocks; may raise `Cancelled`.
    """
    found, _ = nearest(test, train, min(neighbours, len(train)), check=check)
    return float(np.mean(majority(train_labels[found]) == test_labels))


def trustworthiness(
    places: np.ndarray, originals: np.ndarray, neighbours: int = 12, check: Callable[[], None] = _nothing
) -> float:
    """How far neighbours on a map are neighbours in truth: 1 where all are (Venna & Kaski 2001).

    Each point that is among the k nearest on the map and not among the k nearest in truth costs as much as its rank in
    truth exceeds k; a map drawn at random scores about 0.5.

    Args:
        places: (N, …) on the map.
        originals: (N, …) in truth, float or uint8.
        neighbours: k, below N / 2.
        check: Called between blocks; may raise `Cancelled`.
    """
    count = len(places)
    everyone = np.arange(count)
    near, _ = nearest(places, places, neighbours, excluded=everyone, check=check)
    values, cost = _values(originals), 0
    values -= values.mean(axis=0)
    lengths = np.einsum("nd,nd->n", values, values)
    for first in range(0, count, QUERIES):
        check()
        rows = slice(first, first + QUERIES)
        distances = lengths - 2 * (values[rows] @ values.T)
        _exclude(distances, everyone[rows])
        ranks = np.empty(distances.shape, np.int64)
        np.put_along_axis(ranks, distances.argsort(axis=1), everyone[None] + 1, axis=1)
        cost += np.maximum(np.take_along_axis(ranks, near[rows], axis=1) - neighbours, 0).sum()
    return float(1 - cost * 2 / (count * neighbours * (2 * count - 3 * neighbours - 1)))

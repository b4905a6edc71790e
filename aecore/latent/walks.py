"""Codes to walk through: lines and arcs between two of them, differences of groups, grids over a plane."""

from statistics import NormalDist

import numpy as np

NEARLY_PARALLEL = 1e-6  # sine of the angle below which an arc is a line


def linear(first: np.ndarray, second: np.ndarray, steps: int) -> np.ndarray:
    """Codes at equal steps on the straight line between two.

    >>> linear(np.array([0.0, 0.0]), np.array([1.0, 2.0]), 3).tolist()
    [[0.0, 0.0], [0.5, 1.0], [1.0, 2.0]]

    Args:
        first: The code to begin with (d,).
        second: The code to end with (d,).
        steps: How many codes, both ends included; at least 2.

    Returns:
        (steps, d).
    """
    share = np.linspace(0, 1, steps)[:, None]
    return (1 - share) * first + share * second


def spherical(first: np.ndarray, second: np.ndarray, steps: int, centre: np.ndarray | float = 0.0) -> np.ndarray:
    """Codes at equal angles on the arc between two (Shoemake 1985; White 2016, arXiv:1609.04468).

    Codes of many numbers that fill a Gaussian lie near a sphere, and a straight line between two leaves it. Where the
    two lie in the same or in opposite directions there is no one arc, and the walk is straight.

    Args:
        first: The code to begin with (d,).
        second: The code to end with (d,).
        steps: How many codes, both ends included; at least 2.
        centre: What the arc turns around (d,); the origin is the middle of a variational autoencoder's codes.

    Returns:
        (steps, d).
    """
    one, other = np.asarray(first - centre, np.float64), np.asarray(second - centre, np.float64)
    lengths = np.linalg.norm(one) * np.linalg.norm(other)
    angle = np.arccos(np.clip(one @ other / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < NEARLY_PARALLEL:
        return linear(first, second, steps)
    share = np.linspace(0, 1, steps)[:, None]
    return (np.sin((1 - share) * angle) * one + np.sin(share * angle) * other) / np.sin(angle) + centre


def difference(group: np.ndarray, without: np.ndarray) -> np.ndarray:
    """What one group of codes has and another lacks: the difference of their means, to be added to other codes.

    The arithmetic of word vectors (Mikolov et al. 2013, arXiv:1301.3781), on codes.

    Args:
        group: (N, d).
        without: (M, d).

    Returns:
        (d,).
    """
    return group.mean(axis=0) - without.mean(axis=0)


def manifold_grid(low: tuple[float, float], high: tuple[float, float], side: int) -> np.ndarray:
    """Places of a grid over a rectangle of a map, row by row from the top left, as a sheet of pictures is read.

    >>> manifold_grid((0, 0), (1, 2), 2).tolist()
    [[0.0, 2.0], [1.0, 2.0], [0.0, 0.0], [1.0, 0.0]]

    Args:
        low: Smallest x and y.
        high: Largest x and y.
        side: Places in each direction; at least 2.

    Returns:
        (side², 2): the first row has the largest y.
    """
    x, y = np.meshgrid(np.linspace(low[0], high[0], side), np.linspace(high[1], low[1], side))
    return np.stack([x.ravel(), y.ravel()], axis=1)


def gaussian_grid(side: int) -> np.ndarray:
    """Places of a grid each of which stands for an equal share of the standard normal (Kingma & Welling 2014).

    They lie at the quantiles 0.5 / side, 1.5 / side, … in both directions, ordered as those of `manifold_grid`.

    Args:
        side: Places in each direction.

    Returns:
        (side², 2).
    """
    quantiles = np.array([NormalDist().inv_cdf((place + 0.5) / side) for place in range(side)])
    x, y = np.meshgrid(quantiles, quantiles[::-1])
    return np.stack([x.ravel(), y.ravel()], axis=1)

"""The numbers of a code one by one: how far they reach, and which of them say anything."""

import numpy as np

ACTIVE_VARIANCE = 0.01
PERCENTILES = (0.5, 99.5)


def ranges(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each number of a code lies, outliers left out: percentiles 0.5 and 99.5, each (d,) float32.

    Args:
        codes: (N, d).
    """
    low, high = np.percentile(codes.astype(np.float32), PERCENTILES, axis=0)
    return low.astype(np.float32), high.astype(np.float32)


def by_variance(codes: np.ndarray) -> np.ndarray:
    """Indices of the numbers of a code, the one that varies most first (d,).

    Args:
        codes: (N, d).
    """
    return np.argsort(-codes.var(axis=0, dtype=np.float64), kind="stable")


def active_units(means: np.ndarray, threshold: float = ACTIVE_VARIANCE) -> int:
    """How many numbers of a variational code carry anything (Burda, Grosse & Salakhutdinov 2016, arXiv:1509.00519).

    A number is active when its mean varies over the images by more than 0.01; one that the network has given up is the
    same for every image.

    Args:
        means: Middle of each image's cloud (N, d).
        threshold: Smallest variance that counts.
    """
    return int(np.sum(means.var(axis=0, dtype=np.float64) > threshold))

"""Maps that are planes through the codes, so that every place of the map is a code too."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Plane:
    """A plane through the codes.

    Args:
        mean: The code at place (0, 0), (d,) float32.
        components: What one step in x, and one in y, adds to a code: orthonormal rows (2, d) float32. Codes of one
            number lie on a line: their second row is zero.
        explained: Share of the codes' variance within the plane, 0 to 1.
    """

    mean: np.ndarray
    components: np.ndarray
    explained: float


def place_of(codes: np.ndarray, mean: np.ndarray, components: np.ndarray) -> np.ndarray:
    """Places (N, 2) of codes (N, d): where they stand on a plane, seen at a right angle."""
    return (codes - mean) @ components.T


def code_at(places: np.ndarray, mean: np.ndarray, components: np.ndarray) -> np.ndarray:
    """Codes (N, d) of places (N, 2) of a plane."""
    return places @ components + mean


def principal_plane(codes: np.ndarray) -> Plane:
    """The plane of most variance: two principal components, each turned so that its largest entry is positive.

    Args:
        codes: (N, d).
    """
    mean = codes.mean(axis=0, dtype=np.float64)
    variances, vectors = np.linalg.eigh(_covariance(codes, mean))
    rows = vectors[:, ::-1][:, :2].T
    rows = rows * np.sign(rows[np.arange(len(rows)), np.abs(rows).argmax(axis=1)])[:, None]
    return Plane(mean.astype(np.float32), _two(rows), _share(variances[::-1][:2].sum(), variances.sum()))


def axes_plane(codes: np.ndarray, axes: tuple[int, int]) -> Plane:
    """The plane of two numbers of the code, all others at their mean; places are the two numbers themselves.

    Args:
        codes: (N, d).
        axes: Which two; the second is ignored where a code has one number only.
    """
    mean = codes.mean(axis=0, dtype=np.float32)
    rows = np.eye(codes.shape[1])[list(axes[: codes.shape[1]])]
    variances = codes.var(axis=0, dtype=np.float64)
    shown = rows.any(axis=0)
    return Plane(np.where(shown, np.float32(0), mean), _two(rows), _share(variances[shown].sum(), variances.sum()))


def _covariance(codes: np.ndarray, mean: np.ndarray) -> np.ndarray:
    centred = codes - mean
    return centred.T @ centred / len(codes)


def _two(rows: np.ndarray) -> np.ndarray:
    return np.concatenate([rows, np.zeros((2 - len(rows), rows.shape[1]))]).astype(np.float32)


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 1.0

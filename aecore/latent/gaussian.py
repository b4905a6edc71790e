"""How codes are spread: the Gaussian that fits them best, and their density on a map."""

from dataclasses import dataclass

import numpy as np

from aecore.images import gaussian_blur

FLAT = 1e-9  # share of the largest variance below which codes do not vary


@dataclass(frozen=True)
class Gaussian:
    """A Gaussian over codes.

    Args:
        mean: (d,) float64.
        covariance: (d, d) float64.
    """

    mean: np.ndarray
    covariance: np.ndarray

    @classmethod
    def fit(cls, codes: np.ndarray) -> "Gaussian":
        """The most likely Gaussian of codes (N, d)."""
        mean = codes.mean(axis=0, dtype=np.float64)
        centred = codes - mean
        return cls(mean, centred.T @ centred / len(codes))

    @classmethod
    def standard(cls, size: int) -> "Gaussian":
        """The standard normal: what a variational autoencoder's codes are drawn from."""
        return cls(np.zeros(size), np.eye(size))

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Draws codes, (count, d) float32."""
        variances, directions = self._directions()
        noise = rng.standard_normal((count, len(variances)))
        return (noise * np.sqrt(variances) @ directions.T + self.mean).astype(np.float32)

    def distance(self, codes: np.ndarray) -> np.ndarray:
        """How unusual codes (N, d) are: their distance from the mean in standard deviations (Mahalanobis 1936), (N,).

        Directions in which the codes do not vary at all are left out.
        """
        variances, directions = self._directions()
        steps = (codes - self.mean) @ directions / np.sqrt(variances)
        return np.linalg.norm(steps, axis=1)

    def _directions(self) -> tuple[np.ndarray, np.ndarray]:
        """Variances (m,) and the directions (d, m) that have them, as far as there is any variance."""
        variances, directions = np.linalg.eigh(self.covariance)
        varies = variances > FLAT * max(variances.max(), np.finfo(np.float64).tiny)
        return variances[varies], directions[:, varies]


def density(
    places: np.ndarray, low: tuple[float, float], high: tuple[float, float], cells: int = 64, width: float = 1.5
) -> np.ndarray:
    """Density of points on a map, so that gaps show.

    Args:
        places: (N, 2).
        low: Smallest x and y of the map.
        high: Largest x and y.
        cells: Cells in each direction.
        width: Standard deviation of the smoothing, in cells.

    Returns:
        (cells, cells) float64, row by row from the smallest y, points per unit of area as a share of all points.
    """
    limits = [[low[1], high[1]], [low[0], high[0]]]
    counts, _, _ = np.histogram2d(places[:, 1], places[:, 0], bins=cells, range=limits)
    area = (high[0] - low[0]) * (high[1] - low[1]) / cells**2
    return gaussian_blur(counts[None, :, :, None], width)[0, :, :, 0] / (len(places) * area)

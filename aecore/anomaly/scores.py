"""What makes an image look abnormal: errors of its reconstruction, and distances from what normal images give.

All statistics (means, directions, neighbours) are fitted on normal images.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aecore.metrics import mse, ssim

BLOCK_VALUES = 8_000_000  # distances held at once
SMALLEST = 1e-6  # of the largest variance: directions that vary less are left out
RARE = 0.01  # of a layer's usual deviation, added to each unit's: what hardly ever varies counts within reason
TINY = np.finfo(np.float32).tiny


def squared_error(truth: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Mean squared error of each reconstruction: (N, H, W, C) twice to (N,)."""
    return mse(truth, outputs)


def structural_error(truth: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """1 − SSIM of each reconstruction, (N,): how much of the structure is lost, whatever the contrast.

    Each side needs at least 7 px.
    """
    return 1 - ssim(truth, outputs)


def error_map(truth: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Where a reconstruction differs: squared error of each pixel, mean over channels, (N, H, W) float32."""
    return np.mean(np.square(truth.astype(np.float32) - outputs.astype(np.float32)), axis=-1)


def negative_elbo(reconstruction: np.ndarray, kl: np.ndarray) -> np.ndarray:
    """The negative evidence lower bound in nats, (N,): an upper bound on −log p(image) under a variational network.

    Args:
        reconstruction: (N,) cross-entropy of the image, for a code drawn from its cloud.
        kl: (N,) divergence of the cloud from the prior.
    """
    return np.asarray(reconstruction, np.float64) + np.asarray(kl, np.float64)


@dataclass(frozen=True)
class Whitening:
    """Directions in which normal vectors vary, each scaled to variance 1.

    Args:
        mean: (D,) mean of normal vectors.
        directions: (D, K) eigenvectors of their covariance, divided by the standard deviation along them.
    """

    mean: np.ndarray
    directions: np.ndarray

    def __call__(self, vectors: np.ndarray) -> np.ndarray:
        """Vectors (N, D) in whitened coordinates, (N, K) float32."""
        return (vectors - self.mean) @ self.directions

    def distance(self, vectors: np.ndarray) -> np.ndarray:
        """Mahalanobis distance (1936) of vectors (N, D) from the mean, (N,): in standard deviations."""
        return np.sqrt(np.sum(np.square(self(vectors)), axis=1, dtype=np.float64))


def fit_whitening(vectors: np.ndarray) -> Whitening:
    """Whitens by the covariance of normal vectors (N, D); directions in which they hardly vary are left out."""
    mean = vectors.mean(axis=0, dtype=np.float64)
    products = np.zeros((vectors.shape[1],) * 2)
    size = max(1, BLOCK_VALUES // vectors.shape[1])
    for start in range(0, len(vectors), size):
        centred = (vectors[start : start + size] - mean).astype(np.float32)
        products += centred.T @ centred
    variances, directions = np.linalg.eigh(products / len(vectors))
    kept = variances > max(SMALLEST * variances[-1], TINY)
    scaled = directions[:, kept] / np.sqrt(variances[kept])
    return Whitening(mean.astype(np.float32), scaled.astype(np.float32))


def neighbour_distance(reference: np.ndarray, vectors: np.ndarray, count: int = 3) -> np.ndarray:
    """Mean Euclidean distance of vectors (N, D) to the `count` nearest of `reference` (R, D), (N,).

    Block by block, as matrix products in 32 bits; the reference may be held in 16.

    >>> neighbour_distance(np.array([[0.0], [1.0], [5.0]]), np.array([[0.0]]), count=2).tolist()
    [0.5]
    """
    vectors, count = np.asarray(vectors, np.float32), min(count, len(reference))
    nearest = np.full((len(vectors), count), np.inf, np.float32)  # squared, less the squared length of the vector
    size = max(count, BLOCK_VALUES // max(len(vectors), reference.shape[1], 1))
    rows = np.arange(len(vectors))
    for start in range(0, len(reference), size):
        block = np.asarray(reference[start : start + size], np.float32)
        squared = np.einsum("rd,rd->r", block, block) - 2 * (vectors @ block.T)
        candidates = [nearest]
        for _ in range(count):  # for so few, faster than a partition
            places = squared.argmin(axis=1)
            candidates.append(squared[rows, places][:, None])
            squared[rows, places] = np.inf
        nearest = np.sort(np.concatenate(candidates, axis=1), axis=1)[:, :count]
    lengths = np.einsum("nd,nd->n", vectors, vectors)[:, None]
    return np.sqrt(np.maximum(nearest + lengths, 0)).mean(axis=1, dtype=np.float64)


@dataclass(frozen=True)
class Pattern:
    """Which units of a network are active in which proportion, in a few numbers.

    What the directions leave out counts too, by its length alone, as if it stood at right angles to what they leave out
    of any other pattern: units that no normal image ever wakes are among it. So it has a place of its own on either
    side of a comparison.

    Args:
        stddevs: Standard deviation (D,) of each unit of each layer, over normal images.
        directions: (sum of D, K) orthonormal; what of a pattern is looked at closely.
    """

    stddevs: tuple[np.ndarray, ...]
    directions: np.ndarray

    @property
    def size(self) -> int:
        """How many numbers a pattern has."""
        return self.directions.shape[1] + 2

    def __call__(self, layers: Sequence[np.ndarray]) -> np.ndarray:
        """Patterns (N, K + 2) of the activations of several layers, (N, D) each, to be compared with references."""
        near, rest = self._parts(layers)
        return np.concatenate([near, np.zeros_like(rest), rest], axis=1)

    def reference(self, layers: Sequence[np.ndarray]) -> np.ndarray:
        """The same for images that others are compared with."""
        near, rest = self._parts(layers)
        return np.concatenate([near, rest, np.zeros_like(rest)], axis=1)

    def _parts(self, layers: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        vectors = proportions(layers, self.stddevs)
        near = vectors @ self.directions
        left = np.square(_lengths(vectors)) - np.square(_lengths(near))
        return near, np.sqrt(np.maximum(left, 0)).astype(np.float32)


def proportions(layers: Sequence[np.ndarray], stddevs: Sequence[np.ndarray]) -> np.ndarray:
    """Activations as one vector (N, sum of D) in which each layer has length 1, each unit in its own deviations.

    Without that, an image with little ink would be near to everything: all its activations are small.
    """
    scaled = [layer / stddev for layer, stddev in zip(layers, stddevs, strict=True)]
    return np.concatenate([layer / np.maximum(_lengths(layer), TINY) for layer in scaled], axis=1, dtype=np.float32)


def fit_pattern(layers: Sequence[np.ndarray], size: int = 128) -> Pattern:
    """Fits patterns to normal images: how much each unit varies, and along which directions proportions lie.

    Directions are taken from the origin, not from the mean, so that lengths and angles stay what they are.

    Args:
        layers: Activations (N, D) of each layer.
        size: Most directions.
    """
    spreads = [layer.std(axis=0, dtype=np.float64) for layer in layers]
    floors = [RARE * np.sqrt(np.mean(np.square(spread))) + TINY for spread in spreads]  # for units that hardly vary
    stddevs = tuple((spread + floor).astype(np.float32) for spread, floor in zip(spreads, floors, strict=True))
    vectors = proportions(layers, stddevs)
    _, directions = np.linalg.eigh(vectors.T @ vectors / len(vectors))
    return Pattern(stddevs, np.ascontiguousarray(directions[:, ::-1][:, :size]))


def path_difference(layers: Sequence[np.ndarray], again: Sequence[np.ndarray]) -> np.ndarray:
    """What a reconstruction changes on the way through the encoder, (N, sum of D).

    Args:
        layers: Activations (N, D) of each layer for the images, the images themselves first.
        again: The same for their reconstructions.
    """
    pairs = zip(layers, again, strict=True)
    return np.concatenate([image - reconstruction for image, reconstruction in pairs], axis=1, dtype=np.float32)


def simple_aggregation(differences: np.ndarray) -> np.ndarray:
    """SAP: squared length of `path_difference` (N, D), (N,).

    Kim et al. 2020, "RaPP: Novelty detection with reconstruction along projection pathway", ICLR.
    """
    return np.sum(np.square(differences), axis=1, dtype=np.float64)


def normalised_aggregation(whitening: Whitening, differences: np.ndarray) -> np.ndarray:
    """NAP: squared length of whitened `path_difference`, (N,) (Kim et al. 2020), whitened by those of normal images."""
    return np.square(whitening.distance(differences))


@dataclass(frozen=True)
class Combination:
    """Several scores as one: a mean of their logarithms, each in standard deviations of held-out normal images.

    Args:
        means: (S,) mean logarithm of each score.
        stddevs: (S,) its standard deviation.
        weights: (S,) how much each counts; their sum is 1.
    """

    means: np.ndarray
    stddevs: np.ndarray
    weights: np.ndarray

    def __call__(self, scores: np.ndarray) -> np.ndarray:
        """Scores (S, N) as one, (N,)."""
        return self.weights @ ((_logarithms(scores) - self.means[:, None]) / self.stddevs[:, None])

    def appended(self, scores: np.ndarray) -> np.ndarray:
        """Scores (S, N) and, as the last row, their combination, (S + 1, N)."""
        return np.concatenate([scores, self(scores)[None]])


def fit_combination(held_out: np.ndarray, weights: Sequence[float] | None = None) -> Combination:
    """Fits a combination on the scores (S, V) of held-out normal images, and on nothing else.

    Args:
        held_out: Their scores.
        weights: How much each score counts; equally, if left out.
    """
    logarithms = _logarithms(held_out)
    stddevs, weights = logarithms.std(axis=1), np.ones(len(logarithms)) if weights is None else np.array(weights)
    return Combination(logarithms.mean(axis=1), np.where(stddevs > 0, stddevs, 1.0), weights / weights.sum())


def _logarithms(scores: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(np.asarray(scores, np.float64), 1e-12))


def _lengths(vectors: np.ndarray) -> np.ndarray:
    return np.sqrt(np.einsum("nd,nd->n", vectors, vectors))[:, None]

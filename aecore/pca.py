"""Principal components: the best that a linear code of a given size can do, and so the baseline of every code."""

from dataclasses import dataclass

import numpy as np

from aecore.images import to_float

MANY_VALUES = 1024
MOST_COMPARED = 1500
BATCH = 2000


@dataclass(frozen=True)
class Principal:
    """Principal components of images.

    Args:
        mean: The mean image, flattened (D,).
        components: Orthonormal directions of most variance first, (size, D).
    """

    mean: np.ndarray
    components: np.ndarray

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Codes (N, size) of images (N, …) of D values each."""
        return (images.reshape(len(images), -1) - self.mean) @ self.components.T

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Flat images (N, D) of codes (N, size); values may lie outside [0, 1]."""
        return codes @ self.components + self.mean


def principal_components(images: np.ndarray, size: int) -> Principal:
    """Finds the `size` directions along which images vary most.

    They are eigenvectors: of the covariance of values, summed up batch by batch, so that all images count and few are
    held as floats; or, where an image has very many values, of the likeness of the first 1,500 images to each other,
    which has the same eigenvalues. Scikit-learn gives the same and would take 130 MB of a worker's memory.

    Args:
        images: (N, …) uint8, or float32 in [0, 1], of D values each.
        size: How many; at most N and D.
    """
    if np.prod(images.shape[1:]) > MANY_VALUES:
        return _from_likeness(_flat(images[:MOST_COMPARED]), size)
    return _from_covariance(images, size)


def _from_covariance(images: np.ndarray, size: int) -> Principal:
    dimensions = int(np.prod(images.shape[1:]))
    total, products = np.zeros(dimensions), np.zeros((dimensions, dimensions))
    for start in range(0, len(images), BATCH):
        batch = _flat(images[start : start + BATCH])
        total += batch.sum(axis=0, dtype=np.float64)
        products += batch.T @ batch
    mean = total / len(images)
    _, vectors = np.linalg.eigh(products / len(images) - np.outer(mean, mean))
    return Principal(mean.astype(np.float32), np.ascontiguousarray(vectors[:, ::-1][:, :size].T, np.float32))


def _from_likeness(flat: np.ndarray, size: int) -> Principal:
    mean = flat.mean(axis=0)
    flat -= mean
    _, vectors = np.linalg.eigh(flat @ flat.T)
    directions = flat.T @ vectors[:, ::-1][:, :size]
    lengths = np.maximum(np.linalg.norm(directions, axis=0), np.finfo(np.float32).tiny)
    return Principal(mean, np.ascontiguousarray((directions / lengths).T, np.float32))


def _flat(images: np.ndarray) -> np.ndarray:
    """A new float32 array (N, D)."""
    flat = images.reshape(len(images), -1)
    return to_float(flat) if flat.dtype == np.uint8 else flat.astype(np.float32)

"""The Keras layer that keeps neighbours together, and what it takes: likeness of images, and who is whose neighbour."""

import math
from typing import Any

from keras import layers, ops

GRID = 14  # strokes are gathered in at most so many cells in each direction
HALVINGS = 10  # of the range in which a bandwidth is looked for
NARROWEST, WIDEST = 9.0, -2.0  # its ends: binary logarithms of 1 / bandwidth, in units of an image's mean distance
FAR = 1e4  # an image's distance from itself: it is not its own neighbour


class Neighbourhood(layers.Layer):
    """Passes codes (N, d) on and, in training, adds to the loss how far their neighbours are not those of the images.

    Args:
        weight: Factor of the term, which is the divergence of t-SNE in nats where `exaggeration` is 1.
        likeness: `strokes` or `pixels`.
        perplexity: Effective number of neighbours of an image; at most a third of the others in a batch.
        exaggeration: Factor of the attraction.
    """

    def __init__(self, weight: float, likeness: str, perplexity: float, exaggeration: float, **options: Any) -> None:
        super().__init__(dtype="float32", **options)
        self.weight, self.likeness = weight, likeness
        self.perplexity, self.exaggeration = perplexity, exaggeration

    def call(self, images: Any, codes: Any, training: bool = False) -> Any:
        if training and self.weight:
            features = strokes(images) if self.likeness == "strokes" else _flat(images)
            near = ops.stop_gradient(affinities(features, self.perplexity))
            self.add_loss(self.weight * divergence(near, codes, self.exaggeration))
        return codes


def strokes(images: Any) -> Any:
    """Where edges lie and where they point: (N, h, w, c) to (N, values).

    Differences between neighbouring pixels, apart by direction, blurred and gathered in cells: a stroke that is moved a
    little stays alike, which its pixels do not (after Dalal & Triggs 2005).
    """
    grey = _blurred(_blurred(ops.mean(images, axis=-1, keepdims=True)))
    across, down = grey[:, :-1, 1:] - grey[:, :-1, :-1], grey[:, 1:, :-1] - grey[:, :-1, :-1]
    edges = ops.relu(ops.concatenate([across, -across, down, -down], axis=-1))
    for _ in range(3):
        edges = _blurred(edges)
    cell = max(1, -(-max(edges.shape[1:3]) // GRID))
    return _flat(ops.average_pool(edges, cell, strides=cell, padding="same"))


def affinities(features: Any, perplexity: float) -> Any:
    """How much every two images are neighbours, as one distribution over all pairs: (N, D) to (N, N), summing to 1.

    Each row's bandwidth is found by bisection, so that its entropy is that of `perplexity` equal neighbours.
    """
    count = ops.cast(ops.shape(features)[0], "float32")
    distances = squared_distances(features - ops.mean(features, axis=0))
    distances = distances / (ops.mean(distances, axis=1, keepdims=True) + 1e-12)
    distances = distances + FAR * ops.eye(ops.shape(features)[0])
    distances = distances - ops.min(distances, axis=1, keepdims=True)
    wanted = ops.log(ops.maximum(ops.minimum(perplexity, (count - 1) / 3), 1.0))
    low = ops.full_like(distances[:, :1], WIDEST)
    high = ops.full_like(low, NARROWEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        chances = ops.softmax(-distances * 2.0**middle, axis=1)
        entropy = -ops.sum(chances * ops.log(chances + 1e-12), axis=1, keepdims=True)
        low, high = ops.where(entropy > wanted, middle, low), ops.where(entropy > wanted, high, middle)
    chances = ops.softmax(-distances * 2.0 ** ((low + high) / 2), axis=1)
    return (chances + ops.transpose(chances)) / (2 * count)


def divergence(near: Any, codes: Any, exaggeration: float) -> Any:
    """Divergence in nats of the neighbours of codes (N, d), by Student's t with one degree of freedom, from `near`.

    With an exaggeration, what pulls neighbours together counts so many times.
    """
    distances = squared_distances(codes)
    others = 1 - ops.eye(ops.shape(codes)[0])
    attraction = ops.sum(near * ops.log(1 + distances))
    repulsion = ops.log(ops.sum(others / (1 + distances)) + 1e-12)
    return exaggeration * attraction + repulsion + ops.sum(near * ops.log(near + 1e-12))


def squared_distances(rows: Any) -> Any:
    """Squared distances between all rows: (N, D) to (N, N)."""
    lengths = ops.sum(ops.square(rows), axis=1)
    return ops.relu(lengths[:, None] + lengths[None] - 2 * ops.matmul(rows, ops.transpose(rows)))


def _blurred(images: Any) -> Any:
    """Images (N, h, w, c), each pixel mixed with its neighbours: a quarter, a half, a quarter in both directions."""
    padded = ops.pad(images, [(0, 0), (1, 1), (1, 1), (0, 0)])
    rows = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    return (rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]) / 4


def _flat(values: Any) -> Any:
    return ops.reshape(values, (-1, math.prod(values.shape[1:])))

"""What can be said about codes, and done with them: pure functions of arrays.

A code is a row of d numbers, codes are (N, d). A *place* is a point (x, y) of a map: `code_at` and `place_of` go to
and fro where the map is a plane through the codes.
"""

from aecore.latent.gaussian import Gaussian, density
from aecore.latent.neighbours import knn_accuracy, majority, nearest, trustworthiness
from aecore.latent.numbers import active_units, by_variance, ranges
from aecore.latent.plane import Plane, axes_plane, code_at, place_of, principal_plane
from aecore.latent.probe import linear_accuracy
from aecore.latent.walks import difference, gaussian_grid, linear, manifold_grid, spherical

__all__ = [
    "Gaussian",
    "Plane",
    "active_units",
    "axes_plane",
    "by_variance",
    "code_at",
    "density",
    "difference",
    "gaussian_grid",
    "knn_accuracy",
    "linear",
    "linear_accuracy",
    "majority",
    "manifold_grid",
    "nearest",
    "place_of",
    "principal_plane",
    "ranges",
    "spherical",
    "trustworthiness",
]

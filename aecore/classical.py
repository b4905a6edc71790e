"""Restoring without learning: what was known before networks, to set beside them.

Every method takes one image (H, W, C), float32 in [0, 1], and what is known of its damage, and gives an image of the
same shape and range. None estimates what it is told: the noise, the blur and the hole are given to it exactly, which is
more than a blind network knows.

>>> [method.title for method in methods("fill")]
['Biharmonic']
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from aecore.images import BLUR_REACH, gaussian_blur

PATCH, SEARCH = 5, 6  # px; side of the patches that non-local means compares, and how far away it looks for them
SIMILAR = 0.6  # times the noise: how different patches may be that count as alike (Darbon et al. 2008)
SMOOTHING = 0.8  # times the noise: weight of the total variation
ROUNDS = 30  # of Richardson–Lucy; more sharpen noise
SHARPEST = 0.1  # px; a Gaussian below this does not blur at all
Function = Callable[[np.ndarray, float, np.ndarray | None], np.ndarray]


@dataclass(frozen=True)
class Method:
    """A way of restoring without learning.

    Args:
        name: Lower case with hyphens.
        title: What people call it.
        task: The damage that it undoes: "denoise", "deblur" or "fill".
        told: What it is told of the damage.
        source: Who found it.
        function: From an image, the strength of its damage and its hole to the restored image.
        needs: A package that it needs and that may be missing; empty for none.
    """

    name: str
    title: str
    task: str
    told: str
    source: str
    function: Function
    needs: str = ""

    def __call__(self, image: np.ndarray, strength: float, hole: np.ndarray | None = None) -> np.ndarray:
        """Restores an image.

        Args:
            image: (H, W, C) float32 in [0, 1].
            strength: Standard deviation of the noise (on the scale from 0 to 1) or of the blur (in px); not looked at
                where there is a hole.
            hole: (H, W) or (H, W, 1) bool, where the image is missing; for the task "fill".

        Returns:
            (H, W, C) float32 in [0, 1].
        """
        if hole is None and strength <= (SHARPEST if self.task == "deblur" else 0):
            return image
        made = self.function(image, strength, hole).reshape(image.shape)  # some drop a channel that is alone
        return np.clip(made, 0, 1).astype(np.float32)


def methods(task: str) -> list[Method]:
    """The methods for a task, without those whose package is not installed; none for a task such as colouring."""
    return [method for method in METHODS.values() if method.task == task and (not method.needs or _has(method.needs))]


def _has(package: str) -> bool:
    return find_spec(package) is not None


def _non_local_means(image: np.ndarray, strength: float, hole: np.ndarray | None) -> np.ndarray:
    from skimage.restoration import denoise_nl_means

    return denoise_nl_means(
        image, patch_size=PATCH, patch_distance=SEARCH, h=SIMILAR * strength, sigma=strength, channel_axis=-1
    )


def _total_variation(image: np.ndarray, strength: float, hole: np.ndarray | None) -> np.ndarray:
    from skimage.restoration import denoise_tv_chambolle

    return denoise_tv_chambolle(image, weight=SMOOTHING * strength, channel_axis=-1)


def _wavelet(image: np.ndarray, strength: float, hole: np.ndarray | None) -> np.ndarray:
    from skimage.restoration import denoise_wavelet

    return denoise_wavelet(image, sigma=strength, method="BayesShrink", mode="soft", channel_axis=-1)


def _richardson_lucy(image: np.ndarray, strength: float, hole: np.ndarray | None) -> np.ndarray:
    from skimage.restoration import richardson_lucy

    point = point_spread(strength)
    return _each_channel(lambda plane: richardson_lucy(plane, point, num_iter=ROUNDS), image, len(point) // 2)


def _wiener(image: np.ndarray, strength: float, hole: np.ndarray | None) -> np.ndarray:
    from skimage.restoration import unsupervised_wiener

    point = point_spread(strength)
    return _each_channel(lambda plane: unsupervised_wiener(plane, point, rng=0)[0], image, len(point) // 2)


def _biharmonic(image: np.ndarray, strength: float, hole: np.ndarray | None) -> np.ndarray:
    from skimage.restoration import inpaint_biharmonic

    missing = np.zeros(image.shape[:2], bool) if hole is None else hole.reshape(image.shape[:2])
    return inpaint_biharmonic(image, missing, channel_axis=-1) if missing.any() else image


def point_spread(stddev: float) -> np.ndarray:
    """What a Gaussian blur makes of one bright pixel: an odd square whose sum is 1, as far as `gaussian_blur` goes."""
    reach = max(1, round(BLUR_REACH * stddev))
    point = np.zeros((1, 2 * reach + 1, 2 * reach + 1, 1), np.float64)
    point[0, reach, reach] = 1
    blurred = gaussian_blur(point, stddev)[0, :, :, 0]
    return blurred / blurred.sum()


def _each_channel(function: Callable[[np.ndarray], np.ndarray], image: np.ndarray, edge: int) -> np.ndarray:
    """A function of planes (H, W) float64 applied to every channel, the image mirrored beyond its border meanwhile."""
    wide = np.pad(image.astype(np.float64), [(edge, edge), (edge, edge), (0, 0)], "symmetric")
    made = np.stack([function(wide[:, :, channel]) for channel in range(image.shape[-1])], axis=-1)
    return made[edge : edge + image.shape[0], edge : edge + image.shape[1]]


METHODS = {
    method.name: method
    for method in (
        Method(
            "non-local-means", "Non-local means", "denoise", "the noise σ", "Buades, Coll and Morel 2005",
            _non_local_means,
        ),
        Method(
            "total-variation", "Total variation", "denoise", "the noise σ", "Rudin, Osher and Fatemi 1992; Chambolle "
            "2004", _total_variation,
        ),
        Method(
            "wavelet", "Wavelet", "denoise", "the noise σ", "Chang, Yu and Vetterli 2000, BayesShrink", _wavelet,
            needs="pywt",
        ),
        Method(
            "richardson-lucy", "Richardson–Lucy", "deblur", "the blur", "Richardson 1972; Lucy 1974", _richardson_lucy
        ),
        Method("wiener", "Wiener", "deblur", "the blur", "Orieux, Giovannelli and Rodet 2010, unsupervised", _wiener),
        Method("biharmonic", "Biharmonic", "fill", "the hole", "Damelin and Hoang 2018", _biharmonic),
    )
}  # fmt: skip

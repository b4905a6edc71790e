"""What is done to an image before a network sees it: the damage that it learns to undo.

Every corruption maps image arrays (N, H, W, C), float32 in [0, 1], to image arrays in the same range. Randomness comes
from the generator passed in, so a preview, a training and a test that pass equal generators see equal damage.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aecore.errors import RequestError
from aecore.images import LUMA, gaussian_blur, jpeg, resize, sampled, to_float, to_uint8
from aecore.params import Part, Registry, param

CORRUPTIONS = Registry("corruption")
Shape = tuple[int, int, int]
VARIED = {
    "label": "Any strength up to this",
    "help": "Each image is damaged by another strength between none and this one: one network for all of them.",
    "advanced": True,
    "later": True,
}


@dataclass(frozen=True)
class Corruption(Part):
    """A way of damaging images."""

    identity: ClassVar[bool] = False

    def __call__(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Damages `images`.

        Args:
            images: (N, H, W, C) float32 in [0, 1]; left as they are.
            rng: Source of every random choice.

        Returns:
            (N, *output_shape) float32 in [0, 1].
        """
        raise NotImplementedError

    def output_shape(self, shape: Shape) -> Shape:
        """Shape (H, W, C) of a damaged image whose clean shape is `shape`.

        Raises:
            RequestError: Images of this shape cannot be damaged in this way.
        """
        return shape

    def hole(self, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray | None:
        """Where an image is missing: (N, H, W, 1) bool for the `rng` that was passed to the call, or None."""
        return None


@CORRUPTIONS("none", "Nothing")
@dataclass(frozen=True)
class NoCorruption(Corruption):
    """Leave the image as it is: the plain autoencoder.

    The network must give back what it was given. All it can lose, it loses in the narrow middle.
    """

    identity: ClassVar[bool] = True

    def __call__(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return images


@CORRUPTIONS("gaussian", "Gaussian noise")
@dataclass(frozen=True)
class GaussianNoise(Corruption):
    """Add Gaussian noise to every pixel, clipped to the range of an image.

    The classic damage of denoising autoencoders (Vincent et al. 2008). A network cannot store noise in a short code,
    so it learns what images have in common.
    """

    stddev: float = param(
        0.25, low=0, high=1, step=0.05, label="Noise σ", help="Standard deviation; black is 0 and white is 1."
    )
    varied: bool = param(False, **VARIED)

    def __call__(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        noise = rng.standard_normal(images.shape, dtype=np.float32)
        stddev = np.float32(self.stddev)
        if self.varied:
            stddev = stddev * rng.random((len(images), 1, 1, 1), dtype=np.float32)
        return np.clip(images + stddev * noise, 0, 1)


@CORRUPTIONS("salt_pepper", "Salt and pepper")
@dataclass(frozen=True)
class SaltAndPepper(Corruption):
    """Turn a share of the pixels black or white.

    What dead pixels of a sensor and errors of a transmission look like: the pixels that are left are untouched.
    """

    share: float = param(0.1, low=0, high=1, step=0.05, label="Share of pixels", help="Half turn black, half white.")

    def __call__(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        draw = rng.random((*images.shape[:3], 1), dtype=np.float32)
        salted = np.where(draw < self.share / 2, np.float32(1), images)
        return np.where(draw > 1 - self.share / 2, np.float32(0), salted)


@CORRUPTIONS("blur", "Blur")
@dataclass(frozen=True)
class GaussianBlur(Corruption):
    """Blur with a Gaussian, as a lens out of focus does.

    Blur removes fine detail for good; a network puts back what usually stands there.
    """

    stddev: float = param(
        1.0, low=0, high=5, step=0.25, label="Blur σ", unit="px", help="Standard deviation of the Gaussian."
    )
    varied: bool = param(False, **VARIED)

    def __call__(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        if not self.varied:
            return gaussian_blur(images, self.stddev)
        blurred = np.empty_like(images)
        for number, stddev in enumerate(self.stddev * rng.random(len(images))):
            blurred[number] = gaussian_blur(images[number : number + 1], float(stddev))[0]
        return blurred


@CORRUPTIONS("box", "Black box")
@dataclass(frozen=True)
class BlackBox(Corruption):
    """Cover a square of the image, at a random place, with black.

    Filling the hole needs an idea of the whole: the missing part is guessed from what surrounds it (Pathak et al.
    2016, arXiv:1604.07379).
    """

    size: int = param(10, low=1, high=256, step=1, label="Box size", unit="px", help="Side of the black square.")
    varied: bool = param(False, **VARIED)

    def hole(self, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
        num_images, height, width = shape[:3]
        size: int | np.ndarray = self.size
        if self.varied:
            size = rng.integers(1, self.size + 1, (num_images, 1, 1, 1))
        top = rng.integers(0, height - size + 1, (num_images, 1, 1, 1))
        left = rng.integers(0, width - size + 1, (num_images, 1, 1, 1))
        rows, columns = np.arange(height).reshape(1, -1, 1, 1), np.arange(width).reshape(1, 1, -1, 1)
        return (rows >= top) & (rows < top + size) & (columns >= left) & (columns < left + size)

    def __call__(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return np.where(self.hole(images.shape, rng), np.float32(0), images)

    def output_shape(self, shape: Shape) -> Shape:
        if self.size >= min(shape[:2]):
            raise RequestError(
                f"A black box of {self.size} px hides all of an image of {shape[1]} × {shape[0]} px; "
                f"take a size below {min(shape[:2])}."
            )
        return shape


@CORRUPTIONS("grey", "Grey")
@dataclass(frozen=True)
class Grey(Corruption):
    """Take the colour away and keep the brightness.

    Giving it back is guessing: the grey of a red and of a green leaf is the same.
    """

    def __call__(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return images @ LUMA.reshape(3, 1)

    def output_shape(self, shape: Shape) -> Shape:
        if shape[2] != 3:
            raise RequestError("These images are grey already; choose data in colour, or another damage.")
        return (*shape[:2], 1)


WAYS = ("bicubic", "box", "lanczos", "sampled")
MIXTURES = {"mixed": ("bicubic", *WAYS), "mostly": (*("bicubic",) * 6, *WAYS)}  # the standard is the likeliest


@CORRUPTIONS("shrink", "Shrink")
@dataclass(frozen=True)
class Shrink(Corruption):
    """Make the image smaller by a whole factor; the network must make it large again.

    Antialiased bicubic shrinking is the standard of super-resolution. Real pictures were shrunk in other ways too, and
    a network that has seen one way only does worse than nothing on the others. One that has seen all of them has to
    guess the way from the picture, which costs a little on the standard; less, where that is the likeliest.
    """

    factor: int = param(2, low=2, high=4, step=1, label="Factor", unit="×", help="How many times smaller each side is.")
    way: str = param(
        "bicubic",
        choices={
            "bicubic": "Bicubic, antialiased",
            "box": "Mean over the area",
            "lanczos": "Lanczos, antialiased",
            "sampled": "Cubic, not antialiased",
            "mixed": "Each image in another way",
            "mostly": "Mostly bicubic, sometimes another way",
        },
        label="Way",
        help="How pixels of the smaller image are made.",
        advanced=True,
        later=True,
    )

    def __call__(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        if self.way in MIXTURES:
            ways = MIXTURES[self.way]
            return np.concatenate([self._shrunk(image[None], str(rng.choice(ways))) for image in images])
        return self._shrunk(images, self.way)

    def _shrunk(self, images: np.ndarray, way: str) -> np.ndarray:
        height, width, _ = self.output_shape(images.shape[1:])
        return sampled(images, self.factor) if way == "sampled" else resize(images, (height, width), way)

    def output_shape(self, shape: Shape) -> Shape:
        height, width, channels = shape
        if height % self.factor or width % self.factor:
            raise RequestError(
                f"Images of {width} × {height} px cannot be made {self.factor} times smaller in whole pixels; "
                f"take another factor or another image size."
            )
        return height // self.factor, width // self.factor, channels


@CORRUPTIONS("worn", "As photographs arrive")
@dataclass(frozen=True)
class Worn(Corruption):
    """Blur a little, make smaller, add noise and compress as JPEG: what a photograph goes through.

    Networks that have seen clean pictures only take noise and the squares of JPEG for detail, and make it larger. Each
    image gets another amount of each damage, from none to the greatest (cf. Zhang et al. 2021, arXiv:2103.14006).
    """

    factor: int = param(
        2,
        low=1,
        high=4,
        step=1,
        label="Factor",
        unit="×",
        help="How many times smaller each side is; 1 keeps the size.",
    )
    blur: float = param(
        0.5,
        low=0,
        high=2,
        step=0.1,
        label="Blur σ, at most",
        unit="px",
        help="Standard deviation, in pixels of the smaller image.",
    )
    noise: float = param(
        0.04, low=0, high=0.5, step=0.01, label="Noise σ, at most", help="Standard deviation; white is 1."
    )
    quality: int = param(
        50, low=5, high=100, step=5, label="JPEG quality, at least", help="100 loses least.", advanced=True
    )

    def __call__(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        worn = np.empty((len(images), *self.output_shape(images.shape[1:])), np.float32)
        for number in range(len(images)):
            blurred = gaussian_blur(images[number : number + 1], self.blur * self.factor * float(rng.random()))
            small = Shrink(self.factor, "mixed")(blurred, rng) if self.factor > 1 else blurred
            noise = rng.standard_normal(small.shape[1:], dtype=np.float32)
            noisy = small[0] + np.float32(self.noise * rng.random()) * noise
            worn[number] = to_float(jpeg(to_uint8(noisy), int(rng.integers(self.quality, 101))))
        return worn

    def output_shape(self, shape: Shape) -> Shape:
        return Shrink(self.factor).output_shape(shape) if self.factor > 1 else shape

"""Keras layers that architectures share. Keras is imported here, so only what builds or runs a network imports this."""

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from aecore.images import resize

MARGIN = 1 / 1024  # a quarter of a grey level: nobody sees it, and the logarithm of an output stays finite


def crop(x: Any, size: tuple[int, ...]) -> Any:
    """Cuts off, at bottom and right, what rounding up halved sides has added to `size` = (height, width, …)."""
    surplus = [(0, have - wanted) for have, wanted in zip(x.shape[1:3], size[:2], strict=True)]
    return layers.Cropping2D(surplus, dtype=x.dtype)(x) if surplus != [(0, 0), (0, 0)] else x


def at_size(image: Any, size: tuple[int, ...]) -> Any:
    """The image at `size` = (height, width…): as it is, or resized."""
    return image if tuple(image.shape[1:3]) == tuple(size[:2]) else Resize(size[0], size[1])(image)


class Resize(layers.Layer):
    """Bicubic resizing, exactly that of `aecore.images.resize`, as two matrix products.

    Args:
        height: New height in px.
        width: New width in px.
    """

    def __init__(self, height: int, width: int, **options: Any) -> None:
        super().__init__(dtype="float32", **options)
        self.size = (height, width)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.matrices = [_resizing(old, new) for old, new in zip(input_shape[1:3], self.size, strict=True)]

    def call(self, images: Any) -> Any:
        rows, columns = self.matrices
        tall = ops.einsum("Hh,nhwc->nHwc", rows, images)
        return ops.clip(ops.einsum("Ww,nHwc->nHWc", columns, tall), 0, 1)


def _resizing(old: int, new: int) -> np.ndarray:
    """The matrix (new, old) that resizes one column of pixels."""
    inside = np.eye(old, dtype=np.float32) / 2 + 0.25  # weights sum to 1, so a shift keeps all values clear of 0 and 1
    return (resize(inside[None, :, :, None], (new, old))[0, :, :, 0] - 0.25) * 2


class DepthToSpace(layers.Layer):
    """Turns channels into pixels: (N, H, W, f²·C) to (N, f·H, f·W, C) (Shi et al. 2016, arXiv:1609.05158).

    Args:
        factor: f.
    """

    def __init__(self, factor: int, **options: Any) -> None:
        super().__init__(**options)
        self.factor = factor

    def call(self, x: Any) -> Any:
        factor, (height, width, channels) = self.factor, x.shape[1:]
        channels //= factor**2
        x = ops.reshape(x, (-1, height, width, factor, factor, channels))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))  # (N, H, f, W, f, C)
        return ops.reshape(x, (-1, height * factor, width * factor, channels))


class NearIdentity(keras.initializers.Initializer):
    """Kernels (k, k, in, out) that pass every channel on, and mix in a little of the others.

    A deep stack of random convolutions with ReLU makes all places alike, and what it should restore is lost on the way;
    from here the picture reaches the last layer whole (cf. Zagoruyko & Komodakis 2017, arXiv:1706.00388).

    Args:
        amount: How much is mixed in, as a share of He's standard deviation.
    """

    def __init__(self, amount: float = 0.2) -> None:
        self.amount = amount

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Any:
        height, width, inputs, outputs = shape
        kernel = np.zeros(shape, np.float32)
        kernel[height // 2, width // 2] = np.eye(outputs)[np.arange(inputs) % outputs]
        spread = self.amount * (2 / (height * width * inputs)) ** 0.5
        return ops.cast(kernel + keras.random.normal(shape, stddev=spread, dtype="float32"), dtype or "float32")

    def get_config(self) -> dict[str, Any]:
        return {"amount": self.amount}


class SpaceToDepth(layers.Layer):
    """Turns pixels into channels: (N, H, W, C) to (N, ⌈H/f⌉, ⌈W/f⌉, f²·C); the opposite of `DepthToSpace`.

    Sides that f does not divide are continued with zeros.

    Args:
        factor: f.
    """

    def __init__(self, factor: int, **options: Any) -> None:
        super().__init__(**options)
        self.factor = factor

    def call(self, x: Any) -> Any:
        factor, (height, width, channels) = self.factor, x.shape[1:]
        rows, columns = -(-height // factor), -(-width // factor)
        x = ops.pad(x, [(0, 0), (0, rows * factor - height), (0, columns * factor - width), (0, 0)])
        x = ops.reshape(x, (-1, rows, factor, columns, factor, channels))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))  # (N, h, w, f, f, C)
        return ops.reshape(x, (-1, rows, columns, factor**2 * channels))


class UpsampledConv2D(layers.Conv2D):
    """Doubling by repetition and a 3 × 3 convolution "same" after it, in one: same numbers, same parameters, less work.

    An output pixel sees nine repeated pixels, which are four different ones: a transposed convolution whose 4 × 4
    kernel holds the sums takes four multiplications in place of nine.
    """

    def __init__(self, filters: int, **options: Any) -> None:
        super().__init__(filters, 3, padding="same", **options)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        count, height, width, _ = input_shape
        return count, 2 * height, 2 * width, self.filters

    def call(self, inputs: Any) -> Any:
        kernel = ops.flip(ops.transpose(self.kernel, (0, 1, 3, 2)), (0, 1))  # (3, 3, out, in)
        kernel = ops.pad(kernel, [(0, 1), (0, 0), (0, 0), (0, 0)]) + ops.pad(kernel, [(1, 0), (0, 0), (0, 0), (0, 0)])
        kernel = ops.pad(kernel, [(0, 0), (0, 1), (0, 0), (0, 0)]) + ops.pad(kernel, [(0, 0), (1, 0), (0, 0), (0, 0)])
        return self.activation(ops.conv_transpose(inputs, kernel, strides=2, padding="same") + self.bias)


class Bounded(layers.Layer):
    """Adds a correction to an image and clips the sum to [0, 1].

    Plain clipping has no gradient outside, so a pixel that has left the range never comes back. Here a gradient that
    leads back inside passes, and one that leads further away does not.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(dtype="float32", **options)

    def call(self, image: Any, correction: Any) -> Any:
        return _bounded(image + correction)


@ops.custom_gradient
def _bounded(x: Any) -> Any:
    low, high = MARGIN, 1 - MARGIN

    def gradient(*arguments: Any, upstream: Any = None) -> Any:
        upstream = arguments[0] if upstream is None else upstream
        below, above = ops.logical_and(x < low, upstream > 0), ops.logical_and(x > high, upstream < 0)
        return ops.where(ops.logical_or(below, above), ops.zeros_like(upstream), upstream)

    return ops.clip(x, low, high), gradient


class TakePicture(layers.Layer):
    """The channels of a picture without the last one, which holds its class: (N, H, W, C + 1) to (N, H, W, C)."""

    def call(self, images: Any) -> Any:
        return images[..., :-1]


class TakeClass(layers.Layer):
    """The class that the last channel of an image holds, number / 255 everywhere, as (N, `count`): one 1, else 0.

    Args:
        count: How many classes there are.
    """

    def __init__(self, count: int, **options: Any) -> None:
        super().__init__(dtype="float32", **options)
        self.count = count

    def call(self, images: Any) -> Any:
        number = ops.cast(ops.round(255 * images[:, 0, 0, -1]), "int32")
        return ops.one_hot(number, self.count, dtype="float32")


class Sparsity(layers.Layer):
    """Passes a code on and adds to the loss what it costs to be active.

    Args:
        penalty: `l1`, the mean absolute activity; or `kl`, the divergence of each unit's mean activity over a batch
            from `rate`, averaged over units (Ng 2011).
        weight: Factor of the term.
        rate: Wanted mean activity, for `kl`.
    """

    def __init__(self, penalty: str, weight: float, rate: float, **options: Any) -> None:
        super().__init__(dtype="float32", **options)
        self.penalty, self.weight, self.rate = penalty, weight, rate

    def call(self, codes: Any) -> Any:
        if self.penalty == "l1":
            cost = ops.mean(ops.abs(codes))
        else:
            activity = ops.clip(ops.mean(codes, axis=0), 1e-6, 1 - 1e-6)
            cost = ops.mean(bernoulli_kl(self.rate, activity))
        self.add_loss(self.weight * cost)
        return codes


class Posterior(layers.Layer):
    """Draws a code from the Gaussian that an encoder gives, in training; gives the Gaussian's mean otherwise.

    Input is (N, 2·d): means and logarithms of variances. The divergence from the standard normal is added to the loss.

    Args:
        weight: Factor of the divergence, in nats per image.
        warm_up: Steps over which the factor grows from 0 in training; 0 is off.
    """

    def __init__(self, weight: float, warm_up: int, **options: Any) -> None:
        super().__init__(dtype="float32", **options)
        self.weight, self.warm_up = weight, warm_up
        self.seeds = keras.random.SeedGenerator()
        if warm_up:
            self.taken = self.add_weight(shape=(), initializer="zeros", trainable=False, name="steps_taken")

    def call(self, parameters: Any, training: bool = False) -> Any:
        mean, log_variance = ops.split(parameters, 2, axis=-1)
        weight = self.weight
        if training and self.warm_up:
            self.taken.assign(self.taken + 1)
            weight = weight * ops.minimum(self.taken / self.warm_up, 1.0)
        self.add_loss(weight * ops.mean(gaussian_kl(mean, log_variance)))
        if not training:
            return mean
        return mean + ops.exp(log_variance / 2) * keras.random.normal(ops.shape(mean), seed=self.seeds)


def gaussian_kl(mean: Any, log_variance: Any) -> Any:
    """Divergence of N(mean, variance) from the standard normal in nats: (N, d), (N, d) to (N,)."""
    return 0.5 * ops.sum(ops.square(mean) + ops.exp(log_variance) - 1 - log_variance, axis=-1)


def bernoulli_kl(wanted: float, rate: Any) -> Any:
    """Divergence in nats of a coin with chance `rate` from one with chance `wanted`, elementwise."""
    return wanted * ops.log(wanted / rate) + (1 - wanted) * ops.log((1 - wanted) / (1 - rate))

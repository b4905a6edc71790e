"""Losses on image tensors, and optimisers: what the choices of a `Fit` stand for."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from aecore.errors import RequestError
from aecore.fit import Fit
from aecore.training.muon import Muon

CHARBONNIER_EPSILON = 1e-3
SMALLEST_ERROR = 1e-7  # 70 dB: better than 8 bits can tell
SSIM_WINDOW = 7
SSIM_STABILISERS = (0.01**2, 0.03**2)  # for values in [0, 1], as in the paper
AVERAGED = 0.1  # of a training, at most: an average over more would still hold the weights that it began with


def mean_squared_error(targets: Any, outputs: Any) -> Any:
    """Mean of squared differences."""
    return ops.mean(ops.square(targets - outputs))


def binary_crossentropy(targets: Any, outputs: Any) -> Any:
    """Cross-entropy of every value read as a probability, in nats; for grey targets its floor is not zero."""
    return ops.mean(keras.losses.binary_crossentropy(targets, outputs))


def mean_absolute_error(targets: Any, outputs: Any) -> Any:
    """Mean of absolute differences."""
    return ops.mean(ops.abs(targets - outputs))


def charbonnier(targets: Any, outputs: Any) -> Any:
    """Absolute difference, rounded off at zero (Lai et al. 2017, arXiv:1704.03915)."""
    return ops.mean(ops.sqrt(ops.square(targets - outputs) + CHARBONNIER_EPSILON**2))


def structural_dissimilarity(targets: Any, outputs: Any) -> Any:
    """1 − SSIM over windows of 7 px (Wang et al. 2004, doi:10.1109/TIP.2003.819861)."""

    def window_mean(values: Any) -> Any:
        return ops.average_pool(values, SSIM_WINDOW, strides=1, padding="valid")

    first, second = SSIM_STABILISERS
    mean_t, mean_o = window_mean(targets), window_mean(outputs)
    variance_t = window_mean(ops.square(targets)) - ops.square(mean_t)
    variance_o = window_mean(ops.square(outputs)) - ops.square(mean_o)
    covariance = window_mean(targets * outputs) - mean_t * mean_o
    likeness = (2 * mean_t * mean_o + first) * (2 * covariance + second)
    scale = (ops.square(mean_t) + ops.square(mean_o) + first) * (variance_t + variance_o + second)
    return 1 - ops.mean(likeness / scale)


def negative_psnr(targets: Any, outputs: Any) -> Any:
    """Mean over images of 10 · log₁₀ of the squared error, in dB: nearly right images count in full."""
    error = ops.mean(ops.square(targets - outputs), axis=(1, 2, 3))
    return 10 * ops.mean(ops.log10(error + SMALLEST_ERROR))


LOSS_FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "mse": mean_squared_error,
    "bce": binary_crossentropy,
    "mae": mean_absolute_error,
    "charbonnier": charbonnier,
    "ssim": structural_dissimilarity,
    "psnr": negative_psnr,
}
OPTIMIZERS = {
    "adam": keras.optimizers.Adam,
    "sgd": keras.optimizers.SGD,
    "rmsprop": keras.optimizers.RMSprop,
    "adamw": keras.optimizers.AdamW,
    "muon": Muon,
}


def make_loss(fit: Fit, target_shape: tuple[int, int, int]) -> Callable[[Any, Any], Any]:
    """The loss function of a fit.

    Raises:
        RequestError: The images are too small for it.
    """
    if fit.loss == "ssim" and min(target_shape[:2]) < SSIM_WINDOW:
        raise RequestError(
            f"Structural similarity needs images of at least {SSIM_WINDOW} px a side; these have "
            f"{target_shape[1]} × {target_shape[0]} px. Choose another loss."
        )
    return LOSS_FUNCTIONS[fit.loss]


def make_optimizer(fit: Fit, num_steps: int) -> keras.optimizers.Optimizer:
    """The optimiser of a fit whose training takes `num_steps` steps."""
    schedules = keras.optimizers.schedules
    rates = {
        "constant": fit.learning_rate,
        "cosine": schedules.CosineDecay(fit.learning_rate, num_steps, alpha=1e-3),
        "linear": schedules.PolynomialDecay(fit.learning_rate, num_steps, end_learning_rate=0.0),
    }
    options: dict[str, Any] = {"learning_rate": rates[fit.schedule]}
    if fit.weight_decay:
        options["weight_decay"] = fit.weight_decay
    if fit.gradient_clip:
        options["global_clipnorm"] = fit.gradient_clip
    if fit.ema:
        options |= {"use_ema": True, "ema_momentum": max(0.0, min(fit.ema, 1 - 1 / (AVERAGED * num_steps)))}
    return OPTIMIZERS[fit.optimizer](**options)

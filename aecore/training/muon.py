"""Muon for convolutions: steps of the same length in every direction of a kernel."""

import math
from typing import Any

import keras
from keras import ops

FEWEST_CHANNELS = 16  # a kernel with fewer on either side is a way in or out, which Adam suits better


class Muon(keras.optimizers.Muon):
    """Keras' Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon), for kernels of convolutions too.

    Muon makes the momentum of a matrix orthogonal before it is a step, so that directions which a gradient hardly
    shows are learned as fast as those that it is full of. A kernel (k, k, in, out) is the matrix (k²·in, out). Biases,
    and kernels with few channels at an end, are left to Adam.

    Its steps are as long at the end of a direction's use as at its beginning, so kernels grow without end, until units
    die; weight decay (about 0.5) keeps them small. What is left to Adam is not decayed.
    """

    def __init__(self, learning_rate: Any, weight_decay: float | None = None, **options: Any) -> None:
        super().__init__(learning_rate, weight_decay=weight_decay, adam_weight_decay=None, **options)

    def _should_use_adamw(self, variable: Any) -> bool:
        return len(variable.shape) < 2 or min(variable.shape[-2:]) < FEWEST_CHANNELS

    def lr_adjust(self, x: Any) -> Any:
        return x * (self.rms_rate * math.sqrt(max(math.prod(x.shape[:-1]), x.shape[-1])))

    def zeropower_via_newtonschulz5(self, x: Any, steps: int) -> Any:
        shape = x.shape
        matrix = super().zeropower_via_newtonschulz5(ops.reshape(x, (-1, shape[-1])), steps)
        return ops.reshape(matrix, shape)

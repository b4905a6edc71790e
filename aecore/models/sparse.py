"""Sparse autoencoder: a wide code of which little is active."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aecore.models.model import MODELS, Model, Shape
from aecore.params import param

if TYPE_CHECKING:
    import keras


@MODELS("sparse", "Sparse")
@dataclass(frozen=True)
class Sparse(Model):
    """More units than pixels, but only a few may be active for any one image.

    Not the width of the code but its activity is scarce, so each unit comes to stand for a stroke or an edge (Olshausen
    & Field 1996, doi:10.1038/381607a0). One layer down, one layer up: the weights of a unit are a picture of what it
    stands for. L1 charges for all activity; the KL target wants every unit active for the same small share of images.
    """

    latent_dim: int = param(
        1024, low=1, high=4096, label="Code size", unit="numbers", help="Units of the code; more than pixels is meant."
    )
    penalty: str = param(
        "kl", choices={"kl": "KL from a target rate", "l1": "L1 on activity"}, label="Penalty", help="What costs."
    )
    weight: float = param(0.5, low=0, high=100, label="Weight", help="Weight of the penalty beside the loss.")
    rate: float = param(
        0.05, low=0.001, high=0.5, step=0.01, label="Target rate", help="Wanted mean activity of a unit, for KL."
    )

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        import keras
        from keras import layers

        from aecore.models.layers import Sparsity

        rates = self.penalty == "kl"  # codes from 0 to 1; without that, small codes and large weights evade a penalty
        activation, constraint = ("sigmoid", None) if rates else ("relu", keras.constraints.UnitNorm(axis=1))
        image = keras.Input(input_shape, name="image")
        code = layers.Dense(self.latent_dim, activation=activation)(layers.Flatten()(image))
        code = Sparsity(self.penalty, self.weight, self.rate, name="code")(code)
        encoder = keras.Model(image, code, name="encoder")

        latent = keras.Input((self.latent_dim,), name="latent")
        last = {"activation": "sigmoid", "dtype": "float32", "kernel_constraint": constraint}
        x = layers.Dense(math.prod(target_shape), **last)(latent)
        decoder = keras.Model(latent, layers.Reshape(target_shape, dtype="float32")(x), name="decoder")
        return keras.Model(image, decoder(encoder(image)), name="sparse")

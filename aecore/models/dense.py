"""Dense autoencoder: every pixel connected to every unit."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aecore.models.model import MODELS, Model, Shape
from aecore.params import param

if TYPE_CHECKING:
    import keras


@MODELS("dense", "Dense")
@dataclass(frozen=True)
class Dense(Model):
    """Fully connected layers down to the code, and the same layers back up.

    The oldest kind of autoencoder (Hinton & Salakhutdinov 2006, doi:10.1126/science.1127647). It knows nothing of
    neighbouring pixels: shuffle them all in the same way and it learns just as well.
    """

    widths: tuple[int, ...] = param(
        (128,), low=1, high=4096, most=6, label="Layer widths", help="Units of each hidden layer, from image to code."
    )
    latent_dim: int = param(64, low=1, high=1024, label="Latent size", unit="numbers", help="Length of the code.")
    linear_code: bool = param(
        False,
        label="Linear code",
        help="Let the numbers of the code be negative too; otherwise ReLU leaves some of them always zero.",
        advanced=True,
        later=True,
    )

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        import keras
        from keras import layers

        image = keras.Input(input_shape, name="image")
        activation = "relu" if self.widths and not self.linear_code else None
        code = layers.Dense(self.latent_dim, activation=activation, name="code")(self.features(image))
        encoder = keras.Model(image, code, name="encoder")
        return keras.Model(image, self.decoder(target_shape)(encoder(image)), name="dense")

    def features(self, image: Any) -> Any:
        """What the hidden layers make of an image: (N, h, w, c) to (N, units)."""
        from keras import layers

        x = layers.Flatten()(image)
        for width in self.widths:
            x = layers.Dense(width, activation="relu")(x)
        return x

    def decoder(self, target_shape: Shape) -> "keras.Model":
        """The way back, from a code to an image."""
        import keras
        from keras import layers

        latent = keras.Input((self.latent_dim,), name="latent")
        x = latent
        for width in reversed(self.widths):
            x = layers.Dense(width, activation="relu")(x)
        x = layers.Dense(math.prod(target_shape), activation="sigmoid", dtype="float32")(x)
        return keras.Model(latent, layers.Reshape(target_shape, dtype="float32")(x), name="decoder")

"""Convolutional autoencoder with a latent vector."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aecore.errors import RequestError
from aecore.models.model import MODELS, Model, Shape
from aecore.params import param

if TYPE_CHECKING:
    import keras


@MODELS("conv", "Convolutional")
@dataclass(frozen=True)
class Conv(Model):
    """Convolutions that halve the image down to a code, and transposed ones that double it back.

    Each filter looks at a small neighbourhood and is used everywhere, so few weights go a long way (Masci et al. 2011,
    doi:10.1007/978-3-642-21735-7_7). Filters double at every step down.
    """

    filters: int = param(32, low=4, high=256, step=4, label="Filters", help="Filters of the first layer.")
    depth: int = param(2, low=1, high=6, step=1, label="Depth", help="How many times the image is halved.")
    latent_dim: int = param(32, low=1, high=1024, label="Latent size", unit="numbers", help="Length of the code.")

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        import keras
        from keras import layers

        step = 2**self.depth
        if min(input_shape[:2]) < step:
            raise RequestError(
                f"Images of {input_shape[1]} × {input_shape[0]} px cannot be halved {self.depth} times; "
                f"choose a smaller depth."
            )
        widths = [self.filters * 2**level for level in range(self.depth)]
        image = keras.Input(input_shape, name="image")
        x = image
        for width in widths:
            x = layers.Conv2D(width, 3, strides=2, padding="same", activation="relu")(x)
        code = layers.Dense(self.latent_dim, name="code")(layers.Flatten()(x))
        encoder = keras.Model(image, code, name="encoder")

        height, width = (-(-side // step) for side in target_shape[:2])  # rounded up: the surplus is cropped at the end
        latent = keras.Input((self.latent_dim,), name="latent")
        x = layers.Dense(height * width * widths[-1], activation="relu")(latent)
        x = layers.Reshape((height, width, widths[-1]))(x)
        for filters in reversed(widths):
            x = layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu")(x)
        x = layers.Conv2D(target_shape[2], 3, padding="same", activation="sigmoid")(x)
        surplus = [(0, side * step - wanted) for side, wanted in zip((height, width), target_shape[:2], strict=True)]
        decoder = keras.Model(latent, layers.Cropping2D(surplus)(x), name="decoder")
        return keras.Model(image, decoder(encoder(image)), name="conv")

"""Convolutional autoencoder with a latent vector."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aecore.models.model import MODELS, Model, Shape, check_depth
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

        image = keras.Input(input_shape, name="image")
        code = layers.Dense(self.latent_dim, name="code")(self.features(image))
        encoder = keras.Model(image, code, name="encoder")
        return keras.Model(image, self.decoder(target_shape)(encoder(image)), name="conv")

    def features(self, image: Any) -> Any:
        """What the convolutions make of an image: (N, h, w, c) to (N, values)."""
        from keras import layers

        check_depth(image.shape[1:], self.depth)
        x = image
        for level in range(self.depth):
            x = layers.Conv2D(self.filters * 2**level, 3, strides=2, padding="same", activation="relu")(x)
        return layers.Flatten()(x)

    def decoder(self, target_shape: Shape) -> "keras.Model":
        """The way back, from a code to an image."""
        import keras
        from keras import layers

        from aecore.models.layers import crop

        widths = [self.filters * 2**level for level in range(self.depth)]
        height, width = (-(-side // 2**self.depth) for side in target_shape[:2])  # rounded up, cropped at the end
        latent = keras.Input((self.latent_dim,), name="latent")
        x = layers.Dense(height * width * widths[-1], activation="relu")(latent)
        x = layers.Reshape((height, width, widths[-1]))(x)
        for filters in reversed(widths):
            x = layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu")(x)
        x = layers.Conv2D(target_shape[2], 3, padding="same", activation="sigmoid", dtype="float32")(x)
        return keras.Model(latent, crop(x, target_shape), name="decoder")

"""The published face inpainter: strided convolutions around a dense code."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aecore.models.model import MODELS, Model, Shape, check_depth
from aecore.params import param

if TYPE_CHECKING:
    import keras


@MODELS("conv_latent", "Convolutional, mirrored")
@dataclass(frozen=True)
class ConvLatent(Model):
    """Convolutions of stride 2 down to a code, and their mirror image back up.

    A published network that fills black squares in faces. The code holds a few hundred numbers for a whole face, so
    what is missing is drawn from what faces have in common.
    """

    filters: tuple[int, ...] = param(
        (32, 64, 64, 64), low=1, high=512, most=7, label="Filters", help="Filters of each convolution on the way down."
    )
    latent_dim: int = param(300, low=1, high=1024, label="Latent size", unit="numbers", help="Length of the code.")

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        import keras
        from keras import layers

        from aecore.models.layers import crop

        depth = len(self.filters)
        check_depth(input_shape, depth)
        image = keras.Input(input_shape, name="image")
        x = image
        for filters in self.filters:
            x = layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu")(x)
        code = layers.Dense(self.latent_dim, name="code")(layers.Flatten()(x))
        encoder = keras.Model(image, code, name="encoder")

        start = (*(-(-side // 2**depth) for side in target_shape[:2]), self.filters[-1])  # rounded up, cropped later
        latent = keras.Input((self.latent_dim,), name="latent")
        x = layers.Dense(start[0] * start[1] * start[2], activation="relu")(latent)
        x = layers.Reshape(start)(x)
        for filters in reversed(self.filters[:-1]):
            x = layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="relu")(x)
        last = {"activation": "sigmoid", "dtype": "float32"}
        x = layers.Conv2DTranspose(target_shape[2], 3, strides=2, padding="same", **last)(x)
        decoder = keras.Model(latent, crop(x, target_shape), name="decoder")
        return keras.Model(image, decoder(encoder(image)), name="conv_latent")

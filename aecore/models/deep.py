"""Deep convolutional autoencoder with residual blocks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aecore.models.model import MODELS, Model, Shape, check_depth
from aecore.params import param

if TYPE_CHECKING:
    import keras


@MODELS("deep", "Deep residual")
@dataclass(frozen=True)
class Deep(Model):
    """Many convolutions, each adding a little to what is there, around a code.

    Residual blocks (He et al. 2016, arXiv:1512.03385) let a network be deep and still learn from the first step; the
    way up turns channels into pixels (Shi et al. 2016, arXiv:1609.05158), which leaves no checkerboard behind.
    """

    filters: int = param(32, low=4, high=256, step=4, label="Filters", help="Filters at full size; doubled with depth.")
    depth: int = param(2, low=1, high=6, step=1, label="Depth", help="How many times the image is halved.")
    blocks: int = param(1, low=1, high=8, step=1, label="Blocks", help="Residual blocks at each size.")
    latent_dim: int = param(64, low=1, high=1024, label="Latent size", unit="numbers", help="Length of the code.")

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        import keras
        from keras import layers

        from aecore.models.layers import DepthToSpace, crop

        check_depth(input_shape, self.depth)
        widths = [self.filters * 2**level for level in range(self.depth + 1)]
        image = keras.Input(input_shape, name="image")
        x = layers.Conv2D(widths[0], 3, padding="same", activation="relu")(image)
        for width in widths[1:]:
            x = layers.Conv2D(width, 3, strides=2, padding="same", activation="relu")(x)
            x = self._refined(x)
        code = layers.Dense(self.latent_dim, name="code")(layers.Flatten()(x))
        encoder = keras.Model(image, code, name="encoder")

        start = (*(-(-side // 2**self.depth) for side in target_shape[:2]), widths[-1])  # rounded up, cropped later
        latent = keras.Input((self.latent_dim,), name="latent")
        x = layers.Dense(start[0] * start[1] * start[2], activation="relu")(latent)
        x = layers.Reshape(start)(x)
        for width in reversed(widths[:-1]):
            x = self._refined(x)
            x = DepthToSpace(2)(layers.Conv2D(4 * width, 3, padding="same", activation="relu")(x))
        x = layers.Conv2D(target_shape[2], 3, padding="same", activation="sigmoid", dtype="float32")(x)
        decoder = keras.Model(latent, crop(x, target_shape), name="decoder")
        return keras.Model(image, decoder(encoder(image)), name="deep")

    def _refined(self, x: Any) -> Any:
        """Residual blocks, each of which does nothing before training."""
        from keras import layers

        width = x.shape[-1]
        for _ in range(self.blocks):
            change = layers.Conv2D(width, 3, padding="same", activation="relu")(x)
            change = layers.Conv2D(width, 3, padding="same", kernel_initializer="zeros")(change)
            x = layers.Activation("relu")(layers.Add()([x, change]))
        return x

"""U-Net: an hourglass with bridges."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from aecore.models.model import MODELS, Model, Shape, check_depth
from aecore.params import param

if TYPE_CHECKING:
    import keras


@MODELS("unet", "U-Net")
@dataclass(frozen=True)
class UNet(Model):
    """An hourglass with bridges: what is seen at each size on the way down is handed across to the way up.

    Ronneberger et al. 2015 (arXiv:1505.04597). Detail need not pass the narrow middle, which is what restoring wants:
    most of a damaged image is fine. There is no code, so without damage there is nothing to learn. As a correction,
    the network starts from the damaged image and only learns the difference.
    """

    has_latent: ClassVar[bool] = False
    filters: int = param(16, low=4, high=256, step=4, label="Filters", help="Filters at full size; doubled with depth.")
    depth: int = param(2, low=1, high=6, step=1, label="Depth", help="How many times the image is halved.")
    correction: bool = param(
        True, label="Correct the input", help="Predict what to add to the input instead of the whole image."
    )

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        import keras
        from keras import layers

        from aecore.models.layers import Bounded, UpsampledConv2D, at_size, crop

        check_depth(target_shape, self.depth)
        image = keras.Input(input_shape, name="image")
        start = at_size(image, target_shape)
        x, bridges = start, []
        for level in range(self.depth):
            x = self._convolved(x, level)
            bridges.append(x)
            x = layers.MaxPooling2D(padding="same")(x)
        x = self._convolved(x, self.depth)
        for level in reversed(range(self.depth)):
            bridge = bridges[level]
            x = UpsampledConv2D(bridge.shape[-1], activation="relu")(x)
            x = self._convolved(layers.Concatenate()([crop(x, bridge.shape[1:3]), bridge]), level)
        if self.correction and input_shape[2] in (1, target_shape[2]):  # grey is a first guess at a coloured picture
            change = layers.Conv2D(target_shape[2], 3, padding="same", kernel_initializer="zeros", dtype="float32")(x)
            x = Bounded()(start, change)
        else:
            x = layers.Conv2D(target_shape[2], 3, padding="same", activation="sigmoid", dtype="float32")(x)
        return keras.Model(image, x, name="unet")

    def _convolved(self, x: Any, level: int) -> Any:
        from keras import layers

        for _ in range(2):
            x = layers.Conv2D(self.filters * 2**level, 3, padding="same", activation="relu")(x)
        return x

"""The published small super-resolver."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aecore.models.model import MODELS, Model, Shape, check_depth
from aecore.params import param

if TYPE_CHECKING:
    import keras


@MODELS("conv_sr", "Small super-resolver")
@dataclass(frozen=True)
class ConvSuperResolution(Model):
    """Convolutions with pooling down and with upsampling back up, in 84,035 weights.

    A published network that sharpens photographs which were shrunk and enlarged again. All detail has to pass a
    picture of an eighth of the size: whoever looks closely sees that it does not.
    """

    has_latent: ClassVar[bool] = False
    filters: tuple[int, ...] = param(
        (16, 32, 64), low=1, high=512, most=6, label="Filters", help="Filters of each convolution on the way down."
    )

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        import keras
        from keras import layers

        from aecore.models.layers import UpsampledConv2D, at_size, crop

        check_depth(target_shape, len(self.filters))
        image = keras.Input(input_shape, name="image")
        x = at_size(image, target_shape)
        for filters in self.filters:
            x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
            x = layers.MaxPooling2D(padding="same")(x)
        x = layers.Conv2D(self.filters[-1], 3, padding="same", activation="relu")(x)
        for filters in reversed(self.filters[:-1]):
            x = UpsampledConv2D(filters, activation="relu")(x)
        x = UpsampledConv2D(target_shape[2], activation="sigmoid", dtype="float32")(x)
        return keras.Model(image, crop(x, target_shape), name="conv_sr")

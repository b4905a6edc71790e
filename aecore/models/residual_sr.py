"""The published residual super-resolver."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aecore.models.model import MODELS, Model, Shape, check_depth
from aecore.params import param

if TYPE_CHECKING:
    import keras


@MODELS("residual_sr", "Residual super-resolver")
@dataclass(frozen=True)
class ResidualSuperResolution(Model):
    """Down twice and up twice, with the detail of each size added back on the way up: 1,110,403 weights.

    A published network for photographs. What was seen before each pooling is added to what comes back from below, so
    only the rest has to pass the narrow middle. It uses convolutions only and suits images of any size.
    """

    has_latent: ClassVar[bool] = False
    filters: int = param(64, low=4, high=256, step=4, label="Filters", help="Filters of the first layer.")
    dropout: float = param(
        0.3, low=0, high=0.9, step=0.05, label="Dropout", help="Share of values blanked at random while training."
    )

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        import keras
        from keras import layers

        from aecore.models.layers import UpsampledConv2D, at_size, crop

        def conv(x, filters):
            return layers.Conv2D(filters, 3, padding="same", activation="relu")(x)

        def up(x, filters, skip):
            x = crop(UpsampledConv2D(filters, activation="relu")(x), skip.shape[1:3])
            return layers.Add()([conv(x, filters), skip])

        check_depth(target_shape, 2)
        image = keras.Input(input_shape, name="image")
        large = conv(conv(at_size(image, target_shape), self.filters), self.filters)
        x = layers.MaxPooling2D(padding="same")(large)
        if self.dropout:
            x = layers.Dropout(self.dropout)(x)
        small = conv(conv(x, 2 * self.filters), 2 * self.filters)
        x = layers.MaxPooling2D(padding="same")(small)
        x = conv(x, 4 * self.filters)
        x = up(x, 2 * self.filters, small)
        x = up(x, self.filters, large)
        x = layers.Conv2D(target_shape[2], 3, padding="same", activation="sigmoid", dtype="float32")(x)
        return keras.Model(image, x, name="residual_sr")

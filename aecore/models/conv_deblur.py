"""The published convolutional deblurrer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aecore.models.model import MODELS, Model, Shape, check_depth
from aecore.params import param

if TYPE_CHECKING:
    import keras


@MODELS("conv_deblur", "Small deblurrer")
@dataclass(frozen=True)
class ConvDeblur(Model):
    """Two convolutions with pooling down, two transposed ones up: 6,467 weights that sharpen an image.

    A published network for blurred CIFAR-10 images. Its narrowest place keeps the layout of the picture, so there is
    no latent vector: what passes is a small picture with many channels.
    """

    has_latent: ClassVar[bool] = False
    filters: tuple[int, ...] = param(
        (8, 16), low=1, high=512, most=6, label="Filters", help="Filters of each convolution on the way down."
    )

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        import keras
        from keras import layers

        from aecore.models.layers import at_size, crop

        check_depth(target_shape, len(self.filters))
        image = keras.Input(input_shape, name="image")
        x = at_size(image, target_shape)
        for filters in self.filters:
            x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
            x = layers.MaxPooling2D(padding="same")(x)
        for _ in self.filters:
            x = layers.Conv2DTranspose(self.filters[-1], 3, strides=2, padding="same", activation="relu")(x)
        x = layers.Conv2D(target_shape[2], 3, padding="same", activation="sigmoid", dtype="float32")(x)
        return keras.Model(image, crop(x, target_shape), name="conv_deblur")

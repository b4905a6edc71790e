"""A plain stack of convolutions that corrects or enlarges a picture."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aecore.errors import RequestError
from aecore.models.model import FOLD, MODELS, Model, Shape
from aecore.params import param

if TYPE_CHECKING:
    import keras


@MODELS("stack", "Plain stack")
@dataclass(frozen=True)
class Stack(Model):
    """Convolutions one after the other, which say what to add to the picture.

    There is no narrow middle and no code: detail stays where it is, and what the network learns is only the
    difference, as in VDSR (Kim et al. 2016, arXiv:1511.04587) and DnCNN (Zhang et al. 2017, arXiv:1608.03981). The
    last convolution gives all pixels of the target at once, channels turned into pixels (Shi et al. 2016,
    arXiv:1609.05158), so even an enlarger computes at the small size. It begins as doing nothing, bicubic enlargement
    included, and can be used at any size.
    """

    has_latent: ClassVar[bool] = False
    filters: int = param(32, low=4, high=256, step=4, label="Filters", help="Filters of each layer.")
    depth: int = param(8, low=2, high=64, step=1, label="Layers", help="Convolutions one after the other.")
    fold: int = param(1, **FOLD)

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        import keras
        from keras import layers

        from aecore.models.layers import Bounded, DepthToSpace, NearIdentity, SpaceToDepth, at_size, crop

        channels, scale = target_shape[2], _scale(input_shape, target_shape)
        if input_shape[2] not in (1, channels):
            raise RequestError(
                f"A plain stack adds to the picture it is given; {input_shape[2]} channels cannot become {channels}."
            )
        image = keras.Input(input_shape, name="image")
        x = SpaceToDepth(self.fold)(image) if self.fold > 1 else image
        for place in range(self.depth - 1):
            first = NearIdentity() if place else "he_normal"
            x = layers.Conv2D(self.filters, 3, padding="same", activation="relu", kernel_initializer=first)(x)
        factor = scale * self.fold
        x = layers.Conv2D(channels * factor**2, 3, padding="same", kernel_initializer="zeros", dtype="float32")(x)
        change = crop(DepthToSpace(factor, dtype="float32")(x) if factor > 1 else x, target_shape)
        return keras.Model(image, Bounded()(at_size(image, target_shape), change), name="stack")


def _scale(input_shape: Shape, target_shape: Shape) -> int:
    """How many times larger the target is, a whole number.

    Raises:
        RequestError: It is none.
    """
    scale = target_shape[0] // input_shape[0]
    if (scale * input_shape[0], scale * input_shape[1]) != tuple(target_shape[:2]):
        raise RequestError(
            f"A plain stack enlarges by whole factors; {input_shape[1]} × {input_shape[0]} px cannot become "
            f"{target_shape[1]} × {target_shape[0]} px."
        )
    return scale

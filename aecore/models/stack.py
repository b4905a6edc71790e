"""A plain stack of convolutions that corrects or enlarges a picture."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

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
    included, and can be used at any size. In residual pairs (He et al. 2016, arXiv:1512.03385; as in EDSR, Lim et al.
    2017, arXiv:1707.02921) the same layers learn to enlarge in fewer steps.
    """

    has_latent: ClassVar[bool] = False
    filters: int = param(32, low=4, high=256, step=4, label="Filters", help="Filters of each layer.")
    depth: int = param(8, low=2, high=64, step=1, label="Layers", help="Convolutions one after the other.")
    fold: int = param(1, **FOLD)
    residual: bool = param(
        False,
        label="Residual pairs",
        help="Convolutions in pairs, each of which adds to what it was given instead of replacing it.",
        advanced=True,
        later=True,
    )

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        import keras
        from keras import layers

        from aecore.models.layers import Bounded, DepthToSpace, SpaceToDepth, at_size, crop

        channels, scale = target_shape[2], _scale(input_shape, target_shape)
        if input_shape[2] not in (1, channels):
            raise RequestError(
                f"A plain stack adds to the picture it is given; {input_shape[2]} channels cannot become {channels}."
            )
        image = keras.Input(input_shape, name="image")
        x = SpaceToDepth(self.fold)(image) if self.fold > 1 else image
        x = self._pairs(x) if self.residual else self._row(x)
        factor = scale * self.fold
        x = layers.Conv2D(channels * factor**2, 3, padding="same", kernel_initializer="zeros", dtype="float32")(x)
        change = crop(DepthToSpace(factor, dtype="float32")(x) if factor > 1 else x, target_shape)
        return keras.Model(image, Bounded()(at_size(image, target_shape), change), name="stack")

    def _row(self, x: Any) -> Any:
        """All layers but the last, one after the other."""
        from aecore.models.layers import NearIdentity

        for place in range(self.depth - 1):
            x = self._conv("relu", NearIdentity() if place else "he_normal")(x)
        return x

    def _pairs(self, x: Any) -> Any:
        """All layers but the last: one, then pairs that begin as adding next to nothing; what is left over is one."""
        from keras import initializers, layers

        x = self._conv(None, "he_normal")(x)
        for _ in range((self.depth - 2) // 2):
            change = self._conv("relu", "he_normal")(x)
            x = layers.Add()([x, self._conv(None, initializers.VarianceScaling(0.02))(change)])
        return self._conv("relu", "he_normal")(x) if self.depth % 2 else x

    def _conv(self, activation: str | None, initializer: Any) -> "keras.layers.Layer":
        from keras import layers

        return layers.Conv2D(self.filters, 3, padding="same", activation=activation, kernel_initializer=initializer)


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

"""U-Net: an hourglass with bridges."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from aecore.models.model import FOLD, MODELS, Model, Shape, check_depth
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
    fold: int = param(1, **FOLD, advanced=True, later=True)
    passing: bool = param(
        False,
        label="Begin by passing on",
        help="Convolutions begin by giving on what they are given, and little else, instead of a random mixture.",
        advanced=True,
        later=True,
    )

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        import keras
        from keras import layers

        from aecore.models.layers import Bounded, DepthToSpace, SpaceToDepth, UpsampledConv2D, at_size, crop

        check_depth(target_shape, self.depth)
        image = keras.Input(input_shape, name="image")
        start = at_size(image, target_shape)
        x, bridges = SpaceToDepth(self.fold)(start) if self.fold > 1 else start, []
        for level in range(self.depth):
            x = self._convolved(x, level)
            bridges.append(x)
            x = layers.MaxPooling2D(padding="same")(x)
        x = self._convolved(x, self.depth)
        for level in reversed(range(self.depth)):
            bridge = bridges[level]
            x = UpsampledConv2D(bridge.shape[-1], activation="relu", kernel_initializer=self._beginning(x))(x)
            x = self._convolved(layers.Concatenate()([crop(x, bridge.shape[1:3]), bridge]), level)
        corrects = self.correction and input_shape[2] in (1, target_shape[2])  # grey is a first guess at colours
        last = {"kernel_initializer": "zeros"} if corrects else {"activation": "sigmoid"}
        x = layers.Conv2D(target_shape[2] * self.fold**2, 3, padding="same", dtype="float32", **last)(x)
        if self.fold > 1:
            x = crop(DepthToSpace(self.fold, dtype="float32")(x), target_shape)
        if corrects:
            x = Bounded()(start, x)
        return keras.Model(image, x, name="unet")

    def _convolved(self, x: Any, level: int) -> Any:
        from keras import layers

        for _ in range(2):
            begins = self._beginning(x)
            x = layers.Conv2D(self.filters * 2**level, 3, padding="same", activation="relu", kernel_initializer=begins)(
                x
            )
        return x

    def _beginning(self, x: Any) -> Any:
        """How the kernel of a convolution of `x` is drawn; one that sees few channels, the picture itself, mixes."""
        from aecore.models.layers import NearIdentity

        if not self.passing:
            return "glorot_uniform"
        return NearIdentity() if x.shape[-1] >= self.filters else "he_normal"

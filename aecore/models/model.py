"""What a model is: a part that builds a Keras network for given shapes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aecore.params import Part, Registry

if TYPE_CHECKING:
    import keras

MODELS = Registry("model")
Shape = tuple[int, int, int]


@dataclass(frozen=True)
class Model(Part):
    """An architecture.

    `has_latent` says whether there is a latent vector: then the network that `build` returns has two sub-models as
    layers, `encoder` (image to code) and `decoder` (code to image), and the part has a field `latent_dim`.
    """

    has_latent: ClassVar[bool] = True

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        """Builds the network; weights are drawn from Keras' global seed.

        Args:
            input_shape: (h, w, c) of a damaged image.
            target_shape: (H, W, C) of the image to give back.

        Returns:
            A functional `keras.Model` from (N, h, w, c) to (N, H, W, C), output in [0, 1].

        Raises:
            RequestError: The shapes do not suit this architecture.
        """
        raise NotImplementedError

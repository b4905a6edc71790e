"""What a model is: a part that builds a Keras network for given shapes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aecore.errors import RequestError
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

    def measure(
        self, network: "keras.Model", inputs: np.ndarray, targets: np.ndarray, rng: np.random.Generator
    ) -> dict[str, np.ndarray]:
        """Figures that only this architecture has, for the fields of a report that bear their names.

        Args:
            network: What `build` returned, trained.
            inputs: (N, h, w, c) float32 in [0, 1].
            targets: (N, H, W, C) float32 in [0, 1].
            rng: Source of every random choice.

        Returns:
            Name to one number per image, (N,).
        """
        return {}


def check_depth(shape: Shape, depth: int) -> None:
    """Says no to images that are too small to be halved `depth` times.

    Raises:
        RequestError: They are, or there is nothing to halve them.
    """
    if not depth:
        raise RequestError("A convolutional network needs at least one layer on the way down; received none.")
    if min(shape[:2]) < 2**depth:
        raise RequestError(
            f"Images of {shape[1]} × {shape[0]} px cannot be halved {depth} times; choose fewer layers on the way down."
        )

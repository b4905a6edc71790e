"""What a model is: a part that builds a Keras network for given shapes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aecore.errors import RequestError
from aecore.params import Part, Registry

if TYPE_CHECKING:
    import keras

MODELS = Registry("model")
FOLD = {
    "low": 1,
    "high": 4,
    "step": 1,
    "label": "Fold",
    "unit": "px",
    "help": "Turn squares of so many pixels into channels first: faster by its square, and each layer sees further.",
}
Shape = tuple[int, int, int]


@dataclass(frozen=True)
class Model(Part):
    """An architecture.

    `has_latent` says whether there is a latent vector: then the network that `build` returns has two sub-models as
    layers, `encoder` (image to code) and `decoder` (code to image), and the part has a field `latent_dim`.
    """

    has_latent: ClassVar[bool] = True

    @property
    def told_classes(self) -> bool:
        """Whether the network is told the class of every image, as one more channel that holds its number."""
        return False

    def input_shape(self, shape: Shape) -> Shape:
        """Shape of what the network is given for images of a shape."""
        return (*shape[:2], shape[2] + 1) if self.told_classes else shape

    def with_classes(self, codes: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """What the decoder is given for codes (N, d) of images of the classes `labels` (N,): the codes themselves."""
        return codes

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        """Builds the network; weights are drawn from Keras' global seed.

        Args:
            input_shape: (h, w, c) of what the network is given: a damaged image, and the class where it is told.
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

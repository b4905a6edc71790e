"""An autoencoder whose code is a map: images that are alike lie together."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aecore.models.dense import Dense
from aecore.models.model import MODELS, Model, Shape
from aecore.params import param

if TYPE_CHECKING:
    import keras


@MODELS("neighbour_map", "Neighbourhood map")
@dataclass(frozen=True)
class NeighbourMap(Model):
    """A dense autoencoder that keeps neighbours together, so that a code of two numbers is a map of kinds.

    Parametric t-SNE (van der Maaten 2009) with a decoder. Of all images of a batch, each one's neighbours are found,
    and the loss gains what it takes to tell them from the neighbours that the codes have (van der Maaten & Hinton
    2008). No class is ever told. Large batches work best: in a small one nobody's true neighbours are there. The term
    counts in training only; what is measured later is the reconstruction alone.
    """

    widths: tuple[int, ...] = param(
        (512, 256, 128), low=1, high=4096, most=6, label="Layer widths", help="Units of each hidden layer, to the code."
    )
    latent_dim: int = param(2, low=1, high=1024, label="Latent size", unit="numbers", help="Length of the code.")
    weight: float = param(
        1.0, low=0, high=100, label="Weight of neighbours", help="Against the reconstruction; 0 leaves it alone."
    )
    likeness: str = param(
        "strokes",
        choices={"strokes": "In their strokes: edges and where they point", "pixels": "In their pixels"},
        label="Neighbours are alike",
        help="What makes two images neighbours.",
    )
    perplexity: float = param(
        10.0, low=1, high=200, label="Perplexity", help="About how many neighbours an image has in a batch."
    )
    exaggeration: float = param(
        4.0,
        low=1,
        high=50,
        label="Exaggeration",
        help="How much stronger neighbours attract than others repel; more makes tighter heaps (Böhm et al. 2022).",
        advanced=True,
    )

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        import keras
        from keras import layers

        from aecore.models.neighbour_layers import Neighbourhood

        body = Dense(self.widths, self.latent_dim)
        image = keras.Input(input_shape, name="image")
        place = layers.Dense(self.latent_dim, dtype="float32", name="place")(body.features(image))
        options = (self.weight, self.likeness, self.perplexity, self.exaggeration)
        code = Neighbourhood(*options, name="code")(image, place)
        encoder = keras.Model(image, code, name="encoder")
        return keras.Model(image, body.decoder(target_shape)(encoder(image)), name="neighbour_map")

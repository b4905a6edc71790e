"""Recurrent autoencoder: an image read row by row."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aecore.models.model import MODELS, Model, Shape
from aecore.params import param

if TYPE_CHECKING:
    import keras


@MODELS("recurrent", "Recurrent")
@dataclass(frozen=True)
class Recurrent(Model):
    """Reads an image row by row, like a text, remembers it as a code, and writes it down again row by row.

    A sequence autoencoder (Srivastava et al. 2015, arXiv:1502.04681). The same weights serve every row, so their number
    does not grow with the height; but rows must be taken one after the other, which takes time.
    """

    cell: str = param("gru", choices={"gru": "GRU", "lstm": "LSTM"}, label="Cell", help="How a row joins the memory.")
    units: int = param(128, low=4, high=1024, step=4, label="Units", help="Size of the memory between two rows.")
    latent_dim: int = param(32, low=1, high=1024, label="Latent size", unit="numbers", help="Length of the code.")

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        import keras
        from keras import layers

        cell = {"gru": layers.GRU, "lstm": layers.LSTM}[self.cell]
        height, width, channels = input_shape
        image = keras.Input(input_shape, name="image")
        rows = layers.Reshape((height, width * channels))(image)
        x = cell(self.units, use_cudnn=False)(rows)  # its own kernel for GPUs cannot be part of a larger compiled step
        code = layers.Dense(self.latent_dim, name="code")(x)
        encoder = keras.Model(image, code, name="encoder")

        height, width, channels = target_shape
        latent = keras.Input((self.latent_dim,), name="latent")
        x = layers.RepeatVector(height)(latent)
        x = cell(self.units, return_sequences=True, use_cudnn=False)(x)
        x = layers.Dense(width * channels, activation="sigmoid", dtype="float32")(x)  # the same for every row
        decoder = keras.Model(latent, layers.Reshape(target_shape, dtype="float32")(x), name="decoder")
        return keras.Model(image, decoder(encoder(image)), name="recurrent")

"""Variational autoencoder."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aecore.models.conv import Conv
from aecore.models.dense import Dense
from aecore.models.model import MODELS, Model, Shape
from aecore.params import param

if TYPE_CHECKING:
    import keras

MOST_CLASSES = 10  # that a network can be told


@MODELS("vae", "Variational")
@dataclass(frozen=True)
class Variational(Model):
    """A code with a spread: every image becomes a small cloud, and all clouds together fill one Gaussian.

    Kingma & Welling 2014 (arXiv:1312.6114). The loss gains the divergence of each cloud from the standard Gaussian, so
    the code has no gaps and what is drawn from the Gaussian decodes to a plausible image. With binary cross-entropy
    the sum is the negative evidence lower bound, divided by the number of values in an image; other losses only
    change what β means. The code of an image is the middle of its cloud.
    """

    body: str = param("dense", choices={"dense": "Dense", "conv": "Convolutional"}, label="Layers", help="Their kind.")
    widths: tuple[int, ...] = param(
        (512, 256), low=1, high=4096, most=6, label="Layer widths", help="Units of each hidden layer, where dense."
    )
    filters: int = param(
        32, low=4, high=256, step=4, label="Filters", help="Filters of the first layer, where convolutional."
    )
    depth: int = param(
        2, low=1, high=6, step=1, label="Depth", help="How many times the image is halved, where convolutional."
    )
    latent_dim: int = param(2, low=1, high=1024, label="Latent size", unit="numbers", help="Length of the code.")
    beta: float = param(
        1.0, low=0, high=100, label="β", help="Weight of the divergence; above 1 the code gets tidier, images blurrier."
    )
    warm_up: int = param(
        0,
        low=0,
        high=1_000_000,
        step=100,
        label="Warm-up",
        unit="steps",
        help="Steps over which β grows from 0; 0 is off. Keeps numbers of a long code from being given up early.",
        advanced=True,
    )
    labels: bool = param(
        False,
        label="Tell it the class",
        help="Encoder and decoder are told the class, so the code holds what is left: the style (Sohn et al. 2015).",
        later=True,
    )

    @property
    def told_classes(self) -> bool:
        return self.labels

    def with_classes(self, codes: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Codes (N, d) with their class appended, one number for each class: (N, d + 10); (N, d) where none is told."""
        if not self.labels:
            return codes
        return np.concatenate([codes, np.eye(MOST_CLASSES, dtype=np.float32)[labels]], axis=1)

    def build(self, input_shape: Shape, target_shape: Shape) -> "keras.Model":
        import keras
        from keras import layers

        from aecore.models.layers import Posterior, TakeClass, TakePicture

        size = self.latent_dim + MOST_CLASSES * self.labels
        body = Dense(self.widths, size) if self.body == "dense" else Conv(self.filters, self.depth, size)
        image = keras.Input(input_shape, name="image")
        features = body.features(TakePicture()(image) if self.labels else image)
        if self.labels:
            features = layers.Concatenate()([features, TakeClass(MOST_CLASSES)(image)])
        gaussian = layers.Dense(2 * self.latent_dim, dtype="float32", name="gaussian")(features)
        code = Posterior(self.beta / math.prod(target_shape), self.warm_up, name="code")(gaussian)
        encoder = keras.Model(image, code, name="encoder")
        full = encoder(image)
        if self.labels:
            full = layers.Concatenate()([full, TakeClass(MOST_CLASSES, name="class")(image)])
        return keras.Model(image, body.decoder(target_shape)(full), name="vae")

    def measure(
        self, network: "keras.Model", inputs: np.ndarray, targets: np.ndarray, rng: np.random.Generator
    ) -> dict[str, np.ndarray]:
        """The two sides of the negative evidence lower bound in nats: `reconstruction`, of one drawn code, and `kl`."""
        import keras
        from keras import ops

        from aecore.models.layers import gaussian_kl

        encoder, decoder = network.get_layer("encoder"), network.get_layer("decoder")
        gaussian = keras.Model(encoder.input, encoder.get_layer("gaussian").output)
        mean, log_variance = ops.split(gaussian(inputs), 2, axis=-1)
        noise = rng.standard_normal(mean.shape, dtype=np.float32)
        codes = mean + ops.exp(log_variance / 2) * noise
        if self.labels:
            codes = ops.concatenate([codes, network.get_layer("class")(inputs)], axis=1)
        outputs = decoder(codes)
        nats = ops.sum(ops.binary_crossentropy(ops.convert_to_tensor(targets), outputs), axis=(1, 2, 3))
        kl = gaussian_kl(mean, log_variance)
        return {"reconstruction": ops.convert_to_numpy(nats), "kl": ops.convert_to_numpy(kl)}

"""How abnormal a trained network finds images: what is fitted, on which images, and in which order.

Means, directions and neighbours are fitted on normal training images; the combination of scores and the thresholds on
normal images that took no part in training; the default score is fixed before any image is seen. Abnormal images come
last, when all of this is done: `fit` never sees one, and what it gives can score them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from aecore.anomaly import COMBINED, combination_weights, default_score, percentile_threshold, scores_of
from aecore.anomaly.scores import (
    Combination,
    fit_combination,
    fit_pattern,
    fit_whitening,
    negative_elbo,
    neighbour_distance,
    normalised_aggregation,
    path_difference,
    simple_aggregation,
    squared_error,
    structural_error,
)
from aecore.anomaly.views import views
from aecore.datasets import Data, Split
from aecore.errors import RequestError
from aecore.images import to_float
from aecore.models.vae import Variational
from aecore.recipe import Recipe
from aecore.training.backend import compiled
from aecore.training.batches import TEST, damaged
from aecore.training.loop import split_validation
from aecore.training.snapshots import in_batches

PERCENT = 95.0  # of held-out normal images lie below the default threshold
FEW = 50  # held-out images: with fewer, the threshold is said to be rough
LAYER_VALUES = 1024  # of a layer that are used; of convolutions, means over squares
REFERENCE = 60_000  # training images among which neighbours are looked for
PATHS = 10_000  # training images whose changes on the way through the encoder are looked at
CHUNK_VALUES = 2_000_000
TRAIN, HELD_OUT, NORMAL, ABNORMAL, OWN = range(5)  # each group draws its damage and noise for itself


@dataclass(frozen=True)
class Normal:
    """Which normal images serve what.

    Args:
        train: Those that the network learned from: statistics are fitted on them.
        held_out: Those that it did not learn from, for the combination and the thresholds.
        test: Those that are reported.
        index: Where these are among the test images, (N,).
        told: A sentence that says where the thresholds come from.
    """

    train: Split
    held_out: Split
    test: Split
    index: np.ndarray
    told: str


def normal_images(data: Data, validation_share: float) -> Normal:
    """Divides the normal images of a run.

    Held out are the validation images. A training without any has learned from all of its training images, and these
    would make a threshold too low: then every other normal test image is held out, and only the rest is reported.
    """
    train, held_out = split_validation(data.train, validation_share)
    index = np.arange(len(data.test))
    test, kind = data.test, "validation images, which the network did not learn from"
    if held_out is None:
        held_out, test, index = _at(data.test, index[1::2]), _at(data.test, index[::2]), index[::2]
        kind = "test images; it was trained without validation, so these are not reported"
    if not len(held_out):
        raise RequestError(
            f"There are {len(data.test)} normal test images and no validation images, so no threshold can be found; "
            "train again with a validation share, or on more images."
        )
    told = f"The {PERCENT:g}th percentile of {len(held_out):,} normal {kind}."
    few = " So few make it rough." if len(held_out) < FEW else ""
    return Normal(train, held_out, test, index, told + few)


def _at(split: Split, index: np.ndarray) -> Split:
    labels = None if split.labels is None else split.labels[index]
    inputs = None if split.inputs is None else split.inputs[index]
    return Split(split.images[index], labels, inputs)


class Detector:
    """A trained network with what it makes of normal training images: it scores any images.

    Attributes:
        names: The scores that it gives, the combination last.

    Args:
        network: The trained network.
        recipe: What it was trained for.
        train: The normal images that it learned from; without them, scores that need them are left out.
        check: Called between batches; may raise `Cancelled`.
    """

    def __init__(
        self, network: keras.Model, recipe: Recipe, train: Split | None, check: Callable[[], None] = lambda: None
    ) -> None:
        self.network, self.recipe, self.check = network, recipe, check
        self.size = int(np.clip(CHUNK_VALUES // np.prod(recipe.target_shape), 1, 500))
        self.predict = compiled(network)
        self.again = recipe.input_shape == recipe.target_shape  # the encoder takes a reconstruction
        self.inside = recipe.model.has_latent and train is not None
        names = scores_of(self.inside, isinstance(recipe.model, Variational))
        self.names = tuple(name for name in names if self.again or name not in ("sap", "nap"))
        if self.inside:
            path, self.widths = pathway(network.get_layer("encoder"))
            self.path = compiled(path)
            self._fit(train)

    def _fit(self, train: Split) -> None:
        """Keeps what training images look like inside the network."""
        some = [np.concatenate(chunks) for chunks in zip(*self._paths(train, min(len(train), PATHS)), strict=True)]
        self.pattern = fit_pattern(some[1 : len(self.widths)])
        self.of_differences = fit_whitening(some[-1]) if self.again else None
        del some
        count = min(len(train), REFERENCE)
        self.reference = np.empty((count, self.pattern.size), np.float32)
        self.codes = np.empty((count, self.widths[-1]), np.float32)
        rng = self._rng(TRAIN)
        for chosen in self._chunks(count):
            layers = self._layers(damaged(train, chosen, self.recipe.corruption, rng)[0])
            self.reference[chosen], self.codes[chosen] = self.pattern.reference(layers[1:]), layers[-1]
        self.of_codes = fit_whitening(self.codes)

    def _paths(self, train: Split, count: int) -> Iterator[list[np.ndarray]]:
        """Activations of the first images chunk by chunk and, last, what their reconstructions change."""
        rng = self._rng(TRAIN)
        for chosen in self._chunks(count):
            inputs, _ = damaged(train, chosen, self.recipe.corruption, rng)
            layers = self._layers(inputs)
            again = self._layers(in_batches(self.predict, inputs, self.size)) if self.again else layers
            yield [*layers, path_difference(layers, again)]

    def __call__(self, split: Split, group: int = OWN) -> dict[str, np.ndarray]:
        """Scores of all images of a split, by name, (N,) each, the combination apart.

        Args:
            split: The images.
            group: Which draws of damage and noise to use; equal ones are equal every time.
        """
        rng, noise = self._rng(group), self._rng(group, 1)
        columns: dict[str, list[np.ndarray]] = {name: [] for name in self.names if name != COMBINED}
        for chosen in self._chunks(len(split)):
            for name, values in self._scores(*damaged(split, chosen, self.recipe.corruption, rng), noise).items():
                columns[name].append(values)
        return {name: np.concatenate(values) for name, values in columns.items()}

    def _scores(self, inputs: np.ndarray, targets: np.ndarray, noise: np.random.Generator) -> dict[str, np.ndarray]:
        """Scores of one chunk: `inputs` as the network is given them, `targets` as it should answer."""
        truth, outputs = to_float(targets), in_batches(self.predict, inputs, self.size)
        found = {"squared_error": squared_error(truth, outputs), "ssim_error": self._least_lost(inputs, truth)}
        if "negative_elbo" in self.names:
            given = to_float(inputs) if inputs.dtype == np.uint8 else inputs
            found["negative_elbo"] = negative_elbo(**self.recipe.model.measure(self.network, given, truth, noise))
        if self.inside:
            layers = self._layers(inputs)
            codes = layers[-1]
            found["mahalanobis"] = self.of_codes.distance(codes)
            found["latent_neighbours"] = neighbour_distance(self.codes, codes)
            found["hidden_neighbours"] = self._nearest(inputs)
            if self.again:
                differences = path_difference(layers, self._layers(outputs))
                found["sap"] = simple_aggregation(differences)
                found["nap"] = normalised_aggregation(self.of_differences, differences)
        return found

    def _least_lost(self, inputs: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """Structure that a reconstruction loses, of the view that loses least, (N,)."""
        pairs = zip(views(inputs), views(truth), strict=True)
        lost = (structural_error(seen, in_batches(self.predict, view, self.size)) for view, seen in pairs)
        return np.min(list(lost), axis=0)

    def _nearest(self, inputs: np.ndarray) -> np.ndarray:
        """Distance to the patterns of training images, of the view that is nearest, (N,)."""
        patterns = (self.pattern(self._layers(view)[1:]) for view in views(inputs))
        return np.min([neighbour_distance(self.reference, pattern) for pattern in patterns], axis=0)

    def _layers(self, inputs: np.ndarray) -> list[np.ndarray]:
        """Activations (N, D) of each layer of `pathway`."""
        joined = in_batches(self.path, inputs, self.size)
        return np.split(joined, np.cumsum(self.widths)[:-1], axis=1)

    def _chunks(self, count: int) -> Iterator[np.ndarray]:
        for start in range(0, count, self.size):
            self.check()
            yield np.arange(start, min(start + self.size, count))

    def _rng(self, *group: int) -> np.random.Generator:
        return np.random.default_rng((self.recipe.fit.seed, TEST, 2, *group))


def pathway(encoder: keras.Model) -> tuple[keras.Model, list[int]]:
    """An image on its way through an encoder: the image itself, what each layer with weights gives, and the code.

    Of a layer with very many values, means over squares are taken, or every second, third… unit.

    Returns:
        A network from images (N, h, w, c) to all of these side by side, (N, D), and how many values each has.
    """
    outputs = [encoder.input]
    outputs += [layer.output for layer in encoder.layers if layer.weights and layer.name != "gaussian"]
    if outputs[-1] is not encoder.output:
        outputs.append(encoder.output)
    fewer = [_fewer(output) for output in outputs]
    joined = keras.layers.Concatenate(dtype="float32")(fewer)
    return keras.Model(encoder.input, joined), [output.shape[-1] for output in fewer]


def _fewer(output: Any) -> Any:
    """A layer's output as (N, D), with at most `LAYER_VALUES` values."""
    if len(output.shape) == 4:
        height, width, channels = output.shape[1:]
        sides = range(1, min(height, width))
        fits = (side for side in sides if (height // side) * (width // side) * channels <= LAYER_VALUES)
        output = keras.layers.AveragePooling2D(next(fits, min(height, width)))(output)
    output = keras.layers.Flatten()(output)
    return output[:, :: -(-output.shape[-1] // LAYER_VALUES)]


@dataclass(frozen=True)
class Fitted:
    """A detector with all that is chosen on normal images.

    Args:
        detector: The network with its statistics of training images.
        combination: What makes the last score of the others.
        held_out: (S, V) scores of the normal images that decide combination and thresholds.
        thresholds: (S,) an image whose score is above is called abnormal.
        default: The score to begin with.
    """

    detector: Detector
    combination: Combination
    held_out: np.ndarray
    thresholds: np.ndarray
    default: str

    @property
    def names(self) -> tuple[str, ...]:
        """The scores, the combination last."""
        return self.detector.names

    def __call__(self, split: Split, group: int = OWN) -> np.ndarray:
        """All scores of all images of a split, (S, N)."""
        return self.combination.appended(_rows(self.detector(split, group)))


def fit(network: keras.Model, recipe: Recipe, normal: Normal, check: Callable[[], None] = lambda: None) -> Fitted:
    """Fits all that is fitted; no abnormal image is anywhere near."""
    detector = Detector(network, recipe, normal.train, check)
    alone = _rows(detector(normal.held_out, HELD_OUT))
    combination = fit_combination(alone, combination_weights(detector.names[:-1]))
    held_out = combination.appended(alone)
    thresholds = np.array([percentile_threshold(scores, PERCENT) for scores in held_out])
    labels = normal.train.labels
    one_kind = labels is None or len(np.unique(labels)) == 1
    return Fitted(detector, combination, held_out, thresholds, default_score(detector.names, one_kind))


def _rows(scores: dict[str, np.ndarray]) -> np.ndarray:
    return np.stack(list(scores.values()))

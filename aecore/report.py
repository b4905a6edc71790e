"""The numbers of a run, each beside its baseline: what a trained network does to images that it has never seen."""

from collections.abc import Callable
from typing import Any

import numpy as np

from aecore.datasets import Data, Split
from aecore.images import resize, to_float
from aecore.metrics import SSIM_WINDOW, finite_mean, keras_accuracy, mse, psnr, psnr_of_mse, ssim
from aecore.pca import Principal, principal_components
from aecore.recipe import Recipe
from aecore.training.backend import Stepper
from aecore.training.batches import TEST, damaged
from aecore.training.snapshots import in_batches

OF_CLASSES = ("mse", "psnr", "ssim", "input_mse", "input_psnr", "input_ssim")
FIGURES = ("loss", *OF_CLASSES, "pca_psnr", "pca_ssim", "hole_psnr", "reconstruction", "kl", "accuracy")
BATCH = 250
BATCH_VALUES = 300_000  # an SSIM holds a dozen copies in 64 bits
PCA_BYTES = 64_000_000


def evaluate(
    stepper: Stepper, recipe: Recipe, data: Data, check: Callable[[], None]
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Measures a trained network on the test images.

    Args:
        stepper: The network and its loss, compiled.
        recipe: What it was trained for.
        data: Its data.
        check: Called between batches; may raise `Cancelled`.

    Returns:
        The report's fields that come from test images (None where one does not apply), among them, where the dataset
        wants it, a table of figures for each class under the name `dataset.grouped`; and per-image arrays `test_psnr`,
        `test_ssim`, `input_psnr` (N,) float32, empty where they do not apply.
    """
    pca = fit_pca(data.train, recipe)
    rng = np.random.default_rng((recipe.fit.seed, TEST))
    draws = np.random.default_rng((recipe.fit.seed, TEST, 1))  # apart, so that the damage is the same for every model
    columns: dict[str, list[np.ndarray]] = {}
    size = int(np.clip(BATCH_VALUES // np.prod(recipe.target_shape), 1, BATCH))
    for start in range(0, len(data.test), size):
        check()
        indices = np.arange(start, min(start + size, len(data.test)))
        state = rng.bit_generator.state
        inputs, targets = damaged(data.test, indices, recipe.corruption, rng)
        hole = _same_hole(recipe, targets.shape, state)
        measured = _measure(stepper, recipe, pca, inputs, targets, hole, draws)
        for name, values in measured.items():
            columns.setdefault(name, []).append(values)
    table = {name: np.concatenate(values) for name, values in columns.items()}
    means = {name: finite_mean(values) for name, values in table.items()}
    report = {name: means.get(name) for name in FIGURES}
    if recipe.dataset.grouped and data.test.labels is not None:
        report[recipe.dataset.grouped] = _by_class(table, data.test.labels, data.classes)
    empty = np.zeros(0, np.float32)
    shown = {"test_psnr": "psnr", "test_ssim": "ssim", "input_psnr": "input_psnr"}
    return report, {name: table.get(column, empty).astype(np.float32) for name, column in shown.items()}


def _by_class(
    table: dict[str, np.ndarray], labels: np.ndarray, classes: tuple[str, ...]
) -> dict[str, dict[str, float | None]]:
    """Means over the images of each class, by its name; those that apply."""
    return {
        name: {figure: finite_mean(table[figure][labels == label]) for figure in OF_CLASSES if figure in table}
        for label, name in enumerate(classes)
    }


def _measure(
    stepper: Stepper,
    recipe: Recipe,
    pca: Principal | None,
    inputs: np.ndarray,
    targets: np.ndarray,
    hole: np.ndarray | None,
    draws: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Per-image figures of one batch; `loss` and `accuracy` are the batch's, repeated."""
    outputs = in_batches(stepper.predict, inputs)
    loss = stepper.evaluate(inputs, targets)
    truth = to_float(targets)
    inputs = to_float(inputs) if inputs.dtype == np.uint8 else inputs
    count = len(targets)
    figures = {
        "loss": np.full(count, loss),
        "mse": mse(truth, outputs),
        "psnr": psnr(truth, outputs),
        "accuracy": np.full(count, keras_accuracy(truth, outputs)),
    }
    large_enough = min(truth.shape[1:3]) >= SSIM_WINDOW
    if large_enough:
        figures["ssim"] = ssim(truth, outputs)
    if not recipe.corruption.identity or recipe.dataset.paired:
        nothing = _do_nothing(inputs, truth.shape)
        figures["input_mse"] = mse(truth, nothing)
        figures["input_psnr"] = psnr(truth, nothing)
        if large_enough:
            figures["input_ssim"] = ssim(truth, nothing)
    if pca is not None:
        linear = pca.decode(pca.encode(recipe.picture(inputs))).reshape(truth.shape)
        figures["pca_psnr"] = psnr(truth, linear)
        if large_enough:
            figures["pca_ssim"] = ssim(truth, linear)
    if hole is not None:
        error = np.where(hole, np.square(truth - outputs), 0).sum(axis=(1, 2, 3))
        figures["hole_psnr"] = psnr_of_mse(error / (hole.sum(axis=(1, 2, 3)) * truth.shape[-1]))
    return figures | recipe.model.measure(stepper.model, inputs, truth, draws)


def _do_nothing(inputs: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The baseline without a network: the input as it is, bicubic where it is smaller, grey as three equal channels."""
    if inputs.shape[1:3] != shape[1:3]:
        inputs = resize(inputs, shape[1:3])
    return np.broadcast_to(inputs, shape)


def _same_hole(recipe: Recipe, shape: tuple[int, ...], state: dict) -> np.ndarray | None:
    rng = np.random.default_rng()
    rng.bit_generator.state = state
    return recipe.corruption.hole(shape, rng)


def fit_pca(train: Split, recipe: Recipe) -> Principal | None:
    """Principal components of clean training images, as many as the code has numbers.

    At most 64 MB of images are used, the first of the shuffled set. None without a latent vector, where input and
    target differ in shape, or where there are not enough images or pixels for so many components.
    """
    size, dimensions = recipe.latent_dim, int(np.prod(recipe.target_shape))
    count = min(len(train), PCA_BYTES // dimensions)
    same = recipe.model.told_classes or recipe.input_shape == recipe.target_shape
    if size is None or not same or size > min(count, dimensions):
        return None
    return principal_components(train.images[np.arange(count)], size)

"""The command about codes."""

import argparse
from contextlib import closing

from aecore.commands.answer import Answer, run_named, work
from aecore.engine import LocalEngine
from aecore.errors import RequestError

LABELS = {
    "latent_dim": "numbers in the code",
    "mse": "mean squared error",
    "pca_mse": "  PCA of equal size",
    "psnr": "PSNR (dB)",
    "pca_psnr": "  PCA of equal size",
    "knn_accuracy": "nearest neighbours tell the class",
    "knn_accuracy_pca": "  from PCA of equal size",
    "knn_accuracy_pixels": "  from raw pixels",
    "linear_accuracy": "a linear probe tells the class",
    "linear_accuracy_pca": "  from PCA of equal size",
    "linear_accuracy_pixels": "  from raw pixels",
    "negative_elbo": "negative lower bound (nats)",
    "reconstruction": "  reconstruction",
    "kl": "  divergence",
    "active_units": "active numbers",
    "trustworthiness": "trustworthiness",
    "trustworthiness_pca": "  PCA of equal size",
}


def latent(options: argparse.Namespace) -> Answer:
    """Says what the code of a run is worth."""
    run = run_named(options.run_name)
    if run.recipe.latent_dim is None:
        raise RequestError(f"{run.name} has no latent vector, so there is no code to measure; choose another run.")
    with closing(LocalEngine()) as engine:
        value = work(engine, "latent", {"key": run.key})
    data = value["data"]
    stored = value.get("stored", False)
    origin = "found when the run was made; its data is not on this machine" if stored else "measured on this machine"
    rows = [f"{label:<36} {value[name]:.4g}" for name, label in LABELS.items() if value[name] is not None]
    said = f"{run.key}  {run.name}, {data['description']}: {value['test']:,} test images, {origin}"
    return Answer({"key": run.key, **value, "stored": stored}, "\n".join([said, *rows]))

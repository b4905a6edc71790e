"""What the worker can do: every module here offers tasks, functions of JSON arguments and a job.

Keras is imported inside a task, so that the worker answers at once.

train        {"recipe": resolved recipe}             trains it and puts the run in the store
describe     {"recipe": recipe}                      parameters, layers, operations per image
sample       {"dataset": dataset, "data": pin}       sixteen pictures, as out/sample.npz
download     {"dataset": dataset}                    gets its public files
reconstruct  {"key": key, "order": order}            a grid of test pictures, as out/grid.npz
device       {}                                      what trains here
whole        {"key": key}                            a run on crops, measured on whole pictures, as out/whole.npz
baselines    {"key": key}                            what test images give without a network, as out/baselines.npz
anomaly      {"key": key}                            scores of all test images; this and two more: see `tasks.anomaly`
restore_curve {"key": key}                           PSNR over all strengths; this and three more: see `tasks.restore`
latent       {"key": key}                            what a code is worth; all of these: see `tasks.latent`
latent_map, latent_tsne, latent_decode, latent_encode, latent_neighbours, latent_samples
restore_photo  {"task", "subject", …}                a person's photograph; this and more: see `tasks.restoring_photos`
"""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")


def warm() -> None:
    """Imports what training needs, so that the first one starts at once."""
    importlib.import_module("aecore.report")
    importlib.import_module("aecore.training.backend").prepare()

"""Finished runs of small enlargers: the right shapes and files, weights drawn at random, in the store of a test."""

import json

import numpy as np

from aecore.store import Store

REPORT = {"psnr": 31.0, "input_psnr": 30.0, "parameters": 1000, "seconds": 1.0, "device": "CPU"}


def finished_run(recipe, tmp_path, report=(), amount=0.003):
    """A run of a recipe whose network adds something random to what it is given.

    Args:
        recipe: The recipe.
        tmp_path: A folder to work in.
        report: What its report says besides `REPORT`.
        amount: Standard deviation of the weights of the last layer.
    """
    from aecore.training.network import build, describe

    model = build(recipe.model, recipe.input_shape, recipe.target_shape)
    rng = np.random.default_rng(0)
    for weights in model.trainable_variables[-2:]:
        weights.assign(rng.normal(0, amount, weights.shape))
    resolved = recipe.resolve()
    files = tmp_path / f"made-{resolved.key}"
    files.mkdir()
    model.save_weights(files / "model.weights.h5")
    (files / "history.json").write_text(json.dumps({"epoch": [1], "loss": [0.1], "seconds": [1.0]}))
    (files / "report.json").write_text(json.dumps(REPORT | dict(report)))
    np.savez(files / "snapshots.npz", clean=np.zeros((1, 8, 8, 3), np.uint8))
    info = {"name": "", "source": "made", "licence": "none", "redistributable": True, "private": False, "steps": 1}
    return Store().put(resolved, files, info | {"flops": describe(model)["flops"]})

"""Makes the findings of a sweep: `python -m weights.sweep [NAME …]`, from the project's root.

Every recipe of the sweep is trained (or taken from the store, when it is there). What is kept are its figures on the
test images, and its answers to crops of two public-domain photographs: a person's face and a cat's.
"""

import json
import sys
from contextlib import closing
from typing import Any

import numpy as np

from aecore.engine import LocalEngine
from aecore.engine import run as run_job
from aecore.errors import LabError
from aecore.images import thumbnail, to_float, to_uint8
from aecore.store import Run, Store
from aecore.sweeps import FOLDER, SWEEPS, Sweep
from aecore.worker.tasks.baselines import public_domain_faces

FIGURES = ("loss", "mse", "psnr", "ssim", "hole_psnr", "accuracy", "input_psnr", "input_ssim", "seconds")
LONGEST = 96  # px of what is kept


def answers(run: Run, clean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Damaged pictures and what a run makes of them, uint8 thumbnails."""
    from aecore.training.backend import compiled
    from aecore.training.network import load
    from aecore.training.snapshots import in_batches

    inputs = run.recipe.corruption(to_float(clean), np.random.default_rng(0))
    outputs = in_batches(compiled(load(run.recipe, run.weights)), inputs)
    return to_uint8(thumbnail(inputs, LONGEST)), to_uint8(thumbnail(outputs, LONGEST))


def figures(run: Run) -> dict[str, Any]:
    """What is kept of a run's figures: losses of training and of held-out images apart."""
    history = run.history
    losses = {"train_loss": history["loss"][-1], "val_loss": history["val_loss"][-1]}
    return {"key": run.key, **losses, **{name: run.report[name] for name in FIGURES}}


def make(engine: LocalEngine, sweep: Sweep) -> None:
    """Trains every recipe of a sweep and writes what was found."""
    store, cells, outputs = Store(), [], []
    clean = public_domain_faces(sweep.base.dataset.size)
    small = to_uint8(thumbnail(to_float(clean), LONGEST))
    inputs, told = small, {}
    for number, recipe in enumerate(sweep.recipes(), 1):
        resolved = recipe.resolve()
        if resolved.data.source == "sample":
            raise LabError(f"{sweep.name}: only a sample of its data is here; set AECORE_DATA.")
        cell: dict[str, Any] = {"recipe": resolved.to_json()}
        try:
            run_job(engine, "train", {"recipe": resolved.to_json()})
        except LabError as error:
            cell["failed"], answer = str(error), np.zeros_like(small)
        else:
            run = store.get(resolved.key)
            cell |= figures(run)
            inputs, answer = answers(run, clean)
            told = {
                "data": run.info["source"],
                "licence": run.info["licence"],
                "device": run.report["device"],
                "num_steps": run.info["steps"],
                "train": resolved.data.train,
                "test": resolved.data.test,
            }
        cells.append(cell)
        outputs.append(answer)
        print(f"{number} of {len(sweep.recipes())}: {cell.get('psnr', cell.get('failed'))}", flush=True)
    if not told:
        raise LabError(f"{sweep.name}: no recipe of the sweep could be trained ({cells[0]['failed']}).")
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps({"name": sweep.name, **told, "cells": cells}, indent=1)
    (FOLDER / f"{sweep.name}.json").write_text(text + "\n", encoding="utf-8")
    np.savez_compressed(FOLDER / f"{sweep.name}.npz", clean=small, inputs=inputs, outputs=np.stack(outputs))


def main(names: list[str]) -> int:
    """Makes the sweeps of these names, all of them by default; returns the exit status."""
    with closing(LocalEngine()) as engine:
        for name in names or SWEEPS:
            try:
                make(engine, SWEEPS[name])
            except LabError as error:
                print(error, file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

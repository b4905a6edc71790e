"""What a running training leaves on disk every few seconds, so that it can go on after an interruption."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

if TYPE_CHECKING:
    from aecore.training.loop import Training

NAME = "checkpoint.npz"


def save_checkpoint(folder: Path, training: "Training") -> None:
    """Writes weights, optimiser state, counters and snapshots; a full disk costs the checkpoint, not the training."""
    arrays = _numbered("variable", [np.asarray(item) for item in training.model.variables])  # seeds of layers too
    arrays |= _numbered("slot", [np.asarray(item) for item in training.optimizer.variables])
    arrays |= _numbered("best", training.best)
    arrays |= {f"snapshot.{name}": values for name, values in training.recorder.arrays().items()}
    state = {"state": asdict(training.state), "history": training.history}
    arrays["state"] = np.frombuffer(json.dumps(state).encode(), np.uint8)
    part = folder / f"{NAME}.part"
    try:
        with part.open("wb") as file:
            np.savez(file, **arrays)
        part.replace(folder / NAME)
    except OSError:
        part.unlink(missing_ok=True)


def load_checkpoint(folder: Path | None, training: "Training") -> bool:
    """Puts a training where its checkpoint was; says whether there was one that fits."""
    if folder is None or not (folder / NAME).exists():
        return False
    try:
        with (folder / NAME).open("rb") as file:
            arrays = dict(np.load(file, allow_pickle=False))
        saved = json.loads(arrays["state"].tobytes())
        variables, slots = _collected("variable", arrays), _collected("slot", arrays)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return False  # cut off while it was written: begin again
    pairs = ((training.model.variables, variables), (training.optimizer.variables, slots))
    if any(len(here) != len(there) for here, there in pairs):
        return False
    for here, there in pairs:
        for variable, value in zip(here, there, strict=True):
            variable.assign(value)
    training.best = _collected("best", arrays)
    training.state = type(training.state)(**saved["state"])
    training.history.update(saved["history"])
    prefix = "snapshot."
    training.recorder.restore({name[len(prefix) :]: array for name, array in arrays.items() if name.startswith(prefix)})
    return True


def _numbered(name: str, arrays: list[np.ndarray]) -> dict[str, np.ndarray]:
    return {f"{name}.{index}": array for index, array in enumerate(arrays)}


def _collected(name: str, arrays: dict[str, np.ndarray]) -> list[np.ndarray]:
    count = sum(key.startswith(f"{name}.") for key in arrays)
    return [arrays[f"{name}.{index}"] for index in range(count)]

"""The app without a worker: an engine that answers from a script, and finished runs made of plain arrays."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from aecore.datasets import Pin
from aecore.engine import Result, Status
from aecore.errors import RequestError
from aecore.params import digest
from aecore.recipe import Recipe, ResolvedRecipe
from aecore.store import Store
from pages.ui import lab
from tests.pages import restoring

DESCRIPTION = {
    "total": 1234,
    "layers": [
        {"name": "image", "type": "InputLayer", "shape": [28, 28, 1], "params": 0},
        {"name": "code", "type": "Dense", "shape": [32], "params": 617},
        {"name": "out", "type": "Dense", "shape": [28, 28, 1], "params": 617},
    ],
    "flops": 2468,
    "device": "CPU, 2 threads",
}
REPORT = {
    **dict.fromkeys(("input_psnr", "input_ssim", "hole_psnr", "reconstruction", "kl")),
    **{"loss": 0.08, "mse": 0.007, "psnr": 22.4, "ssim": 0.93, "pca_psnr": 17.9, "accuracy": 0.8, "parameters": 1234},
    **{"latent_dim": 32, "compression": 24.5, "seconds": 14.5, "seconds_per_epoch": 1.0, "device": "CPU, 2 threads"},
}
HISTORY = {"epoch": [1, 2], "loss": [0.3, 0.1], "val_loss": [0.3, 0.2], "learning_rate": [1e-3] * 2, "seconds": [1, 1]}


def pictures(count=8, frames=None, seed=0):
    shape = (count, 28, 28, 1) if frames is None else (frames, count, 28, 28, 1)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


class ScriptedEngine:
    """Finishes every short job at once and every training never, unless told otherwise.

    Attributes:
        states: State of each job that was asked for, by id; to be changed by tests.
        asked: Function and arguments of every job that was submitted.
        answers: For further functions, what makes the value from the arguments and the folder for files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked, self.states, self.failures, self.progress, self.cancelled = [], {}, {}, {}, []
        self._functions, self._arguments, self.answers = {}, {}, {}

    def submit(self, function, arguments, files=None, who="", private=False):
        sums = {name: hashlib.sha256(content).hexdigest() for name, content in (files or {}).items()}
        job = digest({"function": function, "arguments": arguments, "files": sums})
        self.asked.append((function, arguments))
        self.states.setdefault(job, "running" if function in ("train", "download") else "done")
        if self.states[job] in ("cancelled", "interrupted", "failed"):
            self.states[job] = "running"
        self._functions[job], self._arguments[job] = function, arguments
        return job

    def status(self, job):
        if job not in self.states:
            raise RequestError("There is no such job.")
        place = 3 if self.states[job] == "queued" else None
        message = str(self.failures.get(job, ""))
        return Status(job, self._functions.get(job, ""), self.states[job], place, self.progress.get(job, {}), message)

    def cancel(self, job, who=""):
        self.cancelled.append(job)
        self.states[job] = "cancelled"

    def forget(self, job):
        self.states.pop(job, None)

    def result(self, job):
        if job in self.failures:
            raise self.failures[job]
        function, out = self._functions[job], self.folder / job
        out.mkdir(parents=True, exist_ok=True)
        if function in self.answers:
            return Result(self.answers[function](self._arguments[job], out), out)
        if function == "sample":
            np.savez(out / "sample.npz", images=pictures(16), labels=np.arange(16) % 10)
            return Result({"source": "made for a test", "licence": "", "classes": [], "data": {}}, out)
        if function == "reconstruct":
            arrays = {"clean": pictures(), "inputs": pictures(), "outputs": pictures(seed=1)}
            np.savez(out / "grid.npz", **arrays, psnr=np.full(8, 5.0), index=np.arange(8), labels=np.arange(8))
            return Result({"classes": [], "candidates": 8}, out)
        return Result({"describe": DESCRIPTION, "device": {"device": "CPU, 2 threads"}}.get(function, {}), out)

    def of(self, function):
        """Ids of the jobs of one function."""
        return [job for job, name in self._functions.items() if name == function]

    def close(self):
        pass


@pytest.fixture
def engine(tmp_path):
    made = ScriptedEngine(tmp_path / "out")
    made.answers |= restoring.ANSWERS
    return made


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs", tmp_path / "shipped")


@pytest.fixture(autouse=True)
def here(engine, store, monkeypatch):
    """The lab that pages find."""
    made = lab.Lab(engine, store)
    monkeypatch.setattr(lab, "lab", lambda: made)
    st.cache_data.clear()
    return made


@pytest.fixture
def make_run(store, tmp_path):
    """Puts a finished run of a recipe into the store."""

    def make(recipe: Recipe, private: bool = False, pin: Pin | None = None, **info):
        files = tmp_path / "files"
        files.mkdir(exist_ok=True)
        (files / "model.weights.h5").write_bytes(b"weights")
        (files / "history.json").write_text(json.dumps(HISTORY))
        (files / "report.json").write_text(json.dumps(REPORT))
        kept = {"epochs": np.array([0, 1, 2]), "clean": pictures(), "inputs": pictures(), "labels": np.arange(8)}
        per_image = {
            "test_psnr": np.linspace(15, 30, 50),
            "test_ssim": np.linspace(0.7, 1, 50),
            "input_psnr": np.zeros(0),
        }
        np.savez(files / "snapshots.npz", **kept, outputs=pictures(frames=3, seed=1), **per_image)
        told = {"name": "", "source": "made for a test", "licence": "none", "device": "CPU", "flops": 2468, "steps": 10}
        return store.put(
            ResolvedRecipe(recipe, pin) if pin else recipe.resolve(), files, {**told, "private": private, **info}
        )

    return make

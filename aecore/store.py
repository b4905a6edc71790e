"""The store: trained runs by key, on disk. `weights/` is its read-only bottom layer, the writable cache lies on top.

A run is a folder `<key>/` with `recipe.json`, `model.weights.h5`, `history.json`, `report.json`, `snapshots.npz` and
`run.json`, which holds the SHA-256 of each of the others. A shipped run may hold findings besides: what a task found
about it on data that is not on every machine, as `<task>.json` and `<task>.npz`. A run is written to a temporary folder
beside it and renamed last, and verified when it is read: a run that fails is set aside, never used.
"""

import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from aecore.errors import LabError, RequestError
from aecore.home import home
from aecore.recipe import Recipe, ResolvedRecipe

SHIPPED = Path(__file__).parent.parent / "weights"
MAX_BYTES = 2_000_000_000
PRIVATE_SECONDS = 3600
KEY = re.compile(r"[0-9a-f]{16}")
FILES = ("recipe.json", "model.weights.h5", "history.json", "report.json", "snapshots.npz")
log = logging.getLogger(__name__)


class DamagedRun(LabError):
    """A run on disk is incomplete or altered; the store sets it aside."""


@dataclass(frozen=True)
class Run:
    """A trained recipe, as it lies in the store.

    Args:
        folder: Where its files are; the folder's name is its key.
        shipped: Whether it came with the lab.
    """

    folder: Path
    shipped: bool = False

    @property
    def key(self) -> str:
        """The key of its resolved recipe."""
        return self.folder.name

    @property
    def weights(self) -> Path:
        """The weights file."""
        return self.folder / "model.weights.h5"

    @cached_property
    def resolved(self) -> ResolvedRecipe:
        """What it was made from."""
        return ResolvedRecipe.from_json(self._json("recipe"))

    @property
    def recipe(self) -> Recipe:
        """Its recipe, without the pinned data."""
        return self.resolved.recipe

    @cached_property
    def history(self) -> dict[str, list]:
        """Equally long lists: epoch, loss, val_loss, learning_rate, seconds."""
        return self._json("history")

    @cached_property
    def report(self) -> dict[str, Any]:
        """The report; a field that does not apply is None."""
        return self._json("report")

    @cached_property
    def info(self) -> dict[str, Any]:
        """How it was made: name, source, licence, device, seconds, created, versions, SHA-256 of the files."""
        return self._json("run")

    @property
    def name(self) -> str:
        """The preset's name, or what its parts are called."""
        recipe = self.recipe
        damage = "" if recipe.corruption.identity else f", {recipe.corruption.title.lower()}"
        return self.info["name"] or f"{recipe.model.title} on {recipe.dataset.title}{damage}"

    def snapshots(self) -> dict[str, np.ndarray]:
        """The arrays that were kept while it trained."""
        with np.load(self.folder / "snapshots.npz", allow_pickle=False) as arrays:
            return dict(arrays)

    def finding(self, task: str) -> tuple[dict[str, Any], dict[str, np.ndarray]] | None:
        """What a task found about this run when it was made: its value and its arrays; None where nothing is kept."""
        if f"{task}.json" not in self.info["files"]:
            return None
        with np.load(self.folder / f"{task}.npz", allow_pickle=False) as arrays:
            return self._json(task), dict(arrays)

    def verify(self) -> None:
        """Checks that every file is there, unaltered, and belongs to this key.

        Raises:
            DamagedRun: One is not.
        """
        try:
            for name in {*FILES, *self.info["files"]}:
                if file_digest(self.folder / name) != self.info["files"][name]:
                    raise DamagedRun(f"{name} of run {self.key} was altered.")
            if self.resolved.key != self.key:
                raise DamagedRun(f"Run {self.key} was made by another version of the lab.")
        except (OSError, ValueError, KeyError, TypeError, RequestError) as error:
            raise DamagedRun(f"Run {self.key} cannot be read ({error}).") from error

    def _json(self, name: str) -> Any:
        return json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Store:
    """Runs by key.

    Args:
        folder: The writable layer; by default `runs` in the lab's home.
        shipped: The read-only layer.
    """

    def __init__(self, folder: Path | None = None, shipped: Path = SHIPPED) -> None:
        self.folder = folder or home() / "runs"
        self.shipped = shipped

    def get(self, key: str) -> Run | None:
        """The run of a key, verified, or None; a damaged one is set aside.

        Raises:
            RequestError: It does not look like a key.
        """
        if not KEY.fullmatch(key):
            raise RequestError(f"A key has 16 hex digits; received {key[:80]!r}.")
        for run in (Run(self.folder / key), Run(self.shipped / key, shipped=True)):
            if not run.folder.is_dir():
                continue
            try:
                run.verify()
            except DamagedRun as error:
                log.warning("%s", error)
                self._set_aside(run)
                continue
            self._touch(run)
            return run
        return None

    def runs(self) -> list[Run]:
        """All public runs, newest first, the shipped ones last."""
        own = [run for run in self._all(Run(folder) for folder in _folders(self.folder)) if not self._private(run)]
        keys = {run.key for run in own}
        own.sort(key=lambda run: run.info["created"], reverse=True)
        shipped = self._all(Run(folder, shipped=True) for folder in _folders(self.shipped))
        return own + [run for run in shipped if run.key not in keys]

    def find(self, recipe: Recipe) -> Run | None:
        """The run of a recipe on whatever data, the one of most training images first."""
        made = [run for run in self.runs() if run.recipe == recipe]
        return max(made, key=lambda run: run.resolved.data.train, default=None)

    def put(self, resolved: ResolvedRecipe, files: Path, info: dict[str, Any]) -> Run:
        """Takes a finished run in, whole or not at all.

        Args:
            resolved: What it was made from.
            files: A folder with weights, history, report and snapshots; its files are copied.
            info: What `run.json` says besides the files' SHA-256.

        Raises:
            LabError: The disk is full or not writable.
        """
        target = self.folder / resolved.key
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = Path(tempfile.mkdtemp(prefix=".part-", dir=self.folder))
            try:
                (part / "recipe.json").write_text(json.dumps(resolved.to_json(), indent=1), encoding="utf-8")
                for name in FILES[1:]:
                    shutil.copyfile(files / name, part / name)
                info = {**info, "created": time.time(), "files": {name: file_digest(part / name) for name in FILES}}
                (part / "run.json").write_text(json.dumps(info, indent=1), encoding="utf-8")
                shutil.rmtree(target, ignore_errors=True)
                part.replace(target)
            finally:
                shutil.rmtree(part, ignore_errors=True)
        except OSError as error:
            raise LabError(
                f"The run could not be stored in {self.folder} ({error.strerror}). Make room there, or set AECORE_HOME "
                f"to a folder that can be written, and train again."
            ) from error
        self._bound(keep=resolved.key)
        return Run(target)

    def delete(self, key: str) -> None:
        """Removes a run from the writable layer; a shipped one stays.

        Raises:
            RequestError: It does not look like a key.
        """
        if not KEY.fullmatch(key):
            raise RequestError(f"A key has 16 hex digits; received {key[:80]!r}.")
        shutil.rmtree(self.folder / key, ignore_errors=True)

    def sweep(self, now: float) -> None:
        """Deletes runs on people's own images an hour after they were last used, and what a crash left half-written."""
        for run in self._all(Run(folder) for folder in _folders(self.folder)):
            if self._private(run) and now - _last_use(run) > PRIVATE_SECONDS:
                self.delete(run.key)
        for part in self.folder.glob(".part-*"):
            if now - part.stat().st_mtime > PRIVATE_SECONDS:
                shutil.rmtree(part, ignore_errors=True)

    def _private(self, run: Run) -> bool:
        return bool(run.info.get("private"))

    def _all(self, runs: Any) -> list[Run]:
        readable = []
        for run in runs:
            try:
                readable.append((run, run.recipe, run.info["created"])[0])
            except (OSError, ValueError, KeyError, TypeError, RequestError):
                log.warning("Run %s cannot be read and is left out.", run.key)
        return readable

    def _set_aside(self, run: Run) -> None:
        if not run.shipped:
            aside = self.folder / f".damaged-{run.key}"
            shutil.rmtree(aside, ignore_errors=True)
            try:
                run.folder.replace(aside)
            except OSError as error:
                log.warning("Run %s could not be set aside (%s).", run.key, error)

    def _touch(self, run: Run) -> None:
        if not run.shipped:
            try:
                os.utime(run.folder / "run.json")
            except OSError as error:  # a read-only store still answers
                log.info("Use of run %s is not noted (%s).", run.key, error)

    def _bound(self, keep: str) -> None:
        """Deletes the runs that were not used for longest until the rest fits."""
        runs = sorted((Run(folder) for folder in _folders(self.folder)), key=_last_use)
        sizes = {run.key: sum(file.stat().st_size for file in run.folder.iterdir()) for run in runs}
        excess = sum(sizes.values()) - MAX_BYTES
        for run in runs:
            if excess > 0 and run.key != keep:
                self.delete(run.key)
                excess -= sizes[run.key]


def _folders(parent: Path) -> list[Path]:
    """Folders below `parent` that are named by a key."""
    if not parent.is_dir():
        return []
    return [folder for folder in sorted(parent.iterdir()) if folder.is_dir() and KEY.fullmatch(folder.name)]


def _last_use(run: Run) -> float:
    record = run.folder / "run.json"
    return record.stat().st_mtime if record.exists() else 0.0

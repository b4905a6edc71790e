"""The one way in which anything is trained: a recipe and its data in, weights, history and snapshots out."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np

from aecore.datasets import Data, Split
from aecore.errors import Cancelled, LabError, RequestError
from aecore.fit import Fit
from aecore.recipe import ResolvedRecipe
from aecore.training.backend import Stepper
from aecore.training.batches import VALIDATION, Batches
from aecore.training.checkpoint import load_checkpoint, save_checkpoint
from aecore.training.losses import make_loss, make_optimizer
from aecore.training.network import build, start_from
from aecore.training.snapshots import Recorder

CHUNK_SECONDS = 0.2  # how long one compiled call should take: progress and cancel wait for it
CHUNK_BYTES = 8_000_000
CHUNK_STEPS = 64
PREVIEW_SECONDS = 1.5
CHECKPOINT_SECONDS = 5.0


class Watcher(Protocol):
    """Who wants to know how the training goes."""

    def check(self) -> None:
        """Raises `Cancelled` when the work is not wanted any more."""

    def progress(self, **values: Any) -> None:
        """Takes the latest figures."""

    def preview(self, epoch: int, recorder: Recorder) -> None:
        """Takes the latest reconstructions: `recorder.clean`, `.inputs` and `.latest`."""


@dataclass
class State:
    """What a training needs to go on where it stopped."""

    epoch: int = 1
    step: int = 0
    seconds: float = 0.0
    epoch_seconds: float = 0.0
    epoch_loss: float = 0.0
    best_loss: float = float("inf")
    best_epoch: int = 0
    waited: int = 0


@dataclass(frozen=True)
class Trained:
    """A finished training.

    Args:
        model: The network with its final weights.
        history: Equally long lists: epoch, loss, val_loss, learning_rate, seconds.
        snapshots: Arrays for `snapshots.npz`.
        seconds: Time spent on steps and validation.
        steps: Optimiser steps taken.
    """

    model: keras.Model
    history: dict[str, list]
    snapshots: dict[str, np.ndarray]
    seconds: float
    steps: int


def split_validation(split: Split, share: float) -> tuple[Split, Split | None]:
    """Cuts the validation images off the end of a shuffled split; whole photographs where there are groups."""
    cut = len(split) - round(len(split) * share)
    if split.groups is not None and share:  # never the same photograph on both sides
        starts = np.flatnonzero(np.diff(split.groups)) + 1
        cut = int(starts[np.abs(starts - cut).argmin()]) if starts.size else len(split)
    if cut in (0, len(split)):
        return split, None
    return split.part(0, cut), split.part(cut, len(split))


class Training:
    """One training.

    Args:
        resolved: What to train.
        data: Its data, loaded.
        watcher: Is told of progress, and may stop the training.
        folder: Where to keep checkpoints, or None.
        weights: Weights file to start from, or None.
    """

    def __init__(
        self, resolved: ResolvedRecipe, data: Data, watcher: Watcher, folder: Path | None, weights: Path | None = None
    ) -> None:
        recipe = resolved.recipe
        self.fit: Fit = recipe.fit
        self.watcher, self.folder = watcher, folder
        train, self.validation = split_validation(data.train, self.fit.validation_share)
        if not len(train) or not len(data.test):
            raise RequestError(f"{recipe.dataset.title} leaves {len(train)} images to train on; choose more of them.")
        self.batches = Batches(train, recipe.corruption, self.fit.batch_size, self.fit.seed, self.fit.steps_per_epoch)
        self.corruption = recipe.corruption
        self.model = build(recipe.model, recipe.input_shape, recipe.target_shape, self.fit)
        if weights is not None:
            start_from(self.model, weights)
        self.optimizer = make_optimizer(self.fit, self.fit.epochs * self.batches.steps)
        self.stepper = Stepper(self.model, make_loss(self.fit, recipe.target_shape), self.optimizer)
        self.recorder = Recorder(self.model, self.stepper, data.test, recipe, self.fit.epochs)
        self.state = State()
        self.history: dict[str, list] = {name: [] for name in ("epoch", "loss", "val_loss", "learning_rate", "seconds")}
        self.best: list[np.ndarray] = []
        image_bytes = 4 * (np.prod(recipe.input_shape) + np.prod(recipe.target_shape))
        self.capacity = int(np.clip(CHUNK_BYTES // (image_bytes * self.batches.batch_size), 1, CHUNK_STEPS))
        self.step_seconds: float | None = None
        self.saved = self.previewed = time.monotonic()

    def run(self) -> Trained:
        """Trains to the end.

        Raises:
            Cancelled: The watcher stopped it.
            LabError: The loss is not a number any more.
        """
        load_checkpoint(self.folder, self)
        if not self.recorder.epochs:
            self.recorder.record(0)
            self.watcher.preview(0, self.recorder)
        while self.state.epoch <= self.fit.epochs:
            try:
                self._steps_of_epoch()
                stop = self._end_of_epoch()
            except Cancelled:  # it may go on from here
                self._checkpoint()
                raise
            self.state = replace(self.state, epoch=self.state.epoch + 1, step=0, epoch_seconds=0.0, epoch_loss=0.0)
            self._checkpoint_when_due()
            if stop:
                break
        self._use_average()
        if self.best:
            self.model.set_weights(self.best)
        last = self.history["epoch"][-1]
        self.recorder.record(self.state.best_epoch if self.best else last, final=True)
        taken = last * self.batches.steps
        return Trained(self.model, self.history, self.recorder.arrays(), self.state.seconds, taken)

    def _steps_of_epoch(self) -> None:
        state, steps = self.state, self.batches.steps
        for (inputs, targets), count in self.batches.chunks(state.epoch, state.step, self._chunk_size, self.capacity):
            self.watcher.check()
            began = time.perf_counter()
            losses = self.stepper.steps(inputs, targets, count)
            passed = time.perf_counter() - began
            if not np.isfinite(losses).all():
                raise LabError(
                    f"The loss became {losses[~np.isfinite(losses)][0]} in epoch {state.epoch}. Lower the learning "
                    f"rate (now {self.fit.learning_rate:g}) or clip the gradient, and train again."
                )
            self.step_seconds = passed / count
            state.epoch_loss += float(losses.sum())
            state.step += count
            state.seconds += passed
            state.epoch_seconds += passed
            self._tell(state.epoch_loss / state.step, steps)

    def _chunk_size(self) -> int:
        if self.step_seconds is None:
            return 1
        return max(1, int(CHUNK_SECONDS / max(self.step_seconds, 1e-6)))

    def _tell(self, loss: float, steps: int) -> None:
        state, epochs, now = self.state, self.fit.epochs, time.monotonic()
        fraction = ((state.epoch - 1) * steps + state.step) / (epochs * steps)
        per_epoch = np.median(self.history["seconds"][1:]) if state.epoch > 2 else (self.step_seconds or 0.0) * steps
        unknown = self.step_seconds is None or (state.epoch == 1 and state.step == 1)  # the first step compiles
        left = None if unknown else float(per_epoch * epochs * (1 - fraction))
        place = {"epoch": state.epoch, "epochs": epochs, "step": state.step, "steps": steps}
        self.watcher.progress(**place, loss=loss, fraction=fraction, seconds_left=left, history=self.history)
        if now - self.previewed > PREVIEW_SECONDS and state.step < steps:
            self.previewed = now
            self.recorder.look()
            self.watcher.preview(state.epoch, self.recorder)
        self._checkpoint_when_due()

    def _end_of_epoch(self) -> bool:
        """Validates, records, and says whether to stop."""
        state = self.state
        began = time.perf_counter()
        kept = self._use_average()
        try:
            val_loss = self._validate()
        except Cancelled:
            if kept:
                self.model.set_weights(kept)
            raise
        if self.recorder.wants(state.epoch):
            self.recorder.record(state.epoch)
        else:
            self.recorder.look()
        self.previewed = time.monotonic()
        self.watcher.preview(state.epoch, self.recorder)
        stop = self._judge(val_loss)
        if kept:
            self.model.set_weights(kept)
        passed = time.perf_counter() - began
        state.seconds += passed
        rate = float(keras.ops.convert_to_tensor(self.optimizer.learning_rate))
        row = (state.epoch, state.epoch_loss / state.step, val_loss, rate, round(state.epoch_seconds + passed, 3))
        for name, value in zip(self.history, row, strict=True):
            self.history[name].append(value)
        if state.waited and self.fit.reduce_rate and state.waited % self.fit.reduce_rate == 0:
            self.optimizer.learning_rate = rate / 2
        self._tell(state.epoch_loss / state.step, self.batches.steps)
        return stop

    def _judge(self, val_loss: float | None) -> bool:
        state = self.state
        watched = val_loss if val_loss is not None else state.epoch_loss / state.step
        if watched < state.best_loss:
            state.best_loss, state.best_epoch, state.waited = watched, state.epoch, 0
            self.best = self.model.get_weights() if self.fit.best_weights else []
        else:
            state.waited += 1
        return bool(self.fit.early_stopping) and state.waited >= self.fit.early_stopping

    def _use_average(self) -> list[np.ndarray]:
        """Puts the moving average of the weights in place of the weights, and returns these; nothing without EMA."""
        if not self.fit.ema:
            return []
        kept = self.model.get_weights()
        self.optimizer.finalize_variable_values(self.model.trainable_variables)
        return kept

    def _validate(self) -> float | None:
        if self.validation is None or not len(self.validation):
            return None
        batches = Batches(self.validation, self.corruption, self.fit.batch_size, self.fit.seed, 0)
        steps = min(batches.steps, self.fit.validation_steps or batches.steps)
        order = np.arange(len(self.validation))
        losses = []
        for step in range(steps):
            self.watcher.check()
            losses.append(self.stepper.evaluate(*batches.batch(order, VALIDATION, step)))
        return float(np.mean(losses))

    def _checkpoint_when_due(self) -> None:
        if time.monotonic() - self.saved > CHECKPOINT_SECONDS:
            self._checkpoint()

    def _checkpoint(self) -> None:
        if self.folder is not None:
            save_checkpoint(self.folder, self)
            self.saved = time.monotonic()


def train(
    resolved: ResolvedRecipe, data: Data, watcher: Watcher, folder: Path | None = None, weights: Path | None = None
) -> Trained:
    """Trains a recipe; see `Training`."""
    return Training(resolved, data, watcher, folder, weights).run()

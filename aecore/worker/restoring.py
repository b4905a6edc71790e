"""Test pictures to be damaged, and the answers of networks and of classical methods to them."""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from aecore.classical import methods
from aecore.corruptions import Corruption
from aecore.datasets import Dataset, Pin
from aecore.datasets.faces import Faces
from aecore.datasets.photos import Photos
from aecore.errors import NotAtHand, RequestError
from aecore.images import to_float, to_uint8
from aecore.metrics import psnr, psnr_of_mse, ssim
from aecore.restorers import damage
from aecore.restoring import by_run, checked
from aecore.store import Run, Store
from aecore.worker.networks import Function, trained

POOL = 512  # test pictures that are looked at
CROP = 176  # px; side of what is shown of a photograph
CROPS = 64  # of photographs, in place of whole pictures
SHOWN = {"photos": 6}  # pictures in a row, where it is not
USUALLY_SHOWN = 8
CERTAIN = 3  # standard deviations of noise: what differs by more is not explained by it
MOST_SEEDS = 10_000
OTHER_SIZES = 4  # networks that stay loaded for another size than they were trained on
WARM = np.pad(np.ones((1, 1, 1), np.float32), [(8, 8), (8, 8), (0, 0)])


@dataclass(frozen=True)
class Pool:
    """Test pictures.

    Args:
        images: (N, H, W, C) uint8.
        labels: (N,) class of each, or of photographs which it is; -1 for none.
        source: One line for people.
        seen: Whether networks may have learned from them.
    """

    images: np.ndarray
    labels: np.ndarray
    source: str
    seen: bool = False


@dataclass(frozen=True)
class Damaged:
    """Pictures and what was done to them.

    Args:
        clean: (N, H, W, C) float32.
        given: (N, H, W, c) float32, damaged.
        hole: (N, H, W, 1) bool, or None.
        damage: What was done.
        strength: How strongly; None where the damage has no strength.
    """

    clean: np.ndarray
    given: np.ndarray
    hole: np.ndarray | None
    damage: Corruption
    strength: float | None

    @property
    def as_clean(self) -> np.ndarray:
        """The damaged pictures with as many channels as the clean ones."""
        return np.broadcast_to(self.given, self.clean.shape)


def pool_of(dataset: Dataset, run: Run | None = None) -> Pool:
    """Test pictures of a dataset: of what is at hand, where need be of the sample that comes with the lab.

    Args:
        dataset: The dataset.
        run: A run that keeps some of its test pictures, for a dataset of which nothing is at hand.

    Raises:
        NotAtHand: Nothing is, and the run may not pass on any.
    """
    if isinstance(dataset, Photos):
        dataset = replace(dataset, size=CROP, crops=1, turned=False)
    try:
        pin = dataset.resolve()
    except NotAtHand:
        if run is None or not run.info.get("redistributable"):
            raise
        kept = run.snapshots()
        return Pool(kept["clean"], kept["labels"], "the test pictures that are kept with the run")
    return _pool(dataset, pin)


@functools.lru_cache(4)
def _pool(dataset: Dataset, pin: Pin) -> Pool:
    if isinstance(dataset, Faces) and pin.source == "sample":  # tiny and grey: no faces as networks know them
        from aecore.worker.tasks.baselines import public_domain_faces

        images = public_domain_faces(dataset.size)
        line = "a public-domain portrait, the same mirrored, and a cat"
        return Pool(images, np.full(len(images), -1), line)
    data = dataset.load(pin)
    split, labels = data.test, data.test.labels
    if split.groups is None:
        chosen = np.arange(min(POOL, len(split)))
    else:  # as many of each photograph
        turn = np.argsort(np.arange(len(split)) - np.searchsorted(split.groups, split.groups), kind="stable")
        chosen, labels = turn[:CROPS], split.groups
    labels = np.full(len(split), -1) if labels is None else labels
    seen = pin.source == "sample" and split.groups is None
    return Pool(np.array(split.images[chosen]), np.array(labels[chosen]), data.source, seen)


def some(pool: Pool, count: int, seed: int) -> np.ndarray:
    """Numbers of a few pictures of a pool, of as many different classes as can be, in the order of their classes."""
    order = np.random.default_rng(seed).permutation(len(pool.images))
    labels = pool.labels[order]
    before = np.array([np.sum(labels[:place] == label) for place, label in enumerate(labels)])
    chosen = order[np.argsort(before, kind="stable")[:count]]
    return chosen[np.argsort(pool.labels[chosen], kind="stable")]


def damaged(clean: np.ndarray, task: str, subject: str, strength: Any, seed: Any) -> Damaged:
    """Pictures (N, H, W, C) uint8, damaged; the same seed gives the same noise, weaker or stronger.

    Raises:
        RequestError: There is no such task or strength, or the seed is none.
    """
    if not isinstance(seed, int) or not 0 <= seed < MOST_SEEDS:
        raise RequestError(f"The choice of pictures is a number from 0 to {MOST_SEEDS - 1}; received {seed!r}.")
    strength = checked(task, subject, strength)
    does, images = damage(task, subject, strength), to_float(clean)
    given = does(images, np.random.default_rng(seed))
    return Damaged(images, given, does.hole(images.shape, np.random.default_rng(seed)), does, strength)


def runs_of(keys: Any, task: str, subject: str) -> list[Run]:
    """The runs of a job's keys.

    Raises:
        RequestError: One is gone, or restores something else.
    """
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise RequestError(f"Keys of runs are a list of texts; received {str(keys)[:60]!r}.")
    runs = [Store().get(key) for key in keys]
    for key, run in zip(keys, runs, strict=True):
        if run is None:
            raise RequestError(f"There is no run {key[:40]!r}; it may have been deleted. Train it again.")
        restorer = by_run(run)
        if restorer is None or (restorer.task, restorer.subject) != (task, subject):
            raise RequestError(f"The run {key} does not restore such pictures.")
    return runs


def function_of(run: Run, shape: tuple[int, ...]) -> Function:
    """The network of a run as a function of damaged pictures of a size, (N, *shape, c) to (N, *shape, C) float32."""
    if run.recipe.target_shape[:2] == tuple(shape[:2]):
        return trained(run.key).predict
    return _resized(run, tuple(shape[:2]))


@functools.lru_cache(OTHER_SIZES)
def _resized(run: Run, size: tuple[int, int]) -> Function:
    from aecore.training.backend import compiled
    from aecore.training.network import build
    from aecore.training.snapshots import in_batches

    recipe = run.recipe
    model = build(recipe.model, (*size, recipe.input_shape[2]), (*size, recipe.target_shape[2]))
    model.load_weights(run.weights)
    call = compiled(model)
    return lambda inputs: in_batches(call, inputs)


def timed(function: Callable[[], np.ndarray], count: int) -> tuple[np.ndarray, float]:
    """What a function gives, and the seconds that it took for each of so many pictures."""
    start = time.perf_counter()
    made = function()
    return made, (time.perf_counter() - start) / max(1, count)


def by_network(run: Run, pictures: Damaged) -> tuple[np.ndarray, float]:
    """A network's answers, and its seconds for each picture, without what it takes to load it."""
    function = function_of(run, pictures.clean.shape[1:3])
    function(pictures.given)  # compiles
    made, seconds = timed(lambda: function(pictures.given), len(pictures.given))
    return np.clip(made, 0, 1), seconds


def by_methods(task: str, pictures: Damaged, check: Callable[[], None]) -> list[tuple[str, np.ndarray, float]]:
    """The classical answers: for each method its name, its answers, and its seconds for each picture."""
    found = []
    for method in methods(task):
        holes = [None] * len(pictures.given) if pictures.hole is None else pictures.hole
        made, seconds = [], 0.0
        method(WARM, 0.5, WARM[..., 0] > 0)  # imports, which is no part of its time
        for image, hole in zip(pictures.given, holes, strict=True):
            check()
            answer, took = timed(functools.partial(method, image, pictures.strength, hole), 1)
            made.append(answer)
            seconds += took
        found.append((method.name, np.stack(made), seconds / len(made)))
    return found


def misfit(pictures: Damaged, answers: np.ndarray) -> np.ndarray:
    """Where answers do not fit what was given: what the damage would make of them, less what it was, (N, H, W) float16.

    With noise, as far as it is more than three standard deviations; with a hole, outside it.
    """
    if pictures.hole is not None:
        error = np.where(pictures.hole, 0, np.abs(answers - pictures.given))
    elif pictures.damage.kind == "gaussian":
        error = np.maximum(0, np.abs(answers - pictures.given) - CERTAIN * pictures.strength)
    else:
        error = np.abs(pictures.damage(answers, np.random.default_rng(0)) - pictures.given)
    return error.max(axis=-1).astype(np.float16)


def quality(pictures: Damaged, answers: np.ndarray) -> dict[str, np.ndarray]:
    """PSNR and SSIM of answers (N, H, W, C), (N,) float32 each; of the hole alone, too, where there is one."""
    found = {"psnr": psnr(pictures.clean, answers), "ssim": ssim(pictures.clean, answers)}
    if pictures.hole is not None:
        found["hole_psnr"] = psnr_of_mse(_hole_mse(pictures, answers))
    return {name: values.astype(np.float32) for name, values in found.items()}


def _hole_mse(pictures: Damaged, answers: np.ndarray) -> np.ndarray:
    """Mean squared error of each hole, (N,)."""
    wrong = np.square(answers - pictures.clean).mean(axis=-1) * pictures.hole[..., 0]
    return wrong.sum(axis=(1, 2), dtype=np.float64) / pictures.hole[..., 0].sum(axis=(1, 2))


def as_arrays(pictures: Damaged, found: list[tuple[str, np.ndarray, float]]) -> dict[str, np.ndarray]:
    """Answers with their qualities as arrays, those of each by its place in the list: `output_0`, `psnr_0`…"""
    arrays = {}
    for number, (_, answers, _) in enumerate(found):
        measured = quality(pictures, answers) | {"output": to_uint8(answers), "misfit": misfit(pictures, answers)}
        arrays |= {f"{name}_{number}": values for name, values in measured.items()}
    return arrays

"""Pictures damaged and restored: a few to look at, and many to measure.

restore_samples    {"task", "subject", "strength", "seed", "keys", "data"}: test pictures, and each network's answers
restore_classical  {"task", "subject", "strength", "seed", "data"}: the classical answers to the same pictures
restore_drawing    {"task", "subject", "strength", "seed", "keys"} and a file `picture.npy`, uint8: all answers to it
restore_curve      {"key", "keys", "data"}: PSNR of damaged test pictures and of networks at all strengths

`data` says which data was at hand, so that other data makes another job. The first three write `restored.npz`: clean,
damaged, and `output_k`, `misfit_k`, `psnr_k`, `ssim_k`, `hole_psnr_k` of the k-th answer; the last `restore_curve.npz`.
"""

from typing import Any

import numpy as np

from aecore.anomaly.own import read_drawing
from aecore.errors import NotAtHand, RequestError
from aecore.images import to_uint8
from aecore.restorers import Restorer, restorers
from aecore.restoring import by_run, strengths, title
from aecore.store import Run, Store
from aecore.worker.job import Job, task
from aecore.worker.restoring import (
    SHOWN,
    USUALLY_SHOWN,
    Damaged,
    as_arrays,
    by_methods,
    by_network,
    damaged,
    function_of,
    pool_of,
    quality,
    runs_of,
    some,
)

NAME = "restore_curve"
MEASURED_PIXELS, MOST_MEASURED = 750_000, 256  # pixels and pictures at each strength
SEED = 0


@task("restore_samples", warm=True)
def restore_samples(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """A few test pictures, damaged, and what networks make of them."""
    runs = runs_of(arguments["keys"], arguments["task"], arguments["subject"])
    pictures, value = _chosen(arguments)
    return value | _answered(pictures, runs, [], job)


@task("restore_classical", lane="medium")
def restore_classical(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """The same test pictures, and what classical methods make of them."""
    pictures, value = _chosen(arguments)
    return value | _answered(pictures, [], by_methods(arguments["task"], pictures, job.check), job)


@task("restore_drawing", warm=True)
def restore_drawing(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """A drawing, damaged, and what networks and classical methods make of it."""
    name, subject = arguments["task"], arguments["subject"]
    runs = runs_of(arguments["keys"], name, subject)
    clean = _drawing(job, restorers(name, subject)[0].recipe.target_shape)
    pictures = damaged(clean, name, subject, arguments["strength"], arguments["seed"])
    return _answered(pictures, runs, by_methods(name, pictures, job.check), job)


def _chosen(arguments: dict[str, Any]) -> tuple[Damaged, dict[str, Any]]:
    """The test pictures that a job is about, damaged, and what is to be said of them."""
    name, subject, seed = arguments["task"], arguments["subject"], arguments["seed"]
    lab = restorers(name, subject)[0]
    dataset = lab.recipe.dataset
    damaged(np.zeros((1, *dataset.shape), np.uint8), name, subject, arguments["strength"], seed)  # refuses nonsense
    pool = pool_of(dataset, lab.run)
    numbers = some(pool, SHOWN.get(subject, USUALLY_SHOWN), seed)
    pictures = damaged(pool.images[numbers], name, subject, arguments["strength"], seed)
    said = {"source": pool.source, "seen": pool.seen, "of": len(pool.images)}
    classes = dataset.classes if subject != "photos" else ()
    return pictures, said | {"labels": [int(label) for label in pool.labels[numbers]], "classes": list(classes)}


def _answered(pictures: Damaged, runs: list[Run], more: list[tuple[str, np.ndarray, float]], job: Job) -> dict:
    """Has networks answer, and writes all answers."""
    found = []
    for run in runs:
        job.check()
        found.append((run.key, *by_network(run, pictures)))
    found += more
    before = quality(pictures, pictures.as_clean)
    job.write_arrays(
        "restored.npz",
        clean=to_uint8(pictures.clean),
        damaged=to_uint8(pictures.given),
        **({} if pictures.hole is None else {"hole": pictures.hole}),
        **before,
        **as_arrays(pictures, found),
    )
    return {"answers": [{"name": name, "seconds": seconds} for name, _, seconds in found]}


def _drawing(job: Job, shape: tuple[int, ...]) -> np.ndarray:
    """The drawing that came with a job, (1, h, w, 1) uint8."""
    path = job.files / "picture.npy"
    if not path.is_file():
        raise RequestError("A drawing is needed: a file “picture.npy”; received none.")
    picture = read_drawing(path)
    if picture.shape != tuple(shape):
        raise RequestError(f"{path.name} is {tuple(shape)} here; received {picture.shape}. Draw it again.")
    return picture[None]


@task(NAME, lane="medium", warm=True)
def restore_curve(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Mean PSNR and SSIM of damaged test pictures and of restored ones over all strengths.

    Writes `stops` (S,), and `psnr`, `ssim` and, with a hole, `hole_psnr` (1 + K, S): of the damaged and of K networks;
    not a number where pictures are not damaged at all. Means are over the pictures that the damage changed.
    """
    run = Store().get(arguments["key"])
    restorer = None if run is None else by_run(run)
    if restorer is None:
        raise RequestError(f"{str(arguments['key'])[:40]!r} is no run that restores what is offered.")
    if not _at_hand(run):
        if (kept := run.finding(NAME)) is None:
            raise NotAtHand(f"The data that this run was measured on ({run.info['source']}) is not on this machine.")
        value, arrays = kept
        job.write_arrays(f"{NAME}.npz", **arrays)
        return {**value, "stored": True}
    asked = arguments.get("keys")
    known = [item.run for item in restorers(restorer.task, restorer.subject) if item.run]
    runs = known if asked is None else runs_of(asked, restorer.task, restorer.subject)
    runs = [item for item in runs if _measured_alike(item, run)]
    count, source, arrays = _curve(restorer, runs, job)
    job.write_arrays(f"{NAME}.npz", **arrays)
    lines = [_line(by_run(item)) for item in runs]
    return {"task": restorer.task, "subject": restorer.subject, "count": count, "source": source, "networks": lines}


def _at_hand(run: Run) -> bool:
    """Whether the data that a run was measured on is on this machine."""
    try:
        return run.recipe.dataset.resolve() == run.resolved.data
    except NotAtHand:
        return False


def _measured_alike(run: Run, other: Run) -> bool:
    """Whether two runs were measured on data from the same source, so that both may be measured on it here."""
    return run.resolved.data.source == other.resolved.data.source


def _line(restorer: Restorer) -> dict[str, Any]:
    known, trained = strengths(restorer.task, restorer.subject), restorer.trained_strength
    stop = None if known is None or trained is None else round(trained * known.of, 4)
    return {"key": restorer.run.key, "title": title(restorer), "trained": stop, "blind": restorer.blind}


def _curve(restorer: Restorer, runs: list[Run], job: Job) -> tuple[int, str, dict[str, np.ndarray]]:
    """How many pictures were measured, where they are from, and the arrays of `restore_curve`."""
    pool = pool_of(restorers(restorer.task, restorer.subject)[0].recipe.dataset)
    images = pool.images[: min(MOST_MEASURED, MEASURED_PIXELS // (pool.images.shape[1] * pool.images.shape[2]))]
    known = strengths(restorer.task, restorer.subject)
    stops = known.measured if known else [0.0]
    functions = [function_of(run, images.shape[1:3]) for run in runs]
    columns: list[list[dict[str, float]]] = []
    for number, stop in enumerate(stops):
        job.check()
        job.progress(fraction=number / len(stops))
        strength = known.strength(stop) if known else None
        pictures = damaged(images, restorer.task, restorer.subject, strength, SEED)
        answers = [pictures.as_clean, *(np.clip(function(pictures.given), 0, 1) for function in functions)]
        measured = [quality(pictures, answer) for answer in answers]
        changed = np.isfinite(measured[0].get("hole_psnr", measured[0]["psnr"]))
        columns.append([_means(values, changed) for values in measured])
    names = columns[0][0]
    table = {name: np.array([[cell[name] for cell in column] for column in columns]).T for name in names}
    return len(images), pool.source, {"stops": np.array(stops), **table}


def _means(measured: dict[str, np.ndarray], changed: np.ndarray) -> dict[str, float]:
    """Means over the pictures that the damage changed, a hole in what is black changes nothing; over all, where it
    changed none. Not a number where one is identical.
    """
    chosen = changed if changed.any() else np.ones_like(changed)
    means = {name: float(values[chosen].mean()) for name, values in measured.items()}
    return {name: value if np.isfinite(value) else np.nan for name, value in means.items()}

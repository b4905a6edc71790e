"""Commands about recipes, runs, collections and this machine."""

import argparse
import os
import platform
import sys
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from aecore.commands.answer import Answer, recipe_named, run_named, work
from aecore.datasets import DATASETS
from aecore.datasets.collection import import_collection
from aecore.engine import LocalEngine
from aecore.errors import NotAtHand, RequestError
from aecore.home import data_folder, home
from aecore.presets import PRESETS
from aecore.recipe import Recipe
from aecore.store import Run, Store

PACKAGES = ("streamlit", "tensorflow", "keras", "jax", "numpy", "pandas", "pillow", "plotly", "scikit-image")


def presets(options: argparse.Namespace) -> Answer:
    """Lists the presets."""
    value = [{"name": item.name, "task": item.task, "recipe": item.recipe.to_json()} for item in PRESETS.values()]
    return Answer(value, "\n".join(f"{item['name']:<24} {item['task']}" for item in value))


def train(options: argparse.Namespace) -> Answer:
    """Trains a recipe, or shows the run that is there."""
    recipe = recipe_named(options.recipe, options.set)
    with closing(LocalEngine()) as engine:
        if options.fetch and not _is_whole(recipe):
            _fetch(engine, recipe)
        resolved = recipe.resolve()
        run = Store().get(resolved.key)
        if run is not None:
            return _answer(run, cached=True)
        print(f"Training on {resolved.data.train} images ({resolved.data.source}).", file=sys.stderr)
        work(engine, "train", {"recipe": resolved.to_json()})
    return _answer(Store().get(resolved.key), cached=False)


def params(options: argparse.Namespace) -> Answer:
    """Counts parameters."""
    recipe = recipe_named(options.recipe, options.set)
    with closing(LocalEngine()) as engine:
        described = work(engine, "describe", {"recipe": recipe.to_json()})
    value = {"total": described["total"], "layers": described["layers"]}
    rows = [f"{row['name']:<24} {row['type']:<18} {row['shape']!s:<18} {row['params']:>12,}" for row in value["layers"]]
    return Answer(value, "\n".join([*rows, f"{'total':<62} {value['total']:>12,}"]))


def runs(options: argparse.Namespace) -> Answer:
    """Lists runs."""
    found = Store().runs()
    value = [
        {"key": run.key, "name": run.name, "shipped": run.shipped, "recipe": run.recipe.to_json(), "report": run.report}
        for run in found
    ]
    lines = [f"{row['key']}  {row['name']}{'  (shipped)' if row['shipped'] else ''}" for row in value]
    return Answer(value, "\n".join(lines) or "There are no runs yet; `python -m aecore train first-light` makes one.")


def show(options: argparse.Namespace) -> Answer:
    """Shows a run of the store."""
    return _answer(run_named(options.run_name), cached=True)


def collect(options: argparse.Namespace) -> Answer:
    """Imports a collection."""
    source = Path(options.source)
    if not source.exists():
        raise RequestError(f"There is no folder or zip {options.source!r}.")
    made = import_collection(source, pairs=options.pairs)
    value = {"digest": made.digest, "images": made.images, "skipped": list(made.skipped)}
    preset = "conv-photo-sr" if made.pairs else "first-light --set dataset=collection"
    use = f"python -m aecore train {preset} --set dataset.digest={made.digest}"
    skipped = [f"skipped {row['name']}: {row['why']}" for row in value["skipped"]]
    return Answer(value, "\n".join([f"{made.images} images, digest {made.digest}. To train on them:", use, *skipped]))


def doctor(options: argparse.Namespace) -> Answer:
    """Says what the lab finds on this machine."""
    sources = {}
    for kind, dataset in DATASETS.items():
        try:
            pin = dataset().resolve()
            sources[kind] = f"{pin.source}: {pin.train} training and {pin.test} test images"
        except (NotAtHand, RequestError) as error:
            sources[kind] = str(error)
    with closing(LocalEngine()) as engine:
        device = work(engine, "device", {})["device"]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9 if hasattr(os, "sysconf") else None
    value = {
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in PACKAGES},
        "device": device,
        "memory_gb": memory and round(memory, 1),
        "home": str(home()),
        "data_folder": str(data_folder() or ""),
        "datasets": sources,
    }
    lines = [f"{name:<12} {entry}" for name, entry in value.items() if not isinstance(entry, dict)]
    for table in ("versions", "datasets"):
        lines += ["", *(f"{name:<14} {entry}" for name, entry in value[table].items())]
    return Answer(value, "\n".join(lines))


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _is_whole(recipe: Recipe) -> bool:
    try:
        return recipe.dataset.resolve().source == "full"
    except NotAtHand:
        return False


def _fetch(engine: LocalEngine, recipe: Recipe) -> None:
    offered = recipe.dataset.download
    if offered is None:
        raise RequestError(f"{recipe.dataset.title} has no public download; leave out --fetch.")
    print(f"Getting {offered.title} ({offered.megabytes:g} MB) from {', '.join(offered.urls)}.", file=sys.stderr)
    work(engine, "download", {"dataset": recipe.dataset.to_json()})


def _answer(run: Run, cached: bool) -> Answer:
    data = {**run.resolved.data.to_json(), "licence": run.info["licence"], "description": run.info["source"]}
    value = {
        "key": run.key,
        "cached": cached,
        "seconds": run.report["seconds"],
        "device": run.report["device"],
        "data": data,
        "recipe": run.recipe.to_json(),
        "report": run.report,
        "history": run.history,
    }
    figures = [f"{name:<20} {figure}" for name, figure in run.report.items() if figure is not None]
    origin = f"{run.key}  {run.name}, {data['description']}{', from the store' if cached else ''}"
    return Answer(value, "\n".join([origin, *figures]))

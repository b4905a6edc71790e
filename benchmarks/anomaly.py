"""Anomaly detection on every class of three datasets: AUROC on test images, beside plain ones and published ones.

    python -m benchmarks.anomaly [--seeds 3] [--quick] [--only PROTOCOL …]     (from the project's root)

AECORE_DATA names the folder with the data. Every cell is the recipe of the preset `better-mnist-no9` with other normal
classes and another seed, trained on the lab's one training path; `--quick` takes a tenth of the steps. A cell is kept
in the lab's home when it is done, so that a run which was stopped goes on where it was; what is done so far is written
to `weights/anomaly.json`. Nothing is chosen for a cell: `aecore.anomaly.default_score` says which score counts.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import replace
from importlib.metadata import version
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from aecore.anomaly import auroc
from aecore.anomaly.published import MEASURED, PROTOCOLS, Protocol
from aecore.anomaly.scores import neighbour_distance
from aecore.datasets import DATASETS, Data
from aecore.errors import NotAtHand
from aecore.home import home
from aecore.pca import principal_components
from aecore.presets import PRESETS
from aecore.recipe import Recipe, ResolvedRecipe
from aecore.training.backend import device, prepare
from aecore.training.loop import train
from aecore.training.scoring import ABNORMAL, NORMAL, fit, normal_images

PRESET = "better-mnist-no9"
BASELINE = "pca_neighbours"
COMPONENTS = 50
FEW_STEPS = 3  # one class has a ninth of the images of nine: so many times fewer steps
CIFAR = (0, 1, 5)  # airplane, automobile, dog: enough to show that pixels do not say what a photograph is of
FIRST = (9, 1, 7, 4)  # the classes that are hardest to tell, so that they are done first
SUMMARY = "mean over classes; spread is the standard deviation over seeds"


class Silent:
    """A watcher that lets a training be."""

    def check(self) -> None: ...

    def progress(self, **values: Any) -> None: ...

    def preview(self, epoch: int, recorder: Any) -> None: ...


def recipe_of(protocol: Protocol, label: int, seed: int, quick: bool) -> Recipe:
    """The recipe of one cell."""
    base = PRESETS[PRESET].recipe
    dataset = DATASETS[protocol.dataset](normal_classes=protocol.normal_classes(label))
    steps = base.fit.steps_per_epoch // (1 if protocol.held_out else FEW_STEPS) // (10 if quick else 1)
    return replace(base, dataset=dataset, fit=base.fit.replace(seed=seed, steps_per_epoch=steps))


def cell(resolved: ResolvedRecipe) -> dict[str, Any]:
    """Trains and measures: AUROC by score, the baseline among them."""
    recipe, data = resolved.recipe, resolved.recipe.load(resolved.data)
    began = time.perf_counter()
    trained = train(resolved, data, Silent())
    passed = time.perf_counter() - began
    normal = normal_images(data, recipe.fit.validation_share)
    fitted = fit(trained.model, recipe, normal)
    rows = zip(fitted.names, fitted(normal.test, NORMAL), fitted(data.abnormal, ABNORMAL), strict=True)
    areas = {name: auroc(*sides) for name, *sides in rows}
    return {"auroc": {**areas, BASELINE: plain(data)}, "seconds": passed, "loss": trained.history["loss"][-1]}


def plain(data: Data) -> float:
    """The plain baseline: distance to the three nearest training images in 50 principal components."""
    pca = principal_components(data.train.images, COMPONENTS)
    codes = [pca.encode(split.images[:] / np.float32(255)) for split in (data.train, data.test, data.abnormal)]
    return auroc(*(neighbour_distance(codes[0], side) for side in codes[1:]))


def cells(only: list[str], seeds: int) -> list[tuple[str, int, int]]:
    """Protocol, class and seed of every cell, the first seed of all before the second of any."""
    labels = {name: CIFAR if protocol.dataset == "cifar10" else range(10) for name, protocol in PROTOCOLS.items()}
    order = {
        name: sorted(labels[name], key=lambda label: FIRST.index(label) if label in FIRST else len(FIRST))
        for name in only or PROTOCOLS
    }
    most = {name: 1 if name.startswith("cifar") else seeds for name in order}
    return [
        (name, label, seed)
        for seed in range(seeds)
        for name, classes in order.items()
        for label in classes
        if seed < most[name]
    ]


def table(protocol: Protocol, done: dict[tuple[int, int], dict[str, Any]]) -> dict[str, Any]:
    """The figures of one protocol: by score, the mean over seeds of each class, and of all."""
    labels, seeds = (sorted({place[axis] for place in done}) for axis in (0, 1))
    whole = [seed for seed in seeds if all((label, seed) in done for label in labels)]
    names = list(next(iter(done.values()))["auroc"])

    def of(name: str, label: int) -> list[float]:
        return [found["auroc"][name] for (number, _), found in done.items() if number == label]

    scores = {}
    for name in names:
        means = [float(np.mean([done[label, seed]["auroc"][name] for label in labels])) for seed in whole]
        scores[name] = {
            "classes": [round(float(np.mean(of(name, label))), 4) for label in labels],
            "spreads": [round(float(np.std(of(name, label))), 4) for label in labels],
            "mean": round(float(np.mean([np.mean(of(name, label)) for label in labels])), 4),
            "spread": round(float(np.std(means)), 4) if len(means) > 1 else None,
        }
    return {
        "title": protocol.title,
        "labels": labels,
        "classes": [DATASETS[protocol.dataset].classes[label] for label in labels],
        "seeds": [len(of(names[0], label)) for label in labels],
        "scores": scores,
        "seconds": round(sum(found["seconds"] for found in done.values())),
    }


def show(name: str, found: dict[str, Any]) -> str:
    """A table for people, what is reported below what is measured."""
    protocol = PROTOCOLS[name]
    head = f"{'':<44}" + "".join(f"{label[:6]:>7}" for label in found["classes"]) + f"{'mean':>8}"
    lines = [f"\n{found['title']}, {max(found['seeds'])} seeds; goal {protocol.goal or '–'}", head]
    for score, row in found["scores"].items():
        spread = f" ± {row['spread']:.3f}" if row["spread"] is not None else ""
        lines.append(f"{score:<44}" + "".join(f"{v:>7.3f}" for v in row["classes"]) + f"{row['mean']:>8.3f}{spread}")
    for reported in protocol.reported:
        classes = "".join(f"{v:>7.3f}" for v in reported.classes) or " " * 7 * len(found["classes"])
        lines.append(f"{reported.method[:36] + ', reported':<44}{classes}{reported.mean:>8.3f}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Makes the table; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.anomaly", description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=3, help="trainings of each cell")
    parser.add_argument("--quick", action="store_true", help="a tenth of the steps; nothing is written to weights/")
    parser.add_argument("--only", nargs="*", default=[], choices=list(PROTOCOLS), help="some of the protocols")
    options = parser.parse_args(arguments)
    prepare()
    folder = home() / "benchmarks" / "anomaly"
    folder.mkdir(parents=True, exist_ok=True)
    done: dict[str, dict[tuple[int, int], dict[str, Any]]] = {}
    for name, label, seed in cells(options.only, options.seeds):
        try:
            resolved = recipe_of(PROTOCOLS[name], label, seed, options.quick).resolve()
        except NotAtHand as error:
            print(error, file=sys.stderr)
            continue
        if resolved.data.source == "sample":
            print(f"{name}: only a sample of the data is here; set AECORE_DATA.", file=sys.stderr)
            return 1
        kept = folder / f"{resolved.key}.json"
        if not kept.is_file():
            made = json.dumps(cell(resolved))
            kept.write_text(made, encoding="utf-8")
        found = done.setdefault(name, {})[label, seed] = json.loads(kept.read_text(encoding="utf-8"))
        areas = "  ".join(f"{score} {area:.3f}" for score, area in found["auroc"].items())
        print(f"{name} {label} seed {seed}: {areas}  ({found['seconds']:.0f} s)", file=sys.stderr, flush=True)
        if not options.quick:
            write(done)
    for name, places in done.items():
        print(show(name, table(PROTOCOLS[name], places)))
    return 0


def write(done: dict[str, dict[tuple[int, int], dict[str, Any]]]) -> None:
    """Writes what is done so far for the page to show; protocols that were left out this time stay."""
    before = json.loads(MEASURED.read_text(encoding="utf-8"))["tables"] if MEASURED.is_file() else {}
    value = {
        "command": "python -m benchmarks.anomaly",
        "preset": PRESET,
        "recipe": PRESETS[PRESET].recipe.to_json(),
        "device": device(),
        "versions": {package: version(package) for package in ("keras", "tensorflow", "numpy")},
        "summary": SUMMARY,
        "tables": {**before, **{name: table(PROTOCOLS[name], places) for name, places in done.items()}},
    }
    MEASURED.write_text(json.dumps(value, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

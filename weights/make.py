"""Remakes the runs that ship with the lab: `python -m weights.make [PRESET …]`, from the project's root.

Each preset is trained on the full data (or taken from the store, when it is there), copied here, and listed in
`weights/README.md`. Pictures that may not be redistributed are replaced in the copy: what is shown instead are crops of
scikit-image's public-domain photographs, damaged by the same recipe and answered by the same network.
"""

import json
import shutil
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from aecore.datasets.photo_pairs import PhotoPairs, worsened
from aecore.datasets.photos import public_domain_photographs
from aecore.engine import LocalEngine
from aecore.engine import run as run_job
from aecore.errors import LabError
from aecore.images import cover, thumbnail, to_float, to_uint8
from aecore.presets import PRESETS
from aecore.published import SYSTEMS
from aecore.restorers import SUBJECTS, TASKS
from aecore.store import SHIPPED, Run, Store, file_digest
from aecore.worker.tasks.whole import seen_in_crops

SAME = 0.5 / 255
FRACTION_BITS = (7, 8, 9, 11, 13, 15, 22)  # of the 23 of a number in 32 bits, whose last byte or two then take no room
SMALLER = {"latent_map": {"ship": True}}  # arguments of a task whose finding ships, where it makes less of it
FEW_VALUES = 256  # are not worth packing
LONGEST_CODE = 64  # numbers; codes that are longer take too much room
FOLLOWED = 3  # numbers of the codes of a film that ship
HEAD = """# Runs that ship with the lab

Each was made by `python -m weights.make NAME` from the project's root, `AECORE_DATA` naming the folder with the data;
`recipe.json` in its folder holds every setting and the seed, `history.json` the curve. Where pictures of the data may
not be redistributed, the pictures inside are of scikit-image's public-domain photographs, answered by the same network.
Figures are of test images; PSNR in dB. "Baseline" is the damaged input where there is damage, else PCA with as many
numbers as the code. Weights are stored in fewer bits where no answer to a picture of the run changes by half a grey
level. To train a run that ships anew, delete its folder first; without that, only what is derived from it is made
again.
`sweeps/` holds the figures, and answers to public-domain photographs, of trainings that vary one preset at a small
budget, made by `python -m weights.sweep NAME`; their weights do not ship.

| preset | key | data | test loss | PSNR | baseline | SSIM | epochs, steps | seed | seconds, device | versions |
|---|---|---|---|---|---|---|---|---|---|---|
"""


def ship(engine: LocalEngine, run: Run, name: str) -> None:
    """Copies a run into `weights/` with what tasks find about it, without pictures that may not be redistributed."""
    target = SHIPPED / run.key
    if run.folder != target:
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(run.folder, target)
    info = {**run.info, "name": name}
    pack(run, target / "model.weights.h5")
    info["files"]["model.weights.h5"] = file_digest(target / "model.weights.h5")
    film = shortened(run.snapshots()) | ({} if info["redistributable"] else stand_ins(run))
    np.savez_compressed(target / "snapshots.npz", **film)
    info["files"]["snapshots.npz"] = file_digest(target / "snapshots.npz")
    _record(target, info)
    for task in findings(run):
        found = run_job(engine, task, {"key": run.key, **SMALLER.get(task, {})})
        (target / f"{task}.json").write_text(json.dumps(found.value), encoding="utf-8")
        shutil.copyfile(found.folder / f"{task}.npz", target / f"{task}.npz")
        info["files"] |= {file: file_digest(target / file) for file in (f"{task}.json", f"{task}.npz")}
        _record(target, info)  # the next task may read the run from here


def shortened(kept: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Snapshots whose codes (frames, N, d) have at most `FOLLOWED` numbers: along the directions of most variance of
    the last frame, so that its plane of most variance, in which they are shown, stays what it is."""
    if "codes" not in kept or kept["codes"].shape[2] <= FOLLOWED:
        return kept
    codes = kept["codes"].astype(np.float64)
    mean = codes[-1].mean(axis=0)
    _, _, directions = np.linalg.svd(codes[-1] - mean, full_matrices=False)
    return {**kept, "codes": ((codes - mean) @ directions[:FOLLOWED].T).astype(np.float16)}


def _record(target: Path, info: dict[str, Any]) -> None:
    (target / "run.json").write_text(json.dumps(info, indent=1), encoding="utf-8")


def pack(run: Run, path: Path) -> None:
    """Stores weights as shortly as no answer to a picture of the run changes by half a grey level.

    Numbers keep as many bits after the leading one as that takes; the others are zero, and packed take no room.
    """
    from aecore.training.backend import compiled
    from aecore.training.network import load

    pictures = to_float(run.snapshots()["inputs"])
    if pictures.shape[1:] != run.recipe.input_shape:  # the run holds smaller ones
        pictures = np.random.default_rng(0).random((4, *run.recipe.input_shape), dtype=np.float32)

    def answers(file: Path) -> np.ndarray:
        return compiled(load(run.recipe, file))(pictures)

    beside, wanted = path.with_name("packed.weights.h5"), answers(path)  # Keras goes by the ending
    for bits in FRACTION_BITS:
        _rewritten(path, beside, bits)
        if np.abs(answers(beside) - wanted).max() < SAME:
            break
    if beside.stat().st_size < path.stat().st_size:
        beside.replace(path)
    beside.unlink(missing_ok=True)


def rounded(values: np.ndarray, bits: int) -> np.ndarray:
    """Numbers in 32 bits, rounded to so many bits after the leading one."""
    dropped = 23 - bits
    whole = np.ascontiguousarray(values, np.float32).view(np.uint32) + np.uint32(1 << (dropped - 1))
    return (whole & np.uint32((0xFFFFFFFF << dropped) & 0xFFFFFFFF)).view(np.float32)


def _rewritten(path: Path, beside: Path, bits: int) -> None:
    """Copies a file of weights with its numbers made shorter, and packed."""
    with h5py.File(path) as whole, h5py.File(beside, "w") as packed:

        def copied(name: str, item: h5py.Group | h5py.Dataset) -> None:
            if isinstance(item, h5py.Dataset):
                values = item[()]
                values = rounded(values, bits) if values.dtype.kind == "f" else values
                options = {"compression": "gzip", "shuffle": True} if item.size > FEW_VALUES else {}
                packed.create_dataset(name, data=values, **options)
            else:
                packed.require_group(name)
            packed[name].attrs.update(item.attrs)

        whole.visititems(copied)
        packed.attrs.update(whole.attrs)


def findings(run: Run) -> list[str]:
    """The tasks whose findings ship with a run."""
    published = {name for system in SYSTEMS.values() for name in (system.slug, system.better, *dict(system.related))}
    labelled = bool(run.recipe.dataset.classes) and run.info["redistributable"]
    coded = labelled and run.recipe.latent_dim is not None and run.recipe.latent_dim <= LONGEST_CODE
    applies = {
        "baselines": run.name in published,
        "whole": seen_in_crops(run),
        "latent": coded,
        "latent_map": coded,
        "restore_curve": run.name in {f"{task}-{subject}" for subject in SUBJECTS for task in TASKS},
        "anomaly": bool(getattr(run.recipe.dataset, "normal_classes", ())) and not run.recipe.model.told_classes,
    }
    return [task for task, does in applies.items() if does]


def stand_ins(run: Run) -> dict[str, np.ndarray]:
    """Pictures of a run's answers to photographs that may be redistributed."""
    from aecore.training.backend import compiled
    from aecore.training.network import load
    from aecore.training.snapshots import in_batches

    dataset, (height, width, _) = run.recipe.dataset, run.recipe.target_shape
    photographs = public_domain_photographs()
    labels = np.full(len(photographs), -1)
    clean = np.stack([cover(photograph, height, width) for photograph in photographs])
    if isinstance(dataset, PhotoPairs):
        clean, inputs, labels = paired_stand_ins(dataset, photographs)
    else:
        inputs = run.recipe.corruption(to_float(clean), np.random.default_rng(0))
    outputs = in_batches(compiled(load(run.recipe, run.weights)), inputs)
    small = [to_uint8(thumbnail(images)) for images in (to_float(clean), inputs, outputs)]
    last = np.array(run.history["epoch"][-1:])
    return {"clean": small[0], "inputs": small[1], "outputs": small[2][None], "epochs": last, "labels": labels}


def paired_stand_ins(dataset: PhotoPairs, photographs: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Photographs as a dataset of pairs would show them: clean, shrunk and enlarged again, and by which factor."""
    labels = np.arange(len(photographs)) % len(dataset.classes)
    low = [worsened(image, int(dataset.classes[label])) for image, label in zip(photographs, labels, strict=True)]

    def view(image: np.ndarray) -> np.ndarray:
        if not dataset.crops:
            return cover(image, dataset.height, dataset.width)
        top, left = (image.shape[0] - dataset.height) // 2, (image.shape[1] - dataset.width) // 2
        return image[top : top + dataset.height, left : left + dataset.width]

    clean, damaged = (np.stack([view(image) for image in side]) for side in (photographs, low))
    return clean, to_float(damaged), labels


def table() -> str:
    """One row for each shipped run, from its own records."""
    rows = []
    for run in Store(SHIPPED / "none").runs():  # without a writable layer, which has the same runs
        if run.shipped:
            report, info, data = run.report, run.info, run.resolved.data
            baseline = report["input_psnr"] or report["pca_psnr"]
            cells = [
                f"`{info['name']}`",
                f"`{run.key}`",
                f"{info['source']} ({data.train:,} + {data.test:,}); {info['licence']}",
                f"{report['loss']:.4f}",
                f"{report['psnr']:.2f}",
                f"{baseline:.2f}" if baseline else "–",
                f"{report['ssim']:.3f}" if report["ssim"] else "–",
                f"{len(run.history['epoch'])}, {info['steps']:,}",
                str(run.recipe.fit.seed),
                f"{report['seconds']:.0f}, {report['device']}",
                ", ".join(f"{package} {number}" for package, number in info["versions"].items()),
            ]
            rows.append(f"| {' | '.join(cells)} |")
    return HEAD + "\n".join(sorted(rows)) + "\n"


def main(names: list[str]) -> int:
    """Makes the presets of these names, all of them by default; returns the exit status."""
    store, failed = Store(), 0
    with closing(LocalEngine()) as engine:
        for name in names or PRESETS:
            resolved = PRESETS[name].recipe.resolve()
            if resolved.data.source == "sample":
                print(f"{name}: only a sample of its data is here; set AECORE_DATA.", file=sys.stderr)
                failed += 1
                continue
            try:
                run_job(engine, "train", {"recipe": resolved.to_json()})
            except LabError as error:
                print(f"{name}: {error}", file=sys.stderr)
                failed += 1
                continue
            ship(engine, store.get(resolved.key), name)
            print(f"{name}: {resolved.key}")
    (Path(SHIPPED) / "README.md").write_text(table(), encoding="utf-8")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Commands about photographs: what they share, and measuring a model on a folder of them."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from aecore.commands.answer import Answer
from aecore.engine import LocalEngine, Status
from aecore.engine import run as run_job
from aecore.enlargers import WORN, Enlarger, enlargers, find
from aecore.errors import NotAtHand, RequestError
from aecore.images import check_weight

PICTURES = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".webp", ".tif", ".tiff", ".bmp", ".gif")
OTHERS = (".heic", ".heif", ".avif", ".jxl", ".jp2", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf")
FIGURES = ("psnr", "ssim", "bicubic_psnr", "bicubic_ssim")


def evaluate_sr(options: argparse.Namespace) -> Answer:
    """Measures a model on a folder of photographs by the standard protocol."""
    if options.scale not in (2, 3, 4):
        raise RequestError(f"--scale is 2, 3 or 4 here; received {options.scale}.")
    model, folder = chosen(options.model, options.scale), Path(options.folder)
    found = pictures(folder)
    if not found:
        raise RequestError(f"There are no pictures in the folder {options.folder!r}.")
    key = model.run and model.run.key
    arguments = {"scale": options.scale, "model": model.name, "way": options.way, "run": key}
    rows, failed, seconds, pixels = [], [], 0.0, 0
    with closing(LocalEngine()) as engine:
        for path in found:
            print(f"measuring {path.name}", file=sys.stderr, flush=True)
            try:
                with work_on(engine, "enlarge_measure", arguments, path) as (value, _):
                    rows.append({"name": path.name, **{figure: value[figure] for figure in FIGURES}})
            except RequestError as error:
                failed.append({"name": path.name, "message": str(error)})
                print(f"{path.name}: {error}", file=sys.stderr, flush=True)
                continue
            seconds, pixels = seconds + value["seconds"], pixels + value["width"] * value["height"]
    if not rows:
        raise RequestError(f"No picture in the folder {options.folder!r} could be measured.")
    value = {
        "images": rows,
        "failed": failed,
        "mean": {figure: _mean([row[figure] for row in rows]) for figure in FIGURES},
        "megapixels_per_second": round(pixels / 1e6 / max(seconds, 1e-6), 3),
        "model": model.name,
        "scale": options.scale,
        "way": options.way,
    }
    lines = [f"{'':<24}{'PSNR':>8}{'SSIM':>9}{'bicubic':>10}{'SSIM':>9}"]
    for row in (*rows, {"name": "mean", **value["mean"]}):
        cells = (f"{row[figure]:.{4 if 'ssim' in figure else 2}f}" if row[figure] else "same" for figure in FIGURES)
        psnr, ssim, plain, plain_ssim = cells
        lines.append(f"{row['name'][:24]:<24}{psnr:>8}{ssim:>9}{plain:>10}{plain_ssim:>9}")
    lines.append(f"{model.title}, {options.scale}×, {value['megapixels_per_second']:.2f} megapixels of result a second")
    if failed:
        lines.append(f"{len(failed)} of {len(found)} could not be measured: {', '.join(row['name'] for row in failed)}")
    return Answer(value, "\n".join(lines), 1 if failed else 0)


def chosen(name: str | None, scale: int, photo: bool = False) -> Enlarger:
    """The model of a name, or the one to begin with; at 1× and for photographs that are not clean, the one that cleans.

    Raises:
        RequestError: There is none of this name, or none for photographs that are not clean.
        NotAtHand: At 1× there is nothing to clean with.
    """
    if photo:
        if name not in (None, WORN):
            find(name, scale)  # a wrong name stays wrong
            print(f"--photo has a model of its own, {WORN!r}; --model {name} is not used.", file=sys.stderr)
        return find(WORN, scale)
    first = find(name, scale) if name else enlargers(scale)[0]
    if scale == 1 and not name and first.run is None:
        missing = f"{WORN}-x1"
        raise NotAtHand(f"The network {missing} is not trained yet; `python -m aecore train {missing}` does.")
    return first


def pictures(folder: Path, deep: bool = False) -> list[Path]:
    """The pictures in a folder, by name; what else looks like photographs is said on stderr.

    Raises:
        RequestError: It is no folder, or cannot be read.
    """
    if not is_folder(folder):
        raise RequestError(f"There is no folder {str(folder)!r}.")
    found, unread = [], Counter()
    for place, folders, names in os.walk(folder):
        if not deep:
            folders.clear()
        for name in names:
            path, ending = Path(place) / name, Path(name).suffix.lower()
            if name.startswith("._"):  # what a Mac keeps beside a file
                continue
            if ending in PICTURES and is_file(path):
                found.append(path)
            elif ending in OTHERS:
                unread[ending] += 1
        for closed in [Path(place), *(Path(place) / name for name in folders if deep)]:
            if not os.access(closed, os.R_OK | os.X_OK):
                _closed(closed, folder)
    if unread:
        count = sum(unread.values())
        left = f"{count} file{'s' * (count > 1)} left out ({', '.join(sorted(unread))})"
        print(f"{left}: the lab does not read them. Save them as JPEG or PNG first.", file=sys.stderr)
    return sorted(found)


def _closed(place: Path, folder: Path) -> None:
    """Says that a folder cannot be read; the one that was asked for must be."""
    if place == folder:
        raise RequestError(f"The folder {str(folder)!r} cannot be read: its permissions do not allow it.")
    print(f"The folder {str(place)!r} is left out: its permissions do not allow to read it.", file=sys.stderr)


def is_file(path: Path) -> bool:
    """Whether a file is there, and may be looked for."""
    with suppress(OSError):  # a name that is too long, a folder that is closed
        return path.is_file()
    return False


def is_folder(path: Path) -> bool:
    """Whether a folder is there, and may be looked for."""
    with suppress(OSError):
        return path.is_dir()
    return False


def real(path: Path) -> Path:
    """Where a path leads, also one that leads nowhere or round in circles."""
    return Path(os.path.realpath(path))


@contextmanager
def work_on(
    engine: LocalEngine, function: str, arguments: dict[str, Any], picture: Path, **more: Path
) -> Iterator[tuple[dict[str, Any], Path]]:
    """Has the worker do something with a photograph, and `more` files; its value and the folder with its files.

    Nobody else shares the job, and nothing of it stays behind.

    Raises:
        LabError: A file is not there or too large, or the work failed.
    """
    files = {"picture": picture, **more}
    for path in files.values():
        if not is_file(path):
            raise RequestError(f"There is no file {str(path)!r}.")
        check_weight(path)
    own = {**arguments, "for": uuid4().hex}
    made = run_job(engine, function, own, files, private=True, on_progress=_tell, forget=True)
    try:
        yield made.value, made.folder
    finally:
        engine.forget(made.folder.parent.name)


def _tell(status: Status) -> None:
    if sys.stderr.isatty() and "fraction" in status.progress:
        print(f"{status.progress['fraction']:.0%}", end="\r", file=sys.stderr)


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None

"""Commands about photographs: what they share, and measuring a model on a folder of them."""

import argparse
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from aecore.commands.answer import Answer
from aecore.engine import LocalEngine, Status
from aecore.engine import run as run_job
from aecore.enlargers import WORN, Enlarger, enlargers, find
from aecore.errors import NotAtHand, RequestError

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif")
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
    rows, seconds, pixels = [], 0.0, 0
    with closing(LocalEngine()) as engine:
        for path in found:
            print(f"measuring {path.name}", file=sys.stderr, flush=True)
            try:
                value, out = work_on(engine, "enlarge_measure", arguments, path)
            except RequestError as error:
                raise RequestError(f"{path.name}: {error}") from error
            engine.forget(out.parent.name)  # another time it is measured anew
            rows.append({"name": path.name, **{figure: value[figure] for figure in FIGURES}})
            seconds, pixels = seconds + value["seconds"], pixels + value["width"] * value["height"]
    value = {
        "images": rows,
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
    return Answer(value, "\n".join(lines))


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
    """The pictures in a folder, by name.

    Raises:
        RequestError: It is no folder.
    """
    if not folder.is_dir():
        raise RequestError(f"There is no folder {str(folder)!r}.")
    found = folder.rglob("*") if deep else folder.iterdir()
    return sorted(path for path in found if path.suffix.lower() in PICTURES and path.is_file())


def work_on(
    engine: LocalEngine, function: str, arguments: dict[str, Any], picture: Path, **more: Path
) -> tuple[dict[str, Any], Path]:
    """Has the worker do something with a photograph, and `more` files; its value and the folder with its files."""
    files = {"picture": picture, **more}
    for path in files.values():
        if not path.is_file():
            raise RequestError(f"There is no file {str(path)!r}.")
    who = f"cli{os.getpid()}"
    made = run_job(engine, function, arguments, files, who=who, private=True, on_progress=_tell)
    return made.value, made.folder


def _tell(status: Status) -> None:
    if sys.stderr.isatty() and "fraction" in status.progress:
        print(f"{status.progress['fraction']:.0%}", end="\r", file=sys.stderr)


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None

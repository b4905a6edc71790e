"""The command that enlarges photographs."""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from aecore.commands.answer import Answer
from aecore.commands.photos import chosen, pictures, work_on
from aecore.engine import LocalEngine
from aecore.errors import LabError, RequestError
from aecore.photo import ENDINGS

SAME = "same"
FORMATS = (SAME, *ENDINGS)


@dataclass(frozen=True)
class Item:
    """One photograph to enlarge or restore: its file, where the result goes, and the format."""

    source: Path
    target: Path
    format: str


def upscale(options: argparse.Namespace) -> Answer:
    """Enlarges photographs; one that cannot be does not stop the rest."""
    model = chosen(options.model, options.scale, options.photo)
    if not 1 <= options.quality <= 100:
        raise RequestError(f"--quality is a number from 1 to 100; received {options.quality}.")
    folder = Path(options.output)
    items = list(plan([Path(name) for name in options.images], folder, options.format))
    if not items:
        raise RequestError(f"There are no pictures in {', '.join(options.images)[:200]}.")
    arguments = {
        "scale": options.scale,
        "model": model.name,
        "quality": options.quality,
        "keep_location": options.keep_location,
        "ensemble": options.ensemble,
        "views": False,
        "run": model.run and model.run.key,  # a model that is trained anew makes another picture
    }
    return each(items, "enlarge", arguments, options.scale, f"enlarged {options.scale}× by {model.title} to {folder}")


def each(items: list[Item], function: str, arguments: dict[str, Any], scale: int, words: str, **more: Path) -> Answer:
    """Has the worker do something with each photograph; one that cannot be does not stop the rest.

    Args:
        items: The photographs.
        function: What is done.
        arguments: How, but for the format.
        scale: How many times larger the result is.
        words: What became of those that are done.
        more: Further input files by name, the same for all.
    """
    rows = []
    with closing(LocalEngine()) as engine:
        for place, item in enumerate(items, 1):
            row = _one(engine, item, function, arguments, scale, more)
            rows.append(row)
            seconds = "" if row["seconds"] is None else f", {row['seconds']:.1f} s"
            said = f"[{place}/{len(items)}] {row['input']}: {row['message'] or row['status']}{seconds}"
            print(said, file=sys.stderr, flush=True)
    failed = sum(row["status"] == "failed" for row in rows)
    done = sum(row["status"] == "done" for row in rows)
    skipped = len(rows) - done - failed
    words = f"{done} {words}" + f", {skipped} there already" * (skipped > 0) + f", {failed} failed" * (failed > 0)
    return Answer({"files": rows}, words, 1 if failed else 0)


def plan(sources: list[Path], folder: Path, format: str) -> Iterator[Item]:
    """Which files become which, no two the same; folders are looked through, the one of the results is not."""
    taken: set[Path] = set()
    for source in sources:
        inside = source.is_dir()
        for path in pictures(source, deep=True) if inside else [source]:
            if inside and folder.resolve() != source.resolve() and folder.resolve() in path.resolve().parents:
                continue
            made_as = _format_of(path) if format == SAME else format
            target = folder / (path.relative_to(source) if inside else path.name)
            target, count = target.with_suffix(ENDINGS[made_as]), 1
            stem = target.stem
            while target in taken:
                count += 1
                target = target.with_name(f"{stem}-{count}{ENDINGS[made_as]}")
            taken.add(target)
            yield Item(path, target, made_as)


def _one(
    engine: LocalEngine, item: Item, function: str, arguments: dict[str, Any], scale: int, more: dict[str, Path]
) -> dict[str, Any]:
    """Has one photograph done, unless its result is there; the row that says how it went."""
    row = {"input": str(item.source), "output": str(item.target), "status": "done", "message": "", "seconds": None}
    if item.target.resolve() == item.source.resolve():
        said = "The result would take the place of the photograph itself; choose another folder."
        return {**row, "output": None, "status": "failed", "message": said}
    if _is_there(item, scale):
        return {**row, "status": "skipped", "message": "there already, and newer than the picture"}
    try:
        began = time.monotonic()
        value, out = work_on(engine, function, {**arguments, "format": item.format}, item.source, **more)
        try:
            _take(out / value["file"], item.target)
        finally:
            engine.forget(out.parent.name)
    except LabError as error:
        return {**row, "output": None, "status": "failed", "message": str(error)}
    return {**row, "seconds": round(time.monotonic() - began, 2), "message": " ".join(value["notes"])}


def _take(made: Path, target: Path) -> None:
    """Puts a finished file into its place, whole or not at all."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, beside)
        beside.replace(target)
    except OSError as error:
        raise LabError(f"{target} cannot be written ({error.strerror or error}). Choose another folder.") from error
    finally:
        beside.unlink(missing_ok=True)


def _is_there(item: Item, scale: int) -> bool:
    """Whether a result was made before: newer than the picture, and of the size that is asked for."""
    try:
        if item.target.stat().st_mtime < item.source.stat().st_mtime:
            return False
        with Image.open(item.target) as made, Image.open(item.source) as given:
            sides = [length * scale for length in given.size]
            return sorted(made.size) == sorted(sides)  # turned as its EXIF says, perhaps
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def _format_of(path: Path) -> str:
    """What a photograph's result is written as, where nothing else is asked for."""
    return {".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp"}.get(path.suffix.lower(), "png")

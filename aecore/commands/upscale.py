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

from aecore.commands.answer import Answer
from aecore.commands.made import Made
from aecore.commands.photos import chosen, pictures, work_on
from aecore.engine import LocalEngine
from aecore.errors import LabError, RequestError
from aecore.photo import ENDINGS
from aecore.store import file_digest

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
    if not 0 <= options.strength <= 1:
        raise RequestError(f"--strength is the share of the result, from 0 to 1; received {options.strength:g}.")
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
        "strength": options.strength,
        "width": options.width,
        "views": False,
        "run": model.run and model.run.key,  # a model that is trained anew makes another picture
    }
    done = f"enlarged {options.scale}×" if options.scale > 1 else "cleaned"
    return each(items, folder, "enlarge", arguments, f"{done} by {model.title} to {folder}")


def each(items: list[Item], folder: Path, function: str, arguments: dict[str, Any], words: str, **more: Path) -> Answer:
    """Has the worker do something with each photograph; one that cannot be does not stop the rest.

    Args:
        items: The photographs.
        folder: Where the results go.
        function: What is done.
        arguments: How, but for the format.
        words: What became of those that are done.
        more: Further input files by name, the same for all.
    """
    rows, made = [], Made(folder)
    asked = {"function": function, **arguments, **{name: file_digest(path) for name, path in more.items()}}
    with closing(LocalEngine()) as engine:
        for place, item in enumerate(items, 1):
            row = _one(engine, item, made, {**asked, "format": item.format}, arguments, more)
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
    """Which files become which: no two the same, and none that is there, but for an older result of the photograph.

    Folders are looked through; the one of the results is not.

    Raises:
        RequestError: The results would lie among the photographs of a folder, to be enlarged themselves next time.
    """
    found = list(_found(sources, folder))
    given, made, taken = {path.resolve() for path, _ in found}, Made(folder), set()
    for path, place in found:
        made_as = _format_of(path) if format == SAME else format
        ending, count = ENDINGS[made_as], 1
        target = place.with_suffix(ending)
        while target in taken or (
            target.resolve() != path.resolve() and (target.resolve() in given or not made.is_free(target, path))
        ):
            count += 1
            target = place.with_name(f"{place.stem}-{count}{ending}")
        taken.add(target)
        yield Item(path, target, made_as)


def _found(sources: list[Path], folder: Path) -> Iterator[tuple[Path, Path]]:
    """Every photograph once, and where its result would go under its own name."""
    seen = set()
    for source in sources:
        inside = source.is_dir()
        if inside and folder.resolve() == source.resolve():
            raise RequestError(
                f"The results would lie among the photographs in {source}, and be taken for photographs next time. "
                f"Choose another folder, such as -o {source / 'larger'}."
            )
        for path in pictures(source, deep=True) if inside else [source]:
            if path.resolve() in seen or (inside and folder.resolve() in path.resolve().parents):
                continue
            seen.add(path.resolve())
            yield path, folder / (path.relative_to(source) if inside else path.name)


def _one(
    engine: LocalEngine, item: Item, made: Made, asked: dict[str, Any], arguments: dict[str, Any], more: dict[str, Path]
) -> dict[str, Any]:
    """Has one photograph done, unless just this was done before; the row that says how it went."""
    row = {"input": str(item.source), "output": str(item.target), "status": "done", "message": "", "seconds": None}
    if item.target.resolve() == item.source.resolve():
        said = "The result would take the place of the photograph itself; choose another folder."
        return {**row, "output": None, "status": "failed", "message": said}
    if made.has(item.target, item.source, asked):
        return {**row, "status": "skipped", "message": "there already, made of this picture in this way"}
    try:
        began = time.monotonic()
        value, out = work_on(engine, asked["function"], {**arguments, "format": item.format}, item.source, **more)
        try:
            _take(out / value["file"], item.target)
            made.note(item.target, item.source, asked)
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


def _format_of(path: Path) -> str:
    """What a photograph's result is written as, where nothing else is asked for."""
    return {".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp"}.get(path.suffix.lower(), "png")

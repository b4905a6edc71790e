"""Many photographs from files to files: which becomes which, and how each of them goes."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from aecore.commands.answer import Answer
from aecore.commands.made import Made, digest
from aecore.commands.photos import is_folder, pictures, real, work_on
from aecore.engine import LocalEngine
from aecore.errors import LabError, RequestError
from aecore.photo import ENDINGS

SAME = "same"
FORMATS = (SAME, *ENDINGS)
MADE_AS = {**dict.fromkeys((".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"), "jpeg"), ".webp": "webp"}


@dataclass(frozen=True)
class Item:
    """One photograph to enlarge or restore.

    Args:
        source: Its file.
        wanted: Where the result would go under its own name.
        target: Where it goes.
        format: What it is written as.
    """

    source: Path
    wanted: Path
    target: Path
    format: str


@dataclass(frozen=True)
class Order:
    """What is done with every photograph.

    Args:
        function: The worker's task.
        arguments: How, but for the format.
        words: What became of those that are done.
        more: Further input files by name, the same for all.
    """

    function: str
    arguments: dict[str, Any]
    words: str
    more: dict[str, Path]

    def asked(self, format: str) -> dict[str, Any]:
        """All that decides what a result looks like."""
        files = {name: digest(path) for name, path in self.more.items()}
        return {"function": self.function, **self.arguments, **files, "format": format}


def each(items: list[Item], folder: Path, order: Order) -> Answer:
    """Has the worker do something with each photograph; one that cannot be does not stop the rest.

    Raises:
        RequestError: Nothing can be written to the folder of the results.
    """
    _prepare(folder)
    rows = []
    with closing(LocalEngine()) as engine:
        for place, item in enumerate(items, 1):
            row = _one(engine, item, folder, order)
            rows.append(row)
            seconds = "" if row["seconds"] is None else f", {row['seconds']:.1f} s"
            said = f"[{place}/{len(items)}] {row['input']}: {row['message'] or row['status']}{seconds}"
            print(said, file=sys.stderr, flush=True)
    failed = sum(row["status"] == "failed" for row in rows)
    done = sum(row["status"] == "done" for row in rows)
    skipped = len(rows) - done - failed
    words = f"{done} {order.words}" + f", {skipped} there already" * (skipped > 0) + f", {failed} failed" * (failed > 0)
    return Answer({"files": rows}, words, 1 if failed else 0)


def plan(sources: list[Path], folder: Path, format: str) -> Iterator[Item]:
    """Which files become which: no two the same, and none that is there, but for an older result of the photograph.

    Folders are looked through; the one of the results is not, nor is what a command made in them before.

    Raises:
        RequestError: The results would lie among the photographs of a folder, to be enlarged themselves next time; or
            a folder cannot be read.
    """
    found = list(_found(sources, folder))
    given, made, taken = {real(path) for path, _ in found}, Made(folder), set()
    for path, place in found:
        made_as = MADE_AS.get(path.suffix.lower(), "png") if format == SAME else format
        wanted = place.with_suffix(ENDINGS[made_as])
        for target in _names(wanted):
            itself = real(target) == real(path)
            if target not in taken and (itself or (real(target) not in given and made.is_free(target, path))):
                break
        taken.add(target)
        yield Item(path, wanted, target, made_as)


def _names(wanted: Path) -> Iterator[Path]:
    """A name, and what to take where it is taken."""
    count = 1
    while True:
        yield wanted if count == 1 else wanted.with_name(f"{wanted.stem}-{count}{wanted.suffix}")
        count += 1


def _found(sources: list[Path], folder: Path) -> Iterator[tuple[Path, Path]]:
    """Every photograph once, and where its result would go under its own name."""
    seen = set()
    for source in sources:
        inside = is_folder(source)
        if inside and real(folder) == real(source):
            raise RequestError(
                f"The results would lie among the photographs in {source}, and be taken for photographs next time. "
                f"Choose another folder, such as -o {source / 'larger'}."
            )
        for path in _photographs(source) if inside else [source]:
            if real(path) in seen or (inside and real(folder) in real(path).parents):
                continue
            seen.add(real(path))
            yield path, folder / (path.relative_to(source) if inside else path.name)


def _photographs(folder: Path) -> list[Path]:
    """The photographs in a folder and below, those that a command made there left out; links come last."""
    known: dict[Path, Made] = {}
    found = []
    for path in sorted(pictures(folder, deep=True), key=os.path.islink):
        above = [place for place in path.parents if place == folder or folder in place.parents]
        for place in above:
            known.setdefault(place, Made(place))
        if not any(known[place].knows(path) for place in above):
            found.append(path)
    return found


def _prepare(folder: Path) -> None:
    """Makes the folder of the results, and sees that it can be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        said = f"Nothing can be written to {str(folder)!r} ({error.strerror or error})"
        raise RequestError(f"{said}. Choose another folder with -o.") from error


def _one(engine: LocalEngine, item: Item, folder: Path, order: Order) -> dict[str, Any]:
    """Has one photograph done, unless just this was done before; the row that says how it went."""
    row = {"input": str(item.source), "output": str(item.target), "status": "done", "message": "", "seconds": None}
    if real(item.target) == real(item.source):
        said = "The result would take the place of the photograph itself; choose another folder."
        return {**row, "output": None, "status": "failed", "message": said}
    asked, made_of = order.asked(item.format), digest(item.source)
    if Made(folder).has(item.target, made_of, asked):
        return {**row, "status": "skipped", "message": "there already, made of this picture in this way"}
    began = time.monotonic()
    try:
        arguments = {**order.arguments, "format": item.format}
        with work_on(engine, order.function, arguments, item.source, **order.more) as (value, out):
            target = _put(out / value["file"], item, folder)
            Made(folder).note(target, item.source, made_of, asked)
    except LabError as error:
        return {**row, "output": None, "status": "failed", "message": str(error)}
    spent = round(time.monotonic() - began, 2)
    return {**row, "output": str(target), "seconds": spent, "message": " ".join(value["notes"])}


def _put(result: Path, item: Item, folder: Path) -> Path:
    """Puts a finished file into its place, whole or not at all; another place, if somebody took that meanwhile."""
    beside = item.target.with_name(f".{os.getpid()}.part")
    try:
        item.target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(result, beside)
        for target in chain([item.target], _names(item.wanted)):
            if _is_reserved(target) or Made(folder).is_free(target, item.source):
                beside.replace(target)
                return target
    except OSError as error:
        said = f"{item.target} cannot be written ({error.strerror or error})"
        raise LabError(f"{said}. Choose another folder, or a shorter name.") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    raise AssertionError("there is always another name")


def _is_reserved(target: Path) -> bool:
    """Takes a name for us, if nobody has it."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    return True

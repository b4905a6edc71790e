"""Collections on disk: one folder each, named by its digest, with PNG files and an index.

    <digest>/index.json    {"private", "pairs", "classes", "images": [row…]}
        row                {"name", "file", "label"}, or {"name", "file", "input", "label", "factor"} for a pair, where
                           the label is the number of the photograph and the factor, where the damaged side's name
                           says it, how many times that was shrunk
    <digest>/*.png

A folder appears whole, by renaming, or not at all. The index's time of change is the collection's last use.
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from aecore.errors import LabError, RequestError
from aecore.home import home

DIGEST = re.compile(r"[0-9a-f]{16}")
NEW, GONE = ".new-", ".gone-"
INDEX = "index.json"
UNUSED_SECONDS = 3600


def collections() -> Path:
    """The folder of all collections. Not created by asking for it."""
    return home() / "collections"


def check_digest(digest: str) -> str:
    """Returns a digest that is one.

    Raises:
        RequestError: It is not 16 hex digits.
    """
    if not DIGEST.fullmatch(digest):
        raise RequestError(
            f"A collection is known by 16 hex digits, such as 0123456789abcdef; received {digest[:80]!r}."
        )
    return digest


def folder(digest: str) -> Path:
    """Where a collection is, or would be."""
    return collections() / check_digest(digest)


def read_index(digest: str) -> dict[str, Any] | None:
    """The index of a collection, or None where there is no such collection."""
    try:
        return json.loads((folder(digest) / INDEX).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise LabError(f"The collection {digest} cannot be read ({error}). Delete it and import it again.") from error


def touch(digest: str) -> None:
    """Notes that a collection is used now."""
    with suppress(OSError):  # a disk that is read-only now keeps its old time
        os.utime(folder(digest) / INDEX)


@contextmanager
def new_folder() -> Iterator[Path]:
    """A temporary folder to put a collection together in; gone afterwards unless it was kept.

    Raises:
        LabError: The disk does not take it.
    """
    try:
        collections().mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=NEW, dir=collections()))
    except OSError as error:
        raise LabError(
            f"The images cannot be kept in {collections()} ({error.strerror}). Free or change it."
        ) from error
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def keep(temporary: Path, digest: str, index: dict[str, Any]) -> None:
    """Makes a temporary folder the collection of a digest; one that is there already stays and counts as used."""
    (temporary / INDEX).write_text(json.dumps(index), encoding="utf-8")
    target = folder(digest)
    try:
        temporary.replace(target)
    except OSError:
        if not (target / INDEX).is_file():
            raise
        touch(digest)


def delete_collection(digest: str) -> bool:
    """Deletes a collection with everything made from its pixels.

    Returns:
        Whether there was one.

    Raises:
        RequestError: The digest is not one.
        LabError: The disk refuses.
    """
    target = folder(digest)
    if not target.is_dir():
        return False
    doomed = Path(tempfile.mkdtemp(prefix=GONE, dir=collections()))
    try:
        target.replace(doomed / digest)  # from here on nobody finds half of it
        shutil.rmtree(doomed)
    except OSError as error:
        raise LabError(f"The collection {digest} could not be deleted ({error.strerror}). Try again.") from error
    return True


def sweep_collections(now: float, seconds: float = UNUSED_SECONDS) -> list[str]:
    """Deletes private collections that nobody used for a while, and what broken imports left.

    Args:
        now: The time, in seconds since 1970.
        seconds: How long a private collection stays unused.

    Returns:
        Digests of the deleted collections.
    """
    swept = []
    for path in sorted(collections().glob("*")):
        if path.name.startswith((NEW, GONE)):
            if _unused(path, now, seconds):
                shutil.rmtree(path, ignore_errors=True)
        elif DIGEST.fullmatch(path.name) and _unused(path / INDEX, now, seconds):
            index = read_index(path.name)
            if index and index["private"] and delete_collection(path.name):
                swept.append(path.name)
    return swept


def _unused(path: Path, now: float, seconds: float) -> bool:
    try:
        return now - path.stat().st_mtime > seconds
    except FileNotFoundError:
        return False

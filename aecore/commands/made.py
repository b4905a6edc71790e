"""What a command has made in a folder before, so that it goes on where it stopped and never takes another's place."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aecore.store import file_digest

NAME = ".aecore.jsonl"


@dataclass(frozen=True)
class Entry:
    """One result.

    Args:
        file: Its path from the folder.
        source: The photograph it was made of, as a whole path.
        digest: Of the photograph.
        asked: What was done to it, and how.
        bytes: Size of the result.
        changed: When the result was written, in ns.
    """

    file: str
    source: str
    digest: str
    asked: dict[str, Any]
    bytes: int
    changed: int


class Made:
    """The results that a folder is known to hold: one line for each in a file that lies beside them."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._entries = folder, {}
        try:
            lines = (folder / NAME).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            lines = []
        for line in lines:
            try:
                entry = Entry(**json.loads(line))
            except (ValueError, TypeError):  # an empty line, or cut off while it was written
                continue
            self._entries[entry.file] = entry

    def is_free(self, target: Path, source: Path) -> bool:
        """Whether the result of a photograph may go there: nothing is there, or an older result of this photograph."""
        if not os.path.lexists(target):
            return True
        entry = self._found(target)
        return entry is not None and (entry.source == os.path.realpath(source) or entry.digest == digest(source))

    def has(self, target: Path, made_of: str, asked: dict[str, Any]) -> bool:
        """Whether just this was made of a photograph, by its digest, and is still there."""
        entry = self._found(target)
        return entry is not None and entry.asked == asked and entry.digest == made_of

    def knows(self, path: Path) -> bool:
        """Whether a file below the folder is a result, as it was made."""
        return self._found(path) is not None

    def note(self, target: Path, source: Path, made_of: str, asked: dict[str, Any]) -> None:
        """Keeps what was made, of a photograph that had the digest `made_of` before the work began."""
        with suppress(OSError):  # then it counts as somebody's file
            stat = target.stat()
            place = os.path.realpath(source)
            entry = Entry(self._name(target), place, made_of, asked, stat.st_size, stat.st_mtime_ns)
            with (self._folder / NAME).open("a", encoding="utf-8", errors="surrogateescape") as file:
                file.write("\n" + json.dumps(asdict(entry)))  # what was cut off before stays a line of its own

    def _found(self, target: Path) -> Entry | None:
        """What is known of a file, unless it was changed since."""
        entry = self._entries.get(self._name(target))
        try:
            stat = target.stat()
        except OSError:
            return None
        unchanged = entry is not None and (entry.bytes, entry.changed) == (stat.st_size, stat.st_mtime_ns)
        return entry if unchanged else None

    def _name(self, target: Path) -> str:
        return target.relative_to(self._folder).as_posix()


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex; empty where it cannot be read, which whoever works on it will say."""
    try:
        return file_digest(path)
    except OSError:
        return ""

"""The files that a person brings, as a folder, a zip or an upload: named, counted and measured before they are read."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from aecore.errors import RequestError

MAX_FILE_BYTES = 100_000_000
MAX_TOTAL_BYTES = 4_000_000_000
MAX_FILES = 100_000
CLUTTER = ("__MACOSX", "Thumbs.db", "desktop.ini")
Source = Path | list[tuple[str, bytes]]


@dataclass(frozen=True)
class Entry:
    """One file.

    Args:
        path: Its path inside what was brought, with "/"; only ever shown and compared, never opened or written.
        size: Its length in bytes, as declared.
        content: Reads it.
    """

    path: PurePosixPath
    size: int
    content: Callable[[], bytes]

    @property
    def name(self) -> str:
        """Its path as shown to people: printable, and not too long."""
        plain = "".join(letter if letter.isprintable() else "�" for letter in str(self.path))
        return plain if len(plain) <= 80 else "…" + plain[-79:]

    def read(self) -> bytes:
        """Its content.

        Raises:
            RequestError: It is too large, damaged or locked with a password.
        """
        if self.size > MAX_FILE_BYTES:
            raise RequestError(f"It has {self.size / 1e6:.0f} MB; at most {MAX_FILE_BYTES / 1e6:.0f} are accepted.")
        try:
            return self.content()
        except (RuntimeError, NotImplementedError) as error:  # a password, or a packing that Python does not know
            raise RequestError("It is locked with a password or packed in an unknown way; pack it plainly.") from error
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise RequestError(f"It cannot be read ({error}).") from error


@contextmanager
def entries_of(source: Source) -> Iterator[list[Entry]]:
    """Lists the files of a source, sorted by path, without clutter and without the folders that hold all of them.

    Args:
        source: A folder, a zip file, or names with contents.

    Raises:
        RequestError: It is neither, or holds too much.
    """
    if isinstance(source, list):
        yield _tidy([Entry(_path(name), len(content), lambda content=content: content) for name, content in source])
    elif source.is_dir():
        files = [path for path in source.rglob("*") if path.is_file()]
        yield _tidy([Entry(_path(str(p.relative_to(source))), p.stat().st_size, p.read_bytes) for p in files])
    else:
        try:
            archive = zipfile.ZipFile(source)
        except (OSError, zipfile.BadZipFile) as error:
            raise RequestError(
                f"{source.name} is neither a folder nor a zip file that can be opened ({error}). Pack the images into "
                "a zip and try again."
            ) from error
        with archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            yield _tidy([Entry(_path(i.filename), i.file_size, lambda i=i: archive.read(i)) for i in files])


def _path(name: str) -> PurePosixPath:
    return PurePosixPath(name.replace("\\", "/"))


def _tidy(entries: list[Entry]) -> list[Entry]:
    kept = sorted((entry for entry in entries if not _is_clutter(entry.path)), key=lambda entry: entry.path)
    total = sum(entry.size for entry in kept)
    if len(kept) > MAX_FILES or total > MAX_TOTAL_BYTES:
        raise RequestError(
            f"There are {len(kept):,} files of {total / 1e6:,.0f} MB unpacked; at most {MAX_FILES:,} files and "
            f"{MAX_TOTAL_BYTES / 1e6:,.0f} MB are accepted. Bring fewer or smaller images."
        )
    return _without_common_folder(kept)


def _is_clutter(path: PurePosixPath) -> bool:
    return any(part in CLUTTER or (part.startswith(".") and part != "..") for part in path.parts)


def _without_common_folder(entries: list[Entry]) -> list[Entry]:
    """Takes away leading folders that hold everything: a zip of one folder is as good as the folder."""
    while entries and all(len(entry.path.parts) > 1 for entry in entries):
        if len({entry.path.parts[0] for entry in entries}) > 1:
            break
        entries = [replace(entry, path=PurePosixPath(*entry.path.parts[1:])) for entry in entries]
    return entries

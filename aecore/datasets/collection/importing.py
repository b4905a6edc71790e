"""Importing a collection: what a person brings is decoded, made smaller, and kept as PNG under its digest.

Nothing is kept as it came: names are only shown, and every picture is written anew, without what else its file held.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from aecore.datasets.collection.disk import keep, new_folder
from aecore.datasets.collection.entries import Entry, Source, entries_of
from aecore.datasets.collection.pairs import TABLE, Faults, read_table, shrink_factor
from aecore.errors import LabError, RequestError
from aecore.images import read_image
from aecore.params import digest

MAX_IMAGES = 5_000
MIN_IMAGES = 10
LONGEST_SIDE = 1024
LONGEST_SIDE_OF_PAIRS = 2048  # shrinking a pair hides what its sides differ in
SHOWN = 3
LOOSE = "(no folder)"


@dataclass(frozen=True)
class Imported:
    """What an import gave.

    Args:
        digest: 16 hex digits; the name of the collection from now on.
        images: How many images, or pairs, it has.
        skipped: The files that were left out: name and why.
        classes: Names of its sub-folders, where there are several.
        pairs: Whether it is a collection of pairs.
    """

    digest: str
    images: int
    skipped: tuple[dict[str, str], ...]
    classes: tuple[str, ...]
    pairs: bool


def import_collection(
    source: Source,
    salt: str = "",
    progress: Callable[[float], None] = lambda share: None,
    max_images: int = MAX_IMAGES,
    pairs: bool = False,
) -> Imported:
    """Imports the images of a folder, of a zip file, or as they were uploaded.

    Sub-folders become classes. A file `image_data.csv` at the top makes it a collection of pairs; see `pairs`.

    Args:
        source: A folder, a zip file, or names with contents.
        salt: For a private collection, a secret that goes into the digest, so that nobody can guess it.
        progress: Called with the share done, 0 to 1; may raise `Cancelled` to stop.
        max_images: Most images accepted.
        pairs: Whether only pairs will do.

    Raises:
        RequestError: There are too few usable images, too many, or the pairs are not complete; or there are none.
        LabError: The disk does not take them.
    """
    with entries_of(source) as entries, new_folder() as temporary:
        table = next((entry for entry in entries if str(entry.path) == TABLE), None)
        if pairs and table is None:
            raise RequestError(
                f"Among {len(entries)} files is no {TABLE} at the top, so these are no pairs. Add one, with columns "
                "low_res and high_res, beside the folders `low res` and `high res`, or import them as single images."
            )
        writer = _Writer(temporary, progress, LONGEST_SIDE if table is None else LONGEST_SIDE_OF_PAIRS)
        if table is None:
            made = _import_images(entries, writer, max_images)
        else:
            made = _import_pairs(entries, table, writer, max_images)
        contents = {"salt": salt, **{name: made[name] for name in ("pairs", "classes")}}
        rows = [[row["label"], *(row[side] for side in ("file", "input") if side in row)] for row in made["images"]]
        name = digest({**contents, "images": rows})
        try:
            keep(temporary, name, {"private": bool(salt), **made})
        except OSError as error:
            raise LabError(f"The collection could not be kept ({error.strerror}). Free some space.") from error
        return Imported(name, len(made["images"]), tuple(writer.skipped), tuple(made["classes"]), made["pairs"])


class _Writer:
    """Decodes files and writes each different picture once, named by the SHA-256 of the file it came from."""

    def __init__(self, folder: Path, progress: Callable[[float], None], longest: int) -> None:
        self.folder, self.progress, self.longest = folder, progress, longest
        self.skipped: list[dict[str, str]] = []
        self.sizes: dict[str, tuple[int, int]] = {}  # by name of the kept file: height and width as it came

    def write(self, entry: Entry) -> str | None:
        """The name under which the picture of a file is kept, or None when it is not usable, and listed as such."""
        try:
            content = entry.read()
            file = f"{hashlib.sha256(content).hexdigest()[:32]}.png"
            if file not in self.sizes:
                image = read_image(content, "It")
                _save(image, self.folder / file, self.longest)
                self.sizes[file] = image.shape[:2]
        except RequestError as error:
            self.skip(entry, str(error))
            return None
        except OSError as error:
            raise LabError(f"{entry.name} could not be kept ({error.strerror}). Free some space.") from error
        return file

    def skip(self, entry: Entry, why: str) -> None:
        """Lists a file that is left out."""
        self.skipped.append({"name": entry.name, "why": why})


def _save(image: np.ndarray, path: Path, longest: int) -> None:
    picture = Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image)
    picture.thumbnail((longest, longest), Image.Resampling.BICUBIC)
    picture.save(path, compress_level=1)


def _import_images(entries: list[Entry], writer: _Writer, max_images: int) -> dict[str, Any]:
    if len(entries) > max_images:
        raise RequestError(
            f"There are {len(entries):,} files; at most {max_images:,} images are accepted. Bring fewer."
        )
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for number, entry in enumerate(entries):
        writer.progress(number / len(entries))
        file = writer.write(entry)
        kind = entry.path.parts[0] if len(entry.path.parts) > 1 else LOOSE
        if file and (kind, file) in rows:
            writer.skip(entry, f"It is the same picture as {rows[kind, file]['name']}.")
        elif file:
            rows[kind, file] = {"name": entry.name, "file": file, "label": kind}
    if len(rows) < MIN_IMAGES:
        raise RequestError(_too_few(len(rows), len(entries), writer.skipped))
    classes = sorted({kind for kind, _ in rows})
    numbered = [{**row, "label": classes.index(row["label"])} for _, row in sorted(rows.items())]
    return {"pairs": False, "classes": classes if len(classes) > 1 else [], "images": numbered}


def _too_few(usable: int, files: int, skipped: list[dict[str, str]]) -> str:
    received = f"{usable} usable image{'' if usable == 1 else 's'} among {files} file{'' if files == 1 else 's'}"
    by_reason: dict[str, list[str]] = {}
    for row in skipped:
        by_reason.setdefault(row["why"], []).append(row["name"])
    reasons = [f"{_first(names)}: {why}" for why, names in list(by_reason.items())[:SHOWN]]
    left_out = " ".join([" Left out:", *reasons]) if reasons else ""
    return f"{received}; at least {MIN_IMAGES} are needed. Add more pictures.{left_out}"


def _first(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _import_pairs(entries: list[Entry], table: Entry, writer: _Writer, max_images: int) -> dict[str, Any]:
    """Imports pairs: all of them or none, so that no inputs lie beside wrong targets."""
    pairs = read_table(table.read())
    if len(pairs) > max_images:
        raise RequestError(f"{TABLE} lists {len(pairs):,} pairs; at most {max_images:,} are accepted. Bring fewer.")
    files = {str(entry.path): entry for entry in entries}
    named = list(dict.fromkeys(path for pair in pairs for path in pair))
    kept: dict[str, str] = {}
    for number, path in enumerate(named):
        writer.progress(number / len(named))
        if path in files and (file := writer.write(files[path])):
            kept[path] = file
    faults = Faults(
        missing=sorted(set(named) - set(files)), unreadable=[(row["name"], row["why"]) for row in writer.skipped]
    )
    faults.compare(pairs, {path: writer.sizes[file] for path, file in kept.items()})
    faults.refuse()
    photographs = sorted({kept[high] for _, high in pairs})
    if len(pairs) < MIN_IMAGES or len(photographs) < 2:
        raise RequestError(
            f"{TABLE} lists {len(pairs)} pairs of {len(photographs)} different photographs; at least {MIN_IMAGES} "
            "pairs of 2 photographs are needed, so that some can be kept for testing."
        )
    rows = [
        {
            "name": files[high].name,
            "file": kept[high],
            "input": kept[low],
            "label": photographs.index(kept[high]),
            "factor": shrink_factor(low),
        }
        for low, high in pairs
    ]
    return {"pairs": True, "classes": [], "images": sorted(rows, key=lambda row: (row["label"], row["input"]))}

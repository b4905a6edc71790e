"""Which pairs there are: files of a folder with a table, of a person's own collection, or of what is bundled.

A folder is looked through before anything is decoded: every file that is missing, damaged or of another size than its
partner is named at once.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image

from aecore.datasets.collection.disk import folder as collection_folder
from aecore.datasets.collection.pairs import COLUMNS, TABLE, Faults, read_table, shrink_factor
from aecore.datasets.photo_pairs.files import Picture, Size, size_of, together
from aecore.datasets.photos import SAMPLE_TEST, SAMPLE_TRAIN
from aecore.datasets.sources import bundled, stamp
from aecore.errors import LabError, RequestError
from aecore.images import UNDECODABLE

SAMPLE_FACTORS = (2, 4, 6)


@dataclass(frozen=True)
class Pair:
    """Two pictures of equal size.

    Args:
        low: The damaged one.
        high: The clean one: pairs of one photograph share it.
        factor: How many times the damaged one was shrunk, as text; empty where nothing says so.
    """

    low: Picture
    high: Picture
    factor: str


def pairs_in(folder: Path) -> tuple[Pair, ...]:
    """The pairs of a folder with `image_data.csv`, `low res/` and `high res/`, each file looked at.

    What was found is remembered as long as no file changes.

    Raises:
        RequestError: The table, or any file that it names, is not as it should be; the sentence names all of them.
    """
    table = folder / TABLE
    if not table.is_file():
        raise RequestError(f"There is no {TABLE} in {folder.name!r}; it lists the pairs in columns low_res, high_res.")
    return _looked_through(stamp(table), tuple(_files(folder)))


def own_pairs(digest: str, index: dict[str, Any]) -> tuple[Pair, ...]:
    """The pairs of a person's collection, from its index.

    Raises:
        LabError: Files of it are gone or damaged.
    """
    place = collection_folder(digest)
    try:
        stamps = {row[side]: stamp(place / row[side]) for row in index["images"] for side in ("input", "file")}
        sizes = _sizes_of_kept(tuple(stamps.values()))
    except (OSError, *UNDECODABLE) as error:
        raise LabError(f"The collection {digest} is damaged ({error}). Delete it and import it again.") from error
    pictures = {name: Picture(*item, size) for (name, item), size in zip(stamps.items(), sizes, strict=True)}
    return tuple(Pair(pictures[row["input"]], pictures[row["file"]], row.get("factor", "")) for row in index["images"])


@lru_cache(maxsize=1)
def sample_pairs() -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """Pairs made of bundled photographs, to learn from and to test on."""

    def pairs(places: tuple[tuple[str, str], ...]) -> tuple[Pair, ...]:
        made = []
        for package, path in places:
            file = bundled(package, path)
            high = Picture(*stamp(file), size_of(file))
            lows = [Picture(high.path, high.changed, high.length, high.size, factor) for factor in SAMPLE_FACTORS]
            made += [Pair(low, high, str(low.shrunk)) for low in lows]
        return tuple(made)

    return pairs(SAMPLE_TRAIN), pairs(SAMPLE_TEST)


def _files(folder: Path) -> Iterable[tuple[str, str, int, int]]:
    """Name in the table, path, time of change and length of every file that a table could name."""
    for name in COLUMNS.values():
        if (folder / name).is_dir():
            with os.scandir(folder / name) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    if entry.is_file():
                        status = entry.stat()
                        yield f"{name}/{entry.name}", entry.path, status.st_mtime_ns, status.st_size


@lru_cache(maxsize=4)
def _looked_through(table: tuple[str, int, int], files: tuple[tuple[str, str, int, int], ...]) -> tuple[Pair, ...]:
    names = read_table(Path(table[0]).read_bytes())
    stamps = {name: stamped for name, *stamped in files}
    wanted = list(dict.fromkeys(name for pair in names for name in pair))
    faults = Faults(missing=sorted(set(wanted) - set(stamps)))
    sizes: dict[str, Size] = {}

    def look(name: str) -> tuple[str, Size | str]:
        try:
            return name, size_of(Path(stamps[name][0]))
        except RequestError as error:
            return name, str(error)

    for name, found in together(look, [name for name in wanted if name in stamps]):
        if isinstance(found, str):
            faults.unreadable.append((name, found))
        else:
            sizes[name] = found
    faults.compare(names, sizes)
    faults.refuse()
    pictures = {name: Picture(*stamps[name], size) for name, size in sizes.items()}
    return tuple(Pair(pictures[low], pictures[high], shrink_factor(low)) for low, high in names)


@lru_cache(maxsize=4)
def _sizes_of_kept(stamps: tuple[tuple[str, int, int], ...]) -> list[Size]:
    """Sizes of files that the lab wrote itself: their first bytes say them."""

    def size(item: tuple[str, int, int]) -> Size:
        with Image.open(item[0], formats=("PNG",)) as picture:
            return picture.size[::-1]

    return together(size, stamps)

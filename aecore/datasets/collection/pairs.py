"""The table of a set of pairs: `image_data.csv` with columns low_res and high_res, and everything wrong with a set.

Its names are those of files in the folders `low res/` and `high res/` beside it.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aecore.errors import RequestError

TABLE = "image_data.csv"
COLUMNS = {"low_res": "low res", "high_res": "high res"}  # column -> folder
SHOWN = 20
LONGEST_NAME = 80
FACTOR = re.compile(r"_(\d{1,3})\.\w+")
Names = tuple[str, str]
Size = tuple[int, int]


def read_table(content: bytes) -> list[Names]:
    """The pairs (damaged, clean) that a table lists, each once, as paths such as "low res/12_4.jpg".

    Raises:
        RequestError: It cannot be read, or has other columns.
    """
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), restval="")
        header = [str(name).strip() for name in reader.fieldnames or ()]
        reader.fieldnames = header
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise RequestError(f"{TABLE} is not a text table in UTF-8 ({error}); save it as CSV again.") from error
    if absent := [column for column in COLUMNS if column not in header]:
        raise RequestError(
            f"{TABLE} has the columns {', '.join(header)[:200] or '(none)'}; it lacks {' and '.join(absent)}. The "
            f"first line must name {' and '.join(COLUMNS)}, separated by commas."
        )
    return list(dict.fromkeys(tuple(f"{COLUMNS[name]}/{row[name].strip()}" for name in COLUMNS) for row in rows))


def shrink_factor(name: str) -> str:
    """How many times a picture was shrunk, as its name says, or an empty text.

    >>> shrink_factor("low res/12_4.jpg"), shrink_factor("low res/12.jpg")
    ('4', '')
    """
    found = FACTOR.search(name)
    return found[1] if found and found.end() == len(name) else ""


@dataclass
class Faults:
    """What is wrong with a set of pairs, collected so that all of it is said at once.

    Args:
        missing: Files that the table names and that are not there.
        unreadable: Files that cannot be read, each with the reason.
        uneven: Pairs whose sides differ in size, each with both sizes.
    """

    missing: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    uneven: list[str] = field(default_factory=list)

    def compare(self, pairs: Iterable[Names], sizes: Mapping[str, Size]) -> None:
        """Notes the pairs whose sides differ, where `sizes` has the (height, width) of both."""
        for low, high in pairs:
            if low in sizes and high in sizes and sizes[low] != sizes[high]:
                self.uneven.append(f"{_said(low)} {_across(sizes[low])} with {_said(high)} {_across(sizes[high])}")

    def refuse(self) -> None:
        """Raises a sentence with everything that is wrong, if anything is.

        Raises:
            RequestError: Something is.
        """
        parts = []
        if self.missing:
            parts.append(f"files that are not there ({len(self.missing)}): {_first(map(_said, self.missing))}")
        if self.unreadable:
            named = _first(_said(name) for name, _ in self.unreadable)
            first = self.unreadable[0][1].rstrip(".")
            parts.append(f"files that cannot be read ({len(self.unreadable)}): {named}, the first because: {first}")
        if self.uneven:
            parts.append(f"pairs of different size ({len(self.uneven)}): {_first(self.uneven)}")
        if parts:
            raise RequestError(
                f"{TABLE} names {'; '.join(parts)}. Add or replace them (both sides of a pair have the same size: "
                f"enlarge the smaller one first), or take their rows out of {TABLE}; nothing was used."
            )


def _said(name: str) -> str:
    plain = "".join(letter if letter.isprintable() else "�" for letter in name)
    return plain if len(plain) <= LONGEST_NAME else "…" + plain[1 - LONGEST_NAME :]


def _across(size: Size) -> str:
    return f"({size[1]} × {size[0]} px)"


def _first(names: Iterable[str]) -> str:
    """The first names, and how many more there are."""
    listed = list(names)
    more = f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return ", ".join(listed[:SHOWN]) + more

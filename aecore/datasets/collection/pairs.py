"""The table of a collection of pairs: `image_data.csv` with columns low_res and high_res.

Its names are those of files in the folders `low res/` and `high res/` beside it.
"""

import csv
import io

from aecore.datasets.collection.entries import Entry
from aecore.errors import RequestError

TABLE = "image_data.csv"
COLUMNS = {"low_res": "low res", "high_res": "high res"}  # column -> folder
SHOWN = 5
Pair = tuple[Entry, Entry]


def read_table(entries: list[Entry], table: Entry) -> list[Pair]:
    """The pairs (damaged, clean) that the table lists.

    Raises:
        RequestError: The table cannot be read, has other columns, or names files that are not there.
    """
    rows = _rows(table)
    files = {str(entry.path): entry for entry in entries}
    wanted = [tuple(f"{folder}/{row[column]}" for column, folder in COLUMNS.items()) for row in rows]
    missing = sorted({path for pair in wanted for path in pair} - set(files))
    if missing:
        named = ", ".join(path[:80] for path in missing[:SHOWN])
        more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
        raise RequestError(
            f"{TABLE} names files that are not there ({len(missing)}): {named}{more}. Add them, or take their rows out."
        )
    return list(dict.fromkeys((files[low], files[high]) for low, high in wanted))


def _rows(table: Entry) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(table.read().decode("utf-8-sig"), newline=""), restval="")
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
    return [{column: row[column].strip() for column in COLUMNS} for row in rows]

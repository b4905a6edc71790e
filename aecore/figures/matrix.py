"""A table of pictures: rows and columns of settings, and in each cell what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from aecore.figures.palette import OURS

LINE = "color-mix(in srgb, currentColor 18%, transparent)"
STYLE = f"""<style>
.matrix {{overflow-x: auto; margin-bottom: 0.5rem;}}
.matrix table {{border-collapse: collapse; font-size: 0.85rem; font-variant-numeric: tabular-nums;}}
.matrix th {{text-align: left; font-weight: 600; padding: 6px 14px 6px 0; vertical-align: top; white-space: nowrap;}}
.matrix th small, .matrix td small {{display: block; font-weight: 400; opacity: 0.7; font-size: 0.8rem;}}
.matrix td {{padding: 8px 18px 8px 0; vertical-align: top; border-top: 1px solid {LINE};}}
.matrix tbody th {{border-top: 1px solid {LINE}; padding-top: 8px;}}
.matrix img {{width: 76px; height: 76px; border-radius: 2px; margin-right: 3px; display: inline-block;}}
.matrix .strip {{white-space: nowrap; margin-bottom: 3px;}}
.matrix .best b {{color: {OURS};}}
</style>"""


@dataclass(frozen=True)
class Entry:
    """One cell.

    Args:
        pictures: Address and alt text of each picture.
        figure: What is said first.
        notes: What is said below it, line by line.
        best: Whether it is the best of all; it is then marked, and said to be.
    """

    pictures: Sequence[tuple[str, str]]
    figure: str
    notes: Sequence[str] = ()
    best: bool = False


def matrix(corner: str, columns: Sequence[str], rows: Sequence[tuple[str, str, Sequence[Entry]]]) -> str:
    """Draws a table of pictures as HTML; every text is escaped.

    Args:
        corner: What rows and columns are.
        columns: Heading of each column.
        rows: For each row its heading, a note below that, and a cell for each column.
    """
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    lines = []
    for heading, note, entries in rows:
        cells = "".join(map(_cell, entries))
        lines.append(f'<tr><th scope="row">{escape(heading)}<small>{escape(note)}</small></th>{cells}</tr>')
    head = f'<thead><tr><th scope="col">{escape(corner)}</th>{heads}</tr></thead>'
    return f'{STYLE}<div class="matrix" tabindex="0"><table>{head}<tbody>{"".join(lines)}</tbody></table></div>'


def _cell(entry: Entry) -> str:
    pictures = "".join(
        f'<img src="{escape(source)}" alt="{escape(alt)}" title="{escape(alt)}">' for source, alt in entry.pictures
    )
    notes = "".join(f"<small>{escape(note)}</small>" for note in entry.notes)
    strip = f'<div class="strip">{pictures}</div>' if pictures else ""
    said = f"{entry.figure}, the best" if entry.best else entry.figure
    kind = ' class="best"' if entry.best else ""
    return f"<td{kind}>{strip}<b>{escape(said)}</b>{notes}</td>"

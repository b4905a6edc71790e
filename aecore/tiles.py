"""Large pictures in tiles: what does not fit into memory at once is computed piece by piece, with the same numbers.

All tiles have one shape, so that whatever computes them is compiled once. They overlap by as far as an output pixel can
see, and touch the borders of the picture exactly: a network that treats the border in its own way treats it so once,
where the border really is. A picture smaller than a tile is one tile of its own shape; to make it larger by mirroring
would change the numbers along its border.

>>> [(tile.top, tile.keep_top, tile.keep_bottom) for tile in tiles((100, 40), side=40, reach=5)]
[(0, 0, 35), (30, 35, 65), (60, 65, 100)]
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aecore.large import release

Shape = tuple[int, int]


@dataclass(frozen=True)
class Tile:
    """One piece of a picture, in its px.

    Args:
        top: First row that is read.
        left: First column that is read.
        height: How many rows are read.
        width: How many columns are read.
        keep_top: First row whose answer is kept.
        keep_bottom: The row after the last one that is kept.
        keep_left: First column that is kept.
        keep_right: The column after the last one that is kept.
    """

    top: int
    left: int
    height: int
    width: int
    keep_top: int
    keep_bottom: int
    keep_left: int
    keep_right: int

    @property
    def read(self) -> tuple[slice, slice]:
        """What is read of the picture."""
        return slice(self.top, self.top + self.height), slice(self.left, self.left + self.width)

    def kept(self, scale: int) -> tuple[slice, slice]:
        """What is kept of the tile's answer, which is `scale` times as large."""
        return (
            slice((self.keep_top - self.top) * scale, (self.keep_bottom - self.top) * scale),
            slice((self.keep_left - self.left) * scale, (self.keep_right - self.left) * scale),
        )

    def place(self, scale: int) -> tuple[slice, slice]:
        """Where that belongs in the whole answer."""
        return (
            slice(self.keep_top * scale, self.keep_bottom * scale),
            slice(self.keep_left * scale, self.keep_right * scale),
        )


def starts(length: int, tile: int, step: int) -> list[int]:
    """Where tiles begin that cover a length, each inside it: a step apart, the last one at the end.

    >>> starts(100, 40, 30), starts(100, 40, 40), starts(30, 40, 30)
    ([0, 30, 60], [0, 40, 60], [0])
    """
    if step < 1:
        raise ValueError(f"Tiles are at least 1 px apart; received {step}.")
    last = max(0, length - tile)
    return [*range(0, last, step), last]


def tiles(shape: Shape, side: int, reach: int, align: int = 1) -> list[Tile]:
    """The tiles of a picture, row by row.

    Args:
        shape: Its (height, width) in px.
        side: Of a tile, in px; where the picture is smaller, its own.
        reach: How far around an output pixel the input counts, in px.
        align: Tiles begin at multiples of so many px, and the side is one too; the last tiles of a picture that is none
            are then smaller than the others.
    """
    rows, columns = (_pieces(length, side, reach, align) for length in shape)
    return [
        Tile(top, left, height, width, first, last, begin, end)
        for top, height, first, last in rows
        for left, width, begin, end in columns
    ]


def count(shape: Shape, side: int, reach: int, align: int = 1) -> int:
    """How many tiles a picture has; see `tiles`.

    >>> count((100, 40), side=40, reach=5)
    3
    """
    rows, columns = (len(_pieces(length, side, reach, align)) for length in shape)
    return rows * columns


def _pieces(length: int, side: int, reach: int, align: int) -> list[tuple[int, int, int, int]]:
    """Start, length, and what is kept from where to where, along one axis."""
    if length <= side:
        return [(0, length, 0, length)]
    step = (side - 2 * reach) // align * align
    if step < 1:
        raise ValueError(f"A tile of {side} px is too small where {reach} px on either side count.")
    begin = starts(length + -length % align, side, step)
    bounds = [0, *(start + reach for start in begin[1:]), length]
    return [(start, min(side, length - start), *bounds[place : place + 2]) for place, start in enumerate(begin)]


def apply_tiled(
    function: Callable[[np.ndarray], np.ndarray],
    source: np.ndarray,
    out: np.ndarray,
    pieces: list[Tile],
    scale: int = 1,
    progress: Callable[[int], None] = lambda done: None,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Computes a function of a picture tile by tile.

    Args:
        function: From a tile (h, w, C) to its answer (h·scale, w·scale, …), as `out` holds it.
        source: The picture (H, W, C); may lie on disk.
        out: Takes the answer (H·scale, W·scale, …); may lie on disk.
        pieces: Tiles of the picture.
        scale: How many times larger the answer is.
        progress: Is called with the number of tiles that are done.
        check: Is called before every tile, and may raise to stop.
    """
    row = 0
    for done, tile in enumerate(pieces):
        check()
        if tile.top != row:
            row = tile.top
            release(source, out)
        out[tile.place(scale)] = function(np.ascontiguousarray(source[tile.read]))[tile.kept(scale)]
        progress(done + 1)
    release(source, out)

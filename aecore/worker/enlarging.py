"""Photographs enlarged or restored tile by tile, by a trained network that stays loaded, or enlarged by bicubic."""

import functools
import gc
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from aecore.datasets.photos import public_domain_photographs
from aecore.enlargers import Enlarger
from aecore.errors import LabError, RequestError
from aecore.images import LUMA, resize, to_float, to_uint8
from aecore.large import MARGIN, free_memory
from aecore.store import Run, Store
from aecore.tiles import apply_tiled, count, tiles

SIDES = tuple(range(512, 63, -32))  # px of a tile; larger ones are hardly faster
WIDE_SIDES = (768, 640)  # for a network that sees so far that little of those would be kept
CALL = 128**2  # what one tile costs beside the px of it, in px
PLAIN_SIDE = 512
MEMORY_SHARE = 0.25  # of what is free, for one tile
MOST_WORK = 3e11  # floating-point operations for one tile: a few seconds, and nobody waits longer for "Cancel"
BYTES_HELD = 10  # for each number that a network holds at once: its own, and the room to compute in
MOST_NETWORKS = 8
Shape = tuple[int, int]
TileFunction = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Means:
    """How pictures are enlarged: a function of tiles, and which tiles it takes.

    Args:
        scale: How many times larger the answer is.
        reach: How far around an output pixel the input counts, in px; bicubic, for a blend, `MARGIN` at least.
        function: From a shape (h, w) to the function of tiles (h, w, 3) uint8 that answers float32 in [0, 1].
        align: Tiles begin at multiples of so many px.
        bytes: Memory that it takes for one px of a tile, about; 0 where any tile will do.
        work: Floating-point operations that it takes for one px of a tile.
        colours: Whether the answer to a grey picture is in colour.
    """

    scale: int
    reach: int
    function: Callable[[Shape], TileFunction]
    align: int = 1
    bytes: int = 0
    work: float = 0.0
    colours: bool = False

    def sides(self, shape: Shape) -> Iterator[int]:
        """Sides of tiles for a picture of a shape: first the one with the least to compute, then smaller ones."""
        if not self.bytes:
            yield PLAIN_SIDE
            return
        choice = SIDES if SIDES[0] >= 6 * self.reach else (*WIDE_SIDES, *SIDES)
        able = [side for side in choice if side > 2 * self.reach + self.align]
        fitting = [side for side in able if side <= min(shape)] or able
        room = MEMORY_SHARE * (free_memory() or 1e9)
        small = [side for side in fitting if side**2 * self.work <= MOST_WORK] or fitting[-1:]
        usable = [side for side in small if side**2 * self.bytes <= room] or small[-1:]
        last = min(usable, key=lambda side: self._px(shape, side))
        yield last
        for side in usable:
            if side <= 3 / 4 * last:
                yield (last := side)

    def _px(self, shape: Shape, side: int) -> int:
        """How many px are computed for a picture of a shape."""
        return count(shape, side, self.reach, self.align) * (math.prod(min(side, each) for each in shape) + CALL)

    def ready(self, shape: Shape) -> None:
        """Loads what a picture of a shape will need first, so that enlarging it shows its own pace."""
        side = next(self.sides(shape))
        height, width = (min(side, length + -length % self.align) for length in shape)
        self.function((height, width))

    def answer(self, tile: np.ndarray) -> np.ndarray:
        """The answer to a tile (h, w, C) uint8, grey or colour: (h·scale, w·scale, C) float32 in [0, 1], or in colour.

        Where sides have to be multiples, what is missing at a picture's end is mirrored, and cut off afterwards.
        """
        height, width, channels = tile.shape
        given = np.repeat(tile, 3, axis=-1) if channels == 1 else tile
        if height % self.align or width % self.align:
            given = np.pad(given, [(0, -height % self.align), (0, -width % self.align), (0, 0)], "symmetric")
        made = self.function(given.shape[:2])(given)[: height * self.scale, : width * self.scale]
        return made @ LUMA[:, None] if channels == 1 and not self.colours else made


def enlarge(
    pixels: np.ndarray,
    out: np.ndarray,
    means: Means,
    strength: float = 1.0,
    ensemble: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
    check: Callable[[], None] = lambda: None,
) -> int:
    """Enlarges a picture; where memory does not suffice, in smaller tiles.

    Args:
        pixels: (H, W, C) uint8, colour or grey; may lie on disk.
        out: (H·scale, W·scale, C) uint8, takes the result, three channels of one that colours; may lie on disk.
        means: By what.
        strength: Share of the result that is blended over bicubic.
        ensemble: Whether the mean over eight turned and mirrored pictures is taken.
        progress: Is called with the number of tiles that are done, and of all.
        check: Is called before every tile, and every view of one, and may raise to stop.

    Returns:
        The number of tiles.

    Raises:
        LabError: There is not enough memory for the smallest tiles either.
    """
    for side in means.sides(pixels.shape[:2]):
        pieces = tiles(pixels.shape[:2], side, means.reach, means.align)
        function = functools.partial(_blended, means=means, strength=strength, ensemble=ensemble, check=check)
        said = functools.partial(progress, of=len(pieces))
        try:
            apply_tiled(function, pixels, out, pieces, means.scale, said, check)
            return len(pieces)
        except _out_of_memory(means):
            _network.cache_clear()
            gc.collect()
    raise LabError(
        "There is not enough memory to enlarge this picture, not even piece by piece. Close other programs, or choose "
        "a smaller model or bicubic."
    )


def _blended(tile: np.ndarray, means: Means, strength: float, ensemble: bool, check: Callable[[], None]) -> np.ndarray:
    """The uint8 answer to a tile."""
    made = _mean_of_views(tile, means, check) if ensemble else means.answer(tile)
    if strength < 1:
        plain = resize(to_float(tile)[None], made.shape[:2])[0]
        made = plain + np.float32(strength) * (made - plain)
    return to_uint8(made)


def _mean_of_views(tile: np.ndarray, means: Means, check: Callable[[], None]) -> np.ndarray:
    """The mean of the answers to a tile turned by quarters and mirrored, each turned back (Timofte et al. 2016)."""
    total = 0.0
    for quarters in range(4):
        for step in (1, -1):
            check()
            view = np.ascontiguousarray(np.rot90(tile[:, ::step], quarters))
            total = total + np.rot90(means.answer(view), -quarters)[:, ::step]
    return total / 8


def kernel(name: str, scale: int) -> Means:
    """Enlarging without a network, by the kernel "bicubic" or "lanczos"."""

    def function(shape: Shape) -> TileFunction:
        size = (shape[0] * scale, shape[1] * scale)
        return lambda tile: resize(to_float(tile)[None], size, name)[0]

    return Means(scale, MARGIN, function)


def means_of(enlarger: Enlarger) -> Means:
    """What an enlarger computes with. Its network is loaded at the first tile, and stays.

    Raises:
        RequestError: Its run is gone.
    """
    if enlarger.run is None:
        return kernel("bicubic", enlarger.scale)
    return means_of_run(enlarger.run, enlarger.scale)


def means_of_run(run: Run, scale: int = 1) -> Means:
    """What a trained network computes with, which enlarges, sharpens or restores.

    Raises:
        RequestError: The run is gone.
    """
    return _networked(run, scale)[0]


def sixteen_bits(enlarger: Enlarger) -> bool:
    """Whether a network computes in 16 bits here: where the processor does so, and nobody can see a difference."""
    return enlarger.run is not None and _networked(enlarger.run, enlarger.scale)[1]


@functools.lru_cache(MOST_NETWORKS)
def _networked(run: Run, scale: int) -> tuple[Means, bool]:
    from aecore.training import enlarging

    if Store().get(run.key) is None:
        raise RequestError(f"The run {run.key} of this model is gone or damaged; train it again, or choose another.")
    shape = (enlarging.PROBE, enlarging.PROBE)
    precisions = (enlarging.FLOAT32, enlarging.BFLOAT16)
    before = scale // enlarging.scale_of(run.recipe)  # a network that keeps the size is given what bicubic has enlarged
    seen = enlarging.sight(enlarging.at_shape(run.recipe, run.weights, shape))
    short = False
    if enlarging.computes_in_sixteen_bits():
        answers = [enlarging.tile_function(run.recipe, run.weights, shape, scale, each) for each in precisions]
        short = enlarging.sixteen_bits_suffice(*answers, _middle(shape))
    reach = max(seen.reach, MARGIN) if before == 1 else -(-seen.reach // before) + MARGIN
    held = seen.values * before**2 * BYTES_HELD

    function = functools.partial(_network, run, scale, precisions[short])
    colours = run.recipe.input_shape[2] < run.recipe.target_shape[2]
    work = run.info["flops"] / math.prod(run.recipe.input_shape[:2]) * before**2
    return Means(scale, reach, function, seen.align, held, work, colours), short


@functools.lru_cache(MOST_NETWORKS)
def _network(run: Run, scale: int, precision: str, shape: Shape) -> TileFunction:
    from aecore.training.enlarging import tile_function

    function = tile_function(run.recipe, run.weights, shape, scale, precision)
    function(np.zeros((*shape, 3), np.uint8))  # compiles
    return function


def _middle(shape: Shape) -> np.ndarray:
    """The middle of a photograph that comes with the lab, to check networks on."""
    photograph = public_domain_photographs()[0]
    top, left = ((have - want) // 2 for have, want in zip(photograph.shape, shape, strict=False))
    return photograph[top : top + shape[0], left : left + shape[1]]


def _out_of_memory(means: Means) -> tuple[type[BaseException], ...]:
    if not means.bytes:
        return (MemoryError,)
    from aecore.training.backend import out_of_memory

    return out_of_memory()

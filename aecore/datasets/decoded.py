"""Pixels that are slow to decode or too many for memory: decoded once to disk, and mapped from there."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

BLOCK = 1 << 22


def decoded(path: Path, shape: tuple[int, ...], fill: Callable[[np.ndarray], None]) -> np.ndarray:
    """A uint8 array that is made once and read from disk afterwards.

    Args:
        path: Where it is kept (".npy"). What it is made from must be part of the name.
        shape: Its shape.
        fill: Writes every value into the array that it is given.

    Returns:
        The array, mapped from disk and not to be written to; in memory where the disk does not take it.
    """
    kept = _mapped(path, shape)
    if kept is not None:
        return kept
    try:
        temporary = _reserve(path, shape)
    except OSError:  # read-only or full: memory will do
        array = np.empty(shape, np.uint8)
        fill(array)
        return array
    try:
        array = np.load(temporary, mmap_mode="r+")
        fill(array)
        array.flush()
        del array
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return np.asarray(np.load(path, mmap_mode="r"))


def _mapped(path: Path, shape: tuple[int, ...]) -> np.ndarray | None:
    try:
        array = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError, EOFError):  # not there, or not an array: made anew
        return None
    return array if array.shape == shape and array.dtype == np.uint8 else None


def _reserve(path: Path, shape: tuple[int, ...]) -> Path:
    """A temporary file of full length beside `path`: a full disk shows here, not as a crash while it is filled."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.lib.format.write_array_header_1_0(
                file, {"descr": "|u1", "fortran_order": False, "shape": tuple(int(side) for side in shape)}
            )
            left = int(np.prod(shape))
            while left > 0:
                left -= file.write(bytes(min(BLOCK, left)))
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)

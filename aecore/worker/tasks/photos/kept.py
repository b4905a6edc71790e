"""Pixels of a photograph and its result, on disk beside the job: large pictures need not be in memory.

    jobs/<id>/making/    while the job is at work
              pixels/    input.npy, result.npy, alpha.npy (of the result, if any), icc; to look at details at once

What the job made stays in `out/`; these are a convenience, and go when they become too many.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aecore.images import with_channels
from aecore.photo import ENDINGS, for_screen, read_photo

MAKING, PIXELS = "making", "pixels"
READ_AGAIN = "read again"  # marks pixels that were read from a file which does not hold them exactly
MOST_BYTES = 2_000_000_000  # of all jobs together
READABLE = 110_000_000  # px of a result that is read from its file again


@dataclass(frozen=True)
class Kept:
    """A photograph and its result.

    Args:
        input: (h, w, C) uint8.
        result: (H, W, C) uint8.
        alpha: (H, W) uint8, or None.
        icc: The colour profile of both.
    """

    input: np.ndarray
    result: np.ndarray
    alpha: np.ndarray | None
    icc: bytes

    def shown(self, pixels: np.ndarray, rows: slice, columns: slice) -> np.ndarray:
        """A part of the result, or of something of its size, for the screen: (h, w, 3) uint8."""
        alpha = None if self.alpha is None else np.asarray(self.alpha[rows, columns])
        return for_screen(pixels, alpha, self.icc)


class Making:
    """The folder in which a job's pixels are made."""

    def __init__(self, folder: Path) -> None:
        self._job, self._folder = folder, folder / MAKING

    def array(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        """A new array of zeros on disk, uint8.

        Raises:
            OSError: The disk is full; where that cannot be asked, writing to the array ends the process.
        """
        path = self._folder / f"{name}.npy"
        made = np.lib.format.open_memmap(path, "w+", np.uint8, shape)
        if hasattr(os, "posix_fallocate"):
            with path.open("rb+") as file:
                os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
        return made

    def store(self, name: str, array: np.ndarray) -> np.ndarray:
        """An array, from now on on disk."""
        np.save(self._folder / f"{name}.npy", array)
        return np.load(self._folder / f"{name}.npy", mmap_mode="r")

    def rename(self, name: str, to: str) -> None:
        """Calls an array something else."""
        (self._folder / f"{name}.npy").replace(self._folder / f"{to}.npy")

    def drop(self, name: str) -> None:
        """Removes an array that nobody needs any more."""
        (self._folder / f"{name}.npy").unlink()

    def keep(self, icc: bytes, exact: bool = True) -> None:
        """Keeps all that was made, for looking; what other jobs have kept for longest goes where it is too much."""
        (self._folder / "icc").write_bytes(icc)
        if not exact:
            (self._folder / READ_AGAIN).touch()
        self._folder.replace(self._job / PIXELS)
        bound(self._job.parent)


@contextmanager
def making(job: Path) -> Iterator[Making]:
    """A new folder for a job's pixels, which is gone in the end unless it was kept."""
    for name in (MAKING, PIXELS):
        shutil.rmtree(job / name, ignore_errors=True)
    (job / MAKING).mkdir()
    try:
        yield Making(job)
    finally:
        shutil.rmtree(job / MAKING, ignore_errors=True)


def kept(job: Path, file: str) -> Kept:
    """What a finished job has kept; read from its files, and kept again, where that is gone.

    Args:
        job: Its folder.
        file: Name of the file in `out/` that it made.

    Raises:
        RequestError: The files are gone too.
    """
    folder = job / PIXELS
    with suppress(OSError):
        os.utime(folder)  # what is looked at stays longest
    try:
        return _read(folder)
    except FileNotFoundError:
        photo = read_photo(job / "files" / "picture", "The photograph")
        made = read_photo(job / "out" / file, "The result", READABLE)
    found = Kept(photo.pixels, with_channels(made.pixels, photo.pixels.shape[2]), made.alpha, photo.icc)
    with making(job) as again:
        for name in ("input", "result", "alpha"):
            if (array := getattr(found, name)) is not None:
                again.store(name, array)
        again.keep(found.icc, is_exact(file))
    return found


def is_exact(file: str) -> bool:
    """Whether a result's file holds its very pixels."""
    return file.endswith(ENDINGS["png"])


def at_hand(job: Path, file: str) -> bool:
    """Whether the pixels of a result are still there as they were made, or can be read so from its file."""
    return is_exact(file) or ((job / PIXELS).is_dir() and not (job / PIXELS / READ_AGAIN).exists())


def _read(folder: Path) -> Kept:
    alpha = folder / "alpha.npy"
    return Kept(
        *(np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("input", "result")),
        np.load(alpha, mmap_mode="r") if alpha.is_file() else None,
        (folder / "icc").read_bytes(),
    )


def bound(jobs: Path) -> None:
    """Deletes kept pixels, the oldest first, until the rest is not too much."""
    found = sorted(jobs.glob(f"*/{PIXELS}"), key=_age, reverse=True)
    sizes = [sum(path.stat().st_size for path in folder.glob("*")) for folder in found]
    for folder, until in zip(found, np.cumsum(sizes), strict=True):
        if until > MOST_BYTES:
            shutil.rmtree(folder, ignore_errors=True)


def _age(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:  # it went meanwhile
        return 0.0

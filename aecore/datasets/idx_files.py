"""What MNIST and the sets made in its image share: four idx files, 60,000 + 10,000 grey images of 28 × 28 px."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import ClassVar

import numpy as np

from aecore.datasets.idx import read_idx
from aecore.datasets.labelled import Labelled
from aecore.datasets.sources import RemoteFile, download, find, stamp
from aecore.errors import LabError, NotAtHand

SIDE = 28
NAMES = tuple(f"{part}-{kind}-ubyte.gz" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1"))


@lru_cache(maxsize=8)
def _labels(name: str, changed: int, size: int, count: int) -> np.ndarray:
    """Labels of a file; read again when its time of change or size is another."""
    labels = read_idx(Path(name), (count,)).astype(np.int64)
    if labels.max(initial=0) > 9:
        raise LabError(f"{Path(name).name} has a label {labels.max()}; 0 to 9 were expected. Get the file again.")
    labels.flags.writeable = False
    return labels


@dataclass(frozen=True)
class IdxFiles(Labelled):
    """Ten classes of grey images in four idx files."""

    folder: ClassVar[str] = ""
    elsewhere: ClassVar[tuple[Path, ...]] = ()
    files: ClassVar[tuple[RemoteFile, ...]] = ()
    sizes: ClassVar[tuple[int, int]] = (60_000, 10_000)

    @property
    def shape(self) -> tuple[int, int, int]:
        return SIDE, SIDE, 1

    def sources(self) -> tuple[str, ...]:
        return () if None in self._paths() else ("full",)

    def labels(self, source: str) -> tuple[np.ndarray, np.ndarray]:
        _, train, _, test = self._present()
        return _labels(*stamp(train), self.sizes[0]), _labels(*stamp(test), self.sizes[1])

    def images(self, source: str) -> tuple[np.ndarray, np.ndarray]:
        train, _, test, _ = self._present()
        return tuple(
            read_idx(path, (count, SIDE, SIDE))[..., None]
            for path, count in zip((train, test), self.sizes, strict=True)
        )

    def source_line(self, source: str) -> str:
        return f"{self.title}, all {self.sizes[0]:,} + {self.sizes[1]:,} images"

    def how_to_get(self) -> str:
        return (
            f"download it ({self.download.megabytes:.0f} MB), or put its four .gz files into AECORE_DATA/{self.folder}"
        )

    def fetch(self, progress: Callable[[float], None]) -> None:
        download(self.files, self.folder, progress)

    def _paths(self) -> tuple[Path | None, ...]:
        return tuple(find(f"{self.folder}/{name}", *self.elsewhere) for name in NAMES)

    def _present(self) -> tuple[Path, ...]:
        paths = self._paths()
        if None in paths:
            raise NotAtHand(f"{self.title} is not on this machine any more; {self.how_to_get()}.")
        return paths

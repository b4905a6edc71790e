"""Fashion-MNIST, clothes in the format of MNIST."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from aecore.datasets.dataset import DATASETS, Download
from aecore.datasets.idx_files import NAMES, IdxFiles
from aecore.datasets.sources import RemoteFile

MIRROR = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"  # has no https; the checksums guard the content
CHECKSUMS = (
    ("3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", 26_421_880),
    ("a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", 29_515),
    ("346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", 4_422_102),
    ("67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", 5_148),
)


@DATASETS("fashion_mnist", "Fashion-MNIST")
@dataclass(frozen=True)
class FashionMnist(IdxFiles):
    """Photographs of clothes, 28 × 28 px: 60,000 to learn from and 10,000 to test on.

    Made by Zalando (Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747) as a harder set of the same shape as MNIST: it
    has texture, and its classes resemble each other. It is not installed with the lab.
    """

    classes: ClassVar[tuple[str, ...]] = (
        *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
        *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    )
    licence: ClassVar[str] = "Fashion-MNIST, © 2017 Zalando SE, MIT licence"
    redistributable: ClassVar[bool] = True
    folder: ClassVar[str] = "fashion-mnist"
    elsewhere: ClassVar[tuple[Path, ...]] = (Path("/usr/share/datasets/fashion-mnist"),)  # Debian's package
    files: ClassVar[tuple[RemoteFile, ...]] = tuple(
        RemoteFile(MIRROR + name, *checksum) for name, checksum in zip(NAMES, CHECKSUMS, strict=True)
    )
    download: ClassVar[Download] = Download("all 70,000 Fashion-MNIST images", 30.9, tuple(file.url for file in files))

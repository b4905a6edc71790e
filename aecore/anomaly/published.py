"""What others report: AUROC on test images, each with its source; and what was measured here, beside it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MEASURED = Path(__file__).parent.parent.parent / "weights" / "anomaly.json"

RAPP = "Kim et al. 2020, RaPP, ICLR"
DEEP_SVDD = "Ruff et al. 2018, Deep one-class classification, ICML"
OCGAN = "Perera et al. 2019, OCGAN, CVPR"


@dataclass(frozen=True)
class Reported:
    """Figures that others report for one method.

    Args:
        method: What was done.
        source: Authors, year, title.
        mean: Mean over classes.
        classes: The figure of each class, in order, or empty where only the mean is known.
    """

    method: str
    source: str
    mean: float
    classes: tuple[float, ...] = ()


@dataclass(frozen=True)
class Protocol:
    """A way to divide a dataset with classes into normal and abnormal.

    Args:
        title: For people.
        dataset: Kind of the dataset.
        held_out: Whether the class of a column is the abnormal one; otherwise it is the only normal one.
        goal: The mean to reach, or None.
        reported: What others report.
    """

    title: str
    dataset: str
    held_out: bool
    goal: float | None
    reported: tuple[Reported, ...]

    def normal_classes(self, label: int) -> tuple[int, ...]:
        """The normal classes when the column is that of class `label`."""
        return tuple(number for number in range(10) if number != label) if self.held_out else (label,)


PROTOCOLS: dict[str, Protocol] = {
    "mnist-one-out": Protocol(
        "MNIST, one digit held out",
        "mnist",
        held_out=True,
        goal=0.95,
        reported=(
            Reported(
                "autoencoder, squared error", RAPP, 0.859,
                (0.957, 0.381, 0.981, 0.971, 0.934, 0.974, 0.923, 0.795, 0.964, 0.704),
            ),
            Reported(
                "autoencoder + NAP", RAPP, 0.917,
                (0.952, 0.697, 0.989, 0.982, 0.971, 0.989, 0.956, 0.903, 0.964, 0.761),
            ),
            Reported(
                "variational autoencoder + SAP", RAPP, 0.930,
                (0.984, 0.685, 0.993, 0.986, 0.971, 0.990, 0.944, 0.915, 0.961, 0.870),
            ),
            Reported(
                "variational autoencoder with a code of 2 numbers, −ELBO", "published example code", 0.855,
                (0.96, 0.73, 0.97, 0.94, 0.73, 0.92, 0.95, 0.77, 0.92, 0.66),
            ),
        ),
    ),
    "mnist-one-class": Protocol(
        "MNIST, one digit normal",
        "mnist",
        held_out=False,
        goal=0.985,
        reported=(
            Reported("Deep SVDD", DEEP_SVDD, 0.948),
            Reported("neighbours, 30 principal components", "plain baseline, as published", 0.966),
            Reported("OCGAN", OCGAN, 0.975),
            Reported("autoencoder + SAP", RAPP, 0.980),
        ),
    ),
    "fashion-one-class": Protocol(
        "Fashion-MNIST, one class normal",
        "fashion_mnist",
        held_out=False,
        goal=0.935,
        reported=(Reported("best of several autoencoders", "published range .92–.935", 0.935),),
    ),
    "cifar-one-class": Protocol(
        "CIFAR-10 by pixels, one class normal",
        "cifar10",
        held_out=False,
        goal=None,
        reported=(
            Reported("best of several autoencoders", "published range .59–.66", 0.66),
            Reported("Deep SVDD", DEEP_SVDD, 0.648),
        ),
    ),
}  # fmt: skip


def measured() -> dict[str, Any] | None:
    """What `python -m benchmarks.anomaly` found: `tables` by protocol, and how they were made; None before.

    A table has `labels` and `classes` of its columns, `seeds` of each, and `scores`: by name, `classes` and `spreads`
    of each column over seeds, `mean` over columns and its `spread`. `pca_neighbours` is the plain baseline.
    """
    return json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.is_file() else None

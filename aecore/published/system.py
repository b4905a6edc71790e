"""What is known of a published system."""

from dataclasses import dataclass

from aecore.metrics import format_psnr

UNITS = {"mse": "mean squared error", "nats": "binary cross-entropy", "share": "", "dB": "", "s": ""}


def spelled(value: float, unit: str) -> str:
    """A figure with its unit, for people.

    >>> [spelled(*figure) for figure in ((0.00586, "mse"), (0.078, "nats"), (0.851, "share"), (8365, "s"))]
    ['0.00586', '0.0780', '85.1 %', '8,365 s']
    """
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "dB":
        return format_psnr(value)
    if unit == "s":
        return f"{value:,.0f} s"
    return f"{value:.4f}" if value >= 0.01 else f"{value:.3g}"


@dataclass(frozen=True)
class Reported:
    """One figure that a source gives.

    Args:
        what: What it is of ("loss", "accuracy"…).
        unit: `mse`, `nats`, `share` (of 1), `dB` or `s`.
        value: The figure; None where the source uses words alone.
        figure: The measured figure it is set beside, one that `measured` gives; empty where there is none.
        where: On which images: `training`, `validation` or `test`; empty where the source does not say.
        epoch: After how many epochs; 0 where the source does not say.
        said: How the source puts it, where that is more than the number.
        reference: Whether it is a measurement of the same network in plain Keras, not the source's own.
    """

    what: str
    unit: str
    value: float | None
    figure: str = ""
    where: str = ""
    epoch: int = 0
    said: str = ""
    reference: bool = False

    @property
    def words(self) -> str:
        """The figure as the source puts it."""
        return self.said or ("" if self.value is None else spelled(self.value, self.unit))


@dataclass(frozen=True)
class Budget:
    """How long the source trained.

    Args:
        images: Training images, without those kept for validation.
        epochs: Passes, at most.
        batch: Images a step; 0 where the source does not say.
        steps_per_epoch: Steps of an epoch, where that is not all batches of all images.
    """

    images: int
    epochs: int
    batch: int = 0
    steps_per_epoch: int = 0

    @property
    def steps(self) -> int:
        """Optimiser steps in all; 0 where they cannot be told. The last, smaller batch of an epoch counts."""
        return self.epochs * (self.steps_per_epoch or (-(-self.images // self.batch) if self.batch else 0))


@dataclass(frozen=True)
class Trial:
    """One row of a published table of trials: settings, and the loss and accuracy that came of them."""

    optimizer: str
    learning_rate: float
    epochs: int
    loss: float
    accuracy: float
    batch: int = 64
    kind: str = "mse"


@dataclass(frozen=True)
class System:
    """One published system.

    Args:
        slug: Name of the preset that rebuilds it; also its name in addresses.
        title: A few words.
        purpose: One sentence: what it is for.
        better: Name of the preset that beats it on the same data.
        given: What its network is given, for people ("the blurred picture").
        answer: What its network answers ("restored").
        layers: Parameters of each layer that has any, as listed; empty where the source lists none.
        related: Names of further presets of the same network or idea, each with a few words on it.
        budget: How long the source trained.
        reported: Every figure it gives.
        trials: Its table of trials.
        procedure: What it does, in plain words.
        ours: What we chose where the source is silent.
        differences: How our data or machine differs.
        lesson: What to learn from it.
    """

    slug: str
    title: str
    purpose: str
    better: str
    given: str
    answer: str
    budget: Budget
    reported: tuple[Reported, ...]
    procedure: str
    differences: tuple[str, ...]
    lesson: str
    layers: tuple[int, ...] = ()
    ours: tuple[str, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    trials: tuple[Trial, ...] = ()

    @property
    def num_parameters(self) -> int:
        """All parameters, as listed; 0 where the source lists none."""
        return sum(self.layers)

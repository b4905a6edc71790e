"""What a run of ours measured, set beside what a source reports."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aecore.metrics import format_psnr
from aecore.published.system import Reported, spelled

COSTS = Path(__file__).parent.parent.parent / "weights" / "costs.json"


def costs(slug: str) -> tuple[float, float] | None:
    """Seconds that all optimiser steps of a system take, and those of its better recipe, both timed in one run.

    None where `python -m benchmarks.better_recipes` has not timed them.
    """
    found = json.loads(COSTS.read_text(encoding="utf-8"))["seconds"] if COSTS.is_file() else {}
    return (found[slug]["published"], found[slug]["better"]) if slug in found else None


@dataclass(frozen=True)
class Measured:
    """One figure of a run.

    Args:
        value: The figure.
        where: On which images: `training`, `validation` or `test`; empty where that does not matter.
        epoch: After how many epochs; 0 where that does not matter.
    """

    value: float
    where: str
    epoch: int


def measured(report: Mapping[str, Any], history: Mapping[str, list], best_weights: bool = False) -> dict[str, Measured]:
    """The figures of a run that published ones are set beside; those that do not apply are left out.

    Args:
        report: A run's report.
        history: Its history.
        best_weights: Whether the weights of lowest validation loss were kept, which the test images then measure.
    """
    last = history["epoch"][-1]
    pairs = zip(history["val_loss"], history["epoch"], strict=True)
    validated = [(value, epoch) for value, epoch in pairs if value is not None]
    best, at = min(validated, default=(None, last))
    kept = at if best_weights else last
    found = {
        "train_loss": Measured(history["loss"][-1], "training", last),
        "seconds": Measured(report["seconds"], "", 0),
    }
    fields = {"test_loss": "loss", "accuracy": "accuracy", "psnr": "psnr", "pca_psnr": "pca_psnr"}
    for name, field in fields.items():
        if report[field] is not None:
            found[name] = Measured(report[field], "test", 0 if name == "pca_psnr" else kept)
    if validated:
        found["val_loss"] = Measured(validated[-1][0], "validation", last)
        found["best_val_loss"] = Measured(best, "validation", at)
        found["gap"] = Measured(validated[-1][0] / history["loss"][-1] - 1, "validation", last)
    return found


def difference(reported: float, value: float, unit: str) -> str:
    """How a measured figure differs from a reported one, in a few words.

    >>> difference(0.0111, 0.0048, "mse"), difference(0.78, 0.828, "share"), difference(23.4, 23.6, "dB")
    ('2.3 times lower', '4.8 points higher', '0.2 dB higher')
    >>> difference(0.0780, 0.0770, "nats"), difference(36_000, 904, "s"), difference(1.0, 1.0, "mse")
    ('1.3 % lower', '40 times less', 'the same')
    """
    more = "higher" if value > reported else "lower"
    if unit in ("share", "dB"):
        apart = 100 * abs(value - reported) if unit == "share" else abs(value - reported)
        text = f"{apart:.1f} {'points' if unit == 'share' else 'dB'}"
        return "the same" if apart < 0.05 else f"{text} {more}"
    high, low = max(value, reported), min(value, reported)
    if high / low < 1.001:
        return "the same"
    words = {"higher": "more", "lower": "less"}[more] if unit == "s" else more
    return f"{high / low:.2g} times {words}" if high / low >= 2 else f"{100 * abs(value / reported - 1):.1f} % {words}"


def published_verdict(reported: Iterable[Reported], report: Mapping[str, Any], given: str) -> str:
    """A sentence on a published loss of held-out images that doing nothing beats, on our images; else empty.

    Args:
        reported: A system's reported figures.
        report: A run's report.
        given: What the network is given ("the blurred picture").
    """
    nothing = report.get("input_mse")
    losses = [item.value for item in reported if item.unit == "mse" and item.where == "validation" and item.value]
    if not losses or not nothing or min(losses) <= nothing:
        return ""
    return (
        f"The published loss, {spelled(min(losses), 'mse')}, is {min(losses) / nothing:.2g} times that of doing "
        f"nothing: {given}, left as it is, has {spelled(nothing, 'mse')} on our test images."
    )


def verdicts(report: Mapping[str, Any], given: str) -> list[str]:
    """Sentences on where a network is worse than what it was given; empty where it nowhere is.

    Args:
        report: A run's report; where it has `shrink`, each shrink factor is judged.
        given: What the network is given ("the blurred picture").
    """
    found, lost = [], _lost(report)
    if lost:
        own, other = (" and ".join(column) for column in zip(*lost, strict=True))
        found.append(f"On the test images its answer has {own}; {given}, left as it is, has {other}.")
    factors = [factor for factor, figures in (report.get("shrink") or {}).items() if _lost(figures)]
    if factors:
        spelled_out = " and ".join(filter(None, (", ".join(factors[:-1]), factors[-1])))
        found.append(f"Photographs shrunk {spelled_out} times, judged apart, come back worse than they went in.")
    return found


def _lost(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """PSNR and SSIM, of the answer and of the input, where the answer's is lower."""
    names = (("psnr", format_psnr), ("ssim", "SSIM {:.3f}".format))
    known = [(spell, figures.get(name), figures.get(f"input_{name}")) for name, spell in names]
    return [(spell(own), spell(other)) for spell, own, other in known if None not in (own, other) and own < other]

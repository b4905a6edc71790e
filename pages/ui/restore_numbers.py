"""How good answers are: big numbers, the curve over all strengths, and a table of all methods."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from aecore.classical import METHODS
from aecore.figures.restoring import Line, strength_chart
from aecore.metrics import finite_mean, format_psnr
from aecore.restoring import strengths
from pages.ui.frame import plain
from pages.ui.restore_rows import Answer, Seen
from pages.ui.restore_scene import PAGE, STRENGTH_LABELS, Scene
from pages.ui.results import CHART, QUIET

TABLE = {"hide_index": True, "border": "horizontal"}
QUANTITIES = {"psnr": "PSNR, dB", "hole_psnr": "PSNR inside the hole, dB"}


@dataclass(frozen=True)
class Curve:
    """Quality over all strengths.

    Args:
        value: What the job said.
        arrays: Its arrays: `stops` (S,), and for each quantity (1 + K, S), of the damaged first.
    """

    value: dict[str, Any]
    arrays: dict[str, np.ndarray]

    @property
    def stops(self) -> np.ndarray:
        """Where it was measured."""
        return self.arrays["stops"]

    def at(self, quantity: str, key: str | None, stop: float | None) -> float | None:
        """A quantity of a network, by its key, or of the damaged pictures (None) at a strength, between neighbours.

        None where it was not measured, or where pictures are not damaged at all.
        """
        keys = [None, *(line["key"] for line in self.value["networks"])]
        if quantity not in self.arrays or key not in keys:
            return None
        values = self.arrays[quantity][keys.index(key)]
        value = values[0] if stop is None else np.interp(stop, self.stops, values)
        return float(value) if np.isfinite(value) else None


def curve_of(value: dict[str, Any], arrays: dict[str, np.ndarray]) -> Curve:
    """What the job `restore_curve` gave."""
    return Curve(value, arrays)


def measured(scene: Scene, found: Seen, curve: Curve | None, waiting: bool) -> None:
    """Draws the numbers, the curve and the table.

    Args:
        scene: What is looked at.
        found: The pictures.
        curve: Quality over all strengths, where it is known.
        waiting: Whether that is still being measured.
    """
    first = next((answer for answer in found.answers if answer.name in scene.keys[:1]), None)
    if first:
        _numbers(scene, found, first, curve)
    if curve and scene.stop is not None:
        _charts(scene, curve)
    elif waiting and scene.stop is not None:
        st.skeleton(height=260)
        st.caption("Measuring over all strengths.")
    _table(scene, found, curve)


def _numbers(scene: Scene, found: Seen, first: Answer, curve: Curve | None) -> None:
    with st.container(key="numbers"), st.grid(4, min_column_width=150):
        for quantity, label, spell in (
            ("hole_psnr", "PSNR in the hole", format_psnr),
            ("psnr", "PSNR", format_psnr),
            ("ssim", "SSIM", "{:.3f}".format),
        ):
            _number(scene, found, first, curve, quantity, label, spell)
        quickest = [answer for answer in found.answers if not answer.learned]
        beside = ", ".join(f"{answer.title.lower()} {seconds(answer.seconds)}" for answer in quickest[:1])
        st.metric("Time for a picture", seconds(first.seconds), beside or "measured here", **QUIET)


def _number(scene: Scene, found: Seen, first: Answer, curve: Curve | None, quantity: str, label: str, spell) -> None:
    """One number with that of the damaged pictures below: over the test pictures where known, else over those shown."""
    shown, before = (getattr(answer, quantity) for answer in (first, found.before))
    if shown is None:
        return
    value = curve and curve.at(quantity, first.name, scene.stop)
    where = f"{curve.value['count']} test pictures" if value is not None else f"these {len(shown)}"
    damaged = curve.at(quantity, None, scene.stop) if value is not None else finite_mean(before)
    beside = f"damaged {spell(damaged)}" if damaged is not None else "not damaged at all"
    st.metric(f"{label}, {where}", spell(finite_mean(shown) if value is None else value), beside, **QUIET)


def _charts(scene: Scene, curve: Curve) -> None:
    known = strengths(scene.task, scene.subject)
    unit = ", ".join(part for part in (known.label, known.unit) if part)
    axis = f"{STRENGTH_LABELS[scene.task].lower()}{f', {unit}' if unit else ''}"
    quantities = {name: said for name, said in QUANTITIES.items() if name in curve.arrays}
    with st.grid(len(quantities), min_column_width=320, gap="medium"):
        for name, said in quantities.items():
            values = curve.arrays[name]
            lines = [
                Line(line["title"], row, line["trained"], line["blind"])
                for line, row in zip(curve.value["networks"], values[1:], strict=True)
            ]
            chart = strength_chart(curve.stops, values[0], lines, scene.stop, axis, said)
            told = "; ".join(f"{line.name} from {line.values[0]:.1f} to {line.values[-1]:.1f} dB" for line in lines)
            alt = f"{said} over {axis}: {told}; damaged to {values[0][-1]:.1f} dB"
            st.plotly_chart(chart, key=f"{PAGE}.{name}", alt=alt, **CHART)
    st.caption(_about(curve))


def _about(curve: Curve) -> str:
    value = curve.value
    said = f"Means over {value['count']} test pictures ({value['source']}) at {len(curve.stops)} strengths; "
    said += "the vertical line is the strength of the slider, a diamond the one strength that a network was trained on."
    if value.get("stored"):
        said += " Measured when the network was made; its test pictures are not on this machine."
    return plain(said)


def _table(scene: Scene, found: Seen, curve: Curve | None) -> None:
    lines = [found.before, *found.answers]
    st.table([_line(scene, answer, curve, len(found.clean)) for answer in lines], **TABLE)
    told = {METHODS[answer.name].told for answer in found.answers if answer.name in METHODS}
    if told:
        st.caption(f"Classical methods are told {' and '.join(told)} exactly; networks are told nothing.")


def _line(scene: Scene, answer: Answer, curve: Curve | None, count: int) -> dict[str, str]:
    row = {"": answer.title, f"PSNR, these {count}": format_psnr(finite_mean(answer.psnr))}
    if answer.hole_psnr is not None:
        row["In the hole"] = format_psnr(finite_mean(answer.hole_psnr))
    row["SSIM"] = f"{float(np.mean(answer.ssim)):.3f}"
    if curve:
        value = curve.at("psnr", answer.name or None, scene.stop)
        row[f"PSNR, {curve.value['count']} test pictures"] = "–" if value is None else format_psnr(value)
    return row | {"A picture takes": seconds(answer.seconds) if answer.name else ""}


def seconds(value: float) -> str:
    """A time for people: "3 ms", "0.4 s"."""
    if value < 0.0995:
        return f"{max(value * 1000, 0.1):.2g} ms"
    return f"{value:.2g} s"

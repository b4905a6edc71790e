"""One published system in words and tables: reported beside measured, what beats it, and what it teaches."""

from typing import Any

import streamlit as st

from aecore.metrics import format_psnr
from aecore.published import Measured, Reported, difference, measured, published_verdict, spelled, verdicts
from aecore.published.system import UNITS
from pages.ui.frame import plain
from pages.ui.published import TABLE, Found


def openly(found: Found) -> None:
    """Says where the published system is worse than what it was given."""
    report, given = found.run.report, found.system.given
    sentences = verdicts(report, given)
    if theirs := published_verdict(found.system.reported, report, given):
        sentences.append(theirs)
    if sentences:
        st.warning(f"**Worse than doing nothing.** {plain(' '.join(sentences))}", icon=":material/balance:")


def reported_and_measured(found: Found) -> None:
    """Every published figure beside the one measured here, if it is, and both budgets."""
    run, system = found.run, found.system
    st.subheader("Reported and measured", anchor=False)
    figures = measured(run.report, run.history, run.recipe.fit.best_weights) if run else {}
    rows = [_beside(item, figures.get(item.figure)) for item in system.reported]
    if run and run.report.get("input_mse") is not None and any(item.unit == "mse" for item in system.reported):
        nothing = f"{spelled(run.report['input_mse'], 'mse')}, test images"
        rows.append({"What": "Doing nothing (mean squared error)", "Reported": "not said", "Measured here": nothing,
                     "Difference": ""})  # fmt: skip
    st.table([*rows, *_budgets(found)], **TABLE)
    if run and run.report.get("shrink"):
        _by_factor(found)
    st.markdown("**What differs:** " + " ".join(system.differences))


def _by_factor(found: Found) -> None:
    """The test images of each shrink factor apart: they differ much in difficulty."""
    theirs = (found.better and found.better.report.get("shrink")) or {}

    def said(figures: dict[str, Any], before: str = "") -> str:
        return f"{format_psnr(figures[f'{before}psnr'])}, SSIM {figures[f'{before}ssim']:.3f}"

    st.markdown("**By how many times the photographs were shrunk.**")
    rows = [
        {
            "Shrunk": f"{factor} times",
            "Doing nothing": said(figures, "input_"),
            "Published": said(figures),
            **({"Better": said(theirs[factor])} if factor in theirs else {}),
        }
        for factor, figures in found.run.report["shrink"].items()
    ]
    st.table(rows, **TABLE)


def _beside(item: Reported, mine: Measured | None) -> dict[str, str]:
    unit = f" ({UNITS[item.unit]})" if UNITS[item.unit] else ""
    theirs = ", ".join(word for word in (item.words, _when(item.where, item.epoch if not item.said else 0)) if word)
    ours, apart = "not measured", ""
    if mine:
        ours = ", ".join(word for word in (spelled(mine.value, item.unit), _when(mine.where, mine.epoch)) if word)
        if item.figure == "gap":
            ours = f"loss {100 * abs(mine.value):.1f} % {'higher' if mine.value > 0 else 'lower'} than in training"
        elif item.value is not None:
            apart = difference(item.value, mine.value, item.unit)
    what = f"{item.what[:1].upper()}{item.what[1:]}{unit}"
    source = f"{theirs} (plain Keras)" if item.reference else theirs
    return {"What": what, "Reported": source, "Measured here": ours, "Difference": apart}


def _when(where: str, epoch: int) -> str:
    return ", ".join(([f"{where} images"] if where else []) + ([f"epoch {epoch}"] if epoch else []))


def _budgets(found: Found) -> list[dict[str, str]]:
    budget, mine = found.system.budget, [0] * 4
    if run := found.run:
        fit, images = run.recipe.fit, run.resolved.data.train
        learned = images - round(images * fit.validation_share)
        mine = [learned, len(run.history["epoch"]), fit.batch_size, run.info["steps"]]
    names = ("Training images", "Epochs", "Images a step", "Optimiser steps")
    said = (budget.images, budget.epochs, budget.batch, budget.steps)
    return [
        {
            "What": what,
            "Reported": f"{theirs:,}" if theirs else "not said",
            "Measured here": f"{ours:,}" if ours else "–",
            "Difference": difference(theirs, ours, "s") if theirs and ours else "",
        }
        for what, theirs, ours in zip(names, said, mine, strict=True)
    ]


def words(found: Found) -> None:
    """The lesson, and the procedure."""
    system = found.system
    st.subheader("What to learn from it", anchor=False)
    st.markdown(system.lesson)
    with st.expander("How it was trained", icon=":material/help:"):
        st.markdown(system.procedure)
        for sentence in system.ours:
            st.markdown(f":primary-badge[ours] {sentence}")

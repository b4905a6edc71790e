"""The recipe that beats a published system: what it changes, and what that is worth."""

import re
from typing import Any

import streamlit as st

from aecore.metrics import format_psnr
from aecore.params import Param
from aecore.published import costs, difference, verdicts
from aecore.recipe import Recipe
from aecore.store import Run
from pages.ui.form import HEADINGS
from pages.ui.frame import plain
from pages.ui.published import TABLE, Found


def better(found: Found) -> None:
    """What the better recipe changes, and what that is worth."""
    run, other = found.run, found.better
    if not run or not other:
        return
    st.subheader("The same data, served better", anchor=False)
    same = run.recipe.dataset == other.recipe.dataset and run.resolved.data == other.resolved.data
    timed = costs(found.system.slug)
    st.table(_compared(run, other, timed or (run.report["seconds"], other.report["seconds"])), **TABLE)
    sentences = verdicts(other.report, found.system.given)
    if sentences:
        st.warning(plain(" ".join(["The better recipe, too:", *sentences])), icon=":material/balance:")
    devices = " and ".join(dict.fromkeys((run.report["device"], other.report["device"])))
    images = "the same test images" if same else "test images of their own"
    times = (
        "Training time is that of all optimiser steps, both timed in turn on one machine (`benchmarks/better_recipes`)."
        if timed
        else "Seconds depend on what else the machine did meanwhile, steps do not."
    )
    st.caption(f"Trained on {devices}, measured on {images}. {times} What it changes:")
    st.table(changes(run.recipe, other.recipe), **TABLE)
    st.caption(plain(f"{other.recipe.model.title}: {other.recipe.model.caption()} {other.recipe.model.explanation()}"))


def _compared(run: Run, other: Run, seconds: tuple[float, float]) -> list[dict[str, str]]:
    one, two = run.report, other.report
    baseline = "PCA" if one["input_psnr"] is None else "Doing nothing"
    rows = []
    for name, label, spell in (
        ("psnr", "PSNR", format_psnr),
        ("ssim", "SSIM", "{:.3f}".format),
        ("hole_psnr", "PSNR inside the hole", format_psnr),
    ):
        if one.get(name) is not None and two.get(name) is not None:
            nothing = one.get(f"input_{name}")
            nothing = one.get(f"pca_{name}") if nothing is None else nothing
            rows.append((label, nothing, one[name], two[name], spell))
    table = [
        {
            "What": label,
            baseline: spell(nothing) if nothing is not None else "–",
            "Published": spell(mine),
            "Better": spell(theirs),
            "Gain": f"{theirs - mine:+.1f} dB" if spell is format_psnr else f"{theirs - mine:+.3f}",
        }
        for label, nothing, mine, theirs, spell in rows
    ]
    for label, mine, theirs, unit in (
        ("Training time", *seconds, " s"),
        ("Optimiser steps", run.info["steps"], other.info["steps"], ""),
        ("Images shown in training", _shown(run), _shown(other), ""),
        ("Parameters", one["parameters"], two["parameters"], ""),
    ):
        apart = difference(mine, theirs, "s")
        row = {"What": label, baseline: "–", "Published": f"{mine:,.0f}{unit}"}
        table.append({**row, "Better": f"{theirs:,.0f}{unit}", "Gain": apart})
    return table


def _shown(run: Run) -> int:
    return run.info["steps"] * run.recipe.fit.batch_size


def changes(before: Recipe, after: Recipe) -> list[dict[str, str]]:
    """The settings in which two recipes differ; of a part of another kind its name and what matters in it."""
    rows = []
    for family, part in before.parts().items():
        other = getattr(after, family)
        if part.kind != other.kind:
            rows.append((HEADINGS[family], _part(part), _part(other)))
            continue
        for name, declared in part.params().items():
            values = getattr(part, name), getattr(other, name)
            if values[0] != values[1]:
                rows.append((declared.label, *(_text(declared, value) for value in values)))
    return [{"Setting": name, "Published": mine, "Better": theirs} for name, mine, theirs in rows]


def _part(part: Any) -> str:
    said = [
        f"{declared.label.lower()} {_text(declared, getattr(part, name))}"
        for name, declared in part.params().items()
        if not declared.advanced
    ]
    return f"{part.title}: {', '.join(said)}"


def _text(declared: Param, value: Any) -> str:
    if declared.choices:
        return declared.choices[value].lower()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not value and (meaning := re.search(r"\b0 (?:is|means) ([^.;,]+)", declared.help)):
        return meaning[1]
    if isinstance(value, tuple):
        return "–".join(map(str, value)) or "all"
    return f"{value:g} {declared.unit}".rstrip() if isinstance(value, float) else f"{value} {declared.unit}".rstrip()

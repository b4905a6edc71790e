"""One published system: its figure redrawn from our run, its numbers, its curves and its network."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from aecore.engine import Status
from aecore.figures.curves import curves_of
from aecore.figures.network import hourglass, stages
from aecore.figures.reported import reported_chart, spread_chart
from aecore.fit import LOSSES
from aecore.metrics import format_psnr
from aecore.presets import PRESETS
from aecore.published import SYSTEMS, System
from aecore.published.beside import costs
from aecore.restoring import by_run
from aecore.store import Run
from pages.ui import drawing, jobs, lab
from pages.ui.frame import PAGES, link
from pages.ui.results import CHART, QUIET
from pages.ui.words import summary

PAGE = "published"
TABLE = {"hide_index": True, "border": "horizontal"}
ALL = "all"
KINDS = {"mse": "mse", "bce": "nats"}  # of the losses: the unit that reported ones have


@dataclass(frozen=True)
class Found:
    """A system with what has been trained of it.

    Args:
        system: The published system.
        run: The run of the preset that rebuilds it, or None.
        better: The run of the preset that beats it, or None.
    """

    system: System
    run: Run | None
    better: Run | None


def choice() -> System | None:
    """The choice of a system, kept in the address; None for the overview."""
    names = {ALL: "All five", **{slug: system.title for slug, system in SYSTEMS.items()}}
    chosen = st.segmented_control(
        "System", list(names), default=ALL, format_func=names.get, key=f"{PAGE}.system", required=True,
        label_visibility="collapsed", bind="query-params",
    )  # fmt: skip
    return SYSTEMS.get(chosen)


def go_to(slug: str) -> None:
    """Chooses a system; for the click of a button."""
    st.session_state[f"{PAGE}.system"] = slug


def runs_of(names: list[str]) -> dict[str, Run]:
    """The finished runs of presets that there are, by name; of several the one with most training images."""
    finished, found = lab.lab().store.runs(), {}
    for name in names:
        made = [run for run in finished if name in PRESETS and run.recipe == PRESETS[name].recipe]
        best = max(made, key=lambda run: run.resolved.data.train, default=None)
        if best and (whole := lab.run(best.key)):
            found[name] = whole
    return found


def found(system: System) -> Found:
    """What has been trained of a system."""
    runs = runs_of([system.slug, system.better])
    return Found(system, runs.get(system.slug), runs.get(system.better))


def finding(run: Run | None) -> tuple[dict[str, Any], dict[str, np.ndarray]] | None:
    """What its test images give without a network, as far as that was kept with the run."""
    return run.finding("baselines") if run else None


def numbers(found: Found) -> None:
    """A row of big numbers, each with its neighbour."""
    report, better = found.run.report, found.better and found.better.report
    with st.container(key="numbers"), st.grid(4, min_column_width=150):
        for name, label, spell in (("psnr", "PSNR", format_psnr), ("ssim", "SSIM", "{:.3f}".format)):
            if report[name] is None:
                continue
            beside = {"input": report[f"input_{name}"], "PCA": report.get(f"pca_{name}")}
            said = " · ".join(f"{what} {spell(value)}" for what, value in beside.items() if value is not None)
            st.metric(f"{label}, published", spell(report[name]), said or "test images", **QUIET)
        if better and better["ssim"] is not None and report["ssim"] is not None:
            gained = f"{better['psnr'] - report['psnr']:+.1f} dB · SSIM {better['ssim']:.3f}"
            st.metric("PSNR, better", format_psnr(better["psnr"]), gained, **QUIET)
        mine, theirs = costs(found.system.slug) or (report["seconds"], better and better["seconds"])
        beside = f"better {jobs.time_left(theirs)}" if better else report["device"]
        st.metric("Trained in", jobs.time_left(mine), beside, **QUIET)


def curves(found: Found) -> None:
    """The loss over the epochs beside the reported figures, and how PSNR is spread over the test images."""
    run, kept = found.run, lab.snapshots(found.run.key)
    unit = KINDS.get(run.recipe.fit.loss)
    lines = [
        (f"{'plain Keras' if item.reference else 'reported'}{f', {item.where}' if item.where else ''}", item.value)
        for item in found.system.reported
        if item.unit == unit and item.value is not None
    ]
    with st.grid(2, min_column_width=300, gap="medium"):
        chart = reported_chart(curves_of(run.history), lines, LOSSES[run.recipe.fit.loss].lower())
        told = ", ".join(f"{name} {value:.3g}" for name, value in lines)
        alt = f"Loss over {len(run.history['epoch'])} epochs{f'; {told}' if told else ''}"
        st.plotly_chart(chart, key=f"{PAGE}.loss", alt=alt, **CHART)
        report, other = run.report, found.better and lab.snapshots(found.better.key)["test_psnr"]
        baselines = {"input": report["input_psnr"], "PCA": report["pca_psnr"]}
        chart = spread_chart(kept["test_psnr"], other, baselines, "PSNR of a test image, dB")
        more = f", of the better recipe {format_psnr(found.better.report['psnr'])}" if found.better else ""
        alt = f"PSNR over the test images, mean {format_psnr(report['psnr'])}{more}"
        st.plotly_chart(chart, key=f"{PAGE}.psnr", alt=alt, **CHART)


def not_yet() -> None:
    """Says that nothing has been trained yet."""
    st.info("This system is not trained yet, so there is nothing measured to set beside its figures.")


def network(found: Found) -> None:
    """The drawing of the network with its shapes, and its layers with their parameters."""
    system = found.system
    if system.slug not in PRESETS:
        return
    recipe = PRESETS[system.slug].recipe
    st.subheader("The network", anchor=False)

    def draw(status: Status) -> None:
        described = lab.answer(status).value
        drawing.show(hourglass(stages(described["layers"], recipe.latent_dim)), key=f"{PAGE}.network")
        listed = f"; the source lists {system.num_parameters:,}" if system.layers else ""
        st.caption(f"{described['total']:,} parameters{listed}. {summary(recipe)}.")
        with st.expander("Layer by layer", icon=":material/table_rows:"):
            _layers(system, described["layers"])

    jobs.short("describe", lab.description_of(recipe), draw, lambda: st.skeleton(height=300))


def _layers(system: System, layers: list[dict[str, Any]]) -> None:
    listed = iter(system.layers)
    rows = [
        {
            "Layer": layer["type"],
            "Gives": " × ".join(map(str, layer["shape"])),
            "Parameters": f"{layer['params']:,}" if layer["params"] else "",
            "Listed": f"{next(listed, 0):,}" if layer["params"] and system.layers else "",
        }
        for layer in layers
    ]
    st.table(rows, **TABLE)


def open_run(run: Run, label: str) -> None:
    """Links to a run, and to the page it belongs to where the lab has one."""
    link("explore/train", label, icon=":material/arrow_forward:", run=run.key)
    recipe = run.recipe
    if getattr(recipe.dataset, "normal_classes", ()):
        place = ("explore/anomalies", "See what surprises it", ":material/notification_important:")
    elif not recipe.corruption.identity or recipe.dataset.paired:
        if by_run(run) is None:
            return
        place = ("explore/restore", "Restore pictures with it", ":material/healing:")
    else:
        place = ("explore/latent_space", "See its map of codes", ":material/scatter_plot:")
    page, words, icon = place
    if (PAGES / f"{page}.py").exists():
        link(page, words, icon=icon, run=run.key)

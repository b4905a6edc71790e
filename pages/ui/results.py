"""After a training: its film, its figures beside their baselines, its curves, and test images one by one."""

from typing import Any

import streamlit as st

from aecore.engine import Status
from aecore.figures.curves import curves_of, loss_chart
from aecore.figures.distributions import distribution_chart
from aecore.fit import LOSSES
from aecore.metrics import format_psnr
from aecore.store import Run
from pages.ui import drawing, film, jobs, lab
from pages.ui.replay import film_of
from pages.ui.runs import picker
from pages.ui.words import headline, squeezed, summary, times

CHART = {"config": {"displayModeBar": False}}
QUIET = {"delta_color": "off", "delta_arrow": "off"}
ORDERS = {"worst": "Worst first", "best": "Best first", "first": "As they come"}

EXPLANATION = """
The network never sees the test images while it learns. **Output** is what it makes of the input, **difference** what is
wrong with that: blue where it is too dark, brown where it is too bright.

**PSNR** measures the error pixel by pixel; 6 dB more is half the error. **SSIM** compares small windows for brightness,
contrast and structure; 1 is identical. **PCA** is the best that can be done with as many numbers without bending
anything: what a network adds to it, it owes to its layers.

The loss falls as the network learns. Where the dotted line, of validation images, stays above the other, the network
begins to learn its training images by heart.
"""


def results(run: Run, page: str) -> None:
    """Draws a finished run: picture, number, curve."""
    head(run)
    rows, size, reel = film_of(run.key)
    film.show(rows, size, key="train.film", identity=run.key, reel=reel)
    numbers(run)
    slot = st.container()
    other = picker(page, "Lay another run over the curves", run)
    with slot:
        charts(run, other)
    if other:
        st.caption(f"The other: {headline(other.recipe)}, {summary(other.recipe)}. {figures(other)}")


def head(run: Run) -> None:
    """What was trained, on what, and where."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(headline(run.recipe), anchor=False)
        st.badge("Finished", icon=":material/check:", color="green")
    st.caption(f"{summary(run.recipe)}  ·  {run.info['source']}")


def numbers(run: Run) -> None:
    """A row of big numbers, each with its neighbour."""
    report = run.report
    with st.container(key="numbers"), st.grid(4, min_column_width=120):
        beside = {"input": report["input_psnr"], "PCA": report["pca_psnr"]}
        st.metric("PSNR, test images", format_psnr(report["psnr"]), _beside(beside, format_psnr), **QUIET)
        if report["ssim"] is not None:
            same = (
                _beside({"input": report["input_ssim"], "PCA": report.get("pca_ssim")}, "{:.2f}".format)
                or "1 is identical"
            )
            st.metric("SSIM", f"{report['ssim']:.3f}", same, **QUIET)
        if report["hole_psnr"] is not None:
            st.metric("PSNR inside the hole", format_psnr(report["hole_psnr"]), "the rest is given", **QUIET)
        if run.recipe.compression:
            st.metric("Compression", f"{times(run.recipe)}×", squeezed(run.recipe), **QUIET)
        st.metric(
            "Trained in",
            jobs.time_left(report["seconds"]),
            f"{report['parameters']:,} weights, {report['device']}",
            **QUIET,
        )


def _beside(values: dict[str, float | None], spell: Any) -> str | None:
    return " · ".join(f"{name} {spell(value)}" for name, value in values.items() if value is not None) or None


def figures(run: Run) -> str:
    """A run's quality in one line."""
    said = [f"PSNR {format_psnr(run.report['psnr'])}"]
    if run.report["ssim"] is not None:
        said.append(f"SSIM {run.report['ssim']:.3f}")
    if run.recipe.compression:
        said.append(f"{times(run.recipe)}× smaller")
    return ", ".join(said) + "."


def charts(run: Run, other: Run | None) -> None:
    """Loss curves and how PSNR and SSIM are spread over the test images."""
    kept, report = lab.snapshots(run.key), run.report
    curves = curves_of(run.history, "this run" if other else "")
    unit = LOSSES[run.recipe.fit.loss].lower()
    if other:
        curves += curves_of(other.history, "the other", ours=False)
        unit = unit if other.recipe.fit.loss == run.recipe.fit.loss else "loss, of two kinds"
    with st.grid(3, min_column_width=270, gap="medium"):
        st.plotly_chart(loss_chart(curves, unit=unit), key="train.loss", alt=_ends(run), **CHART)
        lines = {"input": report["input_psnr"], "PCA": report["pca_psnr"]}
        chart = distribution_chart(kept["test_psnr"], "PSNR of a test image, dB", lines)
        st.plotly_chart(
            chart, key="train.psnr", alt=f"PSNR over the test images, mean {format_psnr(report['psnr'])}", **CHART
        )
        if kept["test_ssim"].size:
            lines = {"input": report["input_ssim"], "PCA": report.get("pca_ssim")}
            chart = distribution_chart(kept["test_ssim"], "SSIM of a test image", lines)
            st.plotly_chart(
                chart, key="train.ssim", alt=f"SSIM over the test images, mean {report['ssim']:.2f}", **CHART
            )


def _ends(run: Run) -> str:
    loss = run.history["loss"]
    return f"Loss over {len(loss)} epochs, from {loss[0]:.3g} to {loss[-1]:.3g}"


def test_images(run: Run) -> None:
    """Test images one by one: what went in, what came out, and what differs; the worst or the best first."""
    private = bool(run.info.get("private"))
    st.subheader("Test images", anchor=False)
    order = st.segmented_control(
        "Order", list(ORDERS), default="worst", format_func=ORDERS.get, key="train.order", required=True,
        label_visibility="collapsed", bind="query-params",
    )  # fmt: skip

    def draw(status: Status) -> None:
        seen = lab.arrays(status.id, "grid.npz")
        names = film.told(seen["labels"], run.recipe.dataset.classes, seen["index"])
        rows = film.comparison(
            seen["clean"], seen["inputs"], seen["outputs"][None], names, run.recipe.corruption.identity
        )
        film.show(rows, seen["clean"].shape[1:3], key="train.grid", identity=f"{run.key}{order}")
        looked_at, there = lab.answer(status).value["candidates"], run.resolved.data.test
        if looked_at < there:
            st.caption(f"Of the first {looked_at:,} of {there:,} test images.")

    arguments = {"key": run.key, "order": order}
    jobs.short("reconstruct", arguments, draw, lambda: st.skeleton(height=420), private)


def explanation(run: Run) -> None:
    """What the page shows, in a few sentences."""
    st.markdown(EXPLANATION)
    for part in (run.recipe.corruption, run.recipe.model):
        st.markdown(f"**{part.title}.** {part.caption()} {part.explanation()}")


def network(run: Run) -> None:
    """The drawing of a run's network."""
    from aecore.figures.network import hourglass, stages

    def draw(status: Status) -> None:
        layers = lab.answer(status).value["layers"]
        drawing.show(hourglass(stages(layers, run.recipe.latent_dim)), key="train.network")

    jobs.short("describe", lab.description_of(run.recipe), draw, lambda: st.skeleton(height=230))

"""The published figures, redrawn from our runs: what goes in, what comes out, and their neighbours."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from aecore.metrics import format_psnr
from aecore.store import Run
from pages.ui import film, lab
from pages.ui.published import PAGE, Found, finding, open_run, runs_of
from pages.ui.words import summary

MOST_ACROSS = 8  # pictures in a line
WIDEST = (112, 128)  # px to which small pictures are enlarged: where lines are full, and where there is room


@dataclass(frozen=True)
class Shown:
    """Pictures with a run's answers, (N, H, W, C) uint8 each; their labels (N,); PCA's answers, where there are any."""

    clean: np.ndarray
    inputs: np.ndarray
    outputs: np.ndarray
    labels: np.ndarray
    pca: np.ndarray | None = None


def shown_by(run: Run) -> Shown:
    """The pictures that a run is judged by here: seen closely where that was kept, else those of its snapshots."""
    kept = lab.snapshots(run.key)
    found = finding(run)
    arrays = found[1] if found else {}
    if "close_clean" in arrays:
        return Shown(*(arrays[f"close_{name}"] for name in ("clean", "inputs", "outputs", "labels")))
    pca = arrays.get("pca")
    fits = pca is not None and pca.shape == kept["clean"].shape
    return Shown(kept["clean"], kept["inputs"], kept["outputs"][-1], kept["labels"], pca if fits else None)


def rows_of(found: Found) -> list[film.Row]:
    """Rows of pictures: the original, what the network is given, PCA, its answer, and that of the better recipe."""
    seen, dataset = shown_by(found.run), found.run.recipe.dataset
    classes = [f"shrunk {name} times" if dataset.grouped == "shrink" else name for name in dataset.classes]
    names, truth = film.told(seen.labels, classes), seen.clean
    rows = [film.row("Original", truth, names)]
    if not np.array_equal(truth, seen.inputs):
        rows.append(_answered("Given", truth, seen.inputs, names))
    if seen.pca is not None:
        rows.append(_answered("PCA", truth, seen.pca, names))
    rows.append(_answered("Published", truth, seen.outputs, names))
    if found.better:
        other = shown_by(found.better)
        if np.array_equal(other.clean, truth) and np.array_equal(other.inputs, seen.inputs):
            rows.append(_answered("Better", truth, other.outputs, names))
    return rows


def _answered(what: str, truth: np.ndarray, images: np.ndarray, names: list[str]) -> film.Row:
    """A row of pictures with their mean PSNR beside its label."""
    note = film.average(truth, images) if truth.shape == images.shape else ""
    return {**film.row(what, images, names, film.quality(truth, images)), "note": note.rpartition(": ")[2]}


def _width(size: tuple[int, int], across: int) -> int:
    """Widest that a picture is shown, in px: small ones are enlarged, photographs are not."""
    widest = WIDEST[across < MOST_ACROSS]
    return widest if max(size) <= widest // 2 else size[1]


def pictures(found: Found) -> None:
    """The published figure, redrawn from our run."""
    rows, clean = rows_of(found), shown_by(found.run).clean
    across, size = min(MOST_ACROSS, len(clean)), clean.shape[1:3]
    film.show(rows, size, key=f"{PAGE}.film", identity=found.run.key, columns=across, largest=_width(size, across))
    free = found.run.info["redistributable"]
    shown = "test images" if free else "public-domain photographs, as the data may not be passed on"
    better = " **Better**: our recipe on the same pictures." if rows[-1]["label"] == "Better" else ""
    st.caption(
        f"**Published**: {found.system.answer} by the rebuilt network.{better} Shown are {shown}; beside each row its "
        f"mean PSNR on these {len(clean)}."
    )


def variants(found: Found) -> None:
    """What else its author asks for: other runs of the same network, one of them as pictures."""
    related = dict(found.system.related)
    runs = runs_of(list(related))
    if not runs:
        return
    st.subheader("Also asked for by its author", anchor=False)
    chosen = st.segmented_control(
        "Variant", list(runs), default=next(iter(runs)), format_func=related.get, key=f"{PAGE}.variant", required=True,
        label_visibility="collapsed", bind="query-params",
    )  # fmt: skip
    run = runs[chosen]
    rows, size = rows_of(Found(found.system, run, None)), shown_by(run).clean.shape[1:3]
    film.show(rows, size, key=f"{PAGE}.variants", identity=run.key, largest=_width(size, MOST_ACROSS))
    report = run.report
    beside = {"input": report["input_psnr"], "PCA": report["pca_psnr"]}
    said = ", ".join(f"{what} {format_psnr(value)}" for what, value in beside.items() if value is not None)
    measured = f"PSNR {format_psnr(report['psnr'])} on the test images{f'; {said}' if said else ''}"
    st.caption(f"{summary(run.recipe)}. {measured}.")
    with st.container(horizontal=True):
        open_run(run, "Open this run")

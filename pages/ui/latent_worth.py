"""What a code is worth: beside PCA of as many numbers, beside the pixels, and beside codes of other lengths."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from aecore.engine import Status
from aecore.figures.latent import Worth, accuracy_chart, variance_chart, worth_chart
from aecore.metrics import format_psnr
from aecore.store import Run
from pages.ui import data, jobs, lab
from pages.ui.latent_runs import candidates
from pages.ui.latent_scene import PROJECTIONS, Scene
from pages.ui.words import squeezed, times

CHART = {"config": {"displayModeBar": False}}
QUIET = {"delta_color": "off", "delta_arrow": "off"}
WORDS = """
**Against PCA.** PCA is the best that can be done with as many numbers without bending anything. **Nearest neighbours**
and **linear probe** ask what else the code knows: can the class{told} be read from it, by its neighbours or one flat
cut? Raw pixels are the yardstick; a good code needs far fewer numbers for as much.
**Active units** are the numbers of a variational code that say anything at all: the others it has given up, and they
are the same for every image. **Trustworthiness** says how far neighbours on a map, or by code, are neighbours by
pixels: 1 where all are, about 0.5 for a map drawn at random. **Negative ELBO** bounds how many nats an image costs:
what its reconstruction leaves open (image), plus what its code says (the divergence from the standard Gaussian).
"""
NEVER_TOLD = ", which the network was never told,"
TOLD = ", which this network is told besides the code and need not keep in it,"


def section(scene: Scene) -> None:
    """Draws the figures."""
    run = scene.run
    _numbers(run)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("Quality against size", anchor=False)
        shown = beside(run)
        st.plotly_chart(worth_chart(shown), key="latent.worth", alt=_told(shown), **CHART)
        st.caption("Finished runs on the same images without damage; the run on screen is ringed.")
    with right:
        st.subheader("Telling classes apart", anchor=False)
        kept = run.finding("latent")
        if kept:
            _probes(scene, *kept)
        else:
            jobs.short(
                "latent", {"key": run.key}, lambda status: _probes(scene, *_answer(status)), lambda: _waiting(run),
                bool(run.info.get("private")),
            )  # fmt: skip
    _maps(scene)
    with st.expander("What do these figures mean?", icon=":material/help:"):
        st.markdown(WORDS.replace("{told}", TOLD if scene.tells else NEVER_TOLD))


def _answer(status: Status) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    return lab.answer(status).value, lab.arrays(status.id, "latent.npz")


def _value(run: Run) -> dict[str, Any]:
    """What the task `latent` says of a run: found when it was made, or now; nothing while it is measured."""
    kept = run.finding("latent")
    if kept:
        return kept[0]
    status = lab.ask("latent", {"key": run.key}, bool(run.info.get("private")))
    return lab.answer(status).value if status.state == "done" else {}


def beside(run: Run) -> list[Worth]:
    """The runs that this one is compared with: the same images, nothing damaged or told, a code, and a PSNR."""
    found = []
    for other in {item.key: item for item in [*candidates(), run]}.values():
        recipe, report = other.recipe, other.report
        same = recipe.dataset.kind == run.recipe.dataset.kind and recipe.corruption.identity
        whole = not getattr(recipe.dataset, "normal_classes", ()) and not recipe.model.told_classes
        if (other.key == run.key or (same and whole)) and report["psnr"] is not None:
            size, title = recipe.latent_dim, recipe.model.title
            found.append(Worth(other.name, title, size, report["psnr"], report["pca_psnr"], other.key == run.key))
    return found


def _told(shown: list[Worth]) -> str:
    said = [f"{run.name} with {run.size} numbers {run.psnr:.1f} dB" for run in shown]
    return f"PSNR against the size of the code: {'; '.join(said)}"


def _numbers(run: Run) -> None:
    report = run.report
    with st.container(key="numbers"), st.grid("auto", min_column_width=170):
        pca = f"PCA {format_psnr(report['pca_psnr'])}" if report["pca_psnr"] is not None else None
        st.metric("PSNR, test images", format_psnr(report["psnr"]), pca, **QUIET)
        value = _value(run)
        if value.get("pca_mse") and value.get("mse"):
            lower = f"{value['pca_mse'] / value['mse']:.2g}× lower"
            st.metric("Squared error", f"{value['mse']:.2g}", f"PCA {value['pca_mse']:.2g}, {lower}", **QUIET)
        if run.recipe.compression:
            st.metric("Compression", f"{times(run.recipe)}×", squeezed(run.recipe), **QUIET)
        if report["reconstruction"] is not None and report["kl"] is not None:
            parts = f"{report['reconstruction']:.1f} image + {report['kl']:.1f} code"
            st.metric("Negative ELBO", f"{report['reconstruction'] + report['kl']:.1f} nats", parts, **QUIET)


def _waiting(run: Run) -> None:
    status = lab.standing("latent", {"key": run.key})
    share = (status.progress if status else {}).get("fraction") or 0.0
    st.progress(min(1.0, share), "Measuring the code against pixels and PCA; up to a minute, the first time")
    st.skeleton(height=260)


def _probes(scene: Scene, value: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    if not value["train"]:  # the data is not here, and nothing was measured when the run was made
        st.info("Nothing was measured of this code yet, and the images for it are not on this machine.")
        data.offer(scene.run.recipe.dataset, "latent.worth.offer")
        return
    rows = accuracies(value)
    chance = 1 / len(scene.classes) if scene.classes else None
    chart = accuracy_chart(rows, chance)
    said = [f"{method} from the {name} {share:.1%}" for method, row in rows.items() for name, share in row.items()
            if share is not None]  # fmt: skip
    st.plotly_chart(chart, key="latent.probes", alt=f"Classes told: {'; '.join(said) or 'none'}", **CHART)
    notes = [f"Fitted on {value['train']:,} training images, asked about {value['test']:,} test images."]
    if not scene.run.recipe.corruption.identity:
        notes.append("The codes are of damaged images; PCA and pixels have the undamaged ones, which is easier.")
    if value.get("active_units") is not None:
        notes.append(f"{value['active_units']} of {value['latent_dim']} numbers are active.")
    if value.get("trustworthiness") is not None:
        notes.append(
            f"Trustworthiness of the code {value['trustworthiness']:.3f}, of PCA's {value['trustworthiness_pca']:.3f}."
        )
    if value.get("stored"):  # and nothing was found when it was made
        notes.append("These figures are stored with the run: its data is not on this machine.")
    elif scene.run.finding("latent"):
        notes.append("Measured when the run was made.")
    st.caption(" ".join(notes))
    variance = arrays.get("variance")
    if variance is not None and len(variance) > 2:
        alt = f"Variance of each of the {len(variance)} numbers of the code, the largest {variance.max():.2g}"
        st.plotly_chart(variance_chart(variance, 200), key="latent.variance", alt=alt, **CHART)


def accuracies(value: dict[str, Any]) -> dict[str, dict[str, float | None]]:
    """Accuracy by method, and by what it was given: the code, PCA's, the pixels."""
    return {
        title: {
            "code": value.get(f"{kind}_accuracy"),
            "PCA": value.get(f"{kind}_accuracy_pca"),
            "pixels": value.get(f"{kind}_accuracy_pixels"),
        }
        for title, kind in (("nearest neighbours", "knn"), ("linear probe", "linear"))
    }


def _maps(scene: Scene) -> None:
    """Trustworthiness of each projection that has been made; the one on screen is made now."""
    kinds = ("codes",) if scene.size <= 2 else ("pca", "codes", "tsne")
    rows = {"Map": [], "Neighbours by pixels": [], "Neighbours by code": [], "Images": []}
    for kind in kinds:
        one = replace(scene, projection=kind, axes=None)
        status = (lab.standing if kind == "tsne" else partial(lab.ask, private=scene.private))(one.task, one.request)
        if status is None or status.state != "done":
            continue
        value = lab.answer(status).value
        rows["Map"].append("The codes as they are" if scene.size <= 2 else PROJECTIONS[kind])
        rows["Neighbours by pixels"].append(f"{value['trustworthiness']:.3f}")
        rows["Neighbours by code"].append(f"{value['trustworthiness_codes']:.3f}")
        rows["Images"].append(f"{value['trustworthiness_count']:,}")
    if not rows["Map"]:
        return
    st.subheader("How far each map can be trusted", anchor=False)
    st.table(rows)
    if "t-SNE" not in rows["Map"] and scene.size > 2:
        st.caption("t-SNE is not judged before its map has been made: choose it in the sidebar.")

"""What a person takes home from a run: the recipe, the weights with a script that loads them, the figures' data."""

import csv
import io
import json
import zipfile

import numpy as np
import streamlit as st

from aecore.presets import PRESETS
from aecore.restoring import by_run
from aecore.store import Run
from pages.ui import lab
from pages.ui.form import address
from pages.ui.frame import link
from pages.ui.words import command

BASE = "first-light"
SCRIPT = '''"""Loads this network and runs one image of noise through it.

Run it with the lab's folder on the path:  PYTHONPATH=path/to/autoencoder-lab python load.py
"""

import json
from pathlib import Path

import numpy as np

from aecore.recipe import Recipe
from aecore.training.network import load

here = Path(__file__).parent
recipe = Recipe.from_json(json.loads((here / "recipe.json").read_text(encoding="utf-8")))
network = load(recipe, here / "model.weights.h5")  # a keras.Model; images are float32 in [0, 1]
image = np.random.default_rng(0).random((1, *recipe.input_shape), dtype=np.float32)
print(image.shape, "->", network.predict(image, verbose=0).shape)
'''


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip file of named contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def table(columns: dict[str, list]) -> bytes:
    """Columns as a CSV file; those that are empty are left out."""
    kept = {name: list(values) for name, values in columns.items() if len(values)}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(kept)
    writer.writerows(zip(*kept.values(), strict=True))
    return text.getvalue().encode()


def weights(run: Run) -> bytes:
    """Weights, recipe and a script that loads them."""
    files = {name: (run.folder / name).read_bytes() for name in ("model.weights.h5", "recipe.json", "report.json")}
    return zipped({**files, "load.py": SCRIPT.encode()})


def figures(run: Run) -> bytes:
    """The numbers behind the figures: the history, each test image's quality, and the report."""
    kept = lab.snapshots(run.key)
    per_image = {name: kept[name] for name in ("test_psnr", "test_ssim", "input_psnr") if kept[name].size}
    count = len(next(iter(per_image.values()), ()))
    tables = {"history.csv": table(run.history), "test_images.csv": table({"image": np.arange(count), **per_image})}
    return zipped({**tables, "report.json": json.dumps(run.report, indent=1).encode()})


def takeaway(run: Run, page: str) -> None:
    """Draws how to repeat a run, and its downloads."""
    name, recipe = f"{run.name}-{run.key[:6]}".replace(" ", "-"), run.recipe
    text = json.dumps(run.resolved.to_json(), indent=1)
    size = run.weights.stat().st_size / 1e6
    if recipe.model.has_latent:
        link("explore/latent_space", "See its latent space", icon=":material/scatter_plot:", run=run.key)
    if by_run(run):
        link("explore/restore", "Restore pictures with it", icon=":material/healing:", run=run.key)
    with st.expander("Repeat this", icon=":material/replay:"):
        st.caption("On the command line")
        st.code(command(recipe, BASE, PRESETS[BASE].recipe), language="bash", wrap_lines=True)
        st.caption("As a link: to this run, and to its settings alone")
        st.code(
            f"{st.context.url}?run={run.key}\n{st.context.url}?{address(page, recipe)}", language=None, wrap_lines=True
        )
        st.caption("As a recipe")
        st.code(text, language="json", height=260)
    with st.expander("Take it home", icon=":material/download:"):
        options = {"on_click": "ignore", "icon": ":material/download:"}
        label = f"Weights and a script, {size:.1f} MB"
        with st.container(horizontal=True):
            st.download_button(label, lambda: weights(run), f"{name}.zip", key=f"{page}.weights", **options)
            file = f"{name}-figures.zip"
            st.download_button("Data of the figures", lambda: figures(run), file, key=f"{page}.figures", **options)
            st.download_button("Recipe", text, f"{name}.json", "application/json", key=f"{page}.recipe", **options)
        st.caption("The script, load.py")
        st.code(SCRIPT, language="python")


def delete_button(run: Run, page: str) -> None:
    """A button that deletes one's own run; nothing for others'."""
    if not lab.is_own(run):
        return
    with st.popover("Delete this run", icon=":material/delete:"):
        st.write("The run and its weights go for good. The same settings can be trained again.")
        if st.button("Delete", key=f"{page}.delete", type="primary"):
            lab.forget(run)
            st.query_params.pop("run", None)
            st.rerun()

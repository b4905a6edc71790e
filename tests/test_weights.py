"""The runs that ship with the lab are whole, known by their recipes, and listed."""

import numpy as np
import pytest

from aecore.datasets.photo_pairs import PhotoPairs
from aecore.datasets.photos import public_domain_photographs
from aecore.enlargers import NETWORKS, SCALES
from aecore.images import thumbnail, to_float, to_uint8
from aecore.latent import place_of, principal_plane
from aecore.metrics import psnr
from aecore.presets import PRESETS
from aecore.store import KEY, SHIPPED, Store
from weights.make import paired_stand_ins, rounded, shortened, table

KEYS = sorted(folder.name for folder in SHIPPED.iterdir() if KEY.fullmatch(folder.name))
MOST_BYTES = 60_000_000
MOST_BYTES_OF_ENLARGERS = 25_000_000  # in addition: there are many, and people come for them


@pytest.mark.parametrize("key", KEYS)
class TestEveryShippedRun:
    def test_is_unaltered_and_made_by_this_version_of_its_recipe(self, key):
        run = Store().get(key)
        assert run is not None and run.shipped

    def test_is_a_preset_trained_on_the_whole_of_its_data(self, key):
        run = Store().get(key)
        assert PRESETS[run.name].recipe == run.recipe
        assert run.resolved.data.source != "sample"

    def test_has_figures_beside_their_baselines(self, key):
        run = Store().get(key)
        assert run.report["psnr"] > 10
        baseline = run.report["input_psnr"] if run.report["input_psnr"] is not None else run.report["pca_psnr"]
        assert baseline is not None or run.recipe.model.kind == "sparse"  # more numbers than pixels: PCA is exact
        assert len(run.history["epoch"]) == run.recipe.fit.epochs

    def test_shows_pictures(self, key):
        kept = Store().get(key).snapshots()
        assert len(kept["clean"]) == len(kept["inputs"]) == kept["outputs"].shape[1] > 0
        assert len(kept["epochs"]) == len(kept["outputs"]) <= 20


def test_every_preset_ships():
    shipped = {run.name for run in Store().runs() if run.shipped}
    assert shipped == set(PRESETS)


@pytest.mark.parametrize("crops", [0, 4])
def test_pairs_that_ship_are_made_of_photographs_that_may_be_passed_on(crops):
    dataset = PhotoPairs(height=96, width=128, crops=crops)
    clean, inputs, labels = paired_stand_ins(dataset, public_domain_photographs())
    assert clean.shape == inputs.shape == (5, 96, 128, 3) and set(labels.tolist()) == {0, 1, 2}
    quality = psnr(to_float(clean), inputs)
    assert (quality > 15).all() and np.isfinite(quality).all()
    for run in (run for run in Store().runs() if run.shipped and isinstance(run.recipe.dataset, PhotoPairs)):
        shown = thumbnail(to_float(paired_stand_ins(run.recipe.dataset, public_domain_photographs())[0]))
        np.testing.assert_array_equal(run.snapshots()["clean"], to_uint8(shown))


def test_codes_that_ship_are_shorter_and_lie_where_they_did():
    codes = np.random.default_rng(0).normal(size=(3, 50, 40)) * np.linspace(3, 0.1, 40)
    kept = {"codes": codes, "scores": np.zeros((3, 50))}
    fewer = shortened(kept)
    assert fewer["codes"].shape == (3, 50, 3) and fewer["scores"] is kept["scores"]
    shown = []
    for film in (kept, fewer):
        plane = principal_plane(film["codes"][-1].astype(np.float64))
        shown.append(np.abs([place_of(frame, plane.mean, plane.components) for frame in film["codes"]]))
    np.testing.assert_allclose(*shown, atol=0.02)
    assert shortened(fewer) is fewer


def test_the_readme_lists_what_is_there():
    assert (SHIPPED / "README.md").read_text(encoding="utf-8") == table()


def test_all_of_them_together_are_small():
    enlarging = {f"{name}-x{scale}" for name in NETWORKS for scale in SCALES}
    folders = {run.folder for run in Store().runs() if run.shipped and run.name in enlarging}
    sizes = {path: path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()}
    of_enlargers = sum(size for path, size in sizes.items() if path.parent in folders)
    assert 0 < of_enlargers < MOST_BYTES_OF_ENLARGERS
    assert sum(sizes.values()) - of_enlargers < MOST_BYTES


def test_what_a_preset_begins_with_ships_too():
    begun = {preset.name: preset.recipe.fit.start_from for preset in PRESETS.values() if preset.recipe.fit.start_from}
    assert {"fast-x2", "fast-x3", "balanced-x4", "photo-x1"} <= set(begun)
    for name, key in begun.items():
        first, again = Store().get(key), PRESETS[name].recipe.model
        assert first is not None and first.shipped and first.recipe.model == again, name


@pytest.mark.parametrize("bits", [7, 11, 22])
def test_rounding_keeps_so_many_bits(bits):
    values = np.random.default_rng(0).normal(0, [[1e-6], [1], [1e4]], (3, 1000)).astype(np.float32)
    near = rounded(values, bits)
    assert (np.abs(near / values - 1) <= 2.0 ** -(bits + 1)).all()
    assert not (near.view(np.uint32) & np.uint32((1 << (23 - bits)) - 1)).any()
    assert rounded(np.zeros(3, np.float32), bits).tolist() == [0, 0, 0]

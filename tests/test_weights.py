"""The runs that ship with the lab are whole, known by their recipes, and listed."""

import pytest

from aecore.presets import PRESETS
from aecore.store import KEY, SHIPPED, Store
from weights.make import table

KEYS = sorted(folder.name for folder in SHIPPED.iterdir() if KEY.fullmatch(folder.name))
MOST_BYTES = 60_000_000


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


def test_the_readme_lists_what_is_there():
    assert (SHIPPED / "README.md").read_text(encoding="utf-8") == table()


def test_all_of_them_together_are_small():
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()) < MOST_BYTES

import json

import numpy as np
import pytest

from aecore.presets import PRESETS
from aecore.recipe import Recipe
from aecore.sweeps import SWEEPS, swept

MOST_BYTES = 2_000_000


@pytest.mark.parametrize("name", SWEEPS)
class TestEverySweep:
    def test_varies_its_preset_and_nothing_else(self, name):
        sweep, preset = SWEEPS[name], PRESETS[name].recipe
        recipes = sweep.recipes()
        assert len(set(recipes)) == len(recipes) == np.prod([len(values) for _, values in sweep.grid])
        allowed = {path for path, _ in (*sweep.budget, *sweep.grid)}
        for recipe in recipes:
            for family, part in recipe.parts().items():
                assert part.kind == getattr(preset, family).kind
                for field in part.params():
                    same = getattr(part, field) == getattr(getattr(preset, family), field)
                    assert same or f"{family}.{field}" in allowed

    def test_ships_with_what_it_found(self, name):
        found = swept(name)
        assert [Recipe.from_json(cell["recipe"]) for cell in found.cells] == SWEEPS[name].recipes()
        kept = found.pictures()
        assert kept["outputs"].shape == (len(found.cells), *kept["clean"].shape) and kept["outputs"].dtype == np.uint8
        for cell in found.cells:
            assert "failed" in cell or cell["psnr"] > 5
        sizes = [path.stat().st_size for path in found.path.parent.glob(f"{name}.*")]
        assert sum(sizes) < MOST_BYTES


def test_a_sweep_that_was_not_made_is_none(tmp_path):
    assert swept("conv-faces-inpaint", tmp_path) is None
    (tmp_path / "half.json").write_text(json.dumps({"cells": []}))
    assert swept("half", tmp_path) is None

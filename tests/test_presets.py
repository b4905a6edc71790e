import re

import pytest

from aecore.presets import PRESETS, preset_name
from aecore.recipe import Recipe
from aecore.training.network import build, describe

PUBLISHED = {
    "dense-mnist": 218_192,
    "dense-mnist-denoise": 218_192,
    "conv-cifar-deblur": 6_467,
    "conv-photo-sr": 84_035,
    "residual-photo-sr": 1_110_403,
}


@pytest.mark.parametrize("name", PRESETS)
class TestEveryPreset:
    def test_has_a_name_for_scripts_and_a_line_for_people(self, name):
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
        assert PRESETS[name].task[0].isupper() and not PRESETS[name].task.endswith(".")

    def test_survives_json_and_is_known_by_its_recipe(self, name):
        recipe = PRESETS[name].recipe
        assert Recipe.from_json(recipe.to_json()) == recipe
        assert preset_name(recipe) == name

    def test_builds(self, name):
        recipe = PRESETS[name].recipe
        built = build(recipe.model, recipe.input_shape, recipe.target_shape, recipe.fit)
        assert built.output.shape[1:] == recipe.target_shape


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_systems_have_their_published_size(name):
    recipe = PRESETS[name].recipe
    assert describe(build(recipe.model, recipe.input_shape, recipe.target_shape))["total"] == PUBLISHED[name]

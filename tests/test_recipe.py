import pytest

from aecore.corruptions import BlackBox, GaussianNoise
from aecore.errors import RequestError
from aecore.params import digest
from aecore.presets import PRESETS
from aecore.recipe import Recipe, ResolvedRecipe


@pytest.mark.parametrize("name", list(PRESETS))
def test_every_preset_survives_json(name):
    recipe = PRESETS[name].recipe
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert PRESETS[name].name == name and PRESETS[name].task


def test_recipes_of_presets_differ():
    assert len({digest(item.recipe.to_json()) for item in PRESETS.values()}) == len(PRESETS)


def test_a_resolved_recipe_names_its_data_and_survives_json():
    resolved = Recipe().resolve()
    assert resolved.to_json()["data"] == {"source": "sample", "train": 4000, "test": 1000}
    assert ResolvedRecipe.from_json(resolved.to_json()) == resolved


def test_a_sample_never_passes_for_the_full_set():
    sample = Recipe().resolve()
    full = ResolvedRecipe.from_json({**sample.to_json(), "data": {"source": "full", "train": 60000, "test": 10000}})
    assert full.key != sample.key


def test_every_part_decides_the_key():
    plain = Recipe().resolve()
    for path, value in {"model.latent_dim": 3, "fit.seed": 1, "corruption": "blur", "dataset.limit": 500}.items():
        assert Recipe().setting(path, value).resolve().key != plain.key


def test_settings_are_read_from_text():
    recipe = Recipe().setting("model", "conv").setting("model.latent_dim", "16").setting("fit.best_weights", "true")
    assert (recipe.model.kind, recipe.model.latent_dim, recipe.fit.best_weights) == ("conv", 16, True)
    assert recipe.compression == 49


@pytest.mark.parametrize(
    "path, value, words",
    [
        ("model.latent_dim", "0", "received '0'; it takes a whole number from 1"),
        ("model.latent_dim", "many", "received 'many'"),
        ("model.latent_dim", "2.5", "received '2.5'"),
        ("fit.learning_rate", "nan", "received 'nan'"),
        ("fit.learning_rate", "inf", "received 'inf'"),
        ("model.depht", "2", "has no setting 'depht'"),
        ("modle.depth", "2", "settings begin with dataset, corruption, model, fit"),
        ("model", "transformer", "no model 'transformer'; the lab has: "),
    ],
)
def test_a_wrong_setting_gets_a_sentence(path, value, words):
    with pytest.raises(RequestError, match=words):
        Recipe().setting(path, value)


def test_parts_that_do_not_go_together_are_refused_at_once():
    with pytest.raises(RequestError, match="hides all of an image"):
        Recipe(corruption=BlackBox(size=28))


@pytest.mark.parametrize(
    "value", [None, [], "dense", {"modle": {}}, {"model": "dense"}, {"fit": {"kind": "fit", "epochs": 0}}]
)
def test_what_is_no_recipe_is_refused(value):
    with pytest.raises(RequestError):
        Recipe.from_json(value)


def test_a_schedule_and_a_reduction_exclude_each_other():
    with pytest.raises(RequestError, match="schedule"):
        Recipe().setting("fit.schedule", "cosine").setting("fit.reduce_rate", 3)


def test_damage_is_part_of_the_shapes():
    recipe = Recipe(corruption=GaussianNoise(0.3))
    assert recipe.input_shape == recipe.target_shape == (28, 28, 1)

import dataclasses

import pytest

from aecore.presets import PRESETS
from aecore.published import (
    SYSTEMS,
    Budget,
    Reported,
    costs,
    difference,
    measured,
    published_verdict,
    spelled,
    verdicts,
)
from aecore.training.network import build, describe

COUNTS = {"dense-mnist": 218_192, "conv-cifar-deblur": 6_467, "conv-photo-sr": 84_035, "residual-photo-sr": 1_110_403}
HISTORY = {"epoch": [1, 2, 3], "loss": [0.5, 0.3, 0.2], "val_loss": [0.6, 0.3, 0.4]}
REPORT = {"loss": 0.25, "accuracy": 0.8, "psnr": 24.0, "pca_psnr": None, "seconds": 12.0}


@pytest.mark.parametrize("slug", SYSTEMS)
class TestEverySystem:
    def test_names_presets_that_there_are(self, slug):
        system = SYSTEMS[slug]
        named = {slug, system.better, *(name for name, _ in system.related)}
        assert named <= set(PRESETS)

    def test_lists_its_parameters_layer_by_layer_as_they_are_built(self, slug):
        system = SYSTEMS[slug]
        assert system.num_parameters == COUNTS.get(slug, 0)
        recipe = PRESETS[slug].recipe
        layers = describe(build(recipe.model, recipe.input_shape, recipe.target_shape))["layers"]
        if system.layers:
            assert tuple(layer["params"] for layer in layers if layer["params"]) == system.layers

    def test_is_trained_as_long_as_its_source_says(self, slug):
        fit, budget = PRESETS[slug].recipe.fit, SYSTEMS[slug].budget
        assert fit.epochs == budget.epochs
        assert not budget.batch or fit.batch_size == budget.batch
        assert not budget.steps_per_epoch or fit.steps_per_epoch == budget.steps_per_epoch

    def test_sets_its_figures_beside_ones_that_are_measured(self, slug):
        names = set(measured({**REPORT, "pca_psnr": 20.0}, HISTORY))
        assert {item.figure for item in SYSTEMS[slug].reported} - {""} <= names

    def test_says_everything_in_sentences(self, slug):
        system = SYSTEMS[slug]
        for sentence in (system.purpose, system.procedure, system.lesson, *system.differences, *system.ours):
            assert sentence[0].isupper() or sentence[0].isdigit()
            assert sentence.endswith(".") and "!" not in sentence and "  " not in sentence


def test_every_better_recipe_uses_the_same_images():
    for system in SYSTEMS.values():
        assert PRESETS[system.better].recipe.dataset.kind == PRESETS[system.slug].recipe.dataset.kind


def test_every_better_recipe_was_timed_beside_its_system_and_costs_no_more():
    for slug in SYSTEMS:
        published, better = costs(slug)
        assert 0 < better <= published
    assert costs("no-such-system") is None


def test_steps_of_a_budget_count_the_last_batch_and_are_unknown_without_a_batch_size():
    assert Budget(images=60_000, epochs=20, batch=256).steps == 4700
    assert Budget(images=10, epochs=10, batch=8, steps_per_epoch=50).steps == 500
    assert Budget(images=10, epochs=10).steps == 0


def test_losses_of_training_of_validation_and_of_test_images_stay_apart():
    found = measured(REPORT, HISTORY)
    places = {name: (figure.value, figure.where, figure.epoch) for name, figure in found.items()}
    assert places["train_loss"] == (0.2, "training", 3)
    assert places["val_loss"] == (0.4, "validation", 3)
    assert places["best_val_loss"] == (0.3, "validation", 2)
    assert places["test_loss"] == (0.25, "test", 3)
    assert found["gap"].value == pytest.approx(1.0)
    assert "pca_psnr" not in found


def test_where_the_best_weights_were_kept_test_images_belong_to_their_epoch():
    assert measured(REPORT, HISTORY, best_weights=True)["test_loss"].epoch == 2


def test_a_run_without_validation_has_no_validation_loss():
    found = measured(REPORT, {**HISTORY, "val_loss": [None] * 3})
    assert not {"val_loss", "best_val_loss", "gap"} & set(found)


def test_a_figure_is_put_as_the_source_puts_it():
    assert Reported("accuracy", "share", 0.78, said="above 78 %").words == "above 78 %"
    assert Reported("loss", "mse", 0.00077).words == "0.00077"
    assert Reported("overfitting", "share", None).words == ""


def test_differences_have_a_direction():
    assert difference(0.1, 0.05, "mse") == "2 times lower"
    assert difference(0.1, 0.11, "mse") == "10.0 % higher"
    assert difference(0.8, 0.75, "share") == "5.0 points lower"
    assert difference(100, 250, "s") == "2.5 times more"
    assert spelled(24.12, "dB") == "24.1 dB"


class TestAPublishedLoss:
    REPORTED = (Reported("loss", "mse", 0.006, where="validation"), Reported("loss", "mse", 0.001, where="training"))

    def test_worse_than_doing_nothing_is_called_so(self):
        said = published_verdict(self.REPORTED, {"input_mse": 0.002}, "the small picture")
        assert said.startswith("The published loss, 0.006, is 3 times that of doing nothing: the small picture")

    def test_better_than_doing_nothing_or_of_training_images_is_not(self):
        assert not published_verdict(self.REPORTED, {"input_mse": 0.01}, "the small picture")
        assert not published_verdict(self.REPORTED[1:], {"input_mse": 0.0001}, "the small picture")
        assert not published_verdict(self.REPORTED, {}, "the small picture")


class TestVerdicts:
    FINE = {"psnr": 27.0, "ssim": 0.9, "input_psnr": 25.0, "input_ssim": 0.85}

    def test_nothing_is_said_of_a_network_that_beats_its_input(self):
        assert verdicts(self.FINE, "the blurred picture") == []

    def test_nothing_is_said_where_there_is_nothing_to_compare(self):
        assert verdicts(dict.fromkeys(self.FINE), "the input") == []

    def test_what_is_worse_is_said_and_only_that(self):
        (said,) = verdicts({**self.FINE, "input_ssim": 0.95}, "the blurred picture")
        assert said == (
            "On the test images its answer has SSIM 0.900; the blurred picture, left as it is, has SSIM 0.950."
        )

    def test_each_shrink_factor_is_judged_by_itself(self):
        worse = {**self.FINE, "input_psnr": 40.0}
        one, all_three = {"2": worse, "4": self.FINE}, dict.fromkeys(("2", "4", "6"), worse)
        for shrink, factors in ((one, "2"), (all_three, "2, 4 and 6")):
            (said,) = verdicts({**self.FINE, "shrink": shrink}, "the small picture")
            assert said.startswith(f"Photographs shrunk {factors} times, judged apart,")


def test_systems_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        SYSTEMS["dense-mnist"].title = "another"

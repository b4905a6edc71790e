import keras
import numpy as np
import pytest
from keras import ops

from aecore.datasets.mnist import Mnist
from aecore.errors import RequestError
from aecore.fit import Fit
from aecore.models.layers import gaussian_kl
from aecore.models.vae import Variational
from aecore.recipe import Recipe
from aecore.report import evaluate
from aecore.training.backend import Stepper
from aecore.training.loop import Training
from tests.models.small import batch, binary_crossentropy, network
from tests.training.toys import Silent, Squares

VALUES = 16 * 16
SMALL = Variational(widths=(32,), latent_dim=3)


def kl(mean, variance):
    return float(gaussian_kl(ops.convert_to_tensor(mean), ops.log(ops.convert_to_tensor(variance)))[0])


class TestDivergence:
    def test_is_nothing_for_the_standard_normal(self):
        assert kl([[0.0, 0.0]], [[1.0, 1.0]]) == 0

    def test_is_half_the_squared_distance_of_the_means(self):
        assert kl([[3.0, 4.0]], [[1.0, 1.0]]) == pytest.approx(12.5)

    def test_agrees_with_the_integral(self):
        x = np.linspace(-12, 12, 100_001)
        p = np.exp(-((x - 0.7) ** 2) / (2 * 0.3)) / np.sqrt(2 * np.pi * 0.3)
        log_ratio = x**2 / 2 - (x - 0.7) ** 2 / (2 * 0.3) - np.log(0.3) / 2
        assert kl([[0.7]], [[0.3]]) == pytest.approx(np.sum(p * log_ratio) * (x[1] - x[0]), rel=1e-5)


def added(built, **call):
    built(batch()[0], **call)
    return float(sum(built.losses))


def certain(model):
    """A network whose clouds are points."""
    built = network(model)
    gaussian = built.get_layer("encoder").get_layer("gaussian")
    kernel, bias = gaussian.get_weights()
    kernel[:, model.latent_dim :], bias[model.latent_dim :] = 0, -30
    gaussian.set_weights([kernel, bias])
    return built


def test_loss_is_the_negative_lower_bound_divided_by_the_number_of_values():
    inputs, targets = batch()
    built = certain(SMALL)
    figures = SMALL.measure(built, inputs, targets, np.random.default_rng(0))
    bound = figures["reconstruction"] + figures["kl"]
    assert bound.shape == (len(inputs),)
    loss = Stepper(built, binary_crossentropy).evaluate(inputs, targets)
    assert loss * VALUES == pytest.approx(bound.mean(), rel=1e-4)


def test_beta_weighs_the_divergence():
    assert added(network(SMALL.replace(beta=4.0))) == pytest.approx(4 * added(network(SMALL)), rel=1e-5)


def test_codes_are_drawn_in_training_only():
    built, (inputs, _) = network(SMALL), batch()
    encoder = built.get_layer("encoder")
    means, again, drawn, other = (
        np.asarray(encoder(inputs, training=training)) for training in (False, False, True, True)
    )
    np.testing.assert_array_equal(means, again)
    assert np.abs(drawn - means).mean() > 0.1 and np.abs(drawn - other).mean() > 0.1


def test_drawn_codes_have_the_mean_and_the_spread_that_were_asked_for():
    inputs, _ = batch()
    encoder = network(SMALL).get_layer("encoder")
    parameters = np.asarray(keras.Model(encoder.input, encoder.get_layer("gaussian").output)(inputs[:1]))[0]
    codes = np.asarray(encoder(inputs[:1].repeat(20_000, axis=0), training=True))
    np.testing.assert_allclose(codes.mean(axis=0), parameters[:3], atol=0.05)
    np.testing.assert_allclose(codes.std(axis=0), np.exp(parameters[3:] / 2), rtol=0.05)


def test_warm_up_grows_in_training_and_validation_counts_in_full():
    built, full = network(SMALL.replace(warm_up=4)), added(network(SMALL))
    assert [added(built, training=True) / full for _ in range(6)] == pytest.approx([0.25, 0.5, 0.75, 1, 1, 1], rel=1e-4)
    assert added(network(SMALL.replace(warm_up=4)), training=False) == pytest.approx(full, rel=1e-5)


def test_steps_of_the_warm_up_are_counted_in_compiled_steps_too():
    inputs, targets = batch()
    built = network(SMALL.replace(warm_up=4))
    stepper = Stepper(built, binary_crossentropy, keras.optimizers.Adam(1e-3))
    stepper.steps(np.stack([inputs] * 3), np.stack([targets] * 3), 3)
    assert built.get_layer("encoder").get_layer("code").get_weights()[0] == 3


def test_a_report_has_both_sides_of_the_bound():
    recipe = Recipe(Squares(), model=SMALL, fit=Fit(epochs=30, batch_size=32, learning_rate=0.005, loss="bce"))
    data = recipe.dataset.load(None)
    training = Training(recipe.resolve(), data, Silent(), None)
    first = evaluate(training.stepper, recipe, data, lambda: None)[0]
    training.run()
    last = evaluate(training.stepper, recipe, data, lambda: None)[0]
    assert first["reconstruction"] == pytest.approx(144 * np.log(2), rel=0.05)
    assert last["reconstruction"] + last["kl"] < 0.7 * first["reconstruction"] and last["kl"] > 1
    assert last["loss"] * 144 < last["reconstruction"] + last["kl"]  # of the means, which nothing has shaken


class TestToldTheClass:
    MODEL = Variational(widths=(64,), latent_dim=2, labels=True)

    def test_the_same_code_gives_another_picture_for_another_class(self):
        recipe = Recipe(
            Mnist(limit=1000), model=self.MODEL, fit=Fit(epochs=12, batch_size=25, learning_rate=0.004, loss="bce")
        )
        resolved = recipe.resolve()
        training = Training(resolved, recipe.load(resolved.data), Silent(), None)
        trained = training.run()
        decoder = trained.model.get_layer("decoder")
        codes = self.MODEL.with_classes(np.zeros((10, 2), np.float32), np.arange(10))
        pictures = np.asarray(decoder(codes))
        assert np.abs(pictures[0] - pictures[1]).mean() > 0.05
        report, _ = evaluate(training.stepper, recipe, recipe.load(resolved.data), lambda: None)
        assert report["kl"] > 0 and report["reconstruction"] > 0

    def test_what_is_shown_of_its_inputs_is_the_picture_alone(self):
        recipe = Recipe(Mnist(limit=100), model=self.MODEL, fit=Fit(epochs=1, loss="bce"))
        resolved = recipe.resolve()
        trained = Training(resolved, recipe.load(resolved.data), Silent(), None).run()
        np.testing.assert_array_equal(trained.snapshots["inputs"], trained.snapshots["clean"])

    @pytest.mark.parametrize("setting", [("dataset", "photos"), ("corruption", "gaussian")])
    def test_needs_classes_and_undamaged_images(self, setting):
        with pytest.raises(RequestError, match="told the class"):
            Recipe(Mnist(), model=self.MODEL).setting(*setting)

import dataclasses

import keras
import numpy as np
import pytest
from keras.src.backend.common.global_state import get_global_attribute

from aecore.corruptions import BlackBox, GaussianNoise
from aecore.datasets import Data, Split
from aecore.datasets.photos import Photos
from aecore.errors import Cancelled, LabError, RequestError
from aecore.fit import Fit
from aecore.models.conv import Conv
from aecore.models.dense import Dense
from aecore.recipe import Recipe
from aecore.report import evaluate
from aecore.training.batches import Batches
from aecore.training.loop import Training, split_validation, train
from aecore.training.losses import LOSS_FUNCTIONS, OPTIMIZERS
from aecore.training.network import build, outlined, start_from
from tests.training.toys import Silent, Squares

FIT = Fit(epochs=4, batch_size=32, learning_rate=0.005, validation_share=0.25)


def recipe(fit=FIT, **changes):
    return Recipe(**{"dataset": Squares(), "model": Dense(widths=(32,), latent_dim=8), "fit": fit, **changes})


def trained(made, watcher=None, folder=None):
    resolved = made.resolve()
    return train(resolved, made.dataset.load(resolved.data), watcher or Silent(), folder)


def with_fit(**changes):
    return recipe(dataclasses.replace(FIT, **changes))


def test_training_lowers_the_loss_and_keeps_a_history_of_every_epoch():
    history = trained(recipe()).history
    assert history["epoch"] == [1, 2, 3, 4]
    assert {len(column) for column in history.values()} == {4}
    assert history["loss"][-1] < 0.8 * history["loss"][0]
    assert history["val_loss"][-1] < history["val_loss"][0]


def test_the_same_seed_gives_the_same_run_and_another_one_does_not():
    noisy = recipe(corruption=GaussianNoise(0.3))
    first, again = trained(noisy), trained(noisy)
    assert first.history["loss"] == pytest.approx(again.history["loss"], rel=1e-5)
    other = trained(noisy.setting("fit.seed", 1))
    assert other.history["loss"] != pytest.approx(first.history["loss"], rel=1e-5)


@pytest.mark.parametrize("checks", [6, 20], ids=["between steps and validation", "later"])
@pytest.mark.parametrize("model", ["dense", "vae"])
def test_an_interrupted_training_goes_on_as_if_nothing_had_happened(model, checks, tmp_path, monkeypatch):
    monkeypatch.setattr("aecore.training.loop.CHECKPOINT_SECONDS", 0)
    monkeypatch.setattr("aecore.training.loop.CHUNK_STEPS", 1)
    noisy = recipe(corruption=GaussianNoise(0.3)).setting("model", model)
    whole = trained(noisy)
    with pytest.raises(KeyboardInterrupt):
        trained(noisy, Silent(stop_after=checks), tmp_path)
    assert (tmp_path / "checkpoint.npz").exists()
    watcher = Silent()
    resumed = trained(noisy, watcher, tmp_path)
    assert watcher.told[0]["fraction"] >= checks // 6 * 0.1  # it did not begin again
    assert resumed.history["loss"] == pytest.approx(whole.history["loss"], rel=1e-4)
    np.testing.assert_array_equal(resumed.snapshots["epochs"], whole.snapshots["epochs"])


def test_a_checkpoint_that_was_cut_off_begins_again(tmp_path):
    (tmp_path / "checkpoint.npz").write_bytes(b"PK\x03\x04 half a file")
    assert trained(recipe(), folder=tmp_path).history["epoch"] == [1, 2, 3, 4]


def test_a_loss_that_is_no_number_names_the_epoch_and_the_remedy(monkeypatch):
    monkeypatch.setitem(LOSS_FUNCTIONS, "mse", lambda targets, outputs: keras.ops.log(0.4 - keras.ops.mean(outputs)))
    with pytest.raises(LabError, match=r"epoch 1. Lower the learning rate \(now 0.005\)"):
        trained(recipe())


def test_early_stopping_ends_and_best_weights_are_those_of_the_best_epoch():
    run = trained(with_fit(learning_rate=0.3, epochs=40, early_stopping=2, best_weights=True))
    validation = run.history["val_loss"]
    best = int(np.argmin(validation))
    assert len(validation) == best + 3 < 40
    assert run.snapshots["epochs"][-1] == best + 1


def test_the_learning_rate_is_halved_when_the_loss_rests():
    rates = trained(with_fit(learning_rate=0.3, epochs=12, reduce_rate=1)).history["learning_rate"]
    assert rates[-1] < rates[0] and rates[-1] / 0.3 == pytest.approx(2.0 ** round(np.log2(rates[-1] / 0.3)))


@pytest.mark.parametrize("schedule, last", [("cosine", 0.001), ("linear", 0.0)])
def test_schedules_end_where_they_say(schedule, last):
    rates = trained(with_fit(schedule=schedule)).history["learning_rate"]
    assert rates[-1] == pytest.approx(last * 0.005, abs=1e-6) and rates == sorted(rates, reverse=True)


@pytest.mark.parametrize("name", ["mse", "bce", "mae", "charbonnier", "ssim"])
def test_every_loss_trains(name):
    history = trained(with_fit(loss=name, epochs=3)).history
    assert history["loss"][-1] < history["loss"][0]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimiser_trains(name):
    rate = 0.5 if name == "sgd" else 0.003
    history = trained(with_fit(optimizer=name, learning_rate=rate)).history
    assert history["loss"][-1] < history["loss"][0]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_weight_decay_keeps_weights_small(name):
    def lengths(**fit):
        made = with_fit(optimizer=name, learning_rate=0.005, **fit)
        return [np.linalg.norm(kernel) for kernel in trained(made).model.get_weights() if kernel.ndim > 1]

    assert min(np.divide(lengths(weight_decay=5.0), lengths())) < 0.8


def test_averaged_weights_are_what_is_measured_and_kept():
    made = with_fit(ema=0.9, gradient_clip=1.0)
    resolved = made.resolve()
    data = made.dataset.load(resolved.data)
    training = Training(resolved, data, Silent(), None)
    run = training.run()
    shown = training.stepper.predict(data.test.images[:4])
    outputs = run.snapshots["outputs"][-1]
    chosen = [np.flatnonzero((data.test.images == clean).all(axis=(1, 2, 3)))[0] for clean in run.snapshots["clean"]]
    again = training.stepper.predict(data.test.images[np.array(chosen)])
    assert np.abs(outputs / 255 - again).max() < 0.003
    assert shown.shape == (4, 12, 12, 1)


def test_an_average_forgets_what_a_short_training_began_with():
    made = with_fit(ema=0.9999, steps_per_epoch=20, epochs=2)
    resolved = made.resolve()
    training = Training(resolved, made.dataset.load(resolved.data), Silent(), None)
    kernel = training.model.trainable_variables[0]
    began = keras.ops.convert_to_numpy(kernel).copy()
    averaged = training.run().model.trainable_variables[0]
    moved = np.abs(keras.ops.convert_to_numpy(averaged) - began).max()
    assert training.optimizer.ema_momentum == pytest.approx(0.75)
    assert moved > 4 * FIT.learning_rate  # with the momentum that was asked for, it would be the first step's


def test_sixteen_bits_train_and_the_output_stays_fine():
    run = trained(with_fit(precision="mixed_bfloat16"))
    assert run.history["loss"][-1] < run.history["loss"][0]
    assert run.model.output.dtype == "float32"


def test_steps_and_validation_steps_are_kept_to():
    watcher = Silent()
    run = trained(with_fit(steps_per_epoch=3, validation_steps=1, epochs=2), watcher)
    assert run.steps == 6 and watcher.told[-1]["steps"] == 3


def test_progress_ends_at_one_and_every_epoch_shows_pictures():
    watcher = Silent()
    trained(recipe(), watcher)
    assert watcher.told[-1]["fraction"] == 1
    assert [epoch for epoch, _ in watcher.previews][0] == 0
    assert {1, 2, 3, 4} <= {epoch for epoch, _ in watcher.previews}


def test_damage_is_fresh_in_every_epoch_and_repeatable():
    made = recipe(corruption=GaussianNoise(0.3))
    split = made.dataset.load(made.resolve().data).train
    batches = Batches(split, made.corruption, 16, seed=0)
    order = np.arange(len(split))
    first, again, later = batches.batch(order, 1, 0), batches.batch(order, 1, 0), batches.batch(order, 2, 0)
    np.testing.assert_array_equal(first[0], again[0])
    assert not np.array_equal(first[0], later[0])
    np.testing.assert_array_equal(first[1], later[1])


def test_an_epoch_sees_every_image_once():
    split = Squares().load(None).train
    order = Batches(split, recipe().corruption, 32, seed=0).order(1)
    np.testing.assert_array_equal(np.sort(order), np.arange(256))
    assert not np.array_equal(order, Batches(split, recipe().corruption, 32, seed=0).order(2))


class TestReport:
    def test_numbers_stand_beside_their_baselines(self):
        made = with_fit(epochs=60).setting("corruption", "gaussian").setting("corruption.stddev", 0.4)
        resolved = made.resolve()
        data = made.dataset.load(resolved.data)
        training = Training(resolved, data, Silent(), None)
        training.run()
        report, per_image = evaluate(training.stepper, made, data, lambda: None)
        assert report["input_psnr"] == pytest.approx(per_image["input_psnr"].mean(), rel=1e-5)
        assert report["psnr"] == pytest.approx(per_image["test_psnr"].mean(), rel=1e-5)
        assert report["psnr"] > report["input_psnr"]
        assert 0 < report["ssim"] < 1 and report["pca_psnr"] > 5
        assert -1 < report["pca_ssim"] < report["ssim"]
        assert len(per_image["test_psnr"]) == 64
        assert report["hole_psnr"] is report["kl"] is None

    def measured(self, made, answer):
        """The report of a network that gives `answer(inputs)`, on white images."""

        class Fixed:
            model = None
            predict = staticmethod(answer)
            evaluate = staticmethod(lambda inputs, targets: 0.0)

        white = Split(np.full((9, 12, 12, 1), 255, np.uint8))
        return evaluate(Fixed(), made, Data(white, white), lambda: None)[0]

    def test_hole_and_whole_picture_are_measured_apart(self):
        report = self.measured(recipe(corruption=BlackBox(size=6)), lambda inputs: inputs)
        assert report["hole_psnr"] == pytest.approx(0, abs=1e-5)
        assert report["psnr"] == pytest.approx(-10 * np.log10(36 / 144), abs=1e-4)
        assert report["psnr"] == pytest.approx(report["input_psnr"], abs=1e-4)

    def test_a_perfect_answer_is_identical_not_infinite(self):
        report = self.measured(recipe(), lambda inputs: inputs / np.float32(255))
        assert report["psnr"] is None and report["mse"] == 0 and report["input_psnr"] is None


def test_a_cancelled_training_keeps_what_it_has_learned(tmp_path):
    class Stopping(Silent):
        def progress(self, **values):
            self.stop = values["epoch"] == 3

        def check(self):
            if getattr(self, "stop", False):
                raise Cancelled("Nobody waits for it.")

    longer = with_fit(epochs=6)
    resolved = longer.resolve()
    with pytest.raises(Cancelled):
        train(resolved, longer.dataset.load(resolved.data), Stopping(), tmp_path)
    again = Training(resolved, longer.dataset.load(resolved.data), Silent(), tmp_path)
    assert again.run().history["epoch"] == [1, 2, 3, 4, 5, 6] and (tmp_path / "checkpoint.npz").exists()
    whole = trained(longer)
    np.testing.assert_allclose(again.history["loss"], whole.history["loss"], rtol=1e-5)


def test_a_network_too_large_to_train_is_refused_before_it_is_made():
    large = recipe().setting("model.latent_dim", 1024)
    assert outlined(large)["total"] == build(large.model, large.input_shape, large.target_shape).count_params()
    huge = Recipe(Photos(size=64), model=Conv(filters=256, depth=6))
    with pytest.raises(RequestError, match=r"1,4\d\d,\d{3},\d{3} weights; at most 60,000,000"):
        outlined(huge)
    assert not get_global_attribute("uninitialized_variables")  # nor is it made by the next one who makes weights


def test_a_training_can_start_from_the_weights_of_another(tmp_path):
    first = trained(with_fit(epochs=12))
    first.model.save_weights(tmp_path / "first.weights.h5")
    longer = recipe()
    resolved = longer.resolve()
    data = longer.dataset.load(resolved.data)
    second = train(resolved, data, Silent(), None, tmp_path / "first.weights.h5")
    assert second.history["loss"][0] < 1.2 * first.history["loss"][-1] < first.history["loss"][0]


@pytest.mark.filterwarnings("ignore::UserWarning:keras")  # it says which layers it skips
def test_layers_of_another_shape_keep_their_own_weights(tmp_path):
    trained(recipe()).model.save_weights(tmp_path / "first.weights.h5")
    other = recipe().setting("model.latent_dim", 5)
    model = build(other.model, other.input_shape, other.target_shape, other.fit)
    before = model.get_weights()
    start_from(model, tmp_path / "first.weights.h5")
    same = [np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True)]
    assert not same[0] and same[2]  # image to hidden was taken over, hidden to code was not


class TestValidation:
    def test_is_cut_off_the_end(self):
        train, validation = split_validation(Squares().load(None).train, 0.25)
        assert (len(train), len(validation)) == (192, 64)
        assert split_validation(train, 0)[1] is None

    @pytest.mark.parametrize("share", [0.05, 0.2, 0.4])
    def test_never_has_a_photograph_on_both_sides(self, share):
        groups = np.repeat(np.arange(5), [3, 7, 4, 8, 6])
        split = Split(np.zeros((28, 8, 8, 1), np.uint8), groups=groups)
        train, validation = split_validation(split, share)
        assert len(train) + len(validation) == 28
        assert not set(train.groups) & set(validation.groups)

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from aecore.corruptions import BlackBox, GaussianNoise
from aecore.datasets import Data, Split
from aecore.datasets.faces import Faces
from aecore.datasets.photo_pairs import PhotoPairs
from aecore.engine.folder import JobFolder
from aecore.errors import NotAtHand
from aecore.models.dense import Dense
from aecore.models.unet import UNet
from aecore.recipe import Recipe
from aecore.worker.job import Job
from aecore.worker.tasks import baselines as module
from aecore.worker.tasks.baselines import CLOSE, baselines, close_ups

RECIPE = Recipe(model=Dense(widths=(8,), latent_dim=4))


@pytest.fixture
def job(tmp_path):
    folder = JobFolder(tmp_path, "0" * 16)
    folder.out.mkdir(parents=True)
    return Job(folder)


@pytest.fixture
def of(job, monkeypatch):
    """What the task says of a run on given images, and the arrays that it writes."""

    def of(images, recipe=RECIPE, redistributable=True, finding=None, at_hand=True):
        kept = {"inputs": images[:8]}
        run = SimpleNamespace(
            recipe=recipe,
            info={"redistributable": redistributable},
            snapshots=lambda: kept,
            finding=lambda task: finding,
        )

        def data_of(run):
            if not at_hand:
                raise NotAtHand("The data is not here.")
            return Data(Split(images), Split(images))

        monkeypatch.setattr(module, "trained", lambda key: SimpleNamespace(run=run, predict=lambda inputs: inputs))
        monkeypatch.setattr(module, "data_of", data_of)
        value = baselines({"key": "0" * 16}, job)
        with np.load(job.out / "baselines.npz") as arrays:
            return value, dict(arrays)

    return of


def digits(grey=0.0, count=20):
    """Pictures of which a fifth of the pixels is white, a share grey, and the rest black."""
    images = np.zeros((count, 28, 28, 1), np.uint8)
    flat = images.reshape(count, -1)
    flat[:, :157] = 255
    flat[:, 157 : 157 + round(grey * 784)] = 128
    return images


def test_a_perfect_answer_to_a_grey_picture_is_not_right_everywhere(of):
    value, _ = of(digits(grey=0.25))
    assert value["accuracy"]["perfect"] == pytest.approx(0.75)
    assert value["colour"] == "black" and value["accuracy"]["plain"] == pytest.approx(1 - 157 / 784 - 0.25)
    assert value["accuracy"]["input"] is None and value["images"] == 20


def test_of_a_damaged_input_the_accuracy_is_measured(of):
    value, _ = of(digits(), replace(RECIPE, corruption=GaussianNoise(0.25)))
    assert 0.9 < value["accuracy"]["input"] < value["accuracy"]["perfect"] == 1


def test_pca_answers_to_the_pictures_that_are_shown(of):
    images = np.random.default_rng(0).integers(0, 256, (60, 28, 28, 1), dtype=np.uint8)
    _, arrays = of(images)
    assert arrays["pca"].shape == (8, 28, 28, 1) and arrays["pca"].dtype == np.uint8


def test_pictures_that_may_not_be_passed_on_are_not_answered(of):
    _, arrays = of(digits(), redistributable=False)
    assert len(arrays["pca"]) == 0


def test_without_the_data_what_was_found_when_the_run_was_made_is_told(of):
    stored = {"accuracy": {"plain": 0.5}}, {"pca": np.ones((8, 28, 28, 1), np.uint8)}
    value, arrays = of(digits(), finding=stored, at_hand=False)
    assert value == {"accuracy": {"plain": 0.5}, "stored": True} and arrays["pca"].all()
    with pytest.raises(NotAtHand):
        of(digits(), at_hand=False)


class TestCloseUps:
    def test_show_photograph_pairs_pixel_by_pixel(self):
        recipe = Recipe(PhotoPairs(height=256, width=384), model=UNet())
        found = close_ups(recipe, lambda inputs: inputs)
        count = len(found["close_labels"])
        assert found["close_clean"].shape == (count, CLOSE, CLOSE, 3)
        assert np.array_equal(found["close_outputs"], found["close_inputs"])
        assert not np.array_equal(found["close_clean"], found["close_inputs"])

    def test_show_faces_to_a_network_of_faces(self):
        recipe = Recipe(Faces(size=64), BlackBox(size=14), UNet())
        found = close_ups(recipe, lambda inputs: inputs)
        assert found["close_clean"].shape == (3, 64, 64, 3)
        assert (found["close_clean"] != found["close_inputs"]).any(axis=(1, 2, 3)).all()

    def test_are_not_needed_for_crops_nor_for_other_data(self):
        crops = Recipe(PhotoPairs(height=256, width=384, crops=2), model=UNet())
        assert close_ups(crops, lambda inputs: inputs) == close_ups(RECIPE, lambda inputs: inputs) == {}

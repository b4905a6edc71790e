"""Strengths that can be asked for, and which networks restore what."""

from dataclasses import replace

import numpy as np
import pytest

from aecore.corruptions import GaussianNoise
from aecore.datasets.mnist import Mnist
from aecore.datasets.photos import Photos
from aecore.errors import RequestError
from aecore.models.dense import Dense
from aecore.models.stack import Stack
from aecore.models.unet import UNet
from aecore.presets import PRESETS
from aecore.recipe import Recipe
from aecore.restorers import SUBJECTS, TASKS, damage, offered, restorers
from aecore.restoring import by_run, checked, networks, place_of, strengths, title
from tests.enlarging import finished_run

PAIRS = [(task, subject) for subject in SUBJECTS for task in offered(subject)]
STRONG = [pair for pair in PAIRS if strengths(*pair)]


@pytest.mark.parametrize(("task", "subject"), STRONG)
class TestStrengths:
    def test_reach_beyond_what_the_network_was_trained_on(self, task, subject):
        known, trained = strengths(task, subject), restorers(task, subject)[0].trained_strength
        assert 1.25 * trained <= known.strength(known.last) <= 1.75 * trained
        assert known.first < known.usual < trained * known.of

    def test_are_all_accepted_as_damage_and_measured_at_a_few(self, task, subject):
        known = strengths(task, subject)
        shape = PRESETS[f"{task}-{subject}"].recipe.target_shape
        for stop in known.stops:
            strength = checked(task, subject, known.strength(stop))
            assert damage(task, subject, strength).output_shape(shape) and known.stop(strength) == stop
        assert known.usual in known.stops and set(known.measured) <= set(known.stops)
        assert 6 <= len(known.measured) <= 10

    @pytest.mark.parametrize("received", [-1, 1e9, float("nan"), "much", None, True])
    def test_others_are_refused(self, task, subject, received):
        with pytest.raises(RequestError, match="strength lies between"):
            checked(task, subject, received)


def test_strengths_are_said_as_people_say_them():
    assert strengths("denoise", "mnist").said(0.25) == "σ 0.25"
    assert strengths("denoise", "photos").said(50 / 255) == "σ 50 of 255"
    assert strengths("deblur", "photos").said(1.5) == "σ 1.5 px"
    assert strengths("fill", "faces").said(28) == "28 px"


def test_grey_has_no_strength():
    assert strengths("colour", "photos") is None and checked("colour", "photos", 3) is None


@pytest.mark.parametrize(("task", "subject"), PAIRS)
def test_every_network_of_the_lab_is_found_at_its_place_and_has_a_name_of_its_own(task, subject):
    known = restorers(task, subject)
    assert [place_of(item.recipe) for item in known] == [(task, subject)] * len(known)
    assert len({title(item) for item in known}) == len(known)
    assert TASKS[task] and SUBJECTS[subject]


@pytest.mark.parametrize("name", ["first-light", "conv-cifar-deblur", "fast-x2", "conv-photo-sr", "dense-mnist-no9"])
def test_networks_that_restore_nothing_offered_are_not(name):
    assert place_of(PRESETS[name].recipe) is None


def test_a_network_of_photographs_takes_crops_of_any_size_unless_it_has_a_code():
    noise = GaussianNoise(0.1)
    assert place_of(Recipe(Photos(size=32), noise, Stack(filters=8, depth=3))) == ("denoise", "photos")
    assert place_of(Recipe(Photos(size=32), noise, Dense(widths=(8,), latent_dim=4))) is None


def test_what_was_trained_here_stands_after_the_networks_of_the_lab(tmp_path):
    recipe = Recipe(Mnist(), GaussianNoise(0.3), UNet(filters=4, depth=1))
    run = finished_run(recipe, tmp_path)
    found = networks("denoise", "mnist")
    assert found[-1].run.key == run.key and title(found[-1]) == "U-Net, σ 0.3"
    assert title(found[0]) == "U-Net, up to σ 0.6"
    assert by_run(run) == found[-1] and by_run(run).trained_strength == np.float64(0.3)
    assert run.key not in [item.run.key for item in networks("deblur", "mnist") if item.run]
    blind = replace(recipe, corruption=GaussianNoise(0.3, varied=True))
    assert place_of(blind) == ("denoise", "mnist")

"""Figures of each class, where a dataset asks for them."""

from dataclasses import dataclass

import numpy as np
import pytest

from aecore.datasets import Data, Split
from aecore.datasets.photo_pairs import PhotoPairs
from aecore.models.conv_sr import ConvSuperResolution
from aecore.recipe import Recipe
from aecore.report import evaluate
from tests.training.toys import Squares


@dataclass(frozen=True)
class Pairs(Squares):
    """White pictures, and darker ones, in three degrees.

    For tests.
    """

    grouped = "degree"
    paired = True


def report(dataset, labels):
    """What is measured of a network that halves the damage, and how dark the inputs were."""

    class Halving:
        model = None
        predict = staticmethod(lambda inputs: ((inputs / 255 + 1) / 2).astype(np.float32))
        evaluate = staticmethod(lambda inputs, targets: 0.0)

    darkness = np.array([0, 51, 102])[np.arange(9) % 3]
    inputs = np.broadcast_to((255 - darkness).astype(np.uint8)[:, None, None, None], (9, 12, 12, 1))
    split = Split(np.full((9, 12, 12, 1), 255, np.uint8), labels, inputs)
    recipe = Recipe(dataset, model=ConvSuperResolution(filters=(4,)))
    return evaluate(Halving(), recipe, Data(split, split, classes=("a", "b", "c")), lambda: None)[0]


def test_each_class_has_its_figures_beside_those_of_doing_nothing():
    found = report(Pairs(), np.arange(9) % 3)
    assert list(found["degree"]) == ["a", "b", "c"]
    assert found["degree"]["b"]["input_mse"] == pytest.approx(0.04) == 4 * found["degree"]["b"]["mse"]
    assert found["degree"]["c"]["psnr"] == pytest.approx(-10 * np.log10(0.04), abs=1e-4)
    assert found["degree"]["c"]["input_psnr"] == pytest.approx(-10 * np.log10(0.16), abs=1e-4)
    assert found["degree"]["a"]["psnr"] is None and found["degree"]["a"]["mse"] == 0  # identical
    assert found["input_mse"] == pytest.approx((0 + 0.04 + 0.16) / 3)
    assert set(found["degree"]["a"]) == {"mse", "psnr", "ssim", "input_mse", "input_psnr", "input_ssim"}


def test_without_labels_or_without_a_wish_there_is_no_table():
    assert "degree" not in report(Pairs(), None)
    assert "shrink" not in report(Squares(), np.arange(9) % 3)
    assert PhotoPairs.grouped == "shrink"

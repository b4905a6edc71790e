import numpy as np
import pytest

from aecore.images import resize
from aecore.models.stack import Stack
from aecore.training.network import build


def picture(side=16):
    return np.random.default_rng(0).random((1, side, side, 3), np.float32)


@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("depth", [2, 3, 6])
def test_begins_as_bicubic_enlargement(residual, depth):
    model = build(Stack(filters=8, depth=depth, residual=residual), (16, 16, 3), (32, 32, 3))
    given = picture()
    np.testing.assert_allclose(model(given), np.clip(resize(given, (32, 32)), 0, 1), atol=1 / 1000)


@pytest.mark.parametrize("depth", [2, 3, 4, 7, 8])
def test_residual_pairs_are_the_same_layers(depth):
    row, pairs = (build(Stack(8, depth, residual=way), (16, 16, 3), (16, 16, 3)) for way in (False, True))
    assert [weights.shape for weights in row.weights] == [weights.shape for weights in pairs.weights]
    adding = [layer for layer in pairs.layers if type(layer).__name__ == "Add"]
    assert len(adding) == (depth - 2) // 2

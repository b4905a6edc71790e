import numpy as np
import pytest

from aecore.models.unet import UNet
from tests.models.small import SHAPES, batch, network


@pytest.mark.parametrize("fold", [1, 2])
@pytest.mark.parametrize("shapes", ["grey", "odd sides", "grey to colour"])
def test_before_training_a_correction_corrects_nothing(shapes, fold):
    inputs, _ = batch(shapes)
    outputs = np.asarray(network(UNet(fold=fold), shapes)(inputs))
    np.testing.assert_allclose(outputs, np.broadcast_to(inputs, outputs.shape), atol=1 / 1000)


def test_detail_crosses_the_bridges():
    built = network(UNet(correction=False))
    rng = np.random.default_rng(0)
    built.set_weights([weight + rng.normal(0, 0.05, weight.shape) for weight in built.get_weights()])
    image = np.zeros((2, *SHAPES["grey"][0]), np.float32)
    image[1, 5, 5] = 1
    dark, bright = np.asarray(built(image))
    change = np.abs(bright - dark)
    assert change[4:7, 4:7].mean() > 2 * change.mean()

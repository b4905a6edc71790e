"""The published systems have exactly the published numbers of parameters."""

import pytest

from aecore.models import MODELS
from aecore.training.network import build, describe

PUBLISHED = {
    "dense": ((28, 28, 1), 218_192, [100_480, 8_256, 8_320, 101_136]),
    "conv_deblur": ((32, 32, 3), 6_467, [224, 1_168, 2_320, 2_320, 435]),
    "conv_sr": ((256, 384, 3), 84_035, [448, 4_640, 18_496, 36_928, 18_464, 4_624, 435]),
    "residual_sr": (
        (800, 1200, 3),
        1_110_403,
        [1_792, 36_928, 73_856, 147_584, 295_168, 295_040, 147_584, 73_792, 36_928, 1_731],
    ),
}


@pytest.mark.parametrize("kind", PUBLISHED)
def test_parameters_agree_to_the_unit(kind):
    shape, total, layers = PUBLISHED[kind]
    description = describe(build(MODELS[kind](), shape, shape))
    assert description["total"] == total
    assert [layer["params"] for layer in description["layers"] if layer["params"]] == layers
    assert description["layers"][-1]["shape"] == list(shape)


def test_the_face_inpainter_is_mirrored():
    layers = describe(build(MODELS["conv_latent"](), (128, 128, 3), (128, 128, 3)))["layers"]
    shapes = [tuple(layer["shape"]) for layer in layers if layer["params"]]
    down = [(64, 64, 32), (32, 32, 64), (16, 16, 64), (8, 8, 64)]
    assert shapes[:4] == down and shapes[4] == (300,)
    assert shapes[5:] == [(4096,), (16, 16, 64), (32, 32, 64), (64, 64, 32), (128, 128, 3)]

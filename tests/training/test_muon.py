import keras
import numpy as np
import pytest

from aecore.training.muon import Muon

RATE = 0.01


def one_step(shape: tuple[int, ...]) -> np.ndarray:
    """How a variable of zeros moves at the first step along a lopsided gradient."""
    rng = np.random.default_rng(0)
    lopsided = rng.normal(size=shape) * np.geomspace(1, 0.01, shape[-1])
    variable = keras.Variable(np.zeros(shape, np.float32))
    optimizer = Muon(RATE)
    optimizer.build([variable])
    optimizer.apply([keras.ops.convert_to_tensor(lopsided.astype(np.float32))], [variable])
    return keras.ops.convert_to_numpy(variable)


@pytest.mark.parametrize("shape", [(3, 3, 16, 24), (40, 20)])
def test_a_kernel_moves_as_far_in_every_direction(shape):
    moved = one_step(shape).reshape(-1, shape[-1])
    lengths = np.linalg.svd(moved, compute_uv=False) / (RATE * 0.2 * max(moved.shape) ** 0.5)
    assert lengths.min() > 0.3 and lengths.max() < 1.3  # the gradient's own differ by a factor of about a hundred
    assert np.sqrt((moved**2).mean()) == pytest.approx(0.2 * RATE, rel=0.25)  # about as far as Adam moves a weight


@pytest.mark.parametrize("shape", [(7,), (3, 3, 3, 32), (3, 3, 32, 12)])
def test_biases_and_ways_in_and_out_are_moved_by_adam(shape):
    assert np.median(np.abs(one_step(shape))) == pytest.approx(RATE, rel=0.01)


@pytest.mark.parametrize(
    ("decay", "shape", "left"),
    [
        (None, (20, 20), 1),
        (0.5, (20, 20), 1 - 0.5 * RATE),
        (0.5, (3, 3, 16, 16), 1 - 0.5 * RATE),
        (0.5, (3, 3, 3, 32), 1),
    ],
)
def test_only_kernels_in_between_are_pulled_to_zero(decay, shape, left):
    variable = keras.Variable(np.ones(shape, np.float32))
    optimizer = Muon(RATE, decay)
    optimizer.build([variable])
    optimizer.apply([keras.ops.zeros(shape)], [variable])
    assert keras.ops.convert_to_numpy(variable) == pytest.approx(left)

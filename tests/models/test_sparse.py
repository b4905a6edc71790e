import keras
import numpy as np
import pytest

from aecore.models.sparse import Sparse
from aecore.training.backend import Stepper
from tests.models.small import batch, binary_crossentropy, network


def trained(**settings):
    """A network after 60 steps."""
    inputs, targets = batch(count=32)
    built = network(Sparse(latent_dim=64).replace(**settings))
    stepper = Stepper(built, binary_crossentropy, keras.optimizers.Adam(0.01))
    stepper.steps(np.stack([inputs] * 60), np.stack([targets] * 60), 60)
    return built, np.asarray(built.get_layer("encoder")(inputs))


@pytest.mark.parametrize("penalty", ["l1", "kl"])
def test_a_higher_penalty_leaves_less_activity(penalty):
    _, free = trained(penalty=penalty, weight=0.0)
    _, scarce = trained(penalty=penalty, weight=5.0)
    assert scarce.mean() < 0.5 * free.mean()


def test_a_kl_target_is_kept_by_every_unit():
    _, codes = trained(penalty="kl", weight=20.0, rate=0.2)
    np.testing.assert_allclose(codes.mean(axis=0), 0.2, atol=0.06)


def test_under_an_l1_penalty_no_unit_weighs_more_than_another():
    built, _ = trained(penalty="l1", weight=1.0)
    kernel = built.get_layer("decoder").get_weights()[0]
    np.testing.assert_allclose(np.linalg.norm(kernel, axis=1), 1, rtol=1e-5)

"""What every architecture keeps, whichever it is."""

import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from aecore.fit import Fit
from aecore.models import MODELS
from aecore.training.backend import Stepper
from aecore.training.network import build
from tests.models.small import SHAPES, VARIANTS, batch, binary_crossentropy, given, network

ROOT = Path(__file__).parents[2]
# Keras' save_weights reads TensorFlow variables in a way that NumPy 2 frowns upon.

each_variant = pytest.mark.parametrize("name", VARIANTS)


@pytest.mark.parametrize("kind", MODELS)
class TestEveryKind:
    @pytest.mark.parametrize("shapes", SHAPES)
    def test_gives_an_image_of_the_target_shape(self, kind, shapes):
        inputs, targets = batch(shapes)
        outputs = np.asarray(network(MODELS[kind](), shapes)(inputs))
        assert outputs.shape == targets.shape and outputs.dtype == np.float32
        assert outputs.min() >= 0 and outputs.max() <= 1

    def test_says_what_it_is(self, kind):
        part = MODELS[kind]
        assert part.title and part.caption().endswith(".") and len(part.explanation()) > 100

    def test_answers_in_32_bits_when_it_computes_in_16(self, kind):
        before = keras.config.dtype_policy()
        built = build(MODELS[kind](), *SHAPES["odd sides"], Fit(precision="mixed_bfloat16"))
        assert built.output.dtype == "float32" and keras.config.dtype_policy() == before
        assert any(layer.compute_dtype == "bfloat16" for layer in built._flatten_layers())
        fine = np.asarray(built(batch("odd sides")[0])).astype(np.float64)
        assert len(np.unique(fine)) > 2000  # 16 bits know 256 values from 0.5 to 1


@each_variant
class TestEveryVariant:
    def test_survives_json(self, name):
        assert MODELS.from_json(VARIANTS[name].to_json()) == VARIANTS[name]

    def test_has_an_encoder_and_a_decoder_where_there_is_a_code(self, name):
        model, built = VARIANTS[name], network(VARIANTS[name])
        parts = {layer.name for layer in built.layers if isinstance(layer, keras.Model)}
        assert parts == ({"encoder", "decoder"} if model.has_latent else set())
        assert model.has_latent == ("latent_dim" in model.params())
        if model.has_latent:
            inputs = given(model, batch()[0])
            codes = built.get_layer("encoder")(inputs)
            assert codes.shape == (len(inputs), model.latent_dim)
            full = model.with_classes(np.asarray(codes), np.full(len(inputs), 3))
            again = np.asarray(built.get_layer("decoder")(full))
            np.testing.assert_allclose(again, np.asarray(built(inputs)), atol=1e-6)

    def test_a_few_steps_lower_the_loss(self, name):
        inputs, targets = batch()
        inputs = given(VARIANTS[name], inputs)
        stepper = Stepper(network(VARIANTS[name]), binary_crossentropy, keras.optimizers.Adam(1e-3))
        before = stepper.evaluate(inputs, targets)
        stepper.steps(np.stack([inputs] * 10), np.stack([targets] * 10), 10)
        assert stepper.evaluate(inputs, targets) < before

    def test_rebuilt_and_filled_it_gives_the_same_output(self, name, tmp_path):
        inputs = given(VARIANTS[name], batch()[0])
        built = network(VARIANTS[name])
        rng = np.random.default_rng(1)
        built.set_weights([weight + rng.normal(0, 0.02, weight.shape) for weight in built.get_weights()])
        built.save_weights(tmp_path / "model.weights.h5")
        again = network(VARIANTS[name])
        assert np.abs(np.asarray(again(inputs)) - np.asarray(built(inputs))).max() > 1e-5
        again.load_weights(tmp_path / "model.weights.h5")
        np.testing.assert_array_equal(np.asarray(again(inputs)), np.asarray(built(inputs)))


@pytest.fixture(scope="module")
def on_jax(tmp_path_factory):
    """Outputs here, and what JAX makes of the same weights."""
    folder = tmp_path_factory.mktemp("jax")
    pictures, _ = batch()
    here, rng = {}, np.random.default_rng(2)
    for name, model in VARIANTS.items():
        built = network(model)
        built.set_weights([weight + rng.normal(0, 0.02, weight.shape) for weight in built.get_weights()])
        built.save_weights(folder / f"{name}.weights.h5")
        here[name] = np.asarray(built(given(model, pictures)))
    command = [sys.executable, "-m", "tests.models.other_backend", str(folder)]
    quickly = "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"  # to compile, not to run
    environment = {**os.environ, "KERAS_BACKEND": "jax", "XLA_FLAGS": quickly}
    subprocess.run(command, check=True, cwd=ROOT, env=environment, timeout=300)
    return here, dict(np.load(folder / "found.npz"))


@each_variant
def test_on_jax_it_gives_the_same_output_and_trains(name, on_jax):
    here, found = on_jax
    assert found["backend"] == "jax"
    np.testing.assert_allclose(found[f"{name}.output"], here[name], atol=1e-4)
    assert np.isfinite(found[f"{name}.loss"]).all() and found[f"{name}.moved"] > 1e-6

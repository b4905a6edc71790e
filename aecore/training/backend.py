"""Many optimiser steps in one compiled call, on TensorFlow or JAX.

This is the only module that names a backend. `Stepper` runs a whole chunk of batches inside one call: for small
networks most of the time of `keras.Model.fit` goes into the way between two steps, not into the steps.
"""

import os
from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
from keras import ops

BACKEND = keras.backend.backend()
Loss = Callable[[Any, Any], Any]


def device() -> str:
    """The device that trains, for people: "CPU, 2 threads", or the name of the GPU."""
    if BACKEND == "jax":
        import jax

        first = jax.devices()[0]
        name = None if first.platform == "cpu" else first.device_kind
    else:
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
        name = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU") if gpus else None
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return name or f"CPU, {threads} thread{'' if threads == 1 else 's'}"


def prepare() -> None:
    """Sets up the backend once, before anything is built: a GPU's memory is taken as it is needed."""
    if BACKEND == "tensorflow":
        import tensorflow as tf

        for gpu in tf.config.list_physical_devices("GPU"):
            tf.config.experimental.set_memory_growth(gpu, True)


def out_of_memory() -> tuple[type[BaseException], ...]:
    """The errors that say that memory did not suffice."""
    if BACKEND == "jax":
        import jax

        return MemoryError, jax.errors.JaxRuntimeError
    import tensorflow as tf

    return MemoryError, tf.errors.ResourceExhaustedError


def compiles_well(model: keras.Model) -> bool:
    """Whether XLA makes this network faster here: on a processor it slows convolutions and recurrence down."""
    slow = (keras.layers.Conv1D, keras.layers.Conv2D, keras.layers.Conv2DTranspose, keras.layers.RNN)
    on_cpu = device().startswith("CPU")
    return not on_cpu or not any(isinstance(layer, slow) for layer in model._flatten_layers())


def as_float(images: Any) -> Any:
    """Image tensors as float32 in [0, 1]; stored uint8 is scaled."""
    if keras.backend.standardize_dtype(images.dtype) == "uint8":
        return ops.cast(images, "float32") * (1 / 255)
    return images


class Stepper:
    """A network, its loss and its optimiser, compiled.

    Args:
        model: The network, built.
        loss: From (target, output) to a scalar.
        optimizer: The optimiser; None for a network that is only used.
    """

    def __init__(self, model: keras.Model, loss: Loss, optimizer: keras.optimizers.Optimizer | None = None) -> None:
        self.model, self.loss, self.optimizer = model, loss, optimizer
        if optimizer is not None:
            optimizer.build(model.trainable_variables)
        make = _jax_functions if BACKEND == "jax" else _tensorflow_functions
        self._steps, self._evaluate, self._predict = make(model, loss, optimizer)

    def steps(self, inputs: np.ndarray, targets: np.ndarray, count: int) -> np.ndarray:
        """Takes one optimiser step for each of the first `count` batches.

        Args:
            inputs: (K, B, h, w, c), uint8 or float32 in [0, 1].
            targets: (K, B, H, W, C), likewise.
            count: How many of the K batches to use: chunks of one shape compile once.

        Returns:
            (count,) float32: the loss before each step.
        """
        return np.asarray(self._steps(inputs, targets, count))[:count]

    def evaluate(self, inputs: np.ndarray, targets: np.ndarray) -> float:
        """Loss of one batch (B, h, w, c) without learning from it, terms that layers add included."""
        return float(self._evaluate(inputs, targets))

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Output (B, H, W, C) float32 for one batch."""
        return np.asarray(self._predict(inputs))


def compiled(model: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """A fast function from one array to one array: what `model.predict` computes, without its cost per call."""
    return Stepper(model, lambda target, output: 0.0).predict


def _total(loss: Loss, targets: Any, outputs: Any, added: list[Any]) -> Any:
    value = loss(as_float(targets), ops.cast(outputs, "float32"))
    return sum((ops.cast(term, "float32") for term in added), start=value)


def _tensorflow_functions(model: keras.Model, loss: Loss, optimizer: Any) -> tuple[Callable, Callable, Callable]:
    import tensorflow as tf

    jit = compiles_well(model)

    @tf.function(jit_compile=jit)
    def run(inputs: Any, targets: Any, count: Any) -> Any:
        losses = tf.zeros(tf.shape(inputs)[:1])
        index = tf.constant(0)
        while index < count:  # `tf.range(count)` would be compiled anew for every count
            with tf.GradientTape() as tape:
                outputs = model(as_float(inputs[index]), training=True)
                total = _total(loss, targets[index], outputs, model.losses)
            variables = model.trainable_variables
            gradients = tape.gradient(total, [item.value for item in variables])
            optimizer.apply(gradients, variables)
            losses = tf.tensor_scatter_nd_update(losses, [[index]], [total])
            index += 1
        return losses

    @tf.function(jit_compile=jit)
    def evaluate(inputs: Any, targets: Any) -> Any:
        return _total(loss, targets, model(as_float(inputs), training=False), model.losses)

    @tf.function(jit_compile=jit)
    def predict(inputs: Any) -> Any:
        return tf.cast(model(as_float(inputs), training=False), tf.float32)

    def steps(inputs: np.ndarray, targets: np.ndarray, count: int) -> Any:
        return run(tf.constant(inputs), tf.constant(targets), tf.constant(count))

    return steps, lambda *arrays: evaluate(*map(tf.constant, arrays)), lambda array: predict(tf.constant(array))


def _jax_functions(model: keras.Model, loss: Loss, optimizer: Any) -> tuple[Callable, Callable, Callable]:
    import jax

    def forward(trainable: Any, other: Any, inputs: Any, training: bool) -> tuple[Any, Any, list[Any]]:
        return model.stateless_call(trainable, other, as_float(inputs), training=training, return_losses=True)

    def objective(trainable: Any, other: Any, inputs: Any, targets: Any) -> tuple[Any, Any]:
        outputs, other, added = forward(trainable, other, inputs, True)
        return _total(loss, targets, outputs, added), other

    @partial(jax.jit, donate_argnums=0)
    def run(state: Any, inputs: Any, targets: Any, count: Any) -> tuple[Any, Any]:
        def step(index: Any, carry: Any) -> Any:
            (trainable, other, slots), losses = carry
            gradient = jax.value_and_grad(objective, has_aux=True)
            (total, other), gradients = gradient(trainable, other, inputs[index], targets[index])
            trainable, slots = optimizer.stateless_apply(slots, gradients, trainable)
            return (trainable, other, slots), losses.at[index].set(total)

        return jax.lax.fori_loop(0, count, step, (state, jax.numpy.zeros(len(inputs))))

    @jax.jit
    def evaluate(trainable: Any, other: Any, inputs: Any, targets: Any) -> Any:
        outputs, _, added = forward(trainable, other, inputs, False)
        return _total(loss, targets, outputs, added)

    @jax.jit
    def predict(trainable: Any, other: Any, inputs: Any) -> Any:
        return forward(trainable, other, inputs, False)[0].astype("float32")

    def groups() -> list[list[Any]]:
        slots = optimizer.variables if optimizer is not None else []
        return [model.trainable_variables, model.non_trainable_variables, slots]

    def values() -> list[list[Any]]:
        return [[item.value for item in group] for group in groups()]

    def steps(inputs: np.ndarray, targets: np.ndarray, count: int) -> Any:
        state, losses = run(tuple(values()), inputs, targets, count)
        for group, new in zip(groups(), state, strict=True):
            for item, value in zip(group, new, strict=True):
                item.assign(value)
        return losses

    return steps, lambda *arrays: evaluate(*values()[:2], *arrays), lambda array: predict(*values()[:2], array)

"""Linear probe: how much of the classes a plane can tell from the code."""

from collections.abc import Callable

import numpy as np

from aecore.latent.neighbours import _nothing, _values

BLOCK = 5000
ITERATIONS = 100
DECAY = 1e-4
LEAST_SPREAD = 0.1  # of the largest: what hardly varies is not blown up


def linear_accuracy(
    train: np.ndarray,
    train_labels: np.ndarray,
    test: np.ndarray,
    test_labels: np.ndarray,
    check: Callable[[], None] = _nothing,
) -> float:
    """Share of test codes whose class a linear probe tells (Alain & Bengio 2016, arXiv:1610.01644).

    The probe is a multinomial logistic regression on standardised values with weight decay 1e-4, fitted to the training
    codes by at most 100 iterations of L-BFGS.

    Args:
        train: (N, …) float, or uint8 that stands for values in [0, 1].
        train_labels: (N,) int.
        test: (M, …) likewise.
        test_labels: (M,) int.
        check: Called between blocks; may raise `Cancelled`.
    """
    from scipy.optimize import minimize

    classes, targets = np.unique(train_labels, return_inverse=True)
    mean, spread = _standard(train)

    def standardised(items: np.ndarray) -> np.ndarray:
        return np.pad((_values(items) - mean) / spread, [(0, 0), (0, 1)], constant_values=1)  # the last is the bias

    def objective(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(-1, len(classes)).astype(np.float32)
        loss, slope = 0.0, np.zeros(weights.shape, np.float64)
        for start in range(0, len(train), BLOCK):
            check()
            rows = slice(start, start + BLOCK)
            values = standardised(train[rows])
            logits = values @ weights
            logits -= logits.max(axis=1, keepdims=True)
            wanted = targets[rows]
            chances = np.exp(logits)
            totals = chances.sum(axis=1, keepdims=True)
            everyone = np.arange(len(wanted))
            loss += float(np.sum(np.log(totals[:, 0]) - logits[everyone, wanted]))
            chances /= totals
            chances[everyone, wanted] -= 1
            slope += values.T @ chances
        decay = np.where(np.arange(len(weights))[:, None] < len(weights) - 1, DECAY, 0) * weights
        value = loss / len(train) + float(np.sum(decay * weights)) / 2
        return value, (slope / len(train) + decay).ravel()

    start = np.zeros((len(mean) + 1) * len(classes))
    found = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS})
    weights = found.x.reshape(-1, len(classes)).astype(np.float32)
    return float(np.mean(classes[(standardised(test) @ weights).argmax(axis=1)] == test_labels))


def _standard(items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and spread of each value, (D,) float32 both."""
    total, squares = 0.0, 0.0
    for start in range(0, len(items), BLOCK):
        values = _values(items[start : start + BLOCK]).astype(np.float64)
        total, squares = total + values.sum(axis=0), squares + np.square(values).sum(axis=0)
    mean = total / len(items)
    spread = np.sqrt(np.maximum(squares / len(items) - mean**2, 0))
    largest = spread.max() or 1.0
    return mean.astype(np.float32), np.maximum(spread, LEAST_SPREAD * largest).astype(np.float32)

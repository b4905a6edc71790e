"""How well scores tell abnormal images from normal ones, at every threshold and at one."""

from dataclasses import dataclass

import numpy as np


def auroc(normal: np.ndarray, abnormal: np.ndarray) -> float | None:
    """Area under the receiver operating characteristic: the chance that an abnormal image scores above a normal one.

    Mann and Whitney's statistic (1947): a tie counts half. None where one of the groups is empty.

    >>> auroc(np.array([1.0, 2.0]), np.array([2.0, 3.0]))
    0.875

    Args:
        normal: (N,) scores of normal images.
        abnormal: (A,) scores of abnormal ones.
    """
    if not len(normal) or not len(abnormal):
        return None
    values, counts_normal, counts_abnormal = _counted(normal, abnormal)
    below = np.cumsum(counts_normal) - counts_normal
    won = np.sum(counts_abnormal * (below + 0.5 * counts_normal))
    return float(won / (len(normal) * len(abnormal)))


def average_precision(normal: np.ndarray, abnormal: np.ndarray) -> float | None:
    """Area under precision over recall, as steps: each abnormal image adds the precision at its own score.

    None where one of the groups is empty. Chance gives the share of abnormal images.

    >>> average_precision(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    1.0
    """
    if not len(normal) or not len(abnormal):
        return None
    precision, recall, _ = precision_recall_curve(normal, abnormal)
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def bootstrap_auroc(
    normal: np.ndarray, abnormal: np.ndarray, rng: np.random.Generator, rounds: int = 200, level: float = 0.95
) -> tuple[float, float] | None:
    """Interval that holds the AUROC of other test images of the same kinds with a chance of `level`.

    Both groups are drawn again with replacement, `rounds` times (Efron 1979, percentile method).

    Args:
        normal: (N,) scores.
        abnormal: (A,) scores.
        rng: Source of the draws.
        rounds: How often.
        level: Chance that the interval is to have.

    Returns:
        Its ends; None where one of the groups is empty.
    """
    if not len(normal) or not len(abnormal):
        return None
    _, counts_normal, counts_abnormal = _counted(normal, abnormal)
    areas = np.empty(rounds)
    shares = counts_normal / len(normal), counts_abnormal / len(abnormal)
    for number in range(rounds):
        drawn_normal = rng.multinomial(len(normal), shares[0])
        drawn_abnormal = rng.multinomial(len(abnormal), shares[1])
        below = np.cumsum(drawn_normal) - drawn_normal
        areas[number] = np.sum(drawn_abnormal * (below + 0.5 * drawn_normal))
    low, high = np.quantile(areas / (len(normal) * len(abnormal)), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def roc_curve(normal: np.ndarray, abnormal: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The receiver operating characteristic.

    Returns:
        false_alarms (K,), share of normal images above each threshold; detections (K,), share of abnormal ones; and the
        thresholds (K,), falling, of which the first lies above all scores and the last below all. Empty where one of
        the groups is empty.
    """
    if not len(normal) or not len(abnormal):
        return np.zeros(0), np.zeros(0), np.zeros(0)
    values, counts_normal, counts_abnormal = (array[::-1] for array in _counted(normal, abnormal))
    false_alarms = np.concatenate([[0], np.cumsum(counts_normal)]) / len(normal)
    detections = np.concatenate([[0], np.cumsum(counts_abnormal)]) / len(abnormal)
    return false_alarms, detections, _between(values)


def precision_recall_curve(normal: np.ndarray, abnormal: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision over recall.

    Returns:
        precision (K,), share of abnormal images among those above each threshold; recall (K,), share of the abnormal
        images that are above it, rising; and the thresholds (K,), falling. Empty where one of the groups is empty.
    """
    if not len(normal) or not len(abnormal):
        return np.zeros(0), np.zeros(0), np.zeros(0)
    values, counts_normal, counts_abnormal = (array[::-1] for array in _counted(normal, abnormal))
    found, wrong = np.cumsum(counts_abnormal), np.cumsum(counts_normal)
    return found / (found + wrong), found / len(abnormal), _between(values)[1:]


@dataclass(frozen=True)
class Confusion:
    """What a threshold makes of normal and abnormal images.

    Args:
        normal: Normal images.
        abnormal: Abnormal images.
        false_alarms: Normal images called abnormal.
        missed: Abnormal images taken for normal.
    """

    normal: int
    abnormal: int
    false_alarms: int
    missed: int

    @property
    def found(self) -> int:
        """Abnormal images called abnormal."""
        return self.abnormal - self.missed

    @property
    def precision(self) -> float | None:
        """Share of abnormal images among those called abnormal; None where none is."""
        called = self.found + self.false_alarms
        return self.found / called if called else None

    @property
    def recall(self) -> float | None:
        """Share of the abnormal images that are called abnormal; None where there is none."""
        return self.found / self.abnormal if self.abnormal else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None where there is no abnormal image."""
        return 2 * self.found / (2 * self.found + self.false_alarms + self.missed) if self.abnormal else None

    def cost(self, miss: float = 1.0) -> float:
        """What the mistakes cost, a false alarm being 1 and a miss `miss`."""
        return self.false_alarms + miss * self.missed


def confusion(normal: np.ndarray, abnormal: np.ndarray, threshold: float) -> Confusion:
    """Counts the mistakes when every image whose score is above `threshold` is called abnormal."""
    false_alarms, missed = int(np.sum(normal > threshold)), int(np.sum(~(abnormal > threshold)))
    return Confusion(len(normal), len(abnormal), false_alarms, missed)


def percentile_threshold(held_out: np.ndarray, percent: float = 95.0) -> float:
    """The threshold below which `percent` of held-out normal images lie; it knows nothing of abnormal ones."""
    return float(np.percentile(held_out, percent))


def best_threshold(normal: np.ndarray, abnormal: np.ndarray, miss: float = 1.0) -> float:
    """The threshold of least cost, a false alarm costing 1 and a miss `miss`; of several, the highest.

    It looks at abnormal images, so it is for learning from test images, never a default.
    """
    values, counts_normal, counts_abnormal = _counted(normal, abnormal)
    thresholds = _between(values[::-1])
    false_alarms = np.concatenate([[0], np.cumsum(counts_normal[::-1])])
    missed = len(abnormal) - np.concatenate([[0], np.cumsum(counts_abnormal[::-1])])
    return float(thresholds[np.argmin(false_alarms + miss * missed)])


def _counted(normal: np.ndarray, abnormal: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The different scores, ascending, and how many normal and how many abnormal images have each."""
    values, places = np.unique(np.concatenate([normal, abnormal]), return_inverse=True)
    counts = [np.bincount(part, minlength=len(values)) for part in np.split(places.ravel(), [len(normal)])]
    return values, *counts


def _between(falling: np.ndarray) -> np.ndarray:
    """Thresholds above, between and below scores that fall: (K,) to (K + 1,); an image at a score is above the next."""
    falling = falling.astype(np.float64)
    middle = (falling[:-1] + falling[1:]) / 2
    beyond = 0.5 * (falling[0] - falling[-1]) or 0.5
    return np.concatenate([[falling[0] + beyond / len(falling)], middle, [falling[-1] - beyond / len(falling)]])

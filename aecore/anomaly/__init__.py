"""Telling what a network has never seen: scores of images, and how well scores tell normal from abnormal.

Everything is a pure function of arrays. A higher score is more abnormal, and an image is called abnormal where its
score is above a threshold.
"""

from aecore.anomaly.detection import (
    Confusion,
    auroc,
    average_precision,
    best_threshold,
    bootstrap_auroc,
    confusion,
    percentile_threshold,
    precision_recall_curve,
    roc_curve,
)
from aecore.anomaly.registry import COMBINED, SCORES, Score, combination_weights, default_score, scores_of

__all__ = [
    "COMBINED",
    "SCORES",
    "Confusion",
    "Score",
    "auroc",
    "average_precision",
    "best_threshold",
    "bootstrap_auroc",
    "combination_weights",
    "confusion",
    "default_score",
    "percentile_threshold",
    "precision_recall_curve",
    "roc_curve",
    "scores_of",
]

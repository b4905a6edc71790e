"""Images that a network has judged, as pictures: image, reconstruction, and where they differ."""

import numpy as np

from aecore.anomaly.scores import error_map
from aecore.datasets import Data, Split
from aecore.images import thumbnail, to_float, to_uint8
from aecore.worker.networks import Trained

WORST = 6  # of each group and score have their pictures kept with the scores


def cards(network: Trained, group: str, split: Split, chosen: np.ndarray) -> dict[str, np.ndarray]:
    """Pictures of some images of a group."""
    from aecore.training.batches import TEST, damaged

    recipe = network.run.recipe
    rng = np.random.default_rng((recipe.fit.seed, TEST, len(group)))
    inputs, targets = damaged(split, chosen, recipe.corruption, rng)
    outputs = network.predict(inputs) if len(chosen) else np.zeros(targets.shape, np.float32)
    return {f"{group}_{name}": array for name, array in pictures(to_float(targets), outputs).items()}


def worst(
    network: Trained, data: Data, abnormal: Split, index: np.ndarray, scores: np.ndarray, of_abnormal: np.ndarray
) -> dict[str, np.ndarray]:
    """Pictures of the images that scores judge worst: the highest of the normal ones, the lowest of the abnormal ones.

    Args:
        network: What gives them back.
        data: Holds the normal images.
        abnormal: The abnormal ones.
        index: Where the scored normal images are among the test images, (N,).
        scores: (S, N) of the normal images.
        of_abnormal: (S, A) of the abnormal ones.
    """
    found = {}
    for group, split, places, ranked in (
        ("normal", data.test, index, -scores),
        ("abnormal", abnormal, np.arange(len(abnormal)), of_abnormal),
    ):
        order = np.argsort(ranked.astype(np.float32), axis=1, kind="stable")  # as whoever reads them would rank them
        chosen = places[np.unique(order[:, :WORST])]
        found |= {f"{group}_shown": chosen.astype(np.int32), **cards(network, group, split, chosen)}
        found[f"{group}_error"] = found[f"{group}_error"].astype(np.float16)
    return found


def pictures(truth: np.ndarray, outputs: np.ndarray) -> dict[str, np.ndarray]:
    """Images (N, H, W, C) in [0, 1] and their reconstructions as thumbnails, and error maps of the same size."""
    errors = np.clip(thumbnail(error_map(truth, outputs)[..., None]), 0, 1)[..., 0]
    return {"clean": to_uint8(thumbnail(truth)), "output": to_uint8(thumbnail(outputs)), "error": errors}

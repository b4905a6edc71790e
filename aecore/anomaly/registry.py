"""The scores that a network can give, each with its name, its explanation and what it needs of the network."""

from collections.abc import Iterable
from dataclasses import dataclass

COMBINED = "combined"
COMBINES = {  # what a combination is made of, and with which weight: half of it errors, half distances
    "ssim_error": 3.0,
    "hidden_neighbours": 1.0,
    "latent_neighbours": 1.0,
    "mahalanobis": 1.0,
}
OUTPUT, LATENT, VARIATIONAL = "output", "latent", "variational"


@dataclass(frozen=True)
class Score:
    """One way to say how abnormal an image is.

    Args:
        title: What people read.
        explanation: One sentence.
        needs: What of a network: its `output`, a `latent` vector, or a `variational` one.
    """

    title: str
    explanation: str
    needs: str = OUTPUT


SCORES: dict[str, Score] = {
    "hidden_neighbours": Score(
        "Neighbours in hidden layers",
        "How far the pattern of active units, in every layer of the encoder, is from the three most similar training "
        "images; how strong the activity is as a whole does not count. The image is also looked at moved and turned a "
        "little, and the nearest of these views counts.",
        LATENT,
    ),
    "squared_error": Score(
        "Squared error",
        "Mean squared difference of image and reconstruction: large where the network cannot draw what it sees.",
    ),
    "ssim_error": Score(
        "SSIM error",
        "1 − SSIM of image and reconstruction: how much structure is lost, whatever the contrast. The image is also "
        "looked at moved and turned a little, and the view that loses least counts.",
    ),
    "mahalanobis": Score(
        "Latent distance, Mahalanobis",
        "Distance of the code from the middle of all training codes, in standard deviations along each direction.",
        LATENT,
    ),
    "latent_neighbours": Score(
        "Latent distance, neighbours",
        "Mean distance of the code to the three nearest training codes.",
        LATENT,
    ),
    "sap": Score(
        "Hidden layers, SAP",
        "The reconstruction is sent through the encoder again: how much it changes in all layers together.",
        LATENT,
    ),
    "nap": Score(
        "Hidden layers, NAP",
        "The same changes, each direction measured by how much it usually changes for training images.",
        LATENT,
    ),
    "negative_elbo": Score(
        "−ELBO",
        "Nats that the network needs to describe the image, its code included: an upper bound on −log p(image).",
        VARIATIONAL,
    ),
    COMBINED: Score(
        "Combined",
        "Half SSIM error, half distances (neighbours in hidden layers, both latent distances), each in standard "
        "deviations of held-out normal images.",
    ),
}


def scores_of(has_latent: bool, variational: bool) -> tuple[str, ...]:
    """Names of the scores that a network can give, the combination last."""
    offered = {OUTPUT, *([LATENT] if has_latent else []), *([VARIATIONAL] if variational else [])}
    return tuple(name for name, score in SCORES.items() if score.needs in offered)


def default_score(names: Iterable[str], one_kind: bool) -> str:
    """The score that is used unless another is asked for. It is fixed before any image is seen.

    A network that has learned one kind of image draws others wrongly, so its errors count, and distances beside them.
    One that has learned many kinds draws new ones nearly as well: only how it comes to do so gives them away.

    >>> default_score(SCORES, one_kind=True), default_score(SCORES, one_kind=False)
    ('combined', 'hidden_neighbours')

    Args:
        names: The scores that a network can give.
        one_kind: Whether all normal images are of one class.
    """
    names = tuple(names)
    return COMBINED if one_kind and set(COMBINES) <= set(names) else names[0]


def combination_weights(names: Iterable[str]) -> list[float]:
    """The weight of each score in a combination: 0 for those that take no part; all equal where only errors are."""
    names = tuple(names)
    if not set(COMBINES) <= set(names):
        return [1.0] * len(names)
    return [COMBINES.get(name, 0.0) for name in names]

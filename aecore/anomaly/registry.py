"""The scores that a network can give, each with its name, its explanation and what it needs of the network."""

from dataclasses import dataclass

COMBINED = "combined"
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
        "1 − SSIM of image and reconstruction: how much structure is lost, whatever the contrast.",
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
        "The mean of the other scores, each in standard deviations of held-out normal images.",
    ),
}


def scores_of(has_latent: bool, variational: bool) -> tuple[str, ...]:
    """Names of the scores that a network can give. The first is the default: it is fixed before any image is seen."""
    offered = {OUTPUT, *([LATENT] if has_latent else []), *([VARIATIONAL] if variational else [])}
    return tuple(name for name, score in SCORES.items() if score.needs in offered)

"""Which models enlarge by how much, and what they cost, as the form needs it."""

from dataclasses import dataclass

from aecore import enlargers
from aecore.enlargers import NETWORKS, PLAIN, RESTING, SCALES, VIEWS, WORN
from aecore.large import free_memory

FAITHFUL = tuple(name for name in NETWORKS if name != WORN)  # networks that keep what is given, noise and all


@dataclass(frozen=True)
class Cost:
    """What an enlargement takes.

    Args:
        seconds: About.
        megabytes: Of memory, meanwhile.
    """

    seconds: float
    megabytes: float


def scales() -> list[int]:
    """Factors to choose from; 1 only where a network cleans without enlarging."""
    return [scale for scale in SCALES if models(scale)]


def models(scale: int) -> list[str]:
    """Names of the models that enlarge by a factor, the one to begin with first; at 1× of those that clean."""
    return [enlarger.name for enlarger in enlargers.enlargers(scale) if scale > 1 or enlarger.name != PLAIN]


def title(name: str, scale: int = 0) -> str:
    """What a model is called; enlarging by nothing is doing nothing."""
    return "As given" if name == PLAIN and scale == 1 else enlargers.TITLES[name]


def about(name: str, scale: int) -> str:
    """What a model is, in a sentence or two."""
    return enlargers.find(name, scale).caption


def cost(name: str, scale: int, megapixels: float, ensemble: bool = False) -> Cost:
    """What a model takes for a photograph of so many megapixels."""
    enlarger = enlargers.find(name, scale)
    return Cost(enlarger.seconds(megapixels, VIEWS if ensemble else 1), enlarger.megabytes(megapixels))


def lacking(megabytes: float) -> int | None:
    """How many bytes of memory are free where that is less than an enlargement adds to a worker, else None."""
    free = free_memory()
    return free if free is not None and free < (megabytes - RESTING) * 1e6 else None

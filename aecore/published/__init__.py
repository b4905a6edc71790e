"""The five published systems that the lab rebuilds: what their sources say, and which presets stand for them.

Everything typed here is what a source reports or does. What the lab measured is computed from its runs; the `figure` of
a `Reported` says which measured one it is set beside. Keras is not needed for any of it.
"""

from aecore.published.beside import COSTS, Measured, costs, difference, measured, published_verdict, verdicts
from aecore.published.system import Budget, Reported, System, Trial, spelled
from aecore.published.systems import SYSTEMS

__all__ = [
    "COSTS",
    "SYSTEMS",
    "Budget",
    "Measured",
    "Reported",
    "System",
    "Trial",
    "costs",
    "difference",
    "measured",
    "published_verdict",
    "spelled",
    "verdicts",
]

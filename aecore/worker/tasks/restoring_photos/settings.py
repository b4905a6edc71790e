"""What restoring a photograph is asked for, checked: it comes from anyone's browser."""

from dataclasses import dataclass
from typing import Any

from aecore.corruptions import Corruption
from aecore.errors import NotAtHand, RequestError
from aecore.restorers import TASKS, Restorer, damage, offered, restorers
from aecore.worker.tasks.photos.settings import Output, number

CLASSICAL = "biharmonic"  # what fills holes in any photograph
PICTURES = ("photos", "faces")
MOST_DAMAGE = {"denoise": 1.0, "deblur": 5.0}


@dataclass(frozen=True)
class Wish:
    """How a photograph is to be restored: see the interface in this package."""

    task: str
    subject: str
    damage: float | None
    output: Output
    views: bool

    @classmethod
    def of(cls, arguments: dict[str, Any]) -> "Wish":
        """The wish that arguments hold.

        Raises:
            RequestError: One of them is unknown, out of range, or not offered for such pictures.
        """
        task, subject, strength = arguments.get("task"), arguments.get("subject", "photos"), arguments.get("damage")
        if subject not in PICTURES:
            raise RequestError(f"Pictures are {' or '.join(PICTURES)}; received {str(subject)[:40]!r}.")
        able = able_for(subject)
        if task not in able:
            raise RequestError(f"The task is one of {', '.join(able)}; received {str(task)[:40]!r}.")
        if strength is not None:
            if task not in MOST_DAMAGE:
                raise RequestError(f"A picture is damaged first for {' or '.join(MOST_DAMAGE)}, not for {task}.")
            strength = number(arguments, "damage", 0, MOST_DAMAGE[task])
        return cls(task, subject, strength, Output.of(arguments), bool(arguments.get("views", True)))

    @property
    def corruption(self) -> Corruption | None:
        """What a picture is damaged by first, if by anything."""
        return None if self.damage is None else damage(self.task, self.subject, self.damage)

    @property
    def network(self) -> Restorer | None:
        """The network that restores; None for the classical method.

        Raises:
            NotAtHand: It is not trained yet.
        """
        return network_for(self.task, self.subject)


def able_for(subject: str) -> list[str]:
    """The tasks for a person's own pictures: those of the networks, and holes in any photograph.

    >>> able_for("photos"), able_for("faces")
    (['denoise', 'deblur', 'fill', 'colour'], ['fill', 'colour'])
    """
    known = offered(subject)
    return [task for task in TASKS if task in known or (task == "fill" and subject == "photos")]


def network_for(task: str, subject: str) -> Restorer | None:
    """The network that restores such pictures; None where the classical method does.

    Raises:
        NotAtHand: It is not trained yet.
    """
    if task not in offered(subject):
        return None
    found = restorers(task, subject)[0]
    if found.run is None:
        raise NotAtHand(
            f"The network for this, {found.name}, is not trained yet; `python -m aecore train {found.name}` makes it."
        )
    return found

"""What can be asked of restorers: how strong a damage, and of which finished runs beside the lab's own.

>>> strengths("denoise", "photos").said(25 / 255)
'σ 25 of 255'
"""

from dataclasses import dataclass

from aecore.errors import RequestError
from aecore.presets import PRESETS
from aecore.recipe import Recipe
from aecore.restorers import SUBJECTS, Restorer, offered, restorers
from aecore.store import Run, Store

MOST_MEASURED = 10  # strengths in a curve
MOST_OWN = 6


@dataclass(frozen=True)
class Strengths:
    """Strengths of a damage that can be asked for, as people say them.

    Args:
        first: The weakest.
        last: The strongest: beyond what networks were trained on, to see what they do then.
        step: Between two stops.
        usual: The one to begin with.
        unit: What is said after a number.
        of: A stop is so many times the strength.
        label: What the number is.
    """

    first: float
    last: float
    step: float
    usual: float
    unit: str = ""
    of: int = 1
    label: str = "σ"

    @property
    def stops(self) -> list[float]:
        """All stops, as people say them."""
        count = round((self.last - self.first) / self.step)
        return [round(self.first + self.step * number, 6) for number in range(count + 1)]

    @property
    def measured(self) -> list[float]:
        """A few of them, at equal distances, for a curve."""
        return self.stops[:: -(-len(self.stops) // MOST_MEASURED)]

    def strength(self, stop: float) -> float:
        """The strength that a stop stands for: a field of a corruption."""
        return stop / self.of

    def stop(self, strength: float) -> float:
        """The stop nearest to a strength."""
        return min(self.stops, key=lambda stop: abs(stop - strength * self.of))

    def said(self, strength: float) -> str:
        """A strength for people."""
        return " ".join(part for part in (self.label, f"{round(strength * self.of, 4):g}", self.unit) if part)


_SMALL_NOISE = Strengths(0, 0.9, 0.05, 0.4)
_STRENGTHS = {
    ("denoise", "photos"): Strengths(0, 75, 5, 25, "of 255", of=255),
    ("deblur", "photos"): Strengths(0, 4.5, 0.25, 1.5, "px"),
    ("fill", "faces"): Strengths(8, 60, 4, 28, "px", label=""),
}
_USUALLY = {
    "denoise": _SMALL_NOISE,
    "deblur": Strengths(0, 3, 0.25, 1.5, "px"),
    "fill": Strengths(2, 20, 1, 10, "px", label=""),
}


def strengths(task: str, subject: str) -> Strengths | None:
    """The strengths of a task's damage that can be asked for; None where it has none, as grey."""
    return _STRENGTHS.get((task, subject)) or _USUALLY.get(task)


def checked(task: str, subject: str, strength: object) -> float | None:
    """A strength as it was received, if it can be asked for; None where the damage has none.

    Raises:
        RequestError: It cannot.
    """
    known = strengths(task, subject)
    if known is None:
        return None
    low, high = known.strength(known.first), known.strength(known.last)
    number = isinstance(strength, int | float) and not isinstance(strength, bool)
    if not number or not low - 1e-9 <= strength <= high + 1e-9:
        raise RequestError(
            f"The strength lies between {known.said(low)} and {known.said(high)}; received {str(strength)[:40]!r}."
        )
    return float(strength)


def title(restorer: Restorer, among: bool = True) -> str:
    """What a restorer is called: its network, and the strengths that it was trained on where there are any.

    Args:
        restorer: The restorer.
        among: Whether it stands among others, from which the network tells it apart.
    """
    known, trained = strengths(restorer.task, restorer.subject), restorer.trained_strength
    name = restorer.recipe.model.title if among else "Trained"
    if known is None or trained is None:
        return name
    return f"{name}, {'up to ' if restorer.blind else ''}{known.said(trained)}"


def place_of(recipe: Recipe) -> tuple[str, str] | None:
    """The task and the kind of picture that a recipe's network restores; None where it is offered for none."""
    for subject in SUBJECTS:
        for task in offered(subject):
            lab = PRESETS[f"{task}-{subject}"].recipe
            same = type(lab.dataset) is type(recipe.dataset) and type(lab.corruption) is type(recipe.corruption)
            any_size = subject == "photos" and not recipe.model.has_latent
            if same and (any_size or lab.input_shape == recipe.input_shape) and not recipe.dataset.private:
                return task, subject
    return None


def networks(task: str, subject: str) -> list[Restorer]:
    """Every network for a task: those of `restorers`, trained or not, then what else was trained here, newest first.

    Raises:
        RequestError: This task is not offered for such pictures.
    """
    known = restorers(task, subject)
    recipes = [restorer.recipe for restorer in known]
    own = [run for run in Store().runs() if run.recipe not in recipes and place_of(run.recipe) == (task, subject)]
    return known + [_restorer(run, task, subject) for run in own[:MOST_OWN]]


def by_run(run: Run) -> Restorer | None:
    """A run as a restorer; None where it restores nothing that is offered."""
    place = place_of(run.recipe)
    return None if place is None else _restorer(run, *place)


def _restorer(run: Run, task: str, subject: str) -> Restorer:
    name = next((name for name, preset in PRESETS.items() if preset.recipe == run.recipe), run.name)
    return Restorer(name, task, subject, run.recipe, run)

"""What restores a damaged picture: for every kind of picture, the networks of the lab that undo one damage.

>>> offered("photos")
('denoise', 'deblur', 'colour')
"""

from dataclasses import dataclass, replace

from aecore.corruptions import Corruption
from aecore.enlargers import BEGIN, FIRST_RATE, SECONDS_FOR_FILE, paces
from aecore.errors import RequestError
from aecore.presets import PRESETS
from aecore.recipe import Recipe
from aecore.store import Run, Store

TASKS = {"denoise": "Denoise", "deblur": "Deblur", "fill": "Fill a hole", "colour": "Colour"}
SUBJECTS = {"mnist": "Digits", "fashion": "Clothes", "faces": "Faces", "photos": "Photographs"}
STRENGTH = {"denoise": "stddev", "deblur": "stddev", "fill": "size"}  # the field that says how strong the damage is
OTHERS = {  # presets beside the lab's own network that undo the same damage, of one strength
    ("denoise", "mnist"): ("dense-mnist-denoise",),
    ("fill", "faces"): ("conv-faces-inpaint", "better-faces-inpaint"),
}

MOST_MISSING = 40_000  # px of a hole that the classical method fills: the time for more grows faster than their number
OVERLAP = 1.8  # how much is computed for a pixel that is kept


@dataclass(frozen=True)
class Restorer:
    """A network that undoes one damage of one kind of picture.

    Args:
        name: Its preset.
        task: A key of `TASKS`.
        subject: A key of `SUBJECTS`.
        recipe: How it was trained.
        run: Its run; None where it was not trained yet.
    """

    name: str
    task: str
    subject: str
    recipe: Recipe
    run: Run | None = None

    @property
    def damage(self) -> Corruption:
        """The damage that it was trained on."""
        return self.recipe.corruption

    @property
    def trained_strength(self) -> float | None:
        """Greatest strength that it was trained on; None where the damage has no strength."""
        return getattr(self.damage, STRENGTH[self.task]) if self.task in STRENGTH else None

    @property
    def blind(self) -> bool:
        """Whether it was trained on all strengths up to that one."""
        return getattr(self.damage, "varied", False)

    def seconds(self, megapixels: float) -> float:
        """About how long it takes here for a photograph of so many megapixels, until its file is written."""
        pace = paces().get(self.name)
        if pace is None:
            height, width = self.recipe.target_shape[:2]
            operations = self.run.info["flops"] / (height * width) if self.run else 0.0
            pace = SECONDS_FOR_FILE + operations * OVERLAP * 1e6 / FIRST_RATE
        return BEGIN + megapixels * pace


def offered(subject: str) -> tuple[str, ...]:
    """The tasks that are offered for a kind of picture.

    Raises:
        RequestError: There is no such kind.
    """
    if subject not in SUBJECTS:
        raise RequestError(f"There is no kind of picture {str(subject)[:40]!r}; there are {', '.join(SUBJECTS)}.")
    return tuple(task for task in TASKS if f"{task}-{subject}" in PRESETS)


def restorers(task: str, subject: str) -> list[Restorer]:
    """What undoes a damage of a kind of picture: the lab's network for all strengths first, then those for one.

    Raises:
        RequestError: This task is not offered for such pictures.
    """
    if task not in offered(subject):
        able = ", ".join(offered(subject))
        raise RequestError(f"{SUBJECTS[subject]} are not offered for the task {str(task)[:40]!r}; there are {able}.")
    store = Store()
    names = (f"{task}-{subject}", *OTHERS.get((task, subject), ()))
    return [Restorer(name, task, subject, PRESETS[name].recipe, store.find(PRESETS[name].recipe)) for name in names]


def damage(task: str, subject: str, strength: float | None = None) -> Corruption:
    """The damage of a task at one strength.

    Args:
        task: A key of `TASKS`.
        subject: A key of `SUBJECTS`.
        strength: Noise or blur as a standard deviation (of values in [0, 1], or in px), a hole's side in px; None for
            the greatest one that the lab's network was trained on, or where the damage has no strength.

    Raises:
        RequestError: There is no such task for these pictures, or no such strength.
    """
    learned = restorers(task, subject)[0].damage
    if task not in STRENGTH:
        return learned
    field = STRENGTH[task]
    return replace(
        learned, varied=False, **({} if strength is None else {field: type(getattr(learned, field))(strength)})
    )

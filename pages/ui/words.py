"""Recipes in words."""

from typing import Any

from aecore.params import Param, Part
from aecore.recipe import FAMILIES, Recipe


def headline(recipe: Recipe) -> str:
    """A recipe in one line: "Black box undone: MNIST digits through 32 numbers"."""
    through = f" through {recipe.latent_dim} numbers" if recipe.latent_dim else ""
    undone = "" if recipe.corruption.identity else f"{recipe.corruption.title} undone: "
    return f"{undone}{recipe.dataset.title}{through}"


def summary(recipe: Recipe) -> str:
    """What a recipe is made of: each part with the settings that matter."""
    parts = [part for part in (recipe.corruption, recipe.model, recipe.fit) if not getattr(part, "identity", False)]
    return "  ·  ".join(_said(part) for part in parts)


def times(recipe: Recipe) -> str:
    """How many times smaller than a picture its code is: "24.5", "6,144"."""
    return f"{recipe.compression:.3g}" if recipe.compression < 999.5 else f"{recipe.compression:,.0f}"


def squeezed(recipe: Recipe) -> str:
    """What becomes of a picture in a code: "784 → 8 numbers"."""
    return f"{round(recipe.compression * recipe.latent_dim)} → {recipe.latent_dim} numbers"


def _said(part: Part) -> str:
    shown = [
        f"{declared.label.lower()} {_spelled(declared, getattr(part, name))}".rstrip()
        for name, declared in part.params().items()
        if not declared.advanced and getattr(part, name) is not False
    ]
    return f"{part.title}: {', '.join(shown)}" if shown else part.title


def _spelled(declared: Param, value: Any) -> str:
    if value is True:
        return ""
    if declared.choices:
        return declared.choices[value].lower()
    if isinstance(value, tuple):
        return "–".join(map(str, value)) or "all"
    number = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{number} {declared.unit}".rstrip()


def command(recipe: Recipe, base: str, of: Recipe) -> str:
    """The command line that repeats a recipe.

    Args:
        recipe: What to repeat.
        base: Name of a preset.
        of: That preset's recipe: only what differs from it is said.
    """
    settings = []
    for family in FAMILIES:
        part, other = getattr(recipe, family), getattr(of, family)
        if type(part) is not type(other):
            settings.append(f"--set {family}={part.kind}")
            other = type(part)()
        for name in part.params():
            if getattr(part, name) != getattr(other, name):
                settings.append(f"--set {family}.{name}={_text(getattr(part, name))}")
    return " ".join([f"python -m aecore train {base}", *settings])


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)

"""What the commands share: their answers, the recipes and runs that names stand for, and work for the worker."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aecore.engine import LocalEngine, Status
from aecore.engine import run as run_job
from aecore.errors import NotAtHand, RequestError
from aecore.presets import PRESETS
from aecore.recipe import Recipe
from aecore.store import KEY, Run, Store


@dataclass(frozen=True)
class Answer:
    """What a command found: a JSON value, the same in words, and the exit status."""

    value: Any
    text: str
    status: int = 0


def recipe_named(name: str, settings: list[str]) -> Recipe:
    """The recipe that a preset's name, a file or a run's key stands for, with settings changed."""
    path = Path(name)
    if name in PRESETS:
        recipe = PRESETS[name].recipe
    elif KEY.fullmatch(name) and (run := Store().get(name)):
        recipe = run.recipe
    elif path.suffix == ".json" or path.is_file():
        recipe = _recipe_file(path)
    else:
        raise RequestError(
            f"{name[:80]!r} is neither a preset ({', '.join(PRESETS)}) nor a file nor the key of a finished run."
        )
    for setting in settings:
        where, separator, value = setting.partition("=")
        if not separator:
            raise RequestError(f"--set takes part.field=value, such as model.latent_dim=16; received {setting[:80]!r}.")
        recipe = recipe.setting(where.strip(), value.strip())
    return recipe


def _recipe_file(path: Path) -> Recipe:
    try:
        return Recipe.from_json(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise RequestError(f"The recipe {str(path)!r} cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise RequestError(f"The recipe {str(path)!r} is not whole JSON ({error}); save it again.") from error


def run_of(store: Store, recipe: Recipe) -> Run | None:
    """The run of exactly the data at hand, else of the same recipe on other data."""
    try:
        run = store.get(recipe.resolve().key)
    except NotAtHand:
        run = None
    return run or store.find(recipe)


def work(engine: LocalEngine, function: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Has the worker do something, tells how it goes on stderr, and gives the result."""
    return run_job(engine, function, arguments, who=f"cli{os.getpid()}", on_progress=_tell).value


def _tell(status: Status) -> None:
    progress = status.progress
    if status.state == "running" and "loss" in progress:
        line = f"epoch {progress['epoch']} of {progress['epochs']}, loss {progress['loss']:.4f}"
        end = "\r" if sys.stderr.isatty() else "\n"
        left = progress.get("seconds_left")
        print(line + (f", about {left:.0f} s left" if left is not None else ""), end=end, file=sys.stderr)


def run_named(name: str) -> Run:
    """The finished run of a key or a preset.

    Raises:
        RequestError: There is none.
    """
    store = Store()
    run = store.get(name) if KEY.fullmatch(name) else run_of(store, recipe_named(name, []))
    if run is None:
        remedy = "see `runs`" if KEY.fullmatch(name) else f"`python -m aecore train {name}` makes it"
        raise RequestError(f"There is no finished run {name!r}; {remedy}.")
    return run

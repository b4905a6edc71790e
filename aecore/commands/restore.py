"""The command that restores photographs."""

import argparse
from pathlib import Path

from aecore.commands.answer import Answer
from aecore.commands.batch import Order, each, plan
from aecore.commands.photos import is_file
from aecore.errors import NotAtHand, RequestError
from aecore.restorers import TASKS as KNOWN
from aecore.restorers import offered, restorers

TASKS = tuple(KNOWN)
FOR_FACES = " or ".join(offered("faces"))
DONE = {"denoise": "cleaned", "deblur": "sharpened", "fill": "filled", "colour": "coloured"}


def restore(options: argparse.Namespace) -> Answer:
    """Restores photographs; one that cannot be does not stop the rest."""
    subject = "faces" if options.faces else "photos"
    key = _check(options, subject)
    folder = Path(options.output)
    items = list(plan([Path(name) for name in options.images], folder, options.format))
    if not items:
        raise RequestError(f"There are no pictures in {', '.join(options.images)[:200]}.")
    arguments = {
        "task": options.task,
        "subject": subject,
        "damage": None,
        "strength": options.strength,
        "quality": options.quality,
        "keep_location": options.keep_location,
        "views": False,
        "run": key,  # a network that is trained anew makes another picture
    }
    more = {"mask": Path(options.mask)} if options.mask else {}
    return each(items, folder, Order("restore_photo", arguments, f"{DONE[options.task]} to {folder}", more))


def _check(options: argparse.Namespace, subject: str) -> str | None:
    """Says no to options that do not go together; the key of the network's run, if there is one.

    Raises:
        RequestError: They do not, or one is out of range.
        NotAtHand: The network is not trained yet.
    """
    if not 0 <= options.strength <= 1:
        raise RequestError(f"--strength is the share of the result, from 0 to 1; received {options.strength:g}.")
    if not 1 <= options.quality <= 100:
        raise RequestError(f"--quality is a number from 1 to 100; received {options.quality}.")
    if (options.task == "fill") != bool(options.mask):
        said = "--task fill takes a --mask that is white where the picture is missing"
        raise RequestError(f"{said}; received {'none' if not options.mask else f'one for --task {options.task}'}.")
    if options.mask and not is_file(Path(options.mask)):
        raise RequestError(f"There is no file {options.mask!r}.")
    if options.task not in offered(subject):
        if subject == "photos" and options.task == "fill":
            return None  # the classical method
        raise RequestError(f"--faces is for --task {FOR_FACES}; received {options.task}.")
    network = restorers(options.task, subject)[0]
    if network.run is None:
        raise NotAtHand(f"The network {network.name} is not trained yet; `python -m aecore train {network.name}` does.")
    return network.run.key

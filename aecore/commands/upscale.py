"""The command that enlarges photographs."""

import argparse
from pathlib import Path

from aecore.commands.answer import Answer
from aecore.commands.batch import Order, each, plan
from aecore.commands.photos import chosen
from aecore.errors import RequestError


def upscale(options: argparse.Namespace) -> Answer:
    """Enlarges photographs; one that cannot be does not stop the rest."""
    model = chosen(options.model, options.scale, options.photo)
    if not 1 <= options.quality <= 100:
        raise RequestError(f"--quality is a number from 1 to 100; received {options.quality}.")
    if not 0 <= options.strength <= 1:
        raise RequestError(f"--strength is the share of the result, from 0 to 1; received {options.strength:g}.")
    if options.width is not None and options.width < 1:
        raise RequestError(f"--width is a number of px from 1; received {options.width}.")
    folder = Path(options.output)
    items = list(plan([Path(name) for name in options.images], folder, options.format))
    if not items:
        raise RequestError(f"There are no pictures in {', '.join(options.images)[:200]}.")
    arguments = {
        "scale": options.scale,
        "model": model.name,
        "quality": options.quality,
        "keep_location": options.keep_location,
        "ensemble": options.ensemble,
        "strength": options.strength,
        "width": options.width,
        "views": False,
        "run": model.run and model.run.key,  # a model that is trained anew makes another picture
    }
    done = f"enlarged {options.scale}×" if options.scale > 1 else "cleaned"
    return each(items, folder, Order("enlarge", arguments, f"{done} by {model.title} to {folder}", {}))

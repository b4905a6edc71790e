"""What enlarges a photograph: bicubic, and every network of which a trained run is at hand.

>>> find("bicubic", 2).title
'Bicubic'
"""

import contextlib
import json
import math
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import median

from aecore.errors import RequestError
from aecore.home import home
from aecore.presets import PRESETS
from aecore.store import Run, Store

SCALES = (1, 2, 3, 4)
PLAIN = "bicubic"
WORN = "photo"  # for photographs with noise and traces of JPEG
NETWORKS = ("balanced", "fast", "best", WORN)  # the one to begin with first; each a preset for its scales, "fast-x2"
PUBLISHED = ("residual-photo-sr", "conv-photo-sr")  # presets that sharpen what bicubic has enlarged, by any factor
TITLES = {
    "balanced": "Balanced",
    "fast": "Fast",
    "best": "Best",
    WORN: "Photo",
    **{name: f"{name} (published)" for name in PUBLISHED},
    PLAIN: "Bicubic",
    "lanczos": "Lanczos",
}
FIRST_RATE = 8e10  # floating-point operations a second on two processor cores, until an enlargement here tells more
OVERLAP = 1.4  # how much is computed for a pixel that is kept
VIEWS = 8  # of a self-ensemble: turned by quarters, and mirrored
BEGIN = 1.0  # seconds until the first tile
SECONDS_FOR_FILE = 0.25  # for a megapixel of the result: measuring, writing
TELLING = 1.0  # megapixels; a smaller result says nothing of the pace
RESTING = 680.0  # MB of a worker that has loaded a network
MB_FOR_INPUT, MB_FOR_RESULT = 5.0, 4.2  # for each megapixel


@dataclass(frozen=True)
class Enlarger:
    """One way of making photographs larger by one factor.

    Args:
        name: What scripts call it, a key of `TITLES`.
        scale: The factor, 1 to 4.
        run: Its trained network; None for bicubic.
    """

    name: str
    scale: int
    run: Run | None = None

    @property
    def title(self) -> str:
        """What people call it."""
        return TITLES[self.name]

    @property
    def sharpens(self) -> bool:
        """Whether its network is given a picture that is enlarged already."""
        return self.name in PUBLISHED

    @property
    def caption(self) -> str:
        """What it is, and what it is worth, in a sentence or two."""
        if self.run is None:
            return "A smooth surface through the given pixels, as most programs draw it. It invents nothing."
        report = self.run.report
        gain = report["psnr"] - report["input_psnr"]
        closer = f"{abs(gain):.2f} dB {'closer to' if gain > 0 else 'farther from'} the truth than"
        if self.sharpens:
            return (
                f"A published network of {report['parameters']:,} weights that sharpens what bicubic has enlarged; on "
                f"photographs it had not seen {closer} doing nothing."
            )
        weights = f"{report['parameters']:,} weights"
        if self.name != WORN:
            return f"{weights}; on photographs it had not seen {closer} bicubic."
        than = "bicubic" if self.scale > 1 else "the damaged picture"
        return f"Cleans noise and traces of JPEG. {weights}; on damaged photographs it had not seen {closer} {than}."

    def seconds(self, megapixels: float, views: int = 1) -> float:
        """About how long it takes on this machine, until the file is written.

        Args:
            megapixels: Of the photograph that is given.
            views: How many times it is enlarged, for the mean of them.
        """
        made, known = megapixels * self.scale**2, paces()
        pace = known.get(self.name_and_scale)
        if pace is None:
            rate = FIRST_RATE if self.sharpens else _rate(known)
            pace = SECONDS_FOR_FILE + self.operations * OVERLAP * 1e6 / rate
        return BEGIN + made * (pace + (views - 1) * max(pace - SECONDS_FOR_FILE, pace / 4))

    def megabytes(self, megapixels: float) -> float:
        """About how much memory the worker takes meanwhile, all in all.

        Args:
            megapixels: Of the photograph that is given.
        """
        return RESTING + megapixels * (MB_FOR_INPUT + MB_FOR_RESULT * self.scale**2)

    @property
    def name_and_scale(self) -> str:
        """What its pace is kept under."""
        return f"{self.name}-x{self.scale}"

    @property
    def operations(self) -> float:
        """Floating-point operations for one pixel of the result."""
        if self.run is None:
            return 0.0
        return self.run.info["flops"] / math.prod(self.run.recipe.target_shape[:2])


def enlargers(scale: int) -> list[Enlarger]:
    """What enlarges by a factor: the lab's networks, the one to begin with first, then bicubic, then published ones.

    Raises:
        RequestError: Nothing enlarges by this factor.
    """
    if scale not in SCALES:
        raise RequestError(f"Photographs are enlarged by {', '.join(map(str, SCALES))}; received {str(scale)[:40]!r}.")
    made = _made()
    ours = [Enlarger(name, scale, made[f"{name}-x{scale}"]) for name in NETWORKS if f"{name}-x{scale}" in made]
    others = [Enlarger(name, scale, made[name]) for name in PUBLISHED if name in made and scale > 1]
    return [*ours, Enlarger(PLAIN, scale), *others]


def find(name: str, scale: int) -> Enlarger:
    """The enlarger of a name.

    Raises:
        RequestError: There is none for this factor.
    """
    offered = enlargers(scale)
    for enlarger in offered:
        if enlarger.name == name:
            return enlarger
    names = ", ".join(enlarger.name for enlarger in offered)
    raise RequestError(f"There is no model {str(name)[:40]!r} that enlarges {scale}×; there are {names}.")


def note_pace(enlarger: Enlarger, megapixels: float, seconds: float, views: int = 1) -> None:
    """Keeps how long an enlargement took here, for the next estimate.

    Args:
        enlarger: Who made it.
        megapixels: Of the result.
        seconds: From reading to the written file.
        views: How many times it was enlarged.
    """
    once = BEGIN + SECONDS_FOR_FILE * megapixels  # what does not depend on the views
    keep_pace(enlarger.name_and_scale, megapixels, seconds - (views - 1) / views * max(0.0, seconds - once))


def keep_pace(name: str, megapixels: float, seconds: float) -> None:
    """Keeps how long a network took here for so many megapixels; what is too small to tell is left out."""
    if megapixels < TELLING:
        return
    pace, known = max(seconds - BEGIN, seconds / 2) / megapixels, paces()
    pace = (known[name] + pace) / 2 if name in known else pace
    beside = _pace_file().with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):  # a home that cannot be written has no memory; the estimate stays
        beside.write_text(json.dumps({**known, name: pace}), encoding="utf-8")
        beside.replace(_pace_file())


def _rate(known: dict[str, float]) -> float:
    """Floating-point operations a second of the lab's networks here, by the paces of those that were measured."""
    seen = [
        each.operations
        * OVERLAP
        * 1e6
        / max(known[each.name_and_scale] - SECONDS_FOR_FILE, known[each.name_and_scale] / 4)
        for scale in SCALES
        for each in enlargers(scale)
        if each.operations and not each.sharpens and known.get(each.name_and_scale, 0) > 0
    ]
    return median(seen) if seen else FIRST_RATE


def _pace_file() -> Path:
    return home() / "enlarging.json"


def paces() -> dict[str, float]:
    """Seconds for a megapixel of the result, by the name and factor of an enlarger, or the name of a restorer."""
    try:
        found = json.loads(_pace_file().read_text(encoding="utf-8"))
        return {str(name): float(pace) for name, pace in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):  # never kept, or damaged: there is always an estimate
        return {}


def _made() -> dict[str, Run]:
    """Finished runs of the presets that enlarge, by the preset's name."""
    store = Store()
    folders = (store.folder, store.shipped)
    return _found(tuple((folder, tuple(sorted(folder.iterdir())) if folder.is_dir() else ()) for folder in folders))


@lru_cache(maxsize=2)
def _found(layers: tuple[tuple[Path, tuple[Path, ...]], ...]) -> dict[str, Run]:
    """As `_made`, for a store of these layers: reading every run takes long, and is done again only when one comes."""
    store = Store(*(folder for folder, _ in layers))
    names = [*(f"{name}-x{scale}" for name in NETWORKS for scale in SCALES), *PUBLISHED]
    made = {name: store.find(PRESETS[name].recipe) for name in names if name in PRESETS}
    return {name: run for name, run in made.items() if run is not None}

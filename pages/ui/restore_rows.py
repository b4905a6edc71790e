"""Rows of pictures: clean, damaged, and what each network or method makes of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from aecore.classical import METHODS
from aecore.figures.mistakes import colour_bar
from aecore.figures.palette import TOO_BRIGHT, TOO_DARK
from aecore.figures.pictures import difference_scale, signed_difference
from aecore.figures.restoring import misfit_pictures, misfit_scale
from aecore.images import with_channels
from aecore.metrics import finite_mean, format_psnr
from pages.ui import film
from pages.ui.restore_scene import Scene

LARGEST = {"photos": 176}  # px of the screen; other pictures take the room there is
ACROSS = {"photos": 6}
USUALLY_ACROSS = 8
LONG = 11  # letters of a word that does not fit beside a row


@dataclass(frozen=True)
class Answer:
    """What a network or a method made of a few pictures.

    Args:
        name: The key of its run, or the method's name.
        title: What people call it.
        pictures: (N, H, W, C) uint8.
        misfit: (N, H, W) where it does not fit what was given.
        seconds: For a picture.
        psnr: (N,) dB.
        ssim: (N,).
        hole_psnr: (N,) dB, or None where there is no hole.
    """

    name: str
    title: str
    pictures: np.ndarray
    misfit: np.ndarray
    seconds: float
    psnr: np.ndarray
    ssim: np.ndarray
    hole_psnr: np.ndarray | None = None

    @property
    def learned(self) -> bool:
        """Whether it is a network."""
        return self.name not in METHODS


@dataclass(frozen=True)
class Seen:
    """A few pictures, and what was made of them.

    Args:
        clean: (N, H, W, C) uint8.
        damaged: (N, H, W, c) uint8.
        hole: (N, H, W, 1) bool, or None.
        before: The damaged ones with their quality, as an answer that does nothing.
        answers: Networks first.
        names: What each picture is called.
        value: What the job said.
    """

    clean: np.ndarray
    damaged: np.ndarray
    hole: np.ndarray | None
    before: Answer
    answers: list[Answer]
    names: list[str]
    value: dict[str, Any]


def seen(scene: Scene, found: list[tuple[dict[str, Any], dict[str, np.ndarray]]]) -> Seen:
    """What jobs gave for the same pictures, put together.

    Args:
        scene: What is looked at.
        found: Value and arrays of each job; at least one.
    """
    value, arrays = found[0]
    answers = [
        Answer(
            answer["name"], scene.title_of(answer["name"]), more[f"output_{number}"], more[f"misfit_{number}"],
            answer["seconds"], *(more.get(f"{kind}_{number}") for kind in ("psnr", "ssim", "hole_psnr")),
        )
        for said, more in found
        for number, answer in enumerate(said["answers"])
    ]  # fmt: skip
    clean, damaged = arrays["clean"], arrays["damaged"]
    as_clean = np.stack([with_channels(image, clean.shape[-1]) for image in damaged])
    before = Answer(
        "", "Damaged", as_clean, np.zeros(clean.shape[:3]), 0.0,
        *(arrays.get(kind) for kind in ("psnr", "ssim", "hole_psnr")),
    )  # fmt: skip
    labels = value.get("labels", [-1] * len(clean))
    names = film.told(labels, value.get("classes", []))
    return Seen(clean, damaged, arrays.get("hole"), before, answers, names, value)


def shown(scene: Scene, found: Seen) -> list[Answer]:
    """The answers that are drawn: the first network's, and those chosen to stand beside it."""
    first = scene.keys[:1]
    return [answer for answer in found.answers if answer.name in first or answer.name in scene.beside]


def rows(scene: Scene, found: Seen) -> list[film.Row]:
    """Rows of pictures, each with its PSNR and SSIM below."""
    answers = shown(scene, found)
    made = [film.row("Clean", found.clean, found.names), _row("Damaged", found.damaged, found.before, found.names)]
    wrong = difference_scale(
        np.concatenate([found.clean] * len(answers)) if answers else found.clean[:0],
        np.concatenate([answer.pictures for answer in answers]) if answers else found.clean[:0],
    )
    odd = misfit_scale(*(answer.misfit for answer in answers if answer.learned))
    for answer in answers:
        first = answer.name in scene.keys[:1]
        made.append(_row("Restored" if first else hyphened(answer.title), answer.pictures, answer, found.names))
        if scene.difference:
            pictures = signed_difference(found.clean, answer.pictures, wrong)
            made.append(_map("Difference", f"±{wrong:g}", pictures, found.names, [TOO_DARK, TOO_BRIGHT]))
        if scene.misfit and answer.learned:
            pictures = misfit_pictures(answer.misfit, odd, found.hole)
            made.append(_map("Does not fit", f"0 to {odd:g}", pictures, found.names, colour_bar()))
    return made


def _row(label: str, pictures: np.ndarray, answer: Answer, names: list[str]) -> film.Row:
    captions = [caption(answer, number) for number in range(len(names))]
    row = film.row(label, pictures, names, captions)
    mean = finite_mean(answer.psnr if answer.hole_psnr is None else answer.hole_psnr)
    for cell, text in zip(row["frames"][0], captions, strict=True):
        cell["caption"] = text
    return {**row, "note": f"{'hole ' if answer.hole_psnr is not None else ''}{format_psnr(mean)}"}


def hyphened(title: str) -> str:
    """A title whose long words may be broken: labels of rows are narrow."""
    return " ".join(f"{word[:7]}\u00ad{word[7:]}" if len(word) > LONG else word for word in title.split())


def _map(label: str, note: str, pictures: np.ndarray, names: list[str], scale: list[str]) -> film.Row:
    return {**film.row(label, pictures, names), "note": note, "scale": scale}


def caption(answer: Answer, number: int) -> str:
    """PSNR and SSIM of one picture, for people: "24.1 dB · 0.93"; before them the PSNR of a hole."""
    whole = f"{format_psnr(float(answer.psnr[number]))} · {answer.ssim[number]:.2f}"
    if answer.hole_psnr is None:
        return whole
    hole = f"hole {format_psnr(float(answer.hole_psnr[number]))}"
    return " ".join(part.replace(" ", "\u00a0") for part in (f"{hole},", whole))  # breaks between the two only


def draw(scene: Scene, found: Seen, key: str) -> None:
    """Draws the rows; pictures replace each other in place when the strength changes."""
    film.show(
        rows(scene, found), found.clean.shape[1:3], key=key, identity=f"{scene.subject} {scene.task}",
        columns=min(ACROSS.get(scene.subject, USUALLY_ACROSS), max(4, len(found.clean))),
        largest=LARGEST.get(scene.subject, 0),
    )  # fmt: skip

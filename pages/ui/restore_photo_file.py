"""The file of a restored photograph: its format, its strength, and its download."""

from pathlib import Path

from pages.ui import photo_file
from pages.ui.photo_file import ENDINGS
from pages.ui.photo_jobs import Asked
from pages.ui.restore_photo_words import DONE

KEY = "restore.photo"


def files(asked: Asked, name: str, strength: float) -> None:
    """Draws what can be downloaded of a finished restoration; see `photo_file.offer`."""
    task = asked.arguments["task"]
    photo_file.offer(asked, "restore_photo_file", KEY, strength, lambda made_as: file_name(name, task, made_as))


def file_name(name: str, task: str, made_as: str) -> str:
    """What a result's file is called.

    >>> file_name("holiday.heic.jpg", "denoise", "jpeg")
    'holiday.heic-cleaned.jpg'
    """
    stem = "".join(letter if letter.isalnum() or letter in " ._-" else "_" for letter in Path(name).stem)
    return f"{stem or 'photograph'}-{DONE[task]}.{ENDINGS[made_as]}"

"""What tasks on photographs are asked for, checked: it comes from anyone's browser."""

from dataclasses import dataclass
from typing import Any

from aecore.enlargers import Enlarger, find
from aecore.errors import RequestError
from aecore.photo import ENDINGS, Photo, check_size, read_photo
from aecore.worker.job import Job

PICTURE = "picture"
MOST_DPI = 10_000
LARGEST_RESULT = 101_000_000  # px: 25.2 megapixels, four times as large


@dataclass(frozen=True)
class Output:
    """How a result is written; see the interface in this package. `strength` is its share over what was given."""

    strength: float
    format: str
    quality: int
    keep_location: bool
    dpi: int

    @classmethod
    def of(cls, arguments: dict[str, Any]) -> "Output":
        """The output that arguments ask for.

        Raises:
            RequestError: One of them is unknown or out of range.
        """
        format = arguments.get("format", "png")
        if format not in ENDINGS:
            raise RequestError(f"A photograph is written as {', '.join(ENDINGS)}; received {str(format)[:40]!r}.")
        return cls(
            strength=number(arguments, "strength", 0, 1, 1.0),
            format=format,
            quality=whole(arguments, "quality", 1, 100, 92),
            keep_location=bool(arguments.get("keep_location", False)),
            dpi=whole(arguments, "dpi", 0, MOST_DPI, 0),
        )


@dataclass(frozen=True)
class Wish:
    """How a photograph is to be enlarged; see the interface in this package."""

    enlarger: Enlarger
    output: Output
    ensemble: bool
    width: int | None
    views: bool

    @classmethod
    def of(cls, arguments: dict[str, Any]) -> "Wish":
        """The wish that arguments hold.

        Raises:
            RequestError: One of them is unknown or out of range.
        """
        width = arguments.get("width")
        return cls(
            enlarger=enlarger(arguments),
            output=Output.of(arguments),
            ensemble=bool(arguments.get("ensemble", False)),
            width=None if width is None else whole(arguments, "width", 1, LARGEST_RESULT),
            views=bool(arguments.get("views", True)),
        )

    def size(self, photo: Photo) -> tuple[int, int]:
        """(height, width) of the result in px.

        Raises:
            RequestError: It would be larger than the model makes it, than what is made here, or than the format holds.
        """
        height, width = (length * self.enlarger.scale for length in photo.size)
        if self.width is not None:
            if self.width > width:
                raise RequestError(
                    f"{self.enlarger.scale}× makes it {width} px wide; received {self.width}. Choose a larger factor."
                )
            height, width = max(1, round(height * self.width / width)), self.width
        if height * width > LARGEST_RESULT:
            raise RequestError(
                f"The result would have {width} × {height} px, that is {width * height / 1e6:.0f} megapixels; at most "
                f"{LARGEST_RESULT / 1e6:.0f} are made. Choose a smaller size."
            )
        check_size(self.output.format, height, width)
        return height, width


def photograph(job: Job) -> Photo:
    """The photograph that a job was given.

    Raises:
        RequestError: There is none, or it cannot be read.
    """
    path = job.files / PICTURE
    if not path.is_file():
        raise RequestError("There is no photograph: bring one.")
    return read_photo(path, "The photograph")


def enlarger(arguments: dict[str, Any], name: str | None = None) -> Enlarger:
    """The model that arguments name, for the factor that they name."""
    scale = arguments.get("scale")
    if isinstance(scale, bool) or not isinstance(scale, int):
        raise RequestError(f"“scale” is a whole number from 1 to 4; received {str(scale)[:40]!r}.")
    return find(name or str(arguments.get("model")), scale)


def several(arguments: dict[str, Any], at_least: int = 1) -> list[Enlarger]:
    """The models that arguments list, each once.

    Args:
        arguments: With “models” and “scale”.
        at_least: Smallest factor that makes sense.
    """
    names = arguments.get("models")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise RequestError(f"“models” is a list of names; received {str(names)[:80]!r}.")
    whole(arguments, "scale", at_least, 4)
    return [enlarger(arguments, name) for name in dict.fromkeys(names)]


def number(arguments: dict[str, Any], name: str, low: float, high: float, default: float | None = None) -> float:
    """A number among arguments.

    Raises:
        RequestError: It is none, or out of range.
    """
    value = arguments.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise RequestError(f"“{name}” is a number from {low:g} to {high:g}; received {str(value)[:40]!r}.")
    return float(value)


def whole(arguments: dict[str, Any], name: str, low: int, high: int, default: int | None = None) -> int:
    """A whole number among arguments.

    Raises:
        RequestError: It is none, or out of range.
    """
    value = arguments.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise RequestError(f"“{name}” is a whole number from {low} to {high}; received {str(value)[:40]!r}.")
    return value

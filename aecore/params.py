"""Parts and their parameters: one declaration, from which everything else follows.

A *part* is a frozen dataclass that is a choice and its implementation. Each of its fields is one `param(…)` line; the
form, the validation, the command-line flag, the docs row and the bounds of the tests are read from it. A `Registry`
holds the parts of one kind, and is the only list of their names.

    >>> SHAPES = Registry("shape")
    >>> @SHAPES("circle")
    ... @dataclass(frozen=True)
    ... class Circle(Part):
    ...     "A round one."
    ...     radius: float = param(0.1 + 0.2, low=0, high=1, label="Radius", unit="m")
    >>> SHAPES.from_json({"kind": "circle"}).to_json()
    {'kind': 'circle', 'version': 1, 'radius': 0.3}
"""

import dataclasses
import hashlib
import inspect
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from aecore.errors import RequestError

SIGNIFICANT_DIGITS = 10  # a slider that drifted to 0.30000000000000004 means 0.3


@dataclass(frozen=True)
class Param:
    """What one field accepts, and how it is presented.

    Args:
        default: The value when nothing is said; its type is the field's: bool, int, float, str, or a tuple of int.
        low: Smallest number accepted, for a number or for each member of a sequence.
        high: Largest number accepted.
        step: The step of a slider. Values between two steps are accepted.
        choices: The strings accepted, each with its label.
        most: Longest sequence, or text, accepted.
        label: What the form calls it.
        help: One or two sentences for the question mark beside it.
        unit: Unit of the number, for forms and axes ("px", "dB"…).
        advanced: Whether the form folds it away.
        later: Whether it came when runs of its part had been kept already: at its default it is left out of the JSON,
            so that their keys stay what they were.
    """

    default: Any
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: Mapping[str, str] | None = None
    most: int = 0
    label: str = ""
    help: str = ""
    unit: str = ""
    advanced: bool = False
    later: bool = False

    def check(self, value: Any, name: str) -> Any:
        """Returns `value` in its one canonical form.

        Args:
            value: What was received: a value, or its text from a command line or an address.
            name: How the sentence of a refusal calls the field.

        Raises:
            RequestError: The value is of the wrong type or out of range.
        """
        if isinstance(self.default, bool):
            return self._boolean(value, name)
        if isinstance(self.default, (int, float)):
            return self._number(value, name, self.default)
        if isinstance(self.default, tuple):
            return self._sequence(value, name)
        return self._text(value, name)

    def describe(self) -> str:
        """Says in words what is accepted, such as "a number from 0 to 1"."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if isinstance(self.default, bool):
            return "true or false"
        if isinstance(self.default, str):
            return f"a text of at most {self.most} characters"
        bounds = f"from {self.low:g} to {self.high:g}" if self.low is not None and self.high is not None else ""
        if isinstance(self.default, tuple):
            return f"at most {self.most} whole numbers {bounds}, such as 128,64".replace("  ", " ")
        return f"a {'whole ' if isinstance(self.default, int) else ''}number {bounds}".rstrip()

    def _refuse(self, value: Any, name: str) -> RequestError:
        received = value if isinstance(value, str) else repr(value)
        return RequestError(f"{name} received {received[:80]!r}; it takes {self.describe()}.")

    def _boolean(self, value: Any, name: str) -> bool:
        if isinstance(value, bool):
            return value
        word = str(value).lower()
        if word not in ("true", "1", "yes", "on", "false", "0", "no", "off"):
            raise self._refuse(value, name)
        return word in ("true", "1", "yes", "on")

    def _number(self, value: Any, name: str, like: int | float) -> int | float:
        if isinstance(value, bool):
            raise self._refuse(value, name)
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            raise self._refuse(value, name) from None
        below = self.low is not None and number < self.low
        above = self.high is not None and number > self.high
        if not math.isfinite(number) or below or above or (isinstance(like, int) and number != int(number)):
            raise self._refuse(value, name)
        return int(number) if isinstance(like, int) else float(f"{number:.{SIGNIFICANT_DIGITS}g}") + 0.0  # no -0.0

    def _sequence(self, value: Any, name: str) -> tuple[int, ...]:
        if isinstance(value, str):
            value = [item for item in value.strip("()[] ").split(",") if item.strip()]
        if not isinstance(value, (list, tuple)) or len(value) > self.most:
            raise self._refuse(value, name)
        return tuple(self._number(item, name, 0) for item in value)

    def _text(self, value: Any, name: str) -> str:
        if not isinstance(value, str):
            raise self._refuse(value, name)
        if value not in self.choices if self.choices else len(value) > self.most or not value.isprintable():
            raise self._refuse(value, name)
        return value


def param(default: Any, **options: Any) -> Any:
    """Declares one field of a part: `stddev: float = param(0.2, low=0, high=1, label="Noise σ")`."""
    return field(default=default, metadata={"param": Param(default, **options)})


@dataclass(frozen=True)
class Part:
    """A choice and its implementation; see the module's docstring.

    The docstring's first line is the caption in a form, the rest its explanation. `version` goes up when the same
    settings come to mean something else, so that old runs no longer answer for new ones.
    """

    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    version: ClassVar[int] = 1

    def __post_init__(self) -> None:
        for name, declared in self.params().items():
            checked = declared.check(getattr(self, name), f"{declared.label or name} ({self.kind}.{name})")
            object.__setattr__(self, name, checked)

    @classmethod
    def params(cls) -> dict[str, Param]:
        """The declared fields, in order."""
        return {item.name: item.metadata["param"] for item in dataclasses.fields(cls)}

    @classmethod
    def caption(cls) -> str:
        """The docstring's first line."""
        return inspect.getdoc(cls).partition("\n")[0]

    @classmethod
    def explanation(cls) -> str:
        """The docstring after its first line."""
        return inspect.getdoc(cls).partition("\n")[2].strip()

    def to_json(self) -> dict[str, Any]:
        """This part as plain JSON values, with its kind and version."""
        values = {
            name: getattr(self, name)
            for name, declared in self.params().items()
            if not declared.later or getattr(self, name) != declared.default
        }
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
        return {"kind": self.kind, "version": self.version, **plain}

    def replace(self, **changes: Any) -> "Part":
        """A copy with some fields changed.

        Raises:
            RequestError: A field does not exist or does not accept its value.
        """
        for name in changes:
            if name not in self.params():
                known = ", ".join(self.params()) or "none"
                raise RequestError(f"{self.kind!r} has no setting {name!r}; its settings are: {known}.")
        return dataclasses.replace(self, **changes)


class Registry(Mapping):
    """The parts of one family by name, in the order in which they were declared.

    Args:
        family: What the parts are ("corruption", "model"…), for sentences and for the recipe's JSON.
    """

    def __init__(self, family: str) -> None:
        self.family = family
        self._parts: dict[str, type[Part]] = {}

    def __call__(self, kind: str, title: str = ""):
        """Class decorator that registers a part as `kind`, called `title` in forms."""

        def register(part: type[Part]) -> type[Part]:
            part.kind, part.title = kind, title or kind.replace("_", " ").capitalize()
            self._parts[kind] = part
            return part

        return register

    def __getitem__(self, kind: str) -> type[Part]:
        if kind not in self._parts:
            known = ", ".join(self._parts)
            raise RequestError(f"There is no {self.family} {str(kind)[:80]!r}; the lab has: {known}.")
        return self._parts[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def from_json(self, value: Any) -> Part:
        """Rebuilds a part from its JSON; settings that are left out keep their defaults.

        Raises:
            RequestError: The kind, the version or a setting is unknown, or a value is not accepted.
        """
        if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
            raise RequestError(f'The {self.family} of a recipe looks like {{"kind": …}}; received {str(value)[:80]}.')
        settings = {name: item for name, item in value.items() if name not in ("kind", "version")}
        part = self[value["kind"]]
        if value.get("version", part.version) != part.version:
            raise RequestError(
                f"The {self.family} {part.kind!r} is of version {value['version']} in this recipe and of version "
                f"{part.version} in this lab; remove the line with the version to use it all the same."
            )
        return part().replace(**settings)


def canonical_json(value: Any) -> str:
    """The one spelling of a JSON value: sorted, without blanks, ASCII. Equal values give equal texts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(value: Any) -> str:
    """First 16 hex digits of the SHA-256 of a JSON value's canonical text."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()[:16]

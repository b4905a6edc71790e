"""The form of any part, drawn from its declared parameters. A new part or a new field needs no change here.

Every widget's key is `page.field` for the choice of a part and `page.kind.field` for its settings, which is also its
name in the address.
"""

import math
from collections.abc import Container
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from aecore.datasets import Dataset
from aecore.errors import RequestError
from aecore.params import Param, Part, Registry
from aecore.recipe import FAMILIES, Recipe

HEADINGS = {"dataset": "Data", "corruption": "Damage", "model": "Network", "fit": "Training"}
MOST_STEPS = 100  # a slider with more is too fine to hit
WIDE = 100  # from so large a ratio of high to low on, a slider goes by factors
MOST_PILLS = 20
BOUND = {"bind": "query-params"}


def recipe_form(page: str, default: Recipe, folded: Container[str] = ()) -> tuple[Recipe, dict[str, Any]]:
    """Draws all parts of a recipe: what matters first, the rest folded away.

    Args:
        page: Prefix of the keys.
        default: What is chosen when the address says nothing.
        folded: Names of fields that this page folds away as well.

    Returns:
        The recipe, and for each family a container below the choice of its part.

    Raises:
        RequestError: The settings do not go together.
    """
    st.session_state.update(st.session_state.pop(f"{page}.later", {}))
    starts: dict[str, Part] = {}
    values: dict[str, dict[str, Any]] = {}
    slots: dict[str, Any] = {}
    for family, registry in FAMILIES.items():
        starts[family] = _choice(page, family, registry, getattr(default, family))
        slots[family] = st.container()
        values[family] = _widgets(page, starts[family], folded, advanced=False)
    with st.expander("Advanced"):
        for family, start in starts.items():
            values[family] |= _widgets(page, start, folded, advanced=True)
    return Recipe(**{family: start.replace(**values[family]) for family, start in starts.items()}), slots


def fill(page: str, recipe: Recipe) -> None:
    """Sets every widget of the form to a recipe's value; to be called before the form is drawn."""
    st.session_state.update(_states(page, recipe))


def says(page: str, recipe: Recipe) -> bool:
    """Whether every widget of the form, as far as it was drawn, has a recipe's value."""
    return all(st.session_state.get(key, value) == value for key, value in _states(page, recipe).items())


def _states(page: str, recipe: Recipe) -> dict[str, Any]:
    """What the session holds for each widget of the form when it shows a recipe."""
    states: dict[str, Any] = {}
    for family, part in recipe.parts().items():
        if len(FAMILIES[family]) > 1:
            states[f"{page}.{family}"] = part.kind
        for name, declared in part.params().items():
            states[_key(page, part, name)] = _shown(declared, getattr(part, name))
    return states


def later(page: str, values: dict[str, Any]) -> None:
    """Sets widgets of the form, by key, when it is drawn the next time: once drawn, they cannot be set any more."""
    st.session_state[f"{page}.later"] = values


def address(page: str, recipe: Recipe) -> str:
    """The query of a link that says every setting, so that a changed default does not change it."""
    said: list[tuple[str, str]] = []
    for family, part in recipe.parts().items():
        if len(FAMILIES[family]) > 1:
            said.append((f"{page}.{family}", part.title))
        for name in part.params():
            said += [(_key(page, part, name), text) for text in _texts(part, name)]
    return urlencode(said)


def _choice(page: str, family: str, registry: Registry, preset: Part) -> Part:
    """Draws the choice of a part, and returns the chosen one with the values that its form begins with."""
    heading, kinds = HEADINGS.get(family, family.capitalize()), list(registry)
    st.markdown(f"**{heading}**")
    if len(kinds) == 1:
        return preset
    kind = st.selectbox(
        heading,
        kinds,
        label_visibility="collapsed",
        index=kinds.index(preset.kind),
        format_func=lambda name: registry[name].title,
        key=f"{page}.{family}",
        **BOUND,
    )
    part = preset if kind == preset.kind else registry[kind]()
    st.caption(part.caption(), help=part.explanation() or None)
    return part


def _widgets(page: str, start: Part, folded: Container[str], advanced: bool) -> dict[str, Any]:
    """Draws the parameters of one part that are folded away, or those that are not; an empty field is left out."""
    declared = start.params().items()
    names = [name for name, item in declared if (item.advanced or name in folded) == advanced]
    drawn = {name: _widget(page, name, start) for name in names}
    return {name: value for name, value in drawn.items() if value is not None}


def _key(page: str, part: Part, name: str) -> str:
    return f"{page}.{part.kind}.{name}"


def _widget(page: str, name: str, start: Part) -> Any:
    """Draws one parameter and returns its value."""
    declared, value, key = start.params()[name], getattr(start, name), _key(page, start, name)
    label = f"{declared.label or name}{f', {declared.unit}' if declared.unit else ''}"
    common = {"label": label, "key": key, "help": declared.help or None, **BOUND}
    if isinstance(value, bool):
        return st.toggle(value=value, **common)
    if declared.choices:
        options = list(declared.choices)
        return st.selectbox(
            options=options, index=options.index(value), format_func=lambda item: declared.choices[item], **common
        )
    if isinstance(value, tuple):
        return _sequence(declared, value, _classes(start), common)
    if isinstance(value, str):
        return st.text_input(value=value, max_chars=declared.most or None, **common)
    return _number(declared, value, common)


def _sequence(declared: Param, value: tuple[int, ...], classes: tuple[str, ...], common: dict[str, Any]) -> Any:
    if not _few(declared):
        return st.text_input(value=_joined(value), **common)
    said = _members(declared, classes)
    return st.pills(
        options=list(said), default=list(value), selection_mode="multi", format_func=lambda item: said[item], **common
    )


def _number(declared: Param, value: float, common: dict[str, Any]) -> Any:
    options = steps(declared, value)
    if options:
        asked = _asked(declared, common["key"])
        options = sorted({*options, *([asked] if asked is not None else [])})
        return st.select_slider(options=options, value=value, format_func=_spelled, **common)
    like = type(declared.default)
    low, high = (None if bound is None else like(bound) for bound in (declared.low, declared.high))
    step = None if declared.step is None else like(declared.step)
    if step and low is not None and high is not None and (high - low) / step <= MOST_STEPS:
        return st.slider(min_value=low, max_value=high, value=value, step=step, **common)
    shown = None if like is int else "%.4g"
    return st.number_input(min_value=low, max_value=high, value=value, step=step, format=shown, **common)


def steps(declared: Param, value: float) -> list[float]:
    """The stops of a slider that goes by factors, for a wide range without steps of its own; else empty.

    >>> steps(Param(32, low=1, high=100), 20)
    [1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 48, 64, 96, 100]
    """
    if declared.step is not None or not declared.low or not declared.high or declared.high / declared.low < WIDE:
        return []
    if isinstance(declared.default, int):
        powers = range(int(math.log2(declared.high)) + 1)
        found = {factor * 2**power // 2 for power in powers for factor in (2, 3)}
    else:
        decades = range(math.floor(math.log10(declared.low)), math.ceil(math.log10(declared.high)) + 1)
        found = {float(f"{factor}e{decade}") for decade in decades for factor in (1, 2, 5)}
    return sorted(
        {stop for stop in found if declared.low <= stop <= declared.high} | {declared.low, declared.high, value}
    )


def _asked(declared: Param, key: str) -> float | None:
    """A value that the address or an opened run asks for, when it is acceptable: it may lie between two stops."""
    received = st.session_state.get(key, st.query_params.get(key))
    try:
        return None if received is None else declared.check(received, key)
    except RequestError:
        return None


def _spelled(value: float) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _joined(value: tuple[int, ...]) -> str:
    return ", ".join(map(str, value))


def _few(declared: Param) -> bool:
    """Whether a sequence has so few possible members that all can be shown."""
    return declared.high is not None and declared.low is not None and declared.high - declared.low < MOST_PILLS


def _classes(part: Part) -> tuple[str, ...]:
    return part.classes if isinstance(part, Dataset) else ()


def _members(declared: Param, classes: tuple[str, ...]) -> dict[int, str]:
    """Every possible member of a sequence and what it is called."""
    members = range(int(declared.low), int(declared.high) + 1)
    return {member: classes[member] if member < len(classes) else str(member) for member in members}


def _shown(declared: Param, value: Any) -> Any:
    """A value as its widget holds it."""
    if isinstance(value, tuple):
        return list(value) if _few(declared) else _joined(value)
    return value


def _texts(part: Part, name: str) -> list[str]:
    """A value as its widget's part of the address spells it; one text for each member of a choice of several."""
    declared, value = part.params()[name], getattr(part, name)
    if declared.choices:
        return [declared.choices[value]]
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, tuple) and _few(declared):
        return [_members(declared, _classes(part))[member] for member in value]
    return [_spelled(_shown(declared, value))]

from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from aecore.params import Param
from aecore.recipe import FAMILIES, Recipe
from pages.ui.form import address, steps

PARTS = [(family, kind) for family, registry in FAMILIES.items() for kind in registry]
DIGEST = "0123456789abcdef"


def form():
    """The form alone: what it gives is left in the session's state."""
    import streamlit as st

    from aecore.recipe import Recipe
    from pages.ui.form import recipe_form

    with st.container():
        recipe, slots = recipe_form("test", Recipe())
    st.session_state["recipe"] = {family: part.to_json() for family, part in recipe.parts().items()}
    st.session_state["slots"] = list(slots)


def drawn(query=None):
    app = AppTest.from_function(form, default_timeout=30)
    for name, values in (query or {}).items():
        app.query_params[name] = values
    app.run()
    assert not app.exception
    return app


def other(declared: Param, value):
    """Another acceptable value of a parameter."""
    if declared.choices:
        return [choice for choice in declared.choices if choice != value][0]
    if isinstance(value, bool):
        return not value
    if isinstance(value, tuple):
        return (int(declared.low), int(declared.low) + 1)
    if isinstance(value, str):
        return DIGEST
    step = declared.step or (1 if isinstance(value, int) else value / 7 or declared.high / 7)
    return value + step if value + step <= declared.high else value - step


def test_it_begins_with_the_default():
    app = drawn()
    assert app.session_state["recipe"] == Recipe().to_json()
    assert app.session_state["slots"] == list(FAMILIES)


@pytest.mark.parametrize(("family", "kind"), PARTS, ids=[f"{family}-{kind}" for family, kind in PARTS])
def test_every_setting_of_every_part_comes_back_from_the_address(family, kind, monkeypatch):
    monkeypatch.setattr(Recipe, "__post_init__", lambda self: None)  # one part alone may not suit the others
    part = FAMILIES[family][kind]()
    changes = {name: other(declared, getattr(part, name)) for name, declared in part.params().items()}
    if "reduce_rate" in changes:
        changes["reduce_rate"] = 0  # excludes a schedule
    wanted = Recipe(**{family: part.replace(**changes)})
    app = drawn(parse_qs(address("test", wanted), keep_blank_values=True))
    assert app.session_state["recipe"] == wanted.to_json()


def test_the_address_says_every_setting_even_a_default():
    said = parse_qs(address("test", Recipe()), keep_blank_values=True)
    fields = {f"test.{part.kind}.{name}" for part in Recipe().parts().values() for name in part.params()}
    empty = {"test.mnist.normal_classes"}  # a choice of none has no spelling
    assert fields - empty <= set(said)


def test_a_value_between_two_stops_of_a_slider_is_kept():
    app = drawn({"test.dense.latent_dim": "37"})
    assert app.session_state["recipe"]["model"]["latent_dim"] == 37


@pytest.mark.parametrize("nonsense", ["1e9", "-3", "abc", ""])
def test_nonsense_in_the_address_gives_the_default(nonsense):
    assert drawn({"test.dense.latent_dim": nonsense}).session_state["recipe"] == Recipe().to_json()


def test_sliders_of_wide_ranges_go_by_factors():
    assert steps(Param(32, low=1, high=100), 20) == [1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 48, 64, 96, 100]
    assert steps(Param(0.01, low=1e-3, high=1.0), 0.01) == [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]


def test_ranges_with_steps_or_from_zero_do_not():
    assert steps(Param(0.5, low=0, high=1, step=0.05), 0.5) == [] and steps(Param(0.0, low=0, high=0.9999), 0.0) == []

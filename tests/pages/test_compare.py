import math

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from aecore.errors import RequestError
from pages.ui import compare
from pages.ui.compare import WIDEST_LOOK, Box, Side, around

SIZE = (400, 300)
PIXEL = "data:image/png;base64,"


def drawn(monkeypatch, **sent):
    """What a visitor wants, when a browser has sent this, and the data that it was given."""
    given = []
    monkeypatch.setattr(compare, "_COMPARE", lambda **options: given.append(options))
    monkeypatch.setattr(st, "session_state", {"test.compare": sent})
    sides = [Side("bicubic", "Bicubic", PIXEL)]
    wanted = compare.compare("test.compare", "this", SIZE, PIXEL, sides, "Fast", "A cat")
    return wanted, given[0]["data"]


class TestWhatABrowserSends:
    def test_nothing_is_the_whole_picture_at_full_strength(self, monkeypatch):
        wanted, data = drawn(monkeypatch)
        assert wanted == compare.Wanted(None, None, 1.0)
        assert data["width"] == 400 and data["sides"][0]["label"] == "Bicubic" and data["label"] == "A cat"

    def test_a_view_is_cut_to_the_picture(self, monkeypatch):
        wanted, _ = drawn(monkeypatch, view={"id": "this", "left": 300, "top": 10, "width": 200, "height": 100})
        assert wanted.view == Box(300, 10, 100, 100)

    def test_what_was_said_of_another_picture_is_forgotten(self, monkeypatch):
        other = {"id": "that", "left": 0, "top": 0, "width": 10, "height": 10}
        wanted, _ = drawn(monkeypatch, view=other, detail=other, strength={"id": "that", "value": 0.5})
        assert wanted == compare.Wanted(None, None, 1.0)

    def test_a_strength_is_taken(self, monkeypatch):
        wanted, data = drawn(monkeypatch, strength={"id": "this", "value": 0.4})
        assert wanted.strength == data["strength"] == 0.4

    @pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, math.inf, "1", None, True, [1], 10**400])
    def test_any_other_strength_gets_a_sentence(self, monkeypatch, value):
        said = []
        monkeypatch.setattr(compare, "say", said.append)
        assert drawn(monkeypatch, strength={"id": "this", "value": value})[0].strength == 1.0
        assert "from 0 to 1" in str(said[0])

    @pytest.mark.parametrize(
        "box",
        [
            {}, {"left": 0}, {"left": "0", "top": 0, "width": 1, "height": 1},
            {"left": -1, "top": 0, "width": 1, "height": 1},
            {"left": 400, "top": 0, "width": 1, "height": 1}, {"left": 0, "top": 0, "width": 0, "height": 1},
            {"left": 0.5, "top": 0, "width": 1, "height": 1}, {"left": True, "top": 0, "width": 1, "height": 1},
            {"left": 0, "top": 0, "width": 10**9, "height": 1},
        ],
    )  # fmt: skip
    def test_any_other_view_gets_a_sentence(self, monkeypatch, box):
        said = []
        monkeypatch.setattr(compare, "say", said.append)
        assert drawn(monkeypatch, view={"id": "this", **box})[0].view is None
        assert isinstance(said[0], RequestError) and "Zoom again" in str(said[0])


class TestARoomierView:
    def test_goes_beyond_what_is_seen_so_that_a_small_move_needs_nothing_new(self):
        assert around(Box(1000, 1000, 800, 400), (8000, 6000)) == Box(800, 900, 1200, 600)

    def test_stays_inside_the_picture(self):
        assert around(Box(0, 250, 100, 50), SIZE) == Box(0, 238, 125, 62)

    @pytest.mark.parametrize("width", [1200, 1700, WIDEST_LOOK])
    def test_is_never_larger_than_what_is_sent(self, width):
        made = around(Box(500, 500, width, 900), (8000, 6000))
        assert width <= made.width <= WIDEST_LOOK and made.left <= 500 <= made.left + made.width - width


def page():
    from pages.ui.compare import Box, Side, compare, put_look

    pixel = "data:image/png;base64,"
    compare("test.compare", "this", (40, 30), pixel, [Side("bicubic", "Bicubic", pixel)], "Fast", "A cat")
    put_look("test.look", "this", Box(0, 0, 10, 10), pixel)


def test_it_draws_on_a_page():
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception and len(app.get("bidi_component")) == 2

import math

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from aecore.errors import RequestError
from pages.ui import canvas
from pages.ui.canvas import MOST_POINTS, MOST_STROKES, checked, digit

TURN = np.linspace(0, 2 * math.pi, 60)
RING = np.stack([0.5 + 0.1 * np.cos(TURN), 0.5 + 0.25 * np.sin(TURN)], axis=1)
SEVEN = np.array([[0.2, 0.2], [0.7, 0.2], [0.4, 0.9]])


def extent(picture, axis):
    """First and last row, or column, with ink."""
    inked = np.flatnonzero(picture[..., 0].any(axis=1 - axis))
    return inked[0], inked[-1]


def centre(picture):
    weights = picture[..., 0].astype(float)
    places = np.indices(weights.shape)
    return (places * weights).sum(axis=(1, 2)) / weights.sum()


class TestADigit:
    def test_is_a_picture_white_on_black(self):
        picture = digit([SEVEN])
        assert picture.shape == (28, 28, 1) and picture.dtype == np.uint8
        assert picture.max() == 255 and picture[0].max() == 0 and np.median(picture) == 0

    @pytest.mark.parametrize("stroke", [RING, SEVEN, SEVEN[:2]], ids=["ring", "seven", "bar"])
    @pytest.mark.parametrize("scale", [0.2, 1.0])
    def test_fills_twenty_of_twenty_eight_px_however_large_one_drew(self, stroke, scale):
        picture = digit([0.5 + (stroke - 0.5) * scale])
        longer = max(last - first + 1 for first, last in (extent(picture, 0), extent(picture, 1)))
        assert 20 <= longer <= 21  # its edge may fall between two px
        elsewhere = digit([0.3 + (stroke - 0.5) * scale])
        assert np.abs(picture - elsewhere.astype(float)).max() <= 64  # an edge may move by an eighth of a px, twice

    @pytest.mark.parametrize("stroke", [RING, SEVEN], ids=["ring", "seven"])
    def test_has_its_centre_of_mass_in_the_middle(self, stroke):
        assert np.allclose(centre(digit([stroke])), 13.5, atol=0.1)

    def test_stays_inside_the_picture_even_when_its_mass_lies_at_one_end(self):
        whisk = [np.array([[0.1, 0.5], [0.9, 0.5]]), *([np.array([[0.85, 0.48], [0.9, 0.52]])] * 3)]
        heavy = [*whisk, np.stack([0.85 + 0.05 * np.cos(TURN), 0.5 + 0.2 * np.sin(TURN)], axis=1)]
        first, last = extent(digit(heavy), 1)
        assert first >= 0 and last - first + 1 >= 20

    def test_a_tap_is_a_dot_and_not_a_disc(self):
        picture = digit([np.array([[0.9, 0.1]])])
        first, last = extent(picture, 0)
        assert 2 <= last - first + 1 <= 5 and np.allclose(centre(picture), 13.5, atol=0.2)

    def test_comes_in_other_sizes(self):
        assert digit([SEVEN], 8).shape == (8, 8, 1) and digit([SEVEN], 64).max() == 255

    def test_looks_like_one_of_mnist(self):
        """Strokes that are too thin or too fat would be digits that the networks have never seen."""
        assert 0.05 < digit([RING]).mean() / 255 < 0.2


class TestWhatABrowserSends:
    def test_strokes_are_taken(self):
        (line, dot) = checked([[[0, 0], [1, 0.5]], [[0.25, 1]]])
        assert line.tolist() == [[0, 0], [1, 0.5]] and dot.shape == (1, 2)

    def test_nothing_is_nothing(self):
        assert checked(None) == [] and checked([]) == []

    @pytest.mark.parametrize(
        "received",
        [
            "strokes", 7, {"a": 1}, [1], [[]], ["ab"], [[[0.5]]], [[[0.5, 0.5, 0.5]]], [[["0.5", 0.5]]], [[[True, 0]]],
            [[[0.5, math.nan]]], [[[0.5, math.inf]]], [[[1.5, 0]]], [[[-0.1, 0]]], [[[10**400, 0]]], [[None]],
            [[[0.5, 0.5]]] * (MOST_STROKES + 1), [[[0.5, 0.5]] * (MOST_POINTS + 1)],
        ],
    )  # fmt: skip
    def test_anything_else_is_refused_with_a_sentence(self, received):
        with pytest.raises(RequestError, match=r"received .*, expected .*Press Clear and draw again\."):
            checked(received)


def page():
    import streamlit as st

    from pages.ui.canvas import canvas

    drawn = canvas("test.canvas")
    st.markdown("empty" if drawn is None else f"ink in {drawn.shape}")


class TestOnAPage:
    def test_it_is_empty_at_first(self):
        app = AppTest.from_function(page, default_timeout=60).run()
        assert not app.exception and app.markdown[0].value == "empty"
        assert len(app.get("bidi_component")) == 1

    def test_what_was_drawn_comes_back(self, monkeypatch):
        drawn = sent(monkeypatch, [SEVEN.tolist()])
        assert drawn.shape == (28, 28, 1) and np.array_equal(drawn, digit([SEVEN]))

    def test_a_hostile_browser_gets_a_sentence_and_no_picture(self, monkeypatch):
        said = []
        monkeypatch.setattr(canvas, "say", said.append)
        assert sent(monkeypatch, [[["<script>", 1]]]) is None
        assert "Press Clear" in str(said[0])


def sent(monkeypatch, strokes):
    """What the canvas returns when a browser has sent strokes."""
    monkeypatch.setattr(canvas, "_CANVAS", lambda **options: None)
    monkeypatch.setattr(st, "session_state", {"test.canvas": {"strokes": strokes}})
    return canvas.canvas("test.canvas")

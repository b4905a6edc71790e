"""How large a photograph is to become: by a factor, to a width, or for a print."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.ui import photo_models, photo_words
from pages.ui.photo_bring import Brought

KEY = "upscale"
WAYS = {"factor": "Factor", "width": "Width", "print": "Print"}
CENTIMETRES = 2.54  # in an inch
WIDEST = 40_000  # px that can be asked for
LEAST_DPI = 150  # below, a print in the hand looks soft


@dataclass(frozen=True)
class Size:
    """How large pictures are to become.

    Args:
        factor: How many times as wide; None where a width is asked for.
        width: In px; None where a factor is asked for.
        dpi: Dots in an inch of the print; 0 where nothing is printed.
    """

    factor: int | None
    width: int | None = None
    dpi: int = 0

    @property
    def inches(self) -> float:
        """Width of the print; 0 where nothing is printed."""
        return self.width / self.dpi if self.dpi else 0.0

    def scale(self, width: int, known: Sequence[int]) -> int:
        """The factor that a network is to enlarge a picture of this width by: the smallest known one that suffices.

        It is 1, which cleans, only where that was chosen.
        """
        if self.factor is not None:
            return self.factor
        larger = sorted(scale for scale in known if scale > 1)
        return next((scale for scale in larger if scale * width >= self.width), larger[-1])

    def target(self, width: int, known: Sequence[int]) -> int | None:
        """The width to ask for, where it is not what the factor gives by itself."""
        if self.width is None:
            return None
        largest = self.scale(width, known) * width
        return None if self.width >= largest else self.width

    def warning(self, width: int, known: Sequence[int]) -> str:
        """What to know before a picture of this width is enlarged; empty when there is nothing."""
        if self.width is None:
            return ""
        most = max(known) * width
        if self.width > most:
            if not self.dpi:
                return f"{max(known)}× is the most: it will be {most:,} px wide instead of {self.width:,}."
            real, wide = most * self.dpi / self.width, most / self.dpi * CENTIMETRES
            soft = " It will look soft." if real < LEAST_DPI else ""
            return (
                f"Too small a source for this print: enlarged {max(known)}× it has {real:.0f} dpi instead of "
                f"{self.dpi}.{soft} At {self.dpi} dpi it is good for {wide:.0f} cm."
            )
        if self.width < width:
            return f"It is wider than that already ({width:,} px): the result will be smaller than the source."
        return ""


def pixels(centimetres: float, dpi: int) -> int:
    """Width of a print in px.

    >>> pixels(25.4, 300)
    3000
    """
    return max(1, math.ceil(centimetres / CENTIMETRES * dpi - 1e-6))


def choose(pictures: Sequence[Brought]) -> Size:
    """Draws the choice of a size."""
    known = photo_models.scales()
    way = st.segmented_control(
        "Size", list(WAYS), default="factor", format_func=WAYS.get, key=f"{KEY}.way", required=True, bind="query-params"
    )
    if way == "factor":
        start = 2 if 2 in known else known[0]
        factor = st.segmented_control(
            "Factor", known, default=start, format_func=_called, key=f"{KEY}.factor", required=True,
            label_visibility="collapsed", bind="query-params",
        )  # fmt: skip
        return Size(factor)
    if way == "width":
        source = pictures[0].width if pictures else 0
        start = min(2 * source, WIDEST) if pictures else 2000
        width = st.number_input("Width, px", 1, WIDEST, start, key=f"{KEY}.width.{source}")
        return Size(None, width)
    left, right = st.columns(2)
    wide = left.number_input("Width, cm", 1.0, 300.0, 30.0, step=1.0, format="%.1f", key=f"{KEY}.cm")
    dpi = right.number_input("Dots per inch", 50, 1200, 300, step=50, key=f"{KEY}.dpi")
    size = Size(None, pixels(wide, dpi), dpi)
    st.caption(f"That is {size.width:,} px wide. 300 dpi suits a print in the hand, {LEAST_DPI} a poster.")
    return size


def _called(factor: int) -> str:
    return f"{factor}×" if factor > 1 else "1×, clean"


def outcome(picture: Brought, width: int) -> str:
    """What becomes of a picture's size."""
    height = max(1, round(picture.height * width / picture.width))
    return (
        f"{photo_words.size(picture.width, picture.height)} → {photo_words.size(width, height)} px, "
        f"{photo_words.megapixels(width, height)}"
    )

"""Small pictures with a caption below each, in a line that wraps."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import streamlit as st

from aecore.figures.pictures import data_uri

SMALL = 40  # px; what is smaller is enlarged with square pixels
STYLE = """<style>
.latent-pictures {display: flex; flex-wrap: wrap; gap: 10px; margin: 0;}
.latent-pictures.tight {gap: 4px;}
.latent-pictures figure {margin: 0;}
.latent-pictures img {display: block; border-radius: 2px;}
.latent-pictures img.small {image-rendering: pixelated;}
.latent-pictures figcaption {font-size: 0.82rem; line-height: 1.3; margin-top: 4px; opacity: 0.8;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;}
.latent-pictures img.marked {outline: 2px solid #d9741b; outline-offset: 1px;}
</style>"""


@dataclass(frozen=True)
class Picture:
    """One picture.

    Args:
        image: (H, W, C) uint8.
        alt: What it shows.
        caption: What stands below it; empty for nothing.
        marked: Whether it is framed in the colour of warnings.
    """

    image: np.ndarray
    alt: str
    caption: str = ""
    marked: bool = False


def pictures(shown: Sequence[Picture], side: int = 112) -> None:
    """Draws pictures.

    Args:
        shown: The pictures.
        side: Greatest width, in px; small ones are enlarged by whole factors.
    """
    tight = "" if any(item.caption for item in shown) else " tight"
    st.html(f'<div class="latent-pictures{tight}">{"".join(_figure(item, side) for item in shown)}</div>')


def _figure(item: Picture, side: int) -> str:
    height, width = item.image.shape[:2]
    factor = max(1, side // width) if max(height, width) <= SMALL else min(side / width, 2.0)
    kinds = " ".join(name for name, wanted in (("small", factor >= 1), ("marked", item.marked)) if wanted)
    size = f"width:{factor * width:g}px;height:{factor * height:g}px"
    alt, caption = escape(item.alt, quote=True), ""
    if item.caption:
        caption = f'<figcaption style="max-width:{max(side, factor * width):g}px">{escape(item.caption)}</figcaption>'
    image = f'<img class="{kinds}" src="{data_uri(item.image)}" alt="{alt}" title="{alt}" style="{size}">'
    return f"<figure>{image}{caption}</figure>"

"""Drawings (SVG) that take the colours of the page."""

import streamlit as st

_DRAWING = st.components.v2.component(
    "drawing",
    html='<div class="drawing">\n</div>',
    css="""
    .drawing { container-type: inline-size; overflow-x: auto; font-family: var(--st-font); }
    svg { display: block; width: 100%; min-width: 540px; max-height: 270px; color: var(--st-text-color); }
    .flow { fill: currentColor; opacity: 0.07; }
    rect.stage { fill: currentColor; opacity: 0.3; }
    rect.code { fill: var(--st-primary-color); }
    text { font-size: 13px; fill: currentColor; opacity: 0.75; font-variant-numeric: tabular-nums; }
    @container (max-width: 44rem) { text, text.note { font-size: 17px; } }
    text.code { fill: var(--st-primary-color); font-weight: 600; opacity: 1; }
    text.note { font-size: 12px; opacity: 0.6; }
    """,
    js="""
    export default function ({ data, parentElement }) {
      const place = parentElement.querySelector(".drawing");
      if (place.innerHTML !== data) place.innerHTML = data;
    }
    """,
)


def show(svg: str, key: str) -> None:
    """Shows an `<svg>` element made by the lab itself."""
    _DRAWING(key=key, data=svg)

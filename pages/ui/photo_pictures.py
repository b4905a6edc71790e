"""What a finished enlargement shows, made ready for the browser and kept for a while."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image, ImageOps

from aecore.figures.mistakes import colour_bar, error_map, error_scale
from aecore.images import FORMATS, UNDECODABLE
from pages.ui import lab
from pages.ui.compare import Box, Trust
from pages.ui.photo_jobs import Asked
from pages.ui.photo_words import figure

WEBP_QUALITY = 95  # both sides suffer alike, and little
PREVIEW = (1000, 640)  # px; greatest width and height, as of the comparison that takes its place
PREVIEW_PIXELS = 4_000_000  # most that is decoded for it; a JPEG shrinks while it is decoded
TRUST_WORDS = "of full brightness: how far the result, shrunk again, is from your picture there"


@dataclass(frozen=True)
class Overview:
    """Pictures of a result as addresses: at full strength, by bicubic, and the photograph itself."""

    result: str
    bicubic: str
    input: str
    trust: Trust | None


def address(image: np.ndarray) -> str:
    """A uint8 picture (H, W, 3) as text that stands for its file."""
    buffer = io.BytesIO()
    Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image).save(buffer, "WEBP", quality=WEBP_QUALITY)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"


@st.cache_data(max_entries=12, ttl=3600, show_spinner=False)
def _overview(job: str) -> dict[str, str]:
    seen = lab.read_arrays(lab.lab().engine.result(job).folder / "overview.npz")
    return {name: address(seen[name]) for name in ("result", "bicubic", "input")}


@st.cache_data(max_entries=12, ttl=3600, show_spinner=False)
def _trust(job: str) -> dict[str, str | list[str]] | None:
    path = lab.lab().engine.result(job).folder / "trust.npz"
    if not path.is_file():
        return None
    found = lab.read_arrays(path)["map"]
    scale = error_scale(found[None])
    high = f"{figure(100 * scale)} %"
    return {"src": address(error_map(found, scale)), "stops": colour_bar(), "high": high}


def overview(job: str) -> Overview:
    """The overviews of a finished enlargement."""
    trust = _trust(job)
    return Overview(**_overview(job), trust=trust and Trust(low="0", words=TRUST_WORDS, **trust))


@st.cache_data(max_entries=24, ttl=3600, show_spinner=False)
def look(job: str) -> dict[str, str]:
    """A finished detail at full resolution: result and bicubic, as addresses."""
    seen = lab.read_arrays(lab.lab().engine.result(job).folder / "look.npz")
    return {name: address(seen[name]) for name in ("result", "bicubic")}


@st.cache_data(max_entries=12, ttl=3600, show_spinner=False)
def _preview(job: str, path: str) -> np.ndarray | None:
    try:
        with Image.open(path, formats=FORMATS) as picture:
            picture.draft("RGB", PREVIEW)
            if picture.width * picture.height > PREVIEW_PIXELS:
                return None
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail(PREVIEW)
            return np.array(upright)
    except (*UNDECODABLE, Image.DecompressionBombError):  # the job says what is wrong with it
        return None


def preview(asked: Asked) -> np.ndarray | None:
    """The photograph itself, small, (H, W, 3) uint8, to look at meanwhile; None when that would cost much."""
    return _preview(asked.id, str(asked.picture))


def disagreement(crops: Sequence[np.ndarray]) -> tuple[np.ndarray, float]:
    """Where pictures (H, W, 3) uint8 of the same place differ from each other.

    Returns:
        A picture (H, W, 3) uint8, brighter where they do; and what its brightest colour stands for, a standard
        deviation in percent of full brightness, 0 where they agree everywhere.
    """
    spread = np.stack(crops).astype(np.float32).std(axis=0).mean(axis=-1) / 255
    scale = error_scale(spread[None])
    return error_map(spread, scale), 100 * scale if spread.any() else 0.0


def square(box: Box, side: int, size: tuple[int, int]) -> Box:
    """The square in the middle of a part of a picture, inside the picture.

    Args:
        box: The part.
        side: Of the square, in px; less where the picture is smaller.
        size: Width and height of the picture.
    """
    side = min(side, *size)
    left, top = (
        int(np.clip(start + length // 2 - side // 2, 0, most - side))
        for start, length, most in ((box.left, box.width, size[0]), (box.top, box.height, size[1]))
    )
    return Box(left, top, side, side)

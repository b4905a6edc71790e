"""Where a picture is missing: drawn on it by hand, or brought as a mask."""

import hashlib
import io

import numpy as np
import streamlit as st
from PIL import Image, ImageDraw
from scipy.ndimage import label

from aecore.engine import Status
from aecore.errors import LabError
from aecore.restorers import MOST_MISSING
from pages.ui import jobs, lab, photo_jobs
from pages.ui.canvas import Strokes, painted
from pages.ui.frame import say
from pages.ui.latent_jobs import awaited, begun
from pages.ui.photo_bring import Brought
from pages.ui.photo_pictures import address
from pages.ui.photo_words import KINDS, MOST_MEGABYTES

KEY = "restore.photo"
PEN = 6  # percent of the shorter side, to begin with
FINE = 2  # a hole is drawn so many times as large, for its rim
PATIENCE = 2.0  # seconds until the picture to draw on is there
LABEL = "Paint over what is missing"
Size = tuple[int, int]


def settings() -> tuple[bytes, float]:
    """Draws the width of the brush, and where a mask is brought.

    Returns:
        The mask that was brought, empty for none, and the width as a share of the picture's shorter side.
    """
    pen = st.slider("Brush, % of the picture", 1, 20, PEN, key=f"{KEY}.pen")
    with st.expander("Bring a mask instead", icon=":material/select:"):
        given = st.file_uploader(
            "Mask", type=KINDS, max_upload_size=MOST_MEGABYTES, key=f"{KEY}.mask", label_visibility="collapsed"
        )
        st.caption("A picture of the same size: white where it is missing, black elsewhere.")
    return given.getvalue() if given else b"", pen / 100


def draw(brought: Brought, pen: float) -> bytes:
    """Draws the picture to paint on; returns the mask as a file, empty while nothing is painted."""
    content = brought.content if isinstance(brought.content, bytes) else brought.content.read_bytes()
    arguments, files, made = photo_jobs.link(brought), {photo_jobs.PICTURE: content}, [b""]

    def look() -> Status:
        return begun("restore_photo_show", arguments, files, brought.own)

    def body() -> bool:
        status = look()
        if status.active:
            st.skeleton(height=420)
        elif status.state == "failed":
            try:
                lab.answer(status)
            except LabError as error:
                say(error)
        else:
            made[0] = _painted(brought, lab.arrays(status.id, "show.npz")["picture"], content, pen)
        return status.active

    if awaited(look(), PATIENCE).active:
        jobs.live(body, True, jobs.POLL_SHORT)
    else:
        body()
    return made[0]


def _painted(brought: Brought, picture: np.ndarray, content: bytes, pen: float) -> bytes:
    size = (picture.shape[1], picture.shape[0])
    factor = max(1, 384 // max(size))  # a small face is painted on enlarged
    shown = (size[0] * factor, size[1] * factor)
    seen = picture.repeat(factor, axis=0).repeat(factor, axis=1)
    name = hashlib.sha256(content).hexdigest()[:12]
    strokes = painted(f"{KEY}.hole.{name}", address(seen), shown, pen, LABEL)
    if not strokes:
        st.caption("With the keyboard: focus the picture, move with the arrow keys, paint with the space bar.")
        return b""
    hole = mask(strokes, shown, pen)
    count = round(float((hole > 0).mean()) * brought.width * brought.height)
    largest = round(np.bincount(label(hole)[0].ravel())[1:].max() / hole.size * brought.width * brought.height)
    too_large = f" One hole has {largest:,}; at most {MOST_MISSING:,} can be filled." if largest > MOST_MISSING else ""
    st.caption(f"{count:,} px are missing.{too_large}")
    buffer = io.BytesIO()
    Image.fromarray(hole).save(buffer, "PNG")
    return buffer.getvalue()


def mask(strokes: Strokes, size: Size, pen: float) -> np.ndarray:
    """Strokes as a mask, white on black.

    Args:
        strokes: Each (points, 2), x and y from 0 to 1.
        size: Width and height of the mask in px.
        pen: Width of the line as a share of the shorter side.

    Returns:
        (height, width) uint8, 0 or 255.
    """
    width, height = (length * FINE for length in size)
    picture, line = Image.new("L", (width, height)), max(1.0, pen * min(width, height))
    brush = ImageDraw.Draw(picture)
    for stroke in strokes:
        path = [(x * width, y * height) for x, y in stroke.tolist()]
        if len(path) > 1:
            brush.line(path, fill=255, width=round(line))
        for x, y in path:
            brush.ellipse((x - line / 2, y - line / 2, x + line / 2, y + line / 2), fill=255)
    small = np.array(picture).reshape(height // FINE, FINE, width // FINE, FINE)
    return np.where(small.max(axis=(1, 3)) > 0, 255, 0).astype(np.uint8)

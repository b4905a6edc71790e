"""Photographs that are brought to a page and taken away from it."""

import io
import re

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from aecore.datasets.photos import public_domain_photographs
from aecore.images import cover

HEIGHT, WIDTH = 48, 72  # as stored; the photograph stands upright


def turned_photograph():
    """A JPEG on its side: looked at upright its upper half is red, its lower left blue and its lower right green."""
    upright = np.zeros((WIDTH, HEIGHT, 3), np.uint8)
    upright[: WIDTH // 2, :, 0] = 220
    upright[WIDTH // 2 :, : HEIGHT // 2, 2] = 220
    upright[WIDTH // 2 :, HEIGHT // 2 :, 1] = 220
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by a quarter
    exif.get_ifd(0x8825)[1] = "N"
    buffer = io.BytesIO()
    Image.fromarray(np.rot90(upright).copy()).save(buffer, "JPEG", quality=95, exif=exif)
    return {"name": "turned.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def phone_photograph():
    """A JPEG of 12 megapixels on its side, with where it was taken."""
    scene = cover(public_domain_photographs()[2], 3000, 4000)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    buffer = io.BytesIO()
    Image.fromarray(scene).save(buffer, "JPEG", quality=90, exif=exif)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def downloaded(page: Page) -> Image.Image:
    """The picture behind the button that downloads a PNG."""
    with page.expect_download() as begun:
        page.get_by_role("button", name=re.compile("Download PNG")).click()
    picture = Image.open(begun.value.path())
    picture.load()
    return picture

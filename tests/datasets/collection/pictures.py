"""Makes pictures and zips of them."""

import io
import zipfile

import numpy as np

from aecore.images import png


def picture(number, height=24, width=30):
    """The content of a PNG file, another for each number; its first pixel's red is the number."""
    image = np.random.default_rng(number).integers(0, 256, (height, width, 3), np.uint8)
    image[..., 0] = number
    return png(image)


def pictures(count, folder=""):
    """Names and contents of some pictures."""
    return {f"{folder}{number:03}.png": picture(number) for number in range(count)}


def zip_of(path, files):
    """Writes a zip of names and contents; returns its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def pair_files(photographs=6, each=2, columns="low_res,high_res"):
    """The files of a collection of pairs, by name; the damaged sides have a red of 100 and more."""
    rows = [(f"{number}_{version}.png", f"{number}.png") for number in range(photographs) for version in range(each)]
    table = "\n".join([columns, *(f"{low},{high}" for low, high in rows)])
    highs = {f"high res/{number}.png": picture(number) for number in range(photographs)}
    lows = {f"low res/{low}": picture(100 + place) for place, (low, _) in enumerate(rows)}
    return {"image_data.csv": table.encode(), **highs, **lows}


def animation():
    """The content of a GIF file of two frames."""
    from PIL import Image

    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()

"""Makes folders of pairs, laid out as the published set is."""

import io

import numpy as np
from PIL import Image

FACTORS = (2, 4, 6)


def content(image, form="PNG"):
    """The content of a file of an image (H, W, 3) uint8."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, form, **({"quality": 95} if form == "JPEG" else {}))
    return buffer.getvalue()


def photograph(number, height=40, width=60):
    """A photograph whose red tells it from others, and whose blue grows from place to place."""
    image = np.zeros((height, width, 3), np.uint8)
    image[..., 0] = number
    image[..., 2] = (np.arange(height)[:, None] * 6 + np.arange(width)) % 256
    return image


def damaged(number, factor, **size):
    """The same, with the shrink factor as green."""
    image = photograph(number, **size)
    image[..., 1] = factor
    return image


def pair_files(photographs=10, form="PNG", **size):
    """Names and contents of the files of a set of pairs."""
    kind = form.lower().replace("jpeg", "jpg")
    rows = [(f"{n}_{f}.{kind}", f"{n}.{kind}") for n in range(photographs) for f in FACTORS]
    files = {"image_data.csv": "\n".join(["low_res,high_res", *map(",".join, rows)]).encode()}
    for number in range(photographs):
        files[f"high res/{number}.{kind}"] = content(photograph(number, **size), form)
        files |= {
            f"low res/{number}_{factor}.{kind}": content(damaged(number, factor, **size), form) for factor in FACTORS
        }
    return files


def pair_folder(place, files):
    """Writes files below a folder, and returns it."""
    for name, data in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return place

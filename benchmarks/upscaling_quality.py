"""Upscaling quality: every model at every scale on pictures that were made smaller in different ways, in one run.

    python -m benchmarks.upscaling_quality FOLDER [--opencv FOLDER]      (from the project's root)

FOLDER holds the pictures, for instance those of Set5, which no network here was trained on. Prints the mean PSNR of
brightness by the standard protocol (BT.601, a border of `scale` px cut), a column for every way of making smaller and
one for their mean: whoever is good at one way only shows it here. The last column is of pictures with some blur, noise
and JPEG (`aecore.corruptions.Worn`), which networks for clean ones make larger too. OpenCV's FSRCNN and ESPCN take part
where `opencv-contrib-python` is installed and the second folder holds their files, `FSRCNN_x2.pb` and so on.
"""

import argparse
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from aecore.commands.photos import pictures
from aecore.corruptions import WAYS
from aecore.enlargers import PUBLISHED, SCALES, enlargers
from aecore.images import read_image, with_channels
from aecore.metrics import finite_mean, psnr_of_brightness
from aecore.training.backend import device, prepare
from aecore.worker.enlarging import Means, enlarge, kernel, means_of
from aecore.worker.tasks.photos.proof import shrunk, worsened
from benchmarks.upscaling_speed import opencv_networks

Enlarge = Callable[[np.ndarray], np.ndarray]
KERNELS = ("bicubic", "lanczos")
WORN = "worn"


def by(means: Means) -> Enlarge:
    """A function that enlarges by one of the lab's means."""

    def made(pixels: np.ndarray) -> np.ndarray:
        out = np.empty((pixels.shape[0] * means.scale, pixels.shape[1] * means.scale, 3), np.uint8)
        enlarge(pixels, out, means)
        return out

    return made


def methods(scale: int, opencv: Path | None) -> dict[str, Enlarge]:
    """All that enlarges by a factor, by name."""
    plain = {f"Pillow {name}": by(kernel(name, scale)) for name in KERNELS}
    found = plain if scale > 1 else {"as it is": lambda pixels: pixels}
    found |= {model.name: by(means_of(model)) for model in enlargers(scale) if model.run is not None}
    networks = opencv_networks(scale, opencv) if opencv is not None else {}
    return found | {
        name: lambda pixels, network=network: network.upsample(np.ascontiguousarray(pixels[..., ::-1]))[..., ::-1]
        for name, network in networks.items()
    }


def figure(truths: list[np.ndarray], scale: int, way: str, method: Enlarge) -> float | None:
    """Mean PSNR of pictures that were made smaller in a way and enlarged back."""
    values = []
    for truth in truths:
        height, width = (length // scale * scale for length in truth.shape[:2])
        whole = truth[:height, :width]
        small = worsened(whole, scale) if way == WORN else shrunk(whole, scale, way)
        values.append(psnr_of_brightness(whole, method(small), scale))
    return finite_mean(np.array(values))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder", type=Path, help="folder with pictures")
    options.add_argument("--opencv", type=Path, help="folder with OpenCV's networks")
    chosen = options.parse_args()
    prepare()
    truths = [with_channels(read_image(path), 3) for path in pictures(chosen.folder)]
    with_opencv = chosen.opencv is not None and find_spec("cv2") is not None
    print(f"{device()}; {len(truths)} pictures of {chosen.folder.name}; PSNR of brightness in dB")
    for scale in SCALES:
        ways = WAYS if scale > 1 else ()  # at its own size a clean picture is what it should be
        titles = (*ways, *("mean",) * bool(ways), WORN)
        print(f"\n{scale}×{'':<24}" + "".join(f"{title:>10}" for title in titles))
        for name, method in methods(scale, chosen.opencv if with_opencv else None).items():
            row = [figure(truths, scale, way, method) for way in ways]
            row += [sum(row) / len(row)] if row else []
            row.append(figure(truths, scale, WORN, method))
            note = "  (published)" if name in PUBLISHED else ""
            print(f"  {name:<24}" + "".join(f"{value:>10.2f}" for value in row) + note, flush=True)
    if not with_opencv:
        print("\nOpenCV's networks took no part: install opencv-contrib-python and name the folder of their files.")


if __name__ == "__main__":
    main()

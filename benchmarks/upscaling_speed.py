"""Upscaling speed: every model at every scale beside Pillow's kernels and OpenCV's networks, in one run.

    python -m benchmarks.upscaling_speed [--side PX] [--scale N] [--opencv FOLDER]      (from the project's root)

Prints megapixels of the result a second, the best of three rounds; rounds go through all of them in turn, so that a
noisy machine disturbs all alike. OpenCV's FSRCNN and ESPCN take part where `opencv-contrib-python` is installed and
FOLDER holds their files, `FSRCNN_x2.pb` and so on.
"""

import argparse
import os
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from PIL import Image

from aecore.datasets.photos import public_domain_photographs
from aecore.enlargers import SCALES, enlargers
from aecore.images import cover
from aecore.training.backend import device, prepare
from aecore.worker.enlarging import enlarge, means_of, sixteen_bits

ROUNDS = 3
OPENCV = {"FSRCNN": "fsrcnn", "ESPCN": "espcn"}


def pillow(pixels: np.ndarray, scale: int, kernel: str) -> Callable[[], None]:
    """Pillow's resizing, with 8 bits."""
    picture, size = Image.fromarray(pixels), (pixels.shape[1] * scale, pixels.shape[0] * scale)
    return lambda: picture.resize(size, Image.Resampling[kernel.upper()])


def ours(pixels: np.ndarray, scale: int) -> dict[str, Callable[[], None]]:
    """The lab's models for a scale."""
    out = np.empty((pixels.shape[0] * scale, pixels.shape[1] * scale, 3), np.uint8)
    sides = {}
    for model in enlargers(scale):
        means = means_of(model)
        name = model.name + (", 16 bits" if sixteen_bits(model) else "")
        sides[name] = lambda means=means: enlarge(pixels, out, means)
    return sides


def opencv_networks(scale: int, folder: Path) -> dict[str, Any]:
    """OpenCV's networks for a scale whose files are in a folder."""
    import cv2

    found = {}
    for name, kind in OPENCV.items():
        path = folder / f"{name}_x{scale}.pb"
        if path.is_file():
            network = cv2.dnn_superres.DnnSuperResImpl_create()
            network.readModel(str(path))
            network.setModel(kind, scale)
            found[f"OpenCV {name}"] = network
    return found


def opencv(pixels: np.ndarray, scale: int, folder: Path) -> dict[str, Callable[[], None]]:
    """OpenCV's networks whose files are there."""
    networks = opencv_networks(scale, folder)
    return {name: lambda network=network: network.upsample(pixels) for name, network in networks.items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--side", type=int, default=512, help="side of the photograph in px")
    options.add_argument("--scale", type=int, choices=SCALES[1:], help="one factor alone")
    options.add_argument("--opencv", type=Path, help="folder with OpenCV's networks")
    chosen = options.parse_args()
    prepare()
    pixels = cover(public_domain_photographs()[0], chosen.side, chosen.side)
    with_opencv = chosen.opencv is not None and find_spec("cv2") is not None
    print(f"{device()}; a photograph of {chosen.side} × {chosen.side} px; megapixels of the result a second")
    for scale in (chosen.scale,) if chosen.scale else SCALES[1:]:
        sides = {f"Pillow {kernel}": pillow(pixels, scale, kernel) for kernel in ("bicubic", "lanczos")}
        sides |= ours(pixels, scale) | (opencv(pixels, scale, chosen.opencv) if with_opencv else {})
        best = dict.fromkeys(sides, 0.0)
        for turn in range(ROUNDS + 1):
            for name, side in sides.items():
                began = time.perf_counter()
                side()
                if turn:  # the first one compiles
                    best[name] = max(best[name], pixels.size / 3 * scale**2 / 1e6 / (time.perf_counter() - began))
        print(f"\n{scale}×")
        for name, speed in best.items():
            print(f"  {name:<32}{speed:>10.2f}")
    if not with_opencv:
        print("\nOpenCV's networks took no part: install opencv-contrib-python and name the folder of their files.")


if __name__ == "__main__":
    main()

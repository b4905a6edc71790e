"""What the worker answers to the page on restoring, in tests without one."""

import numpy as np

from aecore.classical import methods

SHAPES = {"mnist": (28, 28, 1), "fashion": (28, 28, 1), "faces": (128, 128, 3), "photos": (176, 176, 3)}


def restored(names, arguments, out):
    """What the tasks give: random pictures, and qualities that can be told apart."""
    height, width, channels = SHAPES[arguments["subject"]]
    rng, count = np.random.default_rng(0), 8
    clean = rng.integers(0, 256, (count, height, width, channels), dtype=np.uint8)
    grey = arguments["task"] == "colour"
    arrays = {"clean": clean, "damaged": clean[..., :1] if grey else clean // 2}
    fill = arguments["task"] == "fill"
    kinds = ("psnr", "ssim", "hole_psnr") if fill else ("psnr", "ssim")
    arrays |= {kind: np.full(count, 10.0 if kind != "ssim" else 0.25, np.float32) for kind in kinds}
    if fill:
        arrays["hole"] = np.zeros((count, height, width, 1), bool)
    for number in range(len(names)):
        values = {"psnr": 20.0 + number, "ssim": 0.5, "hole_psnr": 15.0}
        arrays |= {f"{kind}_{number}": np.full(count, values[kind], np.float32) for kind in kinds}
        arrays[f"output_{number}"] = clean
        arrays[f"misfit_{number}"] = np.full((count, height, width), 0.04, np.float16)
    np.savez(out / "restored.npz", **arrays)
    return {"answers": [{"name": name, "seconds": 0.002} for name in names]}


def said(arguments):
    labels = [-1] * 8 if arguments["subject"] in ("faces", "photos") else list(range(8))
    return {"source": "made for a test", "seen": False, "of": 8, "labels": labels, "classes": list("0123456789")}


def samples(arguments, out):
    return restored(arguments["keys"], arguments, out) | said(arguments)


def classical(arguments, out):
    return restored([item.name for item in methods(arguments["task"])], arguments, out) | said(arguments)


def drawing(arguments, out):
    return restored([*arguments["keys"], *(method.name for method in methods(arguments["task"]))], arguments, out)


def curve(arguments, out):
    stops = np.array([0.0, 0.3, 0.6, 0.9])
    rows = 1 + len(arguments["keys"])
    psnr = np.linspace(30, 12, 4) + np.arange(rows)[:, None]
    psnr[0, 0] = np.nan
    np.savez(out / "restore_curve.npz", stops=stops, psnr=psnr, ssim=psnr / 100)
    lines = [{"key": key, "title": key[:4], "trained": 0.6 - 0.35 * number, "blind": not number}
             for number, key in enumerate(arguments["keys"])]  # fmt: skip
    return {"task": "denoise", "subject": "mnist", "count": 256, "source": "a test", "networks": lines}


ANSWERS = {
    "restore_samples": samples,
    "restore_classical": classical,
    "restore_curve": curve,
    "restore_drawing": drawing,
}

"""The map of a run's test images."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from aecore.errors import RequestError
from aecore.images import thumbnail, to_float, to_uint8
from aecore.latent import Plane, axes_plane, by_variance, place_of, principal_plane, ranges, trustworthiness
from aecore.worker.job import Job, task
from aecore.worker.tasks.latent.gallery import MOST, Gallery, gallery_of, latent_network

PROJECTIONS = ("codes", "pca", "tsne")
TSNE_POINTS = 3000
TSNE_SECONDS = 6e-3  # for one point, roughly
SHIPPED_POINTS = 1000
GREYS = 17  # steps between the grey levels of thumbnails that ship: sixteen levels take half the room
LONGEST = 28  # px
JUDGED = 1500  # points on which a map is judged
NEIGHBOURS = 12


@task("latent_map", warm=True)
def latent_map(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Where the test images of a run lie, as a plane through their codes or by t-SNE; arrays are in out/map.npz.

    With `"ship": true` it is the small version that ships inside a run, in out/latent_map.npz.
    """
    projection = arguments.get("projection", "codes")
    if projection not in PROJECTIONS:
        raise RequestError(f"A map is one of {', '.join(PROJECTIONS)}; received {str(projection)[:40]!r}.")
    return _mapped(arguments, projection, job)


@task("latent_tsne", lane="medium", warm=True)
def latent_tsne(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """`latent_map` by t-SNE, which takes so long that clicks should not wait behind it."""
    return _mapped(arguments, "tsne", job)


def _mapped(arguments: dict[str, Any], projection: str, job: Job) -> dict[str, Any]:
    began, ship = time.perf_counter(), arguments.get("ship", False)
    count = whole_number(arguments, "count", TSNE_POINTS if projection == "tsne" else MOST, 10, MOST)
    network = latent_network(arguments["key"])
    gallery = gallery_of(network, job.check)
    count = min(count, len(gallery.index), SHIPPED_POINTS if ship else MOST)
    codes = gallery.codes[:count]
    axes = _axes(arguments, gallery) if projection == "codes" else None
    plane = axes_plane(gallery.codes, axes) if axes else principal_plane(gallery.codes)
    if projection == "tsne":
        points, plane = _tsne(codes, job), Plane(plane.mean, plane.components[:0], 0.0)
    else:
        points = place_of(codes, plane.mean, plane.components)
    images = to_uint8(thumbnail(to_float(gallery.images[:count]), LONGEST))
    if ship:
        images = np.round(images / GREYS).astype(np.uint8) * np.uint8(GREYS)
    lows, highs = ranges(gallery.codes)
    job.write_arrays(
        "latent_map.npz" if ship else "map.npz",
        points=points.astype(np.float32), codes=codes.astype(np.float16), labels=gallery.labels[:count],
        errors=gallery.errors[:count], scores=gallery.gaussian.distance(codes).astype(np.float32),
        index=gallery.index[:count], images=images, lows=lows, highs=highs,
        order=by_variance(gallery.codes).astype(np.int32), mean=plane.mean, components=plane.components,
    )  # fmt: skip
    judged = min(count, JUDGED)
    neighbours = min(NEIGHBOURS, (judged - 1) // 2)

    def trust(originals: np.ndarray) -> float:
        return trustworthiness(points[:judged], originals[:judged], neighbours, job.check)

    return {
        **gallery.said(),
        "projection": projection,
        "axes": list(axes) if axes else None,
        "count": count,
        "of": gallery.total,
        "trustworthiness": trust(gallery.images),
        "trustworthiness_codes": trust(gallery.codes),
        "trustworthiness_count": judged,
        "explained": plane.explained if projection == "pca" else None,
        "variance": [float(value) for value in gallery.codes.var(axis=0)],
        "sample": network.run.resolved.data.source == "sample",
        "seconds": round(time.perf_counter() - began, 2),
    }


def whole_number(arguments: dict[str, Any], name: str, default: int, low: int, high: int) -> int:
    """A whole number among a task's arguments.

    Raises:
        RequestError: It is none, or out of range.
    """
    value = arguments.get(name)
    value = default if value is None else value
    if type(value) is not int or not low <= value <= high:
        raise RequestError(f"“{name}” is a whole number from {low} to {high:,}; received {str(value)[:40]!r}.")
    return value


def _axes(arguments: dict[str, Any], gallery: Gallery) -> tuple[int, int]:
    size = gallery.codes.shape[1]
    axes = arguments.get("axes") or sorted(by_variance(gallery.codes)[:2].tolist())
    if size == 1:
        return 0, 0
    numbers = isinstance(axes, list) and len(axes) == 2 and all(type(axis) is int for axis in axes)
    if not numbers or axes[0] == axes[1] or not all(0 <= axis < size for axis in axes):
        raise RequestError(f"The axes are two different numbers of the code, 0 to {size - 1}; received {axes!r:.40}.")
    return axes[0], axes[1]


def _tsne(codes: np.ndarray, job: Job) -> np.ndarray:
    """Places by t-SNE (van der Maaten & Hinton 2008), begun from principal components.

    It is computed in a thread of its own, so that nobody has to wait for the end of what was cancelled.
    """
    from sklearn.manifold import TSNE

    perplexity = min(30.0, (len(codes) - 1) / 3)
    made = TSNE(perplexity=perplexity, init="pca" if codes.shape[1] > 1 else "random", random_state=0)
    expected, began = TSNE_SECONDS * len(codes), time.monotonic()
    executor = ThreadPoolExecutor(1)
    try:
        waiting = executor.submit(made.fit_transform, codes)
        while not waiting.done():
            passed = time.monotonic() - began
            job.progress(phase="projecting", fraction=passed / (passed + expected))
            job.check()
            time.sleep(0.05)
        return waiting.result()
    finally:
        executor.shutdown(wait=False)

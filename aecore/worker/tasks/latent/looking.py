"""Single codes: decoding them, encoding a picture, and finding neighbours."""

import io
from typing import Any

import numpy as np

from aecore.datasets import WithClass
from aecore.errors import RequestError
from aecore.images import cover, read_image, thumbnail, to_float, to_uint8, with_channels
from aecore.latent import nearest
from aecore.metrics import psnr
from aecore.worker.job import Job, task
from aecore.worker.networks import Trained
from aecore.worker.tasks.latent.gallery import LONGEST, Gallery, decoded, gallery_of, latent_network, padded
from aecore.worker.tasks.latent.mapping import whole_number

MOST_CODES = 400
NEIGHBOURS = 8
MOST_NEIGHBOURS = 50
SIDES = (4, 4096)  # px


@task("latent_decode", warm=True)
def latent_decode(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """The images that codes stand for, as out/decoded.npz."""
    network = latent_network(arguments["key"])
    codes = _codes(arguments.get("codes"), network.run.recipe.latent_dim)
    labels = labels_for(network, arguments.get("labels"), len(codes))
    images = to_uint8(decoded(network, codes, labels))
    job.write_arrays("decoded.npz", images=images)
    return {"count": len(images)}


@task("latent_encode", warm=True)
def latent_encode(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Code, answer and neighbours of a picture that somebody drew or brought, as out/encoded.npz."""
    network = latent_network(arguments["key"])
    recipe = network.run.recipe
    picture = _picture(job)
    given, wanted = (_fitted(picture, shape) for shape in (_seen(network), recipe.target_shape))
    labels = labels_for(network, arguments.get("labels"), 1)
    gallery = gallery_of(network, job.check)
    code = padded(network.encode, given if labels is None else WithClass(given, labels)[np.arange(1)])
    output = decoded(network, code, labels)
    value, arrays = _neighbours(gallery, code, wanted, min(NEIGHBOURS, len(gallery.index)), None, job)
    job.write_arrays("encoded.npz", image=given[0], output=to_uint8(output)[0], **arrays)
    quality = float(psnr(to_float(wanted), output)[0])
    score = float(gallery.gaussian.distance(code)[0])
    finite = quality if np.isfinite(quality) else None
    return {"code": [float(number) for number in code[0]], "psnr": finite, "score": score, **value}


@task("latent_neighbours", warm=True)
def latent_neighbours(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """The test images that are nearest to one of them, by code and by pixels, as out/neighbours.npz."""
    network = latent_network(arguments["key"])
    gallery = gallery_of(network, job.check)
    index = whole_number(arguments, "index", 0, 0, gallery.total - 1)
    place = np.flatnonzero(gallery.index == index)
    if not place.size:
        raise RequestError(f"Image {index} is not among the {len(gallery.index):,} that are here; choose one of these.")
    others = len(gallery.index) - 1
    count = min(whole_number(arguments, "count", NEIGHBOURS, 1, MOST_NEIGHBOURS), others)
    code, image = gallery.codes[place], gallery.images[place]
    value, arrays = _neighbours(gallery, code, image, count, place, job)
    job.write_arrays("neighbours.npz", image=image[0], output=_answer(network, code, gallery.labels[place]), **arrays)
    return {"label": int(gallery.labels[place[0]]), "error": float(gallery.errors[place[0]]), **value}


def _codes(received: Any, size: int) -> np.ndarray:
    """Checked codes (K, d) float32."""
    try:
        codes = np.array(received, np.float32)
    except (TypeError, ValueError, OverflowError):
        codes = np.zeros(0)
    if codes.ndim != 2 or codes.shape[1] != size or not 1 <= len(codes) <= MOST_CODES or not np.isfinite(codes).all():
        raise RequestError(
            f"Codes are 1 to {MOST_CODES} rows of {size} numbers each; received {str(received)[:60]}, "
            f"of shape {codes.shape}."
        )
    return codes


def _picture(job: Job) -> np.ndarray:
    """The picture that came with a job, (h, w, 1 or 3) uint8."""
    drawn, brought = job.files / "picture.npy", job.files / "picture"
    if brought.is_file():
        return read_image(brought, "The picture")
    if not drawn.is_file():
        raise RequestError("A picture is needed: a file “picture”, or an array “picture.npy”; received neither.")
    try:
        picture = np.load(io.BytesIO(drawn.read_bytes()), allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise RequestError(f"picture.npy is no array of NumPy's ({error}); save it again.") from error
    sides = picture.shape[:2]
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] not in (1, 3):
        raise RequestError(f"picture.npy is (h, w, 1 or 3) uint8; received {picture.shape} {picture.dtype}.")
    if not all(SIDES[0] <= side <= SIDES[1] for side in sides):
        raise RequestError(f"A picture has sides of {SIDES[0]} to {SIDES[1]} px; received {sides[1]} × {sides[0]}.")
    return picture


def _fitted(picture: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """The picture as one image of a network's shape, (1, h, w, c) uint8."""
    picture = with_channels(picture, shape[2])
    return (picture if picture.shape == shape else cover(picture, *shape[:2]))[None]


def _answer(network: Trained, code: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return to_uint8(thumbnail(decoded(network, code, labels), LONGEST))[0]


def _seen(network: Trained) -> tuple[int, int, int]:
    """Shape (h, w, c) of the picture that a network is given, without the class."""
    height, width, channels = network.run.recipe.input_shape
    return height, width, channels - network.run.recipe.model.told_classes


def labels_for(network: Trained, received: Any, count: int) -> np.ndarray | None:
    """The classes (count,) int that codes are decoded as; None where the network is told none.

    Raises:
        RequestError: The network is told the class and these are none.
    """
    recipe = network.run.recipe
    if not recipe.model.told_classes:
        return None
    most = len(recipe.dataset.classes) - 1
    numbers = isinstance(received, list) and all(type(item) is int and 0 <= item <= most for item in received)
    if not numbers or len(received) != count:
        raise RequestError(
            f"{network.run.name} is told the class besides the code: “labels” are {count} whole numbers from 0 to "
            f"{most}; received {str(received)[:40]!r}."
        )
    return np.array(received)


def _neighbours(
    gallery: Gallery, code: np.ndarray, image: np.ndarray, count: int, own: np.ndarray | None, job: Job
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Value and arrays: the nearest of a gallery by code and by pixels, without the image at `own`."""
    small = to_uint8(thumbnail(to_float(image), max(gallery.images.shape[1:3])))
    by_code, code_distances = nearest(code, gallery.codes, count, own, job.check)
    by_pixels, pixel_distances = nearest(small, gallery.images, count, own, job.check)
    pixel_distances = pixel_distances / np.sqrt(np.float32(small[0].size))
    arrays, value = {}, {}
    for name, found, distances in (("by_code", by_code, code_distances), ("by_pixels", by_pixels, pixel_distances)):
        arrays[name] = gallery.images[found[0]]
        arrays[f"{name}_labels"], arrays[f"{name}_distances"] = gallery.labels[found[0]], distances[0]
    value["neighbours_latent"], value["neighbours_pixels"] = (
        gallery.index[found[0]].tolist() for found in (by_code, by_pixels)
    )
    return {**value, **gallery.said()}, arrays

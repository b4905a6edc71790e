"""Image arrays: reading them from files, resizing, blurring, and writing them as PNG.

One convention everywhere: an image array is (N, H, W, C), float32 in [0, 1], C = 1 or 3; what is stored or shipped is
uint8. A file of a person is checked before its pixels are decoded, because a few kilobytes can hold gigabytes.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from scipy.ndimage import gaussian_filter1d

from aecore.errors import RequestError

LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601: brightness of red, green and blue
FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF")
MAX_PIXELS = 50_000_000
MAX_BYTES = 500_000_000  # of a file
UNDECODABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    struct.error,
    zlib.error,
)
BITS, PHOTOMETRIC, SAMPLES, WHITE_IS_ZERO, SIGNED = 258, 262, 339, 0, 2  # of a TIFF
WHITE, NEGATIVE = "aecore white", "aecore negative"  # in the `info` of a picture
SHADES = {"L;2": 4, "L;4": 16}  # of a PNG, by how Pillow calls its layout
BLUR_REACH = 4.0  # standard deviations after which a Gaussian counts as nothing


def to_float(images: np.ndarray) -> np.ndarray:
    """uint8 images as float32 in [0, 1]."""
    return images.astype(np.float32) * np.float32(1 / 255)


def to_uint8(images: np.ndarray) -> np.ndarray:
    """Images in [0, 1], rounded to uint8; values outside are clipped."""
    return np.round(np.clip(images, 0, 1) * 255).astype(np.uint8)


def read_image(source: bytes | Path, name: str = "", max_pixels: int = MAX_PIXELS) -> np.ndarray:
    """Decodes a picture that may come from anyone.

    Rotation from EXIF is applied, transparency is laid on white, palettes, CMYK and 16 bits are converted.

    Args:
        source: The file's content, or its path.
        name: How a refusal calls the file; its own name when left out.
        max_pixels: Largest width × height accepted; checked before anything is decoded.

    Returns:
        (H, W, 3) uint8 for colour, (H, W, 1) uint8 for grey.

    Raises:
        RequestError: It is no picture in a known format, damaged, or too large.
    """
    with opened(source, name, max_pixels) as picture:
        image = simple(ImageOps.exif_transpose(picture))
        if image.mode in ("LA", "RGBA"):
            white = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
        pixels = np.array(image)
        return pixels[..., None] if pixels.ndim == 2 else pixels


@contextmanager
def opened(source: bytes | Path, name: str = "", max_pixels: int = MAX_PIXELS) -> Iterator[Image.Image]:
    """Opens a picture that may come from anyone; its pixels are not decoded yet.

    What is wrong with the file becomes a sentence, also where it shows only while the block decodes it.

    Args:
        source: The file's content, or its path.
        name: How a refusal calls the file; its own name when left out.
        max_pixels: Largest width × height accepted.

    Raises:
        RequestError: It is no picture in a known format, damaged, or too large.
    """
    name = name or (source.name if isinstance(source, Path) else "The file")
    if isinstance(source, Path):
        check_weight(source, name)
    try:
        content = source.read_bytes() if isinstance(source, Path) else source
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow only warns of (size, odd tags) is checked or harmless here
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                width, height = picture.size
                if width * height > max_pixels:
                    raise RequestError(
                        f"{name} has {width} × {height} px, that is {width * height / 1e6:.0f} megapixels; "
                        f"at most {max_pixels / 1e6:.0f} are accepted. Make it smaller first."
                    )
                picture.verify()  # checksums, which loading skips
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                _note_values(picture)
                yield picture
    except UnidentifiedImageError as error:
        known = ", ".join(FORMATS)
        raise RequestError(
            f"{name} is damaged, or not a picture in a format that the lab reads ({known}). "
            "Save it as a JPEG or PNG first."
        ) from error
    except Image.DecompressionBombError as error:
        limit = f"{max_pixels / 1e6:.0f}"
        raise RequestError(f"{name} is far too large: at most {limit} megapixels are accepted. ({error})") from error
    except UNDECODABLE as error:
        raise RequestError(f"{name} is damaged and cannot be decoded ({error}). Save it again and retry.") from error


def check_weight(path: Path, name: str = "") -> None:
    """Says no to a file that is too large to be read; `name` is what it is called then.

    Raises:
        RequestError: It is.
    """
    weight = path.stat().st_size if path.is_file() else 0
    if weight > MAX_BYTES:
        raise RequestError(
            f"{name or path.name} has {weight / 1e6:,.0f} MB; at most {MAX_BYTES / 1e6:.0f} are read. "
            "Save it as a JPEG or PNG."
        )


def _note_values(picture: Image.Image) -> None:
    """Puts into a picture's `info`, before it is decoded, what its numbers mean where Pillow does not look at that.

    A PNG names its transparent shade in its own bits; a TIFF may have 12 of 16 bits, a sign, or zero for white.
    """
    layout, clear = str(picture.tile[0][3]) if picture.tile else "", picture.info.get("transparency")
    if picture.format == "PNG" and isinstance(clear, int) and picture.mode == "L":
        picture.info["transparency"] = clear * next(
            (255 // (2**bits - 1) for bits in (2, 4) if f"L;{bits}" in layout), 1
        )
    if picture.format == "PNG" and isinstance(clear, tuple) and ";16" in layout:
        picture.info["transparency"] = tuple(value >> 8 for value in clear)
    if picture.format == "TIFF" and picture.mode.startswith("I") and any(of in layout for of in (";16", ";12")):
        tags = picture.tag_v2
        bits, signed = tags.get(BITS, (16,))[0], tags.get(SAMPLES, (1,))[0] == SIGNED
        picture.info[WHITE] = 2 ** (bits - signed) - 1
        picture.info[NEGATIVE] = tags.get(PHOTOMETRIC) == WHITE_IS_ZERO


def simple(picture: Image.Image) -> Image.Image:
    """A picture of any mode as one of grey or colour, with or without transparency: L, LA, RGB or RGBA, 8 bits."""
    if picture.mode.startswith(("I", "F")):  # 16 bits or more in one channel
        grey = Image.fromarray(_eight_bits(picture))
        clear = picture.info.get("transparency")
        if not isinstance(clear, int):
            return grey
        seen = np.asarray(picture) != clear
        return Image.merge("LA", [grey, Image.fromarray(np.where(seen, np.uint8(255), np.uint8(0)))])
    if picture.mode in ("L", "LA", "RGB", "RGBA") and "transparency" not in picture.info:
        return picture
    clear = "transparency" in picture.info or picture.mode in ("LA", "La", "PA", "RGBA", "RGBa")
    grey = picture.mode in ("1", "L", "LA", "La")
    return picture.convert(("LA" if clear else "L") if grey else "RGBA" if clear else "RGB")


def _eight_bits(picture: Image.Image) -> np.ndarray:
    """Pixels (H, W) uint8 of a picture whose numbers have 16 bits, or 32 of which it uses 8 or 16, or lie in [0, 1].

    Raises:
        RequestError: They lie elsewhere: how bright they are meant to be is anyone's guess.
    """
    values = np.nan_to_num(np.asarray(picture, dtype=np.float32), nan=0.0, posinf=np.inf, neginf=-np.inf)
    low, high = float(values.min()), float(values.max())
    white = float(picture.info.get(WHITE, 65535))
    if picture.mode == "F":
        white = 1.0
    elif picture.mode == "I" and WHITE not in picture.info and high <= 255:
        white = 255.0
    if low < 0 or high > white:
        raise RequestError(
            f"The picture has more than 8 bits per channel, with numbers from {low:g} to {high:g}; those from 0 to "
            f"{white:g} are read. Save it with 8 or 16 bits per channel."
        )
    made = np.round(values / white * 255).astype(np.uint8)
    return 255 - made if picture.info.get(NEGATIVE) else made


def with_channels(image: np.ndarray, channels: int) -> np.ndarray:
    """A uint8 image (H, W, C) as grey (`channels` 1) or colour (`channels` 3)."""
    if image.shape[-1] == channels:
        return image
    if channels == 3:
        return np.repeat(image, 3, axis=-1)
    return np.round(image @ LUMA).astype(np.uint8)[..., None]


def cover(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """Resizes a uint8 image (H, W, C) so that it covers height × width, and crops the middle."""
    picture = Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image)
    fitted = np.asarray(ImageOps.fit(picture, (width, height), Image.Resampling.BICUBIC))
    return fitted.reshape(height, width, image.shape[-1])


def resize(
    images: np.ndarray, size: tuple[int, int], kernel: str = "bicubic", box: tuple[float, ...] | None = None
) -> np.ndarray:
    """Resizes images, by default with a bicubic kernel, antialiased when they get smaller (as MATLAB's `imresize`).

    Args:
        images: (N, H, W, C), values in [0, 1].
        size: New (height, width) in px.
        kernel: "bicubic", "box" (the mean over the area of a pixel), or "lanczos".
        box: The part (left, top, right, bottom) in px, also between pixels, that becomes the result; what lies around
            it still counts at its edges. Everything when left out.

    Returns:
        (N, *size, C) float32 in [0, 1].
    """
    height, width = size
    resized = np.empty((len(images), height, width, images.shape[-1]), dtype=np.float32)
    for index, channel in np.ndindex(len(images), images.shape[-1]):
        plane = Image.fromarray(np.ascontiguousarray(images[index, :, :, channel], dtype=np.float32))
        resized[index, :, :, channel] = plane.resize((width, height), Image.Resampling[kernel.upper()], box)
    return np.clip(resized, 0, 1, out=resized)


def sampled(images: np.ndarray, factor: int) -> np.ndarray:
    """Images (N, H, W, C) made `factor` times smaller without antialiasing: cubic interpolation at the new centres.

    What `INTER_CUBIC` of OpenCV and many quick programs do: sharp, with stairs and moiré. Sides are multiples of
    `factor`.
    """
    centre = (factor - 1) / 2
    offsets, weights = (0,), (1.0,)  # an odd factor meets a pixel
    if factor % 2 == 0:
        offsets, weights = range(-1, 3), np.float32([-0.09375, 0.59375, 0.59375, -0.09375])  # a = −0.75, half way
    for axis in (1, 2):
        last = images.shape[axis] - 1
        centres = np.arange(images.shape[axis] // factor) * factor + int(centre)
        images = sum(
            np.float32(weight) * images.take(np.clip(centres + offset, 0, last), axis=axis)
            for offset, weight in zip(offsets, weights, strict=True)
        )
    return np.clip(images, 0, 1)


def gaussian_blur(images: np.ndarray, stddev: float) -> np.ndarray:
    """Blurs images (N, H, W, C) with a Gaussian of `stddev` px; the border is mirrored."""
    if stddev == 0:
        return images
    rows = gaussian_filter1d(images, stddev, axis=1, mode="reflect", truncate=BLUR_REACH)
    return gaussian_filter1d(rows, stddev, axis=2, mode="reflect", truncate=BLUR_REACH)


def thumbnail(images: np.ndarray, longest: int = 128) -> np.ndarray:
    """Images (N, H, W, C), shrunk so that no side is longer than `longest` px; smaller ones are left as they are."""
    height, width = images.shape[1:3]
    if max(height, width) <= longest:
        return images
    scale = longest / max(height, width)
    return resize(images, (max(1, round(height * scale)), max(1, round(width * scale))))


def enlarge(images: np.ndarray, factor: int) -> np.ndarray:
    """Repeats every pixel of images (…, H, W, C) `factor` times in both directions: square pixels stay square."""
    return images.repeat(factor, axis=-3).repeat(factor, axis=-2)


def jpeg(image: np.ndarray, quality: int) -> np.ndarray:
    """What is left of an image (H, W, C) uint8 after it was written as JPEG in a quality from 1 to 100."""
    content = io.BytesIO()
    Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image).save(content, "JPEG", quality=quality)
    return np.asarray(Image.open(content)).reshape(image.shape)


def png(image: np.ndarray) -> bytes:
    """One uint8 image (H, W, C) as the content of a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image).save(buffer, "PNG")
    return buffer.getvalue()

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from aecore.errors import RequestError
from aecore.images import cover, enlarge, gaussian_blur, png, read_image, resize, sampled, thumbnail, to_float, to_uint8


def encoded(picture, format="PNG", **options):
    buffer = io.BytesIO()
    picture.save(buffer, format, **options)
    return buffer.getvalue()


GRADIENT = np.tile(np.arange(0, 240, 8, dtype=np.uint8), (20, 1))
COLOUR = np.stack([GRADIENT, GRADIENT[:, ::-1], np.full_like(GRADIENT, 128)], axis=-1)


def test_uint8_survives_the_way_to_float_and_back():
    values = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(to_uint8(to_float(values)), values)


@pytest.mark.parametrize("format", ["PNG", "BMP", "TIFF", "GIF"])
def test_lossless_grey_is_read_exactly(format):
    np.testing.assert_array_equal(read_image(encoded(Image.fromarray(GRADIENT), format))[..., 0], GRADIENT)


@pytest.mark.parametrize("format", ["JPEG", "WEBP"])
def test_lossy_colour_is_read_closely(format):
    image = read_image(encoded(Image.fromarray(COLOUR), format, quality=95))
    assert np.abs(image.astype(int) - COLOUR).mean() < 4


@pytest.mark.parametrize("mode, channels", [("1", 1), ("P", 3), ("CMYK", 3), ("RGBA", 3), ("LA", 3)])
def test_other_modes_become_grey_or_colour(mode, channels):
    picture = Image.fromarray(COLOUR).convert("L" if mode == "LA" else "RGB").convert(mode)
    assert read_image(encoded(picture, "TIFF" if mode == "CMYK" else "PNG")).shape == (20, 30, channels)


def test_sixteen_bits_are_scaled_not_cut():
    deep = Image.fromarray((GRADIENT.astype(np.uint16) * 257).astype(np.uint16))
    np.testing.assert_array_equal(read_image(encoded(deep))[..., 0], GRADIENT)


def test_transparency_is_laid_on_white():
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert (read_image(encoded(clear)) == 255).all()


def test_a_picture_is_turned_as_its_exif_says():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert read_image(encoded(Image.fromarray(COLOUR), "JPEG", exif=exif)).shape == (30, 20, 3)


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", encoded(Image.fromarray(COLOUR))[:80]],
    ids=["empty", "text", "svg", "truncated"],
)
def test_what_is_no_whole_picture_gets_a_sentence(content):
    with pytest.raises(RequestError, match="holiday.png"):
        read_image(content, "holiday.png")


def test_an_altered_checksum_is_noticed():
    content = bytearray(encoded(Image.fromarray(COLOUR)))
    content[-20] ^= 0xFF
    with pytest.raises(RequestError, match="damaged"):
        read_image(bytes(content), "it")


def test_a_bomb_is_refused_by_its_stated_size_before_decoding():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    with pytest.raises(RequestError, match="bomb.png is far too large: at most 50 megapixels"):
        read_image(bomb, "bomb.png")


def test_more_pixels_than_accepted_are_refused_with_their_number():
    with pytest.raises(RequestError, match="30 × 20 px"):
        read_image(encoded(Image.fromarray(COLOUR)), max_pixels=599)


def test_cover_crops_the_middle():
    wide = np.zeros((10, 30, 1), np.uint8)
    wide[:, 10:20] = 255
    assert (cover(wide, 10, 10)[:, 1:-1] == 255).all()


def test_resize_to_the_same_size_changes_nothing():
    images = to_float(COLOUR)[None]
    np.testing.assert_allclose(resize(images, (20, 30)), images, atol=1e-6)


def test_blur_keeps_the_mean_of_a_dot_and_flattens_it():
    dot = np.zeros((1, 41, 41, 1), np.float32)
    dot[0, 20, 20] = 1
    blurred = gaussian_blur(dot, 2.0)
    assert blurred.sum() == pytest.approx(1, abs=1e-3)
    assert blurred.max() == pytest.approx(1 / (2 * np.pi * 4), rel=0.05)


def test_small_images_keep_square_pixels_and_large_ones_become_thumbnails():
    assert enlarge(COLOUR, 3).shape == (60, 90, 3)
    assert thumbnail(np.zeros((1, 300, 600, 3), np.float32)).shape == (1, 64, 128, 3)


def test_png_is_read_back_exactly():
    np.testing.assert_array_equal(read_image(png(COLOUR)), COLOUR)


class TestSampled:
    def test_keeps_a_slope_and_meets_its_middle(self):
        slope = np.linspace(0.1, 0.9, 24, dtype=np.float32).reshape(1, 1, 24, 1).repeat(24, axis=1)
        for factor in (2, 3, 4):
            small = sampled(slope, factor)
            assert small.shape == (1, 24 // factor, 24 // factor, 1)
            middles = slope[0, 0, :, 0].reshape(-1, factor).mean(axis=1)
            np.testing.assert_allclose(small[0, 3, 1:-1, 0], middles[1:-1], atol=1e-6)

    def test_lets_stairs_through_that_antialiasing_takes_away(self):
        lines = np.zeros((1, 12, 12, 1), np.float32)
        lines[:, ::3] = 1
        assert np.ptp(sampled(lines, 2)) > np.ptp(resize(lines, (6, 6)))

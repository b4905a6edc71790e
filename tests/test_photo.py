"""Photographs as files: what is read of them, and what is written."""

import io
import os
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from aecore.errors import RequestError
from aecore.images import read_image
from aecore.photo import ENDINGS, Photo, check_size, for_screen, read_photo, says_where, without_location, write_photo
from aecore.photo.writing import LONGEST_EXIF

ORIENTATION, MAKE, CAMERA, GPS, TAKEN, MAKER_NOTE, STORED_WIDTH = 274, 271, 0x8769, 0x8825, 0x9003, 0x927C, 0xA002
BAD = Path(os.environ.get("AECORE_DATA", "nowhere")) / "badimages"
SCREEN = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
COLOUR = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)


def encoded(picture, format="PNG", **options):
    buffer = io.BytesIO()
    if isinstance(picture, np.ndarray):
        picture = Image.fromarray(picture)
    picture.save(buffer, format, **options)
    return buffer.getvalue()


def exif(turned=1):
    tags = Image.Exif()
    tags[ORIENTATION], tags[MAKE] = turned, "Camera works"
    tags[CAMERA] = {TAKEN: "2020:02:20 20:20:20", MAKER_NOTE: b"at 48 north", STORED_WIDTH: 30}
    tags[GPS] = {1: "N", 2: (48.0, 12.0, 3.0)}
    read_back = Image.Exif()
    read_back.load(tags.tobytes())
    return read_back


def written(photo, folder, format="png", **options):
    path = folder / f"new{ENDINGS[format]}"
    notes = write_photo(photo, path, format, **options)
    picture = Image.open(path)
    picture.load()
    return picture, notes


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def grey_png(bits, shades, clear):
    """A row of shades with so many bits each, one of which is transparent."""
    packed = int("1" + "".join(f"{shade:0{bits}b}" for shade in shades), 2).to_bytes(1 + len(shades) * bits // 8, "big")
    head = struct.pack(">IIBBBBB", len(shades), 1, bits, 0, 0, 0, 0)
    rest = chunk(b"IDAT", zlib.compress(b"\0" + packed[1:])) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"tRNS", struct.pack(">H", clear)) + rest


def grey_profile(gamma):
    """A colour profile for grey (ICC.1:2010), by hand: Pillow makes none."""
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    tags = struct.pack(">I4sII4sII", 2, b"kTRC", 156, 14, b"wtpt", 172, 20)
    head = struct.pack(">I4sI4s4s4s", 192, b"lcms", 0x02100000, b"mntr", b"GRAY", b"XYZ ")
    head += struct.pack(">6H4s", 2020, 1, 1, 0, 0, 0, b"acsp").ljust(32, b"\0") + struct.pack(
        ">3i", 63190, 65536, 54061
    )
    return head.ljust(128, b"\0") + tags + curve + white


class TestReading:
    @pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF"])
    @pytest.mark.parametrize("turned", [1, 3, 6, 8])
    def test_turns_it_upright_and_says_so_no_more(self, format, turned):
        photo = read_photo(encoded(COLOUR, format, exif=exif(turned)))
        assert photo.size == ((20, 30) if turned < 5 else (30, 20)) and photo.notes == ()
        tags = Image.Exif()
        tags.load(photo.exif)
        assert ORIENTATION not in tags and tags[MAKE] == "Camera works"
        assert tags.get_ifd(CAMERA)[TAKEN].startswith("2020") and STORED_WIDTH not in tags.get_ifd(CAMERA)

    def test_turns_the_pixels_themselves(self):
        np.testing.assert_array_equal(read_photo(encoded(COLOUR, exif=exif(6))).pixels, np.rot90(COLOUR, -1))

    def test_keeps_grey_grey(self):
        photo = read_photo(encoded(COLOUR[..., 0]))
        assert photo.pixels.shape == (20, 30, 1) and photo.alpha is None

    def test_keeps_transparency_of_every_kind(self):
        shades = np.tile(np.arange(0, 240, 8, dtype=np.uint8), (20, 1))
        clear = np.dstack([COLOUR, shades])
        np.testing.assert_array_equal(read_photo(encoded(clear)).alpha, shades)
        np.testing.assert_array_equal(read_photo(encoded(clear, "WEBP", lossless=True)).alpha, shades)
        grey = read_photo(encoded(Image.fromarray(np.dstack([shades, shades]), "LA")))
        assert grey.pixels.shape == (20, 30, 1) and grey.alpha is not None
        palette = Image.fromarray(shades // 8, "P")
        palette.putpalette([shade for index in range(256) for shade in (index, 0, 255 - index)])
        indexed = read_photo(encoded(palette, transparency=3))
        assert indexed.pixels.shape == (20, 30, 3) and (indexed.alpha[:, 3] == 0).all() and indexed.alpha[0, 5] == 255

    def test_takes_opaque_transparency_for_none(self):
        assert read_photo(encoded(np.dstack([COLOUR, np.full((20, 30), 255, np.uint8)]))).alpha is None

    def test_continues_colours_beneath_what_is_transparent(self):
        hidden = np.zeros((20, 30, 4), np.uint8)
        hidden[:, :10] = (200, 100, 50, 255)
        photo = read_photo(encoded(hidden))
        assert (photo.pixels == (200, 100, 50)).all() and (photo.alpha[:, 10:] == 0).all()

    def test_says_that_sixteen_bits_become_eight(self):
        deep = read_photo(encoded(Image.fromarray(COLOUR[..., 0].astype(np.uint16) * 257)))
        np.testing.assert_array_equal(deep.pixels[..., 0], COLOUR[..., 0])
        rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in COLOUR.astype(int) * 257)
        head = struct.pack(">IIBBBBB", 30, 20, 16, 2, 0, 0, 0)
        file = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
        colour = read_photo(b"\x89PNG\r\n\x1a\n" + file)
        np.testing.assert_array_equal(colour.pixels, COLOUR)
        for photo in (deep, colour):
            assert photo.notes == ("It has 16 bits per channel; 8 are kept.",)

    @pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
    def test_a_shade_is_transparent_whatever_its_bits(self, bits):
        white = 2**bits - 1
        photo = read_photo(grey_png(bits, [0, white, white, 0, 0, 0, 0, 0], white))
        assert photo.alpha.tolist() == [[255, 0, 0, 255, 255, 255, 255, 255]]

    @pytest.mark.parametrize(
        "shades, tags, seen",
        [
            ([0, 30000, 65535], {}, [0, 117, 255]),
            ([0, 30000, 65535], {262: 0}, [255, 138, 0]),  # zero is white
            ([0, 16384], {339: 2}, [0, 128]),  # signed
        ],
    )
    def test_a_tiff_says_what_its_sixteen_bits_mean(self, shades, tags, seen):
        content = encoded(Image.fromarray(np.array([shades], np.uint16)), "TIFF", tiffinfo=tags)
        for pixels in (read_photo(content).pixels, read_image(content)):
            assert pixels.ravel().tolist() == seen

    def test_a_tiff_of_twelve_bits_is_as_bright(self):
        content = encoded(Image.fromarray(np.zeros((1, 2), np.uint16)), "TIFF")
        bits = struct.pack("<HHIHH", 258, 3, 1, 16, 0)
        assert content.count(bits) == 1
        place = Image.open(io.BytesIO(content)).tile[0].offset
        twelve = content.replace(bits, struct.pack("<HHIHH", 258, 3, 1, 12, 0))
        twelve = twelve[:place] + bytes([0xFF, 0xF0, 0x00]) + twelve[place + 3 :]
        assert read_photo(twelve).pixels.ravel().tolist() == [255, 0]

    @pytest.mark.parametrize("scale, kind", [(1 / 255, np.float32), (1, np.int32), (257, np.int32)])
    def test_reads_thirty_two_bits_where_it_is_clear_what_is_white(self, scale, kind):
        deep = Image.fromarray((COLOUR[..., 0].astype(float) * scale).astype(kind))
        photo = read_photo(encoded(deep, "TIFF"))
        np.testing.assert_array_equal(photo.pixels[..., 0], COLOUR[..., 0])
        assert photo.notes == ("It has 32 bits per channel; 8 are kept.",)

    @pytest.mark.parametrize("values", [[[-0.2, 0.5]], [[0.0, 1.5]], [[0.0, np.inf]]])
    def test_refuses_them_where_it_is_not(self, values):
        with pytest.raises(RequestError, match="bits per channel, with numbers from"):
            read_photo(encoded(Image.fromarray(np.array(values, np.float32)), "TIFF"))

    def test_refuses_a_huge_file_before_it_reads_it(self, tmp_path):
        with (tmp_path / "huge.tif").open("wb") as file:
            file.truncate(600_000_000)
        with pytest.raises(RequestError, match=r"huge.tif has 600 MB; at most 500"):
            read_photo(tmp_path / "huge.tif")

    @pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "TIFF"])
    def test_takes_the_first_of_several_pictures(self, format):
        several = [Image.new("RGB", (8, 8), (shade, 0, 0)) for shade in (200, 100, 0)]
        content = encoded(several[0], format, save_all=True, append_images=several[1:])
        photo = read_photo(content)
        assert "only the first one" in photo.notes[0] and abs(int(photo.pixels[0, 0, 0]) - 200) < 6

    @pytest.mark.parametrize("format", ["JPEG", "TIFF"])
    def test_turns_the_inks_of_a_printer_into_colours(self, format):
        photo = read_photo(encoded(Image.fromarray(COLOUR).convert("CMYK"), format))
        assert photo.pixels.shape == (20, 30, 3) and "CMYK" in photo.notes[0] and photo.icc == b""

    def test_keeps_a_profile_that_suits_and_no_other(self):
        assert read_photo(encoded(COLOUR, icc_profile=SCREEN)).icc == SCREEN
        grey = read_photo(encoded(COLOUR[..., 0], icc_profile=SCREEN))
        assert grey.icc == b"" and "profile" in grey.notes[0]
        assert read_photo(encoded(COLOUR, icc_profile=b"nothing")).icc == b""

    @pytest.mark.parametrize("size", [(1, 1), (20_000, 10), (10, 20_000)])
    def test_takes_any_shape(self, size):
        assert read_photo(encoded(Image.new("RGB", size))).size == size[::-1]


class TestRefusing:
    @pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF", "GIF"])
    @pytest.mark.parametrize("share", [0, 0.2, 0.6])
    def test_truncated_files_end_in_a_sentence(self, format, share):
        content = encoded(Image.fromarray(COLOUR).resize((300, 200)), format)
        with pytest.raises(RequestError, match="holiday.*damaged"):
            read_photo(content[: int(share * len(content))], "holiday")

    @pytest.mark.skipif(not BAD.is_dir(), reason="AECORE_DATA has no folder badimages")
    @pytest.mark.parametrize("path", sorted(BAD.glob("*.png")), ids=lambda path: path.name)
    def test_files_that_are_meant_to_be_bad_end_in_a_sentence(self, path):
        with pytest.raises(RequestError, match=f"{path.name} is damaged"):
            read_photo(path)

    @pytest.mark.parametrize("size", [(5100, 5000), (60_000, 60_000)])
    def test_too_many_pixels_are_refused_before_any_is_decoded(self, size):
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0))
        bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
        with pytest.raises(RequestError, match="at most 25"):
            read_photo(bomb)

    def test_other_kinds_of_files_are_none(self):
        for content in (b"", b"hello", b"%PDF-1.7", b"<svg/>", encoded(COLOUR, "PPM")):
            with pytest.raises(RequestError, match="not a picture in a format that the lab reads"):
                read_photo(content)

    def test_damaged_exif_costs_only_the_exif(self):
        content = bytearray(encoded(COLOUR, "JPEG", exif=exif(6)))
        start = content.index(b"Exif\0\0") + 6
        content[start + 8 : start + 60] = bytes([255]) * 52
        photo = read_photo(bytes(content))
        assert photo.pixels.size == COLOUR.size


class TestWriting:
    photo = Photo(COLOUR, icc=SCREEN, exif=exif().tobytes())

    @pytest.mark.parametrize("format", ENDINGS)
    def test_keeps_profile_and_exif_without_where_it_was(self, format, tmp_path):
        picture, notes = written(self.photo, tmp_path, format)
        tags = picture.getexif()
        assert notes == [] and picture.info["icc_profile"] == SCREEN and tags[MAKE] == "Camera works"
        assert tags.get_ifd(CAMERA)[TAKEN].startswith("2020") and MAKER_NOTE not in tags.get_ifd(CAMERA)
        assert not tags.get_ifd(GPS) and b"48 north" not in (tmp_path / f"new{ENDINGS[format]}").read_bytes()

    @pytest.mark.parametrize("format", ENDINGS)
    def test_keeps_where_it_was_when_asked_to(self, format, tmp_path):
        picture, _ = written(self.photo, tmp_path, format, keep_location=True)
        assert picture.getexif().get_ifd(GPS)[2] == (48.0, 12.0, 3.0)

    @pytest.mark.parametrize("format", ENDINGS)
    def test_keeps_what_is_written_in_any_script(self, format, tmp_path):
        names = {MAKE: "Jörg Müller", 0x8298: "© 2024 Zürich – 東京"}
        tags = Image.Exif()
        for tag in names:
            tags[tag] = "x" * len(names[tag].encode())
        content = tags.tobytes()
        for name in names.values():
            content = content.replace(b"x" * len(name.encode()), name.encode(), 1)
        photo = read_photo(encoded(COLOUR, exif=content))
        assert written(photo, tmp_path, format)[0].getexif()[MAKE].encode("latin-1").decode() in names.values()
        file = (tmp_path / f"new{ENDINGS[format]}").read_bytes()
        assert all(name.encode() in file for name in names.values())

    def test_a_photograph_that_tells_no_place_is_not_said_to(self):
        tags = Image.Exif()
        tags[MAKE] = "Camera works"
        photo = read_photo(encoded(COLOUR, "JPEG", exif=tags))
        assert photo.exif and not says_where(photo.exif)

    def test_a_map_loses_its_place_too(self):
        place = {33922: (0.0, 0.0, 0.0, 8.5417, 47.3769, 0.0)}
        photo = read_photo(encoded(COLOUR, "TIFF", tiffinfo=place))
        assert says_where(photo.exif) and not says_where(without_location(photo.exif))

    def test_grey_with_a_profile_keeps_its_look_as_webp(self, tmp_path):
        shades = np.full((8, 8), 128, np.uint8)
        photo = read_photo(encoded(shades, icc_profile=grey_profile(1.0)))
        assert photo.icc
        made, notes = written(photo, tmp_path, "webp", quality=100)
        assert notes == [] and "icc_profile" not in made.info
        assert abs(int(np.asarray(made)[4, 4, 1]) - 188) < 3  # half of all light, in sRGB

    def test_says_whether_a_place_is_told(self):
        assert says_where(self.photo.exif) and not says_where(without_location(self.photo.exif))
        assert without_location(b"") == b""

    @pytest.mark.parametrize("grey", [False, True])
    def test_png_is_exact_with_transparency(self, grey, tmp_path):
        alpha = np.random.default_rng(1).integers(0, 256, (20, 30), dtype=np.uint8)
        pixels = COLOUR[..., :1] if grey else COLOUR
        picture, _ = written(Photo(pixels, alpha), tmp_path)
        assert picture.mode == ("LA" if grey else "RGBA")
        np.testing.assert_array_equal(np.array(picture), np.dstack([pixels, alpha]))

    def test_webp_has_transparency_and_a_jpeg_is_laid_on_white(self, tmp_path):
        clear = Photo(np.zeros((16, 16, 3), np.uint8), np.zeros((16, 16), np.uint8))
        assert written(clear, tmp_path, "webp")[0].mode == "RGBA"
        picture, notes = written(clear, tmp_path, "jpeg")
        assert (np.array(picture) > 250).all() and "laid on white" in notes[0]

    def test_quality_counts(self, tmp_path):
        for format in ("jpeg", "webp"):
            sizes = []
            for quality in (30, 90):
                written(self.photo, tmp_path, format, quality=quality)
                sizes.append((tmp_path / f"new{ENDINGS[format]}").stat().st_size)
            assert sizes[0] < sizes[1]

    def test_arrays_may_lie_on_disk(self, tmp_path):
        np.save(tmp_path / "pixels.npy", COLOUR)
        there = np.load(tmp_path / "pixels.npy", mmap_mode="r")
        np.testing.assert_array_equal(np.array(written(Photo(there), tmp_path)[0]), COLOUR)

    def test_whole_or_not_at_all(self, tmp_path):
        path = tmp_path / "new.png"
        path.write_bytes(b"before")

        def stop():
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            write_photo(self.photo, path, "png", check=stop)
        assert path.read_bytes() == b"before" and list(tmp_path.iterdir()) == [path]

    def test_exif_that_a_jpeg_cannot_hold_is_left_out(self, tmp_path):
        tags = exif()
        tags[0x9C9B] = bytes(LONGEST_EXIF)
        picture, notes = written(replace(self.photo, exif=tags.tobytes()), tmp_path, "jpeg")
        assert "longer than a JPEG can hold" in notes[0] and not picture.getexif()

    @pytest.mark.parametrize(
        "format, height, width, words",
        [
            ("jpeg", 40, 80_000, "80000 × 40 px"),
            ("webp", 17_000, 10, "WEBP"),
            ("webp", 8000, 12_000, "60 megapixels"),
            ("gif", 8, 8, "png, jpeg, webp"),
        ],
    )
    def test_what_a_format_cannot_hold_is_said_beforehand(self, format, height, width, words):
        with pytest.raises(RequestError, match=words):
            check_size(format, height, width)
        check_size("png", height, width)


class TestForTheScreen:
    def test_is_colour_on_white(self):
        grey = for_screen(np.zeros((4, 5, 1), np.uint8), np.zeros((4, 5), np.uint8))
        assert grey.shape == (4, 5, 3) and (grey == 255).all()

    def test_a_profile_of_the_screen_changes_next_to_nothing(self):
        assert np.abs(for_screen(COLOUR, icc=SCREEN).astype(int) - COLOUR).max() <= 1

    def test_a_profile_of_another_screen_counts(self):
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB", 0)).tobytes()
        wide = bytearray(lab)
        at = wide.index(b"rXYZ") + 4
        red = struct.unpack(">I", wide[at : at + 4])[0]
        wide[red + 8 : red + 12] = struct.pack(">i", int(0.6 * 65536))  # a redder red
        assert np.abs(for_screen(COLOUR, icc=bytes(wide)).astype(int) - COLOUR).max() > 5

    def test_a_damaged_one_changes_nothing(self):
        np.testing.assert_array_equal(for_screen(COLOUR, icc=SCREEN[:200]), COLOUR)

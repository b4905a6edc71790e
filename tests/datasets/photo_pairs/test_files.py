"""A folder of pairs is looked through before anything is decoded, and what is decoded is kept within bounds."""

import os

import numpy as np
import pytest
from PIL import Image

from aecore.datasets.photo_pairs import PhotoPairs, files, pairs_in, pictures
from aecore.datasets.photo_pairs.files import size_of
from aecore.datasets.photo_pairs.pictures import Streamed, pixels
from aecore.datasets.photo_pairs.splits import pictures_of
from aecore.errors import LabError, RequestError
from tests.datasets.photo_pairs.pairs import content, pair_files, pair_folder, photograph


@pytest.fixture
def place(tmp_path):
    return pair_folder(tmp_path / "pairs", pair_files(4, "JPEG"))


def refused(place, sentence):
    with pytest.raises(RequestError, match=sentence) as caught:
        pairs_in(place)
    return str(caught.value)


class TestLooking:
    def test_a_whole_set_is_not_decoded(self, place, monkeypatch):
        monkeypatch.setattr(files, "read_image", None)
        pairs = pairs_in(place)
        assert len(pairs) == 12 and {pair.factor for pair in pairs} == {"2", "4", "6"}
        assert {pair.high.size for pair in pairs} == {(40, 60)} and len({pair.high for pair in pairs}) == 4

    def test_all_that_is_wrong_is_said_at_once(self, place):
        (place / "low res" / "0_2.jpg").unlink()
        (place / "high res" / "3.jpg").unlink()
        for name in ("low res/1_4.jpg", "high res/2.jpg"):
            (place / name).write_bytes((place / name).read_bytes()[:-300])
        (place / "low res" / "1_6.jpg").write_bytes(b"no picture")
        (place / "low res" / "0_6.jpg").write_bytes(content(photograph(0, 20, 30), "JPEG"))
        sentence = refused(place, r"not there \(2\): high res/3\.jpg, low res/0_2\.jpg")
        assert "cannot be read (3): low res/1_4.jpg, low res/1_6.jpg, high res/2.jpg" in sentence
        assert "size (1): low res/0_6.jpg (30 × 20 px) with high res/0.jpg (60 × 40 px)" in sentence

    def test_a_file_that_is_cut_off_later_is_noticed(self, place):
        pairs_in(place)
        path = place / "high res" / "1.jpg"
        path.write_bytes(path.read_bytes()[:-2])
        refused(place, r"cannot be read \(1\): high res/1\.jpg")

    @pytest.mark.parametrize("table", [b"", b"low_res,target\n1.jpg,1.jpg", b"\xff\xfe"])
    def test_a_table_that_is_no_table_is_refused(self, place, table, monkeypatch):
        (place / "image_data.csv").write_bytes(table)
        refused(place, "image_data.csv")
        monkeypatch.setenv("AECORE_DATA", str(place.parent))
        place.rename(place.parent / "unsplash_pairs")
        with pytest.raises(RequestError, match="image_data.csv"):
            PhotoPairs().resolve()  # and the sample does not stand in for it

    def test_a_folder_without_a_table_says_so(self, place):
        (place / "image_data.csv").unlink()
        refused(place, r"There is no image_data\.csv in 'pairs'")

    def test_names_cannot_leave_the_folder(self, place):
        with (place / "image_data.csv").open("a") as table:
            table.write("\n../../etc/passwd,/etc/passwd")
        refused(place, r"not there \(2\): high res//etc/passwd, low res/\.\./\.\./etc/passwd")

    @pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "BMP"])
    def test_a_size_is_that_of_the_whole_picture_or_refused(self, tmp_path, form):
        path = tmp_path / f"one.{form.lower()}"
        path.write_bytes(content(photograph(7, 41, 67), form))
        assert size_of(path) == (41, 67)
        path.write_bytes(path.read_bytes()[:-150])
        with pytest.raises(RequestError, match=path.name):
            size_of(path)

    @pytest.mark.parametrize("form", ["JPEG", "PNG"])
    def test_a_picture_on_its_side_is_as_large_as_it_is_shown(self, tmp_path, form):
        exif = Image.Exif()
        exif[0x0112] = 6
        Image.fromarray(photograph(7, 40, 60)).save(tmp_path / "side", form, exif=exif)
        assert size_of(tmp_path / "side") == (60, 40)

    def test_what_follows_the_end_of_a_jpeg_is_no_damage(self, tmp_path):
        whole = content(photograph(7), "JPEG")
        for after in (b"\0" * 40, b"a trailer that a camera wrote" * 9):
            (tmp_path / "one.jpg").write_bytes(whole + after)
            assert size_of(tmp_path / "one.jpg") == (40, 60)


class TestKeeping:
    @pytest.fixture
    def streamed(self, place):
        return Streamed(pictures_of(pairs_in(place)), (16, 24))

    def test_what_was_decoded_once_is_only_mapped_later(self, streamed, tmp_path, monkeypatch):
        first = pixels(streamed, tmp_path / "kept")
        monkeypatch.setattr(pictures, "read_image", None)
        again = pixels(streamed, tmp_path / "kept")
        assert not again[0].flags.writeable
        for number in range(len(streamed)):
            np.testing.assert_array_equal(first[number], again[number])

    def test_streamed_and_kept_are_the_same_pictures(self, streamed, tmp_path):
        for kept, decoded in zip(pixels(streamed, tmp_path / "kept"), streamed, strict=True):
            np.testing.assert_array_equal(kept, decoded)

    def test_a_set_that_is_too_large_is_streamed(self, streamed, tmp_path, monkeypatch):
        monkeypatch.setattr(pictures, "MOST_BYTES", 16 * 24 * 3 * len(streamed) - 1)
        assert pixels(streamed, tmp_path / "kept") is streamed
        assert not list((tmp_path / "kept").iterdir())

    def test_the_oldest_gives_way(self, place, tmp_path, monkeypatch):
        some = pictures_of(pairs_in(place))
        monkeypatch.setattr(pictures, "MOST_BYTES", 2 * 16 * 24 * 3 * len(some) + 300)
        for age, width in ((200, 24), (100, 16)):
            pixels(Streamed(some, (16, width)), tmp_path / "kept")
            newest = max((tmp_path / "kept").iterdir(), key=lambda path: path.stat().st_mtime)
            os.utime(newest, (newest.stat().st_mtime - age,) * 2)
        before = set((tmp_path / "kept").iterdir())
        pixels(Streamed(some, (16, 16)), tmp_path / "kept")  # used again, so the other one is older
        pixels(Streamed(some, (16, 20)), tmp_path / "kept")
        after = set((tmp_path / "kept").iterdir())
        assert len(before) == len(after) == 2 and len(before & after) == 1
        assert next(iter(before & after)).stat().st_size < 16 * 17 * 3 * len(some)

    def test_a_disk_that_takes_nothing_is_no_failure(self, streamed, tmp_path):
        (tmp_path / "kept").write_bytes(b"a file, not a folder")
        assert pixels(streamed, tmp_path / "kept") is streamed

    def test_damage_that_only_decoding_finds_names_every_file_and_leaves_nothing(self, place, streamed, tmp_path):
        for name in ("low res/1_4.jpg", "high res/2.jpg"):
            (place / name).write_bytes(b"damaged after it was looked at")
        with pytest.raises(LabError, match=r"2 of 16 pictures cannot be used\. .*1_4\.jpg.*2\.jpg|2\.jpg.*1_4\.jpg"):
            pixels(streamed, tmp_path / "kept")
        assert not list((tmp_path / "kept").iterdir())

    def test_a_file_exchanged_after_it_was_looked_at_is_refused(self, place, streamed):
        path = place / "high res" / "0.jpg"
        path.write_bytes(content(photograph(0, 20, 30), "JPEG"))
        with pytest.raises(RequestError, match=r"0\.jpg was altered"):
            streamed[0]

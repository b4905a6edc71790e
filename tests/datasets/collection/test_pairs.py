"""Collections of pairs: complete, or refused with everything that is wrong in one sentence."""

import io

import numpy as np
import pytest
from PIL import Image

from aecore.datasets.collection import Collection, import_collection
from aecore.datasets.collection.disk import collections, read_index
from aecore.datasets.collection.pairs import Faults
from aecore.errors import RequestError
from aecore.images import read_image
from tests.datasets.collection.pictures import pair_files, picture, pictures, zip_of


def refuse(tmp_path, files, sentence):
    with pytest.raises(RequestError, match=sentence) as caught:
        import_collection(zip_of(tmp_path / "pairs.zip", files))
    assert not list(collections().glob("*"))
    return str(caught.value)


def test_every_input_keeps_its_target(tmp_path):
    made = import_collection(zip_of(tmp_path / "a.zip", {f"set/{name}": data for name, data in pair_files().items()}))
    assert made.pairs and made.images == 12 and made.skipped == ()
    dataset = Collection(digest=made.digest, size=16)
    assert dataset.paired and dataset.input_shape == dataset.shape == (16, 16, 3)
    data = dataset.load(dataset.resolve())
    for split in (data.train, data.test):
        assert split.labels is None and split.inputs.shape == split.images.shape
        for clean, damaged, group in zip(split.images, split.inputs, split.groups, strict=True):
            assert (damaged[0, 0, 0] - 100) // 2 == clean[0, 0, 0]
            assert group in split.groups and clean[..., 0].std() < 1


def test_no_photograph_is_on_both_sides_and_each_lies_together():
    made = import_collection(list(pair_files(photographs=10, each=3).items()))
    dataset = Collection(digest=made.digest, size=16)
    pin = dataset.resolve()
    data = dataset.load(pin)
    assert (pin.train, pin.test) == (24, 6) == (len(data.train), len(data.test))
    assert not set(data.train.groups) & set(data.test.groups)
    assert np.count_nonzero(np.diff(data.train.groups)) == 7


def test_rows_may_come_twice_and_with_a_mark_and_blanks():
    files = pair_files()
    table = files["image_data.csv"].decode()
    files["image_data.csv"] = b"\xef\xbb\xbf" + (table.replace(",", " , ") + "\r\n0_0.png,0.png\r\n").encode()
    assert import_collection(list(files.items())).images == 12


def test_all_missing_files_are_named(tmp_path):
    files = pair_files()
    gone = ["high res/1.png", *(f"low res/{number}_0.png" for number in range(6))]
    for name in gone:
        del files[name]
    sentence = refuse(tmp_path, files, r"files that are not there \(7\): high res/1\.png, low res/0_0\.png")
    assert all(name in sentence for name in gone) and "Add or replace them" in sentence


def test_all_damaged_files_are_named(tmp_path):
    files = pair_files()
    cut = ("low res/0_0.png", "low res/3_1.png", "high res/2.png", "high res/4.png")
    for name in cut:
        files[name] = files[name][:-30]
    sentence = refuse(tmp_path, files, r"files that cannot be read \(4\): .*, the first because: It is damaged")
    assert all(name in sentence for name in cut)


def test_pairs_of_different_size_are_named_with_both_sizes(tmp_path):
    files = {**pair_files(), "low res/4_1.png": picture(109, 12, 15), "high res/0.png": picture(0, 30, 24)}
    sentence = refuse(tmp_path, files, r"pairs of different size \(3\)")
    assert "low res/4_1.png (15 × 12 px) with high res/4.png (30 × 24 px)" in sentence
    assert "low res/0_1.png (30 × 24 px) with high res/0.png (24 × 30 px)" in sentence


def test_pairs_may_differ_from_each_other_in_size():
    files = {**pair_files(), "high res/5.png": picture(5, 50, 40)}
    files |= {f"low res/5_{version}.png": picture(110 + version, 50, 40) for version in range(2)}
    assert import_collection(list(files.items())).images == 12


def test_all_that_is_wrong_is_said_in_one_sentence(tmp_path):
    files = {**pair_files(), "low res/2_0.png": b"no picture", "low res/3_0.png": picture(106, 20, 30)}
    del files["high res/1.png"]
    sentence = refuse(tmp_path, files, r"not there \(1\): high res/1\.png; .*cannot be read \(1\): low res/2_0\.png")
    assert "different size (1): low res/3_0.png" in sentence and "nothing was used" in sentence


def test_a_sentence_stays_one_however_much_is_wrong():
    faults = Faults(missing=[f"low res/{'very ' * 40}{number}.jpg" for number in range(3000)])
    with pytest.raises(RequestError, match=r"not there \(3000\).* and 2980 more") as caught:
        faults.refuse()
    assert len(str(caught.value)) < 2500
    Faults().refuse()


def test_large_pairs_keep_the_detail_that_they_differ_in():
    files = pair_files()
    files |= {name: picture(int(name[-5]), 40, 1500) for name in files if name.startswith("high res/")}
    files |= {name: picture(50, 40, 1500) for name in files if name.startswith("low res/")}
    made = import_collection([(name, data) for name, data in files.items()])
    widths = {
        read_image(collections() / made.digest / row[side]).shape[1]
        for row in read_index(made.digest)["images"]
        for side in ("file", "input")
    }
    assert widths == {1500}


@pytest.mark.parametrize(("mode", "form", "value"), [("I;16", "PNG", 33000), ("CMYK", "JPEG", (0, 127, 127, 0))])
def test_sixteen_bits_and_cmyk_are_decoded_right(mode, form, value):
    buffer = io.BytesIO()
    Image.new(mode, (30, 24), value).save(buffer, form)
    files = {**pair_files(), "low res/0_0.png": buffer.getvalue()}
    dataset = Collection(digest=import_collection(list(files.items())).digest, size=16)
    data = dataset.load(dataset.resolve())
    expected = (128, 128, 128) if form == "PNG" else (255, 128, 128)
    colours = [tuple(image.mean(axis=(0, 1)).round()) for split in (data.train, data.test) for image in split.inputs]
    assert any(np.allclose(colour, expected, atol=2) for colour in colours)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ("low,high", "has the columns low, high; it lacks low_res and high_res"),
        ("low_res,target", "it lacks high_res"),
        ("", r"it lacks low_res and high_res"),
    ],
)
def test_other_columns_are_named(tmp_path, columns, sentence):
    refuse(tmp_path, pair_files(columns=columns), sentence)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"low_res,high_res\n"])
def test_an_empty_or_unreadable_table_is_refused(tmp_path, content):
    refuse(tmp_path, {**pair_files(), "image_data.csv": content}, "image_data.csv")


def test_a_table_cannot_reach_outside_its_folders(tmp_path):
    files = pair_files()
    files["image_data.csv"] += b"\n../high res/0.png,../../etc/passwd"
    refuse(tmp_path, files, "not there")


def test_short_rows_are_missing_files_not_a_crash(tmp_path):
    files = pair_files()
    files["image_data.csv"] += b"\nlonely.png\n1,2,3,4"
    refuse(tmp_path, files, r"not there \(4\)")


def test_few_pairs_or_one_photograph_are_refused(tmp_path):
    refuse(tmp_path, pair_files(photographs=2), "4 pairs of 2 different photographs")
    refuse(tmp_path, pair_files(photographs=1, each=12), "12 pairs of 1 different photographs")


def test_pairs_and_images_of_the_same_files_are_two_collections():
    files = pair_files()
    pairs = import_collection(list(files.items()))
    del files["image_data.csv"]
    images = import_collection(list(files.items()))
    assert pairs.digest != images.digest and images.classes == ("high res", "low res")


@pytest.mark.parametrize("files", [{}, pictures(12)], ids=["empty", "single images"])
def test_where_only_pairs_will_do_single_images_are_refused_and_not_kept(tmp_path, files):
    with pytest.raises(RequestError, match=rf"Among {len(files)} files is no image_data\.csv"):
        import_collection(zip_of(tmp_path / "some.zip", files), pairs=True)
    assert not list(collections().glob("*"))

"""Collections of pairs: complete, or refused with everything that is wrong in one sentence."""

import numpy as np
import pytest

from aecore.datasets.collection import Collection, import_collection
from aecore.datasets.collection.disk import collections
from aecore.errors import RequestError
from tests.datasets.collection.pictures import pair_files, zip_of


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


def test_all_missing_files_are_counted_and_the_first_named(tmp_path):
    files = pair_files()
    for name in ("high res/1.png", *(f"low res/{number}_0.png" for number in range(6))):
        del files[name]
    sentence = refuse(tmp_path, files, r"files that are not there \(7\): high res/1\.png, low res/0_0\.png.*and 2 more")
    assert "Add them" in sentence


def test_all_damaged_files_are_counted_and_the_first_named(tmp_path):
    files = pair_files()
    for name in ("low res/0_0.png", "low res/3_1.png", "high res/2.png", "high res/4.png"):
        files[name] = files[name][:-30]
    refuse(tmp_path, files, r"4 of the 18 pictures .* cannot be used: .* and 1 more\. The first reason: It is damaged")


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

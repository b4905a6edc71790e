"""Photograph pairs: both sides together, photographs apart, whole or in crops."""

import numpy as np
import pytest
from PIL import Image

from aecore.datasets import DATASETS
from aecore.datasets.collection import delete_collection, import_collection
from aecore.datasets.collection.disk import folder
from aecore.datasets.photo_pairs import PhotoPairs, worsened
from aecore.errors import NotAtHand, RequestError
from aecore.images import read_image
from aecore.training.loop import split_validation
from tests.datasets.collection.pictures import pictures
from tests.datasets.photo_pairs.pairs import pair_files, pair_folder, photograph

WHOLE = PhotoPairs(height=16, width=32)
CROPS = PhotoPairs(height=16, width=32, crops=5)


@pytest.fixture
def local(tmp_path, monkeypatch):
    """A data folder with 30 pairs of 10 photographs."""
    monkeypatch.setenv("AECORE_DATA", str(tmp_path / "data"))
    return pair_folder(tmp_path / "data" / "unsplash_pairs", pair_files())


def load(dataset):
    return dataset.load(dataset.resolve())


def both(split):
    everything = np.arange(len(split))
    return split.inputs[everything], split.images[everything]


def test_every_input_keeps_its_target_and_its_factor(local):
    for dataset in (WHOLE, CROPS):
        data = load(dataset)
        for split in (data.train, data.test):
            inputs, targets = both(split)
            np.testing.assert_array_equal(inputs[..., 0], targets[..., 0])
            assert not targets[..., 1].any()
            factors = [int(data.classes[label]) for label in split.labels]
            np.testing.assert_array_equal(inputs[:, 0, 0, 1], factors)


def test_a_photograph_is_on_one_side_with_all_its_pairs(local):
    data = load(WHOLE)
    learned, tested = (split.images[np.arange(len(split))][:, 0, 0, 0] for split in (data.train, data.test))
    assert not set(learned) & set(tested) and len({*learned, *tested}) == 10
    assert WHOLE.resolve().to_json() == {"source": "full", "train": 24, "test": 6}
    train, validation = split_validation(data.train, 0.3)
    assert (len(train), len(validation)) == (18, 6) and not set(train.groups) & set(validation.groups)


def test_settings_do_not_move_a_photograph_to_the_other_side(local):
    reds = [set(load(dataset).test.images[np.arange(6)][:, 0, 0, 0]) for dataset in (WHOLE, CROPS)]
    assert reds[0] == reds[1] and len(reds[0]) == 2


def test_the_first_test_pictures_show_every_factor_of_different_photographs(local):
    test = load(CROPS).test
    assert sorted(test.labels[:6].tolist()) == [0, 0, 1, 1, 2, 2]
    assert test.groups[0] != test.groups[1] and test.labels[0] != test.labels[1]


def test_whole_pictures_are_resized_and_nothing_else(local):
    data = load(WHOLE)
    for image in data.train.images[np.arange(24)]:
        with Image.open(local / "high res" / f"{image[0, 0, 0]}.png") as picture:
            np.testing.assert_array_equal(image, np.asarray(picture.resize((32, 16), Image.Resampling.BICUBIC)))


def test_crops_of_both_sides_are_cut_at_the_same_place_from_the_very_pixels(local):
    split = load(CROPS).train
    fresh = [split.draw_pairs(np.arange(len(split)), np.random.default_rng(seed)) for seed in (1, 1, 2)]
    for inputs, targets in (both(split), *fresh):
        np.testing.assert_array_equal(inputs[..., 2], targets[..., 2])
    np.testing.assert_array_equal(fresh[0][1], fresh[1][1])
    assert (fresh[0][1] != fresh[2][1]).any() and (fresh[0][1] != both(split)[1]).any()
    whole = photograph(0)[..., 2]
    places = {whole[top : top + 16, left : left + 32].tobytes() for top in range(25) for left in range(29)}
    assert all(crop[..., 2].tobytes() in places for crop in fresh[0][1])


def test_a_photograph_is_tested_at_the_same_places_whatever_its_damage(local):
    test = load(CROPS).test
    _, targets = both(test)
    seen = {}
    for group, label, target in zip(test.groups, test.labels, targets, strict=True):
        seen.setdefault((group, label), set()).add(target[..., 2].tobytes())
    for group in set(test.groups):
        assert seen[group, 0] == seen[group, 1] == seen[group, 2] and len(seen[group, 0]) > 8


def test_parts_of_a_split_draw_pairs_of_their_own(local):
    part = load(CROPS).train.part(15, 90).part(15, 30)
    inputs, targets = part.draw_pairs(np.arange(15), np.random.default_rng(0))
    assert len(set(targets[..., 0].reshape(-1).tolist())) == 1
    np.testing.assert_array_equal(inputs[:, 0, 0, 1], np.array([2, 4, 6])[part.labels])


def test_crops_larger_than_a_photograph_are_refused(local):
    with pytest.raises(RequestError, match=r"Crops of 64 × 16 px are larger than 10 of the 10 .* and 5 more"):
        PhotoPairs(height=16, width=64, crops=1).resolve()
    assert PhotoPairs(height=48, width=64).resolve().train == 24  # whole pictures are made to fit


def test_a_folder_that_is_gone_is_not_at_hand(local, monkeypatch):
    pin = WHOLE.resolve()
    monkeypatch.delenv("AECORE_DATA")
    with pytest.raises(NotAtHand, match="AECORE_DATA names: unsplash_pairs/ with image_data.csv"):
        WHOLE.load(pin)
    assert WHOLE.resolve().source == "sample"


def test_one_photograph_alone_cannot_be_split(tmp_path, monkeypatch):
    monkeypatch.setenv("AECORE_DATA", str(tmp_path))
    pair_folder(tmp_path / "unsplash_pairs", pair_files(1))
    with pytest.raises(RequestError, match="pairs of 1 photographs; at least 2"):
        WHOLE.resolve()


class TestSample:
    def test_says_that_the_lab_made_it(self):
        data = load(WHOLE)
        assert "made by the lab" in data.source and data.redistributable
        assert (len(data.train), len(data.test), data.classes) == (15, 6, ("2", "4", "6"))

    def test_is_worse_the_more_it_was_shrunk(self):
        test = load(PhotoPairs(height=96, width=96, crops=1)).test
        inputs, targets = (images.astype(float) for images in both(test))
        errors = [np.square(inputs - targets)[test.labels == label].mean() for label in range(3)]
        assert 1 < errors[0] < errors[1] < errors[2]

    def test_can_be_loaded_where_the_real_pairs_are(self, local):
        pin = PhotoPairs().resolve()
        assert pin.source == "full"
        assert len(WHOLE.load(type(pin)("sample", 15, 6)).train) == 15

    @pytest.mark.parametrize("factor", [2, 6])
    def test_shrinking_and_enlarging_keeps_size_and_brightness(self, factor):
        image = np.random.default_rng(0).integers(0, 256, (31, 47, 3), np.uint8)
        worse = worsened(image, factor)
        assert worse.shape == image.shape and worse.std() < 0.8 * image.std()
        assert abs(worse.mean() - image.mean()) < 3


class TestOwnPairs:
    @pytest.fixture
    def digest(self):
        return import_collection(list(pair_files(8, height=50, width=64).items()), salt="secret").digest

    def test_are_pairs_like_any_other(self, digest):
        dataset = PhotoPairs(height=48, width=64, crops=2, digest=digest)
        pin = dataset.resolve()
        assert pin.source == digest and dataset.private and dataset.paired
        data = dataset.load(pin)
        assert data.classes == dataset.classes == ("2", "4", "6") and "your own 24 pairs" in data.source
        inputs, targets = both(data.train)
        np.testing.assert_array_equal(inputs[..., 0], targets[..., 0])
        assert not data.redistributable and data.licence == "yours"

    def test_leave_nothing_when_they_are_deleted(self, digest, home):
        load(PhotoPairs(height=16, width=16, digest=digest))
        assert list(folder(digest).glob("pairs-*.npy"))
        delete_collection(digest)
        assert not [path for path in home.rglob("*") if path.is_file()]
        with pytest.raises(NotAtHand, match="Import it again"):
            PhotoPairs(digest=digest).resolve()
        assert PhotoPairs(digest=digest).private

    def test_without_factors_in_their_names_have_no_classes(self):
        files = {name.replace("_", "-"): data for name, data in pair_files().items() if "csv" not in name}
        files["image_data.csv"] = (
            pair_files()["image_data.csv"].replace(b"_", b"-").replace(b"low-res,high-res", b"low_res,high_res")
        )
        dataset = PhotoPairs(height=16, width=16, digest=import_collection(list(files.items())).digest)
        assert dataset.classes == () == load(dataset).classes and load(dataset).test.labels is None

    def test_are_not_single_images(self):
        digest = import_collection(list(pictures(12).items())).digest
        with pytest.raises(RequestError, match="holds no pairs"):
            PhotoPairs(digest=digest).resolve()
        with pytest.raises(RequestError, match="16 hex digits"):
            PhotoPairs(digest="../../etc")

    def test_damage_on_disk_is_said(self, digest):
        pin = PhotoPairs(digest=digest).resolve()
        next(folder(digest).glob("*.png")).unlink()
        with pytest.raises(Exception, match="is damaged .* Delete it and import it again"):
            PhotoPairs(digest=digest).load(pin)


def test_pictures_of_every_mode_are_decoded_right(local):
    Image.new("I;16", (60, 40), 33000).save(local / "low res" / "0_2.png")
    Image.new("CMYK", (60, 40), (0, 127, 127, 0)).save(local / "low res" / "0_4.png", "JPEG", quality=95)
    Image.new("RGBA", (60, 40), (0, 0, 0, 127)).save(local / "low res" / "0_6.png")
    colours = {read_image(local / "low res" / f"0_{factor}.png").shape: factor for factor in (2, 4, 6)}
    assert set(colours) == {(40, 60, 1), (40, 60, 3)}
    data = load(WHOLE)
    found = []
    for split in (data.train, data.test):
        inputs, targets = both(split)
        found += inputs[targets[:, 0, 0, 0] == 0, 0, 0].tolist()
    for expected in ((128, 128, 128), (255, 128, 128)):
        assert any(np.allclose(colour, expected, atol=2) for colour in found)


def test_json_brings_it_back():
    dataset = DATASETS.from_json({"kind": "photo_pairs", "height": 800, "width": 1200})
    assert dataset.shape == dataset.input_shape == (800, 1200, 3)
    assert DATASETS.from_json(dataset.to_json()) == dataset

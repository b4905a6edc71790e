"""Photographs and faces: what is bundled, and what a local data folder holds."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from aecore.datasets.crops import GRAINY, Crops, grainy
from aecore.datasets.dataset import Split
from aecore.datasets.faces import Faces
from aecore.datasets.photos import Photos
from aecore.errors import LabError, NotAtHand, RequestError
from aecore.images import png


def picture(number, height=40, width=48):
    """A photograph that can be told from others by its red."""
    image = np.random.default_rng(number).integers(0, 256, (height, width, 3), np.uint8)
    image[..., 0] = number
    return image


@pytest.fixture
def local(tmp_path, monkeypatch):
    """A data folder with 20 photographs: 12 in a zip, 8 beside it, one of them too small."""
    folder = tmp_path / "data"
    (folder / "sr_train").mkdir(parents=True)
    (folder / "unsplash_pairs" / "high res").mkdir(parents=True)
    with zipfile.ZipFile(folder / "sr_train" / "some.zip", "w") as archive:
        for number in range(12):
            archive.writestr(f"{number:02}.png", png(picture(number)))
        archive.writestr("readme.txt", "not a picture")
    for number in range(12, 20):
        content = png(picture(number, height=20 if number == 19 else 40))
        (folder / "unsplash_pairs" / "high res" / f"{number}.png").write_bytes(content)
    (folder / "bench").mkdir()
    (folder / "bench" / "never.png").write_bytes(png(picture(200)))
    monkeypatch.setenv("AECORE_DATA", str(folder))
    return folder


class TestCrops:
    crops = Crops([picture(number) for number in range(3)], size=16, per_photograph=4)

    def test_are_the_same_every_time(self):
        indices = np.array([0, 5, 5, 11])
        first, second = self.crops[indices], self.crops[indices]
        np.testing.assert_array_equal(first, second)
        np.testing.assert_array_equal(first[1], first[2])
        assert first[:, 0, 0, 0].tolist() == [0, 1, 1, 2] == self.crops.groups[indices].tolist()

    def test_fresh_ones_follow_the_generator(self):
        indices = np.arange(12)
        once, again, later = (self.crops.fresh(indices, np.random.default_rng(seed)) for seed in (1, 1, 2))
        np.testing.assert_array_equal(once, again)
        assert (once != later).any()
        assert once[:, 0, 0, 0].tolist() == self.crops.groups.tolist()

    def test_part_of_a_split_draws_from_its_own_photographs(self):
        split = Split(self.crops, groups=self.crops.groups, fresh=self.crops.fresh).part(4, 12).part(4, 8)
        drawn = split.draw(np.arange(4), np.random.default_rng(0))
        assert len(split) == 4 and set(drawn[..., 0].reshape(-1).tolist()) == {2} == set(split.groups.tolist())

    def test_reach_every_corner(self):
        crops = Crops([np.arange(18 * 18 * 3).astype(np.uint8).reshape(18, 18, 3)], size=16, per_photograph=100)
        assert len({crop.tobytes() for crop in crops[np.arange(100)]}) == 9

    def test_may_be_as_large_as_the_photograph(self):
        np.testing.assert_array_equal(Crops([picture(7, 16, 16)], 16, 1)[np.array([0])][0], picture(7, 16, 16))


class TestPhotos:
    def test_an_array_split_draws_what_it_holds(self):
        images = np.arange(5 * 4).astype(np.uint8).reshape(5, 2, 2, 1)
        np.testing.assert_array_equal(Split(images).draw(np.array([3, 1]), np.random.default_rng(0)), images[[3, 1]])

    def test_the_sample_needs_no_disk(self, home):
        data = Photos().load(Photos().resolve())
        assert data.redistributable and "bundled" in data.source and not home.exists()

    def test_largest_crops_fit_the_sample(self):
        data = Photos(size=256, crops=1).load(Photos(size=256, crops=1).resolve())
        assert data.test.images[np.array([0, 15])].shape == (2, 256, 256, 3)

    def test_local_photographs_are_split_by_photograph(self, local, home):
        dataset = Photos(size=32, crops=3)
        pin = dataset.resolve()
        data = dataset.load(pin)
        reds = [
            set(split.images[np.arange(len(split))][..., 0].reshape(-1).tolist()) for split in (data.train, data.test)
        ]
        assert not reds[0] & reds[1] and reds[0] | reds[1] == set(range(19))  # 19 is too small, 200 a benchmark
        assert pin.to_json() == {"source": "full", "train": 3 * len(reds[0]), "test": 8 * len(reds[1])}
        assert np.all(np.diff(data.train.groups) >= 0) and not data.redistributable
        assert [path.suffix for path in home.rglob("*") if path.is_file()] == [".npy"]

    def test_crops_are_cut_from_the_very_pixels(self, local):
        dataset = Photos(size=32, crops=1)
        data = dataset.load(dataset.resolve())
        for crop in data.train.images[np.arange(len(data.train))]:
            whole = picture(int(crop[0, 0, 0]))
            places = [(top, left) for top in range(9) for left in range(17)]
            assert any((whole[top : top + 32, left : left + 32] == crop).all() for top, left in places)

    def test_test_photographs_do_not_depend_on_the_settings(self, local):
        sides = []
        for dataset in (Photos(size=16, crops=1), Photos(size=32, crops=2)):
            data = dataset.load(dataset.resolve())
            sides.append(set(data.test.images[np.arange(len(data.test))][..., 0].reshape(-1).tolist()))
        assert sides[1] <= sides[0]

    def test_crops_larger_than_the_photographs_are_refused(self, local):
        with pytest.raises(RequestError, match="take a smaller size"):
            Photos(size=48).resolve()

    def test_photographs_that_are_gone_are_not_at_hand(self, local, monkeypatch):
        pin = Photos(size=32).resolve()
        monkeypatch.delenv("AECORE_DATA")
        with pytest.raises(NotAtHand, match="AECORE_DATA"):
            Photos(size=32).load(pin)

    def test_pictures_stored_on_their_side_are_turned(self, local):
        buffer, exif = io.BytesIO(), Image.Exif()
        exif[0x0112] = 6
        Image.fromarray(picture(50, 40, 60)).save(buffer, "PNG", exif=exif)
        (local / "unsplash_pairs" / "high res" / "turned.png").write_bytes(buffer.getvalue())
        dataset = Photos(size=32, crops=1)
        dataset.load(dataset.resolve())

    def test_a_damaged_photograph_is_named_and_nothing_is_left(self, local, home):
        path = local / "unsplash_pairs" / "high res" / "13.png"
        path.write_bytes(path.read_bytes()[:-200])
        with pytest.raises(LabError, match=r"13\.png"):
            Photos(size=32).load(Photos(size=32).resolve())
        path.write_bytes(b"no picture")
        with pytest.raises(LabError, match=r"13\.png"):
            Photos(size=32).resolve()
        assert not [item for item in home.rglob("*") if item.is_file()]


class TestFaces:
    @pytest.fixture
    def full(self, tmp_path, monkeypatch):
        with zipfile.ZipFile(tmp_path / "faces128.zip", "w") as archive:
            for number in range(520):
                image = np.full((128, 128, 3), number % 251, np.uint8)
                image[..., 0] = number // 251
                archive.writestr(f"faces/{number:05}.png", png(image))
        monkeypatch.setenv("AECORE_DATA", str(tmp_path))

    def test_the_sample_is_grey_in_three_channels(self):
        data = Faces(size=32).load(Faces(size=32).resolve())
        np.testing.assert_array_equal(data.train.images[..., 0], data.train.images[..., 2])

    def test_the_full_set_keeps_500_for_testing_and_none_twice(self, full):
        dataset = Faces(size=16)
        pin = dataset.resolve()
        data = dataset.load(pin)
        assert pin.to_json() == {"source": "full", "train": 20, "test": 500}
        faces = [tuple(face[0, 0].tolist()) for split in (data.train, data.test) for face in split.images]
        assert len(set(faces)) == 520

    def test_a_limit_is_kept(self, full):
        assert len(Faces(size=16, limit=12).load(Faces(size=16, limit=12).resolve()).train) == 12
        with pytest.raises(RequestError, match="too few"):
            Faces(limit=5).resolve()

    def test_a_zip_of_something_else_is_refused(self, tmp_path, monkeypatch):
        monkeypatch.setenv("AECORE_DATA", str(tmp_path))
        (tmp_path / "faces128.zip").write_bytes(b"no zip")
        with pytest.raises(LabError, match="cannot be opened as a zip"):
            Faces().resolve()
        with zipfile.ZipFile(tmp_path / "faces128.zip", "w") as archive:
            archive.writestr("one.jpg", b"")
        with pytest.raises(LabError, match="has 1 pictures"):
            Faces().resolve()


def test_turned_crops_are_the_same_crops_turned():
    photograph = np.arange(16 * 16 * 3, dtype=np.uint8).reshape(16, 16, 3)
    crops = Crops([photograph], 16, 1, turned=True).fresh(np.zeros(64, int), np.random.default_rng(0))
    found = {crop.tobytes() for crop in crops}
    turns = [np.rot90(side, quarters) for side in (photograph, photograph[:, ::-1]) for quarters in range(4)]
    assert found == {np.ascontiguousarray(turn).tobytes() for turn in turns}


class TestGrain:
    even = np.full((64, 64, 3), 128, np.uint8)
    crops = Crops([even], 64, 1, grain=0.05)

    def test_is_in_a_share_of_the_fresh_crops_only(self):
        fresh = self.crops.fresh(np.zeros(400, int), np.random.default_rng(0))
        spread = fresh.std(axis=(1, 2, 3)) / 255
        assert np.mean(spread > 0) == pytest.approx(GRAINY, abs=0.06)
        assert 0.045 < spread.max() < 0.055 and abs(float(fresh.mean()) - 128) < 0.2
        assert (self.crops[np.zeros(3, int)] == 128).all()

    def test_is_grey_or_in_colour(self):
        grains = [grainy(self.even, 0.05, np.random.default_rng(seed)) for seed in range(20)]
        grey = [bool((grain == grain[..., :1]).all()) for grain in grains]
        assert any(grey) and not all(grey)

    def test_leaves_the_places_of_the_crops_as_they_are(self):
        photograph, indices = picture(5), np.zeros(8, int)
        plain, with_grain = (
            Crops([photograph], 16, 8, True, grain).fresh(indices, np.random.default_rng(3)) for grain in (0.0, 1e-6)
        )
        np.testing.assert_array_equal(plain, with_grain)

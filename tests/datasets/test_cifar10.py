"""CIFAR-10 from both of its forms, made small: 100 + 50 pictures."""

import io
import tarfile
import zipfile

import numpy as np
import pytest

from aecore.datasets import cifar10
from aecore.datasets.cifar10 import ALTERATIONS, Cifar10
from aecore.errors import LabError, NotAtHand
from aecore.images import png

LABELS = {"train": np.arange(100) % 10, "test": np.arange(50) % 10}


@pytest.fixture(autouse=True)
def small(tmp_path, monkeypatch):
    """An empty local data folder, and counts of a small set."""
    monkeypatch.setattr(cifar10, "NUM_TRAIN", 100)
    monkeypatch.setattr(cifar10, "NUM_TEST", 50)
    monkeypatch.setenv("AECORE_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def pictures():
    rng = np.random.default_rng(0)
    return {side: rng.integers(0, 256, (len(labels), 32, 32, 3), np.uint8) for side, labels in LABELS.items()}


def write_archive(folder, pictures, labels=LABELS):
    records = {
        side: np.concatenate([labels[side][:, None], images.transpose(0, 3, 1, 2).reshape(len(images), -1)], axis=1)
        for side, images in pictures.items()
    }
    parts = [*np.array_split(records["train"], 5), records["test"]]
    with tarfile.open(folder / "cifar-10-binary.tar.gz", "w:gz") as archive:
        for name, part in zip(cifar10.BATCHES, parts, strict=True):
            content = part.astype(np.uint8).tobytes()
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


def write_zip(folder, pictures):
    with zipfile.ZipFile(folder / "cifar10.zip", "w") as archive:
        for side, images in pictures.items():
            for label, kind in enumerate(Cifar10.classes):
                for number, image in enumerate(images[LABELS[side] == label]):
                    archive.writestr(f"{side}/{kind}/{number:04}.png", png(image))


def rewrite(path, changes):
    """Changes the content of files in a zip; None takes one out."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()} | changes
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            if content is not None:
                archive.writestr(name, content)


def load(**settings):
    dataset = Cifar10(**settings)
    pin = dataset.resolve()
    return pin, dataset.load(pin)


def test_without_files_says_what_to_do():
    with pytest.raises(NotAtHand, match=r"download it \(170 MB\)"):
        Cifar10().resolve()


def test_both_forms_give_the_same_images_in_the_same_order(small, pictures):
    write_zip(small, pictures)
    pin, jpeg = load()
    assert pin.source == "jpeg" and "lossy JPEG copies" in jpeg.source
    write_archive(small, pictures)
    pin, full = load()
    assert pin.source == "full" and "JPEG" not in full.source
    for side in ("train", "test"):
        first, second = getattr(jpeg, side), getattr(full, side)
        np.testing.assert_array_equal(first.images, second.images)
        np.testing.assert_array_equal(first.labels, second.labels)
        known = {image.tobytes(): label for image, label in zip(pictures[side], LABELS[side], strict=True)}
        assert [known[image.tobytes()] for image in second.images] == second.labels.tolist()


def test_thirty_percent_more_are_altered_copies_in_equal_parts(small, pictures):
    write_archive(small, pictures)
    pin, data = load(augment=30)
    assert pin.train == len(data.train) == 130 and pin.test == 50
    originals = {image.tobytes(): label for image, label in zip(pictures["train"], LABELS["train"], strict=True)}
    altered = [
        {alter(image).tobytes(): label for image, label in zip(pictures["train"], LABELS["train"], strict=True)}
        for alter in ALTERATIONS
    ]
    found = [0, 0, 0, 0]
    for image, label in zip(data.train.images, data.train.labels, strict=True):
        kind = next(n for n, known in enumerate([originals, *altered]) if image.tobytes() in known)
        assert [originals, *altered][kind][image.tobytes()] == label
        found[kind] += 1
    assert found == [100, 10, 10, 10]


def test_fifty_thousand_become_sixty_five_thousand():
    assert Cifar10(augment=30).num_train(50_000) == 65_000


def test_the_turn_is_by_30_degrees_to_the_right():
    image = np.zeros((32, 32, 3), np.uint8)
    image[2:8, 14:18] = 255  # at twelve o'clock
    turned = ALTERATIONS[2](image)
    row, column = np.argwhere(turned[..., 0] > 128).mean(axis=0) - 15.5
    assert np.degrees(np.arctan2(column, -row)) == pytest.approx(30, abs=3)


def test_extra_images_come_only_from_the_chosen_classes(small, pictures):
    write_archive(small, pictures)
    pin, data = load(augment=100, normal_classes=(2,), limit=0)
    assert pin.train == 20 and set(data.train.labels.tolist()) == {2} and len(data.abnormal) == 45


def test_a_damaged_archive_says_so_and_leaves_nothing(small, pictures, home):
    write_archive(small, pictures, {**LABELS, "test": np.zeros(50, int)})
    with pytest.raises(LabError, match="cifar-10-binary.tar.gz is damaged"):
        load()
    path = small / "cifar-10-binary.tar.gz"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(LabError, match="get it again"):
        load()
    assert not [item for item in home.rglob("*") if item.is_file()]


def test_an_incomplete_zip_says_what_is_missing(small, pictures):
    write_zip(small, pictures)
    rewrite(small / "cifar10.zip", {"train/truck/0009.png": None})
    with pytest.raises(LabError, match="9 pictures in train/truck; 10 were expected"):
        load()


def test_a_zip_with_other_pictures_is_refused(small, pictures):
    write_zip(small, pictures)
    for bad in (png(np.zeros((8, 8, 3), np.uint8)), b"no picture"):
        rewrite(small / "cifar10.zip", {"test/cat/0001.png": bad})
        with pytest.raises(LabError, match="test/cat/0001.png"):
            load()

"""A collection as a dataset, and its end."""

import json
import os
import shutil
import time

import numpy as np
import pytest

from aecore.datasets import DATASETS
from aecore.datasets.collection import Collection, delete_collection, import_collection, sweep_collections
from aecore.datasets.collection.disk import GONE, NEW, collections, folder
from aecore.errors import LabError, NotAtHand, RequestError
from tests.datasets.collection.pictures import picture, pictures


@pytest.fixture
def digest():
    return import_collection(list(pictures(20).items())).digest


@pytest.fixture
def secret():
    return import_collection(list(pictures(12).items()), salt="secret").digest


def age(digest, seconds):
    then = time.time() - seconds
    os.utime(folder(digest) / "index.json", (then, then))


@pytest.mark.parametrize(
    "digest", ["..", "../../etc", "0" * 15, "0123456789abcdeg", "0123456789ABCDEF", "a" * 15 + "\n"]
)
def test_only_digests_become_paths(digest, home):
    for use in (lambda: Collection(digest=digest), lambda: delete_collection(digest), lambda: folder(digest)):
        with pytest.raises(RequestError):
            use()


def test_pin_and_json_carry_the_digest(digest):
    dataset = DATASETS.from_json({"kind": "collection", "digest": digest, "size": 32})
    assert dataset.resolve().to_json() == {"source": digest, "train": 16, "test": 4}
    assert DATASETS.from_json(dataset.to_json()) == dataset


def test_loads_the_same_squares_every_time_and_keeps_them_beside_its_files(digest):
    dataset = Collection(digest=digest, size=32)
    first, second = (dataset.load(dataset.resolve()) for _ in range(2))
    np.testing.assert_array_equal(first.train.images, second.train.images)
    assert first.train.images.shape == (16, 32, 32, 3) and first.train.labels is None and first.classes == ()
    assert (folder(digest) / "file-32-3.npy").is_file() and not first.redistributable


def test_each_picture_is_on_one_side(digest):
    data = Collection(digest=digest, size=16).load(Collection(digest=digest, size=16).resolve())
    reds = [split.images[:, 0, 0, 0].tolist() for split in (data.train, data.test)]
    assert sorted(reds[0] + reds[1]) == list(range(20)) and reds[0] != sorted(reds[0])


def test_grey_on_request(digest):
    dataset = Collection(digest=digest, size=16, colour=False)
    assert dataset.load(dataset.resolve()).test.images.shape == (4, 16, 16, 1)


@pytest.fixture
def sorted_digest():
    """40 normal pictures, 10 abnormal ones, 3 of a third kind."""
    counts = (("normal", 0, 40), ("abnormal", 40, 50), ("few", 50, 53))
    return import_collection(
        [(f"{name}/{number}.png", picture(number)) for name, start, stop in counts for number in range(start, stop)]
    ).digest


def reds(split):
    return set(split.images[:, 0, 0, 0].tolist())


def test_nothing_is_learned_from_pictures_that_are_not_normal(sorted_digest):
    dataset = Collection(digest=sorted_digest, size=16, normal="normal")
    data = dataset.load(dataset.resolve())
    assert dataset.resolve().to_json() == {"source": sorted_digest, "train": 32, "test": 8}
    assert reds(data.train) | reds(data.test) == set(range(40)) and not reds(data.train) & reds(data.test)
    assert reds(data.abnormal) == set(range(40, 53)) and len(data.abnormal) == 13
    names = [{data.classes[label] for label in split.labels} for split in (data.train, data.test, data.abnormal)]
    assert names == [{"normal"}, {"normal"}, {"abnormal", "few"}]


def test_choosing_what_is_normal_leaves_pictures_and_older_keys_alone(sorted_digest):
    everything = Collection(digest=sorted_digest, size=16)
    assert "normal" not in everything.to_json() and everything.load(everything.resolve()).abnormal is None
    several = Collection(digest=sorted_digest, size=16, normal=" normal,few , normal")
    assert several.normal == "few, normal" and DATASETS.from_json(several.to_json()) == several
    data = several.load(several.resolve())
    assert reds(data.abnormal) == set(range(40, 50)) and len(data.train) + len(data.test) == 43
    assert len(list(folder(sorted_digest).glob("*.npy"))) == 1


@pytest.mark.parametrize(
    "normal, words",
    [
        ("few", "3 normal pictures .few. are too few; at least 10"),
        ("unusual", "no class 'unusual' in this collection; it has abnormal, few, normal"),
        ("normal, abnormal, few", "hold every picture, so nothing is left to be abnormal"),
    ],
)
def test_a_choice_of_normal_classes_that_cannot_work_gets_a_sentence(sorted_digest, normal, words):
    with pytest.raises(RequestError, match=words):
        Collection(digest=sorted_digest, normal=normal).resolve()


def test_a_normal_class_without_pictures_gets_a_sentence(sorted_digest):
    path = folder(sorted_digest) / "index.json"
    index = json.loads(path.read_text())
    path.write_text(json.dumps({**index, "classes": [*index["classes"], "none"]}))
    with pytest.raises(RequestError, match="class 'none' has no picture"):
        Collection(digest=sorted_digest, normal="normal, none").resolve()


def test_normal_classes_need_classes(digest):
    with pytest.raises(RequestError, match="has no classes.*sub-folders"):
        Collection(digest=digest, normal="normal").resolve()


def test_without_a_digest_asks_for_images():
    with pytest.raises(RequestError, match="bring your images first"):
        Collection().resolve()


def test_a_collection_that_is_gone_is_private_and_not_at_hand(digest):
    pin = Collection(digest=digest).resolve()
    assert delete_collection(digest) and not delete_collection(digest)
    dataset = Collection(digest=digest)
    assert dataset.private and not dataset.paired
    for use in (dataset.resolve, lambda: dataset.load(pin)):
        with pytest.raises(NotAtHand, match="Import it again"):
            use()


def test_deleting_leaves_nothing(secret):
    Collection(digest=secret).load(Collection(digest=secret).resolve())
    delete_collection(secret)
    assert list(collections().iterdir()) == []


def test_sweeping_takes_private_collections_after_an_hour_of_rest(digest, secret):
    assert sweep_collections(time.time()) == []
    assert sweep_collections(time.time() + 3500) == []
    assert sweep_collections(time.time() + 3700) == [secret]
    assert [path.name for path in collections().iterdir()] == [digest]


@pytest.mark.parametrize("use", [lambda dataset: dataset.resolve(), lambda dataset: dataset.load(dataset.resolve())])
def test_use_keeps_a_private_collection_alive(secret, use):
    age(secret, 7200)
    use(Collection(digest=secret))
    assert sweep_collections(time.time()) == []


def test_importing_again_keeps_a_private_collection_alive(secret):
    age(secret, 7200)
    assert import_collection(list(pictures(12).items()), salt="secret").digest == secret
    assert sweep_collections(time.time()) == []


def test_sweeping_takes_what_broken_imports_left(digest):
    for prefix in (NEW, GONE):
        (collections() / f"{prefix}abc").mkdir()
    assert sweep_collections(time.time()) == []
    sweep_collections(time.time() + 4000)
    assert [path.name for path in collections().iterdir()] == [digest]


def test_sweeping_without_collections_does_nothing(home):
    assert sweep_collections(time.time()) == [] and not home.exists()


def test_damage_on_disk_is_said(digest):
    pin = Collection(digest=digest).resolve()
    next(folder(digest).glob("*.png")).write_bytes(b"")
    with pytest.raises(LabError, match="is damaged .* Delete it and import it again"):
        Collection(digest=digest).load(pin)
    assert not list(folder(digest).glob("*.npy*")) and not list(folder(digest).glob("*.tmp"))
    (folder(digest) / "index.json").write_text("{")
    with pytest.raises(LabError, match="cannot be read"):
        Collection(digest=digest).resolve()
    shutil.rmtree(folder(digest))

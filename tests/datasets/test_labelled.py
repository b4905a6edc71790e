"""Classes and limits, on MNIST's bundled sample and on idx files of a local folder."""

import numpy as np
import pytest

from aecore.datasets.fashion_mnist import FashionMnist
from aecore.datasets.mnist import Mnist
from aecore.errors import LabError, NotAtHand, RequestError
from tests.datasets.idx_maker import write_set


@pytest.fixture
def small(tmp_path, monkeypatch):
    """MNIST as if its full set had 200 + 50 images, in a local data folder."""
    monkeypatch.setattr(Mnist, "sizes", (200, 50))
    monkeypatch.setenv("AECORE_DATA", str(tmp_path / "data"))
    return write_set(tmp_path / "data" / "mnist", 200, 50)


def test_the_sample_is_split_into_4000_and_1000():
    pin = Mnist().resolve()
    assert (pin.source, pin.train, pin.test) == ("sample", 4000, 1000)


def test_sample_digits_are_on_one_side_only():
    data = Mnist().load(Mnist().resolve())
    sides = [{image.tobytes() for image in split.images} for split in (data.train, data.test)]
    assert len(sides[0]) + len(sides[1]) == 5000 and not sides[0] & sides[1]


def test_sample_labels_belong_to_their_images():
    data = Mnist().load(Mnist().resolve())
    means = np.stack([data.train.images[data.train.labels == label].mean(axis=0) for label in range(10)])
    distances = np.square(data.test.images[:, None] - means).sum(axis=(2, 3, 4))
    assert np.mean(distances.argmin(axis=1) == data.test.labels) > 0.75


def test_the_full_set_goes_before_the_sample(small):
    data = Mnist().load(Mnist().resolve())
    assert Mnist().resolve().to_json() == {"source": "full", "train": 200, "test": 50}
    np.testing.assert_array_equal(data.test.images[..., 0], small[2])
    np.testing.assert_array_equal(data.test.labels, small[3])
    order = {image.tobytes(): label for image, label in zip(small[0], small[1], strict=True)}
    assert [order[image.tobytes()] for image in data.train.images] == data.train.labels.tolist()


def test_a_pinned_sample_stays_the_sample_when_the_full_set_arrives(tmp_path, monkeypatch):
    pin = Mnist().resolve()
    monkeypatch.setattr(Mnist, "sizes", (200, 50))
    monkeypatch.setenv("AECORE_DATA", str(tmp_path / "data"))
    write_set(tmp_path / "data" / "mnist", 200, 50)
    assert Mnist().resolve() != pin
    assert len(Mnist().load(pin).train) == 4000


def test_a_pinned_full_set_that_is_gone_is_not_at_hand(small, monkeypatch):
    pin = Mnist().resolve()
    monkeypatch.delenv("AECORE_DATA")
    with pytest.raises(NotAtHand, match="download it"):
        Mnist().load(pin)


def test_test_images_of_other_classes_are_abnormal(small):
    dataset = Mnist(normal_classes=(3, 1))
    pin = dataset.resolve()
    data = dataset.load(pin)
    assert (pin.train, pin.test) == (40, 10) == (len(data.train), len(data.test))
    assert set(data.train.labels.tolist()) == set(data.test.labels.tolist()) == {1, 3}
    assert set(data.abnormal.labels.tolist()) == set(range(10)) - {1, 3} and len(data.abnormal) == 40


def test_counts_of_the_sample_are_those_that_are_loaded():
    dataset = Mnist(normal_classes=(0, 7), limit=600)
    pin = dataset.resolve()
    data = dataset.load(pin)
    assert pin.train == len(data.train) == 600
    assert pin.test == len(data.test) == np.isin(data.test.labels, (0, 7)).sum()
    assert pin.test + len(data.abnormal) == 1000


def test_a_limit_takes_the_first_of_the_same_order():
    few, many = (Mnist(limit=limit).load(Mnist(limit=limit).resolve()) for limit in (50, 100))
    np.testing.assert_array_equal(few.train.images, many.train.images[:50])
    assert len(few.test) == 1000


def test_all_classes_listed_are_the_same_as_none():
    assert Mnist(normal_classes=tuple(range(10))) == Mnist()
    assert Mnist(normal_classes=(3, 1, 3)) == Mnist(normal_classes=(1, 3))


def test_some_of_the_held_out_classes_leak_in_on_purpose(small):
    plain, leaking = (Mnist(normal_classes=(3, 1), leak=leak) for leak in (0.0, 0.1))
    data = leaking.load(leaking.resolve())
    assert len(data.train) == leaking.resolve().train == plain.resolve().train == 40
    leaked = ~np.isin(data.train.labels, (1, 3))
    assert leaked.sum() == 4 and not leaked[:4].all()
    assert set(data.test.labels.tolist()) == {1, 3} and len(data.abnormal) == 40
    trained_on = {image.tobytes() for image in data.train.images}
    assert not trained_on & {image.tobytes() for image in data.abnormal.images}


def test_where_too_few_can_leak_in_the_share_stays_and_the_images_get_fewer(small):
    data = (dataset := Mnist(normal_classes=tuple(range(9)), leak=0.4)).load(dataset.resolve())
    assert (data.train.labels == 9).sum() == 20 and len(data.train) == dataset.resolve().train == 50


def test_a_leak_without_held_out_classes_is_none_and_no_leak_leaves_keys_alone():
    assert Mnist(leak=0.3) == Mnist() and "leak" not in Mnist(normal_classes=(1,)).to_json()
    assert Mnist(normal_classes=(1,), leak=0.3).to_json()["leak"] == 0.3


def test_a_normal_class_without_images_is_named(small, monkeypatch):
    monkeypatch.setattr(Mnist, "labels", lambda self, source: (np.zeros(200, int), np.zeros(50, int)))
    with pytest.raises(RequestError, match="no image of the normal class 4"):
        Mnist(normal_classes=(0, 4)).resolve()


def test_refuses_a_class_that_does_not_exist():
    with pytest.raises(RequestError, match="0 to 9"):
        Mnist(normal_classes=(10,))


def test_refuses_to_learn_from_a_handful():
    with pytest.raises(RequestError, match="3 training images are too few"):
        Mnist(limit=3).resolve()


def test_a_file_of_another_length_is_named(small, monkeypatch):
    monkeypatch.setattr(Mnist, "sizes", (201, 50))
    with pytest.raises(LabError, match="train-labels.*200 values; 201 were expected"):
        Mnist().resolve()


def test_labels_are_read_again_when_their_file_changes(small, tmp_path, monkeypatch):
    assert Mnist().resolve().train == 200
    for path in (tmp_path / "data" / "mnist").iterdir():
        path.unlink()
    (tmp_path / "data" / "mnist").rmdir()
    write_set(tmp_path / "data" / "mnist", 120, 50)
    monkeypatch.setattr(Mnist, "sizes", (120, 50))
    assert Mnist().resolve().train == 120


def test_fashion_says_what_to_download_where_it_is_missing(monkeypatch):
    monkeypatch.setattr(FashionMnist, "elsewhere", ())
    with pytest.raises(NotAtHand, match="Fashion-MNIST is not on this machine; download it .31 MB."):
        FashionMnist().resolve()


def test_fashion_is_found_where_a_system_package_puts_it(tmp_path, monkeypatch):
    write_set(tmp_path / "package", 60, 20)
    monkeypatch.setattr(FashionMnist, "elsewhere", (tmp_path / "package",))
    monkeypatch.setattr(FashionMnist, "sizes", (60, 20))
    assert FashionMnist().resolve().train == 60

"""What every dataset keeps, whether its images are bundled or lie in a local data folder."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from aecore.datasets import DATASETS, Pin
from aecore.errors import LabError, NotAtHand, RequestError

LOCAL = Path(__file__).parents[3] / "shared" / "data"


def at_hand(data):
    """Kinds that resolve with a local data folder, or without one."""
    with pytest.MonkeyPatch.context() as patch:
        use(patch, data)
        for kind in DATASETS:
            try:
                DATASETS[kind]().resolve()
            except (NotAtHand, RequestError):
                continue
            yield kind


def use(patch, data):
    if data is None:
        patch.delenv("AECORE_DATA", raising=False)
    else:
        patch.setenv("AECORE_DATA", str(data))


PLACES = [(kind, None) for kind in at_hand(None)]
if LOCAL.is_dir():
    PLACES += [(kind, LOCAL) for kind in at_hand(LOCAL) if kind not in ("digits", "fashion_mnist")]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """Loads a dataset once for all tests of this module."""
    home = tmp_path_factory.mktemp("home")

    @lru_cache(maxsize=1)
    def load(kind, data):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AECORE_HOME", str(home))
            use(patch, data)
            dataset = DATASETS[kind]()
            pin = dataset.resolve()
            return dataset, pin, dataset.load(pin), dataset.load(pin)

    return load


def test_what_is_bundled_needs_no_network_and_no_data_folder():
    assert {"mnist", "digits", "faces", "face_or_not", "photos"} <= {kind for kind, data in PLACES if data is None}


@pytest.mark.parametrize(("kind", "data"), PLACES, ids=lambda value: value if isinstance(value, str) else bool(value))
class TestEveryDatasetAtHand:
    def test_has_exactly_the_images_that_its_pin_counts(self, kind, data, loaded):
        _, pin, images, _ = loaded(kind, data)
        assert (len(images.train), len(images.test)) == (pin.train, pin.test)
        assert images.abnormal is None

    def test_gives_bytes_of_its_shape(self, kind, data, loaded):
        dataset, _, images, _ = loaded(kind, data)
        for split in (images.train, images.test):
            some = split.images[np.array([len(split) - 1, 0, 1])]
            assert some.dtype == np.uint8 and some.shape == (3, *dataset.shape)
            assert split.images.shape == (len(split), *dataset.shape)
            assert np.ptp(some) > 0

    def test_labels_each_image_with_one_of_its_classes(self, kind, data, loaded):
        dataset, _, images, _ = loaded(kind, data)
        for split in (images.train, images.test):
            assert (split.labels is None) == (not images.classes)
            if images.classes:
                assert images.classes == dataset.classes
                assert set(split.labels.tolist()) == set(range(len(images.classes)))
                assert len(split.labels) == len(split)

    def test_loads_the_same_images_every_time(self, kind, data, loaded):
        _, pin, first, second = loaded(kind, data)
        some = np.arange(0, pin.train, 1 + pin.train // 50)
        np.testing.assert_array_equal(first.train.images[some], second.train.images[some])
        if first.train.labels is not None:
            np.testing.assert_array_equal(first.train.labels, second.train.labels)

    def test_is_shuffled(self, kind, data, loaded):
        images = loaded(kind, data)[2]
        if images.train.labels is not None:
            assert len(set(images.train.labels[:50].tolist())) >= min(4, len(images.classes))

    def test_has_the_same_pin_again_and_refuses_another(self, kind, data, loaded, monkeypatch):
        dataset, pin, *_ = loaded(kind, data)
        use(monkeypatch, data)
        assert dataset.resolve() == pin
        assert DATASETS.from_json(dataset.to_json()).resolve() == pin
        for other in (Pin("elsewhere", pin.train, pin.test), Pin(pin.source, pin.train + 10**6, pin.test)):
            with pytest.raises(NotAtHand):
                dataset.load(other)

    def test_says_where_its_images_are_from(self, kind, data, loaded):
        images = loaded(kind, data)[2]
        for line in (images.source, images.licence):
            assert 8 < len(line) < 250 and "\n" not in line and str(LOCAL) not in line


@pytest.mark.parametrize("kind", DATASETS)
class TestEveryDataset:
    def test_explains_itself(self, kind):
        part = DATASETS[kind]
        assert 10 < len(part.caption()) < 120 and part.caption().endswith(".")
        assert len(part.explanation()) > 80
        assert part.licence and part.title
        assert all(declared.label and declared.help for declared in part.params().values())

    def test_without_a_public_download_says_so(self, kind):
        part = DATASETS[kind]
        if part.download is None:
            with pytest.raises(LabError, match="no public download"):
                part().fetch(lambda share: None)
        else:
            assert part.download.megabytes > 1 and part.download.urls

    def test_fails_at_once_without_a_network_and_leaves_nothing(self, kind, home):
        part = DATASETS[kind]
        if part.download:
            with pytest.raises(LabError, match="Check the network"):
                part().fetch(lambda share: None)
            assert not [path for path in home.rglob("*") if path.is_file()]

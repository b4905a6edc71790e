import numpy as np
import pytest

from aecore.corruptions import CORRUPTIONS, WAYS, BlackBox, GaussianNoise, Grey, SaltAndPepper, Shrink, Worn
from aecore.errors import RequestError
from aecore.images import jpeg, to_float, to_uint8

EVERY = pytest.mark.parametrize("kind", list(CORRUPTIONS))


@pytest.fixture
def images():
    return np.random.default_rng(1).random((5, 24, 36, 3), dtype=np.float32)


@EVERY
class TestEveryCorruption:
    def test_gives_images_of_the_declared_shape_in_range(self, kind, images):
        corruption = CORRUPTIONS[kind]()
        damaged = corruption(images, np.random.default_rng(0))
        assert damaged.shape == (5, *corruption.output_shape(images.shape[1:]))
        assert damaged.dtype == np.float32
        assert damaged.min() >= 0 and damaged.max() <= 1

    def test_is_repeated_by_an_equal_generator(self, kind, images):
        corruption = CORRUPTIONS[kind]()
        first, second = (corruption(images, np.random.default_rng(7)) for _ in range(2))
        np.testing.assert_array_equal(first, second)

    def test_leaves_its_input_alone(self, kind, images):
        before = images.copy()
        CORRUPTIONS[kind]()(images, np.random.default_rng(0))
        np.testing.assert_array_equal(images, before)

    def test_takes_no_images(self, kind, images):
        assert len(CORRUPTIONS[kind]()(images[:0], np.random.default_rng(0))) == 0

    def test_changes_something_unless_it_is_the_identity(self, kind, images):
        corruption = CORRUPTIONS[kind]()
        damaged = corruption(images, np.random.default_rng(0))
        assert corruption.identity == (damaged.shape == images.shape and np.array_equal(damaged, images))


def test_gaussian_noise_has_the_stated_deviation():
    grey = np.full((50, 32, 32, 1), 0.5, np.float32)
    assert GaussianNoise(0.1)(grey, np.random.default_rng(0)).std() == pytest.approx(0.1, rel=0.02)


def test_salt_and_pepper_changes_the_stated_share_half_and_half():
    grey = np.full((20, 64, 64, 3), 0.5, np.float32)
    damaged = SaltAndPepper(0.2)(grey, np.random.default_rng(0))
    assert (damaged == 1).mean() == pytest.approx(0.1, abs=0.01)
    assert (damaged == 0).mean() == pytest.approx(0.1, abs=0.01)


def test_the_black_box_covers_exactly_its_hole():
    white = np.ones((200, 16, 20, 1), np.float32)
    box = BlackBox(size=5)
    damaged = box(white, np.random.default_rng(3))
    hole = box.hole(white.shape, np.random.default_rng(3))
    np.testing.assert_array_equal(damaged == 0, hole)
    assert (hole.sum(axis=(1, 2, 3)) == 25).all()
    assert hole.any(axis=0).all()  # sooner or later every pixel is hidden, the corners too


def test_grey_keeps_grey_values(images):
    neutral = np.repeat(images[..., :1], 3, axis=-1)
    np.testing.assert_allclose(Grey()(neutral, np.random.default_rng(0)), neutral[..., :1], atol=1e-6)


@pytest.mark.parametrize("way", ["box", "lanczos", "sampled", "mixed", "mostly"])
def test_every_way_of_shrinking_keeps_a_flat_image(way):
    flat = np.full((3, 12, 24, 3), 0.25, np.float32)
    small = Shrink(factor=4, way=way)(flat, np.random.default_rng(0))
    assert small.shape == (3, 3, 6, 3)
    np.testing.assert_allclose(small, 0.25, atol=1e-6)


@pytest.mark.parametrize("way, share", [("mixed", 0.4), ("mostly", 0.7)])
def test_a_mixture_has_every_way_in_it_and_the_standard_most_often(way, share):
    image = np.random.default_rng(0).random((1, 8, 8, 1), dtype=np.float32)
    known = {name: Shrink(2, name)(image, np.random.default_rng(0)).tobytes() for name in WAYS}
    assert len(set(known.values())) == len(WAYS)
    made = [part.tobytes() for part in Shrink(2, way)(np.repeat(image, 1000, axis=0), np.random.default_rng(1))]
    shares = {name: made.count(pixels) / 1000 for name, pixels in known.items()}
    assert sum(shares.values()) == pytest.approx(1) and shares["bicubic"] == pytest.approx(share, abs=0.06)
    assert min(shares.values()) > 0.05


def test_shrinking_keeps_a_flat_image():
    flat = np.full((1, 12, 12, 3), 0.25, np.float32)
    np.testing.assert_allclose(Shrink(factor=3)(flat, np.random.default_rng(0)), 0.25, atol=1e-6)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("factor", [1, 2, 4])
def test_worn_images_differ_in_how_worn_they_are_and_flat_ones_hardly_change(factor, channels):
    flat = np.full((8, 24, 48, channels), 0.25, np.float32)
    clean = Worn(factor, noise=0, quality=100)(flat, np.random.default_rng(0))
    assert clean.shape == (8, 24 // factor, 48 // factor, channels)
    np.testing.assert_allclose(clean, 0.25, atol=0.01)
    spreads = Worn(factor, noise=0.2)(flat, np.random.default_rng(0)).std(axis=(1, 2, 3))
    assert spreads.max() > 0.08 and spreads.min() < 0.5 * spreads.max()


def test_jpeg_costs_the_more_detail_the_lower_its_quality(images):
    losses = [np.square(to_float(jpeg(to_uint8(images[0]), quality)) - images[0]).mean() for quality in (5, 50, 95)]
    assert losses == sorted(losses, reverse=True) and losses[0] > 1.5 * losses[-1]


@pytest.mark.parametrize(
    "corruption, shape, words",
    [
        (BlackBox(28), (28, 28, 1), "hides all of an image of 28 × 28 px"),
        (Grey(), (28, 28, 1), "grey already"),
        (Shrink(3), (32, 32, 3), "cannot be made 3 times smaller"),
    ],
    ids=["box", "grey", "shrink"],
)
def test_what_cannot_be_damaged_gets_a_sentence(corruption, shape, words):
    with pytest.raises(RequestError, match=words):
        corruption.output_shape(shape)


@pytest.mark.parametrize("kind, name", [("gaussian", "stddev"), ("blur", "stddev"), ("box", "size")])
class TestVaried:
    def damaged(self, kind, images, varied, **fields):
        return CORRUPTIONS[kind](varied=varied, **fields)(images, np.random.default_rng(3))

    def test_each_image_is_damaged_by_another_strength(self, kind, name):
        images = np.random.default_rng(0).random((24, 20, 20, 1), dtype=np.float32)
        strength = {name: 12} if kind == "box" else {name: 1.0}
        errors = [
            np.square(self.damaged(kind, images, varied, **strength) - images).mean(axis=(1, 2, 3))
            for varied in (False, True)
        ]
        assert errors[1].std() / errors[1].mean() > 2 * errors[0].std() / errors[0].mean()
        assert errors[1].max() <= 1.5 * errors[0].max() and errors[1].min() < 0.2 * errors[0].mean()

    def test_its_default_is_not_in_the_recipe(self, kind, name):
        assert "varied" not in CORRUPTIONS[kind]().to_json()


def test_the_hole_of_a_box_of_any_size_is_where_the_box_is():
    box, images = BlackBox(12, varied=True), np.ones((16, 20, 20, 1), np.float32)
    damaged, hole = box(images, np.random.default_rng(5)), box.hole(images.shape, np.random.default_rng(5))
    np.testing.assert_array_equal(damaged[..., :1] == 0, hole)
    sides = np.sqrt(hole.sum(axis=(1, 2, 3)))
    assert sides.max() <= 12 and len(set(sides)) > 4

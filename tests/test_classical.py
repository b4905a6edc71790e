import numpy as np
import pytest

from aecore.classical import METHODS, methods, point_spread
from aecore.datasets.photos import public_domain_photographs
from aecore.images import gaussian_blur, to_float
from aecore.metrics import psnr
from aecore.restorers import TASKS

PHOTOGRAPH = to_float(public_domain_photographs()[0][60:124, 120:184])
IMAGES = {"colour": PHOTOGRAPH, "grey": PHOTOGRAPH.mean(axis=-1, keepdims=True)}
AVAILABLE = [method for task in TASKS for method in methods(task)]


def quality(truth, image):
    return float(psnr(truth[None], image[None])[0])


@pytest.fixture(params=IMAGES, ids=str)
def image(request):
    return IMAGES[request.param]


def hole(image, side=12):
    missing = np.zeros((*image.shape[:2], 1), bool)
    missing[20 : 20 + side, 24 : 24 + side] = True
    return missing


@pytest.mark.parametrize("method", AVAILABLE, ids=lambda method: method.name)
class TestEveryMethod:
    def test_makes_an_image_better_and_keeps_its_shape_and_range(self, method, image):
        missing = hole(image) if method.task == "fill" else None
        strength = {"denoise": 0.1, "deblur": 1.5, "fill": 12.0}[method.task]
        given = {
            "denoise": np.clip(image + 0.1 * np.random.default_rng(0).standard_normal(image.shape), 0, 1),
            "deblur": gaussian_blur(image[None], 1.5)[0],
            "fill": image if missing is None else np.where(missing, 0, image),
        }[method.task].astype(np.float32)
        before = given.copy()
        made = method(given, strength, missing)
        assert made.shape == image.shape and made.dtype == np.float32
        assert made.min() >= 0 and made.max() <= 1
        assert quality(image, made) > quality(image, given) + 0.5
        assert np.array_equal(given, before)

    def test_leaves_an_image_alone_that_is_not_damaged(self, method, image):
        missing = np.zeros((*image.shape[:2], 1), bool) if method.task == "fill" else None
        assert np.array_equal(method(image, 0.0, missing), image)

    def test_gives_the_same_twice(self, method, image):
        missing = hole(image) if method.task == "fill" else None
        first, second = (method(image, 0.5, missing) for _ in range(2))
        assert np.array_equal(first, second)

    def test_says_what_it_is_told_and_who_found_it(self, method):
        assert METHODS[method.name] is method and method.told and method.source and method.task in TASKS


def test_biharmonic_leaves_what_is_given_and_continues_a_ramp():
    ramp = np.repeat(np.linspace(0.2, 0.8, 40, dtype=np.float32)[None, :, None], 40, axis=0)
    missing = hole(ramp, side=8)
    made = METHODS["biharmonic"](np.where(missing, 0, ramp).astype(np.float32), 0, missing)
    assert np.array_equal(made[~missing[..., 0]], ramp[~missing[..., 0]])
    np.testing.assert_allclose(made, ramp, atol=0.01)


@pytest.mark.parametrize("stddev", [0.25, 1.0, 2.5])
def test_the_blur_of_one_bright_pixel_is_a_gaussian(stddev):
    point = point_spread(stddev)
    places = np.arange(len(point)) - len(point) // 2
    assert point.sum() == pytest.approx(1) and point.shape[0] % 2 == 1
    assert np.array_equal(point, point.T) and point.argmax() == point.size // 2
    if stddev >= 1:
        assert float(point.sum(axis=0) @ places**2) == pytest.approx(stddev**2, rel=0.02)


def test_a_slight_blur_is_hardly_changed_by_being_undone(image):
    for method in methods("deblur"):
        assert quality(image, method(image, 0.2)) > 40


def test_no_method_gives_a_grey_picture_its_colours():
    assert methods("colour") == []


def test_a_method_whose_package_is_missing_is_not_offered(monkeypatch):
    monkeypatch.setattr("aecore.classical.find_spec", lambda name: None)
    assert [method.name for method in methods("denoise")] == ["non-local-means", "total-variation"]

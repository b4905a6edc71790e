"""Networks that enlarge in tiles: the same numbers as at once, with whatever memory there is."""

import numpy as np
import pytest

from aecore.corruptions import Shrink
from aecore.datasets.photo_pairs import PhotoPairs
from aecore.datasets.photos import Photos, public_domain_photographs
from aecore.enlargers import Enlarger
from aecore.errors import LabError, RequestError
from aecore.images import resize, to_float, to_uint8
from aecore.models.conv_sr import ConvSuperResolution
from aecore.models.residual_sr import ResidualSuperResolution
from aecore.models.stack import Stack
from aecore.recipe import Recipe
from aecore.store import Store
from aecore.tiles import tiles
from aecore.training import backend
from aecore.training import enlarging as networks
from aecore.training.backend import compiled
from aecore.training.network import build
from aecore.worker import enlarging
from aecore.worker.enlarging import enlarge, kernel, means_of, sixteen_bits
from tests.enlarging import finished_run

SHAPES = [(70, 90), (30, 100), (9, 7), (1, 1)]
PHOTOGRAPH = public_domain_photographs()[0]


def recipe(scale=2, **settings):
    return Recipe(Photos(size=48), Shrink(scale), Stack(**{"filters": 8, "depth": 4, **settings}))


@pytest.fixture
def enlarger(tmp_path):
    """Makes an enlarger of a recipe."""

    def make(made_of=None, scale=2, name="fast"):
        return Enlarger(name, scale, finished_run(made_of or recipe(scale), tmp_path))

    return make


@pytest.fixture
def small_tiles(monkeypatch):
    monkeypatch.setattr(enlarging, "SIDES", (32, 24))
    monkeypatch.setattr(enlarging, "PLAIN_SIDE", 32)


def made(pixels, means, **options):
    height, width, channels = pixels.shape
    out = np.zeros((height * means.scale, width * means.scale, channels), np.uint8)
    enlarge(pixels, out, means, **options)
    return out


def photograph(shape):
    return np.ascontiguousarray(PHOTOGRAPH[80 : 80 + shape[0], 150 : 150 + shape[1]])


def whole(enlarger, pixels):
    """What the network says of a picture at once, in 32 bits."""
    run = enlarger.run
    model = networks.at_shape(run.recipe, run.weights, pixels.shape[:2])
    return to_uint8(compiled(model)(pixels[None])[0])


class TestTiledEqualsUntiled:
    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize("scale", [2, 3])
    def test_for_a_stack_to_a_grey_level(self, enlarger, small_tiles, monkeypatch, shape, scale):
        monkeypatch.setattr(networks, "FLAGS", ())
        ours, pixels = enlarger(scale=scale), photograph(shape)
        tiled = made(pixels, means_of(ours)).astype(int)
        assert np.abs(tiled - whole(ours, pixels)).max() <= 1
        assert min(shape) < 24 or np.abs(tiled - made(pixels, kernel("bicubic", scale))).max() > 1  # it does something

    @pytest.mark.parametrize("shape", [(64, 96), (40, 32)])
    def test_for_a_stack_that_folds(self, enlarger, small_tiles, monkeypatch, shape):
        monkeypatch.setattr(networks, "FLAGS", ())
        ours, pixels = enlarger(recipe(fold=2, depth=2)), photograph(shape)
        assert means_of(ours).align == 2
        assert np.abs(made(pixels, means_of(ours)).astype(int) - whole(ours, pixels)).max() <= 1

    @pytest.mark.parametrize("name", ["bicubic", "lanczos"])
    @pytest.mark.parametrize("shape", SHAPES)
    def test_for_a_kernel(self, small_tiles, name, shape):
        pixels = photograph(shape)
        at_once = to_uint8(resize(to_float(pixels)[None], (shape[0] * 3, shape[1] * 3), name))[0]
        assert np.abs(made(pixels, kernel(name, 3)).astype(int) - at_once).max() <= 1


class TestSight:
    @pytest.mark.parametrize(
        "model, scale, reach, align",
        [
            (Stack(filters=8, depth=5), 2, 5, 1),
            (Stack(filters=8, depth=3, fold=2), 1, 8, 2),
            (ConvSuperResolution((4, 8)), 1, None, 4),
            (ResidualSuperResolution(filters=4), 1, None, 4),
        ],
    )
    def test_covers_all_that_an_answer_depends_on(self, model, scale, reach, align):
        side, rng = 96, np.random.default_rng(0)
        network = build(model, (side, side, 3), (side * scale, side * scale, 3))
        for weights in network.trainable_variables:
            weights.assign(rng.normal(0, 0.2, weights.shape))
        seen = networks.sight(network)
        assert seen.align == align and (reach is None or seen.reach == reach)
        image = rng.random((1, side, side, 3), dtype=np.float32) / 4 + 0.3
        other = image.copy()
        other[:, 48] += 0.3
        call = compiled(network)
        rows = np.nonzero(np.abs(call(image) - call(other)).max(axis=(0, 2, 3)) > 0)[0] // scale
        assert len(rows) and 48 - rows.min() <= seen.reach and rows.max() - 48 <= seen.reach


class TestPublishedNetworks:
    def test_sharpen_what_bicubic_has_enlarged(self, enlarger, small_tiles):
        published = Recipe(PhotoPairs(height=32, width=48), model=ConvSuperResolution((4, 8)))
        ours = enlarger(published, scale=3, name="conv-photo-sr")
        for shape in ((50, 41), (3, 5)):
            assert made(photograph(shape), means_of(ours)).shape == (shape[0] * 3, shape[1] * 3, 3)

    def test_in_tiles_as_at_once_away_from_a_border_that_is_no_multiple(self, enlarger, monkeypatch):
        monkeypatch.setattr(networks, "FLAGS", ())
        published = Recipe(PhotoPairs(height=32, width=48), model=ConvSuperResolution((4, 8)))
        ours, pixels = enlarger(published, name="conv-photo-sr"), photograph((98, 91))
        monkeypatch.setattr(enlarging, "SIDES", (64,))
        tiled = made(pixels, means_of(ours)).astype(int)
        monkeypatch.setattr(enlarging, "SIDES", (128,))
        assert np.abs(tiled - made(pixels, means_of(ours)))[:-32, :-32].max() <= 1


class TestOptions:
    def test_no_strength_is_bicubic_and_half_is_between(self, enlarger):
        means, pixels = means_of(enlarger()), photograph((40, 40))
        plain, full = made(pixels, kernel("bicubic", 2)), made(pixels, means)
        np.testing.assert_array_equal(made(pixels, means, strength=0.0), plain)
        half = made(pixels, means, strength=0.5)
        assert np.abs(half - (plain.astype(float) + full) / 2).max() <= 1

    def test_a_mean_over_views_turns_with_the_picture(self, enlarger):
        means, pixels = means_of(enlarger()), photograph((30, 44))
        straight = made(pixels, means, ensemble=True).astype(int)
        turned = made(np.ascontiguousarray(np.rot90(pixels)), means, ensemble=True)
        assert np.abs(np.rot90(straight) - turned).max() <= 1
        assert np.abs(straight - made(pixels, means)).max() > 0

    def test_grey_stays_grey(self, enlarger):
        pixels = photograph((30, 44))
        grey = np.ascontiguousarray(pixels[..., :1])
        assert made(grey, means_of(enlarger())).shape == (60, 88, 1)

    def test_one_times_by_bicubic_is_the_picture(self):
        pixels = photograph((60, 70))
        np.testing.assert_array_equal(made(pixels, kernel("bicubic", 1)), pixels)


class TestMemory:
    def test_where_it_does_not_suffice_tiles_become_smaller(self, enlarger, monkeypatch):
        means, pixels = means_of(enlarger()), photograph((120, 180))
        expected, tried = made(pixels, means), []
        answer = enlarging.Means.answer

        def scarce(self, tile):
            tried.append(tile.shape[0])
            if tile.shape[0] > 64:
                raise backend.out_of_memory()[len(tried) % 2](*((None, None, "no room") * (len(tried) % 2)))
            return answer(self, tile)

        monkeypatch.setattr(enlarging.Means, "answer", scarce)
        assert np.abs(made(pixels, means).astype(int) - expected).max() <= 1
        assert tried[0] == 96 and tried[-1] == 64

    def test_where_it_never_does_there_is_a_sentence(self, enlarger, monkeypatch):
        def scarce(self, tile):
            raise MemoryError

        monkeypatch.setattr(enlarging.Means, "answer", scarce)
        for means in (means_of(enlarger()), kernel("bicubic", 2)):
            with pytest.raises(LabError, match="not enough memory"):
                made(photograph((100, 120)), means)

    def test_tiles_follow_what_is_free(self, enlarger, monkeypatch):
        means = means_of(enlarger())
        for free, side in ((4 * 128**2 * means.bytes, 128), (1, 64)):
            monkeypatch.setattr(enlarging, "free_memory", lambda free=free: free)
            assert next(means.sides((2000, 3000))) == side
        assert next(means.sides((100, 3000))) in (64, 96)

    @pytest.mark.parametrize("shape", [(512, 512), (1536, 1536), (513, 1025), (3000, 4000), (480, 640)])
    @pytest.mark.parametrize("reach", [4, 20, 34, 120])
    def test_tiles_are_those_with_the_least_to_compute(self, monkeypatch, shape, reach):
        monkeypatch.setattr(enlarging, "free_memory", lambda: None)
        means = enlarging.Means(2, reach, lambda shape: None, bytes=1)
        work = {side: len(tiles(shape, side, reach)) * side**2 for side in range(64, 769, 32) if side > 2 * reach + 1}
        side = next(means.sides(shape))
        assert side <= min(shape)
        assert work[side] <= 1.1 * min(amount for of, amount in work.items() if of <= min(512, *shape))


class TestNetworks:
    def test_stay_loaded_at_one_shape(self, enlarger):
        means = means_of(enlarger())
        before = enlarging._network.cache_info().misses
        for shape in ((70, 90), (64, 100), (90, 64)):
            made(photograph(shape), means)
        assert enlarging._network.cache_info().misses == before + 1

    def test_compute_in_16_bits_only_after_a_check(self, enlarger, monkeypatch):
        monkeypatch.setattr(networks, "computes_in_sixteen_bits", lambda: True)
        ours = enlarger()
        assert sixteen_bits(ours)
        monkeypatch.setattr(networks, "sixteen_bits_suffice", lambda *given: False)
        enlarging._networked.cache_clear()
        assert not sixteen_bits(ours)
        assert not sixteen_bits(Enlarger("bicubic", 2))

    def test_the_check_is_a_grey_level(self):
        tile = np.zeros((4, 4, 3), np.uint8)
        for error, suffices in ((0.9 / 255, True), (1.1 / 255, False)):
            assert networks.sixteen_bits_suffice(lambda x: x / 255, lambda x, e=error: x / 255 + e, tile) is suffices

    def test_of_a_run_that_is_gone_there_is_a_sentence(self, enlarger):
        ours = enlarger()
        Store().delete(ours.run.key)
        with pytest.raises(RequestError, match="gone or damaged"):
            means_of(ours)

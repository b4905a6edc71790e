"""A person's photograph restored: in tiles as at once, every task, and what a page shows of it."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from aecore.corruptions import BlackBox, GaussianBlur, GaussianNoise, Grey
from aecore.datasets.faces import Faces
from aecore.datasets.photos import Photos, public_domain_photographs
from aecore.enlargers import paces
from aecore.errors import Cancelled, NotAtHand, RequestError
from aecore.images import gaussian_blur, png, to_float, to_uint8, with_channels
from aecore.metrics import psnr, ssim_of_brightness
from aecore.models.stack import Stack
from aecore.models.unet import UNet
from aecore.presets import PRESETS, Preset
from aecore.recipe import Recipe
from aecore.restorers import restorers
from aecore.training import enlarging as networks
from aecore.training.backend import compiled
from aecore.training.network import build
from aecore.worker import enlarging
from aecore.worker.enlarging import enlarge, means_of_run
from aecore.worker.tasks.photos import kept
from aecore.worker.tasks.photos.blending import Blended
from aecore.worker.tasks.restoring_photos import damaging, holes
from aecore.worker.tasks.restoring_photos.settings import able_for
from tests.enlarging import finished_run

CAT = public_domain_photographs()[0]
CROP = np.ascontiguousarray(CAT[60:140, 120:220])  # 80 × 100
FACE = np.ascontiguousarray(public_domain_photographs()[2][41:169, 161:289])
STAND_INS = {
    "denoise-photos": Recipe(Photos(size=32), GaussianNoise(0.2, varied=True), Stack(filters=8, depth=3, fold=2)),
    "deblur-photos": Recipe(Photos(size=32), GaussianBlur(3.0, varied=True), Stack(filters=8, depth=3, fold=2)),
    "colour-photos": Recipe(Photos(size=32), Grey(), UNet(filters=4, depth=2, fold=2)),
    "fill-faces": Recipe(Faces(size=32), BlackBox(8, varied=True), UNet(filters=4, depth=1, fold=2)),
    "colour-faces": Recipe(Faces(size=32), Grey(), UNet(filters=4, depth=1, fold=2)),
}


@pytest.fixture
def trained(monkeypatch, tmp_path):
    """Finished runs of small stand-ins for presets, by name."""

    def make(*names, **changes):
        made = []
        for name in names:
            recipe = replace(STAND_INS[name], **changes)
            monkeypatch.setitem(PRESETS, name, Preset(name, "A stand-in", recipe))
            made.append(finished_run(recipe, tmp_path, amount=0.03))
        return made[0]

    return make


def wish(task="denoise", subject="photos", **more):
    return {"task": task, "subject": subject, **more}


def masked(shape, *parts):
    """A mask that is white in some parts."""
    mask = np.zeros((*shape[:2], 1), np.uint8)
    for part in parts:
        mask[part] = 255
    return mask


HOLE = (slice(20, 30), slice(40, 60))


class TestTiledEqualsUntiled:
    @pytest.mark.parametrize(
        "name, model",
        [
            ("denoise-photos", Stack(filters=8, depth=4, fold=2)),
            ("denoise-photos", Stack(filters=8, depth=4)),
            ("colour-photos", UNet(filters=4, depth=2, fold=2)),
            ("colour-photos", UNet(filters=4, depth=1, fold=1)),
        ],
    )
    @pytest.mark.parametrize("shape", [(160, 192), (150, 117), (9, 7), (1, 1)])
    def test_to_a_grey_level(self, trained, monkeypatch, name, model, shape):
        monkeypatch.setattr(networks, "FLAGS", ())
        means = means_of_run(trained(name, model=model))
        side = 2 * means.reach + 2 * means.align
        monkeypatch.setattr(enlarging, "SIDES", (side + -side % means.align,))
        monkeypatch.setattr(enlarging, "WIDE_SIDES", ())
        pixels = np.ascontiguousarray(CAT[20 : 20 + shape[0], 150 : 150 + shape[1]])
        tiled, at_once = (np.zeros((*shape, 3), np.uint8) for _ in range(2))
        count = enlarge(pixels, tiled, means)
        assert count > 1 or max(shape) <= side
        at_once[:] = to_uint8(means.answer(pixels))
        assert np.abs(tiled.astype(int) - at_once).max() <= 1
        assert max(shape) < 10 or np.abs(tiled.astype(int) - pixels).max() > 1  # it does something

    def test_the_shipped_shapes_have_tiles_that_suffice(self):
        for name in (name for name in STAND_INS if name in PRESETS):
            recipe = PRESETS[name].recipe
            given, made = recipe.input_shape[2], recipe.target_shape[2]
            seen = networks.sight(build(recipe.model, (64, 64, given), (64, 64, made)))
            means = enlarging.Means(1, seen.reach, lambda shape: None, seen.align, 100)
            for shape, least in (((3000, 4000), 0.4), ((40, 3000), 0.4)):
                side = next(means.sides(shape))
                assert side - 2 * seen.reach >= least * side and side % seen.align == 0, name

    @pytest.mark.parametrize("model", [UNet(filters=4, depth=1), UNet(filters=4, depth=2, fold=2)])
    def test_a_u_net_sees_no_further_than_is_said(self, model):
        side, rng = 128, np.random.default_rng(0)
        network = build(model, (side, side, 1), (side, side, 3))
        for weights in network.trainable_variables:
            weights.assign(rng.normal(0, 0.2, weights.shape))
        seen, call = networks.sight(network), compiled(network)
        for row in (63, 64, 70):
            image = rng.random((1, side, side, 1), dtype=np.float32) / 4 + 0.3
            other = image.copy()
            other[:, row] += 0.3
            rows = np.nonzero(np.abs(call(image) - call(other)).max(axis=(0, 2, 3)) > 0)[0]
            assert len(rows) and row - rows.min() <= seen.reach and rows.max() - row <= seen.reach


class TestRestoring:
    def test_gives_a_file_of_the_same_size_and_what_there_is_to_say(self, do, trained):
        trained("denoise-photos")
        done = do("restore_photo", wish(), CROP)
        value = done.value
        assert (value["width"], value["height"]) == (100, 80) == done.picture().size
        assert value["method"] == "denoise-photos" and value["tiles"] >= 1 and value["notes"] == []
        assert value["bytes"] == (done.folder.out / "restored.png").stat().st_size
        assert value["figures"] is None and value["hole"] is None and value["blur"] is None
        result = np.array(done.picture())
        seen = done.arrays("overview.npz")
        assert list(seen) == ["result", "input"]
        np.testing.assert_array_equal(seen["result"], result)
        np.testing.assert_array_equal(seen["input"], CROP)
        away = to_float(result) - to_float(CROP)
        np.testing.assert_allclose(done.arrays("misfit.npz")["map"], np.abs(away).mean(axis=-1), atol=1e-6)
        assert value["changed"] == pytest.approx(float(np.sqrt(np.mean(away**2))), rel=1e-3)

    def test_damaged_first_the_truth_is_known(self, do, trained):
        trained("denoise-photos", "deblur-photos")
        for task, strength in (("denoise", 0.1), ("deblur", 1.5)):
            done = do("restore_photo", wish(task, damage=strength), CROP)
            seen, figures = done.arrays("overview.npz"), done.value["figures"]
            np.testing.assert_array_equal(seen["truth"], CROP)
            for name, side in (("psnr", "result"), ("input_psnr", "input")):
                expected = psnr(to_float(CROP)[None], to_float(seen[side])[None])[0]
                assert figures[name] == pytest.approx(expected, abs=0.01)
            assert figures["input_ssim"] == pytest.approx(ssim_of_brightness(CROP, seen["input"], 0), abs=1e-5)
            assert figures["input_psnr"] < 35
        assert done.value["blur"] == 1.5
        np.testing.assert_array_equal(seen["input"], to_uint8(gaussian_blur(to_float(CROP)[None], 1.5))[0])

    def test_a_blur_of_which_nobody_knows_is_found(self, do, trained):
        trained("deblur-photos")
        done = do("restore_photo", wish("deblur"), CROP)
        assert 0 <= done.value["blur"] <= 3
        blurred = to_uint8(gaussian_blur(to_float(CROP)[None], 1.3))[0]
        assert damaging.fitting_blur(blurred, CROP) == pytest.approx(1.3, abs=0.11)

    def test_colours_are_guessed_from_the_brightness_alone(self, do, trained):
        trained("colour-photos")
        done = do("restore_photo", wish("colour"), CROP)
        again = do("restore_photo", wish("colour"), with_channels(CROP, 1))
        result = np.array(done.picture())
        assert result.shape == CROP.shape and done.value["figures"]["ssim"] is None
        np.testing.assert_array_equal(result, np.array(again.picture()))
        assert "made grey first" in done.value["notes"][0] and again.value["notes"] == []
        assert again.value["figures"] is None
        np.testing.assert_array_equal(done.arrays("overview.npz")["input"][..., :1], with_channels(CROP, 1))
        fit = np.abs(to_float(result) @ np.float32([0.299, 0.587, 0.114]) - to_float(with_channels(CROP, 1))[..., 0])
        np.testing.assert_allclose(done.arrays("misfit.npz")["map"], fit, atol=1e-5)

    @pytest.mark.parametrize("strength", [0, 0.5])
    def test_strength_blends_over_what_was_given(self, do, trained, strength):
        trained("denoise-photos")
        full, half = (do("restore_photo", wish(strength=share), CROP) for share in (1, strength))
        whole, blended = (np.array(done.picture()).astype(int) for done in (full, half))
        assert np.abs(blended - (CROP + strength * (whole - CROP))).max() <= 0.51
        assert half.arrays("overview.npz")["result"].tolist() == whole.tolist()  # the page blends by itself

    @pytest.mark.parametrize("format, ending", [("png", "png"), ("jpeg", "jpg"), ("webp", "webp")])
    def test_transparency_is_kept_where_the_format_can(self, do, trained, format, ending):
        trained("denoise-photos")
        shades = np.tile(np.linspace(0, 255, 100).astype(np.uint8), (80, 1))
        done = do("restore_photo", wish(format=format, quality=100), png(np.dstack([CROP, shades])))
        assert done.value["file"] == f"restored.{ending}"
        if format == "jpeg":
            assert done.picture().mode == "RGB" and "laid on white" in done.value["notes"][0]
        else:
            np.testing.assert_array_equal(np.array(done.picture())[..., 3], shades)

    @pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "I;16", "LA", "RGBA"])
    @pytest.mark.parametrize("task", ["denoise", "colour"])
    def test_every_kind_of_picture_is_restored(self, do, trained, mode, task):
        trained("denoise-photos", "colour-photos")
        sixteen = Image.fromarray(CROP[..., 0].astype(np.uint16) * 257)
        picture = sixteen if mode == "I;16" else Image.fromarray(CROP).convert(mode)
        buffer = io.BytesIO()
        picture.save(buffer, "TIFF")
        done = do("restore_photo", wish(task), buffer.getvalue())
        grey = mode in ("L", "1", "I;16", "LA") and task == "denoise"
        assert done.picture().size == (100, 80)
        assert done.picture().mode.removesuffix("A") == ("L" if grey else "RGB")

    def test_it_is_turned_upright_and_location_goes(self, do, trained):
        trained("denoise-photos")
        tags = Image.Exif()
        tags[274], tags[0x8825] = 6, {1: "N"}
        buffer = io.BytesIO()
        Image.fromarray(CROP).save(buffer, "JPEG", exif=tags)
        done = do("restore_photo", wish(format="jpeg"), buffer.getvalue())
        assert done.picture().size == (80, 100) and "Where it was taken" in done.value["notes"][0]
        keeping = do("restore_photo", wish(format="jpeg", keep_location=True), buffer.getvalue())
        assert keeping.picture().getexif().get_ifd(0x8825) and keeping.value["notes"] == []

    def test_says_how_far_it_is_and_keeps_its_pace(self, do, trained):
        trained("denoise-photos")
        done = do("restore_photo", wish(), np.tile(CROP, (12, 11, 1)))
        phases = list(dict.fromkeys(said["phase"] for said in done.said if "phase" in said))
        assert phases == ["reading", "restoring", "measuring", "writing"]
        tiles = [said for said in done.said if "tile" in said]
        assert [said["tile"] for said in tiles] == list(range(1, done.value["tiles"] + 1)) and len(tiles) > 4
        fractions = [said["fraction"] for said in done.said if "fraction" in said]
        assert fractions == sorted(fractions) and fractions[-1] < 1
        assert paces().keys() == {"denoise-photos"} and restorers("denoise", "photos")[0].seconds(1) > 1

    def test_stops_when_told_and_leaves_no_pixels(self, do, trained, tmp_path):
        trained("denoise-photos")
        asked = []

        def check():
            asked.append(1)
            if len(asked) > 3:
                raise Cancelled("Stopped.")

        with pytest.raises(Cancelled):
            do("restore_photo", wish(), np.tile(CROP, (9, 9, 1)), check=check)
        assert not list(tmp_path.glob("jobs/*/out/*")) and not list(tmp_path.glob("jobs/*/making"))

    def test_without_views_there_is_only_the_file(self, do, trained):
        trained("denoise-photos")
        done = do("restore_photo", wish(views=False), CROP)
        assert [path.name for path in done.folder.out.iterdir()] == ["restored.png"]
        assert not (done.folder.path / kept.PIXELS).exists()

    @pytest.mark.parametrize("size", [(1, 1), (600, 3), (3, 600)])
    def test_odd_shapes_are_restored(self, do, trained, size):
        trained("denoise-photos", "deblur-photos", "colour-photos")
        for task in ("denoise", "deblur", "colour"):
            damage = None if task == "colour" else 0.5
            done = do("restore_photo", wish(task, damage=damage), np.zeros((*size, 3), np.uint8))
            assert done.picture().size == (size[1], size[0])

    @pytest.mark.parametrize(
        "arguments, words",
        [
            ({}, "task is one of denoise, deblur, fill, colour"),
            (wish("sharpen"), "received 'sharpen'"),
            (wish("denoise", "faces"), "fill, colour; received 'denoise'"),
            (wish(subject="mnist"), "photos or faces"),
            (wish(subject=["photos"]), "photos or faces"),
            (wish(damage=2), "“damage” is a number from 0 to 1"),
            (wish("colour", damage=0.1), "denoise or deblur, not for colour"),
            (wish(strength=1.5), "“strength” is a number from 0 to 1"),
            (wish(strength=float("nan")), "“strength” is a number from 0 to 1"),
            (wish(quality=0), "“quality” is a whole number from 1 to 100"),
            (wish(format="gif"), "png, jpeg, webp"),
        ],
    )
    def test_a_wrong_wish_gets_a_sentence(self, do, trained, arguments, words):
        trained(*STAND_INS)
        with pytest.raises(RequestError, match=words):
            do("restore_photo", arguments, CROP)

    def test_no_picture_and_a_damaged_one_get_a_sentence(self, do, trained):
        trained("denoise-photos")
        with pytest.raises(RequestError, match="no photograph"):
            do("restore_photo", wish())
        with pytest.raises(RequestError, match="damaged"):
            do("restore_photo", wish(), png(CROP)[:200])

    def test_a_network_that_is_not_trained_is_named(self, do, monkeypatch):
        monkeypatch.setitem(PRESETS, "denoise-photos", Preset("denoise-photos", "", STAND_INS["denoise-photos"]))
        with pytest.raises(NotAtHand, match="train denoise-photos"):
            do("restore_photo", wish(), CROP)

    def test_what_is_offered(self):
        assert able_for("photos") == ["denoise", "deblur", "fill", "colour"] and able_for("faces") == ["fill", "colour"]


class TestHoles:
    def test_are_filled_and_nothing_else_is_changed(self, do):
        mask = masked(CROP.shape, HOLE, (slice(60, 64), slice(5, 9)))
        done = do("restore_photo", wish("fill"), CROP, mask)
        result, hole = np.array(done.picture()), mask[..., 0] > 0
        np.testing.assert_array_equal(result[~hole], CROP[~hole])
        assert 0 < np.abs(result[hole].astype(int) - CROP[hole]).mean() < 30
        error = np.mean((to_float(result)[hole] - to_float(CROP)[hole]) ** 2)
        assert done.value["hole"] == {"pixels": 216, "psnr": pytest.approx(-10 * np.log10(error), abs=0.01)}
        assert done.value["method"] == "biharmonic" and done.value["tiles"] == 2
        seen = done.arrays("overview.npz")
        assert (seen["input"][hole] == 0).all() and not (done.folder.out / "misfit.npz").exists()

    def test_what_was_there_does_not_count(self, do):
        mask, other = masked(CROP.shape, HOLE), CROP.copy()
        other[HOLE] = 255 - other[HOLE]
        first, second = (np.array(do("restore_photo", wish("fill"), side, mask).picture()) for side in (CROP, other))
        np.testing.assert_array_equal(first, second)

    def test_each_is_filled_as_if_it_were_alone(self, do):
        far = (slice(45, 70), slice(70, 75)), (slice(32, 40), slice(62, 68))
        together = np.array(do("restore_photo", wish("fill"), CROP, masked(CROP.shape, *far)).picture())
        for part in far:
            alone = np.array(do("restore_photo", wish("fill"), CROP, masked(CROP.shape, part)).picture())
            assert np.abs(together[part].astype(int) - alone[part]).max() <= 1

    def test_a_mask_of_the_same_proportions_will_do(self, do):
        small = np.array(Image.fromarray(masked(CROP.shape, HOLE)[..., 0]).resize((50, 40), Image.Resampling.NEAREST))
        done = do("restore_photo", wish("fill"), CROP, small[..., None])
        assert done.value["hole"]["pixels"] == 200

    @pytest.mark.parametrize(
        "mask, words",
        [
            (None, "Where is the hole"),
            (np.zeros((80, 100, 1), np.uint8), "nowhere white"),
            (np.full((80, 100, 1), 255, np.uint8), "all white"),
            (masked((80, 80), HOLE), "80 × 80 px and the picture 100 × 80"),
            (b"no mask", "The mask is damaged"),
        ],
    )
    def test_a_mask_that_is_none_gets_a_sentence(self, do, mask, words):
        with pytest.raises(RequestError, match=words):
            do("restore_photo", wish("fill"), CROP, mask)

    def test_one_that_is_too_large_is_refused(self, do):
        with pytest.raises(RequestError, match="up to 40,000 px each, such as 200 × 200"):
            do("restore_photo", wish("fill"), CAT, masked(CAT.shape, (slice(20, 230), slice(20, 230))))
        many = masked((2000, 2000), *((slice(top, top + 150), slice(20, 220)) for top in range(20, 1000, 190)))
        with pytest.raises(RequestError, match="120,000 together"):
            holes.check_hole(many[..., 0] > 0)


class TestFaces:
    def test_a_hole_is_filled_by_the_network(self, do, trained):
        trained("fill-faces")
        hole = (slice(50, 70), slice(50, 75))
        for face in (FACE, FACE[:32, :32].copy(), FACE[..., :1].copy()):
            part = hole if len(face) > 32 else (slice(10, 20), slice(8, 18))
            done = do("restore_photo", wish("fill", "faces"), face, masked(face.shape, part))
            result, missing = np.array(done.picture()).reshape(face.shape), masked(face.shape, part)[..., 0] > 0
            np.testing.assert_array_equal(result[~missing], face[~missing])
            assert done.value["method"] == "fill-faces"

    def test_what_was_there_does_not_count(self, do, trained):
        trained("fill-faces")
        hole, other = (slice(50, 70), slice(50, 75)), FACE.copy()
        other[hole] = 255 - other[hole]
        mask = masked(FACE.shape, hole)
        made = [np.array(do("restore_photo", wish("fill", "faces"), side, mask).picture()) for side in (FACE, other)]
        np.testing.assert_array_equal(*made)

    def test_colours_are_laid_over_the_brightness(self, do, trained):
        trained("colour-faces")
        done = do("restore_photo", wish("colour", "faces"), FACE)
        result = np.array(done.picture())
        fit = np.abs(with_channels(result, 1).astype(int) - with_channels(FACE, 1))
        assert result.shape == FACE.shape and np.percentile(fit, 90) <= 1

    @pytest.mark.parametrize("shape", [(20, 20), (100, 200), (600, 600)])
    def test_what_can_be_no_aligned_face_gets_a_sentence(self, do, trained, shape):
        trained("colour-faces")
        with pytest.raises(RequestError, match="nearly square"):
            do("restore_photo", wish("colour", "faces"), np.zeros((*shape, 3), np.uint8))


class TestLooking:
    @pytest.fixture
    def done(self, do, trained):
        trained("denoise-photos")
        return do("restore_photo", wish(damage=0.1), CROP)

    def where(self, done, **box):
        return {"job": done.id, "left": 10, "top": 20, "width": 30, "height": 25, **box}

    def test_shows_a_detail_of_both(self, do, done):
        look = do("restore_photo_look", self.where(done))
        assert look.value == {"left": 10, "top": 20, "width": 30, "height": 25}
        seen, whole = look.arrays("look.npz"), done.arrays("overview.npz")
        for name in ("result", "input"):
            np.testing.assert_array_equal(seen[name], whole[name][20:45, 10:40])
        edge = do("restore_photo_look", self.where(done, left=90, width=2000))
        assert edge.value["width"] == 10

    def test_another_strength_is_written_without_the_network(self, do, done, monkeypatch):
        monkeypatch.setattr(enlarging, "_network", None)
        asked = {"job": done.id, "strength": 0.5, "format": "webp", "quality": 100}
        file = do("restore_photo_file", asked)
        assert file.picture().format == "WEBP" and file.value["bytes"] > 0
        half = np.array(do("restore_photo_file", {**asked, "format": "png"}).picture()).astype(float)
        whole = done.arrays("overview.npz")
        assert np.abs(half - (whole["input"].astype(float) + whole["result"]) / 2).max() <= 0.51

    def test_pixels_that_made_room_get_a_sentence(self, do, done, monkeypatch):
        monkeypatch.setattr(kept, "MOST_BYTES", 10)
        kept.bound(done.folder.path.parent)
        for function, arguments in (("restore_photo_look", self.where(done)), ("restore_photo_file", {"job": done.id})):
            with pytest.raises(NotAtHand, match="make room"):
                do(function, arguments)

    @pytest.mark.parametrize(
        "box, words",
        [
            ({"left": 100}, "“left” is a whole number from 0 to 99"),
            ({"width": 3000}, "“width”"),
            ({"job": "f" * 16}, "no finished restoration"),
            ({"job": "../../etc"}, "16 hex digits"),
            ({"job": None}, "16 hex digits"),
        ],
    )
    def test_what_is_not_there_gets_a_sentence(self, do, done, box, words):
        with pytest.raises(RequestError, match=words):
            do("restore_photo_look", self.where(done, **box))

    def test_another_kind_of_job_is_none(self, do):
        other = do("restore_photo_show", {}, CROP)
        with pytest.raises(RequestError, match="no finished restoration"):
            do("restore_photo_look", self.where(other))

    def test_the_picture_itself_is_shown_small(self, do):
        done = do("restore_photo_show", {}, np.tile(CROP, (20, 18, 1)))
        assert done.value == {"width": 1800, "height": 1600}
        assert done.arrays("show.npz")["picture"].shape == (800, 900, 3)


class TestInBands:
    @pytest.fixture
    def narrow(self, monkeypatch):
        monkeypatch.setattr("aecore.large.BAND_VALUES", 3 * 100 * 16)

    def test_a_blur_is_that_of_the_whole(self, narrow):
        out = np.zeros_like(CROP)
        damaging.damage_photo(CROP, out, GaussianBlur(2.0), lambda: None)
        whole = to_uint8(gaussian_blur(to_float(CROP)[None], 2.0))[0]
        assert np.abs(out.astype(int) - whole).max() <= 1

    def test_noise_is_as_strong_as_said_and_the_same_every_time(self, narrow):
        grey, first, second = np.full_like(CROP, 128), np.zeros_like(CROP), np.zeros_like(CROP)
        for out in (first, second):
            damaging.damage_photo(grey, out, GaussianNoise(0.1), lambda: None)
        assert first.std() / 255 == pytest.approx(0.1, rel=0.03) and (first == second).all()

    def test_the_map_is_that_of_the_whole(self, narrow):
        made = np.roll(CROP, 1, axis=0)
        found = damaging.misfit(CROP, made, lambda: None, 1.0)
        whole = np.abs(gaussian_blur(to_float(made)[None], 1.0)[0] - to_float(CROP)).mean(axis=-1)
        np.testing.assert_allclose(found, whole, atol=1e-6)

    def test_a_large_map_holds_means(self):
        made = np.zeros((40, 1030, 3), np.uint8)
        made[:, 515:] = 255
        found = damaging.misfit(np.zeros_like(made), made, lambda: None)
        assert found.shape == (14, 344) and found[:, :171].max() == 0 and found[:, 173:].min() == 1

    def test_rows_are_blended_when_they_are_asked_for(self):
        blended = Blended(np.zeros_like(CROP), CROP, 0.5)
        assert blended.shape == CROP.shape and np.abs(blended[3:9] - CROP[3:9] / 2).max() <= 0.51

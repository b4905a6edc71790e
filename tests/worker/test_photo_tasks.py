"""Tasks on photographs: from a file to a larger one, and what a page shows of it."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aecore.corruptions import Shrink
from aecore.datasets.photos import Photos, public_domain_photographs
from aecore.enlargers import find
from aecore.errors import Cancelled, NotAtHand, RequestError
from aecore.images import png, resize, to_float, to_uint8
from aecore.metrics import psnr_of_brightness, ssim_of_brightness
from aecore.models.stack import Stack
from aecore.presets import PRESETS, Preset
from aecore.recipe import Recipe
from aecore.worker.tasks.photos import kept
from tests.enlarging import finished_run

ROOT = Path(__file__).parent.parent.parent
CAT = public_domain_photographs()[0]
CROP = np.ascontiguousarray(CAT[60:180, 120:280])  # 120 × 160


@pytest.fixture(autouse=True)
def fast(monkeypatch, tmp_path):
    """A finished run of a small stand-in for the preset `fast-x2`."""
    recipe = Recipe(Photos(size=32), Shrink(2, "mixed"), Stack(filters=8, depth=3))
    monkeypatch.setitem(PRESETS, "fast-x2", Preset("fast-x2", "A stand-in", recipe))
    return finished_run(recipe, tmp_path)


def wish(model="fast", **more):
    return {"scale": 2, "model": model, **more}


def bicubic(pixels, height, width):
    return to_uint8(resize(to_float(pixels)[None], (height, width)))[0]


class TestEnlarge:
    def test_gives_a_larger_file_and_what_there_is_to_say(self, do):
        done = do("enlarge", wish(), CROP)
        value = done.value
        assert (value["width"], value["height"]) == (320, 240)
        assert (value["input_width"], value["input_height"]) == (160, 120)
        assert value["model"] == "fast" and value["tiles"] >= 1 and value["notes"] == []
        assert value["bytes"] == (done.folder.out / "enlarged.png").stat().st_size
        assert value["psnr_consistency"] > 30 and value["megapixels_per_second"] > 0
        assert done.picture().size == (320, 240) and done.picture().mode == "RGB"

    def test_by_bicubic_it_is_bicubic(self, do):
        done = do("enlarge", wish("bicubic", scale=3), CROP)
        np.testing.assert_array_equal(np.array(done.picture()), bicubic(CROP, 360, 480))
        seen = done.arrays("overview.npz")
        np.testing.assert_array_equal(seen["result"], seen["bicubic"])

    def test_shows_what_it_made(self, do):
        done = do("enlarge", wish(), CROP)
        seen = done.arrays("overview.npz")
        np.testing.assert_array_equal(seen["result"], np.array(done.picture()))
        np.testing.assert_array_equal(seen["bicubic"], bicubic(CROP, 240, 320))
        np.testing.assert_array_equal(seen["input"], CROP)
        trust = done.arrays("trust.npz")["map"]
        assert trust.shape == (120, 160) and trust.dtype == np.float32

    def test_a_large_picture_is_shown_small(self, do):
        large = np.repeat(np.repeat(CROP, 6, axis=0), 6, axis=1)  # 720 × 960
        done = do("enlarge", wish(), large)
        seen = done.arrays("overview.npz")
        assert seen["result"].shape == seen["bicubic"].shape == (1050, 1400, 3) and seen["input"].shape == large.shape
        assert np.abs(seen["result"].astype(int) - seen["bicubic"]).mean() < 20
        assert done.arrays("trust.npz")["map"].shape == (360, 480)

    def test_says_how_far_it_is(self, do):
        large = np.repeat(np.repeat(CROP, 4, axis=0), 4, axis=1)
        done = do("enlarge", wish(), large)
        phases = list(dict.fromkeys(said["phase"] for said in done.said if "phase" in said))
        assert phases == ["reading", "enlarging", "measuring", "writing"]
        tiles = [said for said in done.said if "tile" in said]
        assert [said["tile"] for said in tiles] == list(range(1, done.value["tiles"] + 1))
        fractions = [said["fraction"] for said in done.said if "fraction" in said]
        assert fractions == sorted(fractions) and fractions[-1] < 1
        assert all(said["seconds_left"] >= 0 for said in tiles)

    def test_stops_when_told_and_leaves_no_pixels(self, do, tmp_path):
        asked = []

        def check():
            asked.append(1)
            if len(asked) > 3:
                raise Cancelled("Stopped.")

        with pytest.raises(Cancelled):
            do("enlarge", wish(), np.repeat(CROP, 4, axis=0), check=check)
        left = [path.name for path in tmp_path.glob("jobs/*/*")]
        assert sorted(left) == ["files", "out", "progress.json", "request.json"]
        assert not list(tmp_path.glob("jobs/*/out/*"))

    @pytest.mark.parametrize("width", [319, 250, 160, 41])
    def test_a_width_is_met_exactly(self, do, width):
        done = do("enlarge", wish(width=width), CROP)
        height = round(240 * width / 320)
        assert done.picture().size == (width, height) == (done.value["width"], done.value["height"])
        seen = done.arrays("overview.npz")
        np.testing.assert_array_equal(seen["bicubic"], bicubic(CROP, height, width))

    def test_strength_blends_and_none_is_bicubic(self, do):
        none = do("enlarge", wish(strength=0), CROP)
        np.testing.assert_array_equal(np.array(none.picture()), bicubic(CROP, 240, 320))

    @pytest.mark.parametrize("format, ending", [("png", "png"), ("jpeg", "jpg"), ("webp", "webp")])
    def test_transparency_is_kept_where_the_format_can(self, do, format, ending):
        shades = np.tile(np.linspace(0, 255, 160).astype(np.uint8), (120, 1))
        done = do("enlarge", wish(format=format, quality=100), png(np.dstack([CROP, shades])))
        assert done.value["file"] == f"enlarged.{ending}"
        if format == "jpeg":
            assert done.picture().mode == "RGB" and "laid on white" in done.value["notes"][0]
        else:
            alpha = np.array(done.picture())[..., 3].astype(int)
            assert np.abs(alpha - bicubic(shades[..., None], 240, 320)[..., 0]).max() <= 1
        assert (done.arrays("overview.npz")["result"][:, 0] > 240).all()

    def test_a_grey_one_stays_grey(self, do):
        done = do("enlarge", wish(), CROP[..., :1])
        assert done.picture().mode == "L" and done.arrays("overview.npz")["result"].shape == (240, 320, 3)

    def test_location_goes_and_that_is_said(self, do):
        tags = Image.Exif()
        tags[274], tags[0x8825] = 6, {1: "N"}
        buffer = io.BytesIO()
        Image.fromarray(CROP).save(buffer, "JPEG", exif=tags)
        done = do("enlarge", wish(format="jpeg"), buffer.getvalue())
        assert (done.value["width"], done.value["height"]) == (240, 320)
        assert not done.picture().getexif().get_ifd(0x8825) and "Where it was taken" in done.value["notes"][0]
        keeping = do("enlarge", wish(format="jpeg", keep_location=True), buffer.getvalue())
        assert keeping.picture().getexif().get_ifd(0x8825) and keeping.value["notes"] == []

    @pytest.mark.parametrize("format", ["png", "jpeg"])
    def test_a_print_says_how_large_it_is(self, do, format):
        buffer = io.BytesIO()
        tags = Image.Exif()
        tags[0x11A], tags[0x128] = 72.0, 3
        Image.fromarray(CROP).save(buffer, "JPEG", exif=tags)
        for given in (png(CROP), buffer.getvalue()):
            made = do("enlarge", wish(dpi=300, format=format), given).picture()
            assert made.info["dpi"] == pytest.approx((300, 300), abs=0.1)
            assert not made.getexif() or (made.getexif()[0x11A], made.getexif()[0x128]) == (300, 2)

    def test_stops_between_two_views(self, do):
        asked = []

        def check():
            asked.append(1)
            if len(asked) > 6:
                raise Cancelled("Stopped.")

        with pytest.raises(Cancelled):
            do("enlarge", wish(ensemble=True), CROP, check=check)
        assert len(asked) == 7

    def test_eight_views_give_another_picture(self, do):
        first, second = (np.array(do("enlarge", wish(ensemble=views), CROP).picture()) for views in (False, True))
        assert 0 < np.abs(first.astype(int) - second).max() < 40

    def test_without_views_there_is_only_the_file(self, do):
        done = do("enlarge", wish(views=False), CROP)
        assert [path.name for path in done.folder.out.iterdir()] == ["enlarged.png"]
        assert not (done.folder.path / kept.PIXELS).exists()

    @pytest.mark.parametrize("size", [(1, 1), (600, 3), (3, 600)])
    def test_odd_shapes_are_enlarged(self, do, size):
        done = do("enlarge", wish(), np.zeros((*size, 3), np.uint8))
        assert (done.value["height"], done.value["width"]) == (2 * size[0], 2 * size[1])
        assert done.value["psnr_consistency"] is None or done.value["psnr_consistency"] > 20

    @pytest.mark.parametrize(
        "arguments, words",
        [
            (wish("slow"), "no model 'slow'"),
            (wish(scale=5), "1, 2, 3, 4"),
            (wish(scale="2"), "whole number from 1 to 4"),
            (wish(scale=True), "whole number from 1 to 4"),
            (wish(strength=1.5), "“strength” is a number from 0 to 1"),
            (wish(strength=float("nan")), "“strength” is a number from 0 to 1"),
            (wish(quality=0), "“quality” is a whole number from 1 to 100"),
            (wish(format="gif"), "png, jpeg, webp"),
            (wish(width=321), "320 px wide; received 321"),
            (wish(width=0), "“width” is a whole number"),
            ({}, "“scale”"),
        ],
    )
    def test_a_wrong_wish_gets_a_sentence(self, do, arguments, words):
        with pytest.raises(RequestError, match=words):
            do("enlarge", arguments, CROP)

    def test_no_picture_and_a_damaged_one_get_a_sentence(self, do):
        with pytest.raises(RequestError, match="no photograph"):
            do("enlarge", wish())
        with pytest.raises(RequestError, match="damaged"):
            do("enlarge", wish(), png(CROP)[:200])

    def test_a_result_that_is_too_large_is_refused_before_it_is_made(self, do):
        line = io.BytesIO()
        Image.new("1", (20_000, 10)).save(line, "PNG")
        with pytest.raises(RequestError, match="80000 × 40 px"):
            do("enlarge", wish("bicubic", scale=4, format="jpeg"), line.getvalue())

    def test_its_pace_is_kept_for_the_next_estimate(self, do, home):
        large = np.repeat(np.repeat(CROP, 4, axis=0), 4, axis=1)
        do("enlarge", wish(), large)
        assert json.loads((home / "enlarging.json").read_text()).keys() == {"fast-x2"}
        assert find("fast", 2).seconds(1) > 1


class TestLook:
    @pytest.fixture
    def done(self, do):
        return do("enlarge", wish(), CROP)

    def where(self, done, **box):
        return {"job": done.id, "left": 100, "top": 40, "width": 60, "height": 50, **box}

    def test_shows_a_detail_of_the_file_and_of_bicubic(self, do, done):
        look = do("enlarge_look", self.where(done))
        assert look.value == {"left": 100, "top": 40, "width": 60, "height": 50}
        seen = look.arrays("look.npz")
        np.testing.assert_array_equal(seen["result"], np.array(done.picture())[40:90, 100:160])
        np.testing.assert_array_equal(seen["bicubic"], bicubic(CROP, 240, 320)[40:90, 100:160])

    def test_ends_where_the_picture_does(self, do, done):
        look = do("enlarge_look", self.where(done, left=300, top=230, width=2000, height=2000))
        assert look.value == {"left": 300, "top": 230, "width": 20, "height": 10}

    def test_reads_the_file_where_the_pixels_are_gone(self, do, done, monkeypatch):
        before = do("enlarge_look", self.where(done)).arrays("look.npz")
        monkeypatch.setattr(kept, "MOST_BYTES", 10)
        kept.bound(done.folder.path.parent)
        assert not (done.folder.path / kept.PIXELS).exists()
        after = do("enlarge_look", self.where(done)).arrays("look.npz")
        for name in ("result", "bicubic"):
            np.testing.assert_array_equal(after[name], before[name])

    def test_they_are_read_once_and_kept_again(self, do, done):
        shutil.rmtree(done.folder.path / kept.PIXELS)
        do("enlarge_look", self.where(done))
        names = {path.name for path in (done.folder.path / kept.PIXELS).iterdir()}
        assert names == {"input.npy", "result.npy", "icc"} and not (done.folder.path / kept.MAKING).exists()

    def test_what_was_looked_at_last_stays(self, do, monkeypatch):
        first, second = do("enlarge", wish(), CROP), do("enlarge", wish("bicubic"), CROP)
        for age, job in ((20, first), (10, second)):
            os.utime(job.folder.path / kept.PIXELS, (time.time() - age, time.time() - age))
        do("enlarge_look", self.where(first, left=90))
        size = sum(path.stat().st_size for path in (second.folder.path / kept.PIXELS).iterdir())
        monkeypatch.setattr(kept, "MOST_BYTES", 1.5 * size)
        kept.bound(second.folder.path.parent)
        assert [(job.folder.path / kept.PIXELS).exists() for job in (first, second)] == [True, False]

    def test_pixels_that_were_kept_longest_go_first(self, do, monkeypatch):
        first, second = do("enlarge", wish(), CROP), do("enlarge", wish("bicubic"), CROP)
        size = sum(path.stat().st_size for path in (second.folder.path / kept.PIXELS).iterdir())
        monkeypatch.setattr(kept, "MOST_BYTES", 1.5 * size)
        kept.bound(second.folder.path.parent)
        assert [(job.folder.path / kept.PIXELS).exists() for job in (first, second)] == [False, True]

    @pytest.mark.parametrize(
        "box, words",
        [
            ({"left": 320}, "“left” is a whole number from 0 to 319"),
            ({"width": 3000}, "“width”"),
            ({"job": "f" * 16}, "no finished enlargement"),
            ({"job": "../../etc"}, "16 hex digits"),
            ({"job": None}, "16 hex digits"),
        ],
    )
    def test_what_is_not_there_gets_a_sentence(self, do, done, box, words):
        with pytest.raises(RequestError, match=words):
            do("enlarge_look", self.where(done, **box))

    def test_another_kind_of_job_is_none(self, do):
        other = do("enlarge_compare", {"scale": 2, "models": ["bicubic"], "left": 0, "top": 0, "size": 20}, CROP)
        with pytest.raises(RequestError, match="no finished enlargement"):
            do("enlarge_look", self.where(other))


class TestAnotherFile:
    @pytest.mark.parametrize("first", ["png", "jpeg"])
    def test_is_the_same_result_without_enlarging_again(self, do, first, monkeypatch):
        done, best = do("enlarge", wish(format=first), CROP), do("enlarge", wish(), CROP)
        monkeypatch.setattr("aecore.worker.tasks.photos.making.enlarge_pixels", None)
        file = do("enlarge_file", {"job": done.id, "format": "png", "dpi": 200})
        np.testing.assert_array_equal(np.array(file.picture()), np.array(best.picture()))
        assert (file.value["width"], file.value["height"], file.value["file"]) == (320, 240, "enlarged.png")
        assert file.value["bytes"] == (file.folder.out / "enlarged.png").stat().st_size
        assert file.picture().info["dpi"] == pytest.approx((200, 200), abs=0.1)

    @pytest.mark.parametrize("width", [None, 250])
    def test_of_another_strength_is_blended_over_bicubic(self, do, width):
        done = do("enlarge", wish(width=width), CROP)
        size = done.picture().size[::-1]
        full, plain = np.array(done.picture()).astype(float), bicubic(CROP, *size).astype(float)
        for share in (0, 0.5):
            made = np.array(do("enlarge_file", {"job": done.id, "strength": share, "format": "png"}).picture())
            assert np.abs(made - (plain + share * (full - plain))).max() <= 1.5

    def test_keeps_transparency_and_goes_by_the_lossless_file_where_the_pixels_are_gone(self, do):
        shades = np.tile(np.linspace(0, 255, 160).astype(np.uint8), (120, 1))
        done = do("enlarge", wish(), png(np.dstack([CROP, shades])))
        shutil.rmtree(done.folder.path / kept.PIXELS)
        made = do("enlarge_file", {"job": done.id, "format": "webp", "quality": 100}).picture()
        assert made.mode == "RGBA"

    def test_lost_pixels_are_not_taken_from_a_lossy_file(self, do):
        done = do("enlarge", wish(format="jpeg"), CROP)
        shutil.rmtree(done.folder.path / kept.PIXELS)
        with pytest.raises(NotAtHand, match="had to make room"):
            do("enlarge_file", {"job": done.id, "format": "png"})
        do("enlarge_look", {"job": done.id, "left": 0, "top": 0, "width": 8, "height": 8})  # looking reads the file
        with pytest.raises(NotAtHand, match="had to make room"):
            do("enlarge_file", {"job": done.id, "format": "webp"})

    def test_grey_is_looked_at_also_where_its_file_is_in_colour(self, do):
        done = do("enlarge", wish(format="webp"), png(CROP[..., :1]))
        shutil.rmtree(done.folder.path / kept.PIXELS)
        seen = do("enlarge_look", {"job": done.id, "left": 0, "top": 0, "width": 8, "height": 8}).arrays("look.npz")
        assert seen["result"].shape == (8, 8, 3)

    @pytest.mark.parametrize("arguments", [{"job": "f" * 16}, {"job": None}, {"format": "gif"}, {"strength": 2}])
    def test_a_wrong_wish_gets_a_sentence(self, do, arguments):
        done = do("enlarge", wish(), CROP)
        with pytest.raises(RequestError):
            do("enlarge_file", {"job": done.id, **arguments})


class TestCompare:
    def test_is_what_each_model_makes_there_of_the_whole(self, do):
        models = ["fast", "bicubic"]
        sheet = do("enlarge_compare", {"scale": 2, "models": models, "left": 70, "top": 30, "size": 40}, CAT)
        seen = sheet.arrays("compare.npz")
        assert list(seen) == ["input", *models] and set(sheet.value["seconds"]) == set(models)
        np.testing.assert_array_equal(seen["input"], CAT[30:70, 70:110])
        for model in models:
            made = np.array(do("enlarge", wish(model), CAT).picture())[60:140, 140:220]
            assert np.abs(seen[model].astype(int) - made).max() <= 1

    def test_ends_where_the_picture_does(self, do):
        sheet = do("enlarge_compare", {"scale": 2, "models": ["fast"], "left": 150, "top": 100, "size": 64}, CROP)
        assert sheet.arrays("compare.npz")["fast"].shape == (40, 20, 3)
        assert (sheet.value["width"], sheet.value["height"]) == (10, 20)

    @pytest.mark.parametrize("models", [None, "fast", [1], ["slow"]])
    def test_models_that_are_none_get_a_sentence(self, do, models):
        with pytest.raises(RequestError, match="models|no model"):
            do("enlarge_compare", {"scale": 2, "models": models, "left": 0, "top": 0, "size": 8}, CROP)


class TestProve:
    def test_compares_every_model_with_the_truth(self, do):
        proof = do("enlarge_prove", {"scale": 2, "models": ["fast", "bicubic"]}, CROP)
        models = proof.value["models"]
        assert list(models) == ["bicubic", "lanczos", "fast"]
        plain = bicubic(bicubic(CROP, 60, 80), 120, 160)
        assert models["bicubic"]["psnr"] == pytest.approx(psnr_of_brightness(CROP, plain, 2), abs=0.01)
        assert models["bicubic"]["ssim"] == pytest.approx(ssim_of_brightness(CROP, plain, 2), abs=1e-4)
        assert proof.value["winner"] == max(models, key=lambda name: models[name]["psnr"])
        crops = proof.arrays("prove.npz")
        assert list(crops) == ["truth", "input", *models]
        assert crops["truth"].shape == crops["fast"].shape and crops["truth"].shape[0] == 2 * crops["input"].shape[0]

    def test_a_large_one_is_measured_in_its_middle(self, do, monkeypatch):
        monkeypatch.setattr("aecore.worker.tasks.photos.proof.MOST_PIXELS", 5000)
        monkeypatch.setattr("aecore.worker.tasks.photos.proof.FEWEST_PIXELS", 5000)
        proof = do("enlarge_prove", {"scale": 3, "models": []}, CROP)
        width, height = proof.value["width"], proof.value["height"]
        assert width * height <= 5000 and width % 3 == height % 3 == 0 and "middle" in proof.value["notes"][0]

    def test_one_that_is_too_small_gets_a_sentence(self, do):
        with pytest.raises(RequestError, match="64 px a side"):
            do("enlarge_prove", {"scale": 4, "models": []}, CROP[:50])
        with pytest.raises(RequestError, match="“scale”"):
            do("enlarge_prove", {"scale": 1, "models": []}, CROP)

    @pytest.mark.parametrize("scale", [1, 2])
    def test_on_a_damaged_one_too(self, do, scale):
        proof = do("enlarge_prove", {"scale": scale, "models": ["bicubic"], "worn": True}, CROP)
        clean = do("enlarge_prove", {"scale": 2, "models": ["bicubic"]}, CROP)
        assert list(proof.value["models"]) == (["bicubic"] if scale == 1 else ["bicubic", "lanczos"])
        quality = proof.value["models"]["bicubic"]["psnr"]
        assert quality > 20 and (scale == 1 or quality < clean.value["models"]["bicubic"]["psnr"] - 0.3)

    def test_identical_pictures_have_no_psnr(self, do):
        proof = do("enlarge_prove", {"scale": 2, "models": ["bicubic"]}, np.full((64, 64, 3), 128, np.uint8))
        assert proof.value["models"]["bicubic"]["psnr"] is None and proof.value["winner"] in ("bicubic", "lanczos")


class TestMeasure:
    @pytest.mark.parametrize("way", ["bicubic", "box", "lanczos", "sampled"])
    def test_follows_the_protocol_in_every_way_of_shrinking(self, do, way):
        value = do("enlarge_measure", wish(way=way), CROP[:119]).value
        truth = CROP[:118]
        small = to_uint8(Shrink(2, way)(to_float(truth)[None], np.random.default_rng(0)))[0]
        plain = bicubic(small, 118, 160)
        assert value["bicubic_psnr"] == pytest.approx(psnr_of_brightness(truth, plain, 2), abs=0.01)
        assert value["psnr"] != value["bicubic_psnr"] and (value["width"], value["height"]) == (160, 118)

    def test_another_way_is_refused(self, do):
        with pytest.raises(RequestError, match="nearest"):
            do("enlarge_measure", wish(way="nearest"), CROP)


MEMORY = r"""
import io, re, sys
from pathlib import Path
import numpy as np
from PIL import Image
from aecore.engine.folder import JobFolder
from aecore.worker.job import TASKS, Job
import aecore.worker.tasks.photos

def peak():
    return 1024 * int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text()).group(1))

def run(size, number, model="bicubic"):
    folder = JobFolder(Path(sys.argv[1]), f"{number:016x}")
    for place in (folder.out, folder.files):
        place.mkdir(parents=True)
    shades = np.add.outer(*(np.arange(side) for side in size)) % 251
    Image.fromarray(np.repeat(shades[..., None].astype(np.uint8), 3, axis=-1)).save(folder.files / "picture", "JPEG")
    del shades
    Path("/proc/self/clear_refs").write_text("5")
    TASKS["enlarge"].call({"scale": 2, "model": model, "format": "jpeg"}, Job(folder))
    return peak()

"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="measures memory through /proc")
def test_memory_is_that_of_the_encoder_and_not_of_the_pictures(tmp_path):
    """24 to 96 megapixels stay under 1.5 GB with the worker; here 5.8 become 23, a quarter of that."""
    rest, busy = peaks("run((100, 100), 1); print(run((200, 200), 2), run((2400, 2400), 3))", tmp_path)
    assert busy - rest < 200e6, f"{(busy - rest) / 1e6:.0f} MB"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="measures memory through /proc")
@pytest.mark.parametrize("model", ["fast", "balanced", "best"])
def test_a_camera_s_largest_photograph_stays_within_bounds(tmp_path, monkeypatch, model):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    (busy,) = peaks(f"print(run((4000, 6000), 1, {model!r}))", tmp_path)
    assert busy < 1.5e9, f"{busy / 1e6:.0f} MB"
    with Image.open(tmp_path / f"{1:016x}" / "out" / "enlarged.jpg") as made:
        assert made.size == (12_000, 8_000)


def peaks(script, tmp_path):
    """What `MEMORY` followed by a script prints: most memory that was held, in bytes."""
    said = subprocess.run(
        [sys.executable, "-c", MEMORY + script, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    return [int(number) for number in re.findall(r"\d+", said.stdout)]

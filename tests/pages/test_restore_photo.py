"""A person's own photograph on the page on restoring, without a worker."""

import hashlib
import io
import json

import numpy as np
import pytest
from PIL import Image

from aecore import home
from aecore.corruptions import Grey
from aecore.datasets.faces import Faces
from aecore.engine import Result
from aecore.errors import RequestError
from aecore.images import png
from aecore.models.unet import UNet
from aecore.params import digest
from aecore.presets import PRESETS, Preset
from aecore.recipe import Recipe
from pages.ui import restore_photo_form, restore_photo_hole, restore_photo_jobs
from pages.ui.restore_photo_file import file_name
from pages.ui.restore_scene import SECTIONS
from tests.pages.conftest import ScriptedEngine
from tests.pages.test_pages import button, opened, words

PAGE = "pages/explore/restore.py"
VALUE = {
    **{"width": 40, "height": 30, "seconds": 1.5, "tiles": 2, "method": "denoise-photos", "file": "restored.png"},
    **{"megapixels_per_second": 0.9, "notes": ["The colours are kept."], "bytes": 1_500_000, "changed": 0.05},
    **{"blur": None, "figures": None, "hole": None},
}
FIGURES = {"psnr": 30.2, "input_psnr": 20.4, "ssim": 0.91, "input_ssim": 0.41}
STROKE = [[[0.4, 0.5], [0.6, 0.5]]]


def photograph(height=30, width=40, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def jpeg(**size):
    buffer = io.BytesIO()
    Image.fromarray(photograph(**size)).save(buffer, "JPEG")
    return buffer.getvalue()


class PhotoEngine(ScriptedEngine):
    """A scripted engine whose jobs on photographs lie on disk, as those of the real one do."""

    restores = "done"  # the state in which new restorations of a visitor's own photographs are

    def submit(self, function, arguments, files=None, who="", private=False):
        if not function.startswith("restore_photo"):
            return super().submit(function, arguments, files, who, private)
        contents = {
            name: given if isinstance(given, bytes) else given.read_bytes() for name, given in (files or {}).items()
        }
        sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
        request = {"function": function, "arguments": arguments, "files": sums}
        job = digest(request)
        folder = home.home() / "jobs" / job
        (folder / "files").mkdir(parents=True, exist_ok=True)
        (folder / "request.json").write_text(json.dumps({**request, "private": private}))
        for name, content in contents.items():
            (folder / "files" / name).write_bytes(content)
        self.asked.append((function, arguments))
        self.states[job] = self.restores if private and function == "restore_photo" else "done"
        self._functions[job], self._arguments[job] = function, arguments
        return job

    def forget(self, job):
        super().forget(job)
        for path in sorted((home.home() / "jobs" / job).rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()

    def result(self, job):
        function, out = self._functions[job], self.folder / job
        if job in self.failures or not function.startswith("restore_photo"):
            return super().result(job)
        out.mkdir(parents=True, exist_ok=True)
        (out / "restored.png").write_bytes(png(photograph()))
        if function == "restore_photo_show":
            np.savez(out / "show.npz", picture=photograph())
            return Result({"width": 40, "height": 30}, out)
        if function != "restore_photo":
            return Result({**VALUE, "bytes": 900}, out)
        given, seen = self._arguments[job], {"result": photograph(), "input": photograph(seed=1)}
        value = {**VALUE, "figures": FIGURES if given["damage"] is not None else None}
        if given["task"] == "fill":
            value |= {"hole": {"pixels": 123, "psnr": 28.4}, "method": "biharmonic"}
        else:
            np.savez(out / "misfit.npz", map=np.linspace(0, 0.1, 1200, dtype=np.float32).reshape(30, 40))
        if given["task"] == "deblur" and given["damage"] is None:
            value["blur"] = 1.4
        np.savez(out / "overview.npz", **seen, **({"truth": photograph(seed=2)} if value["figures"] else {}))
        return Result(value, out)


@pytest.fixture
def engine(tmp_path):
    return PhotoEngine(tmp_path / "out")


@pytest.fixture(autouse=True)
def trained(make_run, monkeypatch, store, tmp_path):
    """Networks of everything that is offered, as far as a page looks at them."""
    monkeypatch.setattr("aecore.restorers.Store", lambda: store)
    monkeypatch.setattr("aecore.restoring.Store", lambda: store)
    for name in ("denoise-photos", "deblur-photos", "colour-photos"):
        make_run(PRESETS[name].recipe)


def own(task="Denoise", subject="Photographs", **query):
    place = f"restore.{ {'Photographs': 'photos', 'Faces': 'faces'}[subject] }"
    return opened(
        PAGE, **{"restore.subject": subject, f"{place}.section": SECTIONS["own"], f"{place}.own": task, **query}
    )


def brought(content=None, app=None, **where):
    app = app or own(**where)
    app.file_uploader[0].upload("holiday.jpg", content or jpeg())
    return app.run()


def restored(app=None, name="Clean", **where):
    app = app or brought(**where)
    button(app, name).click().run()
    assert not app.exception and not app.error
    return app


def asked(engine):
    """Arguments of the restorations that visitors asked for."""
    return [arguments for function, arguments in engine.asked if function == "restore_photo" and "token" in arguments]


def labels(app):
    return [item.label for item in app.metric]


class TestBeforeAnythingIsBrought:
    def test_a_photograph_of_the_labs_own_is_restored_already(self, engine):
        app = own()
        assert "An example: cat, damaged first: σ 25 of 255" in words(app).replace("\\", "")
        assert labels(app) == ["PSNR against the truth", "SSIM of brightness", "Time"]
        assert app.metric[0].value == "30.2 dB" and app.metric[0].delta == "before 20.4 dB"
        assert asked(engine) == [] and not app.get("download_button")

    def test_limits_and_promises_are_said(self):
        said = words(own())
        assert "24 megapixels and 20 MB" in said and "a link that only you have" in said

    def test_the_one_primary_button_waits_and_says_for_what(self):
        app = own()
        assert button(app, "Clean").disabled and "Bring a picture, or choose one of the lab's." in words(app)

    def test_a_network_that_is_not_trained_is_said_to_be_so(self):
        assert "fill-faces, is not trained here yet" in words(own("Fill a hole", "Faces"))

    @pytest.mark.parametrize(
        ("task", "subject", "label"),
        [("Deblur", "Photographs", "Sharpen"), ("Colour", "Photographs", "Colour")],
    )
    def test_every_task_has_its_example(self, task, subject, label):
        app = own(task, subject)
        assert "An example" in words(app) and button(app, label).disabled


class TestRestoring:
    def test_what_was_chosen_is_asked_for(self, engine):
        app = brought()
        app.toggle(key="restore.photo.damage.denoise").set_value(True)
        app.toggle(key="restore.photo.location").set_value(True).run()
        restored(app)
        (arguments,) = asked(engine)
        assert arguments["task"] == "denoise" and arguments["damage"] == pytest.approx(25 / 255)
        assert arguments["keep_location"] and arguments["strength"] == 1.0 and arguments["format"] == "png"

    def test_a_photograph_is_not_damaged_unless_one_asks(self, engine):
        app = restored()
        assert asked(engine)[0]["damage"] is None and labels(app) == ["Taken away", "Size, px", "Time"]
        assert app.metric[0].value == "σ 12.8 of 255"

    def test_the_blur_that_was_found_is_told(self):
        app = restored(name="Sharpen", task="Deblur")
        assert app.metric[0].label == "Blur" and app.metric[0].value == "σ 1.4 px"

    def test_a_result_is_found_by_its_link_after_a_reload(self):
        app = restored()
        job = app.query_params["restored"]
        again = own(restored=job)
        assert "The colours are kept" in words(again) and f"restored={job}" in words(again)
        assert "restore.subject=Photographs" in words(again)
        assert again.get("download_button")[0].label == "Download PNG, 1.5 MB"

    def test_the_link_cannot_be_guessed(self, engine):
        restored()
        restored()
        assert len({arguments["token"] for arguments in asked(engine)}) == 2

    def test_another_format_is_written_when_one_asks_for_it(self, engine):
        app = restored()
        app.button_group(key="restore.photo.format").set_value("jpeg").run()
        assert not app.get("download_button")
        button(app, "Write the JPEG").click().run()
        assert app.get("download_button")[0].label == "Download JPEG, 1 kB"
        (written,) = [arguments for function, arguments in engine.asked if function == "restore_photo_file"]
        assert written["format"] == "jpeg" and written["strength"] == 1.0 and "token" in written

    def test_it_can_be_restored_in_another_way(self, engine):
        job = restored().query_params["restored"]
        app = own("Colour", restored=job)
        button(app, "Colour, about").click().run()
        assert [arguments["task"] for arguments in asked(engine)] == ["denoise", "colour"]

    def test_deleting_takes_everything(self, engine):
        app = restored()
        app.button_group(key="restore.photo.format").set_value("webp").run()
        button(app, "Write the WebP").click().run()
        job = app.query_params["restored"]
        mine = {job, *engine.of("restore_photo_file")}
        button(app, "Delete").click().run()
        assert not mine & set(engine.states) and "restored" not in app.query_params
        assert "Deleted" in words(app)
        assert "This picture is gone" in words(own(restored=job))

    def test_one_of_the_labs_will_do_and_is_not_deleted(self, engine):
        app = own()
        app.button_group(key="restore.photo.sample").set_value("Rocket").run()
        restored(app)
        assert "Rocket, cleaned" in words(app).replace("\\", "") and asked(engine) == []
        assert not [item for item in app.button if item.label == "Delete"]

    @pytest.mark.parametrize("job", ["0" * 16, "../../etc/passwd", "![x](http://a.b/c.png)"])
    def test_a_link_to_nothing_gets_a_sentence(self, job):
        app = own(restored=job)
        assert "This picture is gone" in words(app) and "An example" in words(app)


class TestAtWork:
    @pytest.fixture
    def at_work(self, engine):
        engine.restores = "running"
        app = restored()
        (job,) = [job for job in engine.of("restore_photo") if engine.states[job] == "running"]
        return app, job

    def test_it_says_how_far_it_is(self, at_work, engine):
        app, job = at_work
        engine.progress[job] = {"tile": 3, "tiles": 12, "fraction": 0.25, "seconds_left": 7.2}
        app.run()
        assert app.progress[0].text == "Tile 3 of 12, about 8 s left"
        assert app.image[0].proto.imgs[0].alt == "The photograph, to denoise"

    def test_cancel_cancels_and_it_can_be_started_again(self, at_work, engine):
        app, job = at_work
        button(app, "Cancel").click().run()
        app.run()
        assert engine.cancelled == [job] and "was cancelled" in words(app)
        button(app, "Start again").click().run()
        assert engine.states[job] == "running"

    def test_a_failure_says_why(self, at_work, engine):
        app, job = at_work
        engine.states[job], engine.failures[job] = "failed", RequestError("The picture is truncated; save it again.")
        app.run()
        assert "is truncated" in words(app) and not app.exception


class TestHoles:
    def test_the_button_waits_for_one(self):
        app = brought(task="Fill a hole")
        assert button(app, "Fill the hole").disabled and "Paint over what is missing first" in words(app)
        assert "learns nothing: biharmonic inpainting" in words(app)

    def test_one_that_is_painted_is_filled(self, engine, monkeypatch):
        strokes = [np.array(stroke) for stroke in STROKE]
        monkeypatch.setattr(restore_photo_hole, "painted", lambda *given: strokes)
        app = brought(task="Fill a hole")
        assert "px are missing" in words(app)
        restored(app, "Fill the hole")
        assert labels(app) == ["Filled", "PSNR in the hole", "Time"] and app.metric[0].value == "123 px"
        job = app.query_params["restored"]
        mask = Image.open(home.home() / "jobs" / job / "files" / "mask")
        assert mask.size == (360, 270) and 0 < np.mean(np.array(mask) > 0) < 0.1
        assert "Paint again" in words(app) and button(app, "Fill the hole").disabled
        button(app, "Paint again").click().run()
        assert not button(app, "Fill the hole").disabled

    def test_a_mask_can_be_brought_instead(self, engine):
        app = own("Fill a hole")
        app.file_uploader[0].upload("holiday.jpg", jpeg())
        app.file_uploader[1].upload("mask.png", png(np.full((30, 40, 1), 255, np.uint8)))
        restored(app.run(), "Fill the hole")
        folder = home.home() / "jobs" / app.query_params["restored"] / "files"
        assert (folder / "mask").read_bytes() == png(np.full((30, 40, 1), 255, np.uint8))

    def test_strokes_become_a_mask_as_wide_as_the_brush(self):
        mask = restore_photo_hole.mask([np.array([[0.25, 0.5], [0.75, 0.5]])], (200, 100), 0.1)
        assert mask.shape == (100, 200) and set(np.unique(mask)) == {0, 255}
        rows, columns = np.nonzero(mask)
        assert abs(np.ptp(rows) - 10) <= 2 and abs(np.ptp(columns) - 110) <= 2
        dot = restore_photo_hole.mask([np.array([[0.5, 0.5]])], (200, 100), 0.1)
        assert 60 < (dot > 0).sum() < 110


class TestFaces:
    def test_a_persons_own_must_be_said_to_be_aligned(self, engine, make_run, monkeypatch):
        recipe = Recipe(Faces(size=128), Grey(), UNet(filters=4, depth=1))
        monkeypatch.setitem(PRESETS, "colour-faces", Preset("colour-faces", "A stand-in", recipe))
        make_run(recipe)
        app = brought(jpeg(height=64, width=64), task="Colour", subject="Faces")
        assert button(app, "Colour").disabled and "Say that it is an aligned face first" in words(app)
        app.checkbox(key="restore.photo.aligned").set_value(True).run()
        restored(app, "Colour")
        assert asked(engine)[0]["subject"] == "faces"


class TestHostileFiles:
    @pytest.mark.parametrize("content", [b"no picture at all", jpeg()[:30], b"GIF89a"])
    def test_end_in_one_sentence(self, content, engine):
        app = brought(content)
        (warning,) = app.warning
        assert "holiday" in warning.value and button(app, "Clean").disabled and asked(engine) == []


def test_a_files_name_says_what_was_done_and_holds_nothing_odd():
    assert file_name("../../a b<c>.jpg", "colour", "jpeg") == "a b_c_-coloured.jpg"
    assert file_name("", "denoise", "webp") == "photograph-cleaned.webp"


def test_jobs_of_another_kind_are_not_found(engine):
    job = engine.submit("restore_photo_show", {}, {"picture": jpeg()}, private=True)
    assert "This picture is gone" in words(own(restored=job))


def test_the_classical_method_fills_holes_in_photographs():
    assert restore_photo_jobs.network("fill", "photos") is None
    assert restore_photo_form.arguments_of("fill", "photos", None, None)["run"] is None

import hashlib
import io
import json
import re
import zipfile
import zlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from aecore import home
from aecore.engine import Result
from aecore.errors import LabError, NotAtHand, RequestError
from aecore.images import png
from aecore.params import digest
from aecore.photo import read_photo
from pages.ui import deleting, photo_bring, photo_file, photo_jobs, photo_models, photo_pictures, photo_size, uploads
from pages.ui.compare import Box
from pages.ui.photo_bring import Brought, checked
from pages.ui.photo_words import figure
from tests.pages.conftest import ScriptedEngine
from tests.pages.test_pages import button, opened, words

PAGE = "pages/photos/upscale.py"
VALUE = {
    **{"width": 80, "height": 60, "input_width": 40, "input_height": 30, "seconds": 1.5, "tiles": 2, "model": "fast"},
    **{"megapixels_per_second": 0.9, "notes": ["The colours are kept."], "file": "enlarged.png", "bytes": 1_500_000},
    **{"psnr_consistency": 44.2},
}
PROOF = {
    "models": {
        "bicubic": {"psnr": 30.0, "ssim": 0.9, "seconds": 0.01},
        "fast": {"psnr": 33.5, "ssim": 0.95, "seconds": 0.4},
    },
    "winner": "fast",
}


def photograph(height=30, width=40, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def jpeg(turned=1, format="JPEG", **size):
    exif = Image.Exif()
    exif[photo_bring.ORIENTATION] = turned
    buffer = io.BytesIO()
    Image.fromarray(photograph(**size)).save(buffer, format, exif=exif)
    return buffer.getvalue()


class PhotoEngine(ScriptedEngine):
    """A scripted engine whose jobs on photographs lie on disk, as those of the real one do."""

    enlarges = "done"  # the state in which new enlargements of a visitor's own photographs are

    def submit(self, function, arguments, files=None, who="", private=False):
        if not function.startswith("enlarge"):
            return super().submit(function, arguments, files, who, private)
        contents = (
            {name: given if isinstance(given, bytes) else given.read_bytes() for name, given in files.items()}
            if files
            else {}
        )
        sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
        request = {"function": function, "arguments": arguments, "files": sums}
        job = digest(request)
        folder = home.home() / "jobs" / job
        (folder / "files").mkdir(parents=True, exist_ok=True)
        (folder / "request.json").write_text(json.dumps({**request, "private": private}))
        for name, content in contents.items():
            (folder / "files" / name).write_bytes(content)
        self.asked.append((function, arguments))
        self.states[job] = self.enlarges if private and function == "enlarge" else "done"
        self._functions[job] = function
        return job

    def forget(self, job):
        super().forget(job)
        for path in sorted((home.home() / "jobs" / job).rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()

    def result(self, job):
        function, out = self._functions[job], self.folder / job
        if job in self.failures or not function.startswith("enlarge"):
            return super().result(job)
        out.mkdir(parents=True, exist_ok=True)
        if function == "enlarge_file":
            (out / "enlarged.jpg").write_bytes(b"0" * 1000)
            return Result({"file": "enlarged.jpg", "bytes": 1000}, out)
        if function == "enlarge":
            (out / "enlarged.png").write_bytes(png(photograph(60, 80)))
            seen = {"result": photograph(60, 80), "bicubic": photograph(60, 80, 1), "input": photograph()}
            np.savez(out / "overview.npz", **seen)
            np.savez(out / "trust.npz", map=np.linspace(0, 0.1, 1200, dtype=np.float32).reshape(30, 40))
            return Result(VALUE, out)
        name = {"enlarge_look": "look", "enlarge_compare": "compare", "enlarge_prove": "prove"}[function]
        crops = ("result", "bicubic") if name == "look" else ("bicubic", "fast")
        np.savez(out / f"{name}.npz", **{crop: photograph(20, 20) for crop in crops})
        return Result(PROOF if name == "prove" else {}, out)


@pytest.fixture
def engine(tmp_path):
    return PhotoEngine(tmp_path / "out")


@pytest.fixture(autouse=True)
def few_models(monkeypatch):
    """The models that there are must not decide a test of the page."""
    monkeypatch.setattr(photo_models, "models", lambda scale: ["photo"] if scale == 1 else ["fast", "bicubic"])
    monkeypatch.setattr(photo_models, "title", lambda name, scale=0: name.capitalize())
    monkeypatch.setattr(photo_models, "about", lambda name, scale: f"{name} by {scale}")
    cost = photo_models.Cost(5.5, 400)
    monkeypatch.setattr(photo_models, "cost", lambda name, scale, megapixels, ensemble=False: cost)


def brought(*contents, name="holiday.jpg"):
    """The page with photographs brought, before anything is pressed."""
    app = opened(PAGE)
    for number, content in enumerate(contents):
        app.file_uploader[0].upload(name if len(contents) == 1 else f"{number}-{name}", content)
    return app.run()


def enlarged(*contents):
    app = brought(*(contents or (jpeg(),)))
    button(app, "Enlarge").click().run()
    assert not app.exception
    return app


def own(engine):
    """Arguments of the enlargements that visitors asked for."""
    return [arguments for function, arguments in engine.asked if function == "enlarge" and "token" in arguments]


class TestBeforeAnythingIsBrought:
    def test_a_photograph_of_the_labs_own_is_enlarged_already(self, engine):
        app = opened(PAGE)
        assert not app.error and "An example: cat, 2× by Fast" in words(app)
        assert [item.label for item in app.metric] == ["Size, px", "Time", "Consistency"]
        assert app.metric[0].value == "80 × 60" and "from 40 × 30" in app.metric[0].delta
        assert app.metric[1].delta == "0.9 MP/s, 2 tiles"
        assert own(engine) == []

    def test_limits_and_what_becomes_of_the_picture_are_said(self):
        app = opened(PAGE)
        said = words(app)
        assert "24 megapixels and 20 MB" in said and "a link that only you have" in said
        assert "Location data is removed" in said and app.file_uploader[0].proto.max_upload_size_mb == 20

    def test_there_is_one_primary_button_and_it_waits(self):
        go = button(opened(PAGE), "Enlarge")
        assert go.disabled and go.label == "Enlarge"

    def test_the_camera_is_off(self):
        assert not opened(PAGE).get("camera_input")

    def test_the_example_cannot_be_deleted(self):
        assert not [item for item in opened(PAGE).button if item.label == "Delete"]


class TestTheSettings:
    def test_the_button_says_what_it_costs_and_the_size_is_told(self):
        app = brought(jpeg())
        assert button(app, "Enlarge").label == "Enlarge, about 6 s"
        assert "40 × 30 → 80 × 60 px" in words(app) and "400 MB of memory" in words(app)

    @pytest.mark.parametrize("free, warned", [(10**9, True), (5 * 10**9, False), (None, False)])
    def test_too_little_memory_is_said_before_pressing(self, monkeypatch, free, warned):
        monkeypatch.setattr(photo_models, "cost", lambda *asked: photo_models.Cost(60, 4000))
        monkeypatch.setattr(photo_models, "free_memory", lambda: free)
        app = brought(jpeg())
        said = "Only about 1 GB of memory are free here for 4 GB: this may fail"
        assert any(said in item.value for item in app.warning) == warned
        assert not button(app, "Enlarge").disabled

    @pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
    def test_a_photograph_on_its_side_is_measured_upright(self, format):
        taken = checked(jpeg(turned=6, format=format), "a")
        assert (taken.width, taken.height) == (30, 40) == read_photo(taken.content).size[::-1]
        assert "30 × 40 → 60 × 80 px" in words(brought(taken.content))

    def test_one_of_the_labs_photographs_will_do(self, engine):
        app = opened(PAGE)
        app.button_group(key="upscale.sample").set_value("Rocket").run()
        button(app, "Enlarge").click().run()
        assert "Rocket, 2× by Fast" in words(app) and own(engine) == []

    def test_what_a_format_cannot_hold_is_said_before_pressing(self):
        app = opened(PAGE)
        app.file_uploader[0].upload("a.png", bomb(5500, 3000)).run()
        assert not button(app, "Enlarge").disabled
        app.button_group(key="upscale.made_as").set_value("webp").run()
        assert "WebP of more than 60 megapixels" in app.warning[0].value.replace("\\", "")
        assert button(app, "Enlarge").disabled and "Bring a photograph" not in words(app)

    def test_the_width_to_begin_with_is_that_of_the_photograph(self):
        app = opened(PAGE, upscale__way="Width")
        assert app.number_input(key="upscale.width.0").value == 2000
        app.file_uploader[0].upload("a.png", bomb(4000, 300)).run()
        assert app.number_input(key="upscale.width.4000").value == 8000 and not app.warning

    def test_a_refused_file_does_not_stand_for_the_one_that_is_open(self, engine):
        app = enlarged()
        app.file_uploader[0].upload("bad.jpg", b"nothing").run()
        assert "bad.jpg" in app.warning[0].value.replace("\\", "") and button(app, "Enlarge").disabled

    def test_a_width_takes_the_smallest_factor_that_suffices(self, engine):
        app = opened(PAGE, upscale__way="Width")
        app.file_uploader[0].upload("a.jpg", jpeg()).run()
        app.number_input(key="upscale.width.40").set_value(100).run()
        assert "→ 100 × 75 px" in words(app)
        button(app, "Enlarge").click().run()
        assert own(engine)[0]["scale"] == 3 and own(engine)[0]["width"] == 100

    def test_a_very_wide_photograph_can_be_asked_for_by_width(self):
        app = brought(bomb(21_000, 1_000), name="wide.png")
        app.button_group(key="upscale.way").set_value("width").run()
        assert not app.exception and app.number_input(key="upscale.width.21000").value == 40_000

    def test_at_its_own_size_it_is_cleaned(self, engine):
        app = opened(PAGE, upscale__factor="1×, clean")
        app.file_uploader[0].upload("a.jpg", jpeg()).run()
        button(app, "Clean, about 6 s").click().run()
        assert own(engine)[0]["scale"] == 1 and own(engine)[0]["model"] == "photo"
        assert "a.jpg, cleaned by Photo" in words(app).replace("\\", "")
        button(app, "Prove it").click().run()
        assert engine.asked[-1][1] | {"token": ""} == {
            "scale": 1, "models": ["photo", "bicubic"], "worn": True, "token": ""
        }  # fmt: skip

    def test_a_print_knows_how_large_it_is(self, engine):
        app = opened(PAGE, upscale__way="Print")
        app.file_uploader[0].upload("a.jpg", jpeg()).run()
        app.number_input(key="upscale.cm").set_value(1.0).run()
        button(app, "Enlarge").click().run()
        assert own(engine)[0]["dpi"] == 300 and own(engine)[0]["width"] == 119

    def test_a_print_from_too_small_a_source_gets_a_warning(self):
        app = opened(PAGE, upscale__way="Print")
        app.file_uploader[0].upload("a.jpg", jpeg()).run()
        assert "3,544 px wide" in words(app)
        assert "14 dpi instead of 300" in app.warning[0].value.replace("\\", "")

    def test_what_was_asked_for_is_what_is_chosen(self, engine):
        app = brought(jpeg())
        app.selectbox(key="upscale.model.2").set_value("bicubic")
        app.toggle(key="upscale.location").set_value(True)
        app.button_group(key="upscale.made_as").set_value("webp").run()
        app.slider(key="upscale.made_quality").set_value(75).run()
        button(app, "Enlarge").click().run()
        (arguments,) = own(engine)
        assert arguments["model"] == "bicubic" and arguments["keep_location"] and not arguments["ensemble"]
        assert arguments["strength"] == 1.0 and arguments["format"] == "webp" and arguments["width"] is None
        assert arguments["quality"] == 75 and "dpi" not in arguments

    def test_the_labs_own_is_forgotten_when_another_was_enlarged(self, engine):
        app = opened(PAGE)
        app.button_group(key="upscale.sample").set_value("Rocket").run()
        app.file_uploader[0].upload("mine.jpg", jpeg()).run()
        button(app, "Enlarge").click().run()
        button(app, "Enlarge").click().run()
        assert not app.exception and len(own(engine)) == 2 and app.button_group(key="upscale.sample").value is None


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"no picture at all", "not a picture in a format"),
            (b"", "not a picture in a format"),
            (jpeg()[:30], "damaged|not a picture"),
            (b"GIF89a", "damaged|not a picture"),
            (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "damaged|not a picture"),
            (b"0" * 21_500_000, "at most 20 are accepted"),
        ],
    )
    def test_end_in_one_sentence(self, content, sentence, engine):
        app = brought(content)
        (warning,) = app.warning
        assert re.search(sentence, warning.value.replace("\\", "")) and "holiday" in warning.value
        assert button(app, "Enlarge").disabled and own(engine) == []

    @pytest.mark.parametrize("size", [(6000, 4300), (20_000, 20_000), (60_000, 60_000)])
    def test_too_many_pixels_are_refused_before_any_is_decoded(self, size):
        with pytest.raises(RequestError, match="at most 25"):
            checked(bomb(*size), "bomb.png")

    def test_odd_shapes_pass(self):
        assert checked(bomb(20_000, 10), "line.png").width == 20_000
        assert checked(png(photograph(1, 1)), "dot.png").height == 1

    def test_a_bad_file_does_not_stop_the_others(self, engine):
        app = brought(b"no picture", jpeg(), jpeg(seed=1))
        assert len(app.warning) == 1
        button(app, "Enlarge").click().run()
        assert len(own(engine)) == 2 and "2 photographs" in words(app)

    def test_a_result_too_large_is_refused_beforehand(self):
        app = opened(PAGE, upscale__factor="4×")
        app.file_uploader[0].upload("large.png", bomb(4000, 3000)).run()
        assert "at most 101 megapixels" in app.warning[0].value.replace("\\", "") and button(app, "Enlarge").disabled


def bomb(width, height):
    """The head of a PNG of this size, with next to nothing in it."""
    buffer = io.BytesIO()
    Image.new("1", (8, 8)).save(buffer, "PNG")
    head = bytearray(buffer.getvalue())
    head[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    head[29:33] = zlib.crc32(bytes(head[12:29])).to_bytes(4, "big")
    return bytes(head)


class TestAtWork:
    @pytest.fixture
    def at_work(self, engine):
        engine.enlarges = "running"
        app = enlarged()
        (job,) = [job for job in engine.of("enlarge") if engine.states[job] == "running"]
        return app, job

    def test_it_says_how_far_it_is(self, at_work, engine):
        app, job = at_work
        engine.progress[job] = {"tile": 3, "tiles": 12, "fraction": 0.25, "seconds_left": 7.2}
        app.run()
        assert app.progress[0].text == "Tile 3 of 12, about 8 s left" and app.progress[0].value == 25
        assert app.image[0].proto.imgs[0].alt == "The photograph that is being enlarged"

    def test_it_says_its_place(self, at_work, engine):
        app, job = at_work
        engine.states[job] = "queued"
        app.run()
        assert app.progress[0].text == "Waiting: 2 jobs wait before it. It starts by itself."

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
        assert not [item for item in app.button if item.label == "Start again"]

    def test_a_crash_says_why_and_it_can_be_started_again(self, at_work, engine):
        app, job = at_work
        engine.states[job], engine.failures[job] = "failed", LabError("The worker process ended unexpectedly.")
        app.run()
        assert "ended unexpectedly" in words(app)
        button(app, "Start again").click().run()
        assert engine.states[job] == "running"

    def test_another_browser_with_the_link_can_cancel_it(self, at_work, engine):
        _, job = at_work
        wanted = home.home() / "jobs" / job / "wanted"
        wanted.mkdir()
        (wanted / "somebody").touch()
        button(opened(PAGE, job=job), "Cancel").click().run()
        assert len(engine.cancelled) == 2 and set(engine.cancelled) == {job}

    def test_a_reload_finds_it(self, at_work):
        _, job = at_work
        assert button(opened(PAGE, job=job), "Cancel")


class TestAResult:
    def test_is_found_by_its_link(self, engine):
        app = enlarged()
        job = app.query_params["job"]
        again = opened(PAGE, job=job)
        assert again.metric[2].value == "44.2 dB" and "The colours are kept" in words(again)
        assert f"?job={job}" in words(again)

    def test_the_link_cannot_be_guessed_by_somebody_who_has_the_same_picture(self, engine):
        enlarged()
        enlarged()
        assert len({arguments["token"] for arguments in own(engine)}) == 2

    def test_has_a_file_to_download(self):
        app = enlarged()
        (download,) = app.get("download_button")
        assert download.label == "Download PNG, 1.5 MB"

    def test_another_format_is_made_when_one_asks_for_it(self, engine):
        app = enlarged()
        app.button_group(key="upscale.format").set_value("jpeg").run()
        app.slider(key="upscale.quality").set_value(80).run()
        assert not app.get("download_button")
        button(app, "Write the JPEG").click().run()
        (written,) = [arguments for function, arguments in engine.asked if function == "enlarge_file"]
        same = {name: own(engine)[0][name] for name in ("keep_location", "token", "strength")}
        assert written == {**same, "job": app.query_params["job"], "format": "jpeg", "quality": 80}
        assert app.get("download_button")[0].label.startswith("Download JPEG")

    def test_whose_pixels_had_to_make_room_is_made_again_when_one_asks_for_it(self, engine):
        app = enlarged()
        app.button_group(key="upscale.format").set_value("jpeg").run()
        button(app, "Write the JPEG").click().run()
        (file,), job = engine.of("enlarge_file"), app.query_params["job"]
        engine.states[file], engine.failures[file] = "failed", NotAtHand("They had to make room.")
        app.run()
        before = len(own(engine))
        button(app, "Make it again").click().run()
        assert len(own(engine)) == before + 1 and engine.states[job] == "done" and file not in engine.states
        assert button(app, "Write the JPEG")

    def test_the_proof_names_the_winner(self, engine):
        app = enlarged()
        button(app, "Prove it").click().run()
        assert "**Fast** comes closest to the truth, 3.50 dB closer than bicubic" in words(app)
        assert list(app.table[0].value["Model"]) == ["Fast", "Bicubic"]
        assert [image.proto.imgs[0].alt for image in app.image] == ["Detail: Fast, 33.5 dB", "Detail: Bicubic, 30.0 dB"]

    def test_can_be_enlarged_again_in_another_way_after_a_reload(self, engine):
        job = enlarged().query_params["job"]
        app = opened(PAGE, job=job, upscale__factor="3×")
        button(app, "Enlarge, about 6 s").click().run()
        assert own(engine)[-1]["scale"] == 3

    def test_keeps_its_name_after_a_reload(self, engine):
        app = opened(PAGE, job=enlarged().query_params["job"])
        assert "holiday.jpg, 2×" in words(app).replace("\\", "")
        button(app, "Enlarge").click().run()
        assert len({arguments["name"] for arguments in own(engine)}) == 1

    @pytest.mark.parametrize("job", ["0" * 16, "../../etc/passwd", "![x](http://a.b/c.png)"])
    def test_that_is_gone_gets_a_sentence_and_leaves_the_page_usable(self, job):
        app = opened(PAGE, job=job)
        assert "This picture is gone" in app.info[0].value.replace("\\", "") and "An example" in words(app)

    def test_a_link_to_another_kind_of_job_shows_nothing(self, engine):
        job = engine.submit("enlarge_prove", {"scale": 2}, {"picture": jpeg()}, private=True)
        assert "This picture is gone" in words(opened(PAGE, job=job)).replace("\\", "")


class TestDeleting:
    def test_takes_the_photograph_and_everything_made_of_it(self, engine):
        app = enlarged()
        button(app, "Prove it").click().run()
        app.button_group(key="upscale.format").set_value("jpeg").run()
        button(app, "Write the JPEG").click().run()
        job = app.query_params["job"]
        mine = {job, engine.of("enlarge_prove")[0], engine.of("enlarge_file")[0]}
        others = [other for other in engine.states if other not in mine]
        button(app, "Delete").click().run()
        assert not mine & set(engine.states) and set(others) <= set(engine.states)
        assert "Deleted" in app.info[0].value and "job" not in app.query_params
        assert "This picture is gone" in words(opened(PAGE, job=job)).replace("\\", "")

    def test_that_has_to_wait_says_so(self, engine, monkeypatch):
        app = enlarged()

        def busy(job):
            raise LabError("It is still at work.")

        monkeypatch.setattr(engine, "forget", busy)
        monkeypatch.setattr(deleting, "STOPPING", 0.1)
        button(app, "Delete").click().run()
        assert "Press Delete again" in app.info[0].value.replace("\\", "") and app.query_params["job"]

    def test_takes_all_that_was_made_of_it_in_every_way_and_after_a_reload(self, engine):
        first = enlarged().query_params["job"]
        engine.submit("enlarge_look", {"job": first, "left": 0, "top": 0, "width": 9, "height": 9}, private=True)
        again = opened(PAGE, job=first, upscale__factor="3×")
        button(again, "Enlarge, about 6 s").click().run()
        assert len({arguments["token"] for arguments in own(engine)}) == 1
        assert len(engine.of("enlarge")) == 3 and again.query_params["job"] != first  # one is the example
        button(again, "Delete").click().run()
        left = [json.loads(path.read_text()) for path in (home.home() / "jobs").rglob("request.json")]
        assert [request["private"] for request in left] == [False]

    def test_that_has_to_wait_for_the_proof_keeps_its_button(self, engine, monkeypatch):
        app = enlarged()
        button(app, "Prove it").click().run()
        (proof,), forget = engine.of("enlarge_prove"), engine.forget

        def busy(job):
            if job == proof:
                raise LabError("It is still at work.")
            forget(job)

        monkeypatch.setattr(engine, "forget", busy)
        monkeypatch.setattr(deleting, "STOPPING", 0.1)
        button(app, "Delete").click().run()
        monkeypatch.setattr(engine, "forget", forget)
        button(app, "Delete").click().run()
        assert "Deleted" in app.info[0].value and proof not in engine.states

    def test_frees_what_the_server_holds_of_an_upload(self, monkeypatch):
        freed = []
        context = SimpleNamespace(
            session_id="s",
            uploaded_file_mgr=SimpleNamespace(remove_file=lambda **which: freed.append(which["file_id"])),
        )
        monkeypatch.setattr(uploads, "get_script_run_ctx", lambda: context)
        held = {"upscale.files.0": [SimpleNamespace(file_id="a"), SimpleNamespace(file_id="b")]}
        monkeypatch.setattr(st, "session_state", held | {"upscale.shot": SimpleNamespace(file_id="c")})
        photo_bring.let_go()
        assert freed == ["a", "b", "c"]


class TestSeveral:
    def test_of_one_name_are_told_apart(self, engine):
        app = opened(PAGE)
        for seed in range(3):
            app.file_uploader[0].upload("image.png", jpeg(seed=seed))
        button(app.run(), "Enlarge").click().run()
        assert list(app.dataframe[0].value["Photograph"]) == ["image.png", "image.png (2)", "image.png (3)"]
        assert app.selectbox(key="upscale.shown").options == ["image.png", "image.png (2)", "image.png (3)"]

    @pytest.fixture
    def several(self):
        return enlarged(jpeg(), jpeg(seed=1), jpeg(seed=2))

    def test_have_a_table_of_states_and_one_zip(self, several):
        table = several.dataframe[0].value
        assert list(table["State"]) == ["done"] * 3 and table["Photograph"][1] == "1-holiday.jpg"
        labels = [item.label for item in several.get("download_button")]
        assert labels[0] == "Download all 3 as a zip"

    def test_any_of_them_can_be_looked_at(self, several):
        ids = several.query_params["job"]
        several.selectbox(key="upscale.shown").set_value(ids[2]).run()
        assert not several.exception and f"?job={ids[2]}" in words(several)

    def test_one_that_fails_says_why_in_full(self, several, engine):
        job = several.query_params["job"][0]
        engine.states[job], engine.failures[job] = "failed", RequestError("It is truncated.")
        several.run()
        assert several.dataframe[0].value["State"][0] == "failed"
        assert several.warning[0].value.replace("\\", "") == "0-holiday.jpg: It is truncated."
        assert several.get("download_button")[0].label == "Download all 2 as a zip"

    def test_are_deleted_together(self, several, engine):
        ids = several.query_params["job"]
        button(several, "Delete all").click().run()
        assert not set(ids) & set(engine.states)

    def test_too_many_at_a_time_get_a_sentence(self):
        app = brought(*(jpeg(seed=seed) for seed in range(21)))
        assert "the first 20 are taken" in app.warning[0].value

    def test_what_is_too_much_for_a_zip_is_not_zipped(self, several, monkeypatch):
        monkeypatch.setattr(photo_file, "LARGEST_ZIP", 4_000_000)
        several.run()
        assert several.get("download_button")[0].proto.disabled and "one by one" in words(several)

    def test_their_names_in_the_zip_differ(self, engine, here):
        ids = [engine.submit("enlarge", {"n": n}, {"picture": jpeg()}) for n in range(2)]
        packed = zipfile.ZipFile(io.BytesIO(photo_file.zipped([(job, "same.jpg") for job in ids])))
        assert packed.namelist() == ["same-80px.png", "_same-80px.png"]


class TestSizes:
    PICTURE = Brought("a", b"", 1000, 500, True)

    @pytest.mark.parametrize(
        ("size", "scale", "target"),
        [
            (photo_size.Size(3), 3, None),
            (photo_size.Size(None, 1500), 2, 1500),
            (photo_size.Size(None, 2000), 2, None),
            (photo_size.Size(None, 2001), 3, 2001),
            (photo_size.Size(None, 9000), 4, None),
            (photo_size.Size(None, 800), 2, 800),
        ],
    )
    def test_a_width_takes_the_smallest_factor_that_suffices(self, size, scale, target):
        for known in ((2, 3, 4), (1, 2, 3, 4)):  # nobody who names a width has asked for cleaning
            assert size.scale(1000, known) == scale and size.target(1000, known) == target

    def test_a_print_is_as_wide_as_its_dots(self):
        assert photo_size.pixels(25.4, 300) == 3000 and photo_size.pixels(10, 150) == 591

    def test_a_print_that_is_possible_needs_no_warning(self):
        size = photo_size.Size(None, photo_size.pixels(30, 300), 300)
        assert size.warning(1000, (2, 3, 4)) == ""
        assert "dpi instead of 300" in size.warning(500, (2, 3, 4))

    def test_the_outcome_is_told(self):
        assert photo_size.outcome(self.PICTURE, 2000) == "1,000 × 500 → 2,000 × 1,000 px, 2 MP"


class TestADetail:
    @pytest.mark.parametrize(
        ("part", "middle"),
        [
            (Box(0, 0, 1000, 800), Box(420, 320, 160, 160)),
            (Box(0, 0, 20, 20), Box(0, 0, 160, 160)),
            (Box(990, 790, 10, 10), Box(840, 640, 160, 160)),
        ],
    )
    def test_is_a_square_inside_the_photograph(self, part, middle):
        assert photo_pictures.square(part, 160, (1000, 800)) == middle

    def test_of_a_small_photograph_is_as_large_as_that_is(self):
        assert photo_pictures.square(Box(0, 0, 40, 30), 160, (40, 30)).width == 30


class TestFigures:
    def test_where_pictures_agree_is_said(self):
        crop = photograph()
        assert photo_pictures.disagreement([crop, crop])[1] == 0
        other = crop.copy()
        other[0, 0] ^= 64
        assert 0 < photo_pictures.disagreement([crop, other])[1] < 50

    @pytest.mark.parametrize("value, said", [(0.123, "0.12"), (9.94, "9.9"), (9.96, "10"), (99.7, "100"), (120, "120")])
    def test_have_two_digits_and_no_powers_of_ten(self, value, said):
        assert figure(value) == said

    def test_at_its_own_size_bicubic_is_what_was_given(self, monkeypatch):
        monkeypatch.undo()
        assert photo_models.title("bicubic", 1) == "As given" and photo_models.title("bicubic", 2) == "Bicubic"


def test_a_files_name_says_how_wide_it_is_and_holds_nothing_odd():
    assert photo_file.photo_name("../../a b<c>.jpg", VALUE, "jpeg") == "a b_c_-80px.jpg"
    assert photo_file.photo_name("", VALUE, "webp") == "photograph-80px.webp"


def test_the_page_is_found_by_the_navigation():
    app = AppTest.from_file(str(Path(__file__).parent.parent.parent / "app.py"), default_timeout=60).run()
    assert any("Upscale" in item.label for item in app.get("page_link"))


def test_jobs_of_the_lab_itself_are_not_found_as_photographs(home):
    assert photo_jobs.asked("0" * 16) is None

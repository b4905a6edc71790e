import json
import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from aecore import images
from aecore.corruptions import BlackBox, GaussianNoise, Shrink
from aecore.datasets import Pin
from aecore.datasets.collection import Collection
from aecore.datasets.photos import Photos
from aecore.errors import LabError, NotAtHand, RequestError
from aecore.home import home
from aecore.models.stack import Stack
from aecore.presets import PRESETS
from aecore.recipe import Recipe
from pages.ui import data, deleting, plan
from pages.ui.lab import job_id

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "pages").glob("*/*.py") if path.parent.name != "ui")
TRAIN = "pages/explore/train.py"
FIRST = PRESETS["first-light"].recipe


def opened(page=TRAIN, **query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    for name, value in query.items():
        app.query_params[name.replace("__", ".")] = value
    app.switch_page(page).run()
    assert not app.exception
    return app


def words(app):
    """Everything that is written on a page."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "error", "warning", "info", "metric", "code")
    lines = [str(item.value) for kind in kinds for item in getattr(app, kind)]
    return "\n".join([*lines, *(item.label for item in app.button), *(item.label for item in app.metric)])


def button(app, name):
    return next(item for item in app.button if re.match(name, item.label))


def films(app):
    """The rows that are drawn as pictures, by key."""
    return app.get("bidi_component")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_without_an_error(page):
    app = opened(page)
    assert not app.error


def test_home_says_what_this_is_and_shows_the_runs_there_are(make_run):
    make_run(FIRST)
    app = opened("pages/home/home.py")
    assert app.title[0].value == "Autoencoder Lab"
    assert "Trained in this lab" in words(app) and len(films(app)) == 1
    assert app.image[0].proto.imgs[0].alt == "Input above output of MNIST digits through 32 numbers"


class TestBeforeTraining:
    def test_the_button_says_what_it_costs(self):
        app = opened()
        assert re.fullmatch(r"Train, about \d+ s", button(app, "Train").label)
        assert {"Parameters", "Compression", "Time", "Queue"} <= {item.label for item in app.metric}
        assert [item.value for item in app.metric][:2] == ["1,234", "24.5×"]

    def test_it_shows_pictures_and_the_network(self):
        assert len(films(opened())) == 3  # thumbnails, preview, drawing

    def test_pressing_it_begins_one_training(self, engine):
        app = opened()
        button(app, "Train").click().run()
        assert [function for function, _ in engine.asked].count("train") == 1
        assert button(app, "Cancel")

    def test_settings_come_from_the_address(self):
        app = opened(train__corruption="Gaussian noise", train__gaussian__stddev="0.4")
        assert app.title[0].value == "Gaussian noise undone: MNIST digits through 32 numbers"
        assert "noise σ 0.4" in words(app)

    def test_parts_that_do_not_go_together_get_a_sentence(self):
        app = opened(train__corruption="Grey")
        assert "grey already" in app.warning[0].value.replace("\\", "")

    def test_a_network_that_cannot_be_built_gets_a_sentence_and_no_training(self, engine):
        app = opened()
        (job,) = engine.of("describe")
        engine.states[job], engine.failures[job] = "failed", RequestError("Choose a smaller depth.")
        app.run()
        assert button(app, "Train").disabled and "smaller depth" in app.warning[0].value

    def test_a_failed_short_job_can_be_tried_again(self, engine):
        app = opened()
        (job,) = engine.of("sample")
        engine.states[job], engine.failures[job] = "failed", LabError("The disk is full.")
        app.run()
        assert "The disk is full" in words(app)
        engine.failures.clear()
        button(app, "Try again").click().run()
        assert engine.states[job] == "done" and not app.error

    def test_a_run_on_other_data_is_offered_and_opens(self, make_run):
        run = make_run(FIRST, pin=Pin("full", 60_000, 10_000), source="all 60,000 + 10,000 images")
        app = opened()
        (offer,) = [item for item in app.get("page_link") if "all 60,000" in item.proto.label]
        assert run.key in offer.proto.query_string and button(app, "Train")
        assert opened(run=run.key).metric[0].value == "22.4 dB"


class TestWhileTraining:
    @pytest.fixture
    def training(self, engine):
        app = opened()
        button(app, "Train").click().run()
        return app, engine.of("train")[0]

    def test_it_says_how_far_it_is(self, training, engine):
        app, job = training
        engine.progress[job] = {
            "epoch": 3,
            "epochs": 15,
            "fraction": 0.2,
            "seconds_left": 8.2,
            "loss": 0.1,
            "history": {},
        }
        app.run()
        assert app.progress[0].text == "Epoch 3 of 15, about 9 s left" and app.progress[0].value == 20

    def test_a_waiting_one_says_its_place(self, training, engine):
        app, job = training
        engine.states[job] = "queued"
        app.run()
        assert app.progress[0].text == "Waiting: 2 jobs wait before it. It starts by itself."

    def test_another_session_sees_the_same(self, training):
        assert button(opened(), "Cancel")

    def test_cancelling_leads_to_going_on(self, training, engine):
        app, job = training
        button(app, "Cancel").click().run()
        app.run()
        assert engine.cancelled == [job] and "was cancelled" in app.info[0].value
        button(app, "Go on").click().run()
        assert engine.states[job] == "running"

    def test_an_interrupted_one_can_be_resumed(self, training, engine):
        app, job = training
        engine.states[job] = "interrupted"
        app.run()
        assert "interrupted" in app.warning[0].value and button(app, "Resume")

    def test_a_failed_one_says_why(self, training, engine):
        app, job = training
        engine.states[job] = "failed"
        engine.failures[job] = LabError("The loss became NaN in epoch 3.")
        app.run()
        assert "NaN in epoch 3" in app.error[0].value.replace("\\", "") and button(app, "Train again")

    def test_the_end_opens_the_run(self, training, engine, make_run):
        app, job = training
        run = make_run(FIRST)
        engine.states[job] = "done"
        app.run()
        assert app.metric[0].value == "22.4 dB" and run.key in words(app)


class TestAfterTraining:
    def test_a_finished_run_is_shown_at_once(self, make_run, engine):
        make_run(FIRST)
        app = opened()
        assert app.metric[0].label == "PSNR, test images" and app.metric[0].value == "22.4 dB"
        assert "PCA 17.9 dB" in app.metric[0].delta
        assert [function for function, _ in engine.asked if function == "train"] == []

    def test_every_chart_has_an_alt_text(self, make_run):
        make_run(FIRST)
        charts = opened().get("plotly_chart")
        assert len(charts) == 3 and all(chart.proto.alt for chart in charts)

    def test_a_link_opens_a_run_and_fills_the_form(self, make_run):
        recipe = Recipe(corruption=GaussianNoise(0.4)).setting("fit.epochs", 7)
        run = make_run(recipe)
        app = opened(run=run.key)
        assert app.title[0].value == "Gaussian noise undone: MNIST digits through 64 numbers"
        assert app.number_input(key="train.fit.epochs").value == 7
        assert app.slider(key="train.gaussian.stddev").value == 0.4

    def test_changing_a_setting_leaves_the_run(self, make_run):
        app = opened(run=make_run(FIRST).key)
        app.number_input(key="train.fit.epochs").set_value(3).run()
        assert "run" not in app.query_params and button(app, "Train")

    @pytest.mark.parametrize("key", ["0" * 16, "../../etc/passwd", "![x](http://a.b/c.png)"])
    def test_a_key_that_leads_nowhere_gets_a_sentence(self, key):
        app = opened(run=key)
        assert re.search("no run|16 hex digits", app.warning[0].value) and not app.exception
        assert "![" not in app.warning[0].value

    def test_the_order_of_test_images_is_asked_of_the_worker(self, make_run, engine):
        make_run(FIRST)
        opened()
        opened(train__order="Best first")
        orders = [arguments["order"] for function, arguments in engine.asked if function == "reconstruct"]
        assert orders == ["worst", "best"]

    def test_without_its_data_the_stored_figures_are_shown_and_said_to_be(self, make_run, engine):
        run = make_run(FIRST)
        app = opened(run=run.key)
        (job,) = engine.of("reconstruct")
        engine.states[job], engine.failures[job] = "failed", NotAtHand("Its stored figures are shown.")
        app.run()
        assert "stored figures are shown" in words(app) and app.metric[0].value == "22.4 dB"

    def test_another_run_can_be_laid_over_the_curves(self, make_run):
        make_run(FIRST)
        other = make_run(FIRST.setting("fit.epochs", 3))
        app = opened()
        app.selectbox(key="train.compare").set_value(other.key).run()
        assert not app.exception
        assert "this run, training" in app.get("plotly_chart")[0].proto.spec

    def test_it_can_be_repeated_and_taken_home(self, make_run):
        run = make_run(FIRST)
        app = opened()
        assert "python -m aecore train first-light" in words(app)
        labels = [item.label for item in app.get("download_button")]
        assert len(labels) == 3 and labels[0].startswith("Weights")
        assert run.key in words(app)

    def test_only_ones_own_run_can_be_deleted(self, make_run, store, home):
        run = make_run(FIRST)
        app = opened()
        wanted = home / "jobs" / job_id("train", {"recipe": run.resolved.to_json()}) / "wanted"
        wanted.mkdir(parents=True)
        for who in ("somebody", app.session_state["visitor"]):  # both have asked for it: it is neither's alone
            (wanted / who).touch()
            app.run()
            assert not [item for item in app.button if item.label == "Delete"]
        (wanted / "somebody").unlink()
        app.run()
        button(app, "Delete").click().run()
        assert store.get(run.key) is None and button(app, "Train")


def png(seed):
    return images.png(np.random.default_rng(seed).integers(0, 256, (20, 20, 3), dtype=np.uint8))


class TestOnesOwnImages:
    OWN = {"train__dataset": "Your own images"}

    @pytest.fixture
    def brought(self):
        app = opened(**self.OWN)
        for number in range(12):
            app.file_uploader[0].upload(f"{number}.png", png(number))
        app.run()
        button(app, "Use these").click().run()
        return app

    def test_the_page_says_what_becomes_of_them_before_anything_is_brought(self):
        app = opened(**self.OWN)
        said = words(app)
        assert "under a link that only you have" in said and "an hour after they were last used" in said
        assert app.file_uploader[0].proto.max_upload_size_mb == 200

    def test_they_become_a_private_collection_with_a_plan(self, brought):
        assert not brought.exception and not brought.error
        digest = brought.text_input(key="train.collection.digest").value
        dataset = Collection(digest)
        assert dataset.private and dataset.resolve().train == 10
        assert button(brought, "Train") and "under a link that only you have" in words(brought)

    def test_too_few_get_a_sentence(self):
        app = opened(**self.OWN)
        app.file_uploader[0].upload("one.png", png(0))
        app.run()
        button(app, "Use these").click().run()
        assert "at least 10" in app.warning[0].value.replace("\\", "")

    def test_they_and_their_runs_are_deleted_when_one_says_so(self, brought, make_run, store, engine):
        digest = brought.text_input(key="train.collection.digest").value
        recipe = FIRST.setting("dataset", "collection").setting("dataset.digest", digest)
        run, other = make_run(recipe, private=True), make_run(FIRST)
        button(brought, "Delete these images").click().run()
        with pytest.raises(NotAtHand):
            Collection(digest).resolve()
        assert brought.file_uploader and store.get(run.key) is None and store.get(other.key)
        assert not [job for job in engine.of("sample") if job in engine.states]

    def test_so_is_what_others_made_of_them_and_what_cannot_be_read(self, brought, store, engine):
        digest = brought.text_input(key="train.collection.digest").value
        recipe = FIRST.setting("dataset", "collection").setting("dataset.digest", digest)
        training, odd = home() / "jobs" / ("a" * 16), store.folder / ("b" * 16)
        for folder, file, content in (
            (training, "request.json", {"function": "train", "arguments": {"recipe": recipe.to_json()}}),
            (odd, "recipe.json", {"dataset": {"kind": "collection", "version": 99, "digest": digest}}),
        ):
            folder.mkdir(parents=True)
            (folder / file).write_text(json.dumps(content))
        engine.states[training.name] = "interrupted"
        button(brought, "Delete these images").click().run()
        assert training.name not in engine.states and not odd.exists() and not brought.exception

    def test_what_is_still_at_work_is_said_and_nothing_is_forgotten(self, brought, engine, monkeypatch):
        def busy(job):
            raise LabError("It is still at work.")

        digest = brought.text_input(key="train.collection.digest").value
        monkeypatch.setattr(deleting, "STOPPING", 0.1)
        with monkeypatch.context() as patched:
            patched.setattr(engine, "forget", busy)
            button(brought, "Delete these images").click().run()
        assert "Press Delete again" in words(brought) and Collection(digest).resolve().train == 10
        button(brought, "Delete these images").click().run()
        with pytest.raises(NotAtHand):
            Collection(digest).resolve()

    def test_the_upload_is_released_once_it_was_read(self, monkeypatch):
        freed = []
        monkeypatch.setattr(data, "release", freed.append)
        app = opened(**self.OWN)
        for number in range(12):
            app.file_uploader[0].upload(f"{number}.png", png(number))
        button(app.run(), "Use these").click().run()
        assert freed == ["train.bring.files.0"] and app.session_state["train.bring.turn"] == 1

    def test_their_runs_are_not_listed(self, brought, make_run):
        digest = brought.text_input(key="train.collection.digest").value
        make_run(FIRST.setting("dataset", "collection").setting("dataset.digest", digest), private=True)
        assert "Trained in this lab" not in words(opened("pages/home/home.py"))


class TestDataThatIsNotHere:
    def test_the_download_is_offered_with_its_size_and_nothing_is_fetched(self, engine, make_run):
        make_run(FIRST)
        app = opened(train__dataset="CIFAR-10")
        assert "170 MB" in button(app, "Get").label and "finished run" in words(app)
        assert not engine.of("download")

    def test_it_is_fetched_when_asked_and_can_be_cancelled(self, engine):
        app = opened(train__dataset="CIFAR-10")
        button(app, "Get").click().run()
        (job,) = engine.of("download")
        engine.progress[job] = {"fraction": 0.5}
        app.run()
        assert app.progress[0].text == "85 of 170 MB"
        button(app, "Cancel the download").click().run()
        assert engine.cancelled == [job] and button(app, "Get")

    def test_without_a_network_it_says_so(self, engine):
        app = opened(train__dataset="CIFAR-10")
        button(app, "Get").click().run()
        (job,) = engine.of("download")
        engine.states[job], engine.failures[job] = "failed", LabError("There is no network.")
        app.run()
        assert "no network" in app.error[0].value and button(app, "Get")


def test_a_bug_is_logged_and_said_plainly(monkeypatch, caplog):
    monkeypatch.setattr("pages.ui.lab.standing", lambda *arguments: 1 / 0)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert "in the log" in app.error[0].value and "ZeroDivisionError" in caplog.text


def test_the_preview_damages_pictures_at_their_own_size():
    recipe = Recipe(Photos(size=256), BlackBox(150), Stack())
    original, given = plan.preview(recipe, np.full((2, 256, 256, 3), 200, np.uint8), np.full(2, -1))
    truth = plan.damaged(recipe, np.full((2, 256, 256, 3), 200, np.uint8))
    assert np.mean(truth == 0) == pytest.approx((150 / 256) ** 2, rel=0.01)
    assert len(original["frames"][0]) == len(given["frames"][0]) == 2
    thirds = Recipe(Photos(size=192), Shrink(3), Stack())
    assert plan.preview(thirds, np.zeros((1, 192, 192, 3), np.uint8), np.full(1, -1))

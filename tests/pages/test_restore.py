import json
import re
from dataclasses import replace

import pytest

from aecore.classical import METHODS, methods
from aecore.corruptions import GaussianNoise
from aecore.datasets import Pin
from aecore.datasets.fashion_mnist import FashionMnist
from aecore.errors import LabError, NotAtHand, RequestError
from aecore.presets import PRESETS
from aecore.recipe import Recipe
from aecore.restorers import SUBJECTS, TASKS, offered
from aecore.restoring import strengths
from pages.ui import restore_draw
from tests.pages.conftest import pictures
from tests.pages.test_pages import button, opened, words

PAGE = "pages/explore/restore.py"
OWN = PRESETS["denoise-mnist"].recipe
ONE = PRESETS["dense-mnist-denoise"].recipe


@pytest.fixture(autouse=True)
def answers(engine, store, monkeypatch):
    for module in ("restorers", "restoring"):
        monkeypatch.setattr(f"aecore.{module}.Store", lambda: store)
    return engine.answers


@pytest.fixture
def run(make_run):
    return make_run(OWN, name="denoise-mnist", redistributable=True)


@pytest.fixture
def other(make_run):
    return make_run(ONE, name="dense-mnist-denoise", redistributable=True)


def page(**query):
    return opened(PAGE, **query)


def rows(app):
    """Labels of the rows of pictures."""
    for item in app.get("bidi_component"):
        data = json.loads(item.proto.json or "null")
        if isinstance(data, dict) and "rows" in data:
            return [row["label"].replace("\u00ad", "") for row in data["rows"]]
    return None


def film(app):
    return next(
        data for item in app.get("bidi_component")
        if isinstance(data := json.loads(item.proto.json or "null"), dict) and "rows" in data
    )  # fmt: skip


def metric(app, label):
    return next(item for item in app.metric if item.label.startswith(label))


def arguments_of(engine, function):
    return [arguments for name, arguments in engine.asked if name == function]


@pytest.mark.parametrize(("task", "subject"), [(task, subject) for subject in SUBJECTS for task in offered(subject)])
class TestEveryOfferedPair:
    def test_is_shown_without_and_with_its_network(self, task, subject, make_run, engine, monkeypatch):
        monkeypatch.setattr(FashionMnist, "resolve", lambda self: Pin("sample", 100, 10))
        query = {"restore__subject": SUBJECTS[subject], f"restore__{subject}__task": TASKS[task]}
        app = page(**query)
        assert "not trained here yet" in words(app) and not app.error and not app.exception
        assert rows(app)[:2] == ["Clean", "Damaged"] and "Restored" not in rows(app)
        assert [item for item in app.button if item.label.startswith("Train it here")]
        assert not engine.of("restore_curve") and not app.get("plotly_chart")
        run = make_run(PRESETS[f"{task}-{subject}"].recipe, redistributable=True)
        app = page(**query)
        assert "not trained here yet" not in words(app) and rows(app)[2] == "Restored" and not app.error
        assert arguments_of(engine, "restore_samples")[-1]["keys"] == [run.key]
        assert ("No classical method" in words(app)) == (task == "colour")

    def test_its_strength_is_asked_for_as_a_field_of_the_damage(self, task, subject, engine, monkeypatch):
        monkeypatch.setattr(FashionMnist, "resolve", lambda self: Pin("sample", 100, 10))
        page(restore__subject=SUBJECTS[subject], **{f"restore__{subject}__task": TASKS[task]})
        known, (asked, *_) = strengths(task, subject), arguments_of(engine, "restore_samples")
        assert asked["strength"] == (None if known is None else known.strength(known.usual))


class TestTheLabsPictures:
    def test_the_lab_network_then_one_of_one_strength_then_a_classical_method(self, run, other, engine):
        app = page()
        assert app.title[0].value == "Noise taken from digits"
        assert rows(app) == ["Clean", "Damaged", "Restored", "Dense, σ 0.25", "Non-local means"]
        assert "U-Net, up to σ 0.6" in words(app)
        cells = film(app)["rows"][2]["frames"][0]
        assert cells[3]["caption"] == "20.0 dB · 0.50" and cells[3]["alt"] == "Restored, “3”, image 4: 20.0 dB · 0.50"
        assert film(app)["rows"][2]["note"] == "20.0 dB"

    def test_moving_the_strength_damages_the_same_pictures_differently(self, run, engine):
        app = page()
        app.slider(key="restore.mnist.denoise").set_value(0.6).run()
        first, second = arguments_of(engine, "restore_samples")
        assert (first["strength"], second["strength"]) == (0.4, 0.6)
        assert {**first, "strength": 0} == {**second, "strength": 0}
        assert len(engine.of("restore_curve")) == 1

    def test_numbers_are_those_of_the_test_pictures_at_this_strength(self, run, other):
        app = page(restore__mnist__denoise="0.3")
        psnr = metric(app, "PSNR")
        assert psnr.label == "PSNR, 256 test pictures" and psnr.value == "25.0 dB" and psnr.delta == "damaged 24.0 dB"
        assert metric(app, "SSIM").value == "0.250" and metric(app, "Time").value == "2 ms"
        assert "non-local means 2 ms" in metric(app, "Time").delta

    def test_until_they_are_measured_those_of_the_pictures_shown(self, run, engine):
        app = page()
        (job,) = engine.of("restore_curve")
        engine.states[job] = "running"
        app = page()
        assert metric(app, "PSNR").label == "PSNR, these 8" and metric(app, "PSNR").value == "20.0 dB"
        assert "Measuring over all strengths" in words(app) and not app.get("plotly_chart")

    def test_until_the_networks_are_loaded_what_needs_none_is_shown(self, run, engine):
        page()
        (job,) = engine.of("restore_samples")
        engine.states[job] = "running"
        app = page()
        assert rows(app) == ["Clean", "Damaged", "Non-local means"] and "being loaded" in words(app)
        assert not [item for item in app.metric if item.label.startswith("PSNR")] and not app.table

    def test_the_curve_has_an_alt_text_and_says_where_it_is_from(self, run, other, answers):
        app = page()
        (chart,) = app.get("plotly_chart")
        assert chart.proto.alt.startswith("PSNR, dB over noise, σ: ")
        assert "Means over 256 test pictures" in words(app)
        curve = answers["restore_curve"]
        answers["restore_curve"] = lambda arguments, out: {**curve(arguments, out), "stored": True}
        assert "Measured when the network was made" in words(page())

    def test_a_curve_that_cannot_be_measured_is_a_sentence_not_an_empty_chart(self, run, engine):
        page()
        (job,) = engine.of("restore_curve")
        engine.states[job], engine.failures[job] = "failed", NotAtHand("The data is not on this machine.")
        app = page()
        assert "No curve over all strengths" in words(app) and not app.get("plotly_chart") and rows(app)

    def test_the_table_has_every_method(self, run, other):
        (table,) = page().table
        assert list(table.value.iloc[:, 0]) == ["Damaged", "U-Net, up to σ 0.6", "Dense, σ 0.25",
                                                *(METHODS[item.name].title for item in methods("denoise"))]  # fmt: skip
        assert "told the noise σ exactly" in words(page())

    def test_others_are_chosen_to_stand_beside_it(self, run, other):
        app = page()
        app.pills(key="restore.mnist.denoise.beside").set_value(["total-variation"]).run()
        assert rows(app) == ["Clean", "Damaged", "Restored", "Total variation"]
        app.pills(key="restore.mnist.denoise.beside").set_value([]).run()
        assert rows(app) == ["Clean", "Damaged", "Restored"]

    def test_maps_are_switched_on(self, run):
        app = page(restore__difference="true", restore__misfit="true")
        assert rows(app) == [
            *("Clean", "Damaged", "Restored", "Difference", "Does not fit", "Non-local means", "Difference")
        ]
        drawn = {row["label"]: row for row in film(app)["rows"]}
        assert drawn["Does not fit"]["note"] == "0 to 0.05" and len(drawn["Does not fit"]["scale"]) > 2
        assert drawn["Difference"]["note"].startswith("±")

    def test_of_a_hole_two_figures_stand_below_each_picture(self, make_run):
        make_run(PRESETS["fill-mnist"].recipe)
        app = page(restore__mnist__task="Fill a hole")
        caption = film(app)["rows"][2]["frames"][0][0]["caption"].replace("\u00a0", " ")
        assert caption == "hole 15.0 dB, 20.0 dB · 0.50"
        assert metric(app, "PSNR in the hole").value == "15.0 dB"

    def test_noise_is_said_to_be_clipped(self, run):
        assert "clipped to black and white" in words(page())

    def test_pictures_that_networks_may_know_are_said_to_be(self, run, answers):
        samples = answers["restore_samples"]
        answers["restore_samples"] = lambda arguments, out: {**samples(arguments, out), "seen": True}
        app = page()
        assert "may have learned from these" in words(app) and button(app, "Get all")

    def test_without_any_picture_the_data_is_offered(self, monkeypatch, engine):
        def resolve(self):
            raise NotAtHand("Fashion-MNIST is not on this machine.")

        monkeypatch.setattr(FashionMnist, "resolve", resolve)
        app = page(restore__subject="Clothes")
        assert "not on this machine" in words(app).replace("\\", "") and button(app, "Get")
        assert not engine.of("restore_samples") and rows(app) is None

    def test_a_failed_job_can_be_tried_again(self, run, engine):
        page()
        (job,) = engine.of("restore_samples")
        engine.states[job], engine.failures[job] = "failed", LabError("The disk is full.")
        app = page()
        assert "The disk is full" in words(app) and rows(app) is None
        engine.failures.clear()
        button(app, "Try again").click().run()
        assert engine.states[job] == "done"

    def test_a_network_of_ones_own_is_trained_for_the_strength_on_screen(self, run, engine):
        app = page(restore__mnist__denoise="0.3")
        assert "taught one strength alone, σ 0.3" in words(app)
        (link,) = [item for item in app.get("page_link") if item.proto.label == "Change its settings first"]
        assert "train.gaussian.stddev=0.3" in link.proto.query_string
        button(app, "Train it here").click().run()
        (asked,) = arguments_of(engine, "train")
        recipe = Recipe.from_json(asked["recipe"])
        assert recipe == replace(OWN, corruption=GaussianNoise(0.3), fit=replace(OWN.fit, epochs=recipe.fit.epochs))
        steps = recipe.fit.epochs * (asked["recipe"]["data"]["train"] // recipe.fit.batch_size)
        assert steps == pytest.approx(1000, rel=0.1)

    def test_without_damage_the_labs_own_network_is_what_could_be_trained(self, run, engine):
        assert "Trained on exactly the data that is here" in words(page(restore__mnist__denoise="0"))


class TestOneRun:
    def test_opens_at_its_place_and_strength(self, run, other, engine):
        app = page(run=other.key)
        assert app.slider(key="restore.mnist.denoise").value == 0.25
        assert "Dense, σ 0.25" in rows(app)

    def test_of_ones_own_stands_beside_the_lab_network(self, run, make_run, engine):
        mine = make_run(OWN.setting("fit.epochs", 1))
        app = page(run=mine.key)
        assert arguments_of(engine, "restore_samples")[-1]["keys"] == [run.key, mine.key]
        assert rows(app)[3] == f"U-Net, up to σ 0.6 · {mine.key[:6]}"

    def test_that_restores_nothing_here_gets_a_sentence_and_a_way_on(self, make_run):
        plain = make_run(PRESETS["first-light"].recipe)
        app = page(run=plain.key)
        assert "not offered here" in words(app) and rows(app)
        assert [item for item in app.get("page_link") if "where it was trained" in item.proto.label]

    def test_that_is_gone_gets_a_sentence(self, run):
        app = page(run="0" * 16)
        assert "may have been deleted" in words(app).replace("\\", "") and rows(app)


class TestDrawing:
    @pytest.fixture
    def drawn(self, monkeypatch):
        monkeypatch.setattr(restore_draw, "canvas", lambda key, size: pictures(1)[0])

    def html(self, app):
        return " ".join(item.proto.body for item in app.get("html"))

    def test_is_offered_for_digits_only(self, run):
        assert page().segmented_control(key="restore.mnist.section").options == ["The lab’s pictures", "Draw"]
        assert "Draw" not in words(page(restore__subject="Clothes"))

    def test_shows_an_example_first(self, run, engine):
        app = page(restore__mnist__section="Draw")
        assert "An example, until you draw" in words(app) and not engine.of("restore_drawing")
        assert "An example, restored by U-Net" in self.html(app)

    def test_is_damaged_and_restored(self, run, other, drawn, engine):
        app = page(restore__mnist__section="Draw", restore__mnist__denoise="0.5")
        (asked,) = arguments_of(engine, "restore_drawing")
        assert asked["strength"] == 0.5 and asked["keys"] == [run.key, other.key]
        found = re.findall(r'alt="([^"]+)"', self.html(app))
        assert found == ["Your drawing as the network knows digits", "Your drawing, damaged, σ 0.5",
                         "Your drawing, restored by U-Net, up to σ 0.6", "Your drawing, restored by Dense, σ 0.25",
                         "Your drawing, restored by Non-local means"]  # fmt: skip

    def test_without_a_network_what_learns_nothing_is_shown(self, drawn):
        app = page(restore__mnist__section="Draw")
        assert "what is shown learns nothing" in words(app) and "Non-local means" in self.html(app)

    def test_that_is_refused_gets_the_sentence(self, run, drawn, engine):
        page(restore__mnist__section="Draw")
        (job,) = engine.of("restore_drawing")
        engine.states[job], engine.failures[job] = "failed", RequestError("The drawing is too large.")
        assert "too large" in words(page(restore__mnist__section="Draw"))


def test_strengths_of_photographs_are_said_in_steps_of_a_file(make_run, engine):
    make_run(PRESETS["denoise-photos"].recipe)
    app = page(restore__subject="Photographs", restore__photos__denoise="50")
    assert app.slider(key="restore.photos.denoise").label == "Noise σ, of 255"
    assert arguments_of(engine, "restore_samples")[-1]["strength"] == 50 / 255


def test_a_run_that_is_gone_is_said_for_as_long_as_the_address_asks_for_it(run):
    app = page(run="0123456789abcdef")
    assert "There is no run 0123456789abcdef" in words(app)
    app.run()
    assert "There is no run 0123456789abcdef" in words(app) and rows(app)

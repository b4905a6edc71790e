import json
import re
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from aecore.datasets.mnist import Mnist
from aecore.errors import LabError, NotAtHand, RequestError
from aecore.models.dense import Dense
from aecore.models.unet import UNet
from aecore.models.vae import Variational
from aecore.recipe import Recipe
from aecore.store import Run
from pages.ui import latent_map, latent_own, latent_pictures, latent_scene, latent_training, latent_walk, latent_worth
from pages.ui.latent_drawing import grid_shape
from pages.ui.latent_kept import images_of, text_of
from pages.ui.latent_map import Layers, Picked, isolated_on, packed, seen_on
from pages.ui.latent_scene import Found
from pages.ui.latent_sliders import Range
from tests.pages.conftest import pictures

ROOT = Path(__file__).parent.parent.parent
PAGE = "pages/explore/latent_space.py"
COUNT = 40
CLASSES = [str(digit) for digit in range(10)]
FLAT, LONG = Recipe(Mnist(), model=Variational(latent_dim=2)), Recipe(Mnist(), model=Dense(latent_dim=12))
SECTIONS = ["Map", "Walk", "Add and subtract", "Sliders", "Samples", "Compare", "Training", "What it is worth"]


def codes(size, seed=0):
    return np.random.default_rng(seed).normal(size=(COUNT, size)).astype(np.float32)


def map_answer(size, **said):
    """A scripted answer of the task `latent_map`."""

    def answer(arguments, out):
        made, bends = codes(size), arguments["projection"] == "tsne"
        components = np.zeros((0, size), np.float32) if bends else np.eye(2, size, dtype=np.float32)
        np.savez(
            out / "map.npz", points=made[:, :2], codes=made.astype(np.float16), images=pictures(COUNT),
            labels=(np.arange(COUNT) % 10).astype(np.int16), errors=np.linspace(0.001, 0.1, COUNT, dtype=np.float32),
            scores=np.linspace(0, 5, COUNT, dtype=np.float32), index=np.arange(COUNT, dtype=np.int32),
            lows=made.min(axis=0), highs=made.max(axis=0), order=np.arange(size, dtype=np.int32)[::-1],
            mean=np.zeros(size, np.float32), components=components,
        )  # fmt: skip
        return {
            "count": COUNT, "of": 100, "classes": CLASSES, "trustworthiness": 0.87, "trustworthiness_codes": 0.9,
            "trustworthiness_count": COUNT, "explained": None, "seconds": 21.3, "axes": [0, 1], **said,
        }  # fmt: skip

    return answer


def decode_answer(arguments, out):
    count = len(arguments["codes"])
    np.savez(out / "decoded.npz", images=pictures(count))
    return {"count": count}


def near(count):
    labels = {f"{kind}_labels": np.arange(count).astype(np.int16) for kind in ("by_code", "by_pixels")}
    distances = {f"{kind}_distances": np.ones(count, np.float32) for kind in ("by_code", "by_pixels")}
    return {"by_code": pictures(count), "by_pixels": pictures(count, seed=1), **labels, **distances}


def neighbours_answer(arguments, out):
    count = arguments["count"]
    np.savez(out / "neighbours.npz", image=pictures(1)[0], output=pictures(1)[0], **near(count))
    return {"label": 3, "error": 0.01, "classes": CLASSES}


def encode_answer(arguments, out):
    np.savez(out / "encoded.npz", image=pictures(1)[0], output=pictures(1)[0], **near(8))
    return {"code": [0.25, -0.5], "neighbours_latent": [1, 2, 3], "psnr": 17.5, "score": 1.2, "classes": CLASSES}


def samples_answer(arguments, out):
    count = arguments["count"]
    labels, distances = np.zeros(count, np.int16), np.full(count, 0.1, np.float32)
    images = {"images": pictures(count), "nearest": pictures(count, seed=1)}
    np.savez(out / "samples.npz", **images, nearest_labels=labels, distances=distances)
    return {"source": "gaussian", "nearest_of": "training", "of": 4000, "typical_distance": 0.3, "classes": CLASSES}


def worth_answer(arguments, out):
    np.savez(out / "latent.npz", variance=np.linspace(1, 0, 12))
    kinds = ("knn_accuracy", "linear_accuracy")
    accuracies = {f"{kind}{of}": 0.9 for kind in kinds for of in ("", "_pca", "_pixels")}
    figures = {"mse": 0.01, "pca_mse": 0.03, "active_units": 7, "trustworthiness": 0.97, "trustworthiness_pca": 0.96}
    return {**figures, **accuracies, "latent_dim": 12, "train": 4000, "test": 1000}


@pytest.fixture(autouse=True)
def script(engine):
    latent_scene._shared.clear()
    engine.answers |= {
        "latent_map": map_answer(2), "latent_tsne": map_answer(2),
        "latent_decode": decode_answer, "latent_neighbours": neighbours_answer,
        "latent_encode": encode_answer, "latent_samples": samples_answer, "latent": worth_answer,
    }  # fmt: skip


@pytest.fixture
def flat(make_run):
    return make_run(FLAT)


@pytest.fixture
def long(make_run, engine):
    engine.answers["latent_map"] = engine.answers["latent_tsne"] = map_answer(12)
    return make_run(LONG)


def opened(**query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    for name, value in query.items():
        app.query_params[name.replace("__", ".")] = value
    app.switch_page(PAGE).run()
    assert not app.exception and not app.error, [item.value for item in app.error]
    return app


def words(app):
    kinds = ("title", "subheader", "markdown", "caption", "warning", "info", "metric")
    return "\n".join(str(item.value) for kind in kinds for item in getattr(app, kind)).replace("\\", "")


def shown(app):
    """The HTML of all pictures, and what is said below them."""
    return "\n".join(item.proto.body for item in app.get("html"))


def asked(engine, function):
    return [arguments for name, arguments in engine.asked if name == function]


class TestThePage:
    def test_without_any_run_it_says_so_and_leads_to_training(self):
        app = opened()
        assert "No finished run here has a latent vector" in words(app)
        assert [link for link in app.get("page_link") if link.proto.label == "Train a network"]

    def test_a_run_without_a_code_is_not_offered(self, make_run, flat):
        make_run(Recipe(Mnist(), model=UNet()))
        assert len(opened().selectbox(key="latent.run").options) == 1

    @pytest.mark.parametrize("section", SECTIONS)
    @pytest.mark.parametrize("size", ["flat", "long"])
    def test_every_section_opens_from_its_address(self, section, size, request):
        run = request.getfixturevalue(size)
        app = opened(run=run.key, latent__section=section)
        assert app.title[0].value.startswith("MNIST digits through")
        assert not app.warning

    def test_only_the_open_section_computes(self, flat, engine):
        opened(latent__section="Samples")
        assert not asked(engine, "latent_map") and not asked(engine, "latent") and asked(engine, "latent_samples")

    @pytest.mark.parametrize("key", ["0" * 16, "../../etc/passwd", "![x](http://a.b/c.png)"])
    def test_a_key_that_leads_nowhere_gets_a_sentence_and_another_run_is_shown(self, key, flat):
        app = opened(run=key)
        assert re.search("no run|16 hex digits", app.warning[0].value) and "![" not in app.warning[0].value
        assert app.title[0].value == "MNIST digits through 2 numbers"

    def test_a_link_to_a_run_without_a_code_gets_a_sentence(self, make_run, flat):
        run = make_run(Recipe(Mnist(), model=UNet()))
        assert "has no latent vector" in words(opened(run=run.key))

    def test_choosing_a_run_puts_it_into_the_address(self, make_run, flat):
        other = make_run(LONG)
        app = opened(run=flat.key)
        app.selectbox(key="latent.run").set_value(other.key).run()
        assert app.query_params["run"] == other.key and not app.exception

    @pytest.mark.parametrize("model, linked", [(Dense(latent_dim=12), True), (UNet(), False)])
    def test_results_of_a_training_lead_here(self, make_run, model, linked):
        run = make_run(Recipe(Mnist(), model=model))
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        app.query_params["run"] = run.key
        app.switch_page("pages/explore/train.py").run()
        links = [item.proto for item in app.get("page_link") if item.proto.label == "See its latent space"]
        assert [item.query_string for item in links] == [f"run={run.key}"] * linked

    def test_a_failed_map_can_be_tried_again(self, flat, engine):
        app = opened()
        (job,) = engine.of("latent_map")
        engine.states[job], engine.failures[job] = "failed", LabError("The disk is full.")
        app.run()
        assert "The disk is full" in str(app.error[0].value)
        engine.failures.clear()
        next(item for item in app.button if item.label == "Try again").click().run()
        assert engine.states[job] == "done" and not app.error

    def test_without_its_data_it_offers_to_get_it(self, flat, engine):
        app = opened()
        (job,) = engine.of("latent_map")
        engine.states[job], engine.failures[job] = "failed", NotAtHand("The data of this run is not here.")
        app.run()
        assert "is not here" in words(app) and [
            item for item in app.button if item.label.startswith("Get all 70,000 MNIST")
        ]

    def test_a_stored_map_is_said_to_be_stored(self, flat, engine):
        engine.answers["latent_map"] = map_answer(2, stored=True)
        assert "stored with the run" in words(opened())


class TestTheMap:
    def test_it_says_how_many_points_there_are_and_how_far_it_is_to_be_trusted(self, flat):
        assert "40 of 100 test images; trustworthiness 0.87." in words(opened())

    def test_two_numbers_are_shown_as_they_are(self, flat, engine):
        opened()
        assert asked(engine, "latent_map") == [{"key": flat.key, "projection": "codes"}]

    def test_longer_codes_go_through_a_projection_which_the_address_names(self, long, engine):
        opened()
        app = opened(latent__projection="t-SNE")
        assert [arguments["projection"] for arguments in asked(engine, "latent_map")] == ["pca"]
        assert [arguments["projection"] for arguments in asked(engine, "latent_tsne")] == ["tsne"]
        assert "laid out by t-SNE in 21 s" in words(app)

    def test_two_numbers_of_a_longer_code_can_be_chosen(self, long, engine):
        opened(latent__projection="Numbers", latent__across="3", latent__up="7")
        assert asked(engine, "latent_map")[-1]["axes"] == [2, 6]

    def test_the_first_image_is_chosen_until_somebody_clicks(self, flat, engine):
        app = opened()
        assert asked(engine, "latent_neighbours")[0]["index"] == 0
        assert "image 0" in shown(app) and "comes back, 30.0 dB" in shown(app)

    def test_a_chosen_image_is_in_the_address_and_opens_from_it(self, flat, engine):
        app = opened(latent__image="17")
        assert asked(engine, "latent_neighbours")[0]["index"] == 17
        assert app.query_params["latent.image"] == "17"

    def test_a_place_opens_from_the_address_and_is_decoded(self, flat, engine):
        app = opened(latent__place="0.5,-0.25")
        assert [[0.5, -0.25]] in [arguments["codes"] for arguments in asked(engine, "latent_decode")]
        assert "Decoded at 0.50, -0.25" in shown(app) and "No test image lies here" in words(app)

    @pytest.mark.parametrize("place", ["nan,1", "1", "a,b", "inf,0", "1,2,3", "<b>,1"])
    def test_an_address_that_makes_no_sense_is_left_out(self, place, flat, engine):
        opened(latent__place=place, latent__image="-4")
        assert asked(engine, "latent_neighbours")[0]["index"] == 0

    def test_places_of_a_map_that_bends_are_not_decoded(self, long, engine):
        opened(latent__projection="t-SNE")
        assert not asked(engine, "latent_decode") and asked(engine, "latent_neighbours")

    def test_decoded_images_lie_below_the_points(self, flat, engine):
        opened(latent__under="Decoded images")
        assert max(len(arguments["codes"]) for arguments in asked(engine, "latent_decode")) > 350

    def test_neighbours_of_another_class_are_counted(self, flat):
        assert "Nearest by code: 1 of 6 of the same class" in words(opened())

    @pytest.mark.parametrize("label, end", [("Walk from here", "from"), ("Walk to here", "to")])
    def test_the_chosen_image_can_be_walked_from_and_to(self, label, end, flat):
        app = opened(latent__image="17")
        next(item for item in app.button if item.label == label).click().run()
        assert app.segmented_control(key="latent.section").value == "walk"
        assert app.number_input(key=f"latent.{end}").value == 17

    def test_its_numbers_can_be_moved(self, flat):
        app = opened(latent__image="17")
        next(item for item in app.button if item.label == "Move its numbers").click().run()
        assert app.slider and not app.exception

    def test_a_job_that_takes_longer_is_waited_for(self, flat, engine, monkeypatch):
        monkeypatch.setattr("pages.ui.latent_jobs.PATIENCE", 0.05)
        app = opened()
        (job,) = engine.of("latent_neighbours")
        engine.states[job] = "running"
        app.run()
        assert app.get("skeleton") and "comes back" not in shown(app)


class TestWhatTheMapSends:
    BOX = (0.0, 0.0, 2.0, 1.0)

    def map(self, monkeypatch, sent, **options):
        self.said, self.data = [], {}
        monkeypatch.setattr(latent_map, "_MAP", lambda **given: self.data.update(given["data"]))
        monkeypatch.setattr(latent_map, "say", self.said.append)
        monkeypatch.setattr(st, "session_state", {"map": sent})
        return latent_map.latent_map("map", "points", self.BOX, 5, "A map", CLASSES, Layers(), **options)

    def test_a_click_is_taken(self, monkeypatch):
        picked, lassoed = self.map(monkeypatch, {"picked": {"id": "points", "x": 1, "y": 0.5, "index": 3}})
        assert picked == Picked(1.0, 0.5, 3) and not len(lassoed) and not self.said

    def test_a_lasso_is_taken(self, monkeypatch):
        _, lassoed = self.map(monkeypatch, {"lassoed": {"id": "points", "indices": [4, 0, 4]}})
        assert lassoed.tolist() == [0, 4]

    def test_what_belongs_to_other_points_is_left_out(self, monkeypatch):
        before = Picked(0.1, 0.2, 1)
        sent = {"picked": {"id": "others", "x": 1, "y": 1, "index": 99}, "lassoed": {"id": "others", "indices": [99]}}
        picked, lassoed = self.map(monkeypatch, sent, picked=before, lassoed=[2])
        assert picked == before and lassoed.tolist() == [2] and not self.said

    @pytest.mark.parametrize("x", [None, "1", float("nan"), float("inf"), 1e9, True, [1], 10**400])
    @pytest.mark.parametrize("index", [0, -1])
    def test_a_hostile_place_gets_a_sentence(self, x, index, monkeypatch):
        picked, _ = self.map(monkeypatch, {"picked": {"id": "points", "x": x, "y": 0.5, "index": index}})
        assert picked is None and "Click again" in str(self.said[0])

    @pytest.mark.parametrize("index", [5, -2, None, 1.5, "1", True, 10**400])
    def test_a_hostile_index_gets_a_sentence(self, index, monkeypatch):
        picked, _ = self.map(monkeypatch, {"picked": {"id": "points", "x": 1, "y": 0.5, "index": index}})
        assert picked is None and "Click again" in str(self.said[0])

    @pytest.mark.parametrize("indices", [None, "012", [5], [-1], [0.5], [True], [0] * 6, {"0": 1}, [[0]]])
    def test_a_hostile_lasso_gets_a_sentence(self, indices, monkeypatch):
        _, lassoed = self.map(monkeypatch, {"lassoed": {"id": "points", "indices": indices}})
        assert not len(lassoed) and "Draw it again" in str(self.said[0])

    @pytest.mark.parametrize("sent", ["text", 7, [1]])
    def test_something_else_altogether_gets_a_sentence(self, sent, monkeypatch):
        picked, lassoed = self.map(monkeypatch, {"picked": sent, "lassoed": sent})
        assert picked is None and not len(lassoed) and self.said

    def test_what_is_drawn_is_described(self, monkeypatch):
        self.map(monkeypatch, {})
        assert self.data["label"] == "A map" and len(self.data["colours"]) == 10


def test_arrays_travel_with_a_head_that_says_where_they_are():
    content = packed("name", {"a": np.arange(3, dtype=np.float32), "b": np.array([1, 2], np.uint8)}, size=4)
    length = int.from_bytes(content[:4], "little")
    head, body = json.loads(content[4 : 4 + length]), content[4 + length :]
    first, second = head["arrays"]
    assert head["id"] == "name" and head["values"] == {"size": 4}
    assert np.frombuffer(body[first["offset"] :][: first["length"]], "<f4").tolist() == [0, 1, 2]
    assert body[second["offset"] :][: second["length"]] == b"\x01\x02"


@pytest.mark.parametrize("width, height", [(1, 1), (2, 1), (1, 3), (90, 1), (1, 1000)])
def test_decoded_images_fill_the_map_and_are_nearly_square(width, height):
    columns, rows = grid_shape((0, 0, width, height))
    assert 300 < columns * rows <= 400
    assert 0.8 < width / columns / (height / rows) < 1.25 or columns == rows == 20


class TestYourOwnPicture:
    def test_the_canvas_is_there_for_grey_pictures(self, flat):
        app = opened(latent__beside="Your own")
        assert "Its dot appears on the map" in words(app) and not app.file_uploader

    def test_what_is_drawn_is_encoded_and_gets_a_mark(self, flat, engine, monkeypatch):
        drawn = np.zeros((28, 28, 1), np.uint8)
        monkeypatch.setattr(latent_own, "canvas", lambda *arguments: drawn)
        app = opened(latent__beside="Your own")
        assert asked(engine, "latent_encode") == [{"key": flat.key}]
        assert "comes back, 17.5 dB" in shown(app) and "1.2 σ" in words(app)

    def test_a_picture_that_cannot_be_read_gets_a_sentence(self, flat, engine, monkeypatch):
        monkeypatch.setattr(latent_own, "canvas", lambda *arguments: np.ones((28, 28, 1), np.uint8))
        app = opened(latent__beside="Your own")
        (job,) = engine.of("latent_encode")
        engine.states[job], engine.failures[job] = "failed", RequestError("The picture is damaged.")
        app.run()
        assert "The picture is damaged" in words(app)

    @pytest.mark.parametrize("rows, place", [(2, (0.25, -0.5)), (0, None)])
    def test_its_dot_lies_at_its_code_or_among_its_neighbours(self, rows, place, flat, engine):
        made = codes(2)
        arrays = {"points": made, "mean": np.zeros(2), "components": np.eye(2)[:rows], "index": np.arange(COUNT)}
        job = engine.submit("latent_encode", {"key": flat.key})
        (mark,) = latent_own.marks(Found("job", {}, arrays), latent_own.Own({}, engine.status(job)))
        expected = made[1:4].mean(axis=0) if place is None else place
        assert np.allclose([mark["x"], mark["y"]], expected) and mark["text"] == "yours"


class TestTheWalk:
    def test_its_ends_come_from_the_address_and_both_ways_are_decoded_at_once(self, long, engine):
        app = opened(latent__section="Walk", latent__from="4", latent__to="9")
        (arguments,) = asked(engine, "latent_decode")
        way = np.array(arguments["codes"])
        assert len(way) == 2 * latent_walk.STEPS
        ends = codes(12).astype(np.float16)[[4, 9]]
        assert np.allclose(way[[0, latent_walk.STEPS - 1]], ends, atol=1e-3)
        assert np.allclose(way[[latent_walk.STEPS, -1]], ends, atol=1e-3)
        assert "From “4”, image 4 to “9”, image 9." in words(app)

    def test_two_others_are_of_different_classes(self, long):
        app = opened(latent__section="Walk")
        next(item for item in app.button if item.label == "Two others").click().run()
        first, second = (app.number_input(key=f"latent.{end}").value for end in ("from", "to"))
        assert first % 10 != second % 10

    def test_mixed_pixels_begin_and_end_with_the_pictures(self):
        images = pictures(2)
        mixed = latent_walk.mixed(images)
        assert np.array_equal(mixed[0], images[0]) and np.array_equal(mixed[-1], images[1])


class TestArithmetic:
    def test_the_difference_of_two_groups_is_added_by_steps(self, long, engine):
        opened(latent__section="Add and subtract", latent__base="5", latent__with="7", latent__without="1")
        (arguments,) = asked(engine, "latent_decode")
        sent, known = np.array(arguments["codes"]), codes(12).astype(np.float16).astype(np.float32)
        labels = np.arange(COUNT) % 10
        difference = known[labels == 7].mean(axis=0) - known[labels == 1].mean(axis=0)
        assert np.allclose(sent[2], known[5] - difference, atol=1e-3)
        assert np.allclose(sent[-1], known[5] + 2 * difference, atol=1e-3)

    def test_an_empty_side_gets_a_sentence(self, long):
        app = opened(latent__section="Add and subtract")
        app.multiselect(key="latent.with").set_value([]).run()
        assert "Choose at least one class" in words(app)

    def test_the_lasso_is_a_group(self, long):
        app = opened()
        app.session_state["latent.kept"] = {
            "run": long.key, "map": "", "image": 0, "place": None, "lassoed": [3, 4],
        }  # fmt: skip
        app.query_params["latent.section"] = "Add and subtract"
        app.segmented_control(key="latent.section").set_value("sums").run()
        assert "The lasso" in app.multiselect(key="latent.with").options

    def test_the_lasso_of_a_link_is_one_too(self, long):
        app = opened(latent__section="Add and subtract", latent__lasso=text_of([3, 4, 17]))
        assert "The lasso" in app.multiselect(key="latent.with").options

    @pytest.mark.parametrize(
        "sent, expected",
        [
            (None, None),
            ({"id": "others", "classes": [1]}, None),
            ({"id": "points", "classes": [7, 3, 3]}, [3, 7]),
            ({"id": "points", "classes": [10, -1, "2", True, None]}, []),
            ({"id": "points", "classes": "7"}, None),
        ],
    )
    def test_classes_shown_alone_are_those_of_this_map(self, sent, expected, monkeypatch):
        monkeypatch.setattr(st, "session_state", {"map": {"isolated": sent}})
        assert isolated_on("map", "points", 10) == expected

    @pytest.mark.parametrize(
        "sent, expected",
        [
            (None, None),
            ({"id": "others", "view": [2, 0, 0]}, None),
            ({"id": "points", "view": [2, 0.5, -1]}, [2.0, 0.5, -1.0]),
            ({"id": "points", "view": []}, []),
            ({"id": "points", "view": [2, 0.5]}, None),
            ({"id": "points", "view": [2, "x", True]}, None),
            ({"id": "points", "view": [10**400, 0, 0]}, None),
        ],
    )
    def test_the_part_that_is_looked_at_is_one_of_this_map(self, sent, expected, monkeypatch):
        monkeypatch.setattr(st, "session_state", {"map": {"seen": sent}})
        assert seen_on("map", "points") == expected

    @pytest.mark.parametrize("text", ["?", "AAAA", "é", "x" * 5000])
    def test_a_lasso_that_cannot_be_read_is_left_out(self, text, long):
        assert images_of(text) == []
        app = opened(latent__section="Add and subtract", latent__lasso=text)
        assert not app.exception and "The lasso" not in app.multiselect(key="latent.with").options

    def test_a_lasso_of_an_address_does_not_unpack_to_more_than_there_can_be(self):
        assert images_of(text_of([3, 500, 9_999])) == [3, 500, 9_999]
        assert max(images_of(text_of(list(range(500_000))))) < 100_000


class TestSliders:
    def test_there_is_one_for_each_number_the_most_varied_first(self, long):
        app = opened(latent__section="Sliders")
        labels = [item.label for item in app.slider]
        assert labels == [f"Number {number}" for number in range(12, 0, -1)]
        assert [item.label for item in app.expander] == ["4 more that vary less"]

    def test_moving_one_decodes_another_code(self, long, engine):
        app = opened(latent__section="Sliders", latent__start="Zero")
        slider = app.slider(key="latent.z3")
        slider.set_value(slider.max).run()
        sent = np.array(asked(engine, "latent_decode")[-1]["codes"])
        changed = np.flatnonzero(np.abs(sent[0] - sent[1]) > 0.5)
        assert changed.tolist() == [2] and sent[0, 2] == pytest.approx(slider.max, abs=1e-3)

    def test_they_begin_elsewhere_when_another_beginning_is_chosen(self, long):
        app = opened(latent__section="Sliders")
        app.segmented_control(key="latent.start").set_value("zero").run()
        assert all(abs(item.value) < 0.1 for item in app.slider)

    def test_a_link_says_where_they_stand(self, long, engine):
        app = opened(latent__section="Sliders", latent__start="Zero", latent__z3="0.5")
        assert app.slider(key="latent.z3").value == pytest.approx(0.5)


class TestSamples:
    def test_they_stand_beside_the_nearest_training_images(self, flat, engine):
        app = opened(latent__section="Samples", latent__seed="3")
        assert asked(engine, "latent_samples") == [{"key": flat.key, "count": 24, "seed": 3}]
        assert "fits the codes of its training images" in words(app)
        assert "0.100 from the nearest of 4,000 training images" in words(app)
        assert "by heart" in words(app)  # a third of what is usual

    def test_others_can_be_drawn(self, flat, engine):
        app = opened(latent__section="Samples")
        next(item for item in app.button if item.label == "Draw others").click().run()
        assert [arguments["seed"] for arguments in asked(engine, "latent_samples")] == [0, 1]


class TestCompare:
    def test_without_another_run_it_offers_to_train_one(self, flat):
        app = opened(latent__section="Compare")
        (link,) = [item for item in app.get("page_link") if "plain one" in item.proto.label]
        assert "train.dense.latent_dim=2" in link.proto.query_string

    def test_two_runs_of_equal_size_stand_side_by_side(self, flat, make_run, engine):
        other = make_run(Recipe(Mnist(), model=Dense(latent_dim=2)))
        make_run(LONG)
        app = opened(run=flat.key, latent__section="Compare")
        assert len(app.selectbox(key="latent.other").options) == 1
        assert {arguments["key"] for arguments in asked(engine, "latent_map")} == {flat.key, other.key}
        assert len([arguments for arguments in asked(engine, "latent_decode") if len(arguments["codes"]) > 350]) == 2

    def test_decoded_images_may_lie_below_the_points_too(self, flat, make_run):
        make_run(Recipe(Mnist(), model=Dense(latent_dim=2)))
        app = opened(run=flat.key, latent__section="Compare", latent__under="Decoded images")
        assert not app.exception and not app.error

    def test_its_twin_without_clouds_comes_first(self, flat, make_run):
        make_run(Recipe(Mnist(), model=Dense(widths=(9,), latent_dim=2)), name="dense")
        twin = make_run(Recipe(Mnist(), model=Dense(latent_dim=2)), name="plain-mnist-2")
        make_run(Recipe(Mnist(), model=Dense(widths=(7,), latent_dim=2)), name="dense-too")
        assert opened(run=flat.key, latent__section="Compare").selectbox(key="latent.other").value == twin.key
        assert opened(run=twin.key, latent__section="Compare").selectbox(key="latent.other").value != twin.key


class TestTraining:
    def test_codes_of_two_numbers_move_as_they_are(self):
        frames = np.random.default_rng(0).normal(size=(3, 5, 2)).astype(np.float32)
        assert np.array_equal(latent_training.places(frames), frames)

    def test_longer_codes_move_in_the_plane_of_the_end(self):
        frames = np.random.default_rng(0).normal(size=(3, 50, 6)).astype(np.float32) * [3, 2, 1, 1, 1, 1]
        places = latent_training.places(frames.astype(np.float32))
        assert places.shape == (3, 50, 2) and np.allclose(places[-1].mean(axis=0), 0, atol=1e-5)

    def test_one_number_lies_on_a_line(self):
        assert not latent_training.places(np.ones((2, 4, 1), np.float32))[..., 1].any()

    def test_a_run_without_codes_says_so(self, flat):
        assert "kept no codes" in words(opened(latent__section="Training"))


class TestWorth:
    def test_every_figure_has_its_neighbour(self, long):
        app = opened(latent__section="What it is worth")
        labels = {item.label: item.delta for item in app.metric}
        assert labels["PSNR, test images"] == "PCA 17.9 dB" and labels["Squared error"] == "PCA 0.03, 3× lower"
        assert "7 of 12 numbers are active" in words(app) and "Measured when" not in words(app)
        assert all(chart.proto.alt for chart in app.get("plotly_chart"))

    def test_what_was_measured_when_the_run_was_made_is_not_measured_again(self, long, engine, monkeypatch, tmp_path):
        value = worth_answer({}, tmp_path)
        monkeypatch.setattr(Run, "finding", lambda self, task: (value, {}) if task == "latent" else None)
        app = opened(latent__section="What it is worth")
        assert "Measured when the run was made" in words(app) and not asked(engine, "latent")
        assert "3× lower" in str([item.delta for item in app.metric])

    def test_a_run_that_is_told_the_class_is_not_compared(self, long, make_run):
        told = make_run(Recipe(Mnist(), model=Variational(latent_dim=2, labels=True)))
        assert [item.size for item in latent_worth.beside(long)] == [12]
        assert sorted(item.size for item in latent_worth.beside(told)) == [2, 12]


class TestPictures:
    def test_what_people_wrote_is_not_read_as_html(self):
        shown = latent_pictures._figure(latent_pictures.Picture(pictures(1)[0], '"><script>', "<b>x</b>"), 56)
        assert "<script>" not in shown and "<b>" not in shown

    def test_small_ones_are_enlarged_by_whole_factors(self):
        shown = latent_pictures._figure(latent_pictures.Picture(pictures(1)[0], "seven"), 100)
        assert "width:84px;height:84px" in shown


class TestANetworkThatIsToldTheClass:
    @pytest.fixture
    def told(self, make_run):
        return make_run(Recipe(Mnist(), model=Variational(latent_dim=2, labels=True)))

    def test_decodes_as_the_class_that_was_chosen_and_as_every_other(self, told, engine):
        app = opened(run=told.key)
        assert "told each class in turn" in words(app) and "Told “9”" in shown(app)
        requests = asked(engine, "latent_decode")
        assert [0] in [item["labels"] for item in requests] and list(range(10)) in [item["labels"] for item in requests]
        app.selectbox(key="latent.as").set_value(7).run()
        assert asked(engine, "latent_decode")[-1]["labels"] == [7] and not app.exception

    @pytest.mark.parametrize("section", SECTIONS)
    def test_every_section_tells_it(self, told, engine, section):
        app = opened(run=told.key, latent__section=section, latent__as="4")
        requests, chosen = asked(engine, "latent_decode"), section in ("Map", "Walk", "Add and subtract", "Sliders")
        assert all(len(item["labels"]) == len(item["codes"]) for item in requests)
        assert bool(requests) == chosen and (not requests or 4 in requests[0]["labels"])
        assert "latent.as" in [item.key for item in app.selectbox] or not chosen

    def test_others_are_told_nothing(self, flat, engine):
        app = opened(run=flat.key)
        assert "latent.as" not in [item.key for item in app.selectbox] and "in turn" not in words(app)
        assert all("labels" not in item for item in asked(engine, "latent_decode"))


@pytest.mark.parametrize("low, high", [(-6.4813, 1.6517507), (0.0, 0.0), (-0.01, 0.013), (1e4, 1.7e4), (-3.0, 3.0)])
def test_a_slider_counts_exactly_to_its_end(low, high):
    span = Range.over(low, high)
    at, steps = span.low, 0
    while at < span.high:
        at, steps = at + span.step, steps + 1
    assert at == span.high and span.low <= low and span.high >= high
    assert high - low < 0.1 or 60 < steps < 150
    assert span.stop(high + 1e6) == span.high and abs(span.stop(low) - low) <= span.step / 2

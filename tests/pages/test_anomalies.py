import json
import re

import numpy as np
import pytest

from aecore.anomaly import auroc, average_precision, best_threshold
from aecore.anomaly.published import PROTOCOLS
from aecore.datasets import Pin
from aecore.datasets.cifar10 import Cifar10
from aecore.datasets.face_or_not import FaceOrNot
from aecore.datasets.fashion_mnist import FashionMnist
from aecore.datasets.mnist import Mnist
from aecore.errors import NotAtHand, RequestError
from aecore.fit import Fit
from aecore.models.dense import Dense
from aecore.presets import PRESETS
from aecore.recipe import Recipe
from aecore.store import file_digest
from pages.ui import anomalies_table
from pages.ui.anomalies_normal import said
from pages.ui.anomalies_setup import FIRST, start
from pages.ui.anomalies_table import fitting, table
from tests.pages.conftest import pictures
from tests.pages.test_pages import button, opened, words

PAGE = "pages/explore/anomalies.py"
PLAIN = PRESETS["dense-mnist-no9"].recipe
NAMES = ("squared_error", "combined")
NORMAL, ABNORMAL = 300, 60


def scores(abnormal=ABNORMAL):
    """What the task “anomaly” gives: two scores, of which the second one tells better."""
    rng = np.random.default_rng(0)
    held_out, normal = (rng.lognormal(-4, 0.5, (2, count)) for count in (200, NORMAL))
    strange = rng.lognormal([[-3.5], [-2.5]], 0.5, (2, abnormal))
    value = {"scores": {}, "default": "combined", "n_normal": NORMAL, "n_anomalous": abnormal, "data": {}}
    for number, name in enumerate(NAMES):
        area = auroc(normal[number], strange[number])
        value["scores"][name] = {
            "auroc": area,
            "auroc_low": area and area - 0.01,
            "auroc_high": area and area + 0.01,
            "average_precision": average_precision(normal[number], strange[number]),
            "threshold": float(np.percentile(held_out[number], 95)),
        }
    value["titles"] = {"squared_error": "Squared error", "combined": "Combination"}
    value["explanations"] = {"squared_error": "The mean squared difference.", "combined": "All of them together."}
    value |= {"classes": list("0123456789"), "threshold_from": "95 % of 200 held-out normal images pass."}
    arrays = {"names": np.array(NAMES), "held_out": held_out, "normal": normal, "abnormal": strange}
    arrays = {name: item.astype(np.float32) if item.ndim == 2 else item for name, item in arrays.items()}
    for group, count, labels in (
        ("normal", NORMAL, np.arange(NORMAL) % 9),
        ("abnormal", abnormal, np.full(abnormal, 9)),
    ):
        arrays |= {f"{group}_labels": labels, f"{group}_index": 1000 + np.arange(count)}
    return value, arrays


def cards(arguments, out):
    found = {}
    for group in ("normal", "abnormal"):
        count = len(arguments[group])
        found[f"{group}_clean"], found[f"{group}_output"] = pictures(count), pictures(count, seed=1)
        found[f"{group}_error"] = np.random.default_rng(0).random((count, 28, 28), dtype=np.float32)
    np.savez(out / "cards.npz", **found)
    return {}


def scored(arguments, out):
    np.savez(out / "scored.npz", image=pictures(1)[0], output=pictures(1)[0], error=np.ones((28, 28), np.float32))
    return {"scores": {"squared_error": 0.5, "combined": 0.001}, "note": "A note."}


@pytest.fixture(autouse=True)
def answers(engine):
    def anomaly(arguments, out):
        value, arrays = scores()
        np.savez(out / "anomaly.npz", **arrays)
        return value

    engine.answers |= {"anomaly": anomaly, "anomaly_cards": cards, "anomaly_score": scored}
    return engine.answers


@pytest.fixture
def run(make_run):
    return make_run(PLAIN, name="dense-mnist-no9")


def page(run=None, **query):
    return opened(PAGE, **({"run": run.key} if run else {}), **query)


def metric(app, label):
    return next(item for item in app.metric if item.label == label)


def histogram(app):
    """What the histogram was given."""
    for item in app.get("bidi_component"):
        data = json.loads(item.proto.json or "null")
        if isinstance(data, dict) and "alarms" in data:
            return data
    return None


class TestWhatIsShown:
    def test_the_histogram_comes_first_and_then_the_numbers(self, run):
        app = page(run)
        assert app.title[0].value == "MNIST digits: “9” held out"
        drawn = histogram(app)
        assert [group["total"] for group in drawn["groups"]] == [NORMAL, ABNORMAL]
        assert {"AUROC", "Average precision", "False alarms", "Missed", "Precision", "Recall", "F1"} <= {
            item.label for item in app.metric
        }
        assert "chance 0.5" in metric(app, "AUROC").delta and "chance 0.167" in metric(app, "Average precision").delta

    def test_the_threshold_begins_where_the_held_out_normal_images_put_it(self, run):
        value, _ = scores()
        drawn = histogram(page(run))
        assert drawn["now"]["value"] == pytest.approx(value["scores"]["combined"]["threshold"])
        assert "95 % of 200 held" in words(page(run)).replace("\\", "")

    def test_each_score_has_its_area_beside_its_name(self, run):
        app = page(run)
        value, _ = scores()
        switch = app.radio(key="anomalies.score")
        assert switch.value == "combined" and switch.options == ["Squared error", "Combination"]
        told = [f"AUROC {value['scores'][name]['auroc']:.3f}" for name in NAMES]
        assert list(switch.proto.captions) == told
        before = metric(app, "AUROC").value
        switch.set_value("squared_error").run()
        assert metric(app, "AUROC").value != before and histogram(app)["quantity"] == "Squared error"

    def test_curves_and_pictures_have_alt_texts(self, run):
        app = page(run)
        charts = app.get("plotly_chart")
        assert len(charts) == 2 and all("chance is" in chart.proto.alt for chart in charts)
        assert all(image.proto.imgs[0].alt for image in app.image)

    def test_the_worst_mistakes_are_asked_for_by_their_place_in_the_data(self, run, engine):
        page(run)
        (arguments,) = [arguments for function, arguments in engine.asked if function == "anomaly_cards"]
        _, arrays = scores()
        assert arguments["normal"][0] == 1000 + int(np.argmax(arrays["normal"][1]))
        assert arguments["abnormal"][0] == 1000 + int(np.argmin(arrays["abnormal"][1]))

    def test_pictures_kept_with_the_scores_are_shown_without_the_images(self, make_run, engine):
        run = keep_scores(make_run(PLAIN, pin=Pin("full", 54_051, 8_991)))

        def kept(arguments, out):
            value, arrays = scores()
            for group, ranked in (("normal", -arrays["normal"]), ("abnormal", arrays["abnormal"])):
                shown = 1000 + np.unique(np.argsort(ranked, axis=1)[:, :6])
                made = pictures(len(shown))
                error = np.ones((len(shown), 28, 28), np.float16)
                arrays |= {f"{group}_shown": shown, f"{group}_clean": made, f"{group}_output": made}
                arrays[f"{group}_error"] = error
            np.savez(out / "anomaly.npz", **arrays)
            return {**value, "stored": True}

        engine.answers["anomaly"] = kept
        said = words(page(run)).replace("\\", "")
        assert "“9”, score" in said and "cannot be shown" not in said and not engine.of("anomaly_cards")

    def test_only_what_is_a_mistake_at_this_threshold_is_shown_as_one(self, run):
        high = page(run, anomalies__threshold__combined="50")
        assert "None at this threshold" in words(high) and "“9”, score" in words(high).replace("\\", "")
        low = page(run, anomalies__threshold__combined="0.000001")
        assert "None at this threshold" in words(low) and "“9”, score" not in words(low).replace("\\", "")

    def test_every_score_is_explained(self, run):
        said = words(page(run)).replace("\\", "")
        assert "The mean squared difference." in said and "All of them together." in said


class TestTheThreshold:
    def test_it_stands_in_the_address_and_everything_follows(self, run):
        app = page(run, anomalies__threshold__combined="0.05")
        _, arrays = scores()
        alarms = int(np.sum(arrays["normal"][1] > 0.05))
        assert histogram(app)["now"] | {"value": 0.05, "alarms": alarms} == histogram(app)["now"]
        assert f"{alarms} of 300 normal" in metric(app, "False alarms").delta
        assert f"{alarms} false alarms" in words(app)

    @pytest.mark.parametrize("text", ["", "nan", "inf", "much", "1e999"])
    def test_nonsense_in_the_address_leaves_the_usual_one(self, run, text):
        assert histogram(page(run, anomalies__threshold__combined=text))["now"] == histogram(page(run))["now"]

    def test_each_score_keeps_its_own(self, run):
        app = page(run, anomalies__threshold__combined="0.05")
        app.radio(key="anomalies.score").set_value("squared_error").run()
        assert histogram(app)["now"]["value"] != 0.05
        app.radio(key="anomalies.score").set_value("combined").run()
        assert histogram(app)["now"]["value"] == 0.05

    def test_buttons_put_it_where_a_share_of_held_out_images_passes(self, run):
        app = page(run)
        button(app, "99 %").click().run()
        _, arrays = scores()
        assert histogram(app)["now"]["value"] == pytest.approx(np.percentile(arrays["held_out"][1], 99), rel=1e-6)
        button(app, "95 %").click().run()
        assert "anomalies.threshold.combined" not in app.query_params

    def test_the_best_one_for_a_cost_is_offered_and_said_to_look_at_the_answers(self, run):
        app = page(run)
        app.select_slider(key="anomalies.cost").set_value(10).run()
        button(app, "Best threshold").click().run()
        _, arrays = scores()
        best = best_threshold(*(arrays[group][1].astype(np.float64) for group in ("normal", "abnormal")), 10)
        assert histogram(app)["now"]["value"] == pytest.approx(best, rel=1e-6)
        said = words(app).replace("\\", "")
        assert "it looks at the abnormal ones" in said and "The default never does" in said

    def test_another_network_begins_with_its_own(self, run, make_run):
        other = make_run(PLAIN.setting("fit.epochs", 3))
        app = page(run, anomalies__threshold__combined="0.05")
        app.selectbox(key="anomalies.pick").set_value(other.key).run()
        assert other.key in app.query_params["run"] and "anomalies.threshold.combined" not in app.query_params

    def test_the_counts_at_all_stops_fall_and_rise(self, run):
        drawn = histogram(page(run))
        assert np.all(np.diff(drawn["alarms"]) <= 0) and np.all(np.diff(drawn["missed"]) >= 0)
        assert len(drawn["stops"]) == len(drawn["alarms"]) == len(set(drawn["stops"]))


class TestWhichNetwork:
    def test_a_finished_one_is_shown_at_first(self, make_run, engine):
        shown = make_run(start(), name=PLAIN and "dense-mnist-no9")
        app = page()
        assert app.selectbox(key="anomalies.pick").value == shown.key and histogram(app)
        assert not engine.of("train")

    def test_on_other_data_it_is_shown_all_the_same_rather_than_trained_on_less(self, make_run):
        keep_scores(make_run(start(), pin=Pin("full", 54_051, 8_991), source="all of it"))
        app = page()
        assert histogram(app) and not [item for item in app.button if item.label.startswith("Train")]

    def test_only_those_that_know_some_classes_are_listed(self, run, make_run):
        make_run(Recipe(Mnist(limit=500)))
        assert len(page(run).selectbox(key="anomalies.pick").options) == 1

    def test_one_that_learned_every_class_is_said_to_have_nothing_abnormal(self, make_run, engine):
        run = make_run(Recipe(Mnist(limit=500)))
        app = page(run)
        assert "holds every class" in words(app).replace("\\", "") and not engine.of("anomaly")

    def test_two_simple_ways_to_say_what_is_normal(self):
        app = page()
        app.selectbox(key="anomalies.class").set_value("3").run()
        assert app.pills(key="anomalies.mnist.normal_classes").value == [0, 1, 2, 4, 5, 6, 7, 8, 9]
        app.radio(key="anomalies.protocol").set_value("One class is normal").run()
        assert app.pills(key="anomalies.mnist.normal_classes").value == [3]
        assert re.match("Train", button(app, "Train").label)

    def test_another_dataset_begins_with_one_class_held_out(self):
        app = page()
        app.selectbox(key="anomalies.dataset").set_value("digits").run()
        assert app.pills(key="anomalies.digits.normal_classes").value == list(range(9))
        assert button(app, "Train")

    def test_faces_are_set_against_what_is_none(self, engine):
        app = page()
        app.selectbox(key="anomalies.dataset").set_value("face_or_not").run()
        assert app.pills(key="anomalies.face_or_not.normal_classes").value == [0]
        choice = app.radio(key="anomalies.class")
        assert choice.options == ["face", "no face"] and choice.value == "face"
        button(app, "Train").click().run()
        assert len(engine.of("train")) == 1
        app.radio(key="anomalies.class").set_value("no face").run()
        assert app.pills(key="anomalies.face_or_not.normal_classes").value == [1]
        app.pills(key="anomalies.face_or_not.normal_classes").set_value([0, 1]).run()
        assert "holds every class (face, no face)" in words(app).replace("\\", "") and not app.exception

    def test_a_link_to_other_data_begins_with_one_class_held_out_too(self):
        app = page(anomalies__dataset="Faces and non-faces")
        assert app.pills(key="anomalies.face_or_not.normal_classes").value == [0] and button(app, "Train")

    def test_every_class_normal_gets_a_sentence_and_no_training(self):
        app = page()
        app.pills(key="anomalies.mnist.normal_classes").set_value(list(range(10))).run()
        assert "holds every class" in words(app).replace("\\", "")
        assert not [item for item in app.button if item.label.startswith("Train")]

    def test_data_without_classes_gets_a_sentence_and_a_way_back(self, make_run):
        run = make_run(start())
        app = page(anomalies__dataset="Faces")
        assert "Faces has no classes" in words(app) and "“Faces and non" in words(app)
        button(app, "Show the network").click().run()
        assert app.selectbox(key="anomalies.pick").value == run.key and histogram(app)

    def test_training_begins_and_can_be_cancelled(self, engine):
        app = page()
        app.selectbox(key="anomalies.class").set_value("3").run()
        button(app, "Train").click().run()
        assert len(engine.of("train")) == 1 and button(app, "Cancel")

    @pytest.mark.parametrize("name", ["copies", "leak", "simple"])
    def test_each_way_to_fail_is_set_up_by_a_button(self, run, name):
        app = page(run)
        app.button(key=f"anomalies.fail.{name}").click().run()
        assert not app.exception and not app.error and not app.warning
        assert "run" not in app.query_params and button(app, "Train")

    def test_the_preset_comes_before_the_published_network(self):
        assert FIRST[0] == "better-mnist-no9"

    @pytest.mark.parametrize(
        ("dataset", "words"),
        [
            (Mnist(normal_classes=tuple(range(9))), "“9” held out"),
            (Mnist(normal_classes=(3,)), "only “3” is normal"),
            (Mnist(normal_classes=(0, 1)), "0, 1 are normal"),
            (Mnist(normal_classes=tuple(range(9)), leak=0.1), "“9” held out, 10% leaked in"),
            (FashionMnist(), "every class is normal"),
        ],
    )
    def test_what_is_normal_is_said(self, dataset, words):
        assert said(dataset) == words


class TestWhatIsMissing:
    def test_scores_stored_with_a_network_are_shown_without_the_data_and_said_to_be(self, make_run, engine):
        run = keep_scores(make_run(PLAIN, pin=Pin("full", 54_051, 8_991)))
        engine.answers["anomaly"] = stored
        app = page(run)
        said = words(app).replace("\\", "")
        assert "stored with the network" in said and histogram(app) and metric(app, "AUROC")
        assert "not on this machine, so its mistakes cannot be shown" in said
        assert [item for item in app.button if item.label.startswith("Get all 70,000")]
        assert not engine.of("anomaly_cards")

    def test_what_ships_with_a_network_is_shown_at_once_without_the_worker(self, make_run, store, engine):
        run = keep_scores(make_run(PLAIN, pin=Pin("full", 54_051, 8_991), name="dense-mnist-no9"))
        store.shipped.mkdir()
        run.folder.rename(store.shipped / run.key)
        app = page()
        assert histogram(app) and not engine.of("anomaly")
        assert "stored with the network, because the images are not on this machine" in words(app)

    def test_without_data_and_without_stored_scores_there_are_ways_on(self, make_run, engine):
        app = page(make_run(PLAIN, pin=Pin("full", 54_051, 8_991), source="all 70,000 digits"))
        said = words(app).replace("\\", "")
        assert "measured on (all 70,000 digits) are not on this machine, and no scores were stored with it" in said
        assert f"{PLAIN.resolve().data.train:,} images to learn from" in said and "Every class in turn" in said
        assert [item for item in app.button if item.label.startswith("Get all 70,000")] and not engine.of("anomaly")
        button(app, "Train").click().run()
        ((function, arguments),) = [asked for asked in engine.asked if asked[0] == "train"]
        assert arguments == {"recipe": PLAIN.resolve().to_json()} and not app.exception

    def test_without_any_of_it_the_same_settings_trained_on_what_is_here_are_a_click_away(self, make_run):
        here, lost = make_run(PLAIN), make_run(PLAIN, pin=Pin("full", 54_051, 8_991))
        app = page(lost)
        assert not histogram(app)
        button(app, "Show that network").click().run()
        assert app.selectbox(key="anomalies.pick").value == here.key and histogram(app)

    def test_without_any_images_at_all_it_says_how_to_get_them(self, make_run):
        recipe = Recipe(FashionMnist(normal_classes=(1,)), model=Dense(latent_dim=8))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(FashionMnist, "sources", lambda self: ())
            app = page(make_run(recipe, pin=Pin("full", 6_000, 1_000)))
            said = words(app).replace("\\", "")
        assert "Fashion-MNIST is not on this machine; download it" in said and not app.exception
        assert [item for item in app.button if item.label.startswith("Get all 70,000")]

    def test_what_the_worker_misses_is_said(self, make_run, engine):
        run = make_run(PLAIN)
        app = page(run)
        (job,) = engine.of("anomaly")
        engine.states[job], engine.failures[job] = "failed", NotAtHand("Its images are not here.")
        app.run()
        assert "Its images are not here" in words(app).replace("\\", "") and not app.exception

    def test_while_the_scores_are_made_there_is_something_in_their_place(self, run, engine):
        app = page(run)
        (job,) = engine.of("anomaly")
        engine.states[job] = "running"
        app.run()
        assert "Scoring all test images" in words(app) and not histogram(app)

    def test_without_abnormal_images_there_is_a_histogram_and_no_curve(self, run, engine):
        def anomaly(arguments, out):
            value, arrays = scores(abnormal=0)
            np.savez(out / "anomaly.npz", **arrays)
            return value

        engine.answers["anomaly"] = anomaly
        app = page(run)
        assert not app.exception and not app.error
        assert histogram(app)["groups"][1]["total"] == 0 and not app.get("plotly_chart")
        assert "no abnormal images" in words(app)

    def test_a_refused_request_gets_its_sentence(self, run, engine):
        app = page(run)
        (job,) = engine.of("anomaly")
        engine.states[job], engine.failures[job] = "failed", RequestError("The class “7” has no image.")
        app.run()
        assert "has no image" in words(app).replace("\\", "")


def keep_scores(run):
    """Puts scores into a run, as a shipped one holds them."""
    value, arrays = scores()
    (run.folder / "anomaly.json").write_text(json.dumps(value))
    np.savez(run.folder / "anomaly.npz", **arrays)
    info = json.loads((run.folder / "run.json").read_text())
    info["files"] |= {name: file_digest(run.folder / name) for name in ("anomaly.json", "anomaly.npz")}
    (run.folder / "run.json").write_text(json.dumps(info))
    return run


def stored(arguments, out):
    value, arrays = scores()
    np.savez(out / "anomaly.npz", **arrays)
    return {**value, "stored": True}


MADE = {
    "labels": [0, 1],
    "classes": ["0", "1"],
    "seeds": [3, 2],
    "scores": {
        "hidden_neighbours": {"classes": [0.991, 0.802], "spreads": [0, 0], "mean": 0.897, "spread": 0.004},
        "squared_error": {"classes": [0.951, 0.402], "spreads": [0, 0], "mean": 0.677, "spread": None},
        "pca_neighbours": {"classes": [0.9, 0.47], "spreads": [0, 0], "mean": 0.685, "spread": None},
    },
}


class TestEveryClass:
    def test_what_was_measured_stands_above_what_others_report(self):
        header, rows = table(PROTOCOLS["mnist-one-out"], MADE, "squared_error")
        assert header == ["AUROC", *"0123456789", "mean"]
        assert rows[0][:4] == ["**Neighbours in hidden layers, here**", "**0.991**", "**0.802**", "**–**"]
        assert rows[0][-1] == "**0.897 ± 0.004 of 2**"  # what others report is of all classes
        assert rows[1][1:3] == ["0.951", "0.402"] and "principal components, here" in rows[2][0]
        assert rows[3][:3] == ["autoencoder, squared error, reported", "0.957", "0.381"] and rows[3][-1] == "0.859"
        assert {len(row) for row in rows} == {12}

    def test_without_measurements_there_is_what_others_report(self):
        header, rows = table(PROTOCOLS["mnist-one-class"], None, "squared_error")
        assert len(header) == 12 and {row[1] for row in rows} == {"–"}

    @pytest.mark.parametrize(
        ("dataset", "name"),
        [
            (Mnist(normal_classes=tuple(range(9))), "mnist-one-out"),
            (Mnist(normal_classes=(1,)), "mnist-one-class"),
            (FashionMnist(normal_classes=(1,)), "fashion-one-class"),
        ],
    )
    def test_the_table_of_the_network_on_screen_comes_first(self, dataset, name):
        assert fitting(dataset) == name

    def test_it_stands_on_the_page_with_its_sources(self, run):
        said = words(page(run)).replace("\\", "")
        assert "Every class in turn" in said and "Kim et al" in said and "Chance is 0.5" in said

    def test_it_says_whether_anything_was_measured(self, run, monkeypatch):
        monkeypatch.setattr(anomalies_table, "measured", lambda: None)
        assert "Nothing of this has been measured in this lab yet" in words(page(run))
        made = {
            "tables": {"mnist-one-out": MADE},
            "preset": "better-mnist-no9",
            "command": "python -m benchmarks.anomaly",
        }
        monkeypatch.setattr(anomalies_table, "measured", lambda: made)
        said = words(page(run)).replace("\\", "")
        assert "3 trainings of each class; ± is the standard deviation" in said and "Nothing of this" not in said
        assert (
            "0.897 ± 0.004 of 2" in said
            and "is over the 2 classes measured" in said
            and "principal components, here" in said
        )

    def test_it_follows_the_network_and_says_where_nothing_is_published(self, run, make_run):
        app = page(run)
        assert app.selectbox(key="anomalies.table").value == "mnist-one-out"
        clothes = make_run(Recipe(FaceOrNot(normal_classes=(0,)), model=Dense(latent_dim=8)))
        app = page(clothes)
        assert app.selectbox(key="anomalies.table").value == "mnist-one-class"
        assert "no published figures of Faces and non" in words(app)
        app.selectbox(key="anomalies.pick").set_value(run.key).run()
        assert app.selectbox(key="anomalies.table").value == "mnist-one-out" and not app.warning


class TestOnesOwnPicture:
    def test_an_upload_gets_a_verdict_and_a_place_in_the_histogram(self, run):
        app = page(run, anomalies__own="Upload")
        assert histogram(app)["own"] is None
        app.file_uploader(key="anomalies.upload").upload("mine.png", b"a picture").run()
        assert histogram(app)["own"] is not None
        said = words(app).replace("\\", "")
        assert "below the threshold" in said and "A note." in said
        app.radio(key="anomalies.score").set_value("squared_error").run()
        assert "above the threshold" in words(app)

    def test_a_score_that_needs_absent_images_names_those_that_do_not(self, run, engine):
        def some(arguments, out):
            value = scored(arguments, out)
            return {"scores": {"squared_error": value["scores"]["squared_error"]}, "note": "Some are left out."}

        engine.answers["anomaly_score"] = some
        app = page(run, anomalies__own="Upload")
        app.file_uploader(key="anomalies.upload").upload("mine.png", b"a picture").run()
        said = words(app).replace("\\", "")
        assert "Combination** cannot judge it here. These can:" in said and "left out" in said
        assert histogram(app)["own"] is None
        button(app, "Squared error").click().run()
        assert histogram(app)["own"] is not None and app.radio(key="anomalies.score").value == "squared_error"

    def test_what_cannot_be_scored_gets_a_sentence_and_the_page_stays(self, run, engine):
        app = page(run, anomalies__own="Upload")
        app.file_uploader(key="anomalies.upload").upload("mine.png", b"no picture").run()
        (job,) = engine.of("anomaly_score")
        engine.states[job], engine.failures[job] = "failed", RequestError("It is damaged.")
        app.run()
        assert "It is damaged" in words(app).replace("\\", "") and histogram(app) and metric(app, "AUROC")

    @pytest.mark.parametrize("dataset", [FaceOrNot(normal_classes=(0,)), Cifar10(normal_classes=(1,))])
    def test_what_is_no_line_drawing_is_brought_not_drawn(self, make_run, dataset):
        recipe = Recipe(dataset, model=Dense(latent_dim=8), fit=Fit(epochs=1))
        run = keep_scores(make_run(recipe, pin=Pin("full", 5_000, 1_000)))
        app = page(run)
        assert app.file_uploader(key="anomalies.upload") and not app.get("segmented_control") and not app.exception
        assert not [item for item in app.button_group if item.key == "anomalies.own"]

"""Anomaly scores of networks that have seen the bundled digits, or a folder of pictures, for a moment."""

import dataclasses
import io
import json
import shutil

import numpy as np
import pytest

from aecore.anomaly import auroc, default_score, scores_of
from aecore.corruptions import GaussianNoise
from aecore.datasets import Pin, Split
from aecore.datasets.collection import Collection, import_collection
from aecore.datasets.face_or_not import FaceOrNot
from aecore.datasets.mnist import Mnist
from aecore.errors import Cancelled, NotAtHand, RequestError
from aecore.fit import Fit
from aecore.images import png
from aecore.models.conv import Conv
from aecore.models.dense import Dense
from aecore.models.unet import UNet
from aecore.models.vae import Variational
from aecore.recipe import Recipe
from aecore.store import Store, file_digest
from aecore.worker import networks
from aecore.worker.networks import data_of, trained
from aecore.worker.tasks import anomaly as module
from tests.worker.bench import Bench

FIT = Fit(epochs=3, batch_size=64, learning_rate=0.003, loss="bce")
NO_NINE = Mnist(normal_classes=tuple(range(9)), limit=1200)
ZEROS = Mnist(normal_classes=(1,))
RECIPES = {
    "variational": Recipe(NO_NINE, model=Variational(widths=(64,), latent_dim=8), fit=FIT),
    "without validation": Recipe(ZEROS, model=Dense((32,), 8), fit=dataclasses.replace(FIT, validation_share=0.0)),
    "convolutional": Recipe(ZEROS, GaussianNoise(0.2), Conv(filters=8, depth=1, latent_dim=4), FIT),
    "no code": Recipe(ZEROS, model=UNet(filters=4, depth=1), fit=dataclasses.replace(FIT, epochs=1)),
    "every class": Recipe(Mnist(limit=300), model=Dense((32,), 4), fit=FIT),
    "told": Recipe(NO_NINE, model=Variational(widths=(32,), latent_dim=2, labels=True), fit=FIT),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder of trained runs, and the key of each."""
    home = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as here:
        here.setenv("AECORE_HOME", str(home))
        here.delenv("AECORE_DATA", raising=False)
        keys = Bench(home / "jobs").trained(RECIPES)
    return home / "runs", keys


@pytest.fixture
def keys(made, home):
    """The keys of the trained runs, which lie in this test's home."""
    shutil.copytree(made[0], home / "runs")
    return made[1]


@pytest.fixture
def bench(home):
    module._fitted.clear()
    yield Bench(home / "jobs")
    module._fitted.clear()


def drawing(shape=(28, 28, 1)):
    content = io.BytesIO()
    np.save(content, np.random.default_rng(0).integers(0, 256, shape, np.uint8))
    return content.getvalue()


@pytest.mark.parametrize("name", ["variational", "without validation", "convolutional", "no code"])
def test_every_score_of_every_image(bench, keys, name):
    value, arrays = bench("anomaly", {"key": keys[name]})
    recipe = RECIPES[name].resolve()
    names = scores_of(recipe.recipe.model.has_latent, name == "variational")
    assert tuple(value["scores"]) == tuple(arrays["names"]) == names == tuple(value["titles"])
    one_kind = len(value["data"]["normal_classes"]) < 2
    assert set(value["explanations"]) == set(names) and value["default"] == default_score(names, one_kind)
    assert arrays["normal"].shape == (len(names), value["n_normal"]) and arrays["normal"].dtype == np.float32
    assert arrays["abnormal"].shape == (len(names), value["n_anomalous"])
    assert value["n_normal"] == len(arrays["normal_labels"]) == len(arrays["normal_index"])
    assert value["n_anomalous"] == len(arrays["abnormal_labels"]) == len(arrays["abnormal_index"])
    assert not set(arrays["normal_labels"]) & set(arrays["abnormal_labels"])
    for row, score in enumerate(names):
        judged = value["scores"][score]
        held_out, normal, abnormal = (arrays[group][row] for group in ("held_out", "normal", "abnormal"))
        assert np.isfinite(held_out).all() and np.isfinite(normal).all() and np.isfinite(abnormal).all()
        assert judged["auroc"] == pytest.approx(auroc(normal, abnormal), abs=1e-4)
        assert judged["auroc_low"] < judged["auroc"] < judged["auroc_high"]
        assert judged["threshold"] == pytest.approx(np.percentile(held_out, 95), rel=1e-5)
        assert 0.02 <= np.mean(held_out > judged["threshold"]) <= 0.08
    assert value["data"]["source"] == "sample" and value["data"]["licence"] and value["data"]["description"]
    assert len(value["data"]["normal_classes"]) + len(value["data"]["abnormal_classes"]) == 10
    assert f"{arrays['held_out'].shape[1]:,} normal" in value["threshold_from"]


def test_what_is_not_a_one_is_found(bench, keys):
    value, _ = bench("anomaly", {"key": keys["convolutional"]})
    assert value["scores"]["hidden_neighbours"]["auroc"] > 0.9


def test_without_validation_half_of_the_test_images_are_held_out_and_only_the_others_reported(bench, keys):
    value, arrays = bench("anomaly", {"key": keys["without validation"]})
    count = RECIPES["without validation"].resolve().data.test
    assert arrays["held_out"].shape[1] + value["n_normal"] == count and value["n_normal"] == (count + 1) // 2
    assert (
        arrays["normal_index"].tolist() == list(range(0, count, 2)) and "without validation" in value["threshold_from"]
    )
    value, arrays = bench("anomaly", {"key": keys["variational"]})
    assert arrays["held_out"].shape[1] == 120 and value["n_normal"] == RECIPES["variational"].resolve().data.test


def test_nothing_that_is_chosen_knows_of_abnormal_images(bench, keys, monkeypatch):
    found = {}
    true = data_of(trained(keys["variational"]).run)
    noise = np.random.default_rng(7).integers(0, 256, true.abnormal.images.shape, np.uint8)
    other = Split(noise, true.abnormal.labels)
    for name, abnormal in (("true", true.abnormal), ("other", other), ("few", true.abnormal.part(0, 3))):
        module._fitted.clear()
        monkeypatch.setattr(
            module, "data_of", lambda run, abnormal=abnormal: dataclasses.replace(true, abnormal=abnormal)
        )
        value, arrays = bench("anomaly", {"key": keys["variational"]})
        (fitted,) = module._fitted.values()
        detector = fitted.detector
        statistics = (detector.reference, detector.codes, detector.of_codes.directions, detector.of_differences.mean)
        chosen = (value["default"], [row["threshold"] for row in value["scores"].values()])
        fixed = (arrays["held_out"], arrays["normal"], fitted.combination.means, fitted.combination.stddevs)
        found[name] = (chosen, *(array.tobytes() for array in (*statistics, *fixed))), arrays["abnormal"]
    assert found["true"][0] == found["other"][0] == found["few"][0]
    assert not np.array_equal(found["true"][1], found["other"][1])
    np.testing.assert_allclose(found["few"][1], found["true"][1][:, :3], rtol=1e-3)


def test_scoring_again_gives_the_same_bit_for_bit(bench, keys):
    first, second = (bench("anomaly", {"key": keys["convolutional"]}) for _ in range(2))
    assert first[0] == second[0]
    assert all(np.array_equal(first[1][name], second[1][name]) for name in first[1])


def test_scoring_can_be_stopped(bench, keys):
    with pytest.raises(Cancelled):
        bench("anomaly", {"key": keys["variational"]}, stop=True)


@pytest.mark.parametrize("task", ["anomaly", "anomaly_cards"])
def test_a_run_that_knows_every_class_gets_a_sentence(bench, keys, task):
    asked = {"key": keys["every class"], "score": "squared_error", "normal": [0], "abnormal": [0]}
    with pytest.raises(RequestError, match="All classes of MNIST digits were normal"):
        bench(task, asked)


def test_a_network_that_is_told_the_class_gets_a_sentence(bench, keys):
    with pytest.raises(RequestError, match="the class of every image"):
        bench("anomaly", {"key": keys["told"]})


def test_what_was_found_is_shown_where_the_data_is_not(bench, keys, monkeypatch, home):
    key = keys["variational"]
    found, arrays = bench("anomaly", {"key": key})
    monkeypatch.setattr(Mnist, "sources", lambda self: ())
    with pytest.raises(NotAtHand, match="download it.*No scores were stored with the run either"):
        bench("anomaly", {"key": key})
    folder = home / "runs" / key
    (folder / "anomaly.json").write_text(json.dumps(found))
    np.savez(folder / "anomaly.npz", **arrays)
    info = json.loads((folder / "run.json").read_text())
    info["files"] |= {name: file_digest(folder / name) for name in ("anomaly.json", "anomaly.npz")}
    (folder / "run.json").write_text(json.dumps(info))
    networks._loaded.cache_clear()  # as a worker that starts afterwards
    value, kept = bench("anomaly", {"key": key})
    assert value == {**found, "stored": True}
    assert all(np.array_equal(kept[name], arrays[name]) for name in arrays)


def test_with_other_data_than_it_was_measured_on_there_is_a_way_on(bench, keys, monkeypatch):
    monkeypatch.setattr(Mnist, "resolve", lambda self: Pin("full", 54_051, 8_991))
    with pytest.raises(NotAtHand, match="No scores were stored .* download it .* or train the same settings"):
        bench("anomaly", {"key": keys["variational"]})


def test_cards_are_the_images_that_were_asked_for(bench, keys):
    run = Store().get(keys["without validation"])
    data = data_of(run)
    asked = {"key": run.key, "score": "squared_error", "normal": [4, 0], "abnormal": [2]}
    value, arrays = bench("anomaly_cards", asked)
    assert value == {name: asked[name] for name in ("score", "normal", "abnormal")}
    np.testing.assert_array_equal(arrays["normal_clean"], data.test.images[np.array([4, 0])])
    np.testing.assert_array_equal(arrays["abnormal_clean"], data.abnormal.images[np.array([2])])
    assert arrays["normal_output"].shape == (2, 28, 28, 1) and arrays["normal_error"].shape == (2, 28, 28)
    difference = (arrays["normal_output"] / 255.0 - arrays["normal_clean"] / 255.0) ** 2
    np.testing.assert_allclose(arrays["normal_error"], difference[..., 0], atol=0.01)
    none, empty = bench("anomaly_cards", {**asked, "normal": []})
    assert empty["normal_clean"].shape == (0, 28, 28, 1) and none["normal"] == []


def test_the_worst_of_every_score_have_their_pictures_kept(bench, keys):
    _, arrays = bench("anomaly", {"key": keys["variational"]})
    data = data_of(Store().get(keys["variational"]))
    for group, split, ranked in (
        ("normal", data.test, -arrays["normal"]),
        ("abnormal", data.abnormal, arrays["abnormal"]),
    ):
        worst = np.argsort(ranked, axis=1, kind="stable")[:, :6]
        shown = arrays[f"{group}_shown"]
        assert set(shown.tolist()) == set(arrays[f"{group}_index"][worst].ravel().tolist())
        np.testing.assert_array_equal(arrays[f"{group}_clean"], split.images[shown])
        assert arrays[f"{group}_output"].shape == (len(shown), 28, 28, 1)
        assert arrays[f"{group}_error"].shape == (len(shown), 28, 28) and arrays[f"{group}_error"].dtype == np.float16


@pytest.mark.parametrize("asked", [[-1], [10**6], list(range(25)), "all", [1.5], [None]])
def test_cards_that_do_not_exist_get_a_sentence(bench, keys, asked):
    with pytest.raises(RequestError, match="At most 24 pictures"):
        bench("anomaly_cards", {"key": keys["variational"], "score": "sap", "normal": asked, "abnormal": []})


def test_a_drawing_is_scored_as_a_test_image_is(bench, keys):
    key = keys["variational"]
    _, arrays = bench("anomaly", {"key": key})
    image, content = data_of(Store().get(key)).test.images[3], io.BytesIO()
    np.save(content, image)
    value, scored = bench("anomaly_score", {"key": key}, picture_npy=content.getvalue())
    assert set(value["scores"]) == set(arrays["names"]) and value["note"] == ""
    for row, name in enumerate(arrays["names"]):
        if name not in ("negative_elbo", "combined"):  # which draw
            assert value["scores"][name] == pytest.approx(arrays["normal"][row, 3], rel=1e-3)
    np.testing.assert_array_equal(scored["image"], image)
    assert scored["output"].shape == (28, 28, 1) and scored["error"].shape == (28, 28)
    again, _ = bench("anomaly_score", {"key": key}, picture_npy=content.getvalue())
    assert again == value


def test_a_photograph_of_a_digit_becomes_white_on_black(bench, keys):
    photo = np.full((90, 80, 3), 240, np.uint8)
    photo[20:70, 36:42] = 10
    value, scored = bench("anomaly_score", {"key": keys["without validation"]}, picture=png(photo))
    assert "bright" in value["note"] and "centred" in value["note"]
    assert scored["image"][14, 14, 0] > 200 and scored["image"][0].max() == 0


def test_without_the_training_images_only_some_scores_are_given_and_said_to_be(bench, keys, monkeypatch):
    monkeypatch.setattr(Mnist, "sources", lambda self: ())
    value, _ = bench("anomaly_score", {"key": keys["variational"]}, picture_npy=drawing())
    assert set(value["scores"]) == {"squared_error", "ssim_error", "negative_elbo"}
    assert "not on this machine" in value["note"]


@pytest.mark.parametrize(
    "files, words", [({}, "no picture"), ({"picture": b"text"}, "damaged"), ({"picture_npy": b""}, "draw")]
)
def test_what_is_no_picture_gets_a_sentence(bench, keys, files, words):
    with pytest.raises(RequestError, match=words):
        bench("anomaly_score", {"key": keys["variational"]}, **files)


def test_faces_against_what_is_none_train_and_score_from_end_to_end(bench):
    fit = dataclasses.replace(FIT, epochs=15, batch_size=16, loss="mse")
    recipe = Recipe(FaceOrNot(normal_classes=(0,)), model=Dense((64,), 16, linear_code=True), fit=fit)
    key = bench("train", {"recipe": recipe.resolve().to_json()})[0]["key"]
    value, arrays = bench("anomaly", {"key": key})
    assert value["classes"] == ["face", "no face"] and value["n_normal"] + value["n_anomalous"] == 80
    assert value["data"]["normal_classes"] == ["face"] and value["data"]["abnormal_classes"] == ["no face"]
    assert value["scores"]["squared_error"]["auroc"] > 0.6 and "rough" in value["threshold_from"]
    assert "normal_shown" not in arrays  # these pictures may not be passed on
    mine, scored = bench("anomaly_score", {"key": key}, picture=png(np.tile(np.uint8([[0, 255]]), (40, 20))[..., None]))
    assert set(mine["scores"]) == set(value["scores"]) and scored["image"].shape == (24, 24, 1)


def test_an_own_folder_trains_and_scores_from_end_to_end(bench):
    rng = np.random.default_rng(0)

    def picture(bright):
        image = rng.integers(0, 60, (20, 20, 3), np.uint8)
        image[4:16, 8:12] += np.uint8(180 if not bright else 0)
        image[8:12, 4:16] += np.uint8(180 if bright else 0)
        return png(image)

    files = {
        f"{name}/{number}.png": picture(name == "odd")
        for name, count in (("good", 40), ("odd", 10))
        for number in range(count)
    }
    digest = import_collection(list(files.items())).digest
    model = Conv(filters=8, depth=2, latent_dim=8)
    recipe = Recipe(
        Collection(digest=digest, size=16, normal="good"),
        model=model,
        fit=dataclasses.replace(FIT, epochs=6, batch_size=8),
    )
    key = bench("train", {"recipe": recipe.resolve().to_json()})[0]["key"]
    value, arrays = bench("anomaly", {"key": key})
    assert (value["n_normal"], value["n_anomalous"], arrays["held_out"].shape[1]) == (8, 10, 3)
    assert value["classes"] == ["good", "odd"] and value["data"]["abnormal_classes"] == ["odd"]
    assert value["scores"][value["default"]]["auroc"] > 0.9 and "rough" in value["threshold_from"]
    mine, scored = bench("anomaly_score", {"key": key}, picture=picture(True))
    assert mine["scores"][value["default"]] > value["scores"][value["default"]]["threshold"]
    assert scored["image"].shape == (16, 16, 3)
    shown = bench("anomaly_cards", {"key": key, "score": "sap", "normal": [0, 7], "abnormal": [9]})[1]
    assert shown["abnormal_error"].shape == (1, 16, 16)

"""Tasks about codes, on networks that have seen the bundled digits for a moment."""

import json
import shutil

import numpy as np
import pytest

from aecore.datasets.digits import Digits
from aecore.datasets.mnist import Mnist
from aecore.engine.folder import JobFolder
from aecore.errors import Cancelled, NotAtHand, RequestError
from aecore.fit import Fit
from aecore.images import png
from aecore.metrics import mse
from aecore.models.conv import Conv
from aecore.models.dense import Dense
from aecore.models.unet import UNet
from aecore.models.vae import Variational
from aecore.recipe import Recipe, ResolvedRecipe
from aecore.store import Store, file_digest
from aecore.worker.job import TASKS, Job
from aecore.worker.networks import trained
from aecore.worker.tasks import latent as package
from aecore.worker.tasks.latent import gallery
from tests.worker.bench import Bench

FIT = Fit(epochs=2, batch_size=64, loss="bce")
SMALL = Mnist(limit=800)
RECIPES = {
    "plain": Recipe(SMALL, model=Dense(widths=(32,), latent_dim=4, linear_code=True), fit=FIT),
    "variational": Recipe(SMALL, model=Variational(widths=(32,), latent_dim=2), fit=FIT),
    "one number": Recipe(Digits(), model=Dense(widths=(16,), latent_dim=1, linear_code=True), fit=FIT),
    "told": Recipe(SMALL, model=Variational(widths=(16,), latent_dim=2, labels=True), fit=FIT),
    "no code": Recipe(Digits(), model=UNet(filters=4, depth=1), fit=FIT),
    "convolutional": Recipe(Digits(), model=Conv(filters=4, depth=1, latent_dim=3), fit=FIT),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A home with trained runs, and the key of each."""
    home = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as here:
        here.setenv("AECORE_HOME", str(home))
        here.delenv("AECORE_DATA", raising=False)
        return home, Bench(home / "jobs").trained(RECIPES)


@pytest.fixture
def keys(made, monkeypatch):
    """Keys of the runs, in a home that all tests of this module share: networks stay loaded from one to the next."""
    monkeypatch.setenv("AECORE_HOME", str(made[0]))
    return made[1]


@pytest.fixture
def work(tmp_path):
    return Bench(tmp_path / "jobs")


@pytest.fixture
def elsewhere(keys, work):
    """The key of a run whose data is not here, with what was found when it was made."""

    def move(name, findings=True):
        run = Store().get(keys[name])
        resolved = run.resolved.to_json()
        resolved["data"] = {"source": "full", "train": 60_000 if findings else 50_000, "test": 10_000}
        key = ResolvedRecipe.from_json(resolved).key
        info = {**run.info, "files": dict(run.info["files"])}
        target = run.folder.parent / key
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(run.folder, target)
        (target / "recipe.json").write_text(json.dumps(resolved))
        for task, more in {"latent": {}, "latent_map": {"ship": True}}.items() if findings else ():
            value, arrays = work(task, {"key": run.key, **more})
            (target / f"{task}.json").write_text(json.dumps(value))
            np.savez(target / f"{task}.npz", **arrays)
            info["files"] |= {f"{task}.json": "", f"{task}.npz": ""}
        info["files"] = {file: file_digest(target / file) for file in info["files"]}
        (target / "run.json").write_text(json.dumps(info))
        gallery._galleries.clear()
        return key

    return move


class TestMap:
    def test_on_axes_points_are_numbers_of_the_codes(self, keys, work):
        value, arrays = work("latent_map", {"key": keys["plain"], "axes": [2, 0]})
        count = value["count"]
        assert count == value["of"] == len(arrays["points"]) == 1000 and value["sample"] is True
        assert arrays["codes"].shape == (1000, 4) and arrays["codes"].dtype == np.float16
        np.testing.assert_allclose(
            arrays["points"], arrays["codes"][:, [2, 0]].astype(np.float32), atol=0.02, rtol=1e-3
        )
        assert arrays["images"].shape == (1000, 28, 28, 1) and arrays["images"].dtype == np.uint8
        assert set(arrays["labels"]) == set(range(10)) and value["classes"] == list("0123456789")
        assert (arrays["index"] == np.arange(1000)).all() and (arrays["lows"] < arrays["highs"]).all()
        assert (
            sorted(arrays["order"]) == [0, 1, 2, 3]
            and (np.diff(np.array(value["variance"])[arrays["order"]]) <= 0).all()
        )
        assert 0.4 < value["trustworthiness"] < 1 and 0.4 < value["trustworthiness_codes"] < 1
        assert value["explained"] is None and "stored" not in value

    def test_without_axes_the_two_numbers_that_vary_most_are_shown(self, keys, work):
        value, arrays = work("latent_map", {"key": keys["plain"], "count": 50})
        assert value["axes"] == sorted(arrays["order"][:2].tolist()) and len(arrays["points"]) == 50

    def test_a_place_on_the_map_is_a_code(self, keys, work):
        for projection in ("codes", "pca"):
            _, arrays = work("latent_map", {"key": keys["plain"], "projection": projection})
            places = (arrays["codes"].astype(np.float32) - arrays["mean"]) @ arrays["components"].T
            np.testing.assert_allclose(places, arrays["points"], atol=0.05)

    def test_principal_components_say_how_much_they_show(self, keys, work):
        plain, _ = work("latent_map", {"key": keys["plain"], "projection": "pca"})
        flat, _ = work("latent_map", {"key": keys["variational"], "projection": "pca"})
        assert 0.5 <= plain["explained"] <= 1 and flat["explained"] == pytest.approx(1)

    def test_errors_are_those_of_the_reconstructions(self, keys, work):
        _, arrays = work("latent_map", {"key": keys["plain"], "count": 40})
        network, images = trained(keys["plain"]), arrays["images"].astype(np.float32) / 255
        np.testing.assert_allclose(arrays["errors"], mse(images, network.predict(images)), rtol=1e-4)

    def test_by_tsne_there_is_no_way_back(self, keys, work):
        value, arrays = work("latent_map", {"key": keys["plain"], "projection": "tsne", "count": 120})
        assert arrays["points"].shape == (120, 2) and arrays["components"].shape == (0, 4)
        assert np.isfinite(arrays["points"]).all() and value["trustworthiness_codes"] > 0.8
        again = work("latent_map", {"key": keys["plain"], "projection": "tsne", "count": 120})[1]
        np.testing.assert_array_equal(arrays["points"], again["points"])

    def test_a_task_of_its_own_makes_the_same_map_beside_the_clicks(self, keys, work):
        arguments = {"key": keys["variational"], "count": 60}
        _, arrays = work("latent_map", {**arguments, "projection": "tsne"})
        value, again = work("latent_tsne", arguments)
        assert value["projection"] == "tsne" and TASKS["latent_tsne"].lane == "medium"
        np.testing.assert_array_equal(arrays["points"], again["points"])

    def test_a_code_of_one_number_lies_on_a_line(self, keys, work):
        for projection in ("codes", "pca", "tsne"):
            value, arrays = work("latent_map", {"key": keys["one number"], "projection": projection, "count": 60})
            assert arrays["points"].shape == (60, 2) and np.isfinite(arrays["points"]).all()
            assert projection == "tsne" or not arrays["points"][:, 1].any()

    def test_what_ships_is_smaller(self, keys, work):
        _, arrays = work("latent_map", {"key": keys["plain"], "ship": True})
        assert len(np.unique(arrays["images"])) <= 16 and arrays["images"].max() == 255
        assert len(arrays["points"]) == 1000


class TestDecode:
    def test_gives_the_images_of_codes_however_many(self, keys, work):
        network = trained(keys["plain"])
        codes = np.random.default_rng(0).normal(size=(53, 4)).astype(np.float32)
        expected = network.model.get_layer("decoder")(codes)
        for count in (1, 2, 50, 53):
            value, arrays = work("latent_decode", {"key": keys["plain"], "codes": codes[:count].tolist()})
            assert value["count"] == count
            wanted = np.asarray(expected)[:count] * 255
            np.testing.assert_allclose(arrays["images"], wanted, atol=0.51)

    def test_clicks_compile_nothing_anew(self, keys, work):
        network = gallery.latent_network(keys["plain"])
        shapes = []
        watched = gallery.Trained(**{**vars(network), "decode": lambda codes: shapes.append(codes.shape) or codes})
        for count in (1, 2, 7, 50, 51, 400):
            assert len(gallery.padded(watched.decode, np.zeros((count, 4), np.float32))) == count
        assert set(shapes) == {
            (1, 4),
            (50, 4),
            (100, 4),
            (400, 4),
        }  # what is longer than 50 is cut by the network's own

    @pytest.mark.parametrize(
        "codes", [None, [], [[]], [[1, 2, 3]], [1, 2, 3, 4], [["a"] * 4], [[1, 2, 3, float("nan")]], [[0] * 4] * 401, 5]
    )
    def test_says_what_codes_are(self, keys, work, codes):
        with pytest.raises(RequestError, match="rows of 4 numbers"):
            work("latent_decode", {"key": keys["plain"], "codes": codes})


def npy(array):
    import io

    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


class TestEncode:
    def test_a_test_image_is_its_own_nearest_neighbour(self, keys, work):
        _, found = work("latent_map", {"key": keys["plain"]})
        value, arrays = work("latent_encode", {"key": keys["plain"]}, picture_npy=npy(found["images"][31]))
        np.testing.assert_allclose(value["code"], found["codes"][31].astype(np.float32), atol=0.02, rtol=1e-3)
        assert value["neighbours_latent"][0] == value["neighbours_pixels"][0] == 31
        assert arrays["by_code_labels"][0] == found["labels"][31]
        assert arrays["by_pixels_distances"][0] == 0 and len(arrays["by_pixels"]) == 8
        assert value["psnr"] == pytest.approx(-10 * np.log10(found["errors"][31]), abs=1e-3)
        np.testing.assert_array_equal(arrays["image"], found["images"][31])
        assert arrays["output"].shape == (28, 28, 1) and value["of"] == 1000

    def test_a_picture_of_any_size_and_colour_is_fitted(self, keys, work):
        picture = np.random.default_rng(0).integers(0, 256, (50, 80, 3), dtype=np.uint8)
        for files in ({"picture": png(picture)}, {"picture_npy": npy(picture)}):
            value, arrays = work("latent_encode", {"key": keys["plain"]}, **files)
            assert arrays["image"].shape == (28, 28, 1) and len(value["code"]) == 4

    @pytest.mark.parametrize(
        "files, words",
        [
            ({}, "needed"),
            ({"picture": b"no picture"}, "picture"),
            ({"picture_npy": b"no array"}, "array"),
            ({"picture_npy": npy(np.zeros((28, 28), np.uint8))}, "uint8"),
            ({"picture_npy": npy(np.zeros((28, 28, 1)))}, "uint8"),
            ({"picture_npy": npy(np.zeros((2, 5000, 1), np.uint8))}, "sides"),
            ({"picture_npy": npy(np.array([{}], dtype=object))}, "array"),
        ],
    )
    def test_what_is_no_picture_gets_a_sentence(self, keys, work, files, words):
        with pytest.raises(RequestError, match=words):
            work("latent_encode", {"key": keys["plain"]}, **files)


class TestNeighbours:
    def test_are_the_nearest_others(self, keys, work):
        _, found = work("latent_map", {"key": keys["plain"]})
        value, arrays = work("latent_neighbours", {"key": keys["plain"], "index": 12, "count": 5})
        images = found["images"].reshape(1000, -1).astype(np.float64) / 255
        distances = np.sqrt(np.mean(np.square(images - images[12]), axis=1))
        distances[12] = np.inf
        assert value["neighbours_pixels"] == np.argsort(distances)[:5].tolist()
        np.testing.assert_allclose(arrays["by_pixels_distances"], np.sort(distances)[:5], rtol=1e-4)
        np.testing.assert_array_equal(arrays["by_code"], found["images"][value["neighbours_latent"]])
        assert 12 not in value["neighbours_latent"] and value["label"] == found["labels"][12]
        assert value["error"] == pytest.approx(found["errors"][12])

    @pytest.mark.parametrize("index", [-1, 1000, 2.5, True, "7"])
    def test_says_which_images_there_are(self, keys, work, index):
        with pytest.raises(RequestError, match="from 0 to 999"):
            work("latent_neighbours", {"key": keys["plain"], "index": index})


class TestSamples:
    @pytest.mark.parametrize("name, source", [("plain", "gaussian"), ("variational", "prior")])
    def test_stand_beside_the_training_images_that_are_nearest(self, keys, work, name, source):
        value, arrays = work("latent_samples", {"key": keys[name], "count": 6, "seed": 3})
        assert value["source"] == source and value["nearest_of"] == "training" and value["of"] == 800
        training = SMALL.load(SMALL.resolve()).train
        flat = training.images.reshape(800, -1) / 255
        for image, nearest, label, distance in zip(
            arrays["images"], arrays["nearest"], arrays["nearest_labels"], arrays["distances"], strict=True
        ):
            distances = np.sqrt(np.mean(np.square(flat - image.ravel() / 255), axis=1))
            assert distance == pytest.approx(distances.min(), rel=1e-4)
            np.testing.assert_array_equal(nearest, training.images[distances.argmin()])
            assert label == training.labels[distances.argmin()]
        assert 0 < value["typical_distance"] < 0.5

    def test_follow_from_their_seed(self, keys, work):
        first, again, other = (
            work("latent_samples", {"key": keys["variational"], "count": 40, "seed": seed})[1]["codes"]
            for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(first, again)
        assert not np.array_equal(first, other) and abs(first.mean()) < 0.4 and 0.7 < first.std() < 1.3


class TestWorth:
    def test_figures_stand_beside_those_of_pixels_and_of_principal_components(self, keys, work):
        value, arrays = work("latent", {"key": keys["plain"]})
        assert value["latent_dim"] == 4 and value["train"] == 800 and value["test"] == 1000
        assert 0.2 < value["knn_accuracy_pca"] < value["knn_accuracy_pixels"] < 1
        assert 0.2 < value["linear_accuracy_pca"] < value["linear_accuracy_pixels"] < 1
        assert 0.1 <= value["knn_accuracy"] < value["knn_accuracy_pixels"]
        assert value["pca_mse"] < value["mse"]  # two epochs
        assert value["knn_accuracy"] == pytest.approx(arrays["confusion"].trace() / 1000)
        assert arrays["confusion"].sum() == 1000 and arrays["correlation"].shape == (4, 4)
        np.testing.assert_allclose(np.diag(arrays["correlation"]), 1, atol=1e-5)
        assert all(value[name] is None for name in ("negative_elbo", "reconstruction", "kl", "active_units"))
        assert value["data"]["source"] == "sample" and "BY-SA" in value["data"]["licence"]

    def test_a_variational_code_has_its_bound_and_its_active_units(self, keys, work):
        value, _ = work("latent", {"key": keys["variational"]})
        assert value["negative_elbo"] == pytest.approx(value["reconstruction"] + value["kl"])
        assert 0 <= value["active_units"] <= 2

    def test_baselines_are_measured_once(self, keys, work, monkeypatch):
        first, _ = work("latent", {"key": keys["plain"]})
        monkeypatch.setattr(package.worth, "principal_components", None)
        second, _ = work("latent", {"key": keys["plain"]})
        assert {**second, "seconds": 0} == {**first, "seconds": 0}


class TestWithoutTheData:
    def test_what_was_found_is_shown_and_said_to_be_stored(self, elsewhere, work):
        key = elsewhere("plain")
        value, arrays = work("latent", {"key": key})
        assert value["stored"] is True and value["knn_accuracy"] > 0.1 and "confusion" in arrays
        value, arrays = work("latent_map", {"key": key})
        assert value["stored"] is True and value["count"] == 1000 and len(arrays["images"]) == 1000
        for projection in ("pca", "tsne"):
            value, _ = work("latent_map", {"key": key, "projection": projection, "count": 100})
            assert value["stored"] is True and value["count"] == 100

    def test_clicks_work_on_the_images_that_came_with_the_run(self, elsewhere, work):
        key = elsewhere("variational")
        value, arrays = work("latent_neighbours", {"key": key, "index": 3})
        assert value["stored"] is True and arrays["by_code"].shape == (8, 28, 28, 1)
        value, _ = work("latent_encode", {"key": key}, picture_npy=npy(arrays["image"]))
        assert value["neighbours_pixels"][0] == 3
        value, arrays = work("latent_samples", {"key": key, "count": 4})
        assert value["stored"] is True and value["nearest_of"] == "test" and len(arrays["nearest"]) == 4
        assert work("latent_decode", {"key": key, "codes": [[0, 0]]})[1]["images"].shape == (1, 28, 28, 1)

    def test_samples_of_a_plain_one_are_drawn_from_these_images(self, elsewhere, work):
        value, arrays = work("latent_samples", {"key": elsewhere("plain"), "count": 4})
        assert value["source"] == "gaussian" and np.isfinite(arrays["codes"]).all()

    def test_where_nothing_was_kept_the_sentence_goes_on(self, elsewhere, work):
        key = elsewhere("plain", findings=False)
        for task in ("latent_map", "latent_samples"):
            with pytest.raises(NotAtHand, match="not on this machine"):
                work(task, {"key": key})

    def test_figures_that_were_not_kept_are_left_out_and_the_reports_remain(self, elsewhere, keys, work):
        whole, _ = work("latent", {"key": keys["variational"]})
        value, arrays = work("latent", {"key": elsewhere("variational", findings=False)})
        assert value["stored"] is True and set(whole) == set(value) - {"stored"}
        assert value["mse"] == whole["mse"] and value["negative_elbo"] == whole["negative_elbo"]
        assert value["knn_accuracy"] is value["pca_mse"] is value["active_units"] is None
        assert value["train"] == 0 and not arrays["variance"].size


@pytest.mark.parametrize(
    "task, more", [("latent", {}), ("latent_map", {}), ("latent_decode", {"codes": [[0]]}), ("latent_samples", {})]
)
def test_a_network_without_a_code_is_said_to_have_none(keys, work, task, more):
    with pytest.raises(RequestError, match="no latent vector"):
        work(task, {"key": keys["no code"], **more})


class TestANetworkThatIsToldTheClass:
    def test_reconstructs_each_image_as_its_own_class(self, keys, work):
        value, arrays = work("latent_map", {"key": keys["told"]})
        run = Store().get(keys["told"])
        assert value["count"] == 1000 and arrays["codes"].shape == (1000, 2)
        assert arrays["errors"].mean() == pytest.approx(run.report["mse"], rel=0.02)

    def test_decodes_one_code_as_any_class(self, keys, work):
        codes, labels = [[0.5, -0.5]] * 10, list(range(10))
        _, arrays = work("latent_decode", {"key": keys["told"], "codes": codes, "labels": labels})
        network = trained(keys["told"])
        told = network.run.recipe.model.with_classes(np.array(codes, np.float32), np.array(labels))
        np.testing.assert_allclose(arrays["images"] / 255, network.decode(told), atol=0.6 / 255)
        assert len({image.tobytes() for image in arrays["images"]}) == 10

    @pytest.mark.parametrize("labels", [None, [], [3, 3], [10], [-1], [True], "3", [1.0]])
    def test_does_not_decode_without_one(self, keys, work, labels):
        with pytest.raises(RequestError, match="told the class"):
            work("latent_decode", {"key": keys["told"], "codes": [[0.0, 0.0]], "labels": labels})

    def test_is_told_what_a_drawing_is(self, keys, work):
        drawn = np.zeros((28, 28, 1), np.uint8)
        drawn[4:24, 12:16] = 255
        files = {"picture_npy": npy(drawn)}
        one, two = (work("latent_encode", {"key": keys["told"], "labels": [label]}, **files) for label in (1, 2))
        assert one[1]["image"].shape == (28, 28, 1) and one[0]["code"] != two[0]["code"]
        assert not np.array_equal(one[1]["output"], two[1]["output"])

    def test_finds_neighbours_samples_and_what_the_code_is_worth(self, keys, work):
        assert len(work("latent_neighbours", {"key": keys["told"], "index": 3})[0]["neighbours_latent"]) == 8
        value, arrays = work("latent_samples", {"key": keys["told"], "count": 20})
        assert value["told"] is True and value["source"] == "prior" and arrays["images"].shape == (20, 28, 28, 1)
        value, _ = work("latent", {"key": keys["told"]})
        assert value["negative_elbo"] > 0 and 0 < value["knn_accuracy"] < value["knn_accuracy_pixels"]

    def test_works_on_what_came_with_it(self, elsewhere, work):
        key = elsewhere("told")
        value, arrays = work("latent_map", {"key": key})
        assert value["stored"] is True and len(arrays["points"]) == value["count"]
        assert work("latent", {"key": key})[0]["stored"] is True


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"projection": "umap"}, "one of codes, pca, tsne"),
        ({"count": 10**6}, "from 10 to 10,000"),
        ({"axes": [0, 4]}, "0 to 3"),
        ({"axes": [1, 1]}, "different"),
        ({"axes": [1]}, "different"),
        ({"axes": "12"}, "different"),
    ],
)
def test_a_wrong_map_gets_a_sentence(keys, work, arguments, words):
    with pytest.raises(RequestError, match=words):
        work("latent_map", {"key": keys["plain"], **arguments})


def test_a_stopped_job_ends_soon(keys, tmp_path):
    for task in ("latent", "latent_map", "latent_samples"):
        job = Job(JobFolder(tmp_path, "0" * 16))
        job.stop()
        with pytest.raises(Cancelled):
            TASKS[task].call({"key": keys["convolutional"]}, job)


def test_pictures_larger_than_needed_are_made_smaller(keys, monkeypatch):
    monkeypatch.setattr(gallery, "LONGEST", 4)
    data = RECIPES["convolutional"].dataset.load(RECIPES["convolutional"].dataset.resolve())
    small = gallery.pictures(data.test, lambda: None)
    assert small.shape == (len(data.test), 4, 4, 1) and small.dtype == np.uint8

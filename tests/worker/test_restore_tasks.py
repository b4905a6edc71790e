"""Tasks that damage pictures and restore them, with small networks in place of the lab's."""

import io
import json

import numpy as np
import pytest

from aecore.classical import methods
from aecore.corruptions import BlackBox, GaussianBlur, GaussianNoise, Grey
from aecore.datasets.faces import Faces
from aecore.datasets.fashion_mnist import FashionMnist
from aecore.datasets.mnist import Mnist
from aecore.datasets.photos import Photos
from aecore.engine.folder import JobFolder
from aecore.errors import NotAtHand, RequestError
from aecore.images import to_float
from aecore.metrics import psnr, ssim
from aecore.models.dense import Dense
from aecore.models.stack import Stack
from aecore.models.unet import UNet
from aecore.presets import PRESETS, Preset
from aecore.recipe import Recipe, ResolvedRecipe
from aecore.store import Run, Store, file_digest
from aecore.worker import restoring
from aecore.worker.job import TASKS, Job
from aecore.worker.tasks import restore
from tests.enlarging import finished_run

SMALL = {
    "denoise-mnist": Recipe(Mnist(), GaussianNoise(0.6, varied=True), UNet(filters=4, depth=1)),
    "deblur-mnist": Recipe(Mnist(), GaussianBlur(2.0, varied=True), UNet(filters=4, depth=1)),
    "fill-mnist": Recipe(Mnist(), BlackBox(14, varied=True), UNet(filters=4, depth=1)),
    "denoise-fashion": Recipe(FashionMnist(), GaussianNoise(0.6, varied=True), UNet(filters=4, depth=1)),
    "denoise-photos": Recipe(Photos(size=32), GaussianNoise(0.2, varied=True), Stack(filters=8, depth=2)),
    "colour-photos": Recipe(Photos(size=32), Grey(), UNet(filters=4, depth=1)),
    "fill-faces": Recipe(Faces(size=128), BlackBox(40, varied=True), UNet(filters=4, depth=1)),
}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Small networks under the names of the lab's, few pictures, and nothing else that undoes the same damage."""
    for name, recipe in SMALL.items():
        monkeypatch.setitem(PRESETS, name, Preset(name, "A stand-in", recipe))
    monkeypatch.setattr("aecore.restorers.OTHERS", {})
    monkeypatch.setattr(restore, "MOST_MEASURED", 6)
    restoring._pool.cache_clear()


@pytest.fixture
def key(tmp_path):
    """The key of a finished run of one of the small networks."""
    return lambda name, **more: finished_run(SMALL[name], tmp_path, **more).key


@pytest.fixture
def work(tmp_path):
    """Does a task in a folder of its own; its value and its arrays."""
    count = iter(range(1, 100))

    def do(task, arguments, **files):
        folder = JobFolder(tmp_path / "jobs", f"{next(count):016x}")
        folder.files.mkdir(parents=True)
        for name, content in files.items():
            (folder.files / name.replace("_npy", ".npy")).write_bytes(content)
        job = Job(folder)
        value = TASKS[task].call(arguments, job)
        assert json.loads(json.dumps(value, allow_nan=False)) == value
        (path,) = job.out.glob("*.npz")
        with np.load(path, allow_pickle=False) as found:
            return value, dict(found)

    return do


def asked(task="denoise", subject="mnist", strength=0.4, seed=0, **more):
    return {"task": task, "subject": subject, "strength": strength, "seed": seed, "data": None, **more}


class TestSamples:
    def test_are_damaged_and_answered_and_measured(self, key, work):
        run = key("denoise-mnist")
        value, arrays = work("restore_samples", asked(keys=[run]))
        assert arrays["clean"].shape == arrays["damaged"].shape == arrays["output_0"].shape == (8, 28, 28, 1)
        assert [answer["name"] for answer in value["answers"]] == [run] and value["answers"][0]["seconds"] > 0
        assert len(set(value["labels"])) == 8 and value["classes"] == list("0123456789") and value["seen"]
        clean, output = to_float(arrays["clean"]), to_float(arrays["output_0"])
        np.testing.assert_allclose(arrays["psnr_0"], psnr(clean, output), atol=0.05)
        np.testing.assert_allclose(arrays["ssim_0"], ssim(clean, output), atol=0.01)
        np.testing.assert_allclose(arrays["psnr"], psnr(clean, to_float(arrays["damaged"])), atol=0.05)
        assert (np.std(arrays["damaged"] / 255.0 - arrays["clean"] / 255.0, axis=(1, 2, 3)) > 0.2).all()

    def test_another_seed_takes_others_and_another_strength_the_same(self, work):
        _, first = work("restore_samples", asked(keys=[]))
        _, stronger = work("restore_samples", asked(keys=[], strength=0.6))
        _, other = work("restore_samples", asked(keys=[], seed=1))
        assert np.array_equal(first["clean"], stronger["clean"]) and (first["psnr"] > stronger["psnr"]).all()
        assert not np.array_equal(first["clean"], other["clean"])

    def test_of_a_hole_it_and_the_whole_are_measured_apart(self, key, work):
        _, arrays = work("restore_samples", asked("fill", strength=10, keys=[key("fill-mnist")]))
        assert arrays["hole"].shape == (8, 28, 28, 1) and (arrays["hole"].sum(axis=(1, 2, 3)) == 100).all()
        changed = np.isfinite(arrays["hole_psnr"])
        assert changed.any() and (arrays["hole_psnr"][changed] < arrays["psnr"][changed]).all()
        assert not arrays["misfit_0"][arrays["hole"][..., 0]].any()

    def test_photographs_are_seen_at_another_size_than_they_were_learned_at(self, key, work):
        run = key("denoise-photos")
        value, arrays = work("restore_samples", asked(subject="photos", strength=25 / 255, keys=[run]))
        assert arrays["output_0"].shape == (6, restoring.CROP, restoring.CROP, 3)
        assert not value["seen"] and value["classes"] == [] and set(value["labels"]) == {0, 1}

    def test_colours_are_guessed_from_grey(self, key, work):
        _, arrays = work("restore_samples", asked("colour", "photos", None, keys=[key("colour-photos")]))
        assert arrays["damaged"].shape[-1] == 1 and arrays["output_0"].shape[-1] == 3
        assert np.isfinite(arrays["psnr"]).all() and (arrays["misfit_0"] < 0.5).all()

    def test_faces_that_may_be_shown_stand_in_where_there_are_none(self, key, work):
        value, arrays = work("restore_samples", asked("fill", "faces", 28, keys=[key("fill-faces")]))
        assert arrays["clean"].shape == (3, 128, 128, 3) and "public-domain" in value["source"]

    def test_without_the_data_those_kept_with_a_run_are_taken(self, key, work, monkeypatch, tmp_path):
        monkeypatch.setattr(FashionMnist, "resolve", lambda self: (_ for _ in ()).throw(NotAtHand("Not here.")))
        with pytest.raises(NotAtHand):
            work("restore_samples", asked(subject="fashion", keys=[]))
        kept = Run(tmp_path)
        images = np.random.default_rng(0).integers(0, 256, (8, 28, 28, 1), dtype=np.uint8)
        monkeypatch.setattr(Run, "snapshots", lambda self: {"clean": images, "labels": np.arange(8)})
        monkeypatch.setattr(Run, "info", {"redistributable": True})
        pool = restoring.pool_of(FashionMnist(), kept)
        assert np.array_equal(pool.images, images) and "kept with the run" in pool.source

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"strength": 7}, "strength lies between"),
            ({"strength": None}, "strength lies between"),
            ({"seed": -1}, "choice of pictures"),
            ({"seed": "x"}, "choice of pictures"),
            ({"keys": "x"}, "list of texts"),
            ({"keys": ["0" * 16]}, "There is no run"),
            ({"task": "colour"}, "not offered"),
            ({"subject": "clouds"}, "no kind of picture"),
        ],
    )
    def test_what_is_wrong_gets_a_sentence(self, work, wrong, sentence):
        with pytest.raises(RequestError, match=sentence):
            work("restore_samples", asked(keys=[]) | wrong)

    def test_a_network_for_something_else_is_refused(self, key, work):
        with pytest.raises(RequestError, match="does not restore such"):
            work("restore_samples", asked(keys=[key("deblur-mnist")]))


class TestMisfit:
    def pictures(self, task, strength, subject="mnist"):
        shape = (2, 28, 28, 3 if subject == "photos" else 1)
        clean = np.random.default_rng(0).integers(60, 200, shape, dtype=np.uint8)
        return restoring.damaged(clean, task, subject, strength, 0)

    @pytest.mark.parametrize(("task", "strength"), [("denoise", 0.05), ("deblur", 1.0), ("fill", 10), ("colour", None)])
    def test_the_truth_fits_what_was_given(self, task, strength):
        pictures = self.pictures(task, strength, "photos" if task == "colour" else "mnist")
        found = restoring.misfit(pictures, pictures.clean)
        assert found.shape == (2, 28, 28) and float(np.mean(found > 0.01)) < 0.01

    def test_something_else_does_not(self):
        for task, strength in (("denoise", 0.05), ("deblur", 1.0), ("fill", 10)):
            pictures = self.pictures(task, strength)
            assert restoring.misfit(pictures, 1 - pictures.clean).mean() > 0.05


def test_classical_methods_answer_the_same_pictures(work):
    value, arrays = work("restore_classical", asked())
    _, same = work("restore_samples", asked(keys=[]))
    assert [answer["name"] for answer in value["answers"]] == [method.name for method in methods("denoise")]
    assert np.array_equal(arrays["damaged"], same["damaged"]) and (arrays["psnr_1"] > arrays["psnr"]).mean() > 0.5
    assert all(0 < answer["seconds"] < 5 for answer in value["answers"])


class TestDrawing:
    def drawing(self, shape=(28, 28, 1), kind=np.uint8):
        drawn = np.zeros(shape, kind)
        drawn[8:20, 12:15] = 255
        buffer = io.BytesIO()
        np.save(buffer, drawn)
        return buffer.getvalue()

    def test_is_damaged_and_answered_by_all(self, key, work):
        run = key("denoise-mnist")
        value, arrays = work("restore_drawing", asked(keys=[run]), picture_npy=self.drawing())
        assert [answer["name"] for answer in value["answers"]] == [run, *(item.name for item in methods("denoise"))]
        assert arrays["clean"].max() == 255 and arrays["output_0"].shape == (1, 28, 28, 1)

    def test_something_else_gets_a_sentence(self, work):
        with pytest.raises(RequestError, match="drawing is needed"):
            work("restore_drawing", asked(keys=[]))
        for content in (b"nonsense", self.drawing((20, 20, 1)), self.drawing(kind=np.float32)):
            with pytest.raises(RequestError, match=r"picture\.npy"):
                work("restore_drawing", asked(keys=[]), picture_npy=content)


class TestCurve:
    def test_goes_over_all_strengths_and_beyond(self, key, work, tmp_path):
        own = key("denoise-mnist")
        other = finished_run(Recipe(Mnist(), GaussianNoise(0.25), Dense(widths=(8,), latent_dim=4)), tmp_path).key
        value, arrays = work("restore_curve", {"key": own, "keys": [own, other]})
        assert value["count"] == 6 and value["task"] == "denoise" and "stored" not in value
        assert [(line["trained"], line["blind"]) for line in value["networks"]] == [(0.6, True), (0.25, False)]
        assert arrays["psnr"].shape == arrays["ssim"].shape == (3, len(arrays["stops"]))
        assert np.isnan(arrays["psnr"][0, 0]) and np.isfinite(arrays["psnr"][1:]).all()
        assert (np.diff(arrays["psnr"][0, 1:]) < 0).all() and arrays["stops"][-1] >= 1.25 * 0.6

    def test_of_holes_has_both_measures_over_what_was_changed(self, key, work):
        _, arrays = work("restore_curve", {"key": key("fill-mnist")})
        assert np.isfinite(arrays["hole_psnr"]).all()
        assert (arrays["hole_psnr"][0] < arrays["psnr"][0]).all()

    def test_of_grey_has_one_point(self, key, work):
        _, arrays = work("restore_curve", {"key": key("colour-photos")})
        assert arrays["psnr"].shape == (2, 1) and np.isfinite(arrays["psnr"]).all()

    def test_without_the_data_the_stored_one_is_told_or_nothing(self, key, work):
        run = Store().get(key("denoise-mnist"))
        resolved = run.resolved.to_json() | {"data": {"source": "full", "train": 60_000, "test": 10_000}}
        moved = run.folder.parent / ResolvedRecipe.from_json(resolved).key
        value, arrays = work("restore_curve", {"key": run.key})
        run.folder.rename(moved)
        (moved / "recipe.json").write_text(json.dumps(resolved))
        for finding in (False, True):
            info = json.loads((moved / "run.json").read_text())
            if finding:
                (moved / "restore_curve.json").write_text(json.dumps(value))
                np.savez(moved / "restore_curve.npz", **arrays)
                info["files"] |= {"restore_curve.json": "", "restore_curve.npz": ""}
            info["files"] = {name: file_digest(moved / name) for name in info["files"]}
            (moved / "run.json").write_text(json.dumps(info))
            if not finding:
                with pytest.raises(NotAtHand, match="not on this machine"):
                    work("restore_curve", {"key": moved.name})
        again, kept = work("restore_curve", {"key": moved.name})
        assert again == {**value, "stored": True}
        np.testing.assert_array_equal(kept["psnr"], arrays["psnr"])

    def test_of_something_else_gets_a_sentence(self, work, tmp_path):
        plain = finished_run(Recipe(Mnist(), model=Dense(widths=(8,), latent_dim=4)), tmp_path)
        for received in ("0" * 16, plain.key):
            with pytest.raises(RequestError, match="no run that restores"):
                work("restore_curve", {"key": received})

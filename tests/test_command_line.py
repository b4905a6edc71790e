import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from aecore.images import png
from aecore.presets import PRESETS

ROOT = Path(__file__).parent.parent
QUICK = ["--set", "fit.epochs=2", "--set", "dataset.limit=600"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """One home for all commands of this module, so that what one trained another finds."""
    rest = {name: value for name, value in os.environ.items() if name != "AECORE_DATA"}
    return {**rest, "AECORE_HOME": str(tmp_path_factory.mktemp("home"))}


@pytest.fixture
def lab(environment):
    def run(*arguments, **more):
        command = [sys.executable, "-m", "aecore", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=ROOT, env={**environment, **more}, timeout=600, check=False
        )

    return run


def answer(finished):
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def refused(finished, status=2):
    assert finished.returncode == status, finished.stdout + finished.stderr
    assert finished.stdout == ""
    assert "Traceback" not in finished.stderr
    return finished.stderr.strip()


def test_presets_are_listed_with_their_recipes(lab):
    listed = answer(lab("presets", "--json"))
    assert [item["name"] for item in listed] == list(PRESETS)
    assert all(set(item) == {"name", "task", "recipe"} for item in listed)
    assert "dense-mnist" in lab("presets").stdout


def test_training_gives_a_report_and_the_second_time_it_is_there_already(lab):
    first = answer(lab("train", "dense-mnist", *QUICK, "--json"))
    assert set(first) == {"key", "cached", "seconds", "device", "data", "recipe", "report", "history"}
    assert first["cached"] is False
    assert first["data"] | {"licence": "", "description": ""} == {
        "source": "sample", "train": 600, "test": 1000, "licence": "", "description": "",
    }  # fmt: skip
    assert first["report"]["parameters"] == 218_192 and first["report"]["psnr"] > 5
    assert first["history"]["epoch"] == [1, 2]
    again = answer(lab("train", "dense-mnist", *QUICK, "--json"))
    assert again == {**first, "cached": True}

    shown = answer(lab("show", first["key"], "--json"))
    assert shown == again
    assert first["key"] in [run["key"] for run in answer(lab("runs", "--json"))]


def test_a_recipe_file_and_a_key_mean_what_they_hold(lab, tmp_path):
    first = answer(lab("train", "dense-mnist", *QUICK, "--json"))
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(first["recipe"]))
    assert answer(lab("train", path, "--json"))["key"] == first["key"]
    assert answer(lab("train", first["key"], "--json"))["cached"] is True


def test_parameters_are_counted_layer_by_layer(lab):
    counted = answer(lab("params", "dense-mnist", "--json"))
    assert counted["total"] == sum(layer["params"] for layer in counted["layers"]) == 218_192
    assert all(set(layer) == {"name", "type", "shape", "params"} for layer in counted["layers"])


def test_what_a_code_is_worth_is_said(lab):
    key = answer(lab("train", "dense-mnist", *QUICK, "--json"))["key"]
    found = answer(lab("latent", key, "--json"))
    contract = {"latent_dim", "mse", "pca_mse", "knn_accuracy", "linear_accuracy", "negative_elbo"}
    assert contract <= set(found) and found["key"] == key and found["latent_dim"] == 64
    assert found["pca_mse"] < found["mse"] and 0.1 < found["knn_accuracy"] < found["knn_accuracy_pixels"] < 1
    assert found["negative_elbo"] is None and found["stored"] is False
    assert "nearest neighbours tell the class" in lab("latent", key).stdout


def test_doctor_says_what_is_here(lab):
    found = answer(lab("doctor", "--json"))
    assert found["versions"]["keras"] and found["device"] and found["memory_gb"] > 0
    assert found["datasets"]["mnist"].startswith("sample") and "download" in found["datasets"]["cifar10"].lower()


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["train", "dense-minst"], "neither a preset"),
        (["show", "dense-fashion-9000"], "neither a preset"),
        (["show", "0" * 16], "no finished run"),
        (["latent", "dense-minst"], "neither a preset"),
        (["latent", "0" * 16], "no finished run"),
        (["latent", "better-cifar-deblur"], "no latent vector"),
        (["train", "dense-mnist", "--set", "model.latent_dim=0"], "whole number from 1"),
        (["train", "dense-mnist", "--set", "model.latent_dim=many"], "received 'many'"),
        (["train", "dense-mnist", "--set", "fit.learning_rate=nan"], "received 'nan'"),
        (["train", "dense-mnist", "--set", "fit.learning_rate=inf"], "received 'inf'"),
        (["train", "dense-mnist", "--set", "latent_dim"], "part.field=value"),
        (["train", "dense-mnist", "--set", "fit.start_from=ffffffffffffffff"], "no run 'ffffffffffffffff'"),
        (["train", "nowhere.json"], "cannot be read"),
        (["collect", "nowhere"], "no folder or zip"),
        (["fly"], "invalid choice: 'fly'"),
        ([], "COMMAND"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_request_gets_a_sentence_and_status_2(lab, arguments, words):
    assert words in refused(lab(*arguments))


def test_a_recipe_file_cut_in_half_gets_a_sentence(lab, tmp_path):
    whole = json.dumps(PRESETS["dense-mnist"].recipe.to_json())
    (tmp_path / "half.json").write_text(whole[: len(whole) // 2])
    assert "is not whole JSON" in refused(lab("train", tmp_path / "half.json"))


def test_data_that_is_not_here_is_said_with_what_to_do(lab):
    said = refused(lab("train", "dense-mnist", "--set", "dataset=cifar10"), status=1)
    assert "download" in said.lower() or "AECORE_DATA" in said


def pictures(folder, count):
    folder.mkdir()
    for index in range(count):
        image = np.random.default_rng(index).integers(0, 255, (20, 24, 3), dtype=np.uint8)
        (folder / f"{index:02}.png").write_bytes(png(image))
    return folder


def test_a_collection_is_imported_skipping_what_cannot_be_read_and_trains(lab, tmp_path):
    folder = pictures(tmp_path / "own", 12)
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    collected = answer(lab("collect", folder, "--json"))
    assert collected["images"] == 12
    assert [item["name"] for item in collected["skipped"]] == ["broken.png"]
    settings = ["dataset=collection", f"dataset.digest={collected['digest']}", "dataset.size=16", "fit.epochs=1"]
    chosen = [part for setting in settings for part in ("--set", setting)]
    made = answer(lab("train", "first-light", *chosen, "--json"))
    assert made["data"]["source"] == collected["digest"]


@pytest.mark.parametrize("content", ["texts", "one picture", "nothing"])
def test_a_zip_without_enough_pictures_gets_a_sentence(lab, tmp_path, content):
    with zipfile.ZipFile(tmp_path / "own.zip", "w") as archive:
        if content == "texts":
            for index in range(30):
                archive.writestr(f"{index}.txt", "hello")
        if content == "one picture":
            archive.writestr("one.png", png(np.zeros((20, 20, 3), np.uint8)))
    said = refused(lab("collect", tmp_path / "own.zip"))
    assert len(said) > 40


def test_a_home_that_cannot_be_written_gets_a_sentence(lab, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    said = refused(lab("train", "dense-mnist", *QUICK, "--set", "fit.seed=7", AECORE_HOME=str(tmp_path / "file")), 1)
    assert "AECORE_HOME" in said

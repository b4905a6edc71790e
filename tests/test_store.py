import json
import os
import shutil
import time

import numpy as np
import pytest

from aecore.errors import LabError, RequestError
from aecore.recipe import Recipe
from aecore.store import FILES, PRIVATE_SECONDS, Run, Store

INFO = {"name": "", "source": "made", "licence": "none", "device": "CPU"}


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "model.weights.h5").write_bytes(b"weights")
    (folder / "history.json").write_text('{"epoch": [1]}')
    (folder / "report.json").write_text('{"psnr": 20.5}')
    np.savez(folder / "snapshots.npz", epochs=np.array([1]))
    return folder


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs", tmp_path / "shipped")


def resolved(**settings):
    recipe = Recipe()
    for path, value in settings.items():
        recipe = recipe.setting(path.replace("__", "."), value)
    return recipe.resolve()


def test_what_was_put_in_comes_out(store, files):
    made = resolved()
    store.put(made, files, INFO)
    run = store.get(made.key)
    assert (run.key, run.resolved, run.shipped) == (made.key, made, False)
    assert run.report == {"psnr": 20.5} and run.history == {"epoch": [1]}
    assert run.snapshots()["epochs"].tolist() == [1] and run.info["source"] == "made"


def test_a_run_that_is_not_there_is_none(store):
    assert store.get("0" * 16) is None and store.runs() == []


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "0" * 15, "G" * 16, "0" * 17, "0" * 16 + "\n"])
def test_only_keys_reach_the_disk(store, key):
    with pytest.raises(RequestError, match="16 hex digits"):
        store.get(key)
    with pytest.raises(RequestError, match="16 hex digits"):
        store.delete(key)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["altered", "missing", "cut"])
def test_a_damaged_run_is_set_aside_and_never_used(store, files, name, harm):
    made = resolved()
    path = store.put(made, files, INFO).folder / name
    content = path.read_bytes()
    {
        "altered": lambda: path.write_bytes(content[:-1] + b"?"),
        "missing": path.unlink,
        "cut": lambda: path.write_bytes(content[: len(content) // 2]),
    }[harm]()
    assert store.get(made.key) is None
    assert store.runs() == []
    store.put(made, files, INFO)
    assert store.get(made.key) is not None


def test_a_run_whose_record_is_unreadable_does_not_hide_the_others(store, files):
    good, bad = store.put(resolved(), files, INFO), store.put(resolved(fit__seed=5), files, INFO)
    (bad.folder / "run.json").write_text("{")
    assert [run.key for run in store.runs()] == [good.key]


def test_shipped_runs_lie_below_and_stay(store, files):
    made = resolved()
    store.put(made, files, INFO)
    shutil.copytree(store.folder, store.shipped)
    store.delete(made.key)
    run = store.get(made.key)
    assert run.shipped
    store.delete(made.key)
    assert store.get(made.key).shipped
    assert [run.shipped for run in store.runs()] == [True]


def test_a_failed_write_leaves_nothing_and_gets_a_sentence(store, files):
    (files / "report.json").unlink()
    with pytest.raises(LabError, match="could not be stored"):
        store.put(resolved(), files, INFO)
    assert list(store.folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_gets_a_sentence(tmp_path, files):
    (tmp_path / "occupied").write_text("a file")
    with pytest.raises(LabError, match="set AECORE_HOME"):
        Store(tmp_path / "occupied").put(resolved(), files, INFO)


def test_the_store_is_bounded_and_the_least_recently_used_go_first(store, files, monkeypatch):
    monkeypatch.setattr("aecore.store.MAX_BYTES", 3 * 1400)
    keys = []
    for seed in range(5):
        run = store.put(resolved(fit__seed=seed), files, INFO)
        os.utime(run.folder / "run.json", (seed, seed))
        keys.append(run.key)
        if seed == 1:
            size = sum(file.stat().st_size for file in run.folder.iterdir())
            monkeypatch.setattr("aecore.store.MAX_BYTES", 3 * size + size // 2)
            store.get(keys[0])  # used again: it outlives the second one
    left = {run.key for run in store.runs()}
    assert keys[0] in left and keys[4] in left and keys[1] not in left and len(left) == 3


def test_private_runs_are_reached_by_key_never_listed_and_go_after_an_hour(store, files):
    made = resolved()
    store.put(made, files, {**INFO, "private": True})
    assert store.runs() == [] and store.find(made.recipe) is None
    assert store.get(made.key) is not None
    store.sweep(time.time() + PRIVATE_SECONDS - 60)
    assert store.get(made.key) is not None
    store.sweep(time.time() + PRIVATE_SECONDS + 60)
    assert store.get(made.key) is None


def test_a_recipe_is_found_on_the_largest_data_it_was_trained_on(store, files):
    sample = resolved()
    full = type(sample).from_json({**sample.to_json(), "data": {"source": "full", "train": 60_000, "test": 10_000}})
    for made in (full, sample):
        store.put(made, files, INFO)
    assert store.find(sample.recipe).key == full.key
    assert store.find(sample.recipe.setting("fit.seed", 9)) is None


def test_a_run_renamed_to_another_key_is_not_believed(store, files):
    run = store.put(resolved(), files, INFO)
    run.folder.rename(store.folder / ("0" * 16))
    assert store.get("0" * 16) is None


def test_a_run_is_named_by_its_preset_or_by_its_parts(store, files):
    named = store.put(resolved(), files, {**INFO, "name": "first-light"})
    plain = store.put(resolved(corruption="gaussian"), files, INFO)
    assert named.name == "first-light" and plain.name == "Dense on MNIST digits, gaussian noise"
    assert json.loads((named.folder / "run.json").read_text())["files"].keys() == set(FILES)
    assert isinstance(named, Run)

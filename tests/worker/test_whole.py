import dataclasses

import numpy as np
import pytest

from aecore.datasets.photo_pairs import PhotoPairs
from aecore.engine.folder import JobFolder
from aecore.errors import NotAtHand, RequestError
from aecore.fit import Fit
from aecore.models.conv_sr import ConvSuperResolution
from aecore.recipe import Recipe
from aecore.store import Run, Store
from aecore.worker.job import Job
from aecore.worker.tasks import whole as module
from aecore.worker.tasks.training import train
from aecore.worker.tasks.whole import whole

CROPS = PhotoPairs(height=32, width=48, crops=1)


def job(tmp_path, number):
    folder = JobFolder(tmp_path, f"{number:016}")
    folder.out.mkdir(parents=True)
    return Job(folder)


def trained(tmp_path, dataset):
    recipe = Recipe(dataset, model=ConvSuperResolution(filters=(4,)), fit=Fit(epochs=1, batch_size=8))
    return train({"recipe": recipe.resolve().to_json()}, job(tmp_path, 1))["key"]


@pytest.fixture
def key(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SIZE", (64, 96))
    return trained(tmp_path, CROPS)


def test_a_network_of_crops_is_measured_on_whole_pictures(key, tmp_path):
    value = whole({"key": key}, job(tmp_path, 2))
    assert value["images"] == 6 and value["size"] == [64, 96]
    assert list(value["shrink"]) == ["2", "4", "6"]
    assert value["input_mse"] == pytest.approx(np.mean([row["input_mse"] for row in value["shrink"].values()]))
    with np.load(tmp_path / f"{2:016}" / "out" / "whole.npz") as arrays:
        assert len(arrays["test_psnr"]) == len(arrays["labels"]) == 6
    shrunk = Store().get(key).report["shrink"]
    assert value["shrink"]["2"]["input_mse"] < shrunk["2"]["input_mse"]  # resizing hides the blur


def test_where_the_data_is_not_the_finding_that_was_kept_answers(key, tmp_path, monkeypatch):
    elsewhere = dataclasses.replace(CROPS.resolve(), source="full")
    monkeypatch.setattr(PhotoPairs, "resolve", lambda self: elsewhere)
    with pytest.raises(NotAtHand, match="not on this machine"):
        whole({"key": key}, job(tmp_path, 2))
    monkeypatch.setattr(Run, "finding", lambda self, task: ({"mse": 0.5}, {"labels": np.arange(3)}))
    assert whole({"key": key}, job(tmp_path, 3)) == {"mse": 0.5, "stored": True}


def test_other_runs_are_refused(tmp_path):
    for key in ("0" * 16, trained(tmp_path, PhotoPairs(height=16, width=16))):
        with pytest.raises(RequestError, match="no run on crops"):
            whole({"key": key}, job(tmp_path, 4 + int(key[0] != "0")))

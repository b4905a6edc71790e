"""Pairs for Keras: the same batches as the lab's own training takes, read side by side."""

import os
import threading
import tracemalloc

import keras
import numpy as np
import pytest

from aecore.corruptions import NoCorruption
from aecore.datasets import Split
from aecore.datasets.photo_pairs import PhotoPairs, pairs_in, split_of
from aecore.datasets.photo_pairs.pictures import Streamed
from aecore.errors import RequestError
from aecore.models.conv_sr import ConvSuperResolution
from aecore.recipe import Recipe
from aecore.training.batches import Batches, damaged
from aecore.training.losses import mean_squared_error
from aecore.training.network import build
from aecore.training.paired import PairedImageSequence
from tests.datasets.photo_pairs.pairs import content, pair_files, pair_folder, photograph


@pytest.fixture
def place(tmp_path):
    return pair_folder(tmp_path / "pairs", pair_files(7))


def sequence(place, **options):
    return PairedImageSequence.of_folder(place, height=16, width=24, batch_size=4, **options)


def seen(batches):
    """Photograph and factor of everything in an epoch, in order."""
    inputs = np.concatenate([inputs for inputs, _ in batches])
    return [tuple(pixel) for pixel in np.round(255 * inputs[:, 0, 0, :2]).astype(int).tolist()]


def test_pairs_stay_together_on_the_scale_from_0_to_1(place):
    for inputs, targets in sequence(place):
        assert inputs.dtype == targets.dtype == np.float32 and inputs.shape == targets.shape == (4, 16, 24, 3)
        np.testing.assert_array_equal(inputs[..., 0], targets[..., 0])
        np.testing.assert_array_equal(inputs[..., 2], targets[..., 2])
        assert set(np.round(255 * inputs[:, 0, 0, 1]).tolist()) <= {2, 4, 6} and not targets[..., 1].any()
        assert inputs.min() >= 0 and 0.5 < inputs.max() <= 1


def test_the_order_changes_every_epoch_and_the_number_of_batches_does_not(place):
    batches, again = sequence(place), sequence(place)
    epochs = []
    for _ in range(3):
        assert len(batches) == 5
        epochs.append(seen(batches))
        assert epochs[-1] == seen(again)
        batches.on_epoch_end()
        again.on_epoch_end()
    assert epochs[0] != epochs[1] != epochs[2]
    assert all(len(set(epoch)) == 20 for epoch in epochs)  # 21 pairs: another one is left out each time
    assert epochs[0] != seen(sequence(place, seed=1))


def test_more_steps_than_pairs_go_round_again(place):
    batches = sequence(place, steps=9)
    assert len(batches) == 9 and len(seen(batches)) == 36 and len(set(seen(batches))) == 21
    with pytest.raises(IndexError):
        batches[9]


def test_keras_trains_on_it_with_workers(place):
    batches = sequence(place, workers=2, max_queue_size=4)
    model = build(ConvSuperResolution(filters=(4, 8)), (16, 24, 3), (16, 24, 3))
    model.compile(keras.optimizers.Adam(0.01), "mse")
    history = model.fit(batches, epochs=4, verbose=0, validation_data=sequence(place)).history
    assert history["loss"][-1] < history["loss"][0] and batches.epoch > 4
    assert len(history["val_loss"]) == 4


def test_workers_decode_side_by_side_and_give_what_one_alone_gives(place, monkeypatch):
    alone = seen(sequence(place))
    decode, threads = Streamed.__getitem__, set()

    def noted(self, number):
        threads.add(threading.get_ident())
        return decode(self, number)

    monkeypatch.setattr(Streamed, "__getitem__", noted)
    assert seen(sequence(place)) == alone and threading.get_ident() not in threads


def test_the_labs_own_training_takes_the_same_batches(place):
    split = split_of(pairs_in(place), 16, 24)
    batches, own = PairedImageSequence(split, 4, seed=3), Batches(split, NoCorruption(), 4, 3)
    for step, (inputs, targets) in enumerate(batches):
        mine = own.batch(own.order(1), 1, step)
        np.testing.assert_allclose(inputs, mine[0] / np.float32(255), atol=1e-6)
        np.testing.assert_allclose(targets, mine[1] / np.float32(255), atol=1e-6)


def test_fresh_crops_follow_from_seed_epoch_and_step_and_stay_together():
    data = PhotoPairs(height=32, width=48, crops=3)
    split = data.load(data.resolve()).train
    first, again, other = (
        damaged(split, np.arange(9), NoCorruption(), np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert (first[1] != other[1]).any()
    close = mean_squared_error(first[0] / 255.0, first[1] / 255.0)
    assert float(close) < 0.2 * float(mean_squared_error(first[0] / 255.0, other[1] / 255.0))


def test_everything_wrong_is_named_before_anything_is_trained(place):
    (place / "low res" / "3_4.png").unlink()
    (place / "high res" / "5.png").write_bytes((place / "high res" / "5.png").read_bytes()[:-20])
    (place / "low res" / "0_2.png").write_bytes(content(photograph(0, 30, 50)))
    with pytest.raises(RequestError, match=r"low res/3_4\.png;.*high res/5\.png.*low res/0_2\.png \(50 × 30 px\)"):
        sequence(place)


def test_images_without_inputs_are_no_pairs():
    with pytest.raises(RequestError, match="needs both sides"):
        PairedImageSequence(Split(np.zeros((8, 16, 16, 3), np.uint8)))


@pytest.mark.skipif(not hasattr(os, "link"), reason="makes thousands of files as links to a few")
def test_memory_does_not_grow_with_the_number_of_pairs(place):
    table = ["low_res,high_res"]
    for number in range(1000):
        os.link(place / "high res" / "0.png", place / "high res" / f"p{number}.png")
        for factor in (2, 4, 6):
            os.link(place / "low res" / f"0_{factor}.png", place / "low res" / f"p{number}_{factor}.png")
            table.append(f"p{number}_{factor}.png,p{number}.png")
    (place / "image_data.csv").write_text("\n".join(table))
    tracemalloc.start()
    try:
        batches = PairedImageSequence.of_folder(place, height=64, width=96, batch_size=8)
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        for step in range(6):
            batches[step]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(batches) == 375
    batch = 8 * 2 * 64 * 96 * 3 * 5  # both sides, as bytes and as floats
    assert before < 15_000_000 and peak - before < 4 * batch


def test_a_preset_of_pairs_is_a_recipe_like_any_other():
    recipe = Recipe(PhotoPairs(height=32, width=48), model=ConvSuperResolution())
    assert recipe.input_shape == recipe.target_shape == (32, 48, 3)
    with pytest.raises(RequestError, match="brings its own damaged images"):
        recipe.setting("corruption", "blur")

from types import SimpleNamespace

import pytest

from aecore.datasets import Pin
from aecore.estimate import SECONDS_AROUND, estimated_seconds, num_steps
from aecore.recipe import Recipe

RECIPE = Recipe().setting("fit.epochs", 4).setting("fit.batch_size", 100).setting("fit.validation_share", 0.1)
PIN = Pin("sample", 1000, 200)


def run(recipe=RECIPE, seconds=2.0, flops=1_000_000, steps=144, shipped=False, epochs=4):
    history = {"seconds": [seconds + 5] + [seconds] * (epochs - 1)}  # compiling makes the first epoch longer
    info, resolved = {"flops": flops, "steps": steps}, SimpleNamespace(data=PIN)
    return SimpleNamespace(recipe=recipe, shipped=shipped, info=info, history=history, resolved=resolved)


def test_steps_are_whole_batches_of_what_validation_leaves():
    assert num_steps(RECIPE, PIN) == 4 * 9
    assert num_steps(RECIPE.setting("fit.steps_per_epoch", 5), PIN) == 4 * 5
    assert num_steps(RECIPE.setting("fit.batch_size", 4096), PIN) == 4


def test_the_same_work_takes_as_long_as_it_took_before():
    same = RECIPE.setting("fit.steps_per_epoch", 36)
    assert estimated_seconds(same, PIN, 1_000_000, [run(same)]) == pytest.approx(SECONDS_AROUND + 8)


def test_a_batch_larger_than_the_data_takes_no_longer():
    whole, larger = (RECIPE.setting("fit.batch_size", size) for size in (900, 4096))
    assert estimated_seconds(larger, PIN, 10**9, []) == estimated_seconds(whole, PIN, 10**9, [])


def test_twice_the_epochs_take_twice_as_long():
    longer = RECIPE.setting("fit.steps_per_epoch", 36).setting("fit.epochs", 8)
    assert estimated_seconds(longer, PIN, 1_000_000, [run()]) == pytest.approx(SECONDS_AROUND + 16)


def test_only_telling_runs_of_this_machine_and_this_kind_of_network_count():
    same = RECIPE.setting("fit.steps_per_epoch", 36)
    other = [run(shipped=True, seconds=99), run(RECIPE.setting("model", "conv"), seconds=99)]
    tiny = [run(steps=4, seconds=99), run(epochs=1, seconds=99)]
    assert estimated_seconds(same, PIN, 1_000_000, [*other, *tiny, run()]) == pytest.approx(SECONDS_AROUND + 8)


def test_without_any_run_there_is_an_estimate_all_the_same():
    assert SECONDS_AROUND < estimated_seconds(RECIPE, PIN, 1_000_000, []) < 60

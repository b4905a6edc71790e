import shlex

import pytest

from aecore.corruptions import BlackBox
from aecore.models.unet import UNet
from aecore.presets import PRESETS
from aecore.recipe import Recipe
from pages.ui.frame import plain
from pages.ui.jobs import time_left
from pages.ui.words import command, headline, summary

FIRST = PRESETS["first-light"].recipe


def repeated(line):
    """The recipe that a command line stands for."""
    words = shlex.split(line)
    assert words[:4] == ["python", "-m", "aecore", "train"]
    recipe = PRESETS[words[4]].recipe
    for setting in words[6::2]:
        where, _, value = setting.partition("=")
        recipe = recipe.setting(where, value)
    return recipe


@pytest.mark.parametrize("name", PRESETS)
def test_the_command_line_repeats_the_recipe(name):
    recipe = PRESETS[name].recipe
    assert repeated(command(recipe, "first-light", FIRST)) == recipe


def test_the_command_line_of_the_preset_itself_is_its_name():
    assert command(FIRST, "first-light", FIRST) == "python -m aecore train first-light"


def test_a_headline_says_what_goes_through_how_much():
    assert headline(FIRST) == "MNIST digits through 32 numbers"
    assert headline(Recipe(corruption=BlackBox())) == "Black box undone: MNIST digits through 64 numbers"


def test_a_summary_leaves_out_what_does_nothing():
    assert summary(FIRST).startswith("Convolutional: filters 16")
    assert "Black box: box size 10 px" in summary(Recipe(corruption=BlackBox()))
    assert "correct the input" in summary(Recipe(model=UNet())) and "True" not in summary(Recipe(model=UNet()))
    assert "correct the input" not in summary(Recipe(model=UNet(correction=False)))


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, ""), (0.2, "1 s"), (14.2, "15 s"), (99, "99 s"), (130, "2 min"), (4800, "1 h 20 min")]
)
def test_times_are_for_people(seconds, words):
    assert time_left(seconds) == words


def test_what_a_sentence_quotes_is_not_read_as_markup():
    assert plain("![x](http://a.b)") == r"\!\[x\]\(http\://a\.b\)"

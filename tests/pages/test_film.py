import base64
import io

import numpy as np
from PIL import Image

from pages.ui import film

TRUTH = np.random.default_rng(0).integers(0, 256, (3, 28, 28, 1), dtype=np.uint8)


def decoded(uri):
    return np.array(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))))


def test_every_picture_says_what_it_shows():
    names = film.told([7, -1, 0], tuple("0123456789"))
    assert names == ["“7”, image 1", "image 2", "“0”, image 3"]
    shown = film.row("Output", TRUTH, names, film.quality(TRUTH, TRUTH))
    assert shown["frames"][0][0]["alt"] == "Output, “7”, image 1: identical"


def test_small_pictures_travel_unchanged():
    cell = film.cells(TRUTH, "Input", ["a", "b", "c"])[1]
    assert np.array_equal(decoded(cell["src"]), TRUTH[1, ..., 0])


def test_a_comparison_has_the_original_only_where_the_input_is_damaged():
    outputs = TRUTH[None]
    names = film.told([1, 2, 3], ())
    assert [row["label"] for row in film.comparison(TRUTH, TRUTH, outputs, names, True)] == [
        "Input",
        "Output",
        "Difference",
    ]
    rows = film.comparison(TRUTH, TRUTH, outputs, names, False)
    assert [row["label"] for row in rows] == ["Original", "Input", "Output", "Difference"]


def test_a_film_has_a_frame_for_each_epoch_and_its_difference():
    outputs = np.stack([TRUTH // 2, TRUTH])
    rows = film.comparison(TRUTH, TRUTH, outputs, film.told([0] * 3, ()), True)
    assert [len(row["frames"]) for row in rows] == [1, 2, 2]
    assert decoded(rows[2]["frames"][1][0]["src"])[..., 3].max() == 0  # no difference is clear


def test_inputs_smaller_than_outputs_have_no_quality():
    assert film.quality(TRUTH, TRUTH[:, ::2, ::2]) == []


def test_a_reel_says_where_it_is():
    history = {"epoch": [1, 2], "loss": [0.5, 0.25], "val_loss": [0.6, None]}
    made = film.reel(history, [0, 1, 2], 2, "Loss")
    assert made["labels"] == ["Before training", "Epoch 1 of 2", "Epoch 2 of 2"]
    assert [curve["epochs"] for curve in made["curves"]] == [[1, 2], [1]]
    assert made["alt"] == "Loss over 2 epochs, now 0.25 and on validation images 0.6."


def test_a_reel_before_the_first_epoch_is_empty_and_says_so():
    made = film.reel({}, [], 5, "Loss")
    assert made["curves"] == [] and made["alt"] == "No epoch is finished yet." and made["now"] == 0

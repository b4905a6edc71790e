import json

import numpy as np
import pytest

from aecore.datasets import Pin
from aecore.engine import Result
from aecore.errors import NotAtHand
from aecore.presets import PRESETS
from aecore.published import SYSTEMS
from aecore.recipe import Recipe
from aecore.store import file_digest
from pages.ui.published_sweep import says_the_same
from tests.pages.conftest import DESCRIPTION, pictures
from tests.pages.test_pages import button, films, opened, words

PAGE = "pages/class/published_systems.py"
DENSE, DEBLUR, FACES = (SYSTEMS[slug] for slug in ("dense-mnist", "conv-cifar-deblur", "conv-faces-inpaint"))
FULL = Pin("full", 60_000, 10_000)
FOUND = {"accuracy": {"perfect": 0.814, "input": None, "plain": 0.807}, "colour": "black", "images": 10_000}


def shown(system=None):
    return opened(PAGE, published__system=system.title) if system else opened(PAGE)


def tables(app):
    return [table.value for table in app.table]


def cells(app, number=0):
    """The texts of a table, row by row."""
    return [" | ".join(map(str, row)) for row in tables(app)[number].to_numpy()]


@pytest.fixture
def make(make_run, store):
    """A finished run of a preset on the full data, with figures of one's own and what was found about it."""

    def make(name, finding=None, **figures):
        run = make_run(PRESETS[name].recipe, pin=FULL, name=name, redistributable=True, steps=4680)
        info = json.loads((run.folder / "run.json").read_text())
        (run.folder / "report.json").write_text(json.dumps({**run.report, **figures}))
        if finding:
            (run.folder / "baselines.json").write_text(json.dumps(finding))
            np.savez(run.folder / "baselines.npz", pca=pictures(seed=2))
            info["files"] |= dict.fromkeys(("baselines.json", "baselines.npz"))
        info["files"] = {file: file_digest(run.folder / file) for file in info["files"]}
        (run.folder / "run.json").write_text(json.dumps(info))
        return store.get(run.key)

    return make


class TestOverview:
    def test_lists_all_five_even_where_nothing_is_trained(self):
        app = shown()
        lines = cells(app)
        assert len(lines) == 5 and all("not trained yet" in line for line in lines)
        assert all(button(app, system.title) for system in SYSTEMS.values())

    def test_sets_each_figure_beside_its_neighbours(self, make):
        make("dense-mnist", psnr=23.6, pca_psnr=20.8, loss=0.077)
        make("better-mnist", psnr=26.2)
        line = cells(shown())[0]
        for figure in ("0.0780 (loss, test, plain Keras)", "0.0770 (test)", "20.8 dB (PCA)", "23.6 dB", "26.2 dB"):
            assert figure in line

    def test_a_click_on_a_system_opens_it(self):
        app = shown()
        button(app, FACES.title).click().run()
        assert FACES.purpose in words(app)


class TestOneSystem:
    def test_shows_its_figure_redrawn_with_pca_and_the_better_answer(self, make):
        make("dense-mnist", FOUND)
        make("better-mnist")
        app = shown(DENSE)
        assert not app.error and films(app)
        labels = [row["label"] for row in json.loads(films(app)[0].proto.json)["rows"]]
        assert labels == ["Original", "PCA", "Published", "Better"]

    def test_sets_every_reported_figure_beside_the_measured_one(self, make):
        make("dense-mnist", psnr=23.6, pca_psnr=20.8, loss=0.077)
        lines = cells(shown(DENSE))
        assert "0.0780" in lines[0] and "0.0770, test images, epoch 2" in lines[0] and "1.3 % lower" in lines[0]
        assert "20.8 dB" in lines[2] and "the same" in lines[2]
        assert lines[-1].split(" | ")[1:3] == ["4,700", "4,680"]

    def test_says_what_was_reported_even_where_nothing_is_measured(self):
        lines = cells(shown(FACES))
        assert "0.0111, training images, epoch 15 | not measured" in lines[0] and "16,410 | –" in lines[-1]

    def test_says_openly_where_it_is_worse_than_its_input(self, make):
        make("conv-cifar-deblur", psnr=24.9, input_psnr=25.8, ssim=0.84, input_ssim=0.87)
        (warning,) = shown(DEBLUR).warning
        said = warning.value.replace("\\", "")
        assert "Worse than doing nothing" in said and "24.9 dB and SSIM 0.840" in said and "25.8 dB" in said

    def test_says_nothing_of_the_kind_where_it_is_better(self, make):
        make("conv-cifar-deblur", psnr=26.9, input_psnr=25.8, ssim=0.88, input_ssim=0.87)
        assert not shown(DEBLUR).warning

    def test_judges_each_shrink_factor(self, make):
        fine = {"psnr": 30.0, "ssim": 0.9, "input_psnr": 29.0, "input_ssim": 0.8}
        shrink = {"2": {**fine, "input_psnr": 41.0}, "4": fine}
        make("conv-cifar-deblur", input_psnr=20.0, input_ssim=0.5, shrink=shrink)
        app = shown(DEBLUR)
        assert ["shrunk 2 times" in item.value for item in app.warning] == [True]
        assert [row.split(" | ")[:3] for row in cells(app, 1)] == [
            ["2 times", "41.0 dB, SSIM 0.800", "30.0 dB, SSIM 0.900"],
            ["4 times", "29.0 dB, SSIM 0.800", "30.0 dB, SSIM 0.900"],
        ]

    def test_says_by_how_much_the_better_recipe_is_better_and_at_which_cost(self, make):
        make("dense-mnist", psnr=23.6, ssim=0.93, seconds=20.0)
        make("better-mnist", psnr=26.2, ssim=0.96, seconds=10.0)
        app = shown(DENSE)
        lines = cells(app, 1)
        assert "+2.6 dB" in lines[0] and "+0.030" in lines[1] and "2 times less" in "\n".join(lines)
        assert "Epochs | 20 | 8" in cells(app, 2)

    def test_shows_why_accuracy_misleads_from_what_was_found(self, make):
        make("dense-mnist", FOUND)
        said = words(shown(DENSE))
        assert "misleads" in said and "all black" in said and "10,000 test images" in said

    def test_does_without_what_was_not_found_and_cannot_be(self, make):
        make("dense-mnist")
        app = shown(DENSE)
        assert "not on this machine" in words(app) and not app.error

    def test_asks_for_what_was_not_found_where_the_data_is(self, make_run, engine, monkeypatch):
        make_run(PRESETS["dense-mnist"].recipe, redistributable=True)
        given = engine.result

        def result(job):
            return Result(FOUND, engine.folder) if engine.status(job).function == "baselines" else given(job)

        monkeypatch.setattr(engine, "result", result)
        assert "10,000 test images" in words(shown(DENSE)) and len(engine.of("baselines")) == 1

    def test_shows_what_else_its_author_asked_for(self, make):
        make("dense-mnist")
        make("dense-mnist-denoise", input_psnr=14.9, psnr=21.1)
        assert "PSNR 21.1 dB on the test images; input 14.9 dB" in words(shown(DENSE))

    def test_compares_its_layers_with_the_listed_ones(self, make):
        make("dense-mnist")
        app = shown(DENSE)
        assert f"{DESCRIPTION['total']:,} parameters; the source lists 218,192" in words(app)

    def test_has_its_table_of_trials(self):
        app = shown(FACES)
        assert "0.5712" in "\n".join("\n".join(cells(app, number)) for number in range(len(app.table)))


class TestSweep:
    def test_knows_an_answer_that_is_the_same_for_all(self):
        grey = np.full((3, 8, 8, 3), 120, np.uint8)
        assert says_the_same(grey) and not says_the_same(pictures(3))


class TestTraining:
    def test_the_button_says_what_it_costs_and_begins_one(self, engine):
        app = shown(DENSE)
        assert "not trained yet" in words(app)
        button(app, r"Train it here, about \d+ s").click().run()
        (arguments,) = [arguments for function, arguments in engine.asked if function == "train"]
        assert Recipe.from_json(arguments["recipe"]) == PRESETS["dense-mnist"].recipe
        assert button(app, "Cancel")

    def test_it_says_how_far_it_is_and_can_be_cancelled(self, engine):
        app = shown(DENSE)
        button(app, "Train it here").click().run()
        (job,) = engine.of("train")
        engine.progress[job] = {"epoch": 3, "epochs": 20, "fraction": 0.2, "seconds_left": 8.2, "loss": 0.1}
        app.run()
        assert app.progress[0].text == "Epoch 3 of 20, about 9 s left"
        button(app, "Cancel").click().run()
        app.run()
        assert engine.cancelled == [job] and button(app, "Go on")

    def test_a_run_made_here_is_shown(self, make_run):
        run = make_run(PRESETS["dense-mnist"].recipe, redistributable=True, name="dense-mnist")
        app = shown(DENSE)
        (open_it,) = [item for item in app.get("page_link") if item.proto.label == "Open its run"]
        assert run.key in open_it.proto.query_string and "exactly the data that is here" in words(app)

    def test_a_run_on_the_sample_stands_beside_the_shipped_one(self, make, make_run):
        make("dense-mnist")
        make_run(PRESETS["dense-mnist"].recipe, redistributable=True, source="5,000-image sample")
        app = shown(DENSE)
        assert "Trained here, too" in words(app)

    def test_it_can_be_changed_first(self):
        links = [item for item in shown(DENSE).get("page_link") if "settings" in item.proto.label]
        assert links and all("train.fit.epochs=" in item.proto.query_string for item in links)

    def test_without_data_it_says_so(self, monkeypatch):
        def resolve(recipe):
            raise NotAtHand("The pictures are not on this machine.")

        monkeypatch.setattr(Recipe, "resolve", resolve)
        app = shown(DENSE)
        assert "cannot be trained here" in words(app) and "Train it here" not in words(app) and not app.error


@pytest.fixture
def presets():
    """The presets, to be changed; afterwards they are what they were, in the same order."""
    before = dict(PRESETS)
    yield PRESETS
    PRESETS.clear()
    PRESETS.update(before)


@pytest.mark.parametrize("slug", SYSTEMS)
def test_a_system_without_recipes_and_runs_still_opens(slug, presets):
    presets.pop(slug), presets.pop(SYSTEMS[slug].better)
    app = shown(SYSTEMS[slug])
    assert not app.error and SYSTEMS[slug].lesson in words(app)

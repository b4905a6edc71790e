import numpy as np
import pytest

from aecore.figures.restoring import Line, misfit_pictures, misfit_scale, strength_chart

STOPS = np.linspace(0, 0.8, 5)
DAMAGED = np.array([np.nan, 20, 14, 11, 9.0])
BLIND = Line("all", np.linspace(40, 16, 5), 0.6, True)
ONE = Line("one", np.linspace(22, 12, 5), 0.3, False)


def named(figure):
    return {trace.name: trace for trace in figure.data if trace.name}


class TestTheChart:
    def test_has_a_line_for_each_network_and_a_dashed_one_for_the_damaged(self):
        found = named(strength_chart(STOPS, DAMAGED, [BLIND, ONE], 0.4, "noise, σ"))
        assert list(found) == ["all", "one", "damaged"]
        assert found["damaged"].line.dash == "dash" and found["all"].line.color != found["one"].line.color
        np.testing.assert_array_equal(found["one"].y, ONE.values)

    def test_marks_what_networks_were_trained_on_and_where_one_looks(self):
        figure = strength_chart(STOPS, DAMAGED, [BLIND, ONE], 0.4, "noise, σ")
        band, line = figure.layout.shapes
        assert (band.x0, band.x1) == (0, 0.6) and line.x0 == line.x1 == 0.4
        (mark,) = [trace for trace in figure.data if trace.mode == "markers"]
        assert mark.x[0] == 0.3 and mark.y[0] == pytest.approx(np.interp(0.3, STOPS, ONE.values))

    def test_without_a_place_to_look_at_has_no_line_for_it(self):
        assert len(strength_chart(STOPS, DAMAGED, [ONE], None, "noise, σ").layout.shapes) == 0

    def test_of_a_damage_without_strengths_says_so(self):
        figure = strength_chart(np.zeros(1), np.zeros(1), [], None, "")
        assert not figure.data and "no strengths" in figure.layout.annotations[0].text


class TestMisfit:
    def test_nothing_is_dark_and_the_scale_is_bright(self):
        maps = np.array([[[0.0, 0.1, 0.5]]])
        found = misfit_pictures(maps, 0.1)
        assert found.shape == (1, 1, 3, 4) and (found[..., 3] == 255).all()
        dark, bright, beyond = found[0, 0, :, :3].astype(int).sum(axis=-1)
        assert dark < bright == beyond

    def test_a_hole_is_clear(self):
        hole = np.array([[[[True], [False]]]])
        assert misfit_pictures(np.zeros((1, 1, 2)), 0.1, hole)[0, 0, :, 3].tolist() == [0, 255]

    def test_the_scale_is_round_and_holds_nearly_all(self):
        assert misfit_scale(np.full((1, 4, 4), 0.04)) == 0.05
        assert misfit_scale(np.zeros((1, 4, 4)), np.full((1, 4, 4), 0.7)) == 1.0
        assert misfit_scale() == 0.02

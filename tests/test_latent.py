import numpy as np
import pytest
from sklearn import manifold
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestNeighbors

from aecore import latent
from aecore.latent import Gaussian, neighbours


class TestWalks:
    def test_both_begin_and_end_where_they_should(self):
        first, second = np.array([1.0, 0.0, 2.0]), np.array([0.0, 3.0, 1.0])
        for walk in (latent.linear, latent.spherical):
            codes = walk(first, second, 5)
            assert codes.shape == (5, 3)
            np.testing.assert_allclose(codes[[0, -1]], [first, second], atol=1e-12)

    def test_a_line_has_equal_steps(self):
        steps = np.diff(latent.linear(np.zeros(2), np.array([3.0, 4.0]), 6), axis=0)
        np.testing.assert_allclose(np.linalg.norm(steps, axis=1), 1)

    def test_an_arc_keeps_its_distance_and_turns_evenly(self):
        codes = latent.spherical(np.array([2.0, 0.0]), np.array([0.0, 2.0]), 4)
        angles = np.radians([0, 30, 60, 90])
        np.testing.assert_allclose(codes, 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1), atol=1e-12)

    def test_an_arc_turns_around_its_centre(self):
        centre = np.array([5.0, 5.0])
        codes = latent.spherical(centre + [1, 0], centre + [0, 1], 7, centre)
        np.testing.assert_allclose(np.linalg.norm(codes - centre, axis=1), 1)

    @pytest.mark.parametrize("second", [[2.0, 2.0], [-1.0, -1.0], [0.0, 0.0]])
    def test_where_there_is_no_one_arc_the_walk_is_straight(self, second):
        first = np.array([1.0, 1.0])
        np.testing.assert_allclose(
            latent.spherical(first, np.array(second), 3), latent.linear(first, np.array(second), 3)
        )

    def test_the_difference_of_two_groups_is_what_was_added_to_one(self):
        codes = np.random.default_rng(0).normal(size=(40, 3))
        np.testing.assert_allclose(latent.difference(codes + [1, 0, -2], codes), [1, 0, -2], atol=1e-12)

    def test_a_gaussian_grid_stands_for_equal_shares(self):
        places = latent.gaussian_grid(4)
        drawn = np.random.default_rng(0).normal(size=(20_000, 2))
        inner = np.unique(places[:, 0].round(9))
        edges = latent.gaussian_grid(2)[:, 0]  # quartiles: in the middle between two of the four
        np.testing.assert_allclose(np.sort(inner), [-1.15035, -0.31864, 0.31864, 1.15035], atol=1e-5)
        np.testing.assert_allclose(np.mean(drawn[:, 0] < edges.min()), 0.25, atol=0.02)
        assert places[0, 1] == places[:, 1].max() and places[0, 0] == places[:, 0].min()


class TestNumbers:
    def test_ranges_leave_outliers_out(self):
        codes = np.concatenate([np.linspace(0, 1, 1001), [1e6]])[:, None]
        low, high = latent.ranges(codes)
        assert low[0] == pytest.approx(0.005, abs=1e-3) and high[0] == pytest.approx(0.996, abs=1e-3)

    def test_the_number_that_varies_most_comes_first(self):
        codes = np.random.default_rng(0).normal(size=(500, 4)) * [1, 3, 0, 2]
        assert latent.by_variance(codes).tolist() == [1, 3, 0, 2]

    def test_units_whose_means_vary_by_more_than_a_hundredth_are_active(self):
        signs = np.array([[1.0], [-1.0]])
        assert latent.active_units(signs * np.array([0.09, 0.11, 1.0, 0.0])) == 2


class TestPlane:
    codes = np.random.default_rng(3).normal(size=(300, 5)) @ np.diag([0.1, 4, 0.2, 2, 0.1]) + 7

    def test_a_place_and_its_code_are_each_others_way_back(self):
        for plane in (latent.principal_plane(self.codes), latent.axes_plane(self.codes, (3, 0))):
            places = np.random.default_rng(0).normal(size=(9, 2))
            there = latent.code_at(places, plane.mean, plane.components)
            np.testing.assert_allclose(latent.place_of(there, plane.mean, plane.components), places, atol=1e-5)

    def test_principal_components_are_those_of_the_spread(self):
        plane = latent.principal_plane(self.codes)
        values = np.linalg.eigvalsh(np.cov(self.codes.T, bias=True))[::-1]
        assert plane.explained == pytest.approx(values[:2].sum() / values.sum())
        places = latent.place_of(self.codes, plane.mean, plane.components)
        np.testing.assert_allclose(places.var(axis=0), values[:2], rtol=1e-4)
        assert plane.components[0].argmax() == 1 and plane.components[1].argmax() == 3

    def test_on_axes_a_place_is_two_numbers_of_the_code(self):
        plane = latent.axes_plane(self.codes, (3, 0))
        places = latent.place_of(self.codes, plane.mean, plane.components)
        np.testing.assert_allclose(places, self.codes[:, [3, 0]], rtol=1e-6)
        back = latent.code_at(places, plane.mean, plane.components)
        np.testing.assert_allclose(
            back[:, [1, 2, 4]], np.tile(self.codes[:, [1, 2, 4]].mean(axis=0), (300, 1)), rtol=1e-5
        )

    @pytest.mark.parametrize("make", [latent.principal_plane, lambda codes: latent.axes_plane(codes, (0, 0))])
    def test_codes_of_one_number_lie_on_a_line(self, make):
        codes = np.array([[1.0], [2.0], [4.0]])
        plane = make(codes)
        places = latent.place_of(codes, plane.mean, plane.components)
        assert places[:, 1].tolist() == [0, 0, 0] and plane.explained == 1
        np.testing.assert_allclose(latent.code_at(places, plane.mean, plane.components), codes, atol=1e-6)

    def test_codes_that_are_all_alike_have_a_map_too(self):
        plane = latent.principal_plane(np.ones((5, 3)))
        assert np.isfinite(plane.components).all() and plane.explained == 1


class TestGaussian:
    def test_what_is_drawn_has_the_mean_and_the_covariance(self):
        made = Gaussian(np.array([1.0, -2.0]), np.array([[2.0, 0.6], [0.6, 0.5]]))
        drawn = made.draw(100_000, np.random.default_rng(0))
        assert drawn.dtype == np.float32
        np.testing.assert_allclose(drawn.mean(axis=0), made.mean, atol=0.02)
        np.testing.assert_allclose(np.cov(drawn.T), made.covariance, atol=0.03)

    def test_a_fit_finds_it_again(self):
        codes = np.random.default_rng(1).normal(size=(50, 3))
        made = Gaussian.fit(codes)
        np.testing.assert_allclose(made.covariance, np.cov(codes.T, bias=True))

    def test_distance_counts_standard_deviations(self):
        made = Gaussian(np.array([1.0, 0.0]), np.diag([4.0, 0.25]))
        np.testing.assert_allclose(made.distance(np.array([[1, 0], [5, 0], [1, 1], [5, 1]])), [0, 2, 2, np.sqrt(8)])

    def test_numbers_that_never_vary_are_left_out(self):
        codes = np.random.default_rng(0).normal(size=(100, 2)) * [1, 0]
        made = Gaussian.fit(codes)
        assert np.isfinite(made.distance(codes)).all()
        assert not made.draw(10, np.random.default_rng(0))[:, 1].any()

    def test_the_density_of_all_points_is_one_in_all_and_a_gap_is_empty(self):
        rng = np.random.default_rng(0)
        places = np.concatenate([rng.normal(-3, 0.3, (500, 2)), rng.normal(3, 0.3, (500, 2))])
        cells = latent.density(places, (-6, -6), (6, 6), cells=48)
        assert cells.sum() * (12 / 48) ** 2 == pytest.approx(1, abs=1e-6)
        assert cells[24, 24] < 1e-6 < cells[12, 12] and cells[12, 36] < 1e-6

    def test_density_has_y_in_rows_and_x_in_columns(self):
        cells = latent.density(np.array([[0.9, 0.1]]), (0, 0), (1, 1), cells=10, width=0.1)
        assert np.unravel_index(cells.argmax(), cells.shape) == (1, 9)


@pytest.fixture(params=["one block", "many blocks"])
def blocks(request, monkeypatch):
    if request.param == "many blocks":
        monkeypatch.setattr(neighbours, "QUERIES", 7)
        monkeypatch.setattr(neighbours, "REFERENCES", 11)


@pytest.mark.usefixtures("blocks")
class TestNeighbours:
    rng = np.random.default_rng(5)
    queries, references = rng.normal(3, 1, (30, 4)), rng.normal(3, 1, (100, 4))

    def test_they_are_scikit_learns(self):
        distances, found = NearestNeighbors(n_neighbors=6).fit(self.references).kneighbors(self.queries)
        ours, ours_distances = latent.nearest(self.queries, self.references, 6)
        np.testing.assert_array_equal(ours, found)
        np.testing.assert_allclose(ours_distances, distances, rtol=1e-5)

    def test_an_excluded_reference_is_never_found(self):
        found, _ = latent.nearest(self.references, self.references, 1)
        np.testing.assert_array_equal(found[:, 0], np.arange(100))
        found, _ = latent.nearest(self.references, self.references, 99, excluded=np.arange(100))
        for own, others in enumerate(found):
            assert sorted(others) == [other for other in range(100) if other != own]

    def test_stored_pictures_are_compared_on_the_scale_of_one(self):
        pictures = np.zeros((3, 2, 2, 1), np.uint8)
        pictures[1], pictures[2] = 255, 51
        found, distances = latent.nearest(pictures[:1], pictures, 3)
        assert found.tolist() == [[0, 2, 1]]
        np.testing.assert_allclose(distances, [[0, 0.4, 2]], atol=1e-6)

    def test_far_from_the_origin_they_are_still_told_apart(self):
        references = (1000 + np.arange(20)[:, None] * [0.01, 0]).astype(np.float32)
        found, _ = latent.nearest(references[7:8], references, 3)
        assert found[0, 0] == 7 and set(found[0]) == {6, 7, 8}

    def test_of_codes_in_two_heaps_all_are_told(self):
        codes = np.concatenate([self.rng.normal(0, 1, (20, 2)), self.rng.normal(50, 1, (20, 2))])
        labels = np.repeat([4, 9], 20)
        assert latent.knn_accuracy(codes, labels, codes + 0.1, labels) == 1
        assert latent.knn_accuracy(codes, labels, codes + 0.1, 13 - labels) == 0

    def test_cancelling_is_asked_for_between_blocks(self):
        asked = []
        latent.nearest(self.queries, self.references, 3, check=lambda: asked.append(1))
        assert asked

    @pytest.mark.parametrize("scale", [0, 1])
    def test_trustworthiness_is_scikit_learns(self, scale):
        originals = self.rng.normal(size=(60, 6))
        places = originals[:, :2] + scale * self.rng.normal(size=(60, 2))
        expected = manifold.trustworthiness(originals, places, n_neighbors=5)
        assert latent.trustworthiness(places, originals, 5) == pytest.approx(expected)

    def test_a_map_that_keeps_every_distance_is_fully_trustworthy(self):
        originals = self.rng.normal(size=(50, 3))
        assert latent.trustworthiness(2 * originals + 1, originals, 7) == 1


class TestProbe:
    rng = np.random.default_rng(11)
    codes = rng.normal(size=(600, 2))

    def test_what_a_line_divides_it_tells(self):
        labels = np.where(self.codes @ [1, 2] > 0.3, 5, 8)
        assert latent.linear_accuracy(self.codes[:400], labels[:400], self.codes[400:], labels[400:]) > 0.98

    def test_what_no_line_divides_it_does_not_tell(self):
        labels = (np.abs(self.codes) > 0.7).any(axis=1).astype(int)
        common = max(np.mean(labels[400:] == 0), np.mean(labels[400:] == 1))
        found = latent.linear_accuracy(self.codes[:400], labels[:400], self.codes[400:], labels[400:])
        assert found == pytest.approx(common, abs=0.03)

    def test_it_is_about_as_good_as_scikit_learns(self, monkeypatch):
        monkeypatch.setattr("aecore.latent.probe.BLOCK", 150)
        labels = np.argmax(self.codes @ self.rng.normal(size=(2, 4)) + self.rng.normal(size=(600, 4)), axis=1)
        reference = LogisticRegression(C=1e3).fit(self.codes[:400], labels[:400]).score(self.codes[400:], labels[400:])
        found = latent.linear_accuracy(self.codes[:400], labels[:400], self.codes[400:], labels[400:])
        assert found == pytest.approx(reference, abs=0.02)

    def test_values_that_are_all_alike_do_no_harm(self):
        labels = (self.codes[:, 0] > 0).astype(int)
        codes = np.concatenate([self.codes, np.zeros((600, 2))], axis=1)
        assert latent.linear_accuracy(codes, labels, codes, labels) > 0.97

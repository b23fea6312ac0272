"""The series and the parents of each recombination."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from ganbats_sampler.recombination import RECOMBINATIONS, Arc, Deformation, GuidedWarp
from ganbats_sampler.recombination.neighbors import NearestOthers


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("name", RECOMBINATIONS)
class TestEach:
    def test_makes_the_requested_number_of_finite_series(self, name, rng):
        series, others = rng.normal(size=(6, 2, 20)), rng.normal(size=(9, 2, 20))
        before = series.copy(), others.copy()
        made = RECOMBINATIONS[name](series, others, 50, rng)
        assert made.shape == (50, 2, 20) and np.isfinite(made).all()
        assert len(np.unique(made, axis=0)) == 50
        np.testing.assert_array_equal(series, before[0])
        np.testing.assert_array_equal(others, before[1])

    @pytest.mark.parametrize("n_timepoints", [1, 2, 3])
    @pytest.mark.parametrize("n_series", [1, 2])
    def test_takes_small_classes_and_short_series(self, name, n_series, n_timepoints, rng):
        series = rng.normal(size=(n_series, 1, n_timepoints))
        made = RECOMBINATIONS[name](series, rng.normal(size=(1, 1, n_timepoints)), 5, rng)
        assert made.shape == (5, 1, n_timepoints) and np.isfinite(made).all()

    def test_the_random_generator_determines_the_series(self, name):
        series = np.random.default_rng(1).normal(size=(6, 2, 20))
        first, again, other = (
            RECOMBINATIONS[name](series, series + 1, 5, np.random.default_rng(seed))
            for seed in (0, 0, 1)
        )
        np.testing.assert_array_equal(first, again)
        assert not np.allclose(first, other)


class TestArc:
    def test_keeps_the_variance_of_noise_that_interpolation_loses(self, rng):
        noise = rng.normal(size=(40, 1, 200))
        made = Arc()(noise, noise[:0], 1000, rng)
        assert made.var() == pytest.approx(1, abs=0.04)
        # interpolation between two series, as in SMOTE, keeps two thirds of it
        share = rng.random((1000, 1, 1))
        between = share * noise[rng.integers(40, size=1000)]
        between += (1 - share) * noise[rng.integers(40, size=1000)]
        assert between.var() < 0.75

    def test_two_series_give_points_on_the_line_through_both(self, rng):
        pair = np.array([[[0.0, 0.0]], [[2.0, 4.0]]])
        made = Arc()(pair, pair[:0], 200, rng)[:, 0]
        np.testing.assert_allclose(made[:, 1], 2 * made[:, 0], atol=1e-12)
        # up to sqrt(2) times as far from their midpoint as they are
        assert np.abs(made[:, 0] - 1).max() == pytest.approx(np.sqrt(2), abs=0.01)

    def test_only_neighbours_are_recombined(self, rng):
        apart = np.concatenate([rng.normal(size=(6, 1, 10)), rng.normal(size=(6, 1, 10)) + 100])
        made = Arc()(apart, apart[:0], 200, rng).mean(axis=(1, 2))
        assert np.minimum(np.abs(made), np.abs(made - 100)).max() < 5


def test_arc_scales_the_only_series_of_a_class(rng):
    one = np.array([[[0.0, 1.0, 5.0]]])
    made = Arc()(one, one[:0], 100, rng)[:, 0]
    np.testing.assert_allclose(made.mean(axis=1), 2)
    factor = np.ptp(made, axis=1) / 5
    assert 0.95 <= factor.min() < 0.96 and 1.04 < factor.max() <= 1.05


def test_deformation_adds_a_share_of_the_difference_of_two_others(rng):
    others = np.array([[[0.0, 0.0, 0.0]], [[1.0, 2.0, -3.0]]])
    added = (Deformation()(np.ones((3, 1, 3)), others, 200, rng) - 1)[:, 0]
    share = added[:, 0]
    np.testing.assert_allclose(added, share[:, None] * [1, 2, -3])
    assert -1 < share.min() < -0.9 and 0.9 < share.max() < 1


def test_guided_warp_moves_all_channels_alike(rng):
    steps = np.arange(60)
    bumps = np.exp(-((steps - np.array([[25], [35]])) ** 2) / 20)[:, None]
    series = np.concatenate([bumps, -2 * bumps], axis=1)
    made = GuidedWarp(window=0.3)(series, series[:0], 100, rng)
    np.testing.assert_allclose(made[:, 1], -2 * made[:, 0], atol=1e-12)
    places = made[:, 0].argmax(axis=1)
    assert places.min() <= 26 and places.max() >= 34
    assert np.ptp(places[(places > 26) & (places < 34)]) >= 5  # others lie between
    np.testing.assert_allclose(made[:, 0].max(axis=1), 1, atol=0.05)


def test_guided_warp_stays_in_its_band(rng):
    bumps = np.exp(-((np.arange(60) - np.array([[10], [50]])) ** 2) / 20)[:, None]
    places = GuidedWarp(window=0.1)(bumps, bumps[:0], 50, rng)[:, 0].argmax(axis=1)
    assert np.minimum(np.abs(places - 10), np.abs(places - 50)).max() <= 6


class TestNearestOthers:
    series = np.array([0.0, 1.0, 3.0, 7.0])[:, None, None]

    def test_neighbours_come_nearest_first(self):
        every = np.arange(4)
        assert NearestOthers(self.series, 2)[every].tolist() == [[1, 2], [0, 2], [1, 0], [2, 1]]
        assert NearestOthers(self.series, 9)[every].shape == (4, 3)
        assert NearestOthers(self.series[:1], 5)[np.array([0, 0])].tolist() == [[0], [0]]

    def test_the_order_of_requests_does_not_matter(self, rng):
        series = rng.normal(size=(30, 2, 5))
        at_once, one_by_one = NearestOthers(series, 4), NearestOthers(series, 4)
        rows = rng.integers(30, size=50)
        found = np.concatenate([one_by_one[rows[i : i + 1]] for i in range(50)])
        np.testing.assert_array_equal(at_once[rows], found)

    def test_duplicates_are_not_their_own_neighbours(self):
        twins = np.zeros((9, 1, 3))
        found = NearestOthers(twins, 2)[np.arange(9)]
        assert found.shape == (9, 2) and (found != np.arange(9)[:, None]).all()

    def test_each_is_searched_for_once(self, rng, monkeypatch):
        asked = []
        kneighbors = NearestNeighbors.kneighbors

        def counted(search, rows, **options):
            asked.append(len(rows))
            return kneighbors(search, rows, **options)

        monkeypatch.setattr(NearestNeighbors, "kneighbors", counted)
        neighbors = NearestOthers(rng.normal(size=(10, 1, 5)), 2)
        for _ in range(9):
            neighbors.random_pairs(100, rng)
        assert sum(asked) == 10


def recombine(method, series, others, n_samples, rng):
    return method.recombine(series, others, method.neighbors(series, others), n_samples, rng)


class TestParents:
    """The parents are the series that a recombination used."""

    def test_of_the_arc(self):
        rng = np.random.default_rng(0)
        series = rng.normal(size=(9, 2, 6))
        # with one neighbour, the centre lies between both, and the arc is a line
        made, parents = recombine(Arc(n_neighbors=1), series, series[:0], 40, rng)
        for one, (first, second) in zip(made, parents, strict=True):
            step, move = series[second] - series[first], one - series[first]
            share = (move * step).sum() / (step * step).sum()
            np.testing.assert_allclose(move, share * step, atol=1e-9)

    def test_of_the_deformation(self):
        rng = np.random.default_rng(0)
        series, others = rng.normal(size=(4, 1, 6)), rng.normal(size=(30, 1, 6))
        made, parents = recombine(Deformation(), series, others, 40, rng)
        both = np.concatenate([series, others])
        assert parents[:, 0].max() < 4 <= parents[:, 1:].min()
        for one, (start, first, second) in zip(made, parents, strict=True):
            step, move = both[second] - both[first], one - both[start]
            share = (move * step).sum() / (step * step).sum()
            assert 0 <= share <= 1
            np.testing.assert_allclose(move, share * step, atol=1e-9)

    def test_of_the_guided_warp(self):
        height = np.arange(1.0, 8.0)[:, None, None]
        place = 20 + np.arange(7)[:, None, None]
        bumps = height * np.exp(-((np.arange(50) - place) ** 2) / 20)
        made, parents = recombine(GuidedWarp(), bumps, bumps[:0], 30, np.random.default_rng(0))
        np.testing.assert_allclose(made.max(axis=(1, 2)), height.ravel()[parents[:, 0]], atol=0.49)
        assert (parents[:, 0] != parents[:, 1]).all()

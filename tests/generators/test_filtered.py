"""The filter of synthetic series, and the replacement of dropped ones."""

import warnings

import numpy as np
import pytest

from ganbats_sampler import FilterWarning, RandomTransformSampler
from ganbats_sampler.generators.filtered import Filter
from ganbats_sampler.transforms import Jitter
from tests.conftest import CLASSES, quick_sampler


@pytest.fixture
def data():
    """Return a minority class around 0 and a majority class around 3, with 2 channels."""
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [100, 20])
    return rng.normal(size=(120, 2, 10)) + 3.0 * (y == 0)[:, None, None], y


def nearest_distances(X, rows):
    flat = X.reshape(len(X), -1)
    return np.array([np.linalg.norm(flat - r, axis=1).min() for r in rows.reshape(len(rows), -1)])


def on_a_line(*places):
    """Make series of one time step. Their distances are the differences of the values."""
    return np.array(places, dtype=float)[:, None, None]


class TestFilter:
    def test_a_copy_is_within_a_fifth_of_the_median_distance_to_the_nearest(self):
        # nearest others are 10, 10, 20 away; a fifth of the median is 2
        X = on_a_line(0, 10, 30, 500)
        keep = Filter(X, np.arange(4) < 3, "copies")
        assert keep.passes(on_a_line(1.9, 2.1, 11.9, 12.1)).tolist() == [False, True] * 2

    def test_five_neighbours_decide_by_majority(self):
        own, others = [0, 1, 2, 30, 31], [10, 11, 12, 13, 14]
        keep = Filter(on_a_line(*own, *others), np.arange(10) < 5, "misplaced")
        # at 5: 2, 1, 0, 10 and 11, three of its own; at 6.6: 10, 2, 11, 12 and 1, two of its own
        assert keep.passes(on_a_line(5, 6.6)).tolist() == [True, False]

    def test_a_tie_is_kept(self):
        keep = Filter(on_a_line(0, 10, 4, 90), np.array([True, True, False, False]), "misplaced")
        assert keep.passes(on_a_line(2)).tolist() == [True]  # one of its own among two

    def test_copies(self, data):
        X, y = data
        keep = Filter(X, y == 1, "copies")
        rng = np.random.default_rng(1)
        minority = X[y == 1]
        assert not keep.passes(minority).any()
        assert not keep.passes(minority + 0.01 * rng.normal(size=minority.shape)).any()
        assert keep.passes(rng.normal(size=(30, 2, 10))).all()
        assert keep.passes(rng.normal(size=(30, 2, 10)) + 3).all()  # misplaced, but no copies

    def test_misplaced(self, data):
        X, y = data
        keep = Filter(X, y == 1, "misplaced")
        rng = np.random.default_rng(1)
        assert keep.passes(X[y == 1]).all()
        assert keep.passes(rng.normal(size=(30, 2, 10))).all()
        assert not keep.passes(rng.normal(size=(30, 2, 10)) + 3).any()

    def test_both(self, data):
        X, y = data
        keep = Filter(X, y == 1, "both")
        assert not keep.passes(X).any()

    @pytest.mark.parametrize("drop", ["copies", "misplaced", "both"])
    @pytest.mark.parametrize("size", [1, 2])
    def test_the_smallest_classes_keep_something(self, data, drop, size):
        X, y = data
        is_own = np.arange(120) >= 120 - size
        noise = 0.5 * np.random.default_rng(1).normal(size=(20, 2, 10))
        assert Filter(X, is_own, drop).passes(X[-1] + noise).any()


@pytest.mark.parametrize("drop", ["copies", "misplaced", "both"])
@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
@pytest.mark.filterwarnings("ignore::ganbats_sampler.FilterWarning")
@pytest.mark.parametrize("name", CLASSES)
def test_counts_are_exact_and_rows_repeatable(name, drop, data):
    X, y = data
    mixed = X - X.mean(axis=2, keepdims=True) + 1.5  # a third of each class overlaps
    X = np.where((np.arange(120) % 3 == 0)[:, None, None], mixed, X)
    sampler = quick_sampler(name, drop=drop)
    X_resampled, y_resampled = sampler.fit_resample(X, y)
    assert np.bincount(y_resampled).tolist() == [100, 100] and np.isfinite(X_resampled).all()
    assert set(sampler.n_dropped_) == {1}
    again = quick_sampler(name, drop=drop)
    np.testing.assert_array_equal(again.fit_resample(X, y)[0], X_resampled)
    assert again.n_dropped_ == sampler.n_dropped_
    assert sampler.generate(7, 1).shape == (7, 2, 10)


def test_dropped_series_are_replaced(data):
    def half_copies(series, rng):
        noise = rng.normal(size=series.shape) * (rng.random((len(series), 1, 1)) < 0.5)
        return series + noise

    X, y = data
    sampler = RandomTransformSampler(transforms=half_copies, drop="copies", random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error", FilterWarning)
        X_resampled, _ = sampler.fit_resample(X, y)
    assert nearest_distances(X, X_resampled[120:]).min() > 0.1
    assert 40 < sampler.n_dropped_[1] < 160  # about as many as were kept


def test_a_warning_is_given_if_all_series_are_dropped(data):
    X, y = data
    sampler = RandomTransformSampler(transforms=Jitter(sigma=1e-6), drop="copies", random_state=0)
    with pytest.warns(FilterWarning, match="1600 series were dropped and 80 are still missing"):
        X_resampled, _ = sampler.fit_resample(X, y)
    assert len(np.unique(X_resampled[120:], axis=0)) == 80
    for _ in range(2):  # each call starts a new count
        with pytest.warns(FilterWarning, match="800 series were dropped and 40 are still missing"):
            sampler.generate(40, 1)
    assert sampler.n_dropped_ == {1: 1600}


def test_nothing_is_dropped_by_default(data):
    sampler = RandomTransformSampler(transforms=Jitter(sigma=1e-6), random_state=0)
    sampler.fit_resample(*data)
    assert sampler.n_dropped_ == {}

"""Recombined series and their parents, and errors for bad recombinations."""

import pickle

import numpy as np
import pytest

from ganbats_sampler import RecombinationSampler
from ganbats_sampler.generators.protocol import RealSeries, join
from ganbats_sampler.generators.recombined import RecombinedGenerator
from ganbats_sampler.recombination import RECOMBINATIONS, Arc
from ganbats_sampler.samplers import get_sampler, recombination
from ganbats_sampler.transforms import TimeWarp


def generator(series):
    real = RealSeries(series, 100 + np.arange(len(series)))
    nobody = RealSeries(series[:0], real.rows[:0])
    return RecombinedGenerator(real, nobody, Arc(), [TimeWarp(smooth=True)])


def draw(series, n_samples, seed=0):
    return join(generator(series).draw(n_samples, seed)).series


class TestGenerator:
    @pytest.fixture
    def series(self):
        return np.cumsum(np.random.default_rng(0).normal(size=(8, 2, 40)), axis=2)

    @pytest.mark.parametrize("n_series", [1, 2, 8])
    def test_series_are_new_varied_and_in_range(self, series, n_series):
        series = series[:n_series]
        drawn = draw(series, 50)
        assert drawn.shape == (50, 2, 40)
        assert len(np.unique(drawn, axis=0)) == 50
        low, high = series.min(axis=(0, 2)), series.max(axis=(0, 2))
        assert (drawn.min(axis=(0, 2)) >= low).all() and (drawn.max(axis=(0, 2)) <= high).all()

    def test_the_same_seed_gives_the_same_series(self, series):
        np.testing.assert_array_equal(draw(series, 5, seed=1), draw(series, 5, seed=1))
        assert not np.allclose(draw(series, 5, seed=1), draw(series, 5, seed=2))

    def test_many_series_come_in_chunks(self, series):
        chunks = [len(chunk.series) for chunk in generator(series).draw(2500, seed=0)]
        assert chunks == [1024, 1024, 452]

    @pytest.mark.parametrize("length", [1, 2])
    def test_short_series(self, length):
        drawn = draw(np.arange(3.0 * length).reshape(3, 1, length), 9)
        assert np.isfinite(drawn).all()


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    y = np.repeat(["normal", "rare"], [100, 10])
    return rng.normal(size=(110, 2, 20)) * [[1.0], [100.0]] + 7, y


def test_a_recombination_receives_series_standardised_over_the_class(data):
    given = []

    def remember(series, others, n_samples, rng):
        given.append((series, others, n_samples))
        return series[:1].repeat(n_samples, axis=0)

    X, y = data
    sampler = RecombinationSampler(method=remember, transforms=None)
    X_resampled, _ = sampler.fit_resample(X, y)
    ((series, others, n_samples),) = given
    assert series.shape == (10, 2, 20) and others.shape == (100, 2, 20) and n_samples == 90
    np.testing.assert_allclose(series.std(axis=(0, 2)), 1)
    np.testing.assert_allclose(series.mean(axis=(0, 2)), 0, atol=1e-12)
    np.testing.assert_allclose(X_resampled[110:], X[100:101].repeat(90, axis=0))


@pytest.mark.parametrize("method", RECOMBINATIONS)
def test_parents_are_rows_of_x(data, method):
    X, y = data
    sampler = RecombinationSampler(method=method, random_state=0)
    sampler.fit_resample(X, y)
    parents = sampler.parent_indices_[110:]
    assert parents.shape[1] == (3 if method == "deformation" else 2)
    assert (y[parents[:, 0]] == "rare").all() and len(set(parents[:, 0])) == 10
    others = "normal" if method == "deformation" else "rare"
    assert (y[parents[:, 1:]] == others).all() and (parents[:, 0] != parents[:, 1]).all()


def test_parents_of_a_user_function_are_unknown(data):
    sampler = RecombinationSampler(method=lambda series, *_: series[:1].repeat(90, axis=0))
    sampler.fit_resample(*data)
    assert (sampler.parent_indices_[110:] == -1).all()


def test_a_limited_number_of_others_is_used(data, monkeypatch):
    monkeypatch.setattr(recombination, "MAX_OTHERS", 30)
    seen = []

    def remember(series, others, n_samples, rng):
        seen.append(len(np.unique(others, axis=0)))
        return series[:1].repeat(n_samples, axis=0)

    RecombinationSampler(method=remember).fit_resample(*data)
    assert seen == [30]


@pytest.mark.parametrize(
    "bad",
    [
        lambda series, others, n_samples, rng: series,
        lambda series, others, n_samples, rng: np.full((n_samples, 2, 20), np.nan),
    ],
)
def test_bad_results_of_a_recombination_raise_an_error(data, bad):
    with pytest.raises(ValueError, match="The recombination .* was asked for 90 series"):
        RecombinationSampler(method=bad).fit_resample(*data)


@pytest.mark.parametrize("method", ["nothing", 3, Arc])
def test_other_objects_are_refused(data, method):
    with pytest.raises(ValueError, match="method"):
        RecombinationSampler(method=method).fit_resample(*data)


@pytest.mark.parametrize(("method", "keeps_others"), [("arc", False), ("deformation", True)])
def test_series_of_other_classes_are_kept_only_if_used(method, keeps_others):
    X = np.random.default_rng(0).normal(size=(510, 1000))
    sampler = RecombinationSampler(method=method, random_state=0)
    sampler.fit_resample(X, np.repeat(["normal", "rare"], [500, 10]))
    assert (len(pickle.dumps(sampler)) > X.nbytes / 2) == keeps_others


@pytest.mark.parametrize(
    ("name", "drop", "most"),
    [("deformation", None, 4), ("herded", None, 6), ("smote", "misplaced", 4)],
)
@pytest.mark.filterwarnings("ignore::ganbats_sampler.FilterWarning")
def test_the_series_of_other_classes_are_kept_once_for_all_classes(name, drop, most):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 300))
    y = np.concatenate([np.full(60, 0), 1 + np.arange(540) % 30])
    sampler = get_sampler(name, drop=drop, random_state=0)
    if name == "herded":  # the components that it keeps do not depend on the size of X
        sampler.set_params(n_kernels=50, n_components=8)
    before = sampler.fit_resample(X, y)[0]
    assert len(pickle.dumps(sampler)) < most * X.nbytes
    expected = sampler.generate(5, 3, random_state=0)
    X[:] = 0  # the sampler has its own copy
    np.testing.assert_array_equal(sampler.generate(5, 3, random_state=0), expected)
    assert before[0, 0] != 0

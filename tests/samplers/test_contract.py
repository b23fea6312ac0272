"""The contract of every sampler, including those that wrap other libraries."""

import pickle
import random
import re
from collections import Counter

import numpy as np
import pandas as pd
import pytest
import torch
from imblearn.pipeline import Pipeline
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score

from ganbats_sampler.adversarial.failures import find_failure
from ganbats_sampler.networks import ComponentGenerator
from ganbats_sampler.samplers import get_sampler, get_sampler_names
from ganbats_sampler.samplers.network import BaseNetworkSampler
from tests.conftest import CLASSES, quick_sampler

pytestmark = pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
NAMES = get_sampler_names()
TRAINED = [n for n in CLASSES if isinstance(quick_sampler(n), BaseNetworkSampler)]


@pytest.fixture(params=CLASSES)
def sampler(request):
    return quick_sampler(request.param)


@pytest.fixture(params=NAMES)
def named(request):
    """A sampler for each name, for tests of its rows."""
    return quick_sampler(request.param)


@pytest.fixture(scope="module")
def data():
    """Three classes of two channels and 16 time steps, with a cluster each and a common one."""
    rng = np.random.default_rng(0)
    y = np.repeat(["a", "b", "c"], [24, 28, 60])
    code = np.unique(y, return_inverse=True)[1]
    level = np.where(np.arange(112) % 3, 3.0 * code, 1.0)
    X = rng.normal(size=(112, 2, 16)) + level[:, None, None]
    order = rng.permutation(112)
    return X[order], y[order]


def synthetic_rows(sampler, X, y):
    X_resampled, y_resampled = sampler.fit_resample(X, y)
    synthetic = sampler.synthetic_mask_
    return {label: X_resampled[synthetic & (y_resampled == label)] for label in np.unique(y)}


class TestRows:
    def test_real_rows_come_first_unchanged(self, named, data):
        X, y = data
        X_before = X.copy()
        sampler = named
        X_resampled, y_resampled = sampler.fit_resample(X, y)
        np.testing.assert_array_equal(X_resampled[:112], X)
        np.testing.assert_array_equal(y_resampled[:112], y)
        np.testing.assert_array_equal(X, X_before)
        assert X_resampled.shape == (180, 2, 16) and np.isfinite(X_resampled).all()
        assert Counter(y_resampled) == {"a": 60, "b": 60, "c": 60}
        assert sampler.synthetic_mask_.tolist() == [False] * 112 + [True] * 68

    def test_parents_are_rows_of_the_class(self, named, data):
        X, y = data
        _, y_resampled = named.fit_resample(X, y)
        parents = named.parent_indices_
        assert len(parents) == 180 and parents.dtype.kind == "i"
        assert parents[:112, 0].tolist() == list(range(112))
        assert (parents[:112, 1:] == -1).all() and parents.min() >= -1 and parents.max() < 112
        main = parents[112:, 0]
        known = main >= 0
        assert (y[main[known]] == y_resampled[112:][known]).all()
        trained_or_foreign = hasattr(named, "nets_") or hasattr(named, "sampler")
        has_indices = hasattr(named, "sample_indices_")
        assert known.all() == (not trained_or_foreign or has_indices)

    @pytest.mark.parametrize(
        ("strategy", "counts"),
        [
            ({"a": 25}, {"a": 25, "b": 28, "c": 60}),
            ({"a": 77, "c": 61}, {"a": 77, "b": 28, "c": 61}),
            ("minority", {"a": 60, "b": 28, "c": 60}),
        ],
    )
    def test_counts_are_exact(self, sampler, data, strategy, counts):
        _, y_resampled = sampler.set_params(sampling_strategy=strategy).fit_resample(*data)
        assert Counter(y_resampled) == counts

    def test_flat_rows_and_three_axes_give_the_same_rows(self, sampler, data):
        X, y = data
        in_3d, _ = sampler.fit_resample(X, y)
        flat, _ = sampler.set_params(n_channels=2).fit_resample(X.reshape(112, 32), y)
        np.testing.assert_array_equal(flat, in_3d.reshape(180, 32))

    @pytest.mark.parametrize("dtype", [np.float32, np.int16])
    def test_types_are_kept(self, sampler, data, dtype):
        X, y = data
        X_resampled, _ = sampler.fit_resample((100 * X).astype(dtype), y)
        assert X_resampled.dtype == dtype

    def test_a_frame_comes_back_as_a_frame(self, sampler, data):
        X, y = data
        columns = pd.MultiIndex.from_product([["x", "y"], range(16)])
        frame = pd.DataFrame(X.reshape(112, 32), columns=columns)
        X_resampled, y_resampled = sampler.fit_resample(frame, pd.Series(y, name="state"))
        assert X_resampled.columns.equals(columns) and y_resampled.name == "state"
        pd.testing.assert_frame_equal(X_resampled.iloc[:112], frame)
        assert sampler.n_channels_ == 2


class TestSeeds:
    def test_an_int_gives_the_same_rows_again(self, named, data):
        sampler = named
        rows, _ = sampler.fit_resample(*data)
        np.testing.assert_array_equal(clone(sampler).fit_resample(*data)[0], rows)
        others, _ = sampler.set_params(random_state=1).fit_resample(*data)
        assert not np.array_equal(others, rows)

    def test_order_and_names_of_classes_do_not_matter(self, sampler, data):
        X, y = data
        expected = synthetic_rows(sampler, X, y)
        new_name = {"a": 9, "b": 4, "c": 1}
        rows = synthetic_rows(sampler, X, np.array([new_name[label] for label in y]))
        for label in "ab":
            np.testing.assert_array_equal(rows[new_name[label]], expected[label])

    def test_a_random_state_gives_new_rows_on_each_call(self, sampler, data):
        def two_draws():
            sampler.set_params(random_state=np.random.RandomState(0))
            return [sampler.fit_resample(*data)[0] for _ in range(2)]

        first, second = two_draws()
        assert not np.allclose(first[112:], second[112:])
        np.testing.assert_array_equal(two_draws(), [first, second])

    def test_no_random_state_gives_new_rows(self, sampler, data):
        sampler.set_params(random_state=None)
        rows, _ = sampler.fit_resample(*data)
        assert not np.allclose(sampler.fit_resample(*data)[0][112:], rows[112:])

    # the batches of a conditional network depend on the classes to over-sample
    @pytest.mark.parametrize("name", [n for n in CLASSES if n != "ganbats_conditional"])
    def test_a_class_does_not_depend_on_which_others_are_sampled(self, name, data):
        sampler = quick_sampler(name)
        expected = synthetic_rows(sampler, *data)
        alone = synthetic_rows(sampler.set_params(sampling_strategy={"b": 60}), *data)
        np.testing.assert_array_equal(alone["b"], expected["b"])

    @pytest.mark.parametrize("n_threads", [1, 2])
    def test_n_jobs_and_threads_do_not_matter(self, data, n_threads):
        rows, _ = quick_sampler("dcgan").fit_resample(*data)
        before = torch.get_num_threads()
        try:
            torch.set_num_threads(n_threads)
            parallel, _ = quick_sampler("dcgan", n_jobs=2).fit_resample(*data)
            assert torch.get_num_threads() == n_threads
        finally:
            torch.set_num_threads(before)
        np.testing.assert_array_equal(parallel, rows)

    def test_training_and_generating_use_one_thread_and_restore_the_number(self, data):
        seen = []
        forward = ComponentGenerator.forward
        before = torch.get_num_threads()
        torch.set_num_threads(2)
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(
                    ComponentGenerator,
                    "forward",
                    lambda self, x: seen.append(torch.get_num_threads()) or forward(self, x),
                )
                sampler = quick_sampler("ganbats")
                sampler.fit_resample(*data)
                sampler.generate(300, "a")
            assert torch.get_num_threads() == 2
        finally:
            torch.set_num_threads(before)
        assert set(seen) == {1}

    @pytest.mark.parametrize("name", TRAINED)
    def test_networks_generate_the_rows_of_these_tests(self, name, data):
        sampler = quick_sampler(name)
        sampler.fit_resample(*data)
        assert all(outcome.is_generated for outcome in sampler.outcomes_.values())
        assert set(sampler.nets_) == set(sampler.outcomes_) == {"a", "b"}

    def test_the_global_random_states_do_not_change(self, sampler, data):
        def state():
            return (
                torch.get_rng_state().numpy().tobytes(),
                pickle.dumps(np.random.get_state()),
                random.getstate(),
            )

        before = state()
        sampler.fit_resample(*data)
        sampler.generate(3, "a")
        assert state() == before


class TestGenerate:
    def test_calls_continue_a_repeatable_sequence(self, named, data):
        sampler = named
        X_resampled, _ = sampler.fit_resample(*data)
        first, second = sampler.generate(36, "a"), sampler.generate(36, "a")
        assert first.shape == (36, 2, 16)
        assert not np.array_equal(first, second)
        assert not np.array_equal(first, X_resampled[112:148])
        again = clone(sampler)
        again.fit_resample(*data)
        np.testing.assert_array_equal(again.generate(36, "a"), first)
        seeded = [sampler.generate(4, "b", random_state=7) for _ in range(2)]
        np.testing.assert_array_equal(*seeded)

    def test_only_for_classes_that_were_over_sampled(self, sampler, data):
        sampler.fit_resample(*data)
        with pytest.raises(ValueError, match="no generator for class 'c'"):
            sampler.generate(3, "c")

    def test_a_later_fit_deletes_the_generators(self, sampler, data):
        X, y = data
        sampler.fit_resample(X, y)
        sampler.fit(X[:, :, :5], y)
        assert sampler.n_timepoints_ == 5 and not hasattr(sampler, "synthetic_mask_")
        with pytest.raises(NotFittedError, match="call fit_resample first"):
            sampler.generate(3, "a")
        with pytest.raises(NotFittedError, match="call fit_resample first"):
            sampler.quality_report()
        sampler.fit_resample(X[:, :, :9], y)
        assert sampler.generate(3, "a").shape == (3, 2, 9) and sampler.n_timepoints_ == 9

    def test_later_changes_to_the_data_have_no_effect(self, sampler, data):
        X, y = data[0].copy(), data[1].copy()
        sampler.fit_resample(X, y)
        expected = sampler.generate(5, "a", random_state=0)
        X[:], y[:] = 0, "c"
        np.testing.assert_array_equal(sampler.generate(5, "a", random_state=0), expected)

    def test_a_pickle_continues_the_sequence(self, sampler, data):
        sampler.fit_resample(*data)
        copy = pickle.loads(pickle.dumps(sampler))
        np.testing.assert_array_equal(copy.generate(5, "a"), sampler.generate(5, "a"))


class TestPipelines:
    def test_cross_validation_of_a_pipeline(self, sampler, data):
        X, y = data
        pipeline = Pipeline(
            [
                ("resample", sampler.set_params(n_channels=2)),
                ("clf", LogisticRegression(max_iter=1000)),
            ]
        )
        scores = cross_val_score(pipeline, X.reshape(112, 32), y, cv=2, error_score="raise")
        assert np.isfinite(scores).all()


def test_a_search_over_samplers(data):
    X, y = data
    pipeline = Pipeline([("resample", None), ("clf", LogisticRegression(max_iter=1000))])
    samplers = [quick_sampler(name, n_channels=2) for name in CLASSES]
    search = GridSearchCV(pipeline, {"resample": [None, *samplers]}, cv=2, error_score="raise")
    assert len(search.fit(X.reshape(112, 32), y).cv_results_["params"]) == 1 + len(CLASSES)


@pytest.mark.parametrize(
    ("name", "parameters", "word"),
    [
        *(
            (name, {"max_epochs": 1}, "collapsed|off-distribution")
            for name in TRAINED
            if name != "flow_matching"  # untrained, it generates plausible components
        ),
        *((name, {"lr": 1e30, "max_epochs": 20}, "diverged") for name in TRAINED),
    ],
)
def test_a_failed_training_is_detected(name, parameters, word, data):
    sampler = quick_sampler(name, **{"on_failure": "raise", **parameters})
    smooth = data[0].cumsum(axis=2)  # far from noise
    with pytest.raises(RuntimeError, match=word):
        sampler.fit_resample(smooth, data[1])


UNTRAINED = [n for n in NAMES if not isinstance(get_sampler(n), BaseNetworkSampler)]


# rotation and permutation may leave the class, and random_over_sampler copies
@pytest.mark.parametrize(
    "name", sorted({*UNTRAINED} - {"rotation", "permutation", "random_over_sampler"})
)
def test_samplers_without_training_pass_the_checks(name, data):
    X, y = data[0].cumsum(axis=2), data[1]
    sampler = quick_sampler(name)
    sampler.fit_resample(X, y)
    assert find_failure(X[y == "b"], sampler.generate(128, "b")) is None


@pytest.mark.parametrize("name", CLASSES)
def test_every_parameter_is_documented(name):
    sampler = quick_sampler(name)
    documented = type(sampler).__doc__
    for parameter in sampler.get_params(deep=False):
        assert re.search(rf"^    (\w+, )*{parameter}(, \w+)* : ", documented, re.M), parameter


def test_samplers_of_the_same_name_are_independent():
    get_sampler("smote").set_params(sampler__k_neighbors=2)
    assert get_sampler("smote").sampler.k_neighbors == 5


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="no sampler 'smite'; choose from .*'smote'"):
        get_sampler("smite")


def test_aeon_samplers_are_not_listed_without_aeon(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "aeon", None)
    monkeypatch.setitem(sys.modules, "aeon.transformations.collection", None)
    assert "smote" in get_sampler_names() and "aeon_smote" not in get_sampler_names()
    with pytest.raises(ImportError, match="ganbats-sampler\\[data\\]"):
        get_sampler("aeon_smote")

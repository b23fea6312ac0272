"""Conditional GANBATS: one network for all classes."""

import pickle

import numpy as np
import pytest

from ganbats_sampler import GANBATSSampler, GenerationWarning
from tests.conftest import quick_sampler

TRAINED = {"conditional": True, "hidden_size": 16, "lr": 1e-3, "random_state": 0}
untrained = pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")


@pytest.fixture
def three_classes():
    """Noisy waves of three classes, each around its own level."""
    rng = np.random.default_rng(0)
    y = np.repeat(["a", "b", "c"], [20, 30, 60])
    level = 2.0 * np.unique(y, return_inverse=True)[1][:, None]
    X = level + np.sin(np.linspace(0, 6, 24) + rng.normal(size=(110, 1)))
    order = rng.permutation(110)
    return (X + 0.1 * rng.normal(size=X.shape))[order], y[order]


def rows_by_class(sampler, X, y):
    X_resampled, y_resampled = sampler.fit_resample(X, y)
    synthetic = sampler.synthetic_mask_
    return {label: X_resampled[synthetic & (y_resampled == label)] for label in np.unique(y)}


@untrained  # the network learns the levels even if the checks fail
@pytest.mark.slow
def test_one_network_generates_every_class(three_classes):
    X, y = three_classes
    sampler = GANBATSSampler(on_failure="warn", **TRAINED)
    rows = rows_by_class(sampler, X, y)
    assert len(set(map(id, sampler.nets_.values()))) == 1
    for level, label in enumerate("ab"):
        assert rows[label].mean() == pytest.approx(2 * level, abs=0.5)
        of_class = X[y == label]
        assert rows[label].min() >= of_class.min() and rows[label].max() <= of_class.max()


@untrained
def test_half_of_a_batch_comes_from_the_classes_to_over_sample(three_classes):
    sampler = quick_sampler("ganbats", conditional=True)
    sampler.fit_resample(*three_classes)
    net = sampler.nets_["a"]
    in_order = dict.fromkeys(three_classes[1].tolist())  # the order of the network's codes
    of_c = list(in_order).index("c")
    assert net.target_share == 0.5 and sorted(net.targets) == sorted({0, 1, 2} - {of_c})


@untrained
@pytest.mark.parametrize("size", [2, 3, 5, 40])
@pytest.mark.parametrize("recipe", ["stable", "paper"])
def test_classes_of_any_size(size, recipe):
    y = np.repeat([-3, 7, 12, 1], [60, size, 2, 1])
    X = np.random.default_rng(0).normal(size=(len(y), 2, 10))
    sampler = quick_sampler("ganbats", conditional=True, recipe=recipe)
    X_resampled, y_resampled = sampler.fit_resample(X, y)
    assert np.isfinite(X_resampled).all() and len(X_resampled) == 240
    assert set(sampler.nets_) == {7, 12} and not sampler.outcomes_[1].is_generated
    assert sampler.generate(3, 12).shape == (3, 2, 10)


@untrained
@pytest.mark.parametrize("validation_fraction", [None, 0.5])
def test_names_and_order_of_classes_do_not_matter(three_classes, validation_fraction):
    X, y = three_classes
    sampler = quick_sampler("ganbats", conditional=True, validation_fraction=validation_fraction)
    expected = rows_by_class(sampler, X, y)
    for new_name in ({"a": 9, "b": 4, "c": 1}, {"a": 1, "b": 4, "c": 9}, {"a": 4, "b": 9, "c": 1}):
        rows = rows_by_class(sampler, X, np.array([new_name[label] for label in y]))
        for label in "ab":
            np.testing.assert_array_equal(rows[new_name[label]], expected[label])


@untrained
def test_a_class_that_is_not_over_sampled_is_no_target(three_classes):
    X, y = three_classes
    sampler = quick_sampler("ganbats", conditional=True, sampling_strategy={"b": 60})
    sampler.fit_resample(X, y)
    assert list(sampler.nets_) == ["b"] and len(sampler.nets_["b"].targets) == 1


@untrained
def test_series_are_held_out_of_each_target(three_classes):
    sampler = quick_sampler("ganbats", conditional=True, validation_fraction=0.5)
    sampler.fit_resample(*three_classes)
    assert np.isfinite(sampler.history_["a"][-1]["discrepancy"])


@untrained
def test_a_pickle_continues_the_sequence(three_classes):
    sampler = quick_sampler("ganbats", conditional=True)
    sampler.fit_resample(*three_classes)
    copy = pickle.loads(pickle.dumps(sampler))
    np.testing.assert_array_equal(copy.generate(5, "a"), sampler.generate(5, "a"))


def test_conditional_must_be_a_bool():
    with pytest.raises(ValueError, match="'conditional' parameter"):
        GANBATSSampler(conditional="yes").fit_resample(np.eye(6), [0, 0, 0, 0, 1, 1])


@untrained
def test_only_a_class_that_is_too_small_is_recombined(three_classes):
    X, y = three_classes
    y = np.where(np.arange(110) == np.flatnonzero(y == "c")[0], "one", y)
    with pytest.warns(GenerationWarning, match="'one': the class has 1 series, fewer than"):
        sampler = GANBATSSampler(**TRAINED, max_epochs=2, on_failure="warn")
        sampler.fit_resample(X, y)
    assert not sampler.outcomes_["one"].is_generated and set(sampler.nets_) == {"a", "b"}

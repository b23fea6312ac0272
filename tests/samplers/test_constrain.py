"""The parameter `constrain`: whole numbers stay whole, and values stay in range if requested."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

from ganbats_sampler import FilterWarning, HerdedSampler
from ganbats_sampler.samplers import get_sampler
from tests.conftest import CLASSES, quick_sampler

pytestmark = pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
#: All classes of samplers, and one whose values leave the range of the class.
NAMES = (*CLASSES, "jitter")


def counts_and_levels(n_rare=20):
    """Return series with counts, levels from 0 to 1 and a common time axis, and their labels."""
    rng = np.random.default_rng(0)
    X = np.empty((60, 3, 12))
    X[:, 0], X[:, 1], X[:, 2] = rng.poisson(2, (60, 12)), rng.random((60, 12)), np.arange(12) / 7
    return X, np.repeat(["normal", "rare"], [60 - n_rare, n_rare])


def synthetic(sampler, X, y):
    """Return the synthetic series of fit_resample and generate."""
    X_resampled, _ = sampler.fit_resample(X, y)
    return np.concatenate([X_resampled[len(X) :], sampler.generate(5, "rare", random_state=0)])


def is_whole(values):
    return (values == np.rint(values)).all()


@pytest.mark.parametrize("name", NAMES)
class TestEverySampler:
    def test_whole_numbers_stay_whole_by_default(self, name):
        X, y = counts_and_levels()
        made = synthetic(quick_sampler(name), X, y)
        assert is_whole(made[:, 0]) and not is_whole(made[:, 1])
        assert not np.signbit(made[:, 0][made[:, 0] == 0]).any()

    def test_values_stay_in_the_range_of_the_class(self, name):
        X, y = counts_and_levels()
        X[y == "rare", 1] += 1
        made = synthetic(quick_sampler(name, constrain="range"), X, y)
        rare = X[y == "rare"]
        assert (made.min(axis=(0, 2)) >= rare.min(axis=(0, 2))).all()
        assert (made.max(axis=(0, 2)) <= rare.max(axis=(0, 2))).all()

    def test_a_common_time_axis_is_unchanged(self, name):
        X, y = counts_and_levels()
        X = X.astype(np.float32)
        made = synthetic(quick_sampler(name, constrain="both"), X, y)
        np.testing.assert_array_equal(made[:, 2], np.broadcast_to(X[0, 2], (25, 12)))
        assert is_whole(made[:, 0]) and made[:, 1].max() <= X[y == "rare", 1].max()

    def test_ordinary_series_are_not_changed(self, name):
        X, y = counts_and_levels()
        X += 0.5
        default, without = (quick_sampler(name, constrain=c) for c in ("whole", None))
        np.testing.assert_array_equal(synthetic(default, X, y), synthetic(without, X, y))


@pytest.mark.parametrize("name", ["jitter", "herded", "smote"])
def test_constrain_only_corrects_the_rows(name):
    X, y = counts_and_levels()
    if name == "herded":  # which chooses among corrected candidates
        made, raw = (
            HerdedSampler(constrain=c, random_state=0).fit_resample(X, y)[0]
            for c in ("whole", None)
        )
        assert not is_whole(raw[60:, 0]) and is_whole(made[60:, 0])
        return
    made = {
        c: synthetic(get_sampler(name, constrain=c, random_state=0), X, y)
        for c in (None, "whole", "range")
    }
    assert not is_whole(made[None][:, 0])
    np.testing.assert_array_equal(made["whole"][:, 0], np.rint(made[None][:, 0]))
    np.testing.assert_array_equal(made["whole"][:, 1:], made[None][:, 1:])
    rare = X[y == "rare"]
    np.testing.assert_array_equal(
        made["range"][:, 1], made[None][:, 1].clip(rare[:, 1].min(), rare[:, 1].max())
    )


def test_whole_floats_and_integers_give_the_same_rows():
    X, y = counts_and_levels()
    X = np.rint(10 * X)
    for name in ("jitter", "herded", "smote"):
        made = [
            synthetic(get_sampler(name, random_state=0), X.astype(dtype), y)
            for dtype in (float, np.int64)
        ]
        np.testing.assert_array_equal(*made)


def test_frames_and_flat_rows_are_corrected_too():
    X, y = counts_and_levels()
    flat = X.reshape(60, -1)
    expected = synthetic(get_sampler("jitter", constrain="both", random_state=0), X, y)[:20]
    frames = {
        "array": flat,
        "pandas": pd.DataFrame(flat).astype({0: np.int64, 1: np.int8}),
        "polars": pl.DataFrame(flat),
    }
    for given in frames.values():
        sampler = get_sampler("jitter", constrain="both", n_channels=3, random_state=0)
        made = np.asarray(sampler.fit_resample(given, y)[0])[60:]
        np.testing.assert_array_equal(made.astype(float), expected.reshape(20, -1))


def test_the_filter_checks_corrected_series():
    X, y = counts_and_levels()
    X = X[:, :1]  # counts, so that rounded series of jitter are copies
    sampler = get_sampler("jitter", constrain="whole", drop="copies", random_state=0)
    with pytest.warns(FilterWarning, match="Dropped series are returned in their place"):
        sampler.fit_resample(X, y)
    sampler.set_params(constrain=None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FilterWarning)
        sampler.fit_resample(X, y)
    assert HerdedSampler(drop="copies", random_state=0).fit_resample(X, y)[0].shape == (80, 1, 12)


def test_a_selection_shows_corrected_candidates():
    X, y = counts_and_levels()
    sampler = HerdedSampler(["jitter", "arc"], constrain="both", random_state=0)
    sampler.fit_resample(X, y)
    candidates = sampler.selection().candidates
    assert is_whole(candidates[:, 0]) and candidates[:, 1].min() >= X[y == "rare", 1].min()


def test_constrain_of_inner_samplers_is_not_used():
    X, y = counts_and_levels()
    inside = [get_sampler("jitter", constrain=c) for c in ("both", None)]
    made = [
        HerdedSampler([one], constrain=None, drop=None, random_state=0).fit_resample(X, y)[0]
        for one in inside
    ]
    np.testing.assert_array_equal(*made)
    assert not is_whole(made[0][60:, 0])


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.float16, np.float32])
@pytest.mark.parametrize("scale", [1, 9])
def test_every_type_stays_in_its_range(dtype, scale):
    X, y = counts_and_levels()
    X = (scale * X).astype(dtype)
    made = synthetic(get_sampler("jitter", constrain="both", random_state=0), X, y)
    rare = X[y == "rare"]
    assert made.dtype == X.dtype
    assert (made.min(axis=(0, 2)) >= rare.min(axis=(0, 2))).all()
    assert (made.max(axis=(0, 2)) <= rare.max(axis=(0, 2))).all()


def test_floats_too_large_for_fractions_are_unchanged():
    X, y = counts_and_levels()
    X = 2.0**60 * (1 + X)
    made = [
        synthetic(get_sampler("jitter", constrain=c, random_state=0), X, y) for c in ("whole", None)
    ]
    np.testing.assert_array_equal(*made)


def test_a_class_of_one_series_does_not_fix_its_values():
    X, y = counts_and_levels(n_rare=1)
    sampler = get_sampler("jitter", constrain="range", random_state=0)
    X_resampled, _ = sampler.fit_resample(X, y)
    assert len(np.unique(X_resampled[60:, 1], axis=0)) == 58


def test_a_channel_is_whole_only_if_it_is_in_all_classes():
    X, y = counts_and_levels()
    X[0, 0, 0] = 0.5
    made = synthetic(get_sampler("jitter", random_state=0), X, y)
    assert not is_whole(made[:, 0])


def test_an_unknown_value_is_refused():
    with pytest.raises(ValueError, match="'constrain' parameter .* must be a str among"):
        get_sampler("jitter", constrain="positive").fit_resample(*counts_and_levels())

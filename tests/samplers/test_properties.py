"""For random input, a sampler keeps the whole contract, or raises an early and clear error.

Each sampler gets ten cases in the quick tests and a hundred in the slow ones. If a case fails, fix
it and write a separate test for it.
"""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganbats_sampler.adversarial import AdversarialNet
from tests.conftest import CLASSES, quick_sampler

CONTAINERS = {
    "array": lambda X: X,
    "list": lambda X: X.tolist(),
    "pandas": lambda X: pd.DataFrame(X.reshape(len(X), -1)),
    "polars": lambda X: pl.DataFrame(X.reshape(len(X), -1)),
    "flat": lambda X: X.reshape(len(X), -1),
}
LABELS = {
    "text": lambda y: np.array(["a", "b", "c"])[y],
    "integer": lambda y: y * 10 - 5,
    "boolean": lambda y: y > 0,
    "object": lambda y: np.array(["a", "b", "c"], dtype=object)[y],
    "float": lambda y: y.astype(float),
    "series": lambda y: pd.Series(y).astype("category"),
    "list": lambda y: y.tolist(),
}
DTYPES = ["f8", "f4", "f2", "i8", "i2", "u1", "?"]


@st.composite
def cases(draw):
    """Make data of any shape and type, sometimes with a fault, a strategy and a constraint."""
    sizes = draw(st.lists(st.integers(1, 16), min_size=2, max_size=3))
    shape = (sum(sizes), draw(st.integers(1, 3)), draw(st.integers(1, 20)))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    X = rng.normal(size=shape) * 10.0 ** draw(st.sampled_from([0, 0, 0, 0, -300, -9, 4, 9, 300]))
    if draw(st.booleans()):
        X[rng.random(shape[0]) < 0.5] = X[0]  # duplicates
    if draw(st.booleans()):
        X[:, 0] = X[0, 0, 0]  # a constant channel
    if draw(st.booleans()):
        X[:, -1] = np.rint(X[:, -1])  # whole numbers
    dtype = draw(st.sampled_from(DTYPES))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        X = X.astype(dtype)
    if X.dtype.kind == "f" and draw(st.integers(0, 19)) == 13:
        X[rng.integers(len(X)), 0, 0] = draw(st.sampled_from([np.nan, np.inf]))
    y = np.repeat(np.arange(len(sizes)), sizes)
    order = rng.permutation(len(y))
    strategy = draw(
        st.sampled_from(["auto", "auto", "auto", "all", "minority", 1.0, lambda y: None])
    )
    return (
        X[order],
        y[order],
        draw(st.sampled_from(sorted(CONTAINERS))),
        draw(st.sampled_from(sorted(LABELS))),
        strategy,
        draw(st.sampled_from(["whole", "range", "both", None])),
    )


def check(name, case, monkeypatch):
    """Resample, and check the contract or the error."""
    X, y, container, labels, strategy, constrain = case
    given_X, given_y = CONTAINERS[container](X), LABELS[labels](y)
    flat = container in ("pandas", "polars", "flat")
    sampler = quick_sampler(
        name, sampling_strategy=strategy, n_channels=X.shape[1], constrain=constrain
    )
    trained = []
    fit = AdversarialNet.fit
    with warnings.catch_warnings(), monkeypatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setattr(
            AdversarialNet, "fit", lambda net, *a, **k: (trained.append(net), fit(net, *a, **k))[1]
        )
        try:
            X_resampled, y_resampled = sampler.fit_resample(given_X, given_y)
        except (ValueError, TypeError) as error:
            assert len(str(error)) > 20 and not trained
            return
    rows, resampled = np.asarray(X_resampled), np.asarray(y_resampled)
    assert type(X_resampled) is type(given_X) and type(y_resampled) is type(given_y)
    assert len(rows) == len(resampled) == len(sampler.synthetic_mask_)
    assert rows.shape[1:] == (X.shape[1] * X.shape[2],) if flat else rows.shape[1:] == X.shape[1:]
    np.testing.assert_array_equal(rows[: len(X)].reshape(X.shape), X)
    np.testing.assert_array_equal(resampled[: len(X)], np.asarray(given_y))
    assert np.isfinite(rows.astype(float)).all()
    counts = dict(zip(*np.unique(np.asarray(given_y), return_counts=True), strict=True))
    for label, n_added in sampler.sampling_strategy_.items():
        counts[label] += n_added
    assert counts == dict(zip(*np.unique(resampled, return_counts=True), strict=True))
    check_values(rows[sampler.synthetic_mask_], resampled[sampler.synthetic_mask_], case)


def check_values(made, made_y, case):
    """Check that `constrain` allows the synthetic values."""
    X, y, _, labels, _, constrain = case
    made, y = made.reshape(len(made), *X.shape[1:]).astype(float), np.asarray(LABELS[labels](y))
    X = X.astype(float)
    is_whole = (np.rint(X) == X).all(axis=(0, 2))
    if constrain in ("whole", "both"):
        assert (np.rint(made) == made)[:, is_whole].all()
    if constrain in ("range", "both"):
        for label in np.unique(made_y):
            own, of_class = X[y == label], made[made_y == label]
            assert (of_class.min(axis=(0, 2)) >= own.min(axis=(0, 2))).all()
            assert (of_class.max(axis=(0, 2)) <= own.max(axis=(0, 2))).all()


QUICKLY = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("name", CLASSES)
@settings(QUICKLY, max_examples=10)
@given(case=cases())
def test_ten_random_cases(name, case, monkeypatch):
    check(name, case, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("name", CLASSES)
@settings(QUICKLY, max_examples=100)
@given(case=cases())
def test_a_hundred_random_cases(name, case, monkeypatch):
    check(name, case, monkeypatch)

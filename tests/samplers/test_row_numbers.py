"""Row numbers, identifiers and time stamps among the values cause a warning."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

from ganbats_sampler.samplers import get_sampler
from tests.conftest import CLASSES, quick_sampler

N = 40


@pytest.fixture
def data():
    return np.random.default_rng(0).normal(size=(N, 2, 12)), np.repeat([0, 1], [28, 12])


def resample(X, y, **parameters):
    return get_sampler("jitter", **parameters).fit_resample(X, y)


def quietly(X, y, **parameters):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return resample(X, y, **parameters)


def with_id(X):
    return np.column_stack([np.arange(N), X[:, 0]])


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
def test_every_sampler_warns_at_the_users_line(name, data):
    with pytest.warns(UserWarning, match="Column 0 of X rises from each row") as caught:
        quick_sampler(name).fit_resample(with_id(data[0]), data[1])
    caught = [one for one in caught if "rises" in str(one.message)]
    assert len(caught) == 1 and caught[0].filename == __file__


@pytest.mark.parametrize("numbers", [range(N), pd.date_range("2020", periods=N).astype(int)])
def test_the_remedy_for_a_column_works(numbers, data):
    X, y = with_id(data[0]), data[1]
    X[:, 0] = numbers
    with pytest.warns(UserWarning, match=r"np\.delete\(X, 0, axis=1\)\."):
        resample(X, y)
    quietly(np.delete(X, 0, axis=1), y)


def test_the_remedy_for_a_frame_works(data):
    X, y = with_id(data[0]), data[1]
    names = ["beat id", *map(str, range(12))]
    frame = pd.DataFrame(X, columns=names)
    with pytest.warns(UserWarning, match=r"Column 'beat id' .*X\.drop\(columns=\['beat id'\]\)"):
        resample(frame, y)
    quietly(frame.drop(columns=["beat id"]), y)
    frame = pl.DataFrame(X, schema=names)
    with pytest.warns(UserWarning, match=r"X\.drop\(\['beat id'\]\)"):
        resample(frame, y)
    quietly(frame.drop(["beat id"]), y)


def test_the_remedy_for_a_channel_works(data):
    X, y = data
    X[:, 1] = 12 * np.arange(N)[:, None] + np.arange(12)  # time since the recording began
    with pytest.warns(UserWarning, match=r"Channel 1 of X .*np\.delete\(X, 1, axis=1\)"):
        resample(X, y)
    quietly(np.delete(X, 1, axis=1), y)
    flat = X.reshape(N, -1)
    with pytest.warns(UserWarning, match=r"np\.delete\(np\.reshape\(X, \(len\(X\), 2, -1\)\), 1, "):
        resample(flat, y, n_channels=2)
    quietly(np.delete(np.reshape(flat, (len(flat), 2, -1)), 1, axis=1), y)


def test_the_remedy_for_a_time_step_works(data):
    X, y = data
    X[:, 1, 3] = np.arange(N)
    X[:, 0, 3] = np.arange(N)
    with pytest.warns(UserWarning, match=r"step 3 of channel 0 .*as do 1 more.*X, 3, axis=2"):
        resample(X, y)
    quietly(np.delete(X, 3, axis=2), y)


def test_a_drift_of_most_values_gives_no_warning(data):
    X, y = data
    quietly(X + 100 * np.arange(N)[:, None, None], y)
    quietly(X[:, :1] + 100 * np.arange(N)[:, None, None], y)
    X[:, 0, :7] += 100 * np.arange(N)[:, None]
    quietly(X[:, :1], y)
    quietly(np.arange(N, dtype=float)[:, None], y)


def test_values_that_do_not_always_rise_give_no_warning(data):
    X, y = with_id(data[0]), data[1]
    for row in (1, N - 1):
        other = X.copy()
        other[row, 0] = other[row - 1, 0]
        quietly(other, y)


def test_few_rows_give_no_warning(data):
    X, y = with_id(data[0]), np.tile([0, 0, 1], 14)[:N]
    quietly(X[:11], y[:11])
    with pytest.warns(UserWarning, match="Column 0"):
        resample(X[:12], y[:12])


def test_a_break_in_any_chunk_is_found():
    X, y = np.random.default_rng(0).normal(size=(500, 6)), np.repeat([0, 1], 250)
    X[:, 2] = np.arange(500)
    with pytest.warns(UserWarning, match="Column 2"):
        resample(X, y)
    for row in (63, 64, 65, 128, 499):  # rows are checked in chunks
        other = X.copy()
        other[row, 2] = -1
        quietly(other, y)

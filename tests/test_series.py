"""Shapes, scaling and casting."""

import numpy as np

from ganbats_sampler.series import RangeScaler, cast_like, check_finite


class TestRangeScaler:
    def test_there_and_back(self):
        series = np.random.default_rng(0).normal(size=(10, 2, 30)) * [[[1e-3], [1e5]]]
        scaler = RangeScaler.fit(series)
        scaled = scaler.transform(series)
        assert scaled.dtype == np.float32
        assert scaled.min(axis=(0, 2)).tolist() == [-1, -1]
        assert scaled.max(axis=(0, 2)).tolist() == [1, 1]
        back = scaler.inverse_transform(scaled)
        np.testing.assert_allclose(back, series, atol=1e-6 * np.abs(series).max())

    def test_never_out_of_range(self):
        series = np.random.default_rng(0).normal(size=(10, 1, 30))
        back = RangeScaler.fit(series).inverse_transform(np.array([[[-1.5, 1.5]]]))
        assert back.tolist() == [[[series.min(), series.max()]]]

    def test_a_constant_channel(self):
        scaler = RangeScaler.fit(np.full((3, 1, 4), 7.5))
        np.testing.assert_array_equal(scaler.transform(np.full((1, 1, 4), 7.5)), 0)
        np.testing.assert_array_equal(scaler.inverse_transform(np.array([[[-1.0, 1.0]]])), 7.5)

    def test_the_largest_floats(self):
        largest = np.finfo(float).max
        scaler = RangeScaler.fit(np.array([[[-largest, largest]]]))
        assert scaler.transform(np.array([[[-largest, 0, largest]]])).tolist() == [[[-1, 0, 1]]]


class TestCast:
    def test_integers_are_rounded_and_bounded(self):
        values = np.array([1.6, -1.6, 300.0])
        assert cast_like(values, np.dtype(np.int8)).tolist() == [2, -2, 127]

    def test_booleans(self):
        assert cast_like(np.array([0.2, 0.8]), np.dtype(bool)).tolist() == [False, True]


def test_finite_values_whose_sum_overflows_are_finite():
    check_finite(np.full((2, 1, 4), np.finfo(float).max))

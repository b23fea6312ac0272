"""Shapes, scaling and casting."""

import numpy as np
import pytest

from ganbats_sampler.series import RangeScaler, cast_like, check_values


class TestRangeScaler:
    def test_inverse_transform_restores_the_series(self):
        series = np.random.default_rng(0).normal(size=(10, 2, 30)) * [[[1e-3], [1e5]]]
        scaler = RangeScaler.fit(series)
        scaled = scaler.transform(series)
        assert scaled.dtype == np.float32
        assert scaled.min(axis=(0, 2)).tolist() == [-1, -1]
        assert scaled.max(axis=(0, 2)).tolist() == [1, 1]
        back = scaler.inverse_transform(scaled)
        np.testing.assert_allclose(back, series, atol=1e-6 * np.abs(series).max())

    def test_inverse_transform_clips_to_the_range(self):
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


class TestRobustRange:
    @pytest.mark.parametrize("n_samples", [1, 2, 3, 10, 50])
    def test_without_outliers_the_range_is_the_same(self, n_samples):
        series = np.random.default_rng(0).normal(size=(n_samples, 2, 30)) * [[[1e-3], [1e5]]]
        plain, robust = RangeScaler.fit(series), RangeScaler.fit_robust(series)
        np.testing.assert_array_equal(robust.low, plain.low)
        np.testing.assert_array_equal(robust.high, plain.high)

    @pytest.mark.parametrize("value", [1e3, -1e3, 1e300])
    @pytest.mark.parametrize(("n_samples", "n_outliers"), [(3, 1), (20, 2), (50, 5)])
    def test_outliers_do_not_extend_the_range(self, value, n_samples, n_outliers):
        series = np.random.default_rng(0).normal(size=(n_samples, 2, 30))
        spiked = series.copy()
        spiked[:n_outliers, 0, 7] = value
        robust = RangeScaler.fit_robust(spiked)
        rest = RangeScaler.fit(series[n_outliers:])
        assert rest.low[0] >= robust.low[0] >= RangeScaler.fit(series).low[0]
        assert rest.high[0] <= robust.high[0] <= RangeScaler.fit(series).high[0]
        assert robust.high[1] == series[:, 1].max()

    @pytest.mark.parametrize(("beyond", "is_outlier"), [(4.9, False), (5.1, True)])
    def test_outliers_exceed_the_range_by_five_times_its_width(self, beyond, is_outlier):
        series = np.tile([[[0.0, 1.0]]], (20, 1, 1))
        series[3, 0, 1] = 1 + beyond
        assert (RangeScaler.fit_robust(series).high[0, 0] == 1) == is_outlier

    def test_a_channel_that_is_nearly_always_zero_has_no_outliers(self):
        series = np.zeros((30, 1, 8))
        series[4, 0, 2] = 1.0
        assert RangeScaler.fit_robust(series).high[0, 0] == 1

    @pytest.mark.parametrize(("value", "is_outlier"), [(11.9, False), (12.1, True), (-1e6, True)])
    def test_in_a_constant_channel_its_value_replaces_the_width(self, value, is_outlier):
        series = np.full((20, 1, 5), 2.0)
        series[3, 0, 1] = value
        scaler = RangeScaler.fit_robust(series)
        assert ((scaler.low[0, 0], scaler.high[0, 0]) == (2.0, 2.0)) == is_outlier


class TestCast:
    def test_integers_are_rounded_and_clipped(self):
        values = np.array([1.6, -1.6, 300.0])
        assert cast_like(values, np.dtype(np.int8)).tolist() == [2, -2, 127]

    def test_booleans_are_true_above_one_half(self):
        assert cast_like(np.array([0.2, 0.8]), np.dtype(bool)).tolist() == [False, True]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_values_that_overflow_in_a_sum_of_four_are_refused(dtype):
    limit = np.finfo(dtype).max / 4
    check_values(np.full((2, 1, 4), limit, dtype=dtype))
    with pytest.raises(ValueError, match="overflow: scale X down"):
        check_values(np.full((2, 1, 4), -1.01 * limit, dtype=dtype))

"""Spaces: encoding series to the values that networks model, and decoding them."""

import numpy as np
import pytest

from ganbats_sampler.adversarial.components import MAX_COMPONENTS
from ganbats_sampler.adversarial.spaces import (
    N_NEIGHBORS,
    ComponentSpace,
    SeriesSpace,
)
from ganbats_sampler.series import RangeScaler

RNG = np.random.default_rng(0)


def aligned(n_samples, noise=0.0, n_channels=2, n_timepoints=40, rank=3):
    """Make series that mix a few patterns, over all channels together, and white noise."""
    rng = np.random.default_rng(1)
    patterns = rng.normal(size=(rank, n_channels, n_timepoints)).cumsum(axis=2)
    patterns /= np.linalg.norm(patterns, axis=(1, 2), keepdims=True)
    weights = 10 * rng.normal(size=(n_samples, rank)) * 2.0 ** -np.arange(rank)
    series = np.tensordot(weights, patterns, axes=1)
    return 10 + series + noise * rng.normal(size=series.shape)


class TestSeriesSpace:
    def test_values_are_scaled_by_the_range_of_each_channel(self):
        series = aligned(20)
        space = SeriesSpace.fit(series, robust=False)
        scaler = RangeScaler.fit(series)
        np.testing.assert_array_equal(space.encode(series), scaler.transform(series))
        values = RNG.uniform(-1, 1, size=(5, 2, 40)).astype(np.float32)
        np.testing.assert_array_equal(
            space.decode(values, np.random.default_rng(0)), scaler.inverse_transform(values)
        )

    def test_robust_leaves_outliers_out(self):
        series = aligned(20)
        series[3, 0, 5] = 1e6
        assert SeriesSpace.fit(series, robust=False).scaler.high[0, 0] == 1e6
        space = SeriesSpace.fit(series, robust=True)
        assert space.scaler.high[0, 0] < 100 and space.encode(series).max() <= 1


class TestComponentSpace:
    def test_the_fewest_components_explain_the_variance(self):
        series = aligned(50, rank=5)
        space = ComponentSpace.fit(series, robust=True)
        flat = space.scaler.transform(series).reshape(50, -1)
        shares = np.linalg.svd(flat - flat.mean(axis=0), compute_uv=False) ** 2
        explained = np.cumsum(shares) / shares.sum()
        n = len(space.axes)
        assert explained[n - 2] < 0.95 <= explained[n - 1]
        assert space.encode(series).shape == (50, 1, n)
        noisy = ComponentSpace.fit(aligned(200, noise=20.0), robust=True)
        assert len(noisy.axes) == MAX_COMPONENTS
        smooth = ComponentSpace.fit(aligned(200, noise=0.01, rank=1), robust=True)
        assert len(smooth.axes) == 1

    def test_a_real_series_is_recovered_with_its_own_residual(self):
        series = aligned(30, noise=0.1)
        space = ComponentSpace.fit(series, robust=True)
        alone = space.for_class(series[4:5])
        back = alone.decode(alone.encode(series[4:5]), np.random.default_rng(0))
        np.testing.assert_allclose(back, series[4:5], atol=1e-4)

    def test_the_residual_is_from_one_of_the_nearest_series(self):
        series = aligned(30, noise=0.3)
        space = ComponentSpace.fit(series, robust=True)
        value = space.encode(series[7:8])
        made = space.decode(np.repeat(value, 400, axis=0), np.random.default_rng(0))
        smooth = made[0] - self.residual(space, made[:1])[0]
        lent = {tuple(np.round((one - smooth).ravel(), 3)) for one in made}
        assert len(lent) == N_NEIGHBORS
        nearest = np.linalg.norm(space.components - space.components[7], axis=1).argsort()
        own = {
            tuple(np.round(self.residual(space, series[i : i + 1])[0].ravel(), 3))
            for i in nearest[:N_NEIGHBORS]
        }
        assert lent == own

    @staticmethod
    def residual(space, series):
        """Compute the residuals of series, in the units of the data."""
        centred = space._centred(series)[0]
        left = centred - centred @ space.axes.T @ space.axes
        return left.reshape(series.shape) * space.scaler.scale

    def test_components_are_half_whitened(self):
        series = aligned(300)
        values = ComponentSpace.fit(series, robust=True).encode(series)[:, 0]
        plain = ComponentSpace.fit(series, robust=True).components
        ratio = plain.std(axis=0) / plain[:, 0].std()
        np.testing.assert_allclose(values.std(axis=0), np.sqrt(ratio), rtol=0.01)

    def test_the_units_of_channels_do_not_matter(self):
        series = aligned(40, noise=0.2)
        scale = np.array([1.0, 1e4])[:, None]
        space, scaled = (ComponentSpace.fit(x, robust=True) for x in (series, series * scale))
        np.testing.assert_allclose(scaled.encode(series * scale), space.encode(series), atol=1e-3)

    def test_an_outlier_does_not_take_a_component(self):
        series = aligned(40)
        spiked = series.copy()
        spiked[3, 0, 5] = 1e6
        space = ComponentSpace.fit(spiked, robust=True)
        assert np.abs(space.encode(spiked)).max() < 10
        assert len(space.axes) <= 5

    @pytest.mark.parametrize("n_samples", [2, 3, 6])
    def test_classes_smaller_than_the_number_of_components(self, n_samples):
        series = aligned(n_samples, noise=1.0)
        space = ComponentSpace.fit(series, robust=True)
        assert 1 <= len(space.axes) <= n_samples - 1
        made = space.decode(space.encode(series), np.random.default_rng(0))
        assert made.shape == series.shape and np.isfinite(made).all()

    @pytest.mark.parametrize("series", [np.full((8, 2, 10), 3.0), np.zeros((8, 1, 10))])
    def test_a_constant_class_stays_constant(self, series):
        space = ComponentSpace.fit(series, robust=True)
        values = RNG.normal(size=(20, 1, len(space.axes))).astype(np.float32)
        made = space.decode(values, np.random.default_rng(0))
        np.testing.assert_allclose(made, np.broadcast_to(series[:1], made.shape), atol=1e-9)

    def test_long_series_are_encoded_and_decoded(self):
        series = np.random.default_rng(0).normal(size=(600, 1, 4096)).cumsum(axis=2)
        space = ComponentSpace.fit(series, robust=True)
        assert len(space.axes) <= MAX_COMPONENTS
        assert space.decode(space.encode(series[:3]), np.random.default_rng(0)).shape[2] == 4096

    def test_each_class_lends_its_own_residuals(self):
        series = aligned(40, noise=0.2)
        space = ComponentSpace.fit(series, robust=True).for_class(series[:10])
        assert len(space.components) == len(space.residuals) == 10

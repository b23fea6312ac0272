"""Alignment: series shifted to one reference, where that pays."""

import numpy as np
import pytest

from ganbats_sampler.adversarial.alignment import (
    find_reference,
    find_shifts,
    shift,
    should_align,
)
from ganbats_sampler.adversarial.spaces import ComponentSpace

STEPS = np.arange(60)


def ringing(n_samples, rng, n_channels=1, shifted=True):
    """A decaying oscillation that begins at a random step, and noise."""
    wave = np.exp(-STEPS / 10) * np.sin(STEPS / 2)
    series = np.tile(wave, (n_samples, n_channels, 1)) * rng.uniform(0.8, 1.2, (n_samples, 1, 1))
    if shifted:
        series = shift(series, rng.integers(60, size=n_samples))
    return series + 0.05 * rng.normal(size=series.shape)


def test_a_shift_moves_later_and_comes_round():
    series = np.arange(8.0).reshape(2, 1, 4)
    moved = shift(series, np.array([1, -1]))
    np.testing.assert_array_equal(moved[:, 0], [[3, 0, 1, 2], [5, 6, 7, 4]])


@pytest.mark.parametrize("n_channels", [1, 3])
def test_shifts_are_found_again_for_all_channels_together(n_channels):
    rng = np.random.default_rng(0)
    reference = rng.normal(size=(n_channels, 50))
    shifts = rng.integers(50, size=20)
    series = shift(np.repeat(reference[None], 20, axis=0), -shifts)
    np.testing.assert_array_equal(find_shifts(series, reference), shifts)


def test_the_reference_is_the_waveform_that_series_share():
    series = ringing(40, np.random.default_rng(0))
    reference = find_reference(series)
    wave = ringing(400, np.random.default_rng(1), shifted=False).mean(axis=0)
    nearest = shift(reference[None], find_shifts(reference[None], wave))[0]
    assert np.corrcoef(nearest.ravel(), wave.ravel())[0, 1] > 0.98
    assert np.corrcoef(series.mean(axis=0).ravel(), wave.ravel())[0, 1] < 0.5


@pytest.mark.parametrize("n_samples", [10, 25, 300])
def test_it_pays_for_series_that_begin_at_a_random_step(n_samples):
    rng = np.random.default_rng(0)
    assert should_align(ringing(n_samples, rng))
    assert not should_align(ringing(n_samples, rng, shifted=False))
    assert not should_align(rng.normal(size=(n_samples, 1, 60)))
    assert not should_align(rng.normal(size=(n_samples, 1, 60)).cumsum(axis=2))


@pytest.mark.parametrize("shape", [(1, 1, 60), (2, 1, 60), (3, 2, 1), (20, 1, 2)])
def test_small_classes_and_short_series(shape):
    series = np.random.default_rng(0).normal(size=shape)
    assert should_align(series) in (True, False)
    assert not should_align(np.ones(shape))


class TestSpace:
    @pytest.fixture
    def series(self):
        return 5 + 100 * ringing(40, np.random.default_rng(0), n_channels=2)

    def test_few_components_are_left(self, series):
        space = ComponentSpace.fit(series, robust=True)
        assert space.reference is not None
        assert len(np.unique(space.shifts)) > 20
        still = 5 + 100 * ringing(40, np.random.default_rng(0), n_channels=2, shifted=False)
        assert ComponentSpace.fit(still, robust=True).reference is None

    def test_series_are_shifted_back(self, series):
        space = ComponentSpace.fit(series, robust=True)
        alone = space.for_class(series[4:5])
        back = alone.decode(alone.encode(series[4:5]), np.random.default_rng(0))
        np.testing.assert_allclose(back, series[4:5], rtol=1e-4, atol=1e-2)

    def test_each_is_shifted_back_as_a_real_one_is(self, series):
        space = ComponentSpace.fit(series, robust=True)
        made = space.decode(np.repeat(space.encode(series[:1]), 200, 0), np.random.default_rng(0))
        begins = made[:, 0].argmax(axis=1)
        assert len(np.unique(begins)) > 15
        assert set(begins) <= {
            (step + by) % 60 for step in series[:, 0].argmax(axis=1) for by in (-1, 0, 1)
        }

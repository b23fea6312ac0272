"""Alignment of series by shifts in time, and the decision whether to align."""

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
    """Make decaying oscillations with noise. They begin at a random step if `shifted`."""
    wave = np.exp(-STEPS / 10) * np.sin(STEPS / 2)
    series = np.tile(wave, (n_samples, n_channels, 1)) * rng.uniform(0.8, 1.2, (n_samples, 1, 1))
    if shifted:
        series = shift(series, rng.integers(60, size=n_samples))
    return series + 0.05 * rng.normal(size=series.shape)


def test_shifts_are_circular():
    series = np.arange(8.0).reshape(2, 1, 4)
    moved = shift(series, np.array([1, -1]))
    np.testing.assert_array_equal(moved[:, 0], [[3, 0, 1, 2], [5, 6, 7, 4]])


@pytest.mark.parametrize("n_channels", [1, 3])
def test_shifts_are_found_for_all_channels_together(n_channels):
    rng = np.random.default_rng(0)
    reference = rng.normal(size=(n_channels, 50))
    shifts = rng.integers(50, size=20)
    series = shift(np.repeat(reference[None], 20, axis=0), -shifts)
    np.testing.assert_array_equal(find_shifts(series, reference), shifts)


def test_the_reference_is_the_common_waveform():
    series = ringing(40, np.random.default_rng(0))
    reference = find_reference(series)
    wave = ringing(400, np.random.default_rng(1), shifted=False).mean(axis=0)
    nearest = shift(reference[None], find_shifts(reference[None], wave))[0]
    assert np.corrcoef(nearest.ravel(), wave.ravel())[0, 1] > 0.98
    assert np.corrcoef(series.mean(axis=0).ravel(), wave.ravel())[0, 1] < 0.5


@pytest.mark.parametrize("n_samples", [20, 50, 300])
def test_only_series_that_begin_at_a_random_step_are_aligned(n_samples):
    rng = np.random.default_rng(0)
    assert should_align(ringing(n_samples, rng))
    assert not should_align(ringing(n_samples, rng, shifted=False))
    assert not should_align(rng.normal(size=(n_samples, 1, 60)))
    assert not should_align(rng.normal(size=(n_samples, 1, 60)).cumsum(axis=2))


@pytest.mark.parametrize("n_timepoints", [10, 24, 60])
@pytest.mark.parametrize("n_samples", [5, 8, 15, 20, 30])
def test_noise_is_not_aligned(n_samples, n_timepoints):
    rng = np.random.default_rng(0)
    for _ in range(20):
        assert not should_align(rng.normal(size=(n_samples, 1, n_timepoints)))


def test_the_order_of_series_does_not_matter():
    rng = np.random.default_rng(0)
    series = np.stack(
        [ringing(150, rng, shifted=moves) for moves in (False, True, True, True)], axis=1
    ).reshape(600, 1, 60)
    assert should_align(series) and should_align(series[::-1])


@pytest.mark.parametrize("channel", ["trend", "time axis", "sawtooth"])
def test_series_with_a_jump_from_end_to_beginning_are_not_aligned(channel):
    series = ringing(50, np.random.default_rng(0))
    assert should_align(series)
    other = {
        "trend": series + 0.05 * STEPS,
        "time axis": np.tile(STEPS / 60, (50, 1, 1)),
        "sawtooth": np.tile(STEPS % 23 / 23, (50, 1, 1)),
    }[channel]
    assert not should_align(np.concatenate([series, other], axis=1))


@pytest.mark.parametrize("shape", [(1, 1, 60), (2, 1, 60), (3, 2, 1), (20, 1, 2)])
def test_small_classes_and_short_series(shape):
    series = np.random.default_rng(0).normal(size=shape)
    assert should_align(series) in (True, False)
    assert not should_align(np.ones(shape))


class TestSpace:
    @pytest.fixture
    def series(self):
        return 5 + 100 * ringing(40, np.random.default_rng(0), n_channels=2)

    def test_only_shifted_series_have_a_reference(self, series):
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

    def test_each_series_is_shifted_back_like_a_real_neighbour(self):
        rng = np.random.default_rng(0)
        where = rng.integers(10, 50, size=(200, 1, 1))
        series = (1 + where / 25) * np.exp(-np.square(STEPS - where) / 8)  # the later, the higher
        space = ComponentSpace.fit(series, robust=True)
        assert space.reference is not None
        made = space.decode(space.encode(series), np.random.default_rng(0))
        begins = made[:, 0].argmax(axis=1)
        assert np.corrcoef(begins, made[:, 0].max(axis=1))[0, 1] > 0.95
        assert len(np.unique(begins)) > 30

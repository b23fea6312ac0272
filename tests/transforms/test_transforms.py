"""Each transform changes series as its source describes."""

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from ganbats_sampler.transforms import (
    TRANSFORMS,
    FourierPerturbation,
    Jitter,
    Permutation,
    Rotation,
    Scaling,
    Slicing,
    TimeWarp,
    WindowWarp,
)
from ganbats_sampler.transforms.resampling import read_off, read_off_smoothly

IN_TIME = ["slicing", "window_warp", "time_warp", "permutation"]


@pytest.fixture
def rng():
    return np.random.default_rng(1)


@pytest.fixture
def series():
    return np.random.default_rng(0).normal(size=(50, 3, 40)).cumsum(axis=2)


@pytest.mark.parametrize("name", TRANSFORMS)
class TestEach:
    def test_it_changes_each_series_but_not_its_input(self, name, series, rng):
        before = series.copy()
        made = TRANSFORMS[name](series, rng)
        assert made.shape == series.shape and np.isfinite(made).all()
        assert (np.abs(made - series).max(axis=(1, 2)) > 1e-9).all()
        np.testing.assert_array_equal(series, before)

    def test_the_same_seed_gives_the_same_series(self, name, series):
        made = [TRANSFORMS[name](series, np.random.default_rng(seed)) for seed in (0, 0, 1)]
        np.testing.assert_array_equal(made[0], made[1])
        assert not np.allclose(made[0], made[2])

    @pytest.mark.parametrize("n_channels", [1, 3])
    @pytest.mark.parametrize("length", [1, 2, 3, 4, 7])
    def test_short_series(self, name, n_channels, length, rng):
        series = rng.normal(size=(20, n_channels, length))
        made = TRANSFORMS[name](series, rng)
        assert made.shape == series.shape and np.isfinite(made).all()

    def test_no_series(self, name, rng):
        assert TRANSFORMS[name](np.empty((0, 2, 9)), rng).shape == (0, 2, 9)


@pytest.mark.parametrize("name", [*IN_TIME, "fourier"])
def test_equal_channels_stay_equal(name, series, rng):
    same = np.repeat(series[:, :1], 2, axis=1)
    made = TRANSFORMS[name](same, rng)
    np.testing.assert_array_equal(made[:, 0], made[:, 1])


@pytest.mark.parametrize("name", IN_TIME)
def test_transforms_in_time_keep_the_range_of_each_series(name, series, rng):
    made = TRANSFORMS[name](series, rng)
    assert (made.max(axis=2) <= series.max(axis=2) + 1e-9).all()
    assert (made.min(axis=2) >= series.min(axis=2) - 1e-9).all()


def test_linear_interpolation_equals_numpy(rng):
    ramp = np.array([[[0.0, 10.0, 40.0], [1.0, 1.0, 3.0]]])
    read = read_off(ramp, np.array([[-1.0, 0.5, 1.75, 2.0, 9.0]]))
    np.testing.assert_allclose(read[0], [[0, 5, 32.5, 40, 40], [1, 1, 2.5, 3, 3]])
    series, times = rng.normal(size=(5, 1, 30)), rng.uniform(-2, 31, (5, 17))
    expected = [np.interp(t, np.arange(30), s[0]) for s, t in zip(series, times, strict=True)]
    np.testing.assert_allclose(read_off(series, times)[:, 0], expected)


def test_smooth_interpolation_is_a_clamped_spline(rng):
    series = rng.normal(size=(5, 2, 30))
    steps = np.tile(np.arange(-2.0, 32), (5, 1))
    np.testing.assert_allclose(read_off_smoothly(series, steps)[:, :, 2:-2], series, atol=1e-12)
    times = rng.uniform(0, 29, (5, 17))
    read = read_off_smoothly(series, times)
    for i in range(5):  # mirrored at its ends, its slope there is zero
        spline = CubicSpline(np.arange(30), series[i], axis=1, bc_type="clamped")
        np.testing.assert_allclose(read[i], spline(times[i]), atol=1e-9)


def test_a_smooth_time_warp_keeps_more_noise_than_a_linear_one(rng):
    noise = rng.normal(size=(300, 1, 200))
    straight, smooth = (TimeWarp(smooth=smooth)(noise, rng).var() for smooth in (False, True))
    assert straight < 0.72 and smooth > 0.8


def test_jitter_and_scaling_have_their_deviation(rng):
    ones = np.ones((4000, 2, 20))
    noise = Jitter(sigma=0.3)(ones, rng) - 1
    assert noise.mean() == pytest.approx(0, abs=0.01) and noise.std() == pytest.approx(0.3, 0.02)
    factors = Scaling(sigma=0.2)(ones, rng)
    assert (factors == factors[:, :, :1]).all()  # one per channel
    assert factors.std() == pytest.approx(0.2, 0.05) and factors.mean() == pytest.approx(1, 0.01)
    assert abs(np.corrcoef(factors[:, 0, 0], factors[:, 1, 0])[0, 1]) < 0.1


def test_rotation_keeps_lengths_and_angles_and_prefers_no_direction(series, rng):
    made = Rotation()(series, rng)
    np.testing.assert_allclose(
        np.einsum("nct,ncs->nts", made, made), np.einsum("nct,ncs->nts", series, series)
    )
    axis = np.tile(np.array([1.0, 0, 0])[:, None], (5000, 1, 1))
    turned = Rotation()(axis, rng)[:, :, 0]
    np.testing.assert_allclose(turned.mean(axis=0), 0, atol=0.03)
    np.testing.assert_allclose(np.cov(turned.T), np.eye(3) / 3, atol=0.03)
    np.testing.assert_array_equal(Rotation()(series[:, :1], rng), -series[:, :1])


def test_slicing_cuts_out_its_share(rng):
    ramp = np.tile(np.arange(101.0), (200, 1, 1))
    cut = Slicing(share=0.6)(ramp, rng)[:, 0]
    np.testing.assert_allclose(np.diff(cut, axis=1), 0.6)
    assert cut[:, 0].min() < 3 and cut[:, 0].max() > 37 and cut.min() >= 0 and cut.max() <= 100


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_window_warp_changes_the_speed_in_its_window(rng, factor):
    ramp = np.tile(np.arange(1001.0), (50, 1, 1))
    warped = WindowWarp(share=0.2, factors=(factor,))(ramp, rng)[:, 0]
    np.testing.assert_allclose(warped[:, [0, -1]], [[0, 1000]] * 50)
    # 800 steps at one speed and a window of 200 at another, rescaled to 1000
    outside = (800 + 200 * factor) / 1000
    speeds = np.diff(warped, axis=1)
    share_inside = np.isclose(speeds, outside / factor).mean(axis=1)
    np.testing.assert_allclose(share_inside, 0.2 * factor / outside, atol=0.01)
    assert np.isclose(speeds, outside).mean() > 0.55


def test_window_warp_narrows_and_widens(rng):
    ramp = np.tile(np.arange(1001.0), (400, 1, 1))
    speed = np.median(np.diff(WindowWarp()(ramp, rng)[:, 0], axis=1), axis=1)
    assert sorted({round(s, 3) for s in speed}) == [0.95, 1.1]
    assert 0.4 < (speed > 1).mean() < 0.6


@pytest.mark.parametrize("smooth", [False, True])
def test_time_warp_keeps_the_ends_and_the_order(smooth, rng):
    ramp = np.tile(np.arange(200.0), (100, 1, 1))
    warped = TimeWarp(smooth=smooth)(ramp, rng)[:, 0]
    np.testing.assert_allclose(warped[:, [0, -1]], [[0, 199]] * 100, atol=1e-9)
    assert (np.diff(warped, axis=1) > 0).all()
    displaced = np.abs(warped - ramp[:, 0]).max()
    assert 8 < displaced <= 10  # a twentieth of the series


def test_permutation_moves_whole_segments(rng):
    ramp = np.tile(np.arange(50), (3000, 1, 1))
    made = Permutation(max_segments=4)(ramp, rng)[:, 0]
    np.testing.assert_array_equal(np.sort(made, axis=1), ramp[:, 0])  # nothing lost, nothing new
    n_breaks = (np.diff(made, axis=1) != 1).sum(axis=1)
    assert set(n_breaks) == {1, 2, 3}


def test_permutation_cuts_anywhere_in_any_order(rng):
    ramp = np.tile(np.arange(30), (6000, 1, 1))
    halves = Permutation(max_segments=2)(ramp, rng)[:, 0, 0]  # the second segment comes first
    assert set(halves) == set(range(1, 30)) and halves.mean() == pytest.approx(15, abs=0.5)
    in_three = Permutation(max_segments=3)(ramp, rng)[:, 0]
    cuts = np.sort(in_three, axis=1)  # nothing lost
    np.testing.assert_array_equal(cuts, ramp[:, 0])
    # the first and the last piece are equally long on average
    lengths = Permutation(max_segments=5)(ramp, rng)[:, 0]
    last = (np.diff(lengths, axis=1) != 1)[:, ::-1].argmax(axis=1) + 1  # length of the last piece
    first = (np.diff(lengths, axis=1) != 1).argmax(axis=1) + 1
    assert last.mean() == pytest.approx(first.mean(), rel=0.08)


def test_fourier_changes_a_band_only_and_not_the_mean(series, rng):
    made = FourierPerturbation(share=0.25)(series, rng)
    np.testing.assert_allclose(made.mean(axis=2), series.mean(axis=2))
    before, after = np.fft.rfft(series), np.fft.rfft(made)
    changed = ~np.isclose(before, after).all(axis=1)  # (n_samples, frequencies)
    assert set(changed.sum(axis=1)) == {1, 2, 3, 4, 5} and changed[:, 0].sum() == 0
    runs = np.diff(changed.astype(int), axis=1)
    assert ((runs == 1).sum(axis=1) == 1).all()  # in one piece


@pytest.mark.parametrize("share", [0.01, 0.3, 1.0])
def test_fourier_changes_every_frequency_equally_often(share, rng):
    series = rng.normal(size=(8000, 1, 40))
    made = FourierPerturbation(share=share)(series, rng)
    changed = ~np.isclose(np.fft.rfft(series), np.fft.rfft(made))[:, 0]
    how_often = changed.mean(axis=0)[1:]
    np.testing.assert_allclose(how_often, how_often.mean(), atol=0.03)
    assert changed.any(axis=1).all()


def test_fourier_without_phase_shifts_scales_amplitudes(series, rng):
    made = FourierPerturbation(amplitude=0.2, phase=0, share=1)(series, rng)
    factors = np.fft.rfft(made)[:, :, 1:-1] / np.fft.rfft(series)[:, :, 1:-1]
    np.testing.assert_allclose(factors.imag, 0, atol=1e-6)
    np.testing.assert_allclose(factors[:, 0], factors[:, 1])
    inside = ~np.isclose(factors, 1)
    assert factors[inside].real.std() == pytest.approx(0.2, 0.1)


def test_fourier_without_scaling_shifts_phases(series, rng):
    made = FourierPerturbation(amplitude=0, phase=0.3, share=1)(series, rng)
    factors = np.fft.rfft(made)[:, :, 1:-1] / np.fft.rfft(series)[:, :, 1:-1]
    np.testing.assert_allclose(np.abs(factors), 1)
    inside = ~np.isclose(factors, 1)
    assert np.angle(factors[inside]).std() == pytest.approx(0.3, 0.1)


@pytest.mark.parametrize(
    ("transform", "parameters"),
    [
        (Slicing, {"share": 1.5}),
        (WindowWarp, {"share": 0}),
        (WindowWarp, {"factors": (0.5, -1.0)}),
        (WindowWarp, {"factors": ()}),
        (TimeWarp, {"share": 0.1}),
        (FourierPerturbation, {"share": 1.1}),
        (Permutation, {"max_segments": 1}),
    ],
)
def test_invalid_parameters_are_refused(transform, parameters):
    (name,) = parameters
    with pytest.raises(ValueError, match=f"{name}=.* was given"):
        transform(**parameters)

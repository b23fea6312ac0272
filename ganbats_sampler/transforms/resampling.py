"""Interpolation of series at other times, for slicing and warping."""

import numpy as np
from scipy.ndimage import spline_filter1d


def read_off(series: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Interpolate each series linearly at its own times.

    Parameters
    ----------
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        Series. All channels of a series are interpolated at the same times.
    times : ndarray of shape (n_samples, n_times)
        Times in time steps, from 0 to ``n_timepoints - 1``. Times outside are clipped.

    Returns
    -------
    ndarray of shape (n_samples, n_channels, n_times)
        The interpolated values.
    """
    last = series.shape[2] - 1
    times = times.clip(0, last)
    before = np.minimum(times.astype(np.intp), max(last - 1, 0))
    share = (times - before)[:, None]
    at_before = np.take_along_axis(series, before[:, None], axis=2)
    before += last > 0
    at_after = np.take_along_axis(series, before[:, None], axis=2)
    at_after -= at_before
    at_after *= share
    at_after += at_before
    return at_after


def read_off_smoothly(series: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Interpolate each series at its own times with cubic splines.

    Linear interpolation averages two time steps, and keeps two thirds of the variance of white
    noise. Splines keep nine tenths. They can slightly exceed the values that they interpolate.
    The parameters and the result are those of :func:`read_off`.
    """
    last = series.shape[2] - 1
    if last == 0:
        return read_off(series, times)
    weights = spline_filter1d(series, order=3, axis=2, mode="mirror", output=np.float64)
    times = times.clip(0, last)
    before = np.minimum(times.astype(np.intp), last - 1)
    share = times - before
    basis = (
        (1 - share) ** 3 / 6,
        (3 * share**3 - 6 * share**2 + 4) / 6,
        (-3 * share**3 + 3 * share**2 + 3 * share + 1) / 6,
        share**3 / 6,
    )
    read = np.zeros((*series.shape[:2], times.shape[1]))
    for offset, part in enumerate(basis, start=-1):
        step = np.abs(before + offset)
        step = last - np.abs(last - step)  # mirrored at both ends
        read += part[:, None] * np.take_along_axis(weights, step[:, None], axis=2)
    return read

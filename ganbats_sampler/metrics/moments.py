"""Differences between simple statistics of real and synthetic series, as in TSGBench."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.fft import irfft, rfft
from scipy.stats import kurtosis, skew

from ganbats_sampler.metrics.pairing import check_sides


def marginal_difference(real: ArrayLike, synthetic: ArrayLike, *, n_bins: int = 20) -> float:
    """Mean absolute difference of the histograms of values, at each time step of each channel.

    A histogram has the share of series in each bin. `n_bins` bins of equal width span the range of
    the real values. Two more bins hold the synthetic values below and above this range.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        Series in the same units.
    n_bins : int, default=20
        The number of bins within the range of the real values.

    Returns
    -------
    float
        Half the sum of absolute differences over the bins, averaged over time steps and channels.
        It lies between 0 and 1.

    Raises
    ------
    ValueError
        If the two sides differ in channels or time steps, or a value is missing or infinite.

    Notes
    -----
    Each time step is compared by itself. So the difference stays 0 if the values of real series are
    shuffled among the series at each time step. With few series, the histograms of two real sets
    differ too: compare the value with its reference.

    References
    ----------
    Ang, Y. et al. (2023). TSGBench: time series generation benchmark. PVLDB 17(3), section 4: the
    marginal distribution difference, here as a total variation distance.

    Examples
    --------
    >>> marginal_difference([[0.0], [1.0]], [[0.0], [0.0]])
    0.5
    """
    real, synthetic = check_sides(real=real, synthetic=synthetic)
    histograms = []
    low, high = real.min(axis=0), real.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    for series in (real, synthetic):
        # the first bin holds the values below all real ones, and the last those above
        place = np.floor((series - low) / width * n_bins).clip(-1, n_bins) + 1
        place[series == high] = n_bins
        counts = [(place == i).mean(axis=0) for i in range(n_bins + 2)]
        histograms.append(np.stack(counts))
    return float(np.abs(histograms[0] - histograms[1]).sum(axis=0).mean() / 2)


def autocorrelation_difference(real: ArrayLike, synthetic: ArrayLike) -> float:
    """Mean absolute difference of the autocorrelation functions.

    Each series is centred, and its autocorrelation is divided by its value at lag 0. The functions
    are averaged over the series of each side. The function of a constant series counts as 0.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        The series of both sides. Their numbers may differ.

    Returns
    -------
    float
        The mean over channels and all lags of at least 1. It lies between 0 and 2.

    Raises
    ------
    ValueError
        If the two sides differ in channels or time steps, or a value is missing or infinite.

    Notes
    -----
    The metric does not detect differences in scale, level or phase. For example, a reversed series
    has the same autocorrelation.

    References
    ----------
    Ang, Y. et al. (2023). TSGBench: time series generation benchmark. PVLDB 17(3), section 4.

    Examples
    --------
    >>> autocorrelation_difference([[1.0, -1.0, 1.0, -1.0]], [[2.0, -2.0, 2.0, -2.0]])
    0.0
    """
    real, synthetic = check_sides(real=real, synthetic=synthetic)
    means = [_autocorrelation(series).mean(axis=0) for series in (real, synthetic)]
    difference = np.abs(means[0] - means[1])[:, 1:]
    return float(difference.mean()) if difference.size else 0.0


def _autocorrelation(series: np.ndarray) -> np.ndarray:
    """Compute the autocorrelation at all lags, starting with 0, in the shape of the series."""
    length = series.shape[2]
    power = np.square(np.abs(rfft(series - series.mean(axis=2, keepdims=True), 2 * length)))
    covariance = irfft(power, 2 * length)[:, :, :length]
    variance = covariance[:, :, :1]
    # a constant series varies only by rounding
    rounding = length * np.square(1e-10 * np.abs(series).max(axis=2, keepdims=True))
    return np.divide(covariance, variance, out=np.zeros_like(covariance), where=variance > rounding)


def skewness_difference(real: ArrayLike, synthetic: ArrayLike) -> float:
    """Absolute difference of the skewness of all values of a channel, averaged over channels.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        The series of both sides. Their numbers may differ.

    Returns
    -------
    float
        0 or above. The skewness of a constant channel counts as 0.

    Raises
    ------
    ValueError
        If the two sides differ in channels or time steps, or a value is missing or infinite.

    Notes
    -----
    The metric does not detect differences in the order, the level or the scale of the values. A
    single outlier can make it large.

    References
    ----------
    Ang, Y. et al. (2023). TSGBench: time series generation benchmark. PVLDB 17(3), section 4.

    Examples
    --------
    >>> round(skewness_difference([[0.0, 0.0, 3.0]], [[0.0, 3.0, 3.0]]), 3)
    1.414
    """
    return _difference(skew, real, synthetic)


def kurtosis_difference(real: ArrayLike, synthetic: ArrayLike) -> float:
    """Absolute difference of the kurtosis of all values of a channel, averaged over channels.

    Parameters, range, errors and reference are those of :func:`skewness_difference`.

    Examples
    --------
    >>> kurtosis_difference([[0.0, 1.0, 0.0, 1.0]], [[0.0, 0.0, 3.0, 3.0]])
    0.0
    """
    return _difference(kurtosis, real, synthetic)


def _difference(moment: Callable[..., Any], real: ArrayLike, synthetic: ArrayLike) -> float:
    real, synthetic = check_sides(real=real, synthetic=synthetic)
    values = []
    for series in (real, synthetic):
        by_channel = series.transpose(1, 0, 2).reshape(series.shape[1], -1)
        by_channel = by_channel - by_channel.mean(axis=1, keepdims=True)
        spread = by_channel.std(axis=1)
        of_channel = np.zeros(len(by_channel))
        varied = spread > 0
        of_channel[varied] = moment(by_channel[varied] / spread[varied, None], axis=1)
        values.append(of_channel)
    return float(np.abs(values[0] - values[1]).mean())

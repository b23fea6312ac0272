"""Differences of simple statistics, as TSGBench takes them."""

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

    Each histogram of the real values has `n_bins` bins of one width between their least and their
    greatest; what synthetic values lie outside counts as one bin more on either side. A histogram
    is a share of series for each bin.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        Series in the same units.
    n_bins : int, default=20
        Bins of a histogram.

    Returns
    -------
    float
        Half the sum over bins, averaged over time steps and channels: from 0 to 1.

    Notes
    -----
    It sees each time step by itself: series whose steps were shuffled among the series have 0. With
    few series no two histograms are alike: compare it with its reference.

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
        # the first bin is what lies below all real values, and the last what lies above
        place = np.floor((series - low) / width * n_bins).clip(-1, n_bins) + 1
        place[series == high] = n_bins
        counts = [(place == i).mean(axis=0) for i in range(n_bins + 2)]
        histograms.append(np.stack(counts))
    return float(np.abs(histograms[0] - histograms[1]).sum(axis=0).mean() / 2)


def autocorrelation_difference(real: ArrayLike, synthetic: ArrayLike) -> float:
    """Mean absolute difference of the autocorrelation functions.

    The autocorrelation of a series is taken at all lags about its own mean, with the sum of squares
    as the unit, and averaged over series; one that is constant counts as 0.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)

    Returns
    -------
    float
        Averaged over lags from 1 on and channels: from 0 to 2.

    Notes
    -----
    It sees neither scale nor place, and no phase: a series backwards has the same.

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
    """Autocorrelation at lags from 0 on, in the shape of the series."""
    length = series.shape[2]
    power = np.square(np.abs(rfft(series - series.mean(axis=2, keepdims=True), 2 * length)))
    covariance = irfft(power, 2 * length)[:, :, :length]
    variance = covariance[:, :, :1]
    # a constant series varies by rounding alone
    rounding = length * np.square(1e-10 * np.abs(series).max(axis=2, keepdims=True))
    return np.divide(covariance, variance, out=np.zeros_like(covariance), where=variance > rounding)


def skewness_difference(real: ArrayLike, synthetic: ArrayLike) -> float:
    """Absolute difference of the skewness of all values of a channel, averaged over channels.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)

    Returns
    -------
    float
        0 or above. A channel that is constant has no skewness and counts as 0.

    Notes
    -----
    It sees neither order nor place. A single outlier can make it large.

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
    """Absolute difference of the kurtosis; everything else is as in :func:`skewness_difference`.

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

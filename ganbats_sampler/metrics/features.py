"""Random convolutional features of series, which need no training."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils import check_random_state

from ganbats_sampler.metrics.blocks import blocks_of_rows
from ganbats_sampler.metrics.convolutions import Kernel, convolutional_features
from ganbats_sampler.metrics.pairing import Seed, as_series
from ganbats_sampler.series import MAX_SCALED, DeviationScaler, nonzero

KERNEL_LENGTHS = (7, 9, 11)
#: Kernels have a mean of zero. With fewer time steps they cannot detect the level of a series.
MIN_TIMEPOINTS = 3


class RandomConvolutions:
    """Random convolutional features of series.

    Each kernel has a random length, weights, bias, dilation and padding, and reads one channel. It
    gives two features: the largest value of the convolution and the share of positive values. A
    linear model on thousands of these features is among the best classifiers of series [1]_. A few
    hundred are enough to distinguish two sets of series.

    Parameters
    ----------
    n_kernels : int, default=300
        The number of kernels. Each gives two features.
    random_state : int, RandomState instance or None, default=0
        The seed of the kernels.

    References
    ----------
    .. [1] Dempster, A., Petitjean, F., Webb, G. I. (2020). ROCKET: exceptionally fast and accurate
       time series classification using random convolutional kernels. Data Mining and Knowledge
       Discovery, 34.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.metrics import RandomConvolutions
    >>> series = np.random.default_rng(0).normal(size=(10, 2, 50))
    >>> RandomConvolutions().fit(series).transform(series).shape
    (10, 600)
    """

    def __init__(self, n_kernels: int = 300, *, random_state: Seed = 0) -> None:
        self.n_kernels = n_kernels
        self.random_state = random_state

    def fit(self, series: Any) -> RandomConvolutions:
        """Sample kernels for series of this shape, and learn the scale of each channel.

        Parameters
        ----------
        series : array-like of shape (n_samples, [n_channels,] n_timepoints)
            Series of at least 3 time steps.

        Returns
        -------
        RandomConvolutions
            The object itself.

        Raises
        ------
        ValueError
            If there are fewer than 3 time steps, or a value is missing or infinite.
        """
        series = _read(series)
        if series.shape[2] < MIN_TIMEPOINTS:
            raise ValueError(
                f"Random convolutions need at least {MIN_TIMEPOINTS} time steps; there are "
                f"{series.shape[2]}."
            )
        rng = check_random_state(self.random_state)
        _, n_channels, n_timepoints = series.shape
        with np.errstate(over="ignore", invalid="ignore"):
            self.centre_ = series.mean(axis=(0, 2), keepdims=True)
            spread = series.std(axis=(0, 2), keepdims=True)
        if not np.isfinite(spread).all():  # squares of large values overflow
            scaler = DeviationScaler.fit(series)
            self.centre_, spread = scaler.centre * scaler.unit, scaler.scale
        self.spread_ = nonzero(spread)
        self.kernels_ = [_draw_kernel(rng, n_channels, n_timepoints) for _ in range(self.n_kernels)]
        self.shape_ = n_channels, n_timepoints
        return self

    def transform(self, series: Any) -> np.ndarray:
        """Compute the features, in blocks of series.

        Parameters
        ----------
        series : array-like of shape (n_samples, [n_channels,] n_timepoints)
            Series with the same channels and time steps as those of :meth:`fit`.

        Returns
        -------
        ndarray of shape (n_samples, 2 * n_kernels), dtype=float32
            Both features of the first kernel, then both of the second, and so on.

        Raises
        ------
        ValueError
            If the channels or time steps differ from those of :meth:`fit`, or a value is missing or
            infinite.
        """
        series = _read(series)
        if series.shape[1:] != self.shape_:
            raise ValueError(
                f"The kernels were fitted to series with (channels, time steps) {self.shape_}; "
                f"these have {series.shape[1:]}. They must be alike: call fit for these series."
            )
        features = np.empty((len(series), 2 * self.n_kernels), dtype=np.float32)
        for rows in blocks_of_rows(len(series), series[0].size):
            scaled = self._scaled(series[rows])
            features[rows] = convolutional_features(scaled, self.kernels_)
        return features

    def _scaled(self, series: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):
            scaled = (series - self.centre_) / self.spread_
        return scaled.clip(-MAX_SCALED, MAX_SCALED).astype(np.float32)


def _read(series: Any) -> np.ndarray:
    """Check series, and convert them with :func:`as_series` unless they are a finite 3D array."""
    if type(series) is np.ndarray and series.ndim == 3 and series.dtype.kind in "biuf":
        if series.size and np.isfinite(series).all():
            return series
    return as_series(series, "series")


def _draw_kernel(rng: np.random.RandomState, n_channels: int, n_timepoints: int) -> Kernel:
    """Sample a kernel from the distributions of the ROCKET paper."""
    length = min(rng.choice(KERNEL_LENGTHS), n_timepoints)
    weights = rng.normal(size=length).astype(np.float32)
    weights -= weights.mean()
    reach = max((n_timepoints - 1) / max(length - 1, 1), 1)
    dilation = int(2 ** rng.uniform(0, np.log2(reach)))
    padding = (length - 1) * dilation // 2 if rng.randint(2) else 0
    return Kernel(rng.randint(n_channels), weights, rng.uniform(-1, 1), dilation, padding)

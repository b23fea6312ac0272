"""The shapes, checks, scaling and types of series.

Inside the library, series have the shape ``(n_samples, n_channels, n_timepoints)``. Users may also
pass two-dimensional series, with the channels one after another in each row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class SeriesShape:
    """The number of channels and time steps of series, and whether `X` has three axes."""

    n_channels: int
    n_timepoints: int
    is_3d: bool

    @property
    def n_features(self) -> int:
        """The number of values in one series."""
        return self.n_channels * self.n_timepoints

    def to_3d(self, X: np.ndarray) -> np.ndarray:
        """View rows as series of shape (n_samples, n_channels, n_timepoints)."""
        return X.reshape(len(X), self.n_channels, self.n_timepoints)

    def to_user(self, X: np.ndarray) -> np.ndarray:
        """View series with the number of axes that the user passed."""
        return self.to_3d(X) if self.is_3d else X.reshape(len(X), self.n_features)


#: A value is refused if this many times the value would overflow its type.
MAX_HEADROOM = 4
#: Series of at most this many time steps, and at least twice as many channels, look transposed.
MAX_SHORT = 32


def read_shape(X: Any, n_channels: int | None) -> SeriesShape:
    """Find the numbers of channels and time steps of `X`, before `X` is converted.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features) or (n_samples, n_channels, n_timepoints)
        A list, array or frame. If a pandas frame has two levels of columns, they are the channel
        and the time.
    n_channels : int or None
        The number of channels of two-dimensional `X`. If None, it is the number of channels in the
        column levels of `X`, or one. With three-dimensional `X`, a number confirms the layout.

    Returns
    -------
    SeriesShape
        The numbers of channels and time steps, and whether `X` has three axes.

    Raises
    ------
    ValueError
        If `X` is sparse or ragged, does not have two or three axes, does not fit `n_channels`, or
        has columns with more than two levels or interleaved channels. Also if `n_channels` is None
        and the last two axes are probably transposed: at most 32 time steps, and at least twice as
        many channels.
    """
    if sparse.issparse(X):
        raise ValueError(
            "X is a sparse matrix, but series are dense: pass X.toarray() or a dense array."
        )
    shape = X.shape if hasattr(X, "shape") else _shape_of_nested(X)
    if len(shape) == 3:
        if n_channels is not None and n_channels != shape[1]:
            raise ValueError(
                f"n_channels={n_channels} was given, but X of shape {shape} has {shape[1]} "
                "channels on its second axis, (n_samples, n_channels, n_timepoints). Leave "
                "n_channels at None, or transpose X."
            )
        if n_channels is None:
            _check_layout(shape)
        return SeriesShape(shape[1], shape[2], is_3d=True)
    if len(shape) == 1 and len(X) and np.ndim(next(iter(X))):
        raise ValueError(
            "X is an array of arrays. Put its series into one array: "
            "np.stack([np.asarray(series) for series in X])."
        )
    if len(shape) != 2:
        # scikit-learn's estimator checks require these words
        raise ValueError(
            f"Expected 2D array, or a 3D one of (n_samples, n_channels, n_timepoints); got {shape}."
            " Reshape your data: series.reshape(1, -1) if it is one series."
        )
    levels = _channels_of_columns(getattr(X, "columns", None))
    if levels is not None and n_channels not in (None, levels):
        raise ValueError(
            f"n_channels={n_channels} was given, but the first level of X's columns names {levels} "
            "channels. Leave n_channels at None."
        )
    n_channels = levels or n_channels or 1
    if shape[1] % n_channels:
        raise ValueError(
            f"n_channels={n_channels} does not divide the {shape[1]} columns of X. Two-dimensional "
            "X holds the channels one after another, each with the same number of time steps."
        )
    return SeriesShape(n_channels, shape[1] // n_channels, is_3d=False)


def _check_layout(shape: tuple[int, ...]) -> None:
    """Raise a ValueError if the shape is probably (n_samples, n_timepoints, n_channels)."""
    _, n_channels, n_timepoints = shape
    if n_timepoints <= MAX_SHORT and n_channels >= 2 * n_timepoints:
        raise ValueError(
            f"X of shape {shape} would be {n_channels} channels of {n_timepoints} time steps, but "
            "looks like (n_samples, n_timepoints, n_channels), the layout of Keras. Pass "
            "np.swapaxes(X, 1, 2), an array of (n_samples, n_channels, n_timepoints). If X is "
            f"right as it is, confirm that with n_channels={n_channels}."
        )


def _shape_of_nested(X: Any) -> tuple[int, ...]:
    try:
        return np.shape(X)
    except ValueError:
        shapes = sorted({_shape_or_length(row) for row in X}, key=str)
        raise ValueError(
            f"X is ragged: its series have the shapes {', '.join(map(str, shapes[:5]))}. Resample, "
            "pad or cut all series to one length."
        ) from None


def _shape_or_length(row: Any) -> Any:
    try:
        return np.shape(row)
    except ValueError:
        return tuple(_shape_or_length(part) for part in row)


def unmask(values: Any) -> Any:
    """Replace masked values by NaN, also in lists of masked arrays."""
    if isinstance(values, np.ma.MaskedArray) and values.dtype.kind != "c":
        return np.ma.filled(values.astype(np.float64), np.nan)
    if isinstance(values, (list, tuple)):
        return [unmask(value) for value in values]
    return values


def _channels_of_columns(columns: Any) -> int | None:
    """Return the number of channels in two-level columns; None for one level or no columns."""
    n_levels = getattr(columns, "nlevels", 1)
    if n_levels == 1:
        return None
    if n_levels > 2:
        raise ValueError(
            f"The columns of X have {n_levels} levels; there must be two, channel x time, or one. "
            "Drop the others: X.columns = X.columns.droplevel(...)."
        )
    channels = columns.get_level_values(0)
    starts = np.flatnonzero(np.append(True, channels[1:] != channels[:-1]))
    if len(starts) != channels.nunique():
        raise ValueError(
            f"The {channels.nunique()} channels on the first level of X's columns are interleaved. "
            "Sort them first: X = X.sort_index(axis=1)."
        )
    lengths = np.diff(np.append(starts, len(channels)))
    if len(set(lengths)) > 1:
        raise ValueError(
            f"X is ragged: the channels on the first level of its columns have {lengths.tolist()} "
            "time steps. Resample, pad or cut them to one length."
        )
    return len(starts)


def check_values(series: np.ndarray) -> None:
    """Raise a ValueError if series have NaN, infinite, or huge values.

    The message counts the NaN and infinite values, and says where the first one is.

    Parameters
    ----------
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        The series, of any numeric type.
    """
    if series.dtype.kind != "f" or series.size == 0:
        return
    largest = max(series.max(), -series.min())  # NaN if any value is NaN
    limit = np.finfo(series.dtype).max / MAX_HEADROOM
    if largest <= limit:
        return
    bad = ~np.isfinite(series)
    if not bad.any():
        raise ValueError(
            f"Input X has values of up to {largest:.3g} and the type {series.dtype}, in which sums "
            f"and differences of values above {limit:.3g} overflow: scale X down, or convert it to "
            "a larger type."
        )
    sample, channel, step = (int(i) for i in np.argwhere(bad)[0])
    n_nan = int(np.isnan(series).sum())
    raise ValueError(
        f"Input X contains {n_nan} NaN and {int(bad.sum()) - n_nan} infinity values, the first at "
        f"sample {sample}, channel {channel}, time step {step}. Every value must be finite: "
        "interpolate gaps or drop these series first."
    )


#: A series is an outlier if it exceeds the others' range by more than this many times its width.
MAX_BEYOND = 5.0


@dataclass(frozen=True)
class RangeScaler:
    """Scale each channel's range over a class to [-1, 1], the output range of the generator.

    A constant channel becomes 0, and is scaled back to its constant.

    Parameters
    ----------
    low, high : ndarray of shape (n_channels, 1)
        The ends of the range of each channel.
    """

    low: np.ndarray
    high: np.ndarray

    @classmethod
    def fit(cls, series: np.ndarray) -> RangeScaler:
        """Find the range of each channel of `series`, (n_samples, n_channels, n_timepoints)."""
        low, high = series.min(axis=(0, 2)), series.max(axis=(0, 2))
        return cls(low.astype(np.float64)[:, None], high.astype(np.float64)[:, None])

    @classmethod
    def fit_robust(cls, series: np.ndarray) -> RangeScaler:
        """Find the range as :meth:`fit` does, but without outliers, such as spikes of a sensor.

        For each channel and direction, the most extreme tenth of the series, and at least one, is
        compared with the range of the other series. A series is an outlier if it exceeds this range
        by more than five times its width. If the others are a constant, the absolute value of the
        constant replaces the width. If they are 0, there are no outliers, because the channel may
        be a flag that is rarely set. Fewer than three series have no outliers either. Without
        outliers, the range is the same as from :meth:`fit`.
        """
        low, high = series.min(axis=2), series.max(axis=2)
        low, high = low.astype(np.float64), high.astype(np.float64)
        return cls(-_reach(-low, high)[:, None], _reach(high, -low)[:, None])

    @property
    def _centre_and_half_range(self) -> tuple[np.ndarray, np.ndarray]:
        # halved first: the range of values near the largest float would overflow
        return self.low / 2 + self.high / 2, self.high / 2 - self.low / 2

    def transform(self, series: np.ndarray) -> np.ndarray:
        """Scale series to float32; the range of the class becomes [-1, 1]."""
        centre, half_range = self._centre_and_half_range
        return ((series - centre) / nonzero(half_range)).astype(np.float32)

    def inverse_transform(self, scaled: np.ndarray) -> np.ndarray:
        """Scale back to float64 in the original units, clipped to the range of the class."""
        centre, half_range = self._centre_and_half_range
        return self.clip(scaled * half_range + centre)

    def clip(self, series: np.ndarray) -> np.ndarray:
        """Clip series to the range of the class."""
        return np.clip(series, self.low, self.high)


def _reach(furthest: np.ndarray, opposite: np.ndarray) -> np.ndarray:
    """Return the upper end of each channel's range, without outliers.

    `furthest` holds the maximum and `opposite` the negative minimum of each channel of each series,
    of shape (n_samples, n_channels).
    """
    n_suspected = max(1, len(furthest) // 10)
    if len(furthest) < n_suspected + 2:
        return furthest.max(axis=0)
    up, down = (np.sort(side, axis=0)[-1 - n_suspected] for side in (furthest, opposite))
    with np.errstate(over="ignore"):
        width = up + down
        width = np.where(width > 0, width, np.abs(up))
        fence = up + np.where(width > 0, MAX_BEYOND * width, np.inf)
    return np.where(furthest <= fence, furthest, -np.inf).max(axis=0)


#: Largest absolute value of a scaled series, so that squares stay finite.
MAX_SCALED = 1e6


def nonzero(scale: np.ndarray) -> np.ndarray:
    """Replace scales of 0, which constant channels have, by 1."""
    return np.where(scale > 0, scale, 1.0)


@dataclass(frozen=True)
class DeviationScaler:
    """Scale each channel to a mean of 0 and a standard deviation of 1 over a class.

    A constant channel becomes 0, and is scaled back to its constant.

    Parameters
    ----------
    unit : ndarray of shape (n_channels, 1)
        The largest absolute value of each channel, or 1 if that is 0.
    centre, deviation : ndarray of shape (n_channels, 1)
        The mean and the standard deviation of each channel, as multiples of `unit`.
    """

    unit: np.ndarray
    centre: np.ndarray
    deviation: np.ndarray

    @classmethod
    def fit(cls, series: np.ndarray) -> DeviationScaler:
        """Find the scale of each channel of `series`, (n_samples, n_channels, n_timepoints)."""
        # Values are divided by the unit first, because squares of large values would overflow.
        unit = nonzero(np.abs(series).max(axis=(0, 2)).astype(np.float64)[:, None])
        scaled = series / unit
        centre, deviation = scaled.mean(axis=(0, 2))[:, None], scaled.std(axis=(0, 2))[:, None]
        return cls(unit, centre, deviation)

    @property
    def scale(self) -> np.ndarray:
        """The standard deviation of each channel, (n_channels, 1); `unit` for a constant one."""
        return self.unit * nonzero(self.deviation)

    def transform(self, series: np.ndarray) -> np.ndarray:
        """Scale series to float64, clipped to a million standard deviations."""
        with np.errstate(over="ignore"):
            scaled = (series / self.unit - self.centre) / nonzero(self.deviation)
        return scaled.clip(-MAX_SCALED, MAX_SCALED)

    def inverse_transform(self, scaled: np.ndarray) -> np.ndarray:
        """Scale series back to the original units."""
        return (scaled * self.deviation + self.centre) * self.unit


def cast_like(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Cast generated values to the user's type.

    Integers are rounded, booleans are true above one half, and values that overflow are clipped.
    """
    if dtype.kind in "iu":
        low, high = float(np.iinfo(dtype).min), float(np.iinfo(dtype).max)
        if int(high) > np.iinfo(dtype).max:  # the nearest float is out of range
            high = np.nextafter(high, 0)
        return np.rint(values).clip(low, high).astype(dtype)
    if dtype.kind == "b":
        return values > 0.5
    if dtype.kind == "f" and dtype.itemsize < values.dtype.itemsize:
        bound = np.finfo(dtype).max
        values = values.clip(-bound, bound)
    return values.astype(dtype, copy=False)

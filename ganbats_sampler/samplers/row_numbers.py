"""A warning about row numbers, identifiers and time stamps among the values of series."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganbats_sampler.containers import is_frame, is_pandas
from ganbats_sampler.series import SeriesShape
from ganbats_sampler.warn import warn

#: Fewest rows to check. Chance puts 12 different values in order once in 479 million times.
MIN_ROWS = 12
#: Number of rows to check at a time. Most columns are no longer in order after the first chunk.
CHUNK = 64


def warn_of_row_numbers(X: Any, rows: np.ndarray, shape: SeriesShape) -> None:
    """Warn if columns or channels rise from each row of `X` to the next while most do not.

    Parameters
    ----------
    X : array-like or frame
        The series as the user passed them.
    rows : ndarray of shape (n_samples, n_features)
        The same series as numbers.
    shape : SeriesShape
        The layout of the series.
    """
    if len(rows) < MIN_ROWS:
        return
    of_columns = _find_rising(rows)
    of_channels = np.all(of_columns.reshape(shape.n_channels, -1), axis=1)
    is_channel = shape.n_channels > 1 and bool(of_channels.any())
    is_rising = of_channels if is_channel else of_columns
    found = np.flatnonzero(is_rising).tolist()
    if not found or len(found) > len(is_rising) / 2:  # if most of them rise, the data drift
        return
    name, remedy = (_describe_channel if is_channel else _describe_column)(X, found[0], shape)
    others = f", as do {len(found) - 1} more" if len(found) > 1 else ""
    warn(
        f"{name} of X rises from each row to the next{others}. It is probably a row number, an "
        "identifier or a time stamp, and not a measurement. Samplers would generate values for it "
        f"that mean nothing. Drop it: {remedy}.",
        UserWarning,
    )


def _describe_channel(X: Any, channel: int, shape: SeriesShape) -> tuple[str, str]:
    """Return the name of a channel, and the code that drops it."""
    in_3d = "X" if shape.is_3d else f"np.reshape(X, (len(X), {shape.n_channels}, -1))"
    return f"Channel {channel}", f"np.delete({in_3d}, {channel}, axis=1)"


def _describe_column(X: Any, column: int, shape: SeriesShape) -> tuple[str, str]:
    """Return the name of a column (in 3D, of a time step), and the code that drops it."""
    if is_frame(X):
        name = X.columns[column]
        return f"Column {name!r}", f"X.drop({'columns=' if is_pandas(X) else ''}[{name!r}])"
    if shape.is_3d:
        channel, step = divmod(column, shape.n_timepoints)
        return f"Time step {step} of channel {channel}", f"np.delete(X, {step}, axis=2)"
    return f"Column {column}", f"np.delete(X, {column}, axis=1)"


def _find_rising(rows: np.ndarray) -> np.ndarray:
    """Return whether each column rises from every row to the next, (n_features,)."""
    columns = np.arange(rows.shape[1])
    for start in range(0, len(rows) - 1, CHUNK):
        chunk = rows[start : start + CHUNK + 1, columns]
        columns = columns[(chunk[1:] > chunk[:-1]).all(axis=0)]
        if len(columns) == 0:
            break
    is_rising = np.zeros(rows.shape[1], dtype=bool)
    is_rising[columns] = True
    return is_rising

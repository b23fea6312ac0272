"""The containers that users keep series in: pandas and polars frames, lists and arrays.

Neither library is imported here unless the user's data are its own.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from ganbats_sampler.series import SeriesShape, cast_like


def is_pandas(container: Any) -> bool:
    """Say whether `container` is a pandas frame or series."""
    return _is_frame_or_series(container, "pandas")


def is_polars(container: Any) -> bool:
    """Say whether `container` is a polars frame or series."""
    return _is_frame_or_series(container, "polars")


def _is_frame_or_series(container: Any, library: str) -> bool:
    module = sys.modules.get(library)
    return module is not None and isinstance(container, (module.DataFrame, module.Series))


def to_numpy(y: Any) -> Any:
    """Convert polars labels, which scikit-learn does not read, to an array."""
    return y.to_numpy() if is_polars(y) else y


def restore_series(X: Any, rows: np.ndarray, shape: SeriesShape) -> Any:
    """Return resampled rows, the real ones first, in the container and axes of `X`."""
    if is_pandas(X) or is_polars(X):
        return append_to_frame(X, rows[len(X) :])
    series = shape.to_user(rows)
    return series.tolist() if isinstance(X, list) else series


def restore_labels(y: Any, labels: np.ndarray, X_resampled: Any) -> Any:
    """Return resampled labels in the container and type of `y`, with the index of `X_resampled`."""
    if isinstance(y, list):
        return labels.tolist()
    if is_polars(y):
        return type(y)(y.name, labels, dtype=y.dtype)
    if not is_pandas(y):
        return labels
    import pandas as pd

    n_new = len(labels) - len(y)
    index = X_resampled.index if is_pandas(X_resampled) else extend_index(y.index, n_new)
    if y.ndim == 1:
        return pd.Series(labels, index=index, dtype=y.dtype, name=y.name)
    return pd.DataFrame(labels, index=index, columns=y.columns).astype(y.dtypes)


def append_to_frame(frame: Any, synthetic: np.ndarray) -> Any:
    """Append rows to a pandas or polars frame, with each column in its own type.

    Parameters
    ----------
    frame : pandas.DataFrame or polars.DataFrame
        The real rows; they are not converted.
    synthetic : ndarray of shape (n_new, n_columns)
        Integers are rounded, booleans are true above one half.
    """
    append = _append_to_polars if is_polars(frame) else _append_to_pandas
    return append(frame, synthetic)


def _append_to_pandas(frame: Any, synthetic: np.ndarray) -> Any:
    import pandas as pd

    columns = {}
    for i, dtype in enumerate(frame.dtypes):
        plain = getattr(dtype, "numpy_dtype", getattr(dtype, "subtype", dtype))
        columns[i] = pd.array(cast_like(synthetic[:, i], np.dtype(plain)), dtype=dtype)
    new = pd.DataFrame(columns)
    new.columns = frame.columns
    appended = pd.concat([frame, new], ignore_index=True)
    appended.index = extend_index(frame.index, len(synthetic))
    return appended


def _append_to_polars(frame: Any, synthetic: np.ndarray) -> Any:
    import polars as pl

    columns = []
    for i, (name, dtype) in enumerate(frame.schema.items()):
        values = synthetic[:, i]
        if dtype.is_integer():
            values = np.rint(values)
        elif dtype == pl.Boolean:
            values = values > 0.5
        columns.append(pl.Series(name, values).cast(dtype))
    return pl.concat([frame, pl.DataFrame(columns)])


def extend_index(index: Any, n_new: int) -> Any:
    """Continue a pandas index: integers count on, other labels are followed by synthetic-0, ....

    Parameters
    ----------
    index : pandas.Index
        The index of the real rows, which keep it.
    n_new : int
        Number of synthetic rows.
    """
    import pandas as pd

    if index.nlevels > 1:
        new = pd.MultiIndex.from_tuples(
            [(f"synthetic-{i}",) + ("",) * (index.nlevels - 1) for i in range(n_new)],
            names=index.names,
        )
        return index.append(new) if n_new else index
    if pd.api.types.is_integer_dtype(index.dtype):
        start = int(index.max()) + 1
        return index.append(pd.RangeIndex(start, start + n_new)).rename(index.name)
    new = pd.Index([f"synthetic-{i}" for i in range(n_new)], dtype=object)
    return index.astype(object).append(new).rename(index.name)

"""Containers of series: pandas and polars frames, lists, arrays and tensors.

This module imports pandas or polars only if the user's data come from that library.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from scipy import sparse

from ganbats_sampler.series import SeriesShape, cast_like, unmask


def is_pandas(container: Any) -> bool:
    """Return whether `container` is a pandas frame or series."""
    return _is_frame_or_series(container, "pandas")


def is_polars(container: Any) -> bool:
    """Return whether `container` is a polars frame or series."""
    return _is_frame_or_series(container, "polars")


def _is_frame_or_series(container: Any, library: str) -> bool:
    module = sys.modules.get(library)
    return module is not None and isinstance(container, (module.DataFrame, module.Series))


def is_frame(container: Any) -> bool:
    """Return whether `container` is a pandas or polars frame."""
    return (is_pandas(container) or is_polars(container)) and len(container.shape) == 2


def to_array(given: Any) -> np.ndarray:
    """Convert any container to an array of the same values; a frame becomes two-dimensional.

    Masked values raise a ValueError.
    """
    if sparse.issparse(given):
        return given.toarray()
    if hasattr(given, "detach"):  # a tensor; it may require a gradient or be on a GPU
        given = given.detach().cpu().numpy()
    if np.ma.isMaskedArray(given):
        if n_masked := int(np.ma.count_masked(given)):
            raise ValueError(
                f"{n_masked} values are masked, which means that they are missing. Every value "
                "must be known: interpolate gaps or drop these series first."
            )
        given = given.data
    if is_pandas(given) or is_polars(given):
        return given.to_numpy()
    return np.asarray(given)


def to_numbers(X: Any) -> np.ndarray:
    """Convert series in any container to an array of numbers.

    The array has the shape of `X`, in the byte order of the machine. Floats of more than 64 bits
    and Python objects become float64, and other types stay. None, and masked values of arrays in a
    list, become NaN. Text stays text, for scikit-learn to refuse.

    Raises
    ------
    ValueError
        If `X` is an array with masked values, or holds categories, dates, or a whole series in each
        cell.
    TypeError, ValueError or OverflowError
        If a Python object cannot be converted to a float.
    """
    if is_frame(X):
        dtypes = zip(X.columns, X.dtypes, strict=True)
        if categories := [name for name, dtype in dtypes if str(dtype).lower().startswith("categ")]:
            raise ValueError(
                f"Columns {categories[:5]} of X are categories, which cannot be generated: drop "
                "them, or convert them to numbers."
            )
        array = to_array(X)
        if array.dtype.kind == "O":
            columns = (X[:, i] if is_polars(X) else X.iloc[:, i] for i in range(X.shape[1]))
            array = np.column_stack([_to_plain(to_array(column)) for column in columns])
        return _to_plain(array)
    if isinstance(X, list | tuple):  # NumPy drops the masks of arrays in a list
        X = unmask(X)
    return _to_plain(to_array(X))


def _to_plain(array: np.ndarray) -> np.ndarray:
    """Convert an array to the byte order of the machine, and objects to numbers."""
    kind = array.dtype.kind
    if kind in "mM":
        raise ValueError(
            "X holds dates or times, but series are numbers: drop them, or convert them, for "
            "instance with (times - times[0]) / np.timedelta64(1, 's')."
        )
    if kind == "O":
        return _objects_to_numbers(array)
    if kind == "f" and array.dtype.itemsize > 8:
        with np.errstate(over="ignore"):
            return array.astype(np.float64)
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _objects_to_numbers(array: np.ndarray) -> np.ndarray:
    """Convert Python objects, such as decimals, fractions and large integers, to float64.

    None becomes NaN. Text stays text, for scikit-learn to refuse.
    """
    values = array.ravel().tolist()
    numbers = np.full(len(values), np.nan)
    for i, value in enumerate(values):
        if isinstance(value, str | bytes):
            return array.astype(str)
        if isinstance(value, list | tuple) or hasattr(value, "__array__") and np.ndim(value):
            raise ValueError(
                "X holds a whole series in each cell. Put them into one array: "
                "np.stack([np.asarray(series) for series in X]), or for a nested frame one array "
                "of (n_samples, n_channels, n_timepoints)."
            )
        if _is_missing(value):
            continue
        try:
            numbers[i] = float(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise type(error)(
                f"X holds {value!r} of type {type(value).__name__}, which is not a number that a "
                f"float can hold ({error}): convert or drop it."
            ) from error
    return numbers.reshape(array.shape)


def _is_missing(value: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return value is None or value is getattr(pandas, "NA", None) or value != value


def read_labels(y: Any) -> np.ndarray:
    """Convert labels in any container to an array.

    Labels may have one column for each class, with shape (n_samples, n_classes).

    Raises
    ------
    ValueError
        If `y` is None, or holds dates or missing labels, or if it has one column for each class and
        a sample belongs to no class. scikit-learn refuses NaN in labels of type float.
    """
    if y is None:  # scikit-learn's estimator checks require these words
        raise ValueError("fit_resample requires y to be passed, but the target y is None.")
    labels = to_array(y)
    if labels.dtype.kind in "mM":
        raise ValueError(
            "The labels in y are dates or times, which scikit-learn does not accept as classes: "
            "convert them, for instance with y.astype(str)."
        )
    if labels.dtype.kind == "O":
        is_missing = np.vectorize(_is_missing, otypes=[bool])(labels)
        if is_missing.any():
            raise ValueError(
                f"y has {is_missing.sum()} missing labels, the first at sample "
                f"{np.argwhere(is_missing)[0, 0]}: label or drop these series."
            )
    if labels.ndim == 2 and labels.shape[1] == 1 and is_frame(y):
        labels = labels[:, 0]
    if labels.ndim == 2 and labels.shape[1] > 1 and not (labels != 0).any(axis=1).all():
        first = int((labels != 0).any(axis=1).argmin())
        raise ValueError(
            f"y has one column for each class, but sample {first} belongs to no class: drop it, or "
            "add a column for its class."
        )
    return labels.astype(labels.dtype.newbyteorder("="), copy=False)


def restore_series(X: Any, rows: np.ndarray, shape: SeriesShape) -> Any:
    """Return resampled rows, the real ones first, with the axes of `X`.

    The result is a frame or a list if `X` is one, and an array otherwise.
    """
    if is_pandas(X) or is_polars(X):
        return append_to_frame(X, rows[len(X) :])
    series = shape.to_user(rows)
    return series.tolist() if isinstance(X, list) else series


def restore_labels(y: Any, labels: np.ndarray, X_resampled: Any) -> Any:
    """Return resampled labels in the type of `y`.

    The result is a list, sparse matrix, frame or pandas or polars series if `y` is one, and an
    array otherwise. In pandas it has the index of `X_resampled`, or continues its own.
    """
    if isinstance(y, list):
        return labels.tolist()
    if sparse.issparse(y):
        return type(y)(labels)
    if is_polars(y):
        if len(y.shape) == 1:
            return type(y)(y.name, labels, dtype=y.dtype)
        columns = labels.reshape(len(labels), -1).T
        return type(y)(dict(zip(y.columns, columns, strict=True)), schema=y.schema)
    if not is_pandas(y):
        return labels
    import pandas as pd

    n_new = len(labels) - len(y)
    index = X_resampled.index if is_pandas(X_resampled) else extend_index(y.index, n_new)
    if y.ndim == 1:
        return pd.Series(labels, index=index, dtype=y.dtype, name=y.name)
    return pd.DataFrame(labels, index=index, columns=y.columns).astype(y.dtypes)


def append_to_frame(frame: Any, synthetic: np.ndarray) -> Any:
    """Append rows of shape (n_new, n_columns) to a pandas or polars frame.

    The new values get the type of their column: integers are rounded, and booleans are true above
    one half. The rows of `frame` do not change.
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
    """Append `n_new` labels to a pandas index.

    Integers continue from the largest one. Other labels are followed by synthetic-0, synthetic-1
    and so on.
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

"""MATLAB files, and what is wrong with those that cannot be read."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import loadmat
from scipy.io.matlab import MatReadError

from ganbats_sampler.datasets.contract import count_not_finite

# What scipy raises on a file that is cut short or damaged; it has no common class for them.
UNREADABLE: tuple[type[Exception], ...] = (
    *(ValueError, TypeError, OSError, KeyError, IndexError, EOFError, MemoryError),
    *(MatReadError, NotImplementedError, zlib.error),
)


def read_mat(path: Path, names: list[str] | None = None) -> dict[str, Any]:
    """Read the variables of a MATLAB file, as scipy gives them.

    Parameters
    ----------
    path : Path
        A file of MATLAB 4 to 7.2.
    names : list of str, default=None
        The variables to read; None for all.

    Raises
    ------
    ValueError
        If it is not a MATLAB file, or is cut short or damaged.
    """
    try:
        content = loadmat(path, variable_names=names)
    except UNREADABLE as error:
        raise ValueError(
            f"{path} cannot be read as a MATLAB file ({type(error).__name__}: {error}): it is cut "
            "short, damaged, or another kind of file. Get it again."
        ) from error
    return {name: value for name, value in content.items() if not name.startswith("__")}


def field(path: Path, struct: Any, name: str, where: str) -> Any:
    """Take a field of a MATLAB struct of one element.

    Raises
    ------
    ValueError
        If `struct` is no such struct or has no such field; it names the file and `where` in it.
    """
    fields = getattr(getattr(struct, "dtype", None), "names", None)
    if not fields or name not in fields or np.size(struct) < 1:
        known = f"has the fields {list(fields)}" if fields else "is not a struct"
        raise ValueError(
            f"{path}: {where} {known}, and a field {name!r} is needed; this is not a file of this "
            "data set as published."
        )
    return np.ravel(struct)[0][name]


def vector(path: Path, values: Any, where: str) -> np.ndarray:
    """Take a measured series as a float64 vector.

    Raises
    ------
    ValueError
        If it is empty, not numbers, or has values that are not finite, or would not be in float32;
        it names the file.
    """
    values = np.asarray(values)
    if values.dtype.kind not in "fiu" or not values.size:
        raise ValueError(f"{path}: {where} is empty or holds no numbers; get the file again.")
    series = values.ravel().astype(float)
    if n_bad := count_not_finite(series):
        raise ValueError(
            f"{path}: {where} has {n_bad} values that are NaN or infinite in float32; get the file "
            "again, or leave it out."
        )
    return series

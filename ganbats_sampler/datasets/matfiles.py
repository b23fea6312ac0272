"""Read MATLAB files without trusting their content."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import loadmat

from ganbats_sampler.datasets.contract import count_not_finite
from ganbats_sampler.datasets.matcheck import checked_content

HDF5 = b"\x89HDF\r\n\x1a\n"
#: Largest size of a file and of its unpacked content, so that neither fills the memory.
MAX_BYTES = 1 << 30


def read_mat(path: Path) -> dict[str, Any]:
    """Read the variables of a MATLAB file with scipy, by name.

    On some damaged files scipy crashes, or allocates as much memory as a damaged size asks for. So
    the structure of the file is checked first, and scipy reads only bytes that were checked.

    Raises
    ------
    ValueError
        If the file is not of MATLAB 5 to 7.2, is cut short or damaged, or has more than 1 GiB.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"it has more than {MAX_BYTES:,} bytes")
        content = path.read_bytes()
        if HDF5 not in (content[:8], content[512:520]):
            content = checked_content(content, MAX_BYTES)
            variables = loadmat(io.BytesIO(content))
            return {name: value for name, value in variables.items() if name[:2] != "__"}
    except Exception as error:  # scipy raises exceptions of many kinds
        raise ValueError(
            f"{path} cannot be read as a MATLAB file ({type(error).__name__}: {error}): it is cut "
            "short, damaged, or another kind of file. Get it again."
        ) from error
    raise ValueError(
        f"{path} is a MATLAB 7.3 file (HDF5), which is not supported. The publisher's files are of "
        "an older format: get the file again, or convert it. In MATLAB, load it and save it with "
        "save(..., '-v7'); in Python, read it with h5py and write it with scipy.io.savemat."
    )


def read_variable(path: Path) -> Any:
    """Read the variable of a MATLAB file that has the same name as the file."""
    content = read_mat(path)
    if path.stem not in content:
        raise ValueError(
            f"{path} holds the variables {sorted(content)} and not {path.stem!r}: it is another "
            "kind of file, or was renamed."
        )
    return content[path.stem]


def field(path: Path, struct: Any, name: str, where: str) -> Any:
    """Return a field of a MATLAB struct of one element; errors name the file and `where` in it."""
    fields = getattr(getattr(struct, "dtype", None), "names", None)
    if not fields or name not in fields or np.size(struct) < 1:
        known = f"has the fields {list(fields)}" if fields else "is not a struct"
        raise ValueError(
            f"{path}: {where} {known}, and a field {name!r} is needed; this is not a published "
            "file of this data set. Get the file again."
        )
    return np.ravel(struct)[0][name]


def vector(path: Path, values: Any, where: str) -> np.ndarray:
    """Convert a measured series to a float64 vector, and check that it is finite in float32."""
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

"""The number of series to add to each class, derived from `sampling_strategy`."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from imblearn.utils import check_sampling_strategy


def count_to_add(sampling_strategy: Any, y: np.ndarray) -> dict[Any, int]:
    """Count the series to add to each class that `sampling_strategy` selects.

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable
        The strategy, as in imbalanced-learn's over-samplers.
    y : ndarray of shape (n_samples,)
        The labels.

    Returns
    -------
    dict of label to int
        Number of series to add to each class, in the order of the labels.

    Raises
    ------
    ValueError
        If the strategy is not valid for these labels.
    """
    if callable(sampling_strategy):
        sampling_strategy = sampling_strategy(y)
        if not isinstance(sampling_strategy, Mapping):
            raise ValueError(
                f"The function given as sampling_strategy returned {sampling_strategy!r}; it must "
                "return a dict of label to number of series."
            )
    if isinstance(sampling_strategy, Mapping):
        sampling_strategy = {k: _whole(n, k) for k, n in sampling_strategy.items()}
    if isinstance(sampling_strategy, float):
        sizes = Counter(y.tolist())
        minority, most = min(sizes, key=sizes.__getitem__), max(sizes.values())
        # rounded first: .29 * 100 is 28.999999999999996
        wanted = math.floor(round(sampling_strategy * most, 9))
        if len(sizes) == 2 and sizes[minority] < wanted <= most:
            sampling_strategy = {minority: wanted}
    return dict(check_sampling_strategy(sampling_strategy, y, "over-sampling"))


def plain_counts(counts: Mapping[Any, int]) -> dict[Any, int]:
    """Remove classes with nothing to add, and convert labels and counts to Python objects."""
    return {
        label.item() if isinstance(label, np.generic) else label: int(n)
        for label, n in sorted(counts.items())
        if n > 0
    }


def check_memory(n_samples: int, n_features: int, dtype: np.dtype) -> None:
    """Raise a ValueError if the resampled series do not fit into the memory of this machine."""
    needed = n_samples * n_features * dtype.itemsize
    try:
        available = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # unknown, as on Windows
        return
    if needed > available:
        raise ValueError(
            f"sampling_strategy asks for {n_samples} series in all, which take "
            f"{needed / 2**30:.3g} GiB; this machine has "
            f"{available / 2**30:.3g} GiB. Ask for fewer."
        )


def _whole(number: Any, label: Any) -> int:
    """Convert a number of series, such as a NumPy integer or a whole float, to int."""
    try:
        if number == int(number):
            return int(number)
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError(
        f"sampling_strategy asks for {number!r} series of class {label!r}; it must be a whole "
        "number."
    )

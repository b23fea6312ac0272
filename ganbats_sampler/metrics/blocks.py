"""Distances in blocks, so that memory does not grow with the number of pairs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.spatial.distance import cdist

#: Maximum number of distances in a block: 16 MB.
BLOCK = 2**21

#: The largest distance of a near-copy from a real series, as a share of the median distance from a
#: real series to its nearest neighbour.
NEAR_COPY = 0.2


def blocks_of_rows(n_rows: int, row_length: int) -> Iterator[slice]:
    """Split rows of `row_length` values into blocks of limited size and at least one row."""
    step = max(1, BLOCK // row_length)
    return (slice(start, min(start + step, n_rows)) for start in range(0, n_rows, step))


def distance_blocks(a: np.ndarray, b: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield rows of `a`, as a slice, with their Euclidean distances from all rows of `b`."""
    for rows in blocks_of_rows(len(a), len(b)):
        yield rows, cdist(a[rows], b)


def to_nearest(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Compute the distance of each row of `a` from the nearest row of `b`."""
    return np.concatenate([distances.min(axis=1) for _, distances in distance_blocks(a, b)])


def to_nearest_other(flat: np.ndarray) -> np.ndarray:
    """Compute the distance of each row, (n_samples, n_features), from the nearest other one."""
    nearest = np.empty(len(flat))
    for rows, distances in distance_blocks(flat, flat):
        distances[np.arange(len(distances)), np.arange(len(flat))[rows]] = np.inf
        nearest[rows] = distances.min(axis=1)
    return nearest

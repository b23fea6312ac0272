"""Dynamic time warping distance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from dtaidistance import dtw as dtw_1d
from dtaidistance import dtw_ndim
from numpy.typing import ArrayLike

from ganbats_sampler.metrics.blocks import blocks_of_rows
from ganbats_sampler.metrics.pairing import Seed, check_series_pair, check_sides, pair_up


def dtw(
    real: ArrayLike,
    synthetic: ArrayLike,
    *,
    pairing: str = "random",
    window: int | None = None,
    random_state: Seed = 0,
) -> float:
    """Dynamic time warping distance between synthetic and real series.

    The square root of the summed squared local cost along the best warping path, in the units of
    the series; several channels are warped together (dependent DTW). The mean over synthetic
    series is returned. It depends on the pairing and the scaling: never quote it without both,
    nor without its reference; see :func:`score_with_reference`.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        Series in the same units and scaling.
    pairing : {"random", "nearest", "index"}, default="random"
        Which real series each synthetic one is compared with: one drawn at random, the nearest by
        DTW, or the one in the same row.
    window : int, default=None
        Largest number of time steps by which the path may leave the diagonal (Sakoe-Chiba). None
        for no limit.
    random_state : int, RandomState instance or None, default=0
        The seed of the random pairing.

    Returns
    -------
    float
        0 or above, and no greater than the Euclidean distance of the same pairs; 0 is a copy, up
        to warping.

    Raises
    ------
    ValueError
        If the two sides cannot be compared, or `window` is negative.

    Notes
    -----
    Under random pairing the mean of the class can beat the class itself, and under nearest pairing
    a copy wins: a small DTW alone says nothing. Computed by the C code of dtaidistance, under
    nearest pairing in blocks of limited memory.

    References
    ----------
    Sakoe, H., Chiba, S. (1978). Dynamic programming algorithm optimization for spoken word
    recognition. IEEE Transactions on Acoustics, Speech, and Signal Processing, 26(1).

    Examples
    --------
    >>> dtw([[0.0, 0.0, 1.0, 0.0]], [[0.0, 1.0, 0.0, 0.0]], pairing="index")
    0.0
    """
    real, synthetic = check_series_pair(real, synthetic, pairing)
    if pairing == "nearest":
        nearest = [block.min(axis=1) for _, block in _dtw_blocks(synthetic, real, window)]
        return float(np.concatenate(nearest).mean())
    partner = pair_up(len(real), len(synthetic), pairing, random_state)
    library, real, synthetic = _for_dtaidistance(real, synthetic)
    # With pruning, the library's default here, rounding makes it say infinity where the best path
    # is the diagonal (seen in dtaidistance 2.5.1).
    options = {"use_pruning": False, **_window_option(window)}
    pairs = zip(real[partner], synthetic, strict=True)
    return float(np.mean([library.distance_fast(x, s, **options) for x, s in pairs]))


def dtw_matrix(a: ArrayLike, b: ArrayLike, *, window: int | None = None) -> np.ndarray:
    """DTW distance of each series of `a` from each of `b`; see :func:`dtw`.

    Parameters
    ----------
    a, b : array-like of shape (n_samples, [n_channels,] n_timepoints)
        Series.
    window : int, default=None
        As in :func:`dtw`.

    Returns
    -------
    ndarray of shape (len(a), len(b))
        It takes 8 bytes for each pair. Beyond that, the memory grows with the number of series, not
        with the number of pairs.
    """
    a, b = check_sides(a=a, b=b)
    distances = np.empty((len(a), len(b)))
    for rows, block in _dtw_blocks(a, b, window):
        distances[rows] = block
    return distances


def _dtw_blocks(a: np.ndarray, b: np.ndarray, window: int | None) -> Iterator[tuple]:
    """Yield rows of `a` with their distances from all of `b`; a block has a limited size."""
    library, a, b = _for_dtaidistance(a, b)
    options = _window_option(window)
    for rows in blocks_of_rows(len(a), len(b)):
        part = a[rows]
        distances = library.distance_matrix_fast(
            np.concatenate([part, b]),
            block=((0, len(part)), (len(part), len(part) + len(b))),
            compact=True,
            **options,
        )
        yield rows, np.asarray(distances).reshape(len(part), len(b))


def _for_dtaidistance(a: np.ndarray, b: np.ndarray) -> tuple[Any, np.ndarray, np.ndarray]:
    """Pick the library's module, and its axes: (n, time) for one channel, or (n, time, channel)."""
    if a.shape[1] == 1:
        return dtw_1d, a[:, 0].copy(), b[:, 0].copy()
    return dtw_ndim, *(np.ascontiguousarray(s.transpose(0, 2, 1)) for s in (a, b))


def _window_option(window: int | None) -> dict[str, int]:
    """Translate the window: dtaidistance counts the diagonal itself."""
    if window is None:
        return {}
    if window < 0:
        raise ValueError(f"window={window} was given; it must be 0 or more time steps, or None.")
    return {"window": window + 1}

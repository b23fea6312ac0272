"""Dynamic time warping (DTW) distance."""

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
    """Dynamic time warping (DTW) distance between synthetic and real series.

    The distance is the square root of the sum of squared differences along the best warping path,
    in the units of the series. Several channels are warped together (dependent DTW). The result is
    the mean over the synthetic series. It depends on the pairing and the scaling. Always report
    both and the real-vs-real reference with it; see :func:`score_with_reference`.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        Series in the same units and scaling.
    pairing : {"random", "nearest", "index"}, default="random"
        The real series that each synthetic one is compared with: a random one, the nearest by DTW,
        or the one in the same row.
    window : int, default=None
        The maximum number of time steps between the path and the diagonal (Sakoe-Chiba band). None
        sets no limit.
    random_state : int, RandomState instance or None, default=0
        The seed of the random pairing.

    Returns
    -------
    float
        0 or above, and at most the mean Euclidean distance of the same pairs. A copy has 0. Series
        that are no copies can have 0 too, as in the example.

    Raises
    ------
    ValueError
        If the two sides differ in channels or time steps, a value is missing or infinite, `pairing`
        is unknown, it is "index" with unequal numbers of series, or `window` is negative.

    Notes
    -----
    A small distance alone means little. Under random pairing, the class mean can have a smaller one
    than real series have. Under nearest pairing, a copy has 0. The C code of dtaidistance computes
    the distances. Under nearest pairing, it does so in blocks of limited memory.

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
    # dtaidistance prunes by default here. Rounding then gives infinity where the best path is the
    # diagonal (seen in dtaidistance 2.5.1).
    options = {"use_pruning": False, **_window_option(window)}
    pairs = zip(real[partner], synthetic, strict=True)
    return float(np.mean([library.distance_fast(x, s, **options) for x, s in pairs]))


def dtw_matrix(a: ArrayLike, b: ArrayLike, *, window: int | None = None) -> np.ndarray:
    """DTW distances between each series of `a` and each of `b`; see :func:`dtw`.

    Parameters
    ----------
    a, b : array-like of shape (n_samples, [n_channels,] n_timepoints)
        Series in the same units and scaling.
    window : int, default=None
        The width of the Sakoe-Chiba band, as in :func:`dtw`.

    Returns
    -------
    ndarray of shape (len(a), len(b))
        The distances, with 8 bytes for each pair. All other memory grows with the number of series,
        not with the number of pairs.

    Raises
    ------
    ValueError
        If the two sides differ in channels or time steps, a value is missing or infinite, or
        `window` is negative.
    """
    a, b = check_sides(a=a, b=b)
    distances = np.empty((len(a), len(b)))
    for rows, block in _dtw_blocks(a, b, window):
        distances[rows] = block
    return distances


def _dtw_blocks(a: np.ndarray, b: np.ndarray, window: int | None) -> Iterator[tuple[Any, ...]]:
    """Yield rows of `a` with their distances from all of `b`, in blocks of limited size."""
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
    """Pick the module of dtaidistance, and put both sides in its axis order.

    The order is (n, time) for one channel, and (n, time, channel) for several.
    """
    if a.shape[1] == 1:
        return dtw_1d, a[:, 0].copy(), b[:, 0].copy()
    return dtw_ndim, *(np.ascontiguousarray(s.transpose(0, 2, 1)) for s in (a, b))


def _window_option(window: int | None) -> dict[str, int]:
    """Convert the window to that of dtaidistance, which counts the diagonal too."""
    if window is None:
        return {}
    if window < 0:
        raise ValueError(f"window={window} was given; it must be 0 or more time steps, or None.")
    return {"window": window + 1}

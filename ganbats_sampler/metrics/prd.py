"""Percent root mean square difference."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from sklearn.metrics import pairwise_distances_argmin

from ganbats_sampler.metrics.pairing import Seed, check_series_pair, pair_up


def prd(
    real: ArrayLike,
    synthetic: ArrayLike,
    *,
    pairing: str = "random",
    centred: bool = False,
    random_state: Seed = 0,
) -> float:
    r"""Percent root mean square difference (PRD) between synthetic and real series.

    For a real series x and a synthetic series s, with sums over all channels and time steps,

    .. math:: PRD = 100 \sqrt{\sum (x - s)^2 / \sum x^2}

    The result is the mean over the synthetic series. It depends on the pairing and, unless
    `centred`, on the offset of the data. Always report the pairing, `centred` and the real-vs-real
    reference with it; see :func:`score_with_reference`.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        Series in the same units and scaling.
    pairing : {"random", "nearest", "index"}, default="random"
        The real series that each synthetic one is compared with: a random one, the nearest by
        Euclidean distance, or the one in the same row.
    centred : bool, default=False
        If true, subtract the mean of each channel from x in the denominator.
    random_state : int, RandomState instance or None, default=0
        The seed of the random pairing.

    Returns
    -------
    float
        The mean PRD in percent, 0 or above. A copy has 0.

    Raises
    ------
    ValueError
        If the two sides differ in channels or time steps, a value is missing or infinite, `pairing`
        is unknown, it is "index" with unequal numbers of series, or a paired real series is zero
        everywhere (constant, if `centred`).

    Notes
    -----
    A small PRD alone means little. Under random pairing, the class mean has a smaller PRD than real
    series have. Under nearest pairing, a copy has 0.

    References
    ----------
    Zigel, Y., Cohen, A., Katz, A. (2000). The weighted diagnostic distortion (WDD) measure for
    ECG signal compression. IEEE Transactions on Biomedical Engineering, 47(11), eq. 1 and 2.

    Examples
    --------
    >>> prd([[3.0, 4.0]], [[3.0, 3.0]], pairing="index")
    20.0
    """
    real, synthetic = check_series_pair(real, synthetic, pairing)
    flat_real, flat_synthetic = (a.reshape(len(a), -1) for a in (real, synthetic))
    if pairing == "nearest":
        # centred first, because the search expands squares and a large offset would cost precision
        centre = flat_real.mean(axis=0)
        partner = pairwise_distances_argmin(flat_synthetic - centre, flat_real - centre)
    else:
        partner = pair_up(len(real), len(synthetic), pairing, random_state)
    reference = real - real.mean(axis=2, keepdims=True) if centred else real
    energy = np.square(reference).sum(axis=(1, 2))
    if not energy[partner].all():
        index = int(partner[np.argmin(energy[partner] > 0)])
        raise ValueError(
            f"Real series {index} is {'constant' if centred else 'zero everywhere'}. PRD divides "
            "by its energy, and is not defined for it: leave such series out."
        )
    difference = np.square(flat_real[partner] - flat_synthetic).sum(axis=1)
    return float(100 * np.sqrt(difference / energy[partner]).mean())

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
    r"""Percent root mean square difference of synthetic from real series.

    For a real series x and a synthetic s, over all channels and time steps,

    .. math:: PRD = 100 \sqrt{\sum (x - s)^2 / \sum x^2}

    and the mean over synthetic series is returned. It depends on the pairing and, unless `centred`,
    on the offset of the data: never quote it without both, nor without its reference; see
    :func:`score_with_reference`.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        Series in the same units and scaling.
    pairing : {"random", "nearest", "index"}, default="random"
        Which real series each synthetic one is compared with: one drawn at random, the nearest by
        Euclidean distance, or the one in the same row.
    centred : bool, default=False
        Subtract from x, in the denominator, its mean in each channel.
    random_state : int, RandomState instance or None, default=0
        The seed of the random pairing.

    Returns
    -------
    float
        In percent, 0 or above; 0 is a copy.

    Raises
    ------
    ValueError
        If the two sides cannot be compared, or a real series is zero (constant, if `centred`).

    Notes
    -----
    Under random pairing the mean of the class beats the class itself, and under nearest pairing a
    copy wins: a small PRD alone says nothing.

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
        # about their centre: the search expands the square, and an offset would drown differences
        centre = flat_real.mean(axis=0)
        partner = pairwise_distances_argmin(flat_synthetic - centre, flat_real - centre)
    else:
        partner = pair_up(len(real), len(synthetic), pairing, random_state)
    reference = real - real.mean(axis=2, keepdims=True) if centred else real
    energy = np.square(reference).sum(axis=(1, 2))
    if not energy[partner].all():
        index = int(partner[np.argmin(energy[partner] > 0)])
        raise ValueError(
            f"Real series {index} is {'constant' if centred else 'zero everywhere'}, and PRD, "
            "which divides by its energy, is not defined there; leave such series out."
        )
    difference = np.square(flat_real[partner] - flat_synthetic).sum(axis=1)
    return float(100 * np.sqrt(difference / energy[partner]).mean())

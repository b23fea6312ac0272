"""The diversity of synthetic series, compared with real ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import pdist
from sklearn.utils import check_random_state

from ganbats_sampler.metrics.pairing import Seed, check_sides

MAX_SERIES = 256
#: A generator has collapsed if its series have less than this share of the diversity they should.
COLLAPSED = 0.2


def has_collapsed(ratio: float, reference: float = 1.0) -> bool:
    """Say whether a diversity ratio, beside that of real series, means that a generator collapsed.

    This is the one definition that the failure checks, the early end of a training and the verdict
    of the quality report share.
    """
    return ratio < COLLAPSED * reference


def diversity_ratio(real: ArrayLike, synthetic: ArrayLike, *, random_state: Seed = 0) -> float:
    """Mean distance between synthetic series over mean distance between real ones.

    It is the first sign of a collapsed generator: a generator that repeats one series is at 0, and
    one as varied as the real class is at 1. It does not say whether the series are right: white
    noise is as varied as can be.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        At least two series each; more than 256 are sampled down to that number.
    random_state : int, RandomState instance or None, default=0
        The seed of that sampling.

    Returns
    -------
    float
        0 or above. Where all real series are alike it is 1 if the synthetic ones are too, and
        infinity if not.

    Examples
    --------
    >>> import numpy as np
    >>> real = np.random.default_rng(0).normal(size=(20, 50))
    >>> diversity_ratio(real, real)
    1.0
    >>> diversity_ratio(real, np.tile(real[0], (20, 1)))
    0.0
    """
    real, synthetic = check_sides(real=real, synthetic=synthetic)
    rng = check_random_state(random_state)
    among_real, among_synthetic = (_mean_distance(series, rng) for series in (real, synthetic))
    if among_real == 0:
        return 1.0 if among_synthetic == 0 else float("inf")
    return float(among_synthetic / among_real)


def _mean_distance(series: np.ndarray, random_state: np.random.RandomState) -> float:
    if len(series) < 2:
        raise ValueError(
            f"The diversity of {len(series)} series is not defined: pass at least two, real and "
            "synthetic."
        )
    if len(series) > MAX_SERIES:
        series = series[random_state.choice(len(series), MAX_SERIES, replace=False)]
    return pdist(series.reshape(len(series), -1)).mean()

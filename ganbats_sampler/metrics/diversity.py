"""The diversity of synthetic series, compared with real ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import pdist
from sklearn.utils import check_random_state

from ganbats_sampler.metrics.pairing import Seed, check_sides

MAX_SERIES = 256
#: A generator has collapsed if its diversity ratio is below this share of the reference.
COLLAPSED = 0.2


def has_collapsed(ratio: float, reference: float = 1.0) -> bool:
    """Return whether a diversity ratio is so far below its reference that a generator collapsed.

    The failure checks, the early stopping of a training and the quality report use this definition.
    """
    return ratio < COLLAPSED * reference


def diversity_ratio(real: ArrayLike, synthetic: ArrayLike, *, random_state: Seed = 0) -> float:
    """Mean distance between synthetic series, divided by the mean distance between real ones.

    A generator that repeats one series has a ratio of 0, and one as varied as the real class has 1.
    A low ratio is the first sign of collapse. The ratio does not measure fidelity: white noise can
    have a high ratio. Distances are Euclidean.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        At least two series each. If a side has more than 256, a random sample of 256 is used.
    random_state : int, RandomState instance or None, default=0
        The seed of this sample.

    Returns
    -------
    float
        0 or above. If all real series are identical, it is 1 if the synthetic series are too, and
        infinity otherwise.

    Raises
    ------
    ValueError
        If a side has fewer than two series, the two sides differ in channels or time steps, or a
        value is missing or infinite.

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
            f"The diversity of {len(series)} series is not defined: pass at least two real and "
            "two synthetic series."
        )
    if len(series) > MAX_SERIES:
        series = series[random_state.choice(len(series), MAX_SERIES, replace=False)]
    return pdist(series.reshape(len(series), -1)).mean()

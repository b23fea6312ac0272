"""The failure checks: whether a generator collapsed, diverged, or left its class."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist, pdist

from ganbats_sampler.metrics.diversity import diversity_ratio, has_collapsed
from ganbats_sampler.metrics.neighbors import to_nearest_other

#: Below this share of the distance from a real series to its nearest, series repeat each other.
MIN_APART = 0.05
#: Above this multiple of it, synthetic series are too far from the real ones.
MAX_OFFSET = 5.0
#: Root mean square difference, in scaled units, up to which series count as the same.
SAME = 0.01
#: Number of synthetic and, at most, of real series that are checked. The number of real series is
#: limited for every size of class, because the distance to the nearest depends on it.
N_CHECKED = 128


class Failure(NamedTuple):
    """What is wrong with a generator: a kind ("diverged", "collapsed" or "off"), and a sentence."""

    kind: str
    message: str


def find_failure(real: np.ndarray, synthetic: np.ndarray) -> Failure | None:
    """Say what is wrong with the series of a generator, or None if nothing is.

    - The generator *diverged* if a value is not finite.
    - It *collapsed* if its series are less than a fifth as varied as the real ones (mean distance
      between two of them), or repeat a few series: each has another one within a twentieth of the
      distance from a real series to its nearest.
    - It is *off* if its series are off-distribution: on average they are further from the nearest
      real series than two real ones are from each other, or than five times the distance from a
      real series to its nearest.

    Distances are Euclidean.

    Parameters
    ----------
    real : ndarray of shape (n_samples, n_channels, n_timepoints)
        Series of one class, scaled to [-1, 1].
    synthetic : ndarray of shape (N_CHECKED, n_channels, n_timepoints)
        Synthetic series in the same scale.
    """
    if not np.isfinite(synthetic).all():
        return Failure("diverged", "training diverged: generated values are not finite")
    real = real[:: math.ceil(len(real) / N_CHECKED)].reshape(-1, real[0].size)
    synthetic = synthetic.reshape(len(synthetic), -1)
    diversity = diversity_ratio(real, synthetic)
    if has_collapsed(diversity):
        return Failure(
            "collapsed",
            f"the generator collapsed: its series are {diversity:.3f} times as varied as real ones",
        )
    n = min(len(real), len(synthetic))
    apart, real_apart = (to_nearest_other(side[:n]).mean() for side in (synthetic, real))
    if apart < MIN_APART * real_apart:
        return Failure("collapsed", "the generator collapsed: it repeats a few series")
    offset = cdist(synthetic, real).min(axis=1).mean()
    limit = min(pdist(real).mean(), MAX_OFFSET * to_nearest_other(real).mean())
    limit = max(limit, SAME * math.sqrt(real.shape[1]))  # for a class of equal series
    if offset > limit:
        return Failure(
            "off",
            f"generated series left the class: their distance to the nearest real one is "
            f"{offset / limit:.1f} times what it may be",
        )
    return None

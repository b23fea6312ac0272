"""The watch: whether a generator collapsed, diverged, or left its class."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist, pdist

from ganbats_sampler.metrics.neighbors import to_nearest_other
from ganbats_sampler.metrics.spread import spread_ratio

#: Below this share of the real series' spread a generator counts as collapsed.
MIN_SPREAD = 0.2
#: Below this share of real series' distance to their nearest, generated ones repeat each other.
MIN_APART = 0.05
#: Above this multiple of it, generated series are too far from the real ones.
MAX_OFFSET = 5.0
#: Root mean square difference, in scaled units, up to which series pass for the same.
SAME = 0.01
#: Series looked at to judge a generator, generated ones and, at most, real ones. As many of the
#: latter for every size of class, for the distance to the nearest hangs on how many there are.
N_WATCHED = 128


class Failure(NamedTuple):
    """What is wrong with a generator: a kind ("diverged", "collapsed" or "off"), and a sentence."""

    kind: str
    message: str


def find_failure(real: np.ndarray, generated: np.ndarray) -> Failure | None:
    """Say what is wrong with generated series, or None if nothing is.

    - They *diverged* if a value is not finite.
    - They *collapsed* if they are less than a fifth as varied as the real ones (mean distance
      between two of them), or are the same few again and again: each has another within a
      twentieth of the distance that real ones have to their nearest.
    - They are *off the class* if they lie further from the nearest real one, on average, than
      two real ones lie from each other, or than five times as far as real ones lie from their
      nearest.

    Distances are Euclidean.

    Parameters
    ----------
    real : ndarray of shape (n_samples, n_channels, n_timepoints)
        Series of one class, scaled to [-1, 1].
    generated : ndarray of shape (N_WATCHED, n_channels, n_timepoints)
        In the same scale.
    """
    if not np.isfinite(generated).all():
        return Failure("diverged", "training diverged: generated values are not finite")
    real = real[:: math.ceil(len(real) / N_WATCHED)].reshape(-1, real[0].size)
    generated = generated.reshape(len(generated), -1)
    spread = spread_ratio(real, generated)
    if spread < MIN_SPREAD:
        return Failure(
            "collapsed",
            f"the generator collapsed: its series are {spread:.3f} times as varied as real ones",
        )
    n = min(len(real), len(generated))
    apart, real_apart = (to_nearest_other(side[:n]).mean() for side in (generated, real))
    if apart < MIN_APART * real_apart:
        return Failure("collapsed", "the generator collapsed: it repeats a few series")
    offset = cdist(generated, real).min(axis=1).mean()
    limit = min(pdist(real).mean(), MAX_OFFSET * to_nearest_other(real).mean())
    limit = max(limit, SAME * math.sqrt(real.shape[1]))  # where real series are all alike
    if offset > limit:
        return Failure(
            "off",
            f"generated series left the class: their distance to the nearest real one is "
            f"{offset / limit:.1f} times what it may be",
        )
    return None

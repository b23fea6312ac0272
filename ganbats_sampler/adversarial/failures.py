"""The failure checks: whether a generator diverged, collapsed, copied or is off-distribution."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist, pdist

from ganbats_sampler.metrics.blocks import to_nearest_other
from ganbats_sampler.metrics.diversity import diversity_ratio, has_collapsed
from ganbats_sampler.series import MAX_SCALED, RangeScaler

#: Series count as repeats or copies below this share of the mean distance from a real series to its
#: nearest other one.
MIN_APART = 0.05
#: Synthetic series are too far from the real ones above this multiple of that distance.
MAX_OFFSET = 5.0
#: Factors of the limits for a single channel, which are looser than those for all channels.
CHANNEL_DIVERSITY, CHANNEL_OFFSET = 0.5, 1.25
#: Largest shift of a quartile, as a share of the range that holds nine tenths of the real values.
MAX_SHIFT = 0.75
#: A channel is too rough above this multiple of the 95th percentile of the real roughness.
MAX_ROUGHNESS = 2.0
#: White noise has a roughness of 1.13. A channel counts as white noise above the first value,
#: unless the real series reach the second.
WHITE, NEARLY_WHITE = 1.04, 0.94
#: Largest root mean square difference of series that count as the same, in scaled units.
SAME = 0.01
#: Number of synthetic series that are checked, and largest number of real ones. The limit is the
#: same for every class, because the distance to the nearest series depends on their number.
N_CHECKED = 128


class Failure(NamedTuple):
    """The failure of a generator.

    Attributes
    ----------
    kind : {"diverged", "collapsed", "copied", "off-distribution"}
        The check that failed; see :func:`find_failure`.
    message : str
        The failure in words.
    """

    kind: str
    message: str


def find_failure(real: np.ndarray, synthetic: np.ndarray) -> Failure | None:
    """Check the series of a generator, and return its first failure or None.

    The range of each channel, without outliers, is first scaled to [-1, 1]
    (:meth:`RangeScaler.fit_robust`). Distances are Euclidean. The *nearest-neighbour distance* is
    the mean distance from a real series to its nearest other one.

    - The generator *diverged* if a value is not finite.
    - It *collapsed* if the diversity ratio of its series is below .2, or if it repeats a few
      series: the mean distance from a synthetic series to its nearest other one is below a
      twentieth of the nearest-neighbour distance.
    - It *copied* if at least half of its series are within a twentieth of the nearest-neighbour
      distance of a real one.
    - It is *off* if its series are off-distribution: their mean distance to the nearest real one
      exceeds the mean distance between two real ones, or five times the nearest-neighbour distance.

    A single channel can fail even if all channels together pass:

    - It *collapsed* if its diversity ratio is below .1.
    - It is *off* if its mean distance to the nearest real one exceeds 1.25 times the mean distance
      between two real ones.
    - It is *off* if a quartile of its values is shifted by more than three quarters of the range
      that holds nine tenths of the real values.
    - It is *off* if it is too rough. The roughness of a series is the mean absolute step
      between neighbouring values, divided by its standard deviation. The median roughness may be at
      most twice the 95th percentile of the real series. It must also stay below the roughness of
      white noise, unless the real series are nearly as rough.

    Parameters
    ----------
    real : ndarray of shape (n_samples, n_channels, n_timepoints)
        Real series of one class.
    synthetic : ndarray of shape (N_CHECKED, n_channels, n_timepoints)
        Synthetic series in the same units.

    Returns
    -------
    Failure or None
        The first failure; None if all checks pass.
    """
    if not np.isfinite(synthetic).all():
        return Failure("diverged", "training diverged: generated values are not finite")
    scaler = RangeScaler.fit_robust(real)
    real = scaler.transform(scaler.clip(real))
    synthetic = scaler.transform(synthetic).clip(-MAX_SCALED, MAX_SCALED)
    real = real[:: math.ceil(len(real) / N_CHECKED)]
    if failure := _find_in_all(real, synthetic):
        return failure
    for channel in range(real.shape[1]):
        failure = _find_in_channel(real[:, channel], synthetic[:, channel])
        if failure is not None:
            return failure._replace(message=f"{failure.message} (channel {channel})")
    return None


def _find_in_all(real: np.ndarray, synthetic: np.ndarray) -> Failure | None:
    """Check distances between series, over all channels."""
    real, synthetic = (side.reshape(len(side), -1) for side in (real, synthetic))
    diversity = diversity_ratio(real, synthetic)
    if has_collapsed(diversity):
        return _collapsed(diversity)
    n = min(len(real), len(synthetic))
    apart, real_apart = (to_nearest_other(side[:n]).mean() for side in (synthetic, real))
    if apart < MIN_APART * real_apart:
        return Failure("collapsed", "the generator collapsed: it repeats a few series")
    if np.median(cdist(synthetic, real).min(axis=1)) < MIN_APART * real_apart:
        return Failure("copied", "the generator copied: at least half of its series are copies")
    return _find_offset(
        real, synthetic, min(pdist(real).mean(), MAX_OFFSET * to_nearest_other(real).mean())
    )


def _find_in_channel(real: np.ndarray, synthetic: np.ndarray) -> Failure | None:
    """Check one channel, (n_samples, n_timepoints), for failures that other channels can hide."""
    diversity = diversity_ratio(real, synthetic)
    if has_collapsed(diversity, CHANNEL_DIVERSITY):
        return _collapsed(diversity)
    if failure := _find_offset(real, synthetic, CHANNEL_OFFSET * pdist(real).mean()):
        return failure
    quartiles, of_synthetic = (np.quantile(side, [0.25, 0.5, 0.75]) for side in (real, synthetic))
    low, high = np.quantile(real, [0.05, 0.95])
    shift, limit = np.abs(of_synthetic - quartiles).max(), max(MAX_SHIFT * (high - low), SAME)
    if shift > limit:
        return _off(f"their values are shifted {shift / limit:.1f} times as far as allowed")
    if real.shape[1] > 1 and np.abs(np.diff(synthetic, axis=1)).mean() > SAME:
        limit = np.quantile(_roughness(real), 0.95)
        roughness = np.median(_roughness(synthetic))
        is_white = roughness > WHITE and limit < NEARLY_WHITE
        if is_white or roughness > MAX_ROUGHNESS * limit:
            ratio = roughness / limit
            return _off(f"they are {ratio:.1f} times as rough as the roughest real ones")
    return None


def _roughness(series: np.ndarray) -> np.ndarray:
    """Compute the mean absolute step between neighbours, in standard deviations of each series."""
    return np.abs(np.diff(series, axis=1)).mean(axis=1) / np.maximum(series.std(axis=1), SAME)


def _find_offset(real: np.ndarray, synthetic: np.ndarray, limit: float) -> Failure | None:
    """Check the distance of series, (n_samples, n_values), from the nearest real one."""
    offset = cdist(synthetic, real).min(axis=1).mean()
    limit = max(limit, SAME * math.sqrt(real.shape[1]))  # for a class of equal series
    if offset <= limit:
        return None
    return _off(f"their distance to the nearest real one is {offset / limit:.1f} times the limit")


def _off(what: str) -> Failure:
    return Failure("off-distribution", f"generated series are off-distribution: {what}")


def _collapsed(diversity: float) -> Failure:
    return Failure(
        "collapsed",
        f"the generator collapsed: its series are {diversity:.3f} times as varied as real ones",
    )

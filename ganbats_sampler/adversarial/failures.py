"""The failure checks: whether a generator collapsed, diverged, copied, or left its class."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist, pdist

from ganbats_sampler.metrics.blocks import to_nearest_other
from ganbats_sampler.metrics.diversity import diversity_ratio, has_collapsed
from ganbats_sampler.series import MAX_SCALED, RangeScaler

#: Below this share of the distance from a real series to its nearest, series repeat each other.
MIN_APART = 0.05
#: Above this multiple of it, synthetic series are too far from the real ones.
MAX_OFFSET = 5.0
#: Shares of these limits for a channel by itself, which may do worse than all together.
CHANNEL_DIVERSITY, CHANNEL_OFFSET = 0.5, 1.25
#: Above this share of the range that holds nine tenths of the real values, values are shifted.
MAX_SHIFT = 0.75
#: Above this multiple of the roughness of nearly all real series, a channel is too rough.
MAX_ROUGHNESS = 2.0
#: The roughness of white noise is 1.13; above the first number it is taken for that, unless real
#: series reach the second.
WHITE, NEARLY_WHITE = 1.04, 0.94
#: Root mean square difference, in scaled units, up to which series count as the same.
SAME = 0.01
#: Number of synthetic and, at most, of real series that are checked. The number of real series is
#: limited for every size of class, because the distance to the nearest depends on it.
N_CHECKED = 128


class Failure(NamedTuple):
    """A fault of a generator.

    Attributes
    ----------
    kind : {"diverged", "collapsed", "copied", "off"}
    message : str
        A sentence.
    """

    kind: str
    message: str


def find_failure(real: np.ndarray, synthetic: np.ndarray) -> Failure | None:
    """Say what is wrong with the series of a generator, or None if nothing is.

    - The generator *diverged* if a value is not finite.
    - It *collapsed* if its series are less than a fifth as varied as the real ones (mean distance
      between two of them), or repeat a few series: each has another one within a twentieth of the
      distance from a real series to its nearest.
    - It *copied* if at least half of its series are within that distance of a real one.
    - It is *off* if its series are off-distribution: on average they are further from the nearest
      real series than two real ones are from each other, or than five times the distance from a
      real series to its nearest.

    A single channel has failed, even if the checks of all channels pass, if it is less than a tenth
    as varied as the real one; if it is 1.25 times as far from the nearest real one as two real ones
    are from each other; if a quartile of its values is shifted by more than three quarters of the
    range that holds nine tenths of the real ones; or if it is rough: the mean step between
    neighbouring values, divided by the standard deviation of the series, is twice that of nearly
    all real series, or that of white noise where real series are none.

    Distances are Euclidean, in units of the range of each channel without outliers
    (:meth:`RangeScaler.fit_robust`).

    Parameters
    ----------
    real : ndarray of shape (n_samples, n_channels, n_timepoints)
        Series of one class.
    synthetic : ndarray of shape (N_CHECKED, n_channels, n_timepoints)
        Synthetic series in the same units.
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
        return Failure("copied", "the generator copied: half of its series or more are real ones")
    return _find_offset(
        real, synthetic, min(pdist(real).mean(), MAX_OFFSET * to_nearest_other(real).mean())
    )


def _find_in_channel(real: np.ndarray, synthetic: np.ndarray) -> Failure | None:
    """Check one channel, (n_samples, n_timepoints): what all channels together can hide."""
    diversity = diversity_ratio(real, synthetic)
    if has_collapsed(diversity, CHANNEL_DIVERSITY):
        return _collapsed(diversity)
    if failure := _find_offset(real, synthetic, CHANNEL_OFFSET * pdist(real).mean()):
        return failure
    quartiles, of_synthetic = (np.quantile(side, [0.25, 0.5, 0.75]) for side in (real, synthetic))
    low, high = np.quantile(real, [0.05, 0.95])
    shift, limit = np.abs(of_synthetic - quartiles).max(), max(MAX_SHIFT * (high - low), SAME)
    if shift > limit:
        return _off(f"their level is {shift / limit:.1f} times as far off as it may be")
    if real.shape[1] > 1 and np.abs(np.diff(synthetic, axis=1)).mean() > SAME:
        limit = np.quantile(_roughness(real), 0.95)
        roughness = np.median(_roughness(synthetic))
        is_white = roughness > WHITE and limit < NEARLY_WHITE
        if is_white or roughness > MAX_ROUGHNESS * limit:
            return _off(f"they are {roughness / limit:.1f} times as rough as real ones")
    return None


def _roughness(series: np.ndarray) -> np.ndarray:
    """Mean step between neighbouring values, in standard deviations of each series."""
    return np.abs(np.diff(series, axis=1)).mean(axis=1) / np.maximum(series.std(axis=1), SAME)


def _find_offset(real: np.ndarray, synthetic: np.ndarray, limit: float) -> Failure | None:
    """Check the distance of series, (n_samples, n_values), from the nearest real one."""
    offset = cdist(synthetic, real).min(axis=1).mean()
    limit = max(limit, SAME * math.sqrt(real.shape[1]))  # for a class of equal series
    if offset <= limit:
        return None
    return _off(
        f"their distance to the nearest real one is {offset / limit:.1f} times what it may be"
    )


def _off(what: str) -> Failure:
    return Failure("off", f"generated series left the class: {what}")


def _collapsed(diversity: float) -> Failure:
    return Failure(
        "collapsed",
        f"the generator collapsed: its series are {diversity:.3f} times as varied as real ones",
    )

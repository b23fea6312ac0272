"""Metrics of nearest neighbours: density, coverage, authenticity and copies."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ganbats_sampler.metrics.blocks import distance_blocks, to_nearest, to_nearest_other
from ganbats_sampler.metrics.pairing import check_sides

N_NEIGHBORS = 5


def density(real: ArrayLike, synthetic: ArrayLike, *, n_neighbors: int = N_NEIGHBORS) -> float:
    """Count the real neighbourhoods that a synthetic series lies in, over the expected number.

    A real series' neighbourhood reaches to its `n_neighbors`-th nearest other real one.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        More than `n_neighbors` real series; distances are Euclidean.
    n_neighbors : int, default=5
        Size of a neighbourhood.

    Returns
    -------
    float
        0 or above: 1 on average for series of the same distribution, 0 for series far from all real
        ones, more than 1 where synthetic ones crowd where real ones are densest.

    Notes
    -----
    A generator of one series in the midst of a class that is one cloud has a density far above 1;
    copies have ``(n_neighbors + 1) / n_neighbors``. Read it beside :func:`coverage` and
    :func:`authenticity`.
    Distances are computed in blocks: the memory does not grow with the number of pairs of series.

    References
    ----------
    Naeem, M. F. et al. (2020). Reliable fidelity and diversity metrics for generative models. ICML,
    eq. 5; a robust form of the precision of Kynkäänniemi et al. (2019) and Alaa et al. (2022).

    Examples
    --------
    >>> import numpy as np
    >>> series = np.random.default_rng(0).normal(size=(400, 5))
    >>> bool(0.9 < density(series[:200], series[200:]) < 1.1), density(series, series + 99)
    (True, 0.0)
    """
    real, synthetic, radii = _neighborhoods(real, synthetic, n_neighbors)
    blocks = distance_blocks(synthetic, real)
    n_within = sum(np.count_nonzero(distances <= radii) for _, distances in blocks)
    return float(n_within / len(synthetic) / n_neighbors)


def coverage(real: ArrayLike, synthetic: ArrayLike, *, n_neighbors: int = N_NEIGHBORS) -> float:
    """Share of real series with a synthetic one in their neighbourhood.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        More than `n_neighbors` real series; distances are Euclidean.
    n_neighbors : int, default=5
        Size of a neighbourhood: it reaches to the `n_neighbors`-th nearest other real series.

    Returns
    -------
    float
        From 0 to 1; with as many synthetic series of the same distribution as real ones it is about
        ``1 - 2 ** -n_neighbors``, .97 by default.

    Notes
    -----
    It grows with the number of synthetic series, so compare equal numbers. Copies cover everything.
    Distances are computed in blocks: the memory does not grow with the number of pairs of series.

    References
    ----------
    Naeem, M. F. et al. (2020). Reliable fidelity and diversity metrics for generative models. ICML,
    eq. 6; a robust form of the recall of Kynkäänniemi et al. (2019) and Alaa et al. (2022).

    Examples
    --------
    >>> import numpy as np
    >>> series = np.random.default_rng(0).normal(size=(40, 5))
    >>> coverage(series, series), coverage(series, series + 99)
    (1.0, 0.0)
    """
    real, synthetic, radii = _neighborhoods(real, synthetic, n_neighbors)
    return float((to_nearest(real, synthetic) <= radii).mean())


def authenticity(real: ArrayLike, synthetic: ArrayLike) -> float:
    """Share of synthetic series that are not nearer to a real one than another real one is.

    A synthetic series is taken for a copy with noise if its nearest real series is nearer to it
    than to any other real one.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        `real` is what the generator was trained on, at least two series; distances are Euclidean.

    Returns
    -------
    float
        From 0, all copies, to 1. What it is for series of the same distribution depends on their
        dimension and number, from .3 for single values to .9 for long noise: read its reference.

    Notes
    -----
    Series far from all real ones are authentic, and so is noise: 1 is not perfect.
    Distances are computed in blocks: the memory does not grow with the number of pairs of series.

    References
    ----------
    Alaa, A. M. et al. (2022). How faithful is your synthetic data? Sample-level metrics for
    evaluating and auditing generative models. ICML, section 3.2.

    Examples
    --------
    >>> import numpy as np
    >>> series = np.random.default_rng(0).normal(size=(40, 5))
    >>> authenticity(series, series), authenticity(series, series + 99)
    (0.0, 1.0)
    """
    real, synthetic, radii = _neighborhoods(real, synthetic, 1)
    n_authentic = sum(
        np.count_nonzero(distances.min(axis=1) > radii[distances.argmin(axis=1)])
        for _, distances in distance_blocks(synthetic, real)
    )
    return float(n_authentic / len(synthetic))


def copy_rate(real: ArrayLike, synthetic: ArrayLike, *, tolerance: float = 0.05) -> float:
    """Share of synthetic series that repeat a real one.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        At least two real series, those that the generator was trained on; distances are Euclidean.
    tolerance : float, default=0.05
        The tolerance for a copy: a distance of less than this share of the median distance from a
        real series to its nearest other.

    Returns
    -------
    float
        From 0 to 1.

    Notes
    -----
    Series of few values, or on a curve, repeat by chance: read its reference. It does not see
    copies with noise, for which see :func:`authenticity`. A simple form of the search for
    near-duplicates that is usual in auditing generative models, as in Alaa et al. (2022).
    Distances are computed in blocks: the memory does not grow with the number of pairs of series.

    Examples
    --------
    >>> import numpy as np
    >>> series = np.random.default_rng(0).normal(size=(40, 5))
    >>> copy_rate(series[:20], series[20:]), copy_rate(series[:20], series)
    (0.0, 0.5)
    """
    flat_real, flat = _flat_pair(real, synthetic)
    same = tolerance * _typical_radius(flat_real)
    return float((to_nearest(flat, flat_real) <= same).mean())


def repeat_rate(real: ArrayLike, synthetic: ArrayLike, *, tolerance: float = 0.05) -> float:
    """Share of synthetic series that repeat another one.

    Parameters are those of :func:`copy_rate`, of which this is the counterpart for a generator that
    repeats itself; of series that repeat one another all but the first count.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        At least two real series, which say what passes for the same.
    tolerance : float, default=0.05
        As in :func:`copy_rate`.

    Returns
    -------
    float
        From 0 to 1.

    Notes
    -----
    Real series may repeat one another: read its reference. Few series of a generator that knows a
    hundred do not show that it does.
    Distances are computed in blocks: the memory does not grow with the number of pairs of series.

    Examples
    --------
    >>> import numpy as np
    >>> series = np.random.default_rng(0).normal(size=(40, 5))
    >>> repeat_rate(series, series), repeat_rate(series, np.repeat(series[:10], 4, axis=0))
    (0.0, 0.75)
    """
    flat_real, flat = _flat_pair(real, synthetic)
    same = tolerance * _typical_radius(flat_real)
    n_repeats = sum(
        np.count_nonzero(np.tril(distances <= same, rows.start - 1).any(axis=1))  # of those before
        for rows, distances in distance_blocks(flat, flat)
    )
    return float(n_repeats / len(flat))


def _typical_radius(flat: np.ndarray) -> float:
    """Median distance of real series, 1,000 at most, to their nearest other."""
    if len(flat) < 2:
        raise ValueError(f"There is {len(flat)} real series; at least two are needed.")
    return float(np.median(to_nearest_other(flat[:: -(-len(flat) // 1000)])))


def _flat_pair(real: ArrayLike, synthetic: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    real, synthetic = check_sides(real=real, synthetic=synthetic)
    return real.reshape(len(real), -1), synthetic.reshape(len(synthetic), -1)


def _neighborhoods(
    real: ArrayLike, synthetic: ArrayLike, n_neighbors: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both sides as rows, and the distance of each real one to its n-th nearest other."""
    flat_real, flat_synthetic = _flat_pair(real, synthetic)
    if n_neighbors < 1:
        raise ValueError(f"n_neighbors={n_neighbors} was given; it must be 1 or more.")
    if len(flat_real) <= n_neighbors:
        raise ValueError(
            f"There are {len(flat_real)} real series; neighbourhoods of {n_neighbors} need more."
        )
    radii = np.empty(len(flat_real))
    for rows, among in distance_blocks(flat_real, flat_real):
        among.partition(n_neighbors, axis=1)
        radii[rows] = among[:, n_neighbors]  # itself is the 0th
    return flat_real, flat_synthetic, radii

"""Metrics of nearest neighbours: density, coverage, authenticity, copies and repeats."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ganbats_sampler.metrics.blocks import distance_blocks, to_nearest, to_nearest_other
from ganbats_sampler.metrics.pairing import check_sides

N_NEIGHBORS = 5


def density(real: ArrayLike, synthetic: ArrayLike, *, n_neighbors: int = N_NEIGHBORS) -> float:
    """Mean number of real neighbourhoods that a synthetic series is in, divided by `n_neighbors`.

    The neighbourhood of a real series is the ball around it that reaches to its `n_neighbors`-th
    nearest real neighbour.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        More than `n_neighbors` real series; distances are Euclidean.
    n_neighbors : int, default=5
        The size of a neighbourhood.

    Returns
    -------
    float
        0 or above. Series of the same distribution have 1 on average, and series far from all real
        ones have 0. The density is above 1 if the synthetic series crowd where real ones are
        densest.

    Raises
    ------
    ValueError
        If `n_neighbors` is below 1, there are too few real series, the two sides differ in channels
        or time steps, or a value is missing or infinite.

    Notes
    -----
    A generator that repeats one series at the centre of a compact class has a density far above 1.
    Copies have ``(n_neighbors + 1) / n_neighbors``. Read the density together with :func:`coverage`
    and :func:`authenticity`.
    Distances are computed in blocks, so the memory does not grow with the number of pairs.

    References
    ----------
    Naeem, M. F. et al. (2020). Reliable fidelity and diversity metrics for generative models. ICML,
    eq. 5: a robust form of the precision of Kynkäänniemi et al. (2019) and Alaa et al. (2022).

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
    """Share of real series that have a synthetic series in their neighbourhood.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        More than `n_neighbors` real series; distances are Euclidean.
    n_neighbors : int, default=5
        The size of a neighbourhood, which reaches to the `n_neighbors`-th nearest real neighbour.

    Returns
    -------
    float
        From 0 to 1. Equal numbers of real and synthetic series of the same distribution have about
        ``1 - 2 ** -n_neighbors``, which is .97 by default.

    Raises
    ------
    ValueError
        If `n_neighbors` is below 1, there are too few real series, the two sides differ in channels
        or time steps, or a value is missing or infinite.

    Notes
    -----
    Coverage grows with the number of synthetic series, so compare equal numbers. Copies of all real
    series have 1.
    Distances are computed in blocks, so the memory does not grow with the number of pairs.

    References
    ----------
    Naeem, M. F. et al. (2020). Reliable fidelity and diversity metrics for generative models. ICML,
    eq. 6: a robust form of the recall of Kynkäänniemi et al. (2019) and Alaa et al. (2022).

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
    """Share of synthetic series that are not noisy copies of a real series.

    Let r be the real series that is nearest to a synthetic one. The synthetic series counts as a
    noisy copy of r if no other real series is nearer to r.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        `real` has the series that the generator was trained on, at least two. Distances are
        Euclidean.

    Returns
    -------
    float
        From 0 to 1; copies have 0. The value for series of the same distribution depends on their
        length and number: about .3 for single values, and up to .9 for long white noise. Compare
        it with its reference.

    Raises
    ------
    ValueError
        If there are fewer than two real series, the two sides differ in channels or time steps, or
        a value is missing or infinite.

    Notes
    -----
    Noise and series far from all real ones count as authentic, so 1 is not ideal.
    Distances are computed in blocks, so the memory does not grow with the number of pairs.

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
    """Share of synthetic series that copy a real one.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        `real` has the series that the generator was trained on, at least two. Distances are
        Euclidean.
    tolerance : float, default=0.05
        The largest distance of a copy, as a share of the median distance from a real series to its
        nearest neighbour. The median is taken over at most 1,000 real series.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    ValueError
        If there are fewer than two real series, the two sides differ in channels or time steps, or
        a value is missing or infinite.

    Notes
    -----
    Series can coincide by chance if they have few distinct values, or differ in one parameter only,
    such as the phase of a sine. So compare the rate with its reference. It does not detect noisy
    copies; use :func:`authenticity`. It is a simple form of the search for near-duplicates in
    audits of generative models, as in Alaa et al. (2022).
    Distances are computed in blocks, so the memory does not grow with the number of pairs.

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

    This is the counterpart of :func:`copy_rate` for a generator that repeats itself. Among series
    that repeat one another, all but the first count.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        At least two real series. Their distances set the scale of `tolerance`.
    tolerance : float, default=0.05
        The largest distance of a repeat, as in :func:`copy_rate`.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    ValueError
        If there are fewer than two real series, the two sides differ in channels or time steps, or
        a value is missing or infinite.

    Notes
    -----
    Real series may repeat one another, so compare the rate with its reference. A small sample
    may hide repeats: a generator that produces only a hundred different series may show none among
    ten.
    Distances are computed in blocks, so the memory does not grow with the number of pairs.

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
        np.count_nonzero(np.tril(distances <= same, rows.start - 1).any(axis=1))  # earlier ones
        for rows, distances in distance_blocks(flat, flat)
    )
    return float(n_repeats / len(flat))


def _typical_radius(flat: np.ndarray) -> float:
    """Return the median distance from a series to its nearest neighbour, among 1,000 at most."""
    if len(flat) < 2:
        raise ValueError(f"There is {len(flat)} real series; at least two are needed.")
    return float(np.median(to_nearest_other(flat[:: -(-len(flat) // 1000)])))


def _flat_pair(real: ArrayLike, synthetic: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    real, synthetic = check_sides(real=real, synthetic=synthetic)
    return real.reshape(len(real), -1), synthetic.reshape(len(synthetic), -1)


def _neighborhoods(
    real: ArrayLike, synthetic: ArrayLike, n_neighbors: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Flatten both sides, and find the distance of each real series to its n-th neighbour."""
    flat_real, flat_synthetic = _flat_pair(real, synthetic)
    if n_neighbors < 1:
        raise ValueError(f"n_neighbors={n_neighbors} was given; it must be 1 or more.")
    if len(flat_real) <= n_neighbors:
        raise ValueError(
            f"There are {len(flat_real)} real series; with n_neighbors={n_neighbors} at least "
            f"{n_neighbors + 1} are needed."
        )
    radii = np.empty(len(flat_real))
    for rows, among in distance_blocks(flat_real, flat_real):
        among.partition(n_neighbors, axis=1)
        radii[rows] = among[:, n_neighbors]  # index 0 is the series itself
    return flat_real, flat_synthetic, radii

"""What nearest neighbours tell: whether synthetic series are right, complete, and not copies."""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import cdist

from ganbats_sampler.metrics.pairing import check_series_pair

N_NEIGHBORS = 5


def density(real, synthetic, *, n_neighbors=N_NEIGHBORS, random_state=None) -> float:
    """How many real series' neighbourhoods a synthetic one lies in, over how many it should.

    A real series' neighbourhood reaches to its `n_neighbors`-th nearest other real one.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, n_timepoints) or \
            (n_samples, n_channels, n_timepoints)
        More than `n_neighbors` real series; distances are Euclidean.
    n_neighbors : int, default=5
        Size of a neighbourhood.
    random_state : None
        Not used; there for all metrics to be called alike.

    Returns
    -------
    float
        0 or above: 1 on average for series of the same distribution, 0 for series far from all real
        ones, more than 1 where synthetic ones crowd where real ones are densest.

    Notes
    -----
    A generator of one series in the midst of a class that is one cloud has a density far above 1;
    copies have about 1. Read it beside :func:`coverage` and :func:`authenticity`.

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
    distances, radii = _to_real(real, synthetic, n_neighbors)
    return float((distances <= radii).sum(axis=1).mean() / n_neighbors)


def coverage(real, synthetic, *, n_neighbors=N_NEIGHBORS, random_state=None) -> float:
    """Share of real series with a synthetic one in their neighbourhood.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, n_timepoints) or \
            (n_samples, n_channels, n_timepoints)
        More than `n_neighbors` real series; distances are Euclidean.
    n_neighbors : int, default=5
        Size of a neighbourhood: it reaches to the `n_neighbors`-th nearest other real series.
    random_state : None
        Not used; there for all metrics to be called alike.

    Returns
    -------
    float
        From 0 to 1; with as many synthetic series of the same distribution as real ones it is about
        ``1 - 2 ** -n_neighbors``, .97 by default.

    Notes
    -----
    It grows with the number of synthetic series, so compare equal numbers. Copies cover everything.

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
    distances, radii = _to_real(real, synthetic, n_neighbors)
    return float((distances <= radii).any(axis=0).mean())


def authenticity(real, synthetic, *, random_state=None) -> float:
    """Share of synthetic series that are not nearer to a real one than another real one is.

    A synthetic series is taken for a copy with noise if its nearest real series is nearer to it
    than to any other real one.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, n_timepoints) or \
            (n_samples, n_channels, n_timepoints)
        `real` is what the generator was trained on, at least two series; distances are Euclidean.
    random_state : None
        Not used; there for all metrics to be called alike.

    Returns
    -------
    float
        From 0, all copies, to 1. For series of the same distribution it is about .5: of two series
        near a real one, either may be the nearer.

    Notes
    -----
    Series far from all real ones are authentic, and so is noise: 1 is not perfect.

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
    distances, radii = _to_real(real, synthetic, 1)
    nearest = distances.argmin(axis=1)
    return float((distances.min(axis=1) > radii[nearest]).mean())


def duplicate_rate(real, synthetic, *, tolerance=0.05, random_state=None) -> float:
    """Share of synthetic series that repeat a real one, or one another.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, n_timepoints) or \
            (n_samples, n_channels, n_timepoints)
        At least two real series; distances are Euclidean.
    tolerance : float, default=0.05
        What passes for the same: a distance of at most this share of the mean distance from a real
        series to its nearest other.
    random_state : None
        Not used; there for all metrics to be called alike.

    Returns
    -------
    float
        From 0 to 1. Of synthetic series that repeat one another, all but the first count.

    Examples
    --------
    >>> import numpy as np
    >>> series = np.random.default_rng(0).normal(size=(40, 5))
    >>> duplicate_rate(series[:20], series[20:]), duplicate_rate(series[:20], series)
    (0.0, 0.5)
    """
    distances, radii = _to_real(real, synthetic, 1)
    same = tolerance * radii.mean()
    _, flat = _flat_pair(real, synthetic)
    among = np.tril(cdist(flat, flat) <= same, -1).any(axis=1)
    return float(((distances.min(axis=1) <= same) | among).mean())


def _flat_pair(real, synthetic) -> tuple[np.ndarray, np.ndarray]:
    real, synthetic = check_series_pair(real, synthetic, "random")
    return real.reshape(len(real), -1), synthetic.reshape(len(synthetic), -1)


def _to_real(real, synthetic, n_neighbors: int) -> tuple[np.ndarray, np.ndarray]:
    """Distances from synthetic to real series, and each real one's to its n-th nearest other."""
    flat_real, flat_synthetic = _flat_pair(real, synthetic)
    if len(flat_real) <= n_neighbors:
        raise ValueError(
            f"There are {len(flat_real)} real series; neighbourhoods of {n_neighbors} need more."
        )
    among = cdist(flat_real, flat_real)
    radii = np.partition(among, n_neighbors, axis=1)[:, n_neighbors]  # itself is the 0th
    return cdist(flat_synthetic, flat_real), radii

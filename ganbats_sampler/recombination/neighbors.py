"""Which series of a class lie next to which."""

import numpy as np
from sklearn.neighbors import NearestNeighbors


def nearest_others(series: np.ndarray, n_neighbors: int) -> np.ndarray:
    """Find the nearest others of each series, by the Euclidean distance over all channels.

    Parameters
    ----------
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        With channels in units that count alike.
    n_neighbors : int
        How many; fewer if there are not as many others.

    Returns
    -------
    ndarray of shape (n_samples, min(n_neighbors, n_samples - 1))
        Their indices, the nearest first. One series has itself for its neighbour: (1, 1).
    """
    if len(series) == 1:
        return np.zeros((1, 1), dtype=np.intp)
    flat = series.reshape(len(series), -1)
    search = NearestNeighbors(n_neighbors=min(n_neighbors, len(series) - 1)).fit(flat)
    return search.kneighbors(return_distance=False)


def random_pairs(
    neighbors: np.ndarray, n_pairs: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw series, and for each one of its neighbours as found: two index arrays, (n_pairs,)."""
    first = rng.integers(len(neighbors), size=n_pairs)
    return first, neighbors[first, rng.integers(neighbors.shape[1], size=n_pairs)]

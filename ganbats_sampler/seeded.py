"""Series drawn from real ones, for classes that no network can be trained on.

Each new series is an interpolation between a real series and one of its nearest neighbours
(Chawla, N. V. et al. 2002, SMOTE, JAIR 16), warped smoothly in time. A class of one has no
neighbours: its series is warped and scaled.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ganbats_sampler.series import RangeScaler
from ganbats_sampler.transforms import TimeWarp

N_NEIGHBORS = 5
#: Series to draw at a time.
CHUNK = 1024
#: Standard deviation of the factor that scales the one series of a class about its mean.
SCALE_OF_ONE = 0.05


class SeededGenerator:
    """Draw series around real ones.

    Parameters
    ----------
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        The class, at least one series.

    Examples
    --------
    >>> import numpy as np
    >>> seeds = np.random.default_rng(0).normal(size=(3, 1, 50))
    >>> [chunk.shape for chunk in SeededGenerator(seeds).draw(4, seed=0)]
    [(4, 1, 50)]
    """

    def __init__(self, series: np.ndarray):
        self.series = series

    def draw(self, n_samples: int, seed: int) -> Iterator[np.ndarray]:
        """Yield series in chunks, (n, n_channels, n_timepoints), float64.

        They never leave the range of their channel over the class.
        """
        rng = np.random.default_rng(seed)
        real = self.series.astype(np.float64)
        neighbors = _nearest_neighbors(real, N_NEIGHBORS) if len(real) > 1 else None
        low, high = (bound(real, axis=(0, 2))[:, None] for bound in (np.min, np.max))
        for start in range(0, n_samples, CHUNK):
            n = min(CHUNK, n_samples - start)
            drawn = _scaled(real[0], n, rng) if neighbors is None else _mix(real, neighbors, n, rng)
            yield TimeWarp()(drawn, rng).clip(low, high)


def _scaled(series: np.ndarray, n_samples: int, rng: np.random.Generator) -> np.ndarray:
    """Scale one series, (n_channels, n_timepoints), about its mean by random factors."""
    centre = series.mean(axis=1, keepdims=True)
    factor = 1 + SCALE_OF_ONE * rng.normal(size=(n_samples, 1, 1))
    return centre + factor * (series - centre)


def _mix(
    real: np.ndarray, neighbors: np.ndarray, n_samples: int, rng: np.random.Generator
) -> np.ndarray:
    """Interpolate between random series and one neighbour of each."""
    first = rng.integers(len(real), size=n_samples)
    second = neighbors[first, rng.integers(neighbors.shape[1], size=n_samples)]
    step = rng.random((n_samples, 1, 1))
    return (1 - step) * real[first] + step * real[second]


def _nearest_neighbors(series: np.ndarray, n_neighbors: int) -> np.ndarray:
    """Find the indices of each series' nearest others, (n_samples, at most n_neighbors)."""
    from sklearn.neighbors import NearestNeighbors

    # scaled, for channels to count alike and for squares of large values not to overflow
    flat = RangeScaler.fit(series).transform(series).reshape(len(series), -1)
    search = NearestNeighbors(n_neighbors=min(n_neighbors, len(series) - 1)).fit(flat)
    return search.kneighbors(return_distance=False)

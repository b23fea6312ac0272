"""The nearest neighbours of each series."""

import numpy as np
from sklearn.neighbors import NearestNeighbors

from ganbats_sampler.threads import threads_for


class NearestOthers:
    """The nearest neighbours of each series, searched for when they are first needed.

    Distances are Euclidean over all channels. A single series is its own neighbour.

    Parameters
    ----------
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        Series with channels in comparable units.
    n_neighbors : int
        Number of neighbours. If there are fewer other series, all of them are neighbours.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.recombination.neighbors import NearestOthers
    >>> series = np.array([0.0, 1.0, 3.0, 7.0])[:, None, None]
    >>> NearestOthers(series, 2)[np.array([3, 0])].tolist()
    [[2, 1], [1, 2]]
    """

    def __init__(self, series: np.ndarray, n_neighbors: int):
        self.series = series
        self.n_neighbors = min(n_neighbors, max(len(series) - 1, 1))
        self._found = np.zeros((len(series), self.n_neighbors), dtype=np.intp)
        self._is_known = np.full(len(series), len(series) == 1)

    def __len__(self) -> int:
        return len(self.series)

    def __getitem__(self, rows: np.ndarray) -> np.ndarray:
        """Return the neighbours of the series in `rows`, (n_rows, n_neighbors), nearest first."""
        new = np.unique(rows)
        new = new[~self._is_known[new]]
        if len(new):
            flat = self.series.reshape(len(self), -1)
            search = NearestNeighbors(n_neighbors=self.n_neighbors + 1).fit(flat)
            with threads_for(len(new) * flat.size):
                nearest = search.kneighbors(flat[new], return_distance=False)
            is_other = nearest != new[:, None]
            # with many duplicates, a series may not be among its own nearest ones
            is_other[is_other.all(axis=1), 0] = False
            self._found[new] = nearest[is_other].reshape(len(new), -1)
            self._is_known[new] = True
        return self._found[rows]

    def random_pairs(self, n_pairs: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Choose random series, and a random neighbour of each: two index arrays, (n_pairs,)."""
        first = rng.integers(len(self), size=n_pairs)
        which = rng.integers(self.n_neighbors, size=n_pairs)
        return first, self[first][np.arange(n_pairs), which]

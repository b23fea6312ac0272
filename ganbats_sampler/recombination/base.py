"""The base class of recombinations that return the parents of each series."""

from abc import ABC, abstractmethod

import numpy as np

from ganbats_sampler.recombination.neighbors import NearestOthers


class BaseRecombination(ABC):
    """Make new series from real ones, and return their parents.

    A subclass implements :meth:`recombine`.
    """

    n_neighbors: int
    #: Whether series of other classes are used. If False, a sampler does not keep them.
    uses_others = True

    def neighbors(self, series: np.ndarray, others: np.ndarray) -> NearestOthers:
        """Return the neighbours that :meth:`recombine` needs, here within the class.

        A sampler calls this method once, however many series it makes.
        """
        return NearestOthers(series, self.n_neighbors)

    @abstractmethod
    def recombine(
        self,
        series: np.ndarray,
        others: np.ndarray,
        neighbors: NearestOthers,
        n_samples: int,
        rng: np.random.Generator,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Make new series, and return the parents of each.

        Parameters
        ----------
        series, others : ndarray of shape (n, n_channels, n_timepoints)
            Real series of the class, and of all other classes.
        neighbors : NearestOthers
            The result of :meth:`neighbors`.
        n_samples : int
            Number of series to make.
        rng : numpy.random.Generator
            The source of all randomness.

        Returns
        -------
        synthetic : ndarray of shape (n_samples, n_channels, n_timepoints)
            The new series.
        parents : ndarray of shape (n_samples, n_parents), dtype=int
            Indices into `series` followed by `others`. The first parent is the series of the class
            that the new one starts from.
        """

    def __call__(
        self, series: np.ndarray, others: np.ndarray, n_samples: int, rng: np.random.Generator
    ) -> np.ndarray:
        """Make new series; see :meth:`recombine`."""
        neighbors = self.neighbors(series, others)
        return self.recombine(series, others, neighbors, n_samples, rng)[0]

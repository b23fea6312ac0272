"""Deformations that occur in other classes, applied to series of a minority class."""

from dataclasses import dataclass

import numpy as np

from ganbats_sampler.recombination.base import BaseRecombination
from ganbats_sampler.recombination.neighbors import NearestOthers


@dataclass(frozen=True)
class Deformation(BaseRecombination):
    r"""Add to a series a random share of the difference between two series of other classes.

    .. math:: s = x_i + u\, (o_k - o_j), \qquad u \sim U(0, 1)

    where :math:`o_k` is one of the nearest neighbours of :math:`o_j` among the series of all other
    classes. Large classes show best how series of one class vary. The method assumes that the
    minority class varies in the same way. If several other classes lie close together, two
    neighbours can belong to different classes. The difference also adds the noise of two series, so
    on its own the method makes series noisier. A related method learns such deformations [1]_.

    Parameters
    ----------
    n_neighbors : int, default=5
        Number of nearest neighbours of each series of the other classes.

    References
    ----------
    .. [1] Schwartz, E. et al. (2018). Delta-encoder: an effective sample synthesis method for
       few-shot object recognition. NeurIPS 31.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.recombination import Deformation
    >>> flat, sloped = np.zeros((3, 1, 4)), np.array([[[0.0, 1, 2, 3]], [[0.0, 2, 4, 6]]])
    >>> made = Deformation()(flat, sloped, 2, np.random.default_rng(0))
    >>> np.diff(made, n=2).round(9).tolist()  # straight lines, up or down
    [[[0.0, 0.0]], [[0.0, 0.0]]]
    """

    n_neighbors: int = 5

    def neighbors(self, series: np.ndarray, others: np.ndarray) -> NearestOthers:
        """Return the neighbours among the series of the other classes."""
        return NearestOthers(others, self.n_neighbors)

    def recombine(
        self,
        series: np.ndarray,
        others: np.ndarray,
        neighbors: NearestOthers,
        n_samples: int,
        rng: np.random.Generator,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Add differences between neighbours in `others` to series of the class."""
        start = rng.integers(len(series), size=n_samples)
        first, second = neighbors.random_pairs(n_samples, rng)
        share = rng.random((n_samples, 1, 1))
        made = series[start] + share * (others[second] - others[first])
        return made, np.stack([start, len(series) + first, len(series) + second], axis=1)

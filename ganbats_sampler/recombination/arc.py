"""Points on the arc through two neighbouring series."""

from dataclasses import dataclass

import numpy as np

from ganbats_sampler.recombination.base import BaseRecombination
from ganbats_sampler.recombination.neighbors import NearestOthers

#: Largest relative change in scale of the only series of a class, about its mean.
SCALE_OF_ONE = 0.05


@dataclass(frozen=True)
class Arc(BaseRecombination):
    r"""Turn a series towards or away from a neighbour, about the mean of its neighbourhood.

    .. math:: s = m_i + \cos\theta\, (x_i - m_i) + \sin\theta\, (x_j - m_i),
              \qquad \theta \sim U(-\pi/2, \pi/2)

    where :math:`m_i` is the mean of :math:`x_i` and its nearest neighbours, and :math:`x_j` is one
    of these neighbours. A point on the straight line between two series, as in SMOTE, is smoother
    than either. Averaging removes up to half of the variance of the noise [1]_, and a classifier
    can learn that minority-class series are smooth. On the arc, the squares of both factors add up
    to one. This keeps the variance of noise that is independent between series. The only series of
    a class is scaled about its mean by up to 5%.

    Parameters
    ----------
    n_neighbors : int, default=5
        Number of nearest neighbours of each series.

    References
    ----------
    .. [1] Blagus, R., Lusa, L. (2013). SMOTE for high-dimensional class-imbalanced data. BMC
       Bioinformatics 14.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.recombination import Arc
    >>> rng = np.random.default_rng(0)
    >>> noise = rng.normal(size=(50, 1, 100))
    >>> bool(abs(Arc()(noise, noise[:0], 500, rng).std() - 1) < 0.05)
    True
    """

    n_neighbors: int = 5

    uses_others = False

    def recombine(
        self,
        series: np.ndarray,
        others: np.ndarray,
        neighbors: NearestOthers,
        n_samples: int,
        rng: np.random.Generator,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Recombine pairs of neighbours; `others` is not used."""
        first, second = neighbors.random_pairs(n_samples, rng)
        angle = rng.uniform(-np.pi / 2, np.pi / 2, (n_samples, 1, 1))
        if len(series) == 1:
            level = series.mean(axis=2, keepdims=True)
            scale = 1 + SCALE_OF_ONE * np.sin(angle)
            return level + scale * (series - level), first[:, None]
        around = series[neighbors[first]].sum(axis=1) + series[first]
        centre = around / (neighbors.n_neighbors + 1)  # (n_samples, n_channels, n_timepoints)
        made = (
            centre
            + np.cos(angle) * (series[first] - centre)
            + np.sin(angle) * (series[second] - centre)
        )
        return made, np.stack([first, second], axis=1)

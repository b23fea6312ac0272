"""Points on the arc through two series about their common centre."""

from dataclasses import dataclass

import numpy as np

from ganbats_sampler.recombination.base import BaseRecombination
from ganbats_sampler.recombination.neighbors import NearestOthers

#: By how much the one series of a class is scaled about its mean, at most.
SCALE_OF_ONE = 0.05


@dataclass(frozen=True)
class Arc(BaseRecombination):
    r"""Turn a series towards or away from one of its neighbours, about the mean of all of them.

    .. math:: s = m_i + \cos\theta\, (x_i - m_i) + \sin\theta\, (x_j - m_i),
              \qquad \theta \sim U(-\pi/2, \pi/2)

    where :math:`m_i` is the mean of :math:`x_i` and its nearest others and :math:`x_j` is one of
    these. A point between two series, as SMOTE has it, is smoother than either: its noise is
    averaged, by up to a half, and a classifier learns that smooth series are rare (Blagus, R.,
    Lusa, L. 2013, SMOTE for high-dimensional class-imbalanced data, BMC Bioinformatics 14). On the
    arc the squares of both factors add up to one, so the variance of noise that is independent from
    series to series stays. The one series of a class is scaled about its mean by up to 5%.

    Parameters
    ----------
    n_neighbors : int, default=5
        Nearest others of each series.

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

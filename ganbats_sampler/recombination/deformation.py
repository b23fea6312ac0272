"""Deformations that are seen in other classes, done to series of a rare one."""

from dataclasses import dataclass

import numpy as np

from ganbats_sampler.recombination.base import BaseRecombination
from ganbats_sampler.recombination.neighbors import NearestOthers


@dataclass(frozen=True)
class Deformation(BaseRecombination):
    r"""Add to a series a share of what tells two neighbours of the other classes apart.

    .. math:: s = x_i + u\, (o_k - o_j), \qquad u \sim U(0, 1)

    where :math:`o_k` is one of the nearest others of :math:`o_j`. How series of one class differ is
    seen best where there are many. It supposes that the rare class varies as the others do. Of
    several other classes neighbours can be of two, where these lie close. And noise of the others
    is added to noise that is there: on its own it makes the series noisier.

    Parameters
    ----------
    n_neighbors : int, default=5
        Nearest others of each series of the other classes.

    References
    ----------
    Schwartz, E. et al. (2018). Delta-encoder: an effective sample synthesis method for few-shot
    object recognition. NeurIPS 31, learns such deformations; these are taken as they are.

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
        """Return the neighbours of the other classes' series among themselves."""
        return NearestOthers(others, self.n_neighbors)

    def recombine(
        self,
        series: np.ndarray,
        others: np.ndarray,
        neighbors: NearestOthers,
        n_samples: int,
        rng: np.random.Generator,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Deform series of the class as two neighbours among `others` differ."""
        start = rng.integers(len(series), size=n_samples)
        first, second = neighbors.random_pairs(n_samples, rng)
        share = rng.random((n_samples, 1, 1))
        made = series[start] + share * (others[second] - others[first])
        return made, np.stack([start, len(series) + first, len(series) + second], axis=1)

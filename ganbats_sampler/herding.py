"""Choosing, from many candidates, those that together are distributed as real series are."""

from __future__ import annotations

import numpy as np

from ganbats_sampler.metrics import RandomConvolutions
from ganbats_sampler.metrics.features import MIN_TIMEPOINTS
from ganbats_sampler.series import nonzero

#: Features further out than this many standard deviations are as far out as can be.
MAX_DEVIATIONS = 8.0


class ConvolutionComponents:
    """Principal components of random convolutional features, as seen from one class.

    Features are centred on the class's mean, and in units of their standard deviation over all
    series or over the class, whichever is greater. Components are those of all series.

    Parameters
    ----------
    n_kernels : int, default=300
        See :class:`~ganbats_sampler.metrics.RandomConvolutions`.
    n_components : int, default=64
        Components kept; fewer if the series span fewer.
    random_state : int, default=0
        The seed of the kernels.
    """

    def __init__(self, n_kernels: int = 300, n_components: int = 64, random_state: int = 0):
        self.n_kernels = n_kernels
        self.n_components = n_components
        self.random_state = random_state

    def fit(self, series: np.ndarray, others: np.ndarray) -> ConvolutionComponents:
        """Find the components of a class and of all others, (n, n_channels, n_timepoints) each."""
        both = np.concatenate([series, others])
        self.kernels_ = None  # of series too short for them, their values are the features
        if both.shape[2] >= MIN_TIMEPOINTS:
            self.kernels_ = RandomConvolutions(self.n_kernels, random_state=self.random_state).fit(
                both
            )
        features = self._features(both)
        own = features[: len(series)]
        self.centre_ = own.mean(axis=0)
        self.deviation_ = nonzero(np.maximum(features.std(axis=0), own.std(axis=0)))
        standardised = self._standardised(features)
        # the axes of the smaller of two products: of features, not of series
        sizes, axes = np.linalg.eigh(standardised.T @ standardised)
        n_spanned = int(np.sum(sizes > 1e-12 * max(sizes[-1], 1)))
        n_kept = max(min(self.n_components, n_spanned, len(both)), 1)
        self.axes_ = axes[:, ::-1][:, :n_kept]
        return self

    def transform(self, series: np.ndarray) -> np.ndarray:
        """Project, (n_samples, n_components)."""
        return self._standardised(self._features(series)) @ self.axes_

    def _features(self, series: np.ndarray) -> np.ndarray:
        if self.kernels_ is None:
            return series.reshape(len(series), -1).astype(np.float64)
        return self.kernels_.transform(series).astype(np.float64)

    def _standardised(self, features: np.ndarray) -> np.ndarray:
        scaled = (features - self.centre_) / self.deviation_
        return scaled.clip(-MAX_DEVIATIONS, MAX_DEVIATIONS)


def herd(real: np.ndarray, candidates: np.ndarray, n_chosen: int) -> np.ndarray:
    r"""Choose candidates, one by one, so that their first and second moments are the real ones'.

    Kernel herding: each choice brings the mean of the chosen as near as one choice can to the mean
    of the real ones, in the space of the kernel

    .. math:: k(a, b) = a^\top b / c + (a^\top b / c)^2

    in which means are means and second moments at once; :math:`c` is the mean squared length of
    the real ones.

    Parameters
    ----------
    real : ndarray of shape (n_real, n_features)
        What the chosen are to be like.
    candidates : ndarray of shape (n_candidates, n_features)
        To choose from.
    n_chosen : int
        How many, each at most once.

    Returns
    -------
    ndarray of shape (n_chosen,), dtype=int
        Indices of candidates, in the order they were chosen in.

    Raises
    ------
    ValueError
        If there are fewer candidates than are to be chosen.

    References
    ----------
    Chen, Y., Welling, M., Smola, A. (2010). Super-samples from kernel herding. UAI.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.herding import herd
    >>> real = np.array([[-1.0], [1.0]])
    >>> herd(real, np.array([[-3.0], [0.9], [0.0], [-0.9], [3.0]]), 2).tolist()
    [1, 3]
    """
    if n_chosen > len(candidates):
        raise ValueError(f"{n_chosen} are to be chosen of {len(candidates)} candidates.")
    size = np.square(real).sum(axis=1).mean() or 1.0

    def kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        product = a @ b.T / size
        return product + np.square(product)

    to_real = kernel(candidates, real).mean(axis=1)
    among = kernel(candidates, candidates)
    own = among.diagonal()
    to_chosen = np.zeros(len(candidates))
    chosen = np.empty(n_chosen, dtype=np.intp)
    taken = np.zeros(len(candidates), dtype=bool)
    for i in range(n_chosen):
        # what the squared distance between the two means would become, but for a constant
        distance = (2 * to_chosen + own) / (i + 1) - 2 * to_real
        distance[taken] = np.inf
        chosen[i] = distance.argmin()
        taken[chosen[i]] = True
        to_chosen += among[chosen[i]]
    return chosen

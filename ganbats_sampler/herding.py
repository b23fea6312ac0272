"""Choosing, from many candidates, those that together are distributed as real series are."""

from __future__ import annotations

import numpy as np

from ganbats_sampler.metrics import RandomConvolutions
from ganbats_sampler.metrics.features import MIN_TIMEPOINTS
from ganbats_sampler.series import nonzero

#: Features further out than this many standard deviations are as far out as can be.
MAX_DEVIATIONS = 8.0


class ConvolutionFeatures:
    """Random convolutional features, or the values themselves of series too short for them.

    Parameters
    ----------
    n_kernels : int, default=100
        See :class:`~ganbats_sampler.metrics.RandomConvolutions`.
    random_state : int, default=0
        The seed of the kernels.
    """

    def __init__(self, n_kernels: int = 100, random_state: int = 0):
        self.n_kernels = n_kernels
        self.random_state = random_state

    def fit(self, series: np.ndarray) -> ConvolutionFeatures:
        """Draw kernels for series of this shape, (n_samples, n_channels, n_timepoints)."""
        self.kernels_ = None
        if series.shape[2] >= MIN_TIMEPOINTS:
            kernels = RandomConvolutions(self.n_kernels, random_state=self.random_state)
            self.kernels_ = kernels.fit(series)
        return self

    def transform(self, series: np.ndarray) -> np.ndarray:
        """Compute the features, (n_samples, n_features)."""
        if self.kernels_ is None:
            return series.reshape(len(series), -1).astype(np.float64)
        return self.kernels_.transform(series)


class ClassComponents:
    """Principal components of features, as seen from one class.

    Features are centred on the class's mean, and in units of their standard deviation over all
    series or over the class, whichever is greater. Components are those of all series.

    Parameters
    ----------
    features : ndarray of shape (n_samples, n_features)
        Features of the series of the class.
    others : ndarray of shape (n_others, n_features)
        Features of series of other classes.
    n_components : int, default=64
        Components kept; fewer if the series span fewer.
    """

    def __init__(self, features: np.ndarray, others: np.ndarray, n_components: int = 64):
        both = np.concatenate([features, others], dtype=np.float64)
        own = both[: len(features)]
        self.centre = own.mean(axis=0)
        self.deviation = nonzero(np.maximum(both.std(axis=0), own.std(axis=0)))
        standardised = self._standardise(both)
        # the axes of the smaller of two products: of features, not of series
        sizes, axes = np.linalg.eigh(standardised.T @ standardised)
        n_spanned = int(np.sum(sizes > 1e-12 * max(sizes[-1], 1)))
        n_kept = max(min(n_components, n_spanned, len(both)), 1)
        self.axes = axes[:, ::-1][:, :n_kept].copy()

    def transform(self, features: np.ndarray) -> np.ndarray:
        """Project features, (n_samples, n_features), to (n_samples, n_components)."""
        return self._standardise(features.astype(np.float64)) @ self.axes

    def _standardise(self, features: np.ndarray) -> np.ndarray:
        features = features - self.centre
        features /= self.deviation
        return features.clip(-MAX_DEVIATIONS, MAX_DEVIATIONS, out=features)


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
        The features that the chosen ones should match.
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
    size = float(np.square(real).sum(axis=1).mean()) or 1.0

    def kernel(product: np.ndarray) -> np.ndarray:
        product = product / size
        return product + np.square(product)

    to_real = kernel(candidates @ real.T).mean(axis=1)
    # Times the number of chosen, what the squared distance between the two means would become.
    distance = kernel(np.square(candidates).sum(axis=1)) - 2 * to_real
    vectors = candidates.astype(np.float32)
    chosen = np.empty(n_chosen, dtype=np.intp)
    for i in range(n_chosen):
        chosen[i] = distance.argmin()
        distance += 2 * (kernel(vectors @ vectors[chosen[i]]) - to_real)
        distance[chosen[i]] = np.inf  # each at most once
    return chosen

"""Choosing candidates that together have the distribution of the real series."""

from __future__ import annotations

import numpy as np

from ganbats_sampler.metrics import RandomConvolutions
from ganbats_sampler.metrics.features import MIN_TIMEPOINTS
from ganbats_sampler.series import nonzero

#: Standardised features are clipped to this number of standard deviations.
MAX_DEVIATIONS = 8.0


class ConvolutionFeatures:
    """Random convolutional features, or the values of the series if they are too short for them.

    Parameters
    ----------
    n_kernels : int, default=100
        Number of kernels; see :class:`~ganbats_sampler.metrics.RandomConvolutions`.
    random_state : int, default=0
        The seed of the kernels.
    """

    def __init__(self, n_kernels: int = 100, random_state: int = 0):
        self.n_kernels = n_kernels
        self.random_state = random_state

    def fit(self, series: np.ndarray) -> ConvolutionFeatures:
        """Fit the kernels to series, (n_samples, n_channels, n_timepoints)."""
        self.kernels_ = None
        if series.shape[2] >= MIN_TIMEPOINTS:
            kernels = RandomConvolutions(self.n_kernels, random_state=self.random_state)
            self.kernels_ = kernels.fit(series)
        return self

    def transform(self, series: np.ndarray) -> np.ndarray:
        """Compute the features of series, (n_samples, n_features)."""
        if self.kernels_ is None:
            return series.reshape(len(series), -1).astype(np.float64)
        return self.kernels_.transform(series)


class ClassComponents:
    """Principal components of features, centred and scaled for one class.

    Features are centred on the mean of the class. They are divided by their standard deviation over
    all series or over the class, whichever is greater. The components are those of all series.

    Parameters
    ----------
    features : ndarray of shape (n_samples, n_features)
        Features of the series of the class.
    others : ndarray of shape (n_others, n_features)
        Features of series of other classes.
    n_components : int, default=64
        Number of components to keep. Fewer are kept if the series span fewer dimensions.
    """

    def __init__(self, features: np.ndarray, others: np.ndarray, n_components: int = 64):
        both = np.concatenate([features, others], dtype=np.float64)
        own = both[: len(features)]
        self.centre = own.mean(axis=0)
        self.deviation = nonzero(np.maximum(both.std(axis=0), own.std(axis=0)))
        standardised = self._standardise(both)
        # (n_features, n_features), which is mostly smaller than (n_series, n_series)
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
    r"""Choose candidates one by one, so that their first and second moments match the real ones.

    In kernel herding, each choice brings the mean of the chosen candidates as near as possible to
    the mean of the real series, in the feature space of the kernel

    .. math:: k(a, b) = a^\top b / c + (a^\top b / c)^2

    where :math:`c` is the mean squared norm of the real features. A mean in this space holds the
    first and the second moments.

    Parameters
    ----------
    real : ndarray of shape (n_real, n_features)
        The features of the real series.
    candidates : ndarray of shape (n_candidates, n_features)
        The features of the candidates.
    n_chosen : int
        Number of candidates to choose. Each is chosen at most once.

    Returns
    -------
    ndarray of shape (n_chosen,), dtype=int
        Indices of the chosen candidates, in the order of the choice.

    Raises
    ------
    ValueError
        If `n_chosen` is greater than the number of candidates.

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
        raise ValueError(
            f"n_chosen={n_chosen} was given; there are only {len(candidates)} candidates."
        )
    size = float(np.square(real).sum(axis=1).mean()) or 1.0

    def kernel(product: np.ndarray) -> np.ndarray:
        product = product / size
        return product + np.square(product)

    to_real = kernel(candidates @ real.T).mean(axis=1)
    # The squared distance between the means if a candidate is chosen next, up to a constant factor
    # and summand.
    distance = kernel(np.square(candidates).sum(axis=1)) - 2 * to_real
    vectors = candidates.astype(np.float32)
    chosen = np.empty(n_chosen, dtype=np.intp)
    for i in range(n_chosen):
        chosen[i] = distance.argmin()
        distance += 2 * (kernel(vectors @ vectors[chosen[i]]) - to_real)
        distance[chosen[i]] = np.inf  # chosen at most once
    return chosen

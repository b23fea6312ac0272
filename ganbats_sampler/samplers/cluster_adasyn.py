"""Over-sampling within clusters, weighted by the number of neighbours of other classes."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np
from imblearn.over_sampling.base import BaseOverSampler
from sklearn.cluster import KMeans
from sklearn.neighbors import NearestNeighbors
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval

from ganbats_sampler.samplers._hints import SamplingStrategy, Seed
from ganbats_sampler.samplers.counts import plain_counts


class ClusterADASYN(BaseOverSampler):
    """Over-sample within clusters, mostly near samples of other classes.

    K-means clusters all samples, as in :class:`imblearn.over_sampling.KMeansSMOTE`. A sample of the
    class is chosen with a probability proportional to its number of neighbours of other classes, as
    in :class:`imblearn.over_sampling.ADASYN`. The new sample lies between it and a neighbour of its
    class in the same cluster. This is the clustering-based method that section 2 of [1]_ describes
    without a name. MWMOTE [2]_ is similar.

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable, default="auto"
        Number of samples that each class has after resampling, as in imbalanced-learn.
    n_clusters : int, default=8
        Largest number of clusters.
    n_neighbors : int, default=5
        Number of nearest neighbours that determine the weight of a sample, and number of nearest
        neighbours in its cluster to interpolate to.
    random_state : int, RandomState instance or None, default=None
        The seed of the clusters and of the new samples.

    Raises
    ------
    ValueError
        If no sample of a class has both a neighbour of another class and a neighbour of its own
        class in its cluster.

    References
    ----------
    .. [1] Liu, S., Qiao, H., Yuan, L., Yuan, Y., Liu, J. (2023). Research on data augmentation
       algorithm for time series based on deep learning. KSII Transactions on Internet and
       Information Systems, 17(6).

    .. [2] Barua, S., Islam, M. M., Yao, X., Murase, K. (2014). MWMOTE: Majority Weighted Minority
       Oversampling Technique for Imbalanced Data Set Learning. IEEE Transactions on Knowledge and
       Data Engineering, 26(2).

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.samplers import ClusterADASYN
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(60, 24)), np.repeat(["normal", "abnormal"], [45, 15])
    >>> ClusterADASYN(n_clusters=2, random_state=0).fit_resample(X, y)[0].shape
    (90, 24)
    """

    _parameter_constraints: dict[str, Any] = {
        **BaseOverSampler._parameter_constraints,
        "n_clusters": [Interval(Integral, 1, None, closed="left")],
        "n_neighbors": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        sampling_strategy: SamplingStrategy = "auto",
        n_clusters: int = 8,
        n_neighbors: int = 5,
        random_state: Seed = None,
    ):
        super().__init__(sampling_strategy=sampling_strategy)
        self.n_clusters = n_clusters
        self.n_neighbors = n_neighbors
        self.random_state = random_state

    def _fit_resample(self, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        rng = check_random_state(self.random_state)
        clusters = KMeans(min(self.n_clusters, len(X)), random_state=rng).fit_predict(X)
        new, labels = [X], [y]
        for label, n_new in plain_counts(self.sampling_strategy_).items():
            rows = np.flatnonzero(y == label)
            n_others = (y[_nearest(X, rows, X, self.n_neighbors)] != label).sum(axis=1)
            new.append(self._interpolate(X[rows], clusters[rows], n_others, label, n_new, rng))
            labels.append(np.full(n_new, label, dtype=y.dtype))
        return np.concatenate(new).astype(X.dtype), np.concatenate(labels)

    def _interpolate(
        self,
        of_class: np.ndarray,
        clusters: np.ndarray,
        weights: np.ndarray,
        label: Any,
        n_new: int,
        rng: np.random.RandomState,
    ) -> np.ndarray:
        """Make new samples of a class from the clusters and the weights of its samples."""
        _, cluster, sizes = np.unique(clusters, return_inverse=True, return_counts=True)
        weights = np.where(sizes[cluster] > 1, weights, 0)
        if not weights.any():
            raise ValueError(
                f"No sample of class {label!r} has both a neighbour of another class and one of "
                "its own class in its cluster. Use fewer n_clusters, more n_neighbors, or SMOTE."
            )
        counts = rng.multinomial(n_new, weights / weights.sum())
        made = []
        for number in np.flatnonzero(np.bincount(cluster, counts)):
            members = np.flatnonzero(cluster == number)
            partners = _nearest(of_class, members, of_class[members], self.n_neighbors)
            starts = np.repeat(np.arange(len(members)), counts[members])
            chosen = rng.randint(partners.shape[1], size=len(starts))
            ends = of_class[members[partners[starts, chosen]]]
            starts = of_class[members[starts]]
            made.append(starts + rng.uniform(size=(len(starts), 1)) * (ends - starts))
        return np.concatenate(made)


def _nearest(X: np.ndarray, rows: np.ndarray, among: np.ndarray, n_neighbors: int) -> np.ndarray:
    """Find the nearest neighbours of the `rows` of `X` in `among`, without the rows themselves."""
    n_neighbors = min(n_neighbors, len(among) - 1)
    return NearestNeighbors().fit(among).kneighbors(X[rows], n_neighbors + 1, False)[:, 1:]

"""The classifiers that over-sampling may help, of series in three dimensions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import RidgeClassifierCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from ganbats_sampler.metrics import RandomConvolutions

#: Width of the band in which the nearest neighbour's DTW may warp, as a share of the length.
DTW_WINDOW = 0.1


def flatten(X: np.ndarray) -> np.ndarray:
    """Put the channels of each series one after another."""
    return X.reshape(len(X), -1)


class ConvolutionFeatures(TransformerMixin, BaseEstimator):
    """:class:`~ganbats_sampler.metrics.RandomConvolutions` as a transformer of scikit-learn."""

    def __init__(self, n_kernels=500, random_state=None):
        self.n_kernels = n_kernels
        self.random_state = random_state

    def fit(self, X, y=None):
        """Draw the kernels."""
        kernels = RandomConvolutions(self.n_kernels, random_state=self.random_state)
        self.kernels_ = kernels.fit(X)
        return self

    def transform(self, X):
        """Compute the features."""
        return self.kernels_.transform(X)


class ProbabilityRidge(RidgeClassifierCV):
    """A ridge classifier of two classes that says how probable the second is.

    Fitted to -1 and 1 by least squares it estimates twice the probability less one; what lies
    beyond 0 and 1 is cut off.
    """

    def predict_proba(self, X):
        """Estimate the probability of both classes."""
        probability = ((self.decision_function(X) + 1) / 2).clip(0, 1)
        return np.stack([1 - probability, probability], axis=1)


def _ridge(seed: int, class_weight: str | None) -> BaseEstimator:
    return make_pipeline(
        ConvolutionFeatures(random_state=seed),
        StandardScaler(),
        ProbabilityRidge(np.logspace(-3, 5, 9), class_weight=class_weight),
    )


def _minirocket(seed: int, class_weight: str | None) -> BaseEstimator:
    from aeon.transformations.collection.convolution_based import MiniRocket

    return make_pipeline(
        MiniRocket(random_state=seed),
        StandardScaler(),
        ProbabilityRidge(np.logspace(-3, 5, 9), class_weight=class_weight),
    )


def _forest(seed: int, class_weight: str | None) -> BaseEstimator:
    return make_pipeline(
        FunctionTransformer(flatten),
        RandomForestClassifier(300, class_weight=class_weight, random_state=seed),
    )


def _cnn(seed: int, class_weight: str | None) -> BaseEstimator:
    from ganbats_sampler.benchmark.cnn import ConvolutionalClassifier

    return ConvolutionalClassifier(class_weight=class_weight, random_state=seed)


def _neighbour(seed: int, class_weight: str | None) -> BaseEstimator:
    return make_pipeline(FunctionTransformer(flatten), KNeighborsClassifier(1))


def _neighbour_dtw(seed: int, class_weight: str | None) -> BaseEstimator:
    from aeon.classification.distance_based import KNeighborsTimeSeriesClassifier

    return KNeighborsTimeSeriesClassifier(distance_params={"window": DTW_WINDOW})


_TABLE: dict[str, Callable[[int, str | None], Any]] = {
    "ridge": _ridge,
    "minirocket": _minirocket,
    "forest": _forest,
    "cnn": _cnn,
    "knn": _neighbour,
    "knn_dtw": _neighbour_dtw,
}
#: Those that know no class weights.
UNWEIGHTED = ("knn", "knn_dtw")


def get_classifier_names() -> list[str]:
    """List what :func:`get_classifier` can make."""
    return list(_TABLE)


def get_classifier(name: str, *, class_weight: str | None = None, seed: int = 0) -> ClassifierMixin:
    """Make a classifier of series, (n_samples, n_channels, n_timepoints), by its name.

    - ``"ridge"``: on 500 random convolutions (Dempster et al. 2020);
    - ``"minirocket"``: on aeon's MiniRocket (Dempster et al. 2021);
    - ``"forest"``: 300 trees on the raw values;
    - ``"cnn"``: a small fully convolutional network (Wang et al. 2017);
    - ``"knn"``, ``"knn_dtw"``: the nearest neighbour, Euclidean, or warped in a band of a tenth.

    Parameters
    ----------
    name : str
        One of these.
    class_weight : {"balanced"} or None, default=None
        As in scikit-learn.
    seed : int, default=0
        Of the kernels, the trees or the weights.

    Raises
    ------
    ValueError
        If there is no such classifier, or it knows no class weights.
    """
    if name not in _TABLE:
        raise ValueError(f"There is no classifier {name!r}; choose from {get_classifier_names()}.")
    if class_weight is not None and name in UNWEIGHTED:
        raise ValueError(f"The classifier {name!r} knows no class weights.")
    return _TABLE[name](seed, class_weight)

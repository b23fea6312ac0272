"""Classifiers of series for the benchmark: built-in ones by name, and the user's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin, clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import RidgeClassifierCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from ganbats_sampler.benchmark.names import as_list
from ganbats_sampler.metrics import RandomConvolutions
from ganbats_sampler.metrics.pairing import Seed

#: Half-width of the DTW band of the nearest-neighbour classifier, as a share of the length.
DTW_WINDOW = 0.1
#: Libraries whose classifiers take flat rows: (n_samples, n_channels * n_timepoints).
FLAT_LIBRARIES = ("sklearn", "imblearn", "xgboost", "lightgbm", "catboost")


def flatten(X: np.ndarray) -> np.ndarray:
    """Join the channels of each series in one row."""
    return X.reshape(len(X), -1)


class ConvolutionFeatures(TransformerMixin, BaseEstimator):
    """:class:`~ganbats_sampler.metrics.RandomConvolutions` as a scikit-learn transformer."""

    def __init__(self, n_kernels: int = 500, random_state: Seed = None):
        self.n_kernels = n_kernels
        self.random_state = random_state

    def fit(self, X: np.ndarray, y: Any = None) -> ConvolutionFeatures:
        """Draw the kernels."""
        kernels = RandomConvolutions(self.n_kernels, random_state=self.random_state)
        self.kernels_ = kernels.fit(X)
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Compute the features."""
        return self.kernels_.transform(X)


class ProbabilityRidge(RidgeClassifierCV):
    """A ridge classifier that estimates the probability of each class.

    A least-squares fit to -1 and 1 estimates twice the probability minus one. The probability is
    clipped to the range from 0 to 1. With more than two classes, the probabilities of a series are
    then divided by their sum.
    """

    def predict_proba(self, X: Any) -> np.ndarray:
        """Estimate the probability of each class, (n_samples, n_classes)."""
        probability = ((self.decision_function(X) + 1) / 2).clip(0, 1)
        if probability.ndim == 1:
            return np.stack([1 - probability, probability], axis=1)
        total = probability.sum(axis=1, keepdims=True)
        return np.where(
            total > 0, probability / np.where(total > 0, total, 1), 1 / probability.shape[1]
        )


def _ridge(seed: int) -> BaseEstimator:
    ridge = ProbabilityRidge(np.logspace(-3, 5, 9))
    return make_pipeline(ConvolutionFeatures(random_state=seed), StandardScaler(), ridge)


def _minirocket(seed: int) -> BaseEstimator:
    from aeon.transformations.collection.convolution_based import MiniRocket

    ridge = ProbabilityRidge(np.logspace(-3, 5, 9))
    return make_pipeline(MiniRocket(random_state=seed), StandardScaler(), ridge)


def _forest(seed: int) -> BaseEstimator:
    return on_flat_rows(RandomForestClassifier(300, random_state=seed))


def _cnn(seed: int) -> BaseEstimator:
    from ganbats_sampler.benchmark.cnn import ConvolutionalClassifier

    return ConvolutionalClassifier(random_state=seed)


def _neighbour(seed: int) -> BaseEstimator:
    return on_flat_rows(KNeighborsClassifier(1))


def _neighbour_dtw(seed: int) -> BaseEstimator:
    from aeon.classification.distance_based import KNeighborsTimeSeriesClassifier

    return KNeighborsTimeSeriesClassifier(distance_params={"window": DTW_WINDOW})


_TABLE: dict[str, Callable[[int], Any]] = {
    "ridge": _ridge,
    "minirocket": _minirocket,
    "forest": _forest,
    "cnn": _cnn,
    "knn": _neighbour,
    "knn_dtw": _neighbour_dtw,
}


def get_classifier_names() -> list[str]:
    """List the classifiers that :func:`get_classifier` can make."""
    return list(_TABLE)


def get_classifier(name: str, *, random_state: int = 0) -> ClassifierMixin:
    """Make a classifier of series, (n_samples, n_channels, n_timepoints), by its name.

    - ``"ridge"``: a ridge classifier on 500 random convolutions [1]_;
    - ``"minirocket"``: a ridge classifier on aeon's MiniRocket [2]_;
    - ``"forest"``: a random forest of 300 trees on the raw values;
    - ``"cnn"``: a small fully convolutional network [3]_;
    - ``"knn"``: the nearest neighbour by Euclidean distance;
    - ``"knn_dtw"``: the nearest neighbour by dynamic time warping (DTW) in a band whose half-width
      is a tenth of the length.

    Parameters
    ----------
    name : str
        One of the names above.
    random_state : int, default=0
        The seed of the kernels, the trees or the weights.

    Returns
    -------
    classifier object
        The classifier, not fitted.

    Raises
    ------
    ValueError
        If there is no such classifier.
    ImportError
        If ``"minirocket"`` or ``"knn_dtw"`` is given and aeon is not installed.

    References
    ----------
    .. [1] Dempster, A., Petitjean, F., Webb, G. I. (2020). ROCKET: exceptionally fast and accurate
       time series classification using random convolutional kernels. Data Mining and Knowledge
       Discovery 34.
    .. [2] Dempster, A., Schmidt, D. F., Webb, G. I. (2021). MiniRocket: a very fast (almost)
       deterministic transform for time series classification. KDD.
    .. [3] Wang, Z., Yan, W., Oates, T. (2017). Time series classification from scratch with deep
       neural networks: a strong baseline. IJCNN.
    """
    if name not in _TABLE:
        raise ValueError(f"There is no classifier {name!r}; choose from {get_classifier_names()}.")
    return _TABLE[name](random_state)


def make_classifiers(
    classifiers: str | Iterable[str | tuple[str, Any]] | Mapping[str, Any],
) -> dict[str, Any]:
    """Collect classifiers in a dictionary, by name.

    They are given as names of :func:`get_classifier`, as pairs of a name and a classifier, or as a
    mapping. In the dictionary, None stands for the classifier of :func:`get_classifier`. Raises a
    ValueError for an unknown name or if there is none, a TypeError for another object, and an
    ImportError for a missing library.
    """
    made: dict[str, Any] = {}
    for one in as_list(classifiers):
        if isinstance(one, str):
            get_classifier(one)  # reports a missing library before anything runs
            made[one] = None
        elif isinstance(one, tuple) and len(one) == 2 and _is_classifier(one[1]):
            made[one[0]] = one[1]
        else:
            raise TypeError(
                f"A classifier is a name, or a name with a classifier; got {one!r}. Name one of "
                'your own, as in {"mine": classifier}.'
            )
    if not made:
        raise ValueError(f"No classifier was given; choose from {get_classifier_names()}.")
    return made


def _is_classifier(given: Any) -> bool:
    return hasattr(given, "fit") and not isinstance(given, type)


def instantiate(name: str, classifier: Any, random_state: int) -> ClassifierMixin:
    """Make a new classifier for one run, from an entry of :func:`make_classifiers`.

    A user's own classifier is cloned, and its random states are set. It receives flat rows if it,
    or the first step of a pipeline, comes from one of the `FLAT_LIBRARIES`.
    """
    if classifier is None:
        return get_classifier(name, random_state=random_state)
    own = clone(classifier)
    states = [key for key in own.get_params() if key.split("__")[-1] == "random_state"]
    own.set_params(**dict.fromkeys(states, random_state))
    first = own.steps[0][1] if hasattr(own, "steps") else own
    is_flat = type(first).__module__.split(".")[0] in FLAT_LIBRARIES
    return on_flat_rows(own) if is_flat else own


def on_flat_rows(classifier: Any) -> BaseEstimator:
    """Wrap a classifier of flat rows so that it takes series in three dimensions."""
    return make_pipeline(FunctionTransformer(flatten), classifier)

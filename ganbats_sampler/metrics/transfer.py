"""Train a classifier on synthetic series and test it on real ones, or the other way round."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import clone
from sklearn.linear_model import RidgeClassifierCV
from sklearn.metrics import get_scorer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ganbats_sampler.metrics.features import RandomConvolutions
from ganbats_sampler.metrics.pairing import Seed, check_sides


def train_on_synthetic_test_on_real(
    X_synthetic: ArrayLike,
    y_synthetic: ArrayLike,
    X_real: ArrayLike,
    y_real: ArrayLike,
    *,
    classifier: Any = None,
    scoring: str | Callable[..., float] = "balanced_accuracy",
    random_state: Seed = 0,
) -> float:
    """Train a classifier on synthetic series alone, and score it on real ones.

    Swap the two sides to train on real series and test on synthetic ones.

    Parameters
    ----------
    X_synthetic, X_real : array-like of shape (n_samples, [n_channels,] n_timepoints)
        Series of all classes. The real ones should be held-out series.
    y_synthetic, y_real : array-like of shape (n_samples,)
        The labels of these series.
    classifier : classifier object, default=None
        A classifier of flattened series, of shape (n_channels * n_timepoints,). It is cloned. None
        means a ridge classifier on random convolutional features.
    scoring : str or callable, default="balanced_accuracy"
        The name of a score, or a scorer ``scorer(classifier, X, y)``, as in scikit-learn.
    random_state : int, RandomState instance or None, default=0
        The seed of the random convolutions.

    Returns
    -------
    float
        The score on the real series. Compare it with the score after training on as many real
        series. A low score suggests that the synthetic series miss a part of a class. If you swap
        the sides, it suggests that they lie outside their class.

    Raises
    ------
    ValueError
        If the two sides differ in channels or time steps, a value is missing or infinite, a label
        is masked, `scoring` is unknown, or there are fewer than three time steps and no
        `classifier`.

    References
    ----------
    Esteban, C., Hyland, S. L., Rätsch, G. (2017). Real-valued (medical) time series generation with
    recurrent conditional GANs. arXiv:1706.02633.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.metrics import train_on_synthetic_test_on_real
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(80, 30)), np.tile([0, 1], 40)
    >>> X[y == 1] = X[y == 1].cumsum(axis=1)
    >>> train_on_synthetic_test_on_real(X[:40], y[:40], X[40:], y[40:])
    1.0
    """
    train, test = check_sides(X_synthetic=X_synthetic, X_real=X_real)
    for name, y in (("y_synthetic", y_synthetic), ("y_real", y_real)):
        if np.ma.is_masked(y):
            raise ValueError(f"{name} has masked labels; drop these series first.")
    if classifier is None:
        kernels = RandomConvolutions(random_state=random_state).fit(train)
        train, test = kernels.transform(train), kernels.transform(test)
        classifier = make_pipeline(StandardScaler(), RidgeClassifierCV(np.logspace(-1, 5, 13)))
    else:
        train, test = train.reshape(len(train), -1), test.reshape(len(test), -1)
    fitted = clone(classifier).fit(train, np.asarray(y_synthetic))
    return float(get_scorer(scoring)(fitted, test, np.asarray(y_real)))

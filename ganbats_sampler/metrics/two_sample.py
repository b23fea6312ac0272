"""Two-sample tests: whether synthetic series can be told from real ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist
from scipy.stats import binomtest
from sklearn.linear_model import RidgeClassifierCV
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import check_random_state

from ganbats_sampler.metrics.features import RandomConvolutions
from ganbats_sampler.metrics.pairing import check_series_pair

#: By how much the variance of a cross-validated accuracy exceeds the binomial one, for folds share
#: training series: measured, 1.3 at 10 and 1.4 at 30 series of white noise on either side.
OVERLAP = 1.4


class TwoSampleResult(NamedTuple):
    """What a two-sample test found.

    Attributes
    ----------
    statistic : float
        Of the test.
    low, high : float
        For the classifier test, bounds of its accuracy with 95% confidence; for the maximum mean
        discrepancy, where it lies in 95% of cases if both sides are alike.
    p_value : float
        How likely a statistic of this size or more is if both sides are alike.
    """

    statistic: float
    low: float
    high: float
    p_value: float


def classifier_two_sample_test(
    real, synthetic, *, n_kernels=300, n_folds=5, random_state=0
) -> TwoSampleResult:
    """Cross-validated accuracy of a classifier that tells synthetic from real series.

    .5 is perfect: not to be told apart. 1 is told apart every time. A ridge classifier on random
    convolutional features; of the larger side as many are drawn as the smaller one has.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        At least `n_folds` series each. `real` should not be what the generator was trained on:
        copies of a training series cannot be told from it.
    n_kernels : int, default=300
        See :class:`RandomConvolutions`.
    n_folds : int, default=5
        Folds of the cross-validation.
    random_state : int, RandomState instance or None, default=0
        The seed of kernels, folds and subsampling.

    Returns
    -------
    TwoSampleResult
        The accuracy, its Wilson interval and the p-value of a binomial test against .5, both with
        1.4 times fewer series than there are, for folds share training series.

    Raises
    ------
    ValueError
        If there are fewer series than folds, or fewer than three time steps.

    Notes
    -----
    With few series it finds nothing: of 20 against 20 an accuracy of .5 is compatible with anything
    from .35 to .65. With very many it finds differences that no task cares for. It does not see
    copies, for which see :func:`authenticity`.

    References
    ----------
    Lopez-Paz, D., Oquab, M. (2017). Revisiting classifier two-sample tests. ICLR.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.metrics import classifier_two_sample_test
    >>> noise = np.random.default_rng(0).normal(size=(200, 50))
    >>> round(classifier_two_sample_test(noise[:100], noise[100:].cumsum(axis=1)).statistic, 1)
    1.0
    """
    real, synthetic = check_series_pair(real, synthetic, "random")
    n_samples = min(len(real), len(synthetic))
    if n_samples < n_folds:
        raise ValueError(
            f"There are {len(real)} real and {len(synthetic)} synthetic series; the test needs at "
            f"least n_folds={n_folds} of each."
        )
    rng = check_random_state(random_state)
    sides = [
        side[rng.choice(len(side), n_samples, replace=False)] if len(side) > n_samples else side
        for side in (real, synthetic)
    ]
    features = _features(sides[0], sides[1], n_kernels, rng)
    labels = np.repeat([0, 1], n_samples)
    classifier = make_pipeline(StandardScaler(), RidgeClassifierCV(np.logspace(-1, 5, 13)))
    folds = StratifiedKFold(n_folds, shuffle=True, random_state=rng.randint(2**31))
    predicted = cross_val_predict(classifier, features, labels, cv=folds)
    accuracy = float(np.mean(predicted == labels))
    n_effective = round(2 * n_samples / OVERLAP)
    n_right = round(accuracy * n_effective)
    interval = binomtest(n_right, n_effective).proportion_ci(0.95, method="wilson")
    p_value = binomtest(n_right, n_effective, alternative="greater").pvalue
    return TwoSampleResult(accuracy, float(interval.low), float(interval.high), float(p_value))


def maximum_mean_discrepancy(
    real, synthetic, *, n_kernels=300, n_permutations=500, random_state=0
) -> TwoSampleResult:
    r"""Squared maximum mean discrepancy in a space of random convolutional features.

    .. math:: MMD^2 = \mathbb{E}\, k(x, x') - 2\, \mathbb{E}\, k(x, s) + \mathbb{E}\, k(s, s')

    in its unbiased form, with a Gaussian kernel whose width is the median distance between all
    series, of standardised features.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        At least two series each.
    n_kernels : int, default=300
        See :class:`RandomConvolutions`.
    n_permutations : int, default=500
        Of the series over both sides, for the bounds and the p-value; with 0 these are NaN.
    random_state : int, RandomState instance or None, default=0
        The seed of kernels and permutations.

    Returns
    -------
    TwoSampleResult
        The statistic is 0 on average if both sides are alike, and can be below; 2 is the most. Its
        p-value and bounds are those of the permutations.

    Notes
    -----
    Its size depends on the width and on the dimension of the features: compare it with its
    reference and within one study, not between studies. Like the classifier test it does not see
    copies.

    References
    ----------
    Gretton, A. et al. (2012). A kernel two-sample test. Journal of Machine Learning Research, 13,
    eq. 3.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.metrics import maximum_mean_discrepancy
    >>> noise = np.random.default_rng(0).normal(size=(200, 50))
    >>> alike = maximum_mean_discrepancy(noise[:100], noise[100:])
    >>> bool(alike.low < alike.statistic < alike.high)
    True
    """
    real, synthetic = check_series_pair(real, synthetic, "random")
    if min(len(real), len(synthetic)) < 2:
        raise ValueError(
            f"There are {len(real)} real and {len(synthetic)} synthetic series; the discrepancy "
            "needs at least two of each."
        )
    rng = check_random_state(random_state)
    features = StandardScaler().fit_transform(_features(real, synthetic, n_kernels, rng))
    kernel = cdist(features, features, "sqeuclidean")
    width = np.median(kernel[np.triu_indices(len(kernel), 1)]) or 1.0
    np.exp(kernel / -width, out=kernel)
    np.fill_diagonal(kernel, 0.0)

    n_real, n_synthetic = len(real), len(synthetic)
    is_real = np.repeat([1.0, 0.0], [n_real, n_synthetic])
    split = np.stack([is_real, *(rng.permutation(is_real) for _ in range(n_permutations))], axis=1)
    to_real = kernel @ split  # (n, permutations)
    among_real = np.sum(split * to_real, axis=0)
    across = np.sum((1 - split) * to_real, axis=0)
    among_synthetic = kernel.sum() - among_real - 2 * across
    values = (
        among_real / (n_real * (n_real - 1))
        + among_synthetic / (n_synthetic * (n_synthetic - 1))
        - 2 * across / (n_real * n_synthetic)
    )
    statistic, permuted = values[0], values[1:]
    if not n_permutations:
        return TwoSampleResult(float(statistic), *[float("nan")] * 3)
    low, high = np.quantile(permuted, [0.025, 0.975])
    p_value = (1 + np.sum(permuted >= statistic)) / (1 + n_permutations)
    return TwoSampleResult(float(statistic), float(low), float(high), float(p_value))


def _features(
    real: np.ndarray, synthetic: np.ndarray, n_kernels: int, rng: np.random.RandomState
) -> np.ndarray:
    """Random convolutional features of both sides, in units of the real one."""
    kernels = RandomConvolutions(n_kernels, random_state=rng).fit(real)
    return kernels.transform(np.concatenate([real, synthetic]))

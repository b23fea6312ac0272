"""Two-sample tests: whether synthetic series can be told from real ones."""

from __future__ import annotations

from functools import partial
from itertools import combinations_with_replacement
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist, pdist
from scipy.stats import binomtest
from sklearn.linear_model import RidgeClassifierCV
from sklearn.metrics.pairwise import euclidean_distances
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import check_random_state

from ganbats_sampler.metrics.features import RandomConvolutions
from ganbats_sampler.metrics.pairing import Seed, check_sides

#: By how much the variance of a cross-validated accuracy exceeds the binomial one, for folds share
#: training series: measured, 1.3 at 10 and 1.4 at 30 series of white noise on either side.
OVERLAP = 1.4
#: Series of either axis in a block of the kernel.
KERNEL_BLOCK = 2000
#: Most series of both sides whose median distance is exact; of more it is that of a sample.
MAX_MEDIAN = 2000
#: Least squared width of a kernel, in standardised features, whose distances are expanded.
MIN_EXPANDED = 1e-4


class TwoSampleResult(NamedTuple):
    """The result of a two-sample test.

    Attributes
    ----------
    statistic : float
        The accuracy or the discrepancy.
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
    real: ArrayLike,
    synthetic: ArrayLike,
    *,
    n_kernels: int = 300,
    n_folds: int = 5,
    random_state: Seed = 0,
) -> TwoSampleResult:
    """Cross-validated accuracy of a classifier that tells synthetic from real series.

    .5 is perfect, because the sides cannot be distinguished. 1 is the worst. A ridge classifier on
    random convolutional features; of the larger side as many are drawn as the smaller one has.

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
    real, synthetic = check_sides(real=real, synthetic=synthetic)
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
    real: ArrayLike,
    synthetic: ArrayLike,
    *,
    n_kernels: int = 300,
    n_permutations: int = 500,
    random_state: Seed = 0,
) -> TwoSampleResult:
    r"""Squared maximum mean discrepancy in a space of random convolutional features.

    .. math:: MMD^2 = \mathbb{E}\, k(x, x') - 2\, \mathbb{E}\, k(x, s) + \mathbb{E}\, k(s, s')

    in its unbiased form, with a Gaussian kernel whose width is the median distance between all
    series, of standardised features. Of more than 2,000 series it is the median of 2,000 of them.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        At least two series each.
    n_kernels : int, default=300
        See :class:`RandomConvolutions`.
    n_permutations : int, default=500
        The permutations of the series over both sides, for the bounds and the p-value; with 0 these
        are NaN.
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
    copies. The sums over the kernel are exact for any number of series. They are taken in blocks,
    so the time grows with the square of the number of series, but the memory does not.

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
    real, synthetic = check_sides(real=real, synthetic=synthetic)
    if min(len(real), len(synthetic)) < 2:
        raise ValueError(
            f"There are {len(real)} real and {len(synthetic)} synthetic series; the discrepancy "
            "needs at least two of each."
        )
    rng = check_random_state(random_state)
    features = StandardScaler().fit_transform(_features(real, synthetic, n_kernels, rng))
    n_real, n_synthetic = len(real), len(synthetic)
    is_real = np.repeat([True, False], [n_real, n_synthetic])
    splits = np.empty((len(features), 1 + n_permutations), dtype=bool)
    splits[:, 0] = is_real
    for i in range(n_permutations):
        splits[:, 1 + i] = rng.permutation(is_real)
    among_real, across, among_synthetic = _kernel_sums(features, splits, rng)
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
    return np.concatenate([kernels.transform(side) for side in (real, synthetic)])


def _kernel_sums(
    features: np.ndarray, splits: np.ndarray, rng: np.random.RandomState
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sum the kernel over pairs of real series, mixed pairs, and pairs of synthetic series.

    The columns of `splits`, (n_samples, n_splits), say which series count as real, and each has its
    sums. A series makes no pair with itself; every other pair of one side counts twice. Blocks
    above the diagonal of the symmetric kernel are computed, one at a time.
    """
    width = _median_distance(features, rng) or 1.0
    # Squares are expanded, which is fast; it is exact enough unless most series are alike.
    squares = partial(euclidean_distances, squared=True) if width > MIN_EXPANDED else _squares
    among_real, to_all = np.zeros(splits.shape[1]), np.zeros(len(features))
    starts = range(0, len(features), KERNEL_BLOCK)
    for start, other in combinations_with_replacement(starts, 2):
        rows, columns = (slice(i, i + KERNEL_BLOCK) for i in (start, other))
        # float64 a block at a time
        kernel = squares(*(features[part].astype(np.float64) for part in (rows, columns)))
        np.exp(kernel / -width, out=kernel)
        twice = 1 if start == other else 2
        if start == other:
            np.fill_diagonal(kernel, 0.0)
        else:
            to_all[columns] += kernel.sum(axis=0)
        to_all[rows] += kernel.sum(axis=1)
        to_real = kernel @ splits[columns].astype(float)  # (rows, n_splits)
        among_real += twice * np.sum(to_real, axis=0, where=splits[rows])
    across = to_all @ splits - among_real
    return among_real, across, to_all.sum() - among_real - 2 * across


def _median_distance(features: np.ndarray, rng: np.random.RandomState) -> float:
    """Median of the squared distances between all series, or those of a sample of them."""
    if len(features) > MAX_MEDIAN:
        features = features[rng.choice(len(features), MAX_MEDIAN, replace=False)]
    return float(np.median(pdist(features, "sqeuclidean")))


def _squares(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return cdist(a, b, "sqeuclidean")

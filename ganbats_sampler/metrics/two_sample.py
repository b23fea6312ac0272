"""Two-sample tests of whether synthetic series differ from real ones."""

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

#: The variance of a cross-validated accuracy, divided by the binomial variance. It is above 1
#: because folds share training series. With white noise, 1.3 was measured for 10 series on each
#: side, and 1.4 for 30.
OVERLAP = 1.4
#: Number of series along each axis of a block of the kernel matrix.
KERNEL_BLOCK = 2000
#: Maximum number of series of both sides for the median distance. More are subsampled.
MAX_MEDIAN = 2000
#: Squared distances are expanded if the squared width of the kernel is above this.
MIN_EXPANDED = 1e-4


class TwoSampleResult(NamedTuple):
    """The result of a two-sample test.

    Attributes
    ----------
    statistic : float
        The two-sample accuracy or the discrepancy.
    low, high : float
        For the classifier test, the 95% confidence interval of the accuracy. For the maximum mean
        discrepancy, the interval that contains 95% of its values if both sides have the same
        distribution.
    p_value : float
        The probability of this statistic or a greater one if both sides have the same distribution.
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
    """Two-sample accuracy (C2ST): how often a classifier tells synthetic from real series.

    An accuracy of .5 is ideal, because the classifier cannot distinguish the sides. 1 is the worst.
    A ridge classifier on random convolutional features is cross-validated. The larger side is
    subsampled to the size of the smaller one.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        At least `n_folds` series each. Pass held-out series as `real`: compared with the training
        series, copies of them look ideal.
    n_kernels : int, default=300
        The number of kernels of :class:`RandomConvolutions`.
    n_folds : int, default=5
        The number of folds of the cross-validation.
    random_state : int, RandomState instance or None, default=0
        The seed of kernels, folds and subsampling.

    Returns
    -------
    TwoSampleResult
        The accuracy, its Wilson interval and the p-value of a binomial test against .5. Both assume
        1.4 times fewer series than there are, because folds share training series.

    Raises
    ------
    ValueError
        If a side has fewer series than folds, there are fewer than three time steps, the two sides
        differ in channels or time steps, or a value is missing or infinite.

    Notes
    -----
    With few series the test has little power: with 20 series on each side, an accuracy of .5 has a
    confidence interval of .31 to .66. With very many series it finds differences that do not matter
    in practice. It does not detect copies; use :func:`authenticity`.

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
    r"""Squared maximum mean discrepancy (MMD) of random convolutional features.

    .. math:: MMD^2 = \mathbb{E}\, k(x, x') - 2\, \mathbb{E}\, k(x, s) + \mathbb{E}\, k(s, s')

    for real series x and synthetic series s, in its unbiased form. The kernel
    :math:`k(a, b) = \exp(-|a - b|^2 / w^2)` is Gaussian, on standardised features. Its width w is
    the median distance between all series, or between 2,000 of them if there are more.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        At least two series each.
    n_kernels : int, default=300
        The number of kernels of :class:`RandomConvolutions`.
    n_permutations : int, default=500
        The number of random permutations of the series over both sides, which give the bounds and
        the p-value. With 0, these are NaN.
    random_state : int, RandomState instance or None, default=0
        The seed of kernels and permutations.

    Returns
    -------
    TwoSampleResult
        The statistic is 0 on average if both sides have the same distribution. It can be negative,
        and is at most 2. The bounds and the p-value are those of the permutations.

    Raises
    ------
    ValueError
        If a side has fewer than two series, there are fewer than three time steps, the two sides
        differ in channels or time steps, or a value is missing or infinite.

    Notes
    -----
    The discrepancy depends on the kernel width and the number of features. Compare it with its
    reference and within one study, not between studies. Like the classifier test, it does not
    detect copies. The kernel sums are exact for any number of series. They are computed in blocks,
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
    """Compute random convolutional features of both sides, scaled as the real side."""
    kernels = RandomConvolutions(n_kernels, random_state=rng).fit(real)
    return np.concatenate([kernels.transform(side) for side in (real, synthetic)])


def _kernel_sums(
    features: np.ndarray, splits: np.ndarray, rng: np.random.RandomState
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sum the kernel over pairs of real series, mixed pairs, and pairs of synthetic series.

    Each column of `splits`, (n_samples, n_splits), marks the series that count as real, and has its
    own sums. A series forms no pair with itself, and a pair within one side counts twice. The
    kernel is symmetric, so only the blocks on and above its diagonal are computed, one at a time.
    """
    width = _median_distance(features, rng) or 1.0
    # Expanding the squares is fast, and exact enough unless most series are nearly identical.
    squares = partial(euclidean_distances, squared=True) if width > MIN_EXPANDED else _squares
    among_real, to_all = np.zeros(splits.shape[1]), np.zeros(len(features))
    starts = range(0, len(features), KERNEL_BLOCK)
    for start, other in combinations_with_replacement(starts, 2):
        rows, columns = (slice(i, i + KERNEL_BLOCK) for i in (start, other))
        # converted to float64 by block, to save memory
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
    """Return the median squared distance between all series, or between a sample of them."""
    if len(features) > MAX_MEDIAN:
        features = features[rng.choice(len(features), MAX_MEDIAN, replace=False)]
    return float(np.median(pdist(features, "sqeuclidean")))


def _squares(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return cdist(a, b, "sqeuclidean")

"""Tests of whether one method is better than another over several tasks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

#: With fewer tasks no two-sided p-value can be below .05: with 5 the least is .0625.
MIN_TASKS = 6
#: The number of posterior samples; the standard error of a probability of .95 is then .002.
N_SAMPLES = 10_000


class Posterior(NamedTuple):
    """The probabilities that a method is better, equivalent in practice, and worse."""

    better: float
    equivalent: float
    worse: float


def wilcoxon_p_value(gains: ArrayLike) -> float:
    """Compute the two-sided p-value of Wilcoxon's signed-rank test, exact also with ties.

    Differences of zero are left out, as in Wilcoxon's paper. If fewer than 6 are left the result is
    NaN, because then no p-value could be below .05 (Demsar, J. 2006, Statistical comparisons of
    classifiers over multiple data sets, JMLR 7, section 3.1.3).

    Examples
    --------
    >>> wilcoxon_p_value([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])  # 2 of 64 combinations of signs
    0.03125
    """
    differences = np.asarray(gains, dtype=float)
    differences = differences[differences != 0]
    if len(differences) < MIN_TASKS:
        return float("nan")
    # doubled to whole numbers, because tied ranks can end in .5
    ranks = np.rint(2 * rankdata(np.abs(differences))).astype(int)
    chances = np.ones(1)  # the probability of each sum of ranks, if signs are random
    for rank in ranks:
        chances = (np.pad(chances, (0, rank)) + np.pad(chances, (rank, 0))) / 2
    greater = ranks[differences > 0].sum()
    least = min(greater, ranks.sum() - greater)
    return float(min(1.0, 2 * chances[: least + 1].sum()))


def adjust_by_holm(p_values: ArrayLike) -> np.ndarray:
    """Adjust the p-values of several tests by Holm's step-down method, leaving out NaN.

    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics 6.

    Examples
    --------
    >>> adjust_by_holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    p_values = np.asarray(p_values, dtype=float)
    adjusted = np.full(p_values.shape, np.nan)
    made = np.flatnonzero(~np.isnan(p_values))
    ascending = made[np.argsort(p_values[made], kind="stable")]
    raised = p_values[ascending] * np.arange(len(ascending), 0, -1)
    adjusted[ascending] = np.minimum(np.maximum.accumulate(raised), 1)
    return adjusted


def bayesian_signed_rank(gains: ArrayLike, rope: float, *, random_state: int = 0) -> Posterior:
    """Run the Bayesian signed-rank test with a region of practical equivalence, by baycomp.

    Parameters
    ----------
    gains : array-like of shape (n_tasks,)
        Differences, greater than zero where the method is better. If there are none, the
        probabilities are NaN.
    rope : float
        Half the width of the region. A difference of at most this size does not matter in practice.
    random_state : int, default=0
        The seed of the posterior's samples.

    Returns
    -------
    Posterior

    Raises
    ------
    ValueError
        If `rope` is not greater than 0.
    ImportError
        If baycomp is not installed.

    References
    ----------
    Benavoli, A., Corani, G., Demsar, J., Zaffalon, M. (2017). Time for a change: a tutorial for
    comparing multiple classifiers through Bayesian analysis. Journal of Machine Learning Research
    18, section 4.2.
    """
    if rope <= 0:
        raise ValueError(f"rope={rope} was given; it must be greater than 0.")
    gains = np.sort(np.asarray(gains, float))  # the order would change the result
    if not len(gains):
        return Posterior(*[float("nan")] * 3)
    try:
        from baycomp import SignedRankTest
    except ImportError as error:
        raise ImportError(
            'The Bayesian test needs baycomp: pip install "ganbats-sampler[benchmark]"'
        ) from error
    worse, equivalent, better = SignedRankTest.probs(
        np.zeros_like(gains), gains, rope, nsamples=N_SAMPLES, random_state=random_state
    )
    return Posterior(float(better), float(equivalent), float(worse))

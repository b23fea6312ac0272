"""Tests of whether one arm is better than another over data sets."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

#: Below this many tasks no order of signs has a two-sided p below .05: of 5 the least is .0625.
MIN_TASKS = 6
#: How many posterior samples; the error of a probability of .95 is then .002.
N_SAMPLES = 10_000


class WinsTiesLosses(NamedTuple):
    """On how many tasks an arm is better, as good, and worse.

    Attributes
    ----------
    wins, ties, losses : int
        They sum to the tasks.
    """

    wins: int
    ties: int
    losses: int


class Posterior(NamedTuple):
    """What a Bayesian test believes; the three sum to 1.

    Attributes
    ----------
    better, equivalent, worse : float
        Probabilities.
    """

    better: float
    equivalent: float
    worse: float


def count_wins(gains, tolerance: float) -> WinsTiesLosses:
    """Count wins, ties and losses.

    Parameters
    ----------
    gains : array-like of shape (n_tasks,)
        Differences, greater than zero where the arm is better.
    tolerance : float
        A difference of this size or less is a tie.

    Returns
    -------
    WinsTiesLosses

    Examples
    --------
    >>> from ganbats_sampler.benchmark import count_wins
    >>> count_wins([0.2, 0.0005, -0.1, 0.1], tolerance=0.001)
    WinsTiesLosses(wins=2, ties=1, losses=1)
    """
    gains = _check(gains)
    wins, losses = int((gains > tolerance).sum()), int((gains < -tolerance).sum())
    return WinsTiesLosses(wins, len(gains) - wins - losses, losses)


def wilcoxon_p_value(gains) -> float:
    """Two-sided p-value of Wilcoxon's signed-rank test, exact with ties as well.

    Parameters
    ----------
    gains : array-like of shape (n_tasks,)
        Differences, one for each task. Those of zero are left out, as Wilcoxon did.

    Returns
    -------
    float
        NaN if fewer than 6 are left, where no p-value could be below .05: there is nothing to test.

    References
    ----------
    Demsar, J. (2006). Statistical comparisons of classifiers over multiple data sets. Journal of
    Machine Learning Research 7. Section 3.1.3.

    Examples
    --------
    >>> from ganbats_sampler.benchmark import wilcoxon_p_value
    >>> wilcoxon_p_value([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])  # 2 of the 64 orders of signs
    0.03125
    """
    gains = _check(gains)
    gains = gains[gains != 0]
    if len(gains) < MIN_TASKS:
        return float("nan")
    ranks = np.rint(2 * rankdata(np.abs(gains))).astype(int)  # doubled, for ties have halves
    chances = np.ones(1)  # of each sum of ranks, if every gain may as well be a loss
    for rank in ranks:
        chances = (np.pad(chances, (0, rank)) + np.pad(chances, (rank, 0))) / 2
    greater = ranks[gains > 0].sum()
    least = min(greater, ranks.sum() - greater)
    return float(min(1.0, 2 * chances[: least + 1].sum()))


def adjust_by_holm(p_values) -> np.ndarray:
    """Adjust the p-values of several tests by Holm's step-down method.

    Parameters
    ----------
    p_values : array-like of shape (n_tests,)
        NaN for a test that was not made, which does not count.

    Returns
    -------
    ndarray of shape (n_tests,)
        In the order given. To call those below .05 significant is to err in at most 5% of families.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics 6.

    Examples
    --------
    >>> from ganbats_sampler.benchmark import adjust_by_holm
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


def bayesian_signed_rank(gains, rope: float, *, random_state: int = 0) -> Posterior:
    """Bayesian signed-rank test with a region of practical equivalence, by baycomp.

    Parameters
    ----------
    gains : array-like of shape (n_tasks,)
        Differences, greater than zero where the arm is better; their order does not matter.
    rope : float
        Half the width of the region: a difference of this size or less is none in practice.
    random_state : int, default=0
        Of the 10,000 samples of the posterior.

    Returns
    -------
    Posterior
        How likely it is that on most tasks, in the sense of the test, the arm is better by more
        than the rope, differs by less, or is worse by more; NaN if there are no tasks.

    Raises
    ------
    ImportError
        If baycomp is not installed.

    References
    ----------
    Benavoli, A., Corani, G., Demsar, J., Zaffalon, M. (2017). Time for a change: a tutorial for
    comparing multiple classifiers through Bayesian analysis. Journal of Machine Learning Research
    18. Section 4.2.
    """
    if rope <= 0:
        raise ValueError(f"rope={rope} was given; it must be greater than 0.")
    gains = np.sort(_check(gains))  # each has a random weight: sorted, the rows' order is no matter
    if not len(gains):
        return Posterior(*[float("nan")] * 3)
    test = _import_baycomp().SignedRankTest
    worse, equivalent, better = test.probs(
        np.zeros_like(gains), gains, rope, nsamples=N_SAMPLES, random_state=random_state
    )
    return Posterior(float(better), float(equivalent), float(worse))


def _check(gains) -> np.ndarray:
    gains = np.asarray(gains, dtype=float)
    if np.isnan(gains).any():
        raise ValueError(
            f"{np.isnan(gains).sum()} of {len(gains)} differences are NaN; give those of the tasks "
            "that both arms have."
        )
    return gains


def _import_baycomp():
    try:
        import baycomp
    except ImportError as error:
        raise ImportError(
            'The Bayesian test needs baycomp: pip install "ganbats-sampler[benchmark]"'
        ) from error
    return baycomp

"""From a table of runs to one number for each task and arm."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ganbats_sampler.benchmark.verdict.runs import ORACLE, SCORES, STATUSES, check_results

if TYPE_CHECKING:
    import pandas as pd

#: Differences are rounded to so many decimals: averages of equal scores are equal.
DECIMALS = 12


def tabulate_scores(results: pd.DataFrame, score: str, classifier: str) -> pd.DataFrame:
    """Lay the scores of a classifier out by arm, so that a row has the same split for all.

    Parameters
    ----------
    results : DataFrame
        As :func:`check_results` wants it.
    score : str
        A column.
    classifier : str
        Which one.

    Returns
    -------
    DataFrame of shape (tasks x seeds, arms)
        NaN for each run that was not made, failed, was skipped, or has no such score.

    Raises
    ------
    ValueError
        If there is no such score or classifier, or see :func:`check_results`.
    """
    check_results(results)
    scores = [name for name in SCORES if name in results]
    if score not in scores:
        raise ValueError(f"There is no score {score!r}; the results have {scores}.")
    chosen = results[results["classifier"] == classifier]
    if chosen.empty:
        names = sorted(results["classifier"].unique())
        raise ValueError(f"There is no classifier {classifier!r}; the results have {names}.")
    values = chosen[score].where(chosen["status"] == "ok")
    table = chosen.assign(**{score: values}).pivot(
        index=["task", "seed"], columns="arm", values=score
    )
    return table.sort_index().sort_index(axis=1)


def average_seeds(table: pd.DataFrame) -> pd.DataFrame:
    """Average the seeds within a task.

    Arms of a row may have other seeds than one another where runs failed: to compare two of them,
    take :func:`pair_arms`.

    Parameters
    ----------
    table : DataFrame of shape (tasks x seeds, arms)
        From :func:`tabulate_scores`.

    Returns
    -------
    DataFrame of shape (tasks, arms)
        NaN where no seed has a score.
    """
    return table.groupby(level="task").mean()


def pair_arms(table: pd.DataFrame, score: str, arm: str, baseline: str = "none") -> pd.DataFrame:
    """Average two arms over the seeds and tasks that both have.

    Parameters
    ----------
    table : DataFrame of shape (tasks x seeds, arms)
        From :func:`tabulate_scores`.
    score : str
        Which score it holds.
    arm, baseline : str
        A column each; one that is not there has no tasks.

    Returns
    -------
    DataFrame
        A row for each task that both have, with the columns ``mean``, ``baseline`` (its mean),
        ``gain`` (the difference, greater than zero where the arm is better, whichever way the score
        counts) and ``seeds`` (how many were averaged).
    """
    both = table.reindex(columns=[arm, baseline]).dropna()
    both.columns = ["mean", "baseline"]
    by_task = both.groupby(level="task")
    pairs = by_task.mean()
    sign = 1 if SCORES[score].greater_is_better else -1
    pairs["gain"] = (sign * (pairs["mean"] - pairs["baseline"])).round(DECIMALS)
    pairs["seeds"] = by_task.size()
    return pairs


def tabulate_gains(table: pd.DataFrame, score: str, baseline: str = "none") -> pd.DataFrame:
    """Lay out what each arm gains on each task over a baseline.

    Parameters
    ----------
    table : DataFrame of shape (tasks x seeds, arms)
        From :func:`tabulate_scores`.
    score : str
        Which score it holds.
    baseline : str, default="none"
        Which arm.

    Returns
    -------
    DataFrame of shape (tasks, arms - 1)
        Greater than zero where the arm is better; NaN where the two have no seed in common.
    """
    import pandas as pd

    tasks = pd.Index(table.index.unique(level="task"), name="task")
    gains = {
        arm: pair_arms(table, score, arm, baseline)["gain"].reindex(tasks)
        for arm in table.columns
        if arm != baseline
    }
    return pd.DataFrame(gains, index=tasks)


class GapClosed(NamedTuple):
    """How much of the way from nothing to the oracle an arm goes.

    Attributes
    ----------
    pooled : float
        The arm's gains over the oracle's, each summed over the tasks: 0 is nothing's, 1 the
        oracle's; NaN if there are no tasks.
    by_task : Series
        The same ratio for each task. A small gap makes it large, so that single ones, and their
        mean, mean little.
    """

    pooled: float
    by_task: pd.Series


def gap_closed(
    table: pd.DataFrame, score: str, arm: str, *, margin: float | None = None
) -> GapClosed:
    """Compute (arm - none) / (oracle - none), on the tasks where real series would help.

    Parameters
    ----------
    table : DataFrame of shape (tasks x seeds, arms)
        From :func:`tabulate_scores`.
    score : str
        Which score it holds.
    arm : str
        Which arm.
    margin : float, default=None
        By how much more than this the oracle must be better than nothing; None for the region of
        practical equivalence in :data:`SCORES`. Without it the ratio is one of noise.

    Returns
    -------
    GapClosed
        On the seeds and tasks that the arm, nothing and the oracle all have.
    """
    margin = SCORES[score].rope if margin is None else margin
    names = list(dict.fromkeys([arm, "none", ORACLE]))
    shared = table.reindex(columns=names).dropna()
    gains = pair_arms(shared, score, arm)["gain"]
    gaps = pair_arms(shared, score, ORACLE)["gain"]
    gains, gaps = gains[gaps > margin], gaps[gaps > margin]
    pooled = gains.sum() / gaps.sum() if len(gaps) else np.nan
    return GapClosed(float(pooled), gains / gaps)


def count_runs(results: pd.DataFrame, score: str, classifier: str) -> pd.DataFrame:
    """Count what became of the runs of each arm, and what they cost.

    Parameters
    ----------
    results : DataFrame
        As :func:`check_results` wants it.
    score : str
        A column.
    classifier : str
        Which one.

    Returns
    -------
    DataFrame
        A row for each arm, with the columns ``ok``, ``failed``, ``skipped``, ``undefined`` (of
        those that went well, how many have no such score) and ``seconds`` (the median of resampling
        and fitting, of those that went well).
    """
    import pandas as pd

    chosen = results[results["classifier"] == classifier]
    went_well = chosen["status"] == "ok"
    costs = chosen["resample_seconds"].fillna(0) + chosen["fit_seconds"].fillna(0)
    counted = {name: chosen["status"] == name for name in STATUSES}
    counted["undefined"] = went_well & chosen[score].isna()
    counts = pd.DataFrame(counted).groupby(chosen["arm"]).sum()
    counts["seconds"] = costs[went_well].groupby(chosen["arm"]).median()
    return counts

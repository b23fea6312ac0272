"""Every method beside a baseline, as a table: means, tests, cost, and the conclusion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ganbats_sampler.benchmark.methods import FAILED_CHECKS, FELL_BACK, ORACLE
from ganbats_sampler.benchmark.results import STATUSES, check_runs
from ganbats_sampler.benchmark.scores import SCORES
from ganbats_sampler.benchmark.verdict.statistics import (
    MIN_TASKS,
    Posterior,
    adjust_by_holm,
    bayesian_signed_rank,
    wilcoxon_p_value,
)

if TYPE_CHECKING:
    import pandas as pd

#: A p-value below this, adjusted by Holm's method, is significant.
SIGNIFICANCE = 0.05
#: A posterior probability from this on counts as certain.
CREDIBILITY = 0.95
#: A difference of up to this share of the region of practical equivalence is a tie.
TIE = 0.1
#: Differences are rounded to this number of decimals, so that averages of equal scores are equal.
DECIMALS = 12


def tabulate_scores(results: pd.DataFrame, score: str, classifier: str) -> pd.DataFrame:
    """Lay out the scores of a classifier, (tasks x seeds, methods); NaN where there is none."""
    check_runs(results)
    scores = [name for name, of in SCORES.items() if name in results and of.rope is not None]
    if score not in scores:
        raise ValueError(f"There is no score {score!r} to judge; the results have {scores}.")
    chosen = results[results["classifier"] == classifier]
    if chosen.empty:
        names = sorted(results["classifier"].unique())
        raise ValueError(f"There is no classifier {classifier!r}; the results have {names}.")
    table = chosen.assign(**{score: chosen[score].where(chosen["status"] == "ok")})
    table = table.pivot(index=["task", "seed"], columns="method", values=score)
    return table.sort_index().sort_index(axis=1)


def pair_methods(
    table: pd.DataFrame, score: str, method: str, baseline: str = "none"
) -> pd.DataFrame:
    """Average two methods over the seeds and tasks that both have, with a row for each task.

    The columns are ``mean``, ``baseline`` (its mean), ``gain`` (greater than zero where the method
    is better, whichever way the score counts) and ``seeds`` (the number that were averaged).
    """
    both = table.reindex(columns=[method, baseline]).dropna()
    both.columns = ["mean", "baseline"]
    by_task = both.groupby(level="task")
    pairs = by_task.mean()
    sign = 1 if SCORES[score].greater_is_better else -1
    pairs["gain"] = (sign * (pairs["mean"] - pairs["baseline"])).round(DECIMALS)
    pairs["seeds"] = by_task.size()
    return pairs


def gap_closed(
    table: pd.DataFrame, score: str, method: str, margin: float | None = None
) -> tuple[float, int]:
    """Compute (method - none) / (oracle - none), pooled over the tasks where real series help.

    These are the tasks on which the oracle gains more than `margin`, by default the region of
    practical equivalence; elsewhere the ratio would be one of noise. The number of these tasks is
    returned too.
    """
    margin = SCORES[score].rope if margin is None else margin
    shared = table.reindex(columns=list(dict.fromkeys([method, "none", ORACLE]))).dropna()
    gains, gaps = (pair_methods(shared, score, name)["gain"] for name in (method, ORACLE))
    gains, gaps = gains[gaps > margin], gaps[gaps > margin]
    return (float(gains.sum() / gaps.sum()) if len(gaps) else np.nan), len(gaps)


def choose_word(n_tasks: int, gain: float, p_holm: float, posterior: Posterior) -> str:
    """Turn the tests of a method beside a baseline into a conclusion.

    The first rule that holds gives the word.

    1. *too few tasks*: fewer than 6, where Wilcoxon's test cannot find anything.
    2. *helps*, *harms*: both tests say so (p < .05 after Holm's correction, and a difference beyond
       the region of practical equivalence with a probability of .95), and the mean agrees.
    3. *alike*: equivalent in practice with a probability of .95, over the tasks as a whole.
    4. *not established*: none of these. It does not mean that there is no difference.
    """
    if n_tasks < MIN_TASKS:
        return "too few tasks"
    is_significant = p_holm < SIGNIFICANCE
    if is_significant and posterior.better >= CREDIBILITY and gain > 0:
        return "helps"
    if is_significant and posterior.worse >= CREDIBILITY and gain < 0:
        return "harms"
    return "alike" if posterior.equivalent >= CREDIBILITY else "not established"


def compare_methods(
    results: pd.DataFrame,
    score: str,
    classifier: str,
    *,
    baseline: str = "none",
    rope: float | None = None,
    random_state: int = 0,
) -> pd.DataFrame:
    """Compare every method with a baseline.

    Parameters
    ----------
    results : DataFrame
        Runs, as :func:`~ganbats_sampler.benchmark.compare_samplers` returns them.
    score, classifier : str
        The score and the classifier.
    baseline : str, default="none"
        The method that the others are compared with, such as "none" or "smote".
    rope : float, default=None
        Half the width of the region of practical equivalence; None for .01, or .002 for the Brier
        score.
    random_state : int, default=0
        The seed of the Bayesian test.

    Returns
    -------
    DataFrame
        A row for each other method, by descending gain: ``word`` (see :func:`choose_word`);
        ``n_tasks`` and ``n_pairs``, the tasks and runs that both have and all figures are over;
        ``mean``, ``baseline_mean``, and ``gain``, greater than zero where the method is better;
        ``wins``, ``ties`` and ``losses`` by task; ``p_value`` and ``p_holm`` of Wilcoxon's test
        (NaN for fewer than 6 tasks; the oracle is not adjusted); ``p_better``, ``p_equivalent`` and
        ``p_worse`` of the Bayesian test; ``gap_closed`` and ``n_gap_tasks`` (see
        :func:`gap_closed`); medians of resampling and fitting, ``seconds`` and
        ``baseline_seconds``; and numbers of runs that were ``ok``, ``failed``, ``skipped``,
        ``undefined`` (ok without such a score), or ``of_failed_networks`` (ok, but a network of it
        failed the checks).
    """
    import pandas as pd

    table = tabulate_scores(results, score, classifier)
    if baseline not in table:
        raise ValueError(
            f"There is no method {baseline!r} for the classifier {classifier!r}; there are "
            f"{list(table)}."
        )
    rope = SCORES[score].rope if rope is None else rope
    assert rope is not None
    pairs = {m: pair_methods(table, score, m, baseline) for m in table if m != baseline}
    p_values = pd.Series({m: wilcoxon_p_value(pair["gain"]) for m, pair in pairs.items()})
    p_holm = p_values.copy()
    candidates = p_holm.index.drop(ORACLE, errors="ignore")
    p_holm[candidates] = adjust_by_holm(p_values[candidates])
    rows = {}
    for method, pair in pairs.items():
        gains = pair["gain"]
        posterior = bayesian_signed_rank(gains, rope, random_state=random_state)
        share, n_gap_tasks = gap_closed(table, score, method, rope)
        rows[method] = {
            "word": choose_word(len(pair), gains.mean(), p_holm[method], posterior),
            "n_tasks": len(pair),
            "n_pairs": int(pair["seeds"].sum()),
            "mean": pair["mean"].mean(),
            "baseline_mean": pair["baseline"].mean(),
            "gain": gains.mean(),
            "wins": int((gains > TIE * rope).sum()),
            "ties": int((gains.abs() <= TIE * rope).sum()),
            "losses": int((gains < -TIE * rope).sum()),
            "p_value": p_values[method],
            "p_holm": p_holm[method],
            **{f"p_{name}": value for name, value in posterior._asdict().items()},
            "gap_closed": share,
            "n_gap_tasks": n_gap_tasks,
        }
    compared = pd.DataFrame.from_dict(rows, orient="index").rename_axis("method")
    counts = count_runs(results, score, classifier)
    compared = compared.join(counts).assign(baseline_seconds=counts.loc[baseline, "seconds"])
    return compared.sort_index().sort_values("gain", ascending=False, kind="stable")


def count_runs(results: pd.DataFrame, score: str, classifier: str) -> pd.DataFrame:
    """Count what became of the runs of each method, with the median of what they took."""
    import pandas as pd

    chosen = results[results["classifier"] == classifier]
    went_well = chosen["status"] == "ok"
    costs = chosen["resample_seconds"].fillna(0) + chosen["fit_seconds"].fillna(0)
    counts = pd.DataFrame({name: chosen["status"] == name for name in STATUSES})
    counts["undefined"] = went_well & chosen[score].isna()
    noted = chosen["reason"].astype(str).str.startswith((FELL_BACK, FAILED_CHECKS))
    counts["of_failed_networks"] = went_well & noted
    counted = counts.groupby(chosen["method"]).sum()
    return counted.assign(seconds=costs[went_well].groupby(chosen["method"]).median())

"""Compare every method with a baseline in a table: means, tests, costs and conclusions."""

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
#: A posterior probability of at least this counts as certain.
CREDIBILITY = 0.95
#: A difference of at most this share of the rope is a tie.
TIE = 0.1
#: Differences are rounded to this many decimals, so that equal scores differ by exactly 0.
DECIMALS = 12


def tabulate_scores(results: pd.DataFrame, score: str, classifier: str) -> pd.DataFrame:
    """Return the scores of a classifier, (tasks x seeds, methods); NaN for runs without a score."""
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
    """Average two methods over the seeds that both have, in a row for each task.

    The columns are the means, ``mean`` and ``baseline``, their difference ``gain``, and the number
    of ``seeds``. A gain above zero means that the method is better, also if less is better in the
    score.
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

    These are the tasks on which the oracle gains more than `margin`. By default, `margin` is the
    rope of the score. On other tasks the ratio would be noise. Returns the ratio, NaN without such
    tasks, and their number.
    """
    margin = SCORES[score].rope if margin is None else margin
    shared = table.reindex(columns=list(dict.fromkeys([method, "none", ORACLE]))).dropna()
    gains, gaps = (pair_methods(shared, score, name)["gain"] for name in (method, ORACLE))
    gains, gaps = gains[gaps > margin], gaps[gaps > margin]
    return (float(gains.sum() / gaps.sum()) if len(gaps) else np.nan), len(gaps)


def choose_word(n_tasks: int, gain: float, p_holm: float, posterior: Posterior) -> str:
    """Turn the tests of a method against a baseline into a conclusion.

    The first rule that holds gives the word:

    1. *too few tasks*: there are fewer than 6, so Wilcoxon's test cannot reach p < .05.
    2. *helps*, *harms*: p < .05 after Holm's correction; the difference is beyond the region of
       practical equivalence with a probability of at least .95; and the mean has the same sign.
    3. *alike*: the methods are equivalent in practice with a probability of at least .95.
    4. *not established*: none of these. It does not mean that there is no difference.

    Parameters
    ----------
    n_tasks : int
        The number of tasks that both methods have.
    gain : float
        The mean gain over the tasks.
    p_holm : float
        The p-value of Wilcoxon's test after Holm's correction.
    posterior : Posterior
        The probabilities of the Bayesian test: better, equivalent, worse.

    Returns
    -------
    str
        One of the words above.
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
        Runs of one protocol and amount, from :func:`~ganbats_sampler.benchmark.compare_samplers`.
    score, classifier : str
        The names of a score and of a classifier in `results`.
    baseline : str, default="none"
        The method that the others are compared with, such as "none" or "smote".
    rope : float, default=None
        The greatest difference that does not matter in practice: half the width of the region of
        practical equivalence. None means .01, or .002 for the Brier score.
    random_state : int, default=0
        The seed of the Bayesian test.

    Returns
    -------
    DataFrame
        A row for each other method, by descending gain, with these columns:

        - ``word``: the conclusion; see :func:`choose_word`.
        - ``n_tasks``, ``n_pairs``: the numbers of tasks and of runs that both methods have. The
          means, wins and tests are over these.
        - ``mean``, ``baseline_mean``, ``gain``: the mean scores, and their difference. It is
          greater than zero if the method is better.
        - ``wins``, ``ties``, ``losses``: numbers of tasks. A difference of at most a tenth of
          `rope` is a tie.
        - ``p_value``, ``p_holm``: Wilcoxon's test, before and after Holm's correction, which leaves
          out the oracle. NaN for fewer than 6 tasks with a difference.
        - ``p_better``, ``p_equivalent``, ``p_worse``: probabilities of the Bayesian test.
        - ``gap_closed``, ``n_gap_tasks``: the gain over no resampling as a share of the oracle's
          gain, over the tasks where the oracle gains more than `rope`; and their number.
        - ``seconds``, ``baseline_seconds``: the median time of resampling and fitting.
        - ``ok``, ``failed``, ``skipped``, ``undefined``, ``of_failed_networks``: numbers of runs.
          The last two are ok runs without this score, and ok runs with a network that failed the
          checks or was not trained.

    Raises
    ------
    ValueError
        If `results` has no such score, classifier or baseline, or cannot be judged; or if `rope` is
        not greater than 0.
    TypeError
        If `results` is no DataFrame.
    ImportError
        If baycomp is not installed.
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
    """Count the runs of each method by outcome, and compute the median of their seconds."""
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

"""Every arm beside a baseline: the tests, the cost, and the word that follows."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from ganbats_sampler.benchmark.verdict.averaging import (
    count_runs,
    gap_closed,
    pair_arms,
    tabulate_scores,
)
from ganbats_sampler.benchmark.verdict.runs import ORACLE, SCORES
from ganbats_sampler.benchmark.verdict.statistics import (
    MIN_TASKS,
    Posterior,
    WinsTiesLosses,
    adjust_by_holm,
    bayesian_signed_rank,
    count_wins,
    wilcoxon_p_value,
)

if TYPE_CHECKING:
    import pandas as pd

#: Below this a p-value, adjusted by Holm's method, is significant.
SIGNIFICANCE = 0.05
#: From this on a posterior probability is taken for certain.
CREDIBILITY = 0.95
#: A difference of up to this share of the region of practical equivalence is a tie.
TIE = 0.1


@dataclass(frozen=True)
class Comparison:
    """An arm beside a baseline in one score of one classifier.

    Attributes
    ----------
    classifier, score, arm, baseline : str
        What is compared.
    word : {"helps", "harms", "alike", "not established", "too few tasks"}
        By the rules of :func:`choose_word`.
    n_tasks : int
        Tasks with a seed on which both went well; everything but the counts is of these.
    n_pairs : int
        Pairs of runs on the same split that were averaged.
    mean, baseline_mean : float
        Of the two, over the tasks.
    gain : float
        The difference of the means, greater than zero where the arm is better.
    outcomes : WinsTiesLosses
        By task; a tie is a difference of up to a tenth of the rope.
    p_value, p_holm : float
        Of Wilcoxon's test, and adjusted over the arms; NaN for fewer than 6 tasks.
    posterior : Posterior
        Of the Bayesian test.
    gap_closed : float
        See :func:`~ganbats_sampler.benchmark.gap_closed`; pooled, over nothing.
    n_gap_tasks : int
        Over how many tasks.
    seconds, baseline_seconds : float
        Medians of resampling and fitting, over all runs that went well.
    n_failed, n_skipped, n_undefined : int
        Runs of the arm that failed, were skipped, or went well and have no such score.
    """

    classifier: str
    score: str
    arm: str
    baseline: str
    word: str
    n_tasks: int
    n_pairs: int
    mean: float
    baseline_mean: float
    gain: float
    outcomes: WinsTiesLosses
    p_value: float
    p_holm: float
    posterior: Posterior
    gap_closed: float
    n_gap_tasks: int
    seconds: float
    baseline_seconds: float
    n_failed: int
    n_skipped: int
    n_undefined: int

    def to_row(self) -> dict[str, Any]:
        """Lay it out as a row of a table."""
        row: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "outcomes":
                row |= value._asdict()
            elif field.name == "posterior":
                row |= {f"p_{name}": share for name, share in value._asdict().items()}
            else:
                row[field.name] = value
        return row


def choose_word(n_tasks: int, gain: float, p_holm: float, posterior: Posterior) -> str:
    """Say in a word what the tests of an arm beside a baseline mean.

    The first rule that holds gives the word.

    1. *too few tasks*: fewer than 6, where Wilcoxon's test cannot find anything.
    2. *helps*: both tests say so: p < .05 after Holm's correction, and better by more than the
       region of practical equivalence with a probability of .95 or more; and so does the mean.
    3. *harms*: the same for worse.
    4. *alike*: equivalent in practice with a probability of .95 or more, whether the difference is
       significant or not. As the other words, it is of the tasks as a whole: single ones may differ
       both ways.
    5. *not established*: none of these. It does not mean that there is no difference.

    Parameters
    ----------
    n_tasks : int
        That both arms have.
    gain : float
        Mean difference, greater than zero where the arm is better.
    p_holm : float
        Of Wilcoxon's test, adjusted.
    posterior : Posterior
        Of the Bayesian test.

    Returns
    -------
    {"helps", "harms", "alike", "not established", "too few tasks"}
    """
    if n_tasks < MIN_TASKS:
        return "too few tasks"
    is_significant = p_holm < SIGNIFICANCE
    if is_significant and posterior.better >= CREDIBILITY and gain > 0:
        return "helps"
    if is_significant and posterior.worse >= CREDIBILITY and gain < 0:
        return "harms"
    if posterior.equivalent >= CREDIBILITY:
        return "alike"
    return "not established"


def compare_arms(
    results: pd.DataFrame,
    score: str,
    classifier: str,
    *,
    baseline: str = "none",
    rope: float | None = None,
    random_state: int = 0,
) -> list[Comparison]:
    """Compare every arm with a baseline.

    Parameters
    ----------
    results : DataFrame
        As :func:`~ganbats_sampler.benchmark.verdict.runs.check_results` wants it.
    score, classifier : str
        Which ones.
    baseline : str, default="none"
        The arm that the others stand beside, as "none", "class_weights" or "smote".
    rope : float, default=None
        Half the width of the region of practical equivalence; None for .01, or .002 for the Brier
        score.
    random_state : int, default=0
        Of the Bayesian test.

    Returns
    -------
    list of Comparison
        One for each other arm, by descending gain, then by name.

    Raises
    ------
    ValueError
        If the baseline is not there; else as :func:`tabulate_scores`.

    Notes
    -----
    Holm's correction is over these arms, within one score of one classifier. The oracle, which is
    nothing to choose, is not among them; its p-value is not adjusted.
    """
    table = tabulate_scores(results, score, classifier)
    if baseline not in table:
        raise ValueError(
            f"There is no arm {baseline!r} for the classifier {classifier!r}; there are "
            f"{list(table)}."
        )
    rope = SCORES[score].rope if rope is None else rope
    counts = count_runs(results, score, classifier)
    pairs = {arm: pair_arms(table, score, arm, baseline) for arm in table if arm != baseline}
    p_values = {arm: wilcoxon_p_value(pair["gain"]) for arm, pair in pairs.items()}
    candidates = [arm for arm in pairs if arm != ORACLE]
    adjusted = adjust_by_holm([p_values[arm] for arm in candidates])
    p_holm = {**p_values, **dict(zip(candidates, adjusted.tolist(), strict=True))}
    found = []
    for arm, pair in pairs.items():
        posterior = bayesian_signed_rank(pair["gain"], rope, random_state=random_state)
        gain = float(pair["gain"].mean())
        gap = gap_closed(table, score, arm, margin=rope)
        found.append(
            Comparison(
                classifier=classifier,
                score=score,
                arm=arm,
                baseline=baseline,
                word=choose_word(len(pair), gain, p_holm[arm], posterior),
                n_tasks=len(pair),
                n_pairs=int(pair["seeds"].sum()),
                mean=float(pair["mean"].mean()),
                baseline_mean=float(pair["baseline"].mean()),
                gain=gain,
                outcomes=count_wins(pair["gain"], TIE * rope),
                p_value=p_values[arm],
                p_holm=p_holm[arm],
                posterior=posterior,
                gap_closed=gap.pooled,
                n_gap_tasks=len(gap.by_task),
                seconds=float(counts["seconds"][arm]),
                baseline_seconds=float(counts["seconds"][baseline]),
                n_failed=int(counts["failed"][arm]),
                n_skipped=int(counts["skipped"][arm]),
                n_undefined=int(counts["undefined"][arm]),
            )
        )
    return sorted(found, key=_place)


def _place(comparison: Comparison) -> tuple[float, str]:
    """Sort by descending gain, and what has none last."""
    gain = comparison.gain
    return (math.inf if math.isnan(gain) else -gain, comparison.arm)

"""All that was found in one score of one classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ganbats_sampler.benchmark.verdict.averaging import tabulate_gains, tabulate_scores
from ganbats_sampler.benchmark.verdict.comparison import Comparison, compare_arms
from ganbats_sampler.benchmark.verdict.runs import FREE, ORACLE, SCORES

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Finding:
    """What was found in one score of one classifier.

    Attributes
    ----------
    classifier, score : str
        Which ones.
    rope : float
        Half the width of the region of practical equivalence.
    comparisons : list of Comparison
        Each arm beside doing nothing.
    beside_free : dict of str to list of Comparison
        Each arm beside class weights and beside a tuned threshold, if a sampler helps at all.
    beside_others : dict of str to list of Comparison
        Each arm beside each other baseline that was asked for.
    scores : DataFrame of shape (tasks x seeds, arms)
        Of the runs that went well.
    gains : DataFrame of shape (tasks, arms - 1)
        Over doing nothing.
    """

    classifier: str
    score: str
    rope: float
    comparisons: list[Comparison]
    beside_free: dict[str, list[Comparison]]
    beside_others: dict[str, list[Comparison]]
    scores: pd.DataFrame
    gains: pd.DataFrame

    def having(self, word: str) -> list[Comparison]:
        """List the arms, but the oracle, of which a word holds beside doing nothing."""
        return [c for c in self.comparisons if c.word == word and c.arm != ORACLE]

    def helping_samplers(self) -> list[str]:
        """List the samplers that help over doing nothing."""
        return [c.arm for c in self.having("helps") if c.arm not in FREE]

    def winners(self) -> list[str]:
        """List the samplers that help over doing nothing and over every other free arm that ran."""
        return [
            arm
            for arm in self.helping_samplers()
            if self.beside_free
            and all(
                c.word == "helps"
                for comparisons in self.beside_free.values()
                for c in comparisons
                if c.arm == arm
            )
        ]

    def free_is_enough(self) -> bool:
        """Whether a free arm helps and no sampler is established to be better than all of them."""
        return any(c.arm in FREE for c in self.having("helps")) and not self.winners()

    def is_nothing_best(self) -> bool:
        """Whether every arm is established to harm or to be alike; one is at least."""
        words = {c.word for c in self.comparisons if c.arm != ORACLE}
        return bool(words - {"too few tasks"}) and words <= {"harms", "alike", "too few tasks"}


def examine(
    results: pd.DataFrame,
    score: str,
    classifier: str,
    against: Sequence[str],
    options: dict[str, Any],
) -> Finding:
    """Compare the arms with doing nothing, and, where a sampler helps, with all that is free.

    Parameters
    ----------
    results : DataFrame
        As :func:`~ganbats_sampler.benchmark.verdict.runs.check_results` wants it.
    score, classifier : str
        Which ones.
    against : sequence of str
        Further baselines.
    options : dict
        Of :func:`~ganbats_sampler.benchmark.compare_arms`: rope and random_state.

    Returns
    -------
    Finding
    """
    table = tabulate_scores(results, score, classifier)
    comparisons = compare_arms(results, score, classifier, **options)
    does_one_help = any(c.word == "helps" and c.arm not in (*FREE, ORACLE) for c in comparisons)
    ran = table.columns[table.notna().any()]
    free = [arm for arm in FREE if arm != "none" and arm in ran] if does_one_help else []
    beside = {
        baseline: compare_arms(results, score, classifier, baseline=baseline, **options)
        for baseline in dict.fromkeys([*free, *against])
    }
    return Finding(
        classifier,
        score,
        SCORES[score].rope if options["rope"] is None else options["rope"],
        comparisons,
        {arm: beside[arm] for arm in free},
        {arm: beside[arm] for arm in against if arm not in free},
        table,
        tabulate_gains(table, score),
    )

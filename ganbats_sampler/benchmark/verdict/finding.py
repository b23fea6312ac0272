"""The comparisons of methods in one score of one classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ganbats_sampler.benchmark.methods import FREE, ORACLE
from ganbats_sampler.benchmark.scores import SCORES
from ganbats_sampler.benchmark.verdict.comparison import (
    compare_methods,
    pair_methods,
    tabulate_scores,
)

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Finding:
    """The comparisons of methods in one score of one classifier.

    Attributes
    ----------
    classifier, score : str
        The names of the classifier and the score.
    rope : float
        The greatest difference that does not matter in practice: half the width of the region of
        practical equivalence.
    comparisons : DataFrame
        Each method compared with no resampling; see
        :func:`~ganbats_sampler.benchmark.compare_methods`.
    beside : dict of str to DataFrame
        The comparisons with other baselines, by name: those in `against`, and the other free
        methods if a sampler helps.
    scores : DataFrame of shape (tasks x seeds, methods)
        The scores of the runs that are ok; NaN for others.
    leaks : bool
        Whether series were over-sampled before the split. Then no conclusion is drawn.
    """

    classifier: str
    score: str
    rope: float
    comparisons: pd.DataFrame
    beside: dict[str, pd.DataFrame]
    scores: pd.DataFrame
    leaks: bool = False

    @property
    def title(self) -> str:
        """The classifier and the score in words."""
        return f"{self.classifier}: {SCORES[self.score].title}"

    @property
    def n_tasks(self) -> int:
        """The greatest number of tasks on which a method is compared with no resampling."""
        return int(self.comparisons["n_tasks"].max()) if len(self.comparisons) else 0

    @property
    def free(self) -> dict[str, pd.DataFrame]:
        """The comparisons with the free methods other than no resampling."""
        return {name: beside for name, beside in self.beside.items() if name in FREE}

    @property
    def gains(self) -> pd.DataFrame:
        """The gains over no resampling, (tasks, methods), in the order of `comparisons`."""
        import pandas as pd

        tasks = pd.Index(self.scores.index.unique(level="task"), name="task")
        gains = {
            method: pair_methods(self.scores, self.score, method)["gain"].reindex(tasks)
            for method in self.comparisons.index
        }
        return pd.DataFrame(gains, index=tasks)

    def having(self, word: str) -> list[str]:
        """List the methods, without the oracle, whose conclusion over no resampling is `word`."""
        chosen = self.comparisons.index[self.comparisons["word"] == word]
        return [method for method in chosen if method != ORACLE]

    def helping_samplers(self) -> list[str]:
        """List the samplers that help over no resampling."""
        return [method for method in self.having("helps") if method not in FREE]

    def winners(self) -> list[str]:
        """List the samplers that help over no resampling and over every other free method."""
        return [
            method
            for method in self.helping_samplers()
            if self.free and all(of.loc[method, "word"] == "helps" for of in self.free.values())
        ]

    def is_too_small(self) -> bool:
        """Whether there are too few tasks to test any method."""
        return not any(map(self.having, ("helps", "harms", "alike", "not established")))

    def is_nothing_best(self) -> bool:
        """Whether methods were tested, and each of them harms or is equivalent in practice."""
        return not (self.is_too_small() or self.having("helps") or self.having("not established"))


def examine(
    results: pd.DataFrame,
    score: str,
    classifier: str,
    against: Sequence[str],
    options: dict[str, Any],
) -> Finding:
    """Compare all methods with no resampling, `against`, and the free ones if a sampler helps."""
    table = tabulate_scores(results, score, classifier)
    rope = SCORES[score].rope if options["rope"] is None else options["rope"]
    assert rope is not None
    comparisons = compare_methods(results, score, classifier, **options)
    leaks = bool((results["protocol"] == "before-split").any())
    finding = Finding(classifier, score, rope, comparisons, {}, table, leaks)
    ran = table.columns[table.notna().any()]
    baselines = [m for m in FREE if m != "none" and m in ran] if finding.helping_samplers() else []
    for baseline in dict.fromkeys([*baselines, *against]):
        finding.beside[baseline] = compare_methods(
            results, score, classifier, baseline=baseline, **options
        )
    return finding

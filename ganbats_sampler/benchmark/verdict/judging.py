"""From a table of runs to a verdict: which method helps where, and where doing nothing is best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ganbats_sampler.benchmark.names import as_list
from ganbats_sampler.benchmark.results import check_runs
from ganbats_sampler.benchmark.scores import SCORES
from ganbats_sampler.benchmark.verdict.finding import Finding, examine
from ganbats_sampler.benchmark.verdict.page import as_html, as_page, as_text
from ganbats_sampler.benchmark.verdict.pictures import plot_finding
from ganbats_sampler.benchmark.verdict.wording import LEAKING, summarise
from ganbats_sampler.report.page import Saved, fill_cell

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Verdict(Saved):
    """The result of :func:`judge`; prints as text, and in a notebook as tables.

    Attributes
    ----------
    results : DataFrame
        The runs.
    findings : list of Finding
        One for each classifier and score.
    summary : list of str
        Three sentences: what helps most, what does not, and how much evidence there is.
    """

    results: pd.DataFrame
    findings: list[Finding]
    summary: list[str]

    def __str__(self) -> str:
        return as_text(self.results, self.findings, self.summary)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return fill_cell(as_html(self.results, self.findings, self.summary))

    def find(self, score: str | None = None, classifier: str | None = None) -> Finding:
        """Look up the finding on a score and a classifier; None for the first."""
        for finding in self.findings:
            if score in (None, finding.score) and classifier in (None, finding.classifier):
                return finding
        known = [(f.score, f.classifier) for f in self.findings]
        raise ValueError(f"There is no finding on {(score, classifier)}; there are {known}.")

    def to_frame(self) -> pd.DataFrame:
        """Put all comparisons into one table, by classifier, score, baseline and method."""
        import pandas as pd

        parts = {
            (finding.classifier, finding.score, baseline): comparisons
            for finding in self.findings
            for baseline, comparisons in {"none": finding.comparisons, **finding.beside}.items()
        }
        return pd.concat(parts, names=["classifier", "score", "baseline"])

    def plot(self, score: str | None = None, classifier: str | None = None) -> dict[str, Any]:
        """Draw a finding: "gains" by method and task, and "ranks" where they can be drawn."""
        return plot_finding(self.find(score, classifier))

    def _as_page(self) -> str:
        return as_page(self.results, self.findings, self.summary)


def judge(
    results: pd.DataFrame,
    *,
    scores: str | Sequence[str] | None = None,
    classifiers: str | Sequence[str] | None = None,
    against: str | Sequence[str] = (),
    rope: float | None = None,
    random_state: int = 0,
) -> Verdict:
    """Say of a table of runs which method helps where, and where doing nothing is best.

    Parameters
    ----------
    results : DataFrame
        Runs of one protocol and amount, from :func:`~ganbats_sampler.benchmark.compare_samplers`.
    scores, classifiers : str or sequence of str, default=None
        The scores and the classifiers; None for all there are.
    against : str or sequence of str, default=()
        Baselines to compare every method with, such as "smote", beside doing nothing.
    rope : float, default=None
        Half the width of the region of practical equivalence; None for .01, or .002 for the Brier
        score.
    random_state : int, default=0
        The seed of the Bayesian tests.

    Returns
    -------
    Verdict

    Notes
    -----
    Holm's correction is over the methods within one score of one classifier. Of many scores and
    classifiers some will differ by chance, so choose those that matter beforehand.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from ganbats_sampler.benchmark import judge
    >>> scores = {"none": 0.7, "warp": 0.8}
    >>> rows = [
    ...     {"task": f"task {task}", "method": method, "seed": 0, "f1": score + task / 100}
    ...     for task in range(10) for method, score in scores.items()
    ... ]
    >>> results = pd.DataFrame(rows).assign(
    ...     protocol="honest", amount="double", classifier="ridge", status="ok", reason="",
    ...     resample_seconds=0.1, fit_seconds=1.0)
    >>> judge(results).find("f1", "ridge").comparisons["word"].to_dict()
    {'warp': 'helps'}
    """
    check_runs(results)
    if scores is None:
        scores = [name for name, of in SCORES.items() if name in results and of.rope is not None]
    if classifiers is None:
        classifiers = sorted(results["classifier"].unique())
    options: dict[str, Any] = {"rope": rope, "random_state": random_state}
    findings = [
        examine(results, score, classifier, as_list(against), options)
        for classifier in as_list(classifiers)
        for score in as_list(scores)
    ]
    if any(finding.leaks for finding in findings):
        return Verdict(results, findings, [LEAKING])
    return Verdict(results, findings, summarise(results, findings))

"""From a table of runs to a verdict: which arm helps where, and where doing nothing is best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganbats_sampler.benchmark.verdict.finding import Finding, examine
from ganbats_sampler.benchmark.verdict.runs import SCORES, check_results
from ganbats_sampler.benchmark.verdict.wording import (
    LEAKING,
    describe,
    describe_means,
    describe_stand_ins,
    summarise,
)

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Verdict:
    """What :func:`judge` found; prints as text, and in a notebook as tables.

    Attributes
    ----------
    results : DataFrame
        The runs.
    findings : list of Finding
        One for each classifier and score.
    summary : list of str
        Over all of them, in words.
    """

    results: pd.DataFrame
    findings: list[Finding]
    summary: list[str]

    def __str__(self) -> str:
        from ganbats_sampler.benchmark.verdict.page import as_text

        return as_text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from ganbats_sampler.benchmark.verdict.page import as_html

        return as_html(self)

    @property
    def leaks(self) -> bool:
        """Whether the runs were over-sampled before the split: nothing follows from them then."""
        return self.summary == [LEAKING]

    def describe(self, finding: Finding) -> list[str]:
        """Say in sentences what was found in one score of one classifier; of a leak, the means."""
        return describe_means(finding) if self.leaks else describe(finding)

    def find(self, score: str | None = None, classifier: str | None = None) -> Finding:
        """Look a finding up.

        Parameters
        ----------
        score, classifier : str, default=None
            Which one; None for the first.

        Returns
        -------
        Finding

        Raises
        ------
        ValueError
            If there is none.
        """
        for finding in self.findings:
            if score in (None, finding.score) and classifier in (None, finding.classifier):
                return finding
        known = [(f.score, f.classifier) for f in self.findings]
        raise ValueError(f"There is no finding on {(score, classifier)}; there are {known}.")

    def to_frame(self):
        """Put all comparisons into a pandas DataFrame, a row for each arm beside each baseline."""
        import pandas as pd

        rows = [
            comparison.to_row()
            for finding in self.findings
            for comparisons in (
                finding.comparisons,
                *finding.beside_free.values(),
                *finding.beside_others.values(),
            )
            for comparison in comparisons
        ]
        return pd.DataFrame(rows).set_index(["classifier", "score", "baseline", "arm"])

    def plot(self, score: str | None = None, classifier: str | None = None) -> dict[str, Any]:
        """Draw a finding: what each arm gains on each task, and the mean ranks.

        Parameters
        ----------
        score, classifier : str, default=None
            Which one; None for the first.

        Returns
        -------
        dict of str to matplotlib Axes
            "gains", and "ranks" where they can be drawn, each of a figure of its own.
        """
        from ganbats_sampler.benchmark.verdict.pictures import plot_finding

        return plot_finding(self.find(score, classifier))

    def save(self, path) -> Path:
        """Write a page of HTML that needs no network; with matplotlib it has pictures.

        Parameters
        ----------
        path : str or Path
            Of the file.

        Returns
        -------
        Path
        """
        from ganbats_sampler.benchmark.verdict.page import as_page

        path = Path(path)
        path.write_text(as_page(self), encoding="utf-8")
        return path


def judge(
    results: pd.DataFrame,
    *,
    scores: Sequence[str] | None = None,
    classifiers: Sequence[str] | None = None,
    against: Sequence[str] = (),
    rope: float | None = None,
    random_state: int = 0,
) -> Verdict:
    """Say of a table of runs which arm helps where, and where doing nothing is best.

    Parameters
    ----------
    results : DataFrame
        Runs of one protocol and amount, as
        :func:`~ganbats_sampler.benchmark.verdict.runs.check_results` wants them.
    scores : sequence of str, default=None
        Which ones; None for all there are.
    classifiers : sequence of str, default=None
        Which ones; None for all there are.
    against : sequence of str, default=()
        Baselines to compare every arm with, as "smote", beside doing nothing.
    rope : float, default=None
        Half the width of the region of practical equivalence; None for .01, or .002 for the Brier
        score.
    random_state : int, default=0
        Of the Bayesian tests.

    Returns
    -------
    Verdict

    Raises
    ------
    ValueError
        If the results cannot be compared, or a name is not among them.
    ImportError
        If baycomp is not installed.

    Notes
    -----
    Seeds are averaged within a task, over those that both arms of a pair have, and tests are over
    tasks. The words follow :func:`~ganbats_sampler.benchmark.verdict.comparison.choose_word`.
    Holm's correction is over the arms within one score of one classifier: of many scores and
    classifiers some will differ by chance, so choose those that matter before looking. The
    Bayesian test takes a tenth of a second or two for each arm, score, classifier and baseline.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from ganbats_sampler.benchmark import judge
    >>> scores = {"none": 0.7, "warp": 0.8}
    >>> rows = [
    ...     {"task": f"task {task}", "arm": arm, "seed": 0, "f1": score + task / 100}
    ...     for task in range(10) for arm, score in scores.items()
    ... ]
    >>> results = pd.DataFrame(rows).assign(
    ...     protocol="honest", amount="double", classifier="ridge", status="ok", reason="",
    ...     resample_seconds=0.1, fit_seconds=1.0,
    ... )
    >>> judge(results).find("f1", "ridge").comparisons[0].word
    'helps'
    """
    check_results(results)
    scores = [s for s in SCORES if s in results] if scores is None else list(scores)
    if classifiers is None:
        classifiers = sorted(results["classifier"].unique())
    options: dict[str, Any] = {"rope": rope, "random_state": random_state}
    findings = [
        examine(results, score, classifier, against, options)
        for classifier in classifiers
        for score in scores
    ]
    if results["protocol"].iloc[0] == "before-split":
        return Verdict(results, findings, [LEAKING])  # nothing follows from figures that leak
    return Verdict(results, findings, [*summarise(findings), *describe_stand_ins(results)])

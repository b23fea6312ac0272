"""Judge a table of runs: which method helps where, and where no resampling is best."""

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
    """The result of :func:`judge`. It prints as text, and as tables in a notebook.

    Attributes
    ----------
    results : DataFrame
        The runs.
    findings : list of Finding
        One for each classifier and score.
    summary : list of str
        Three items: what helps most often, what does not help, and how much evidence there is. If
        series were over-sampled before the split, the only item is a warning.
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
        """Return the first finding on a score and a classifier; None matches any.

        Raises a ValueError if there is none.
        """
        for finding in self.findings:
            if score in (None, finding.score) and classifier in (None, finding.classifier):
                return finding
        known = [(f.score, f.classifier) for f in self.findings]
        raise ValueError(f"There is no finding on {(score, classifier)}; there are {known}.")

    def to_frame(self) -> pd.DataFrame:
        """Return all comparisons in one table, by classifier, score, baseline and method."""
        import pandas as pd

        parts = {
            (finding.classifier, finding.score, baseline): comparisons
            for finding in self.findings
            for baseline, comparisons in {"none": finding.comparisons, **finding.beside}.items()
        }
        return pd.concat(parts, names=["classifier", "score", "baseline"])

    def plot(self, score: str | None = None, classifier: str | None = None) -> dict[str, Any]:
        """Draw the gains of a finding by method and task, and the mean ranks of the methods.

        The arguments select the finding as in :meth:`find`. Returns matplotlib Axes by name,
        "gains" and "ranks". Ranks are left out if there are fewer than 6 tasks or 3 methods, or if
        all methods have equal scores. They need aeon.
        """
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
    """Judge which method helps where in a table of runs, and where no resampling is best.

    Parameters
    ----------
    results : DataFrame
        Runs of one protocol and amount, from :func:`~ganbats_sampler.benchmark.compare_samplers`.
    scores, classifiers : str or sequence of str, default=None
        The scores and the classifiers to judge. None means all in `results`, without accuracy.
    against : str or sequence of str, default=()
        Further baselines to compare every method with, such as "smote".
    rope : float, default=None
        The greatest difference that does not matter in practice: half the width of the region of
        practical equivalence. None means .01, or .002 for the Brier score.
    random_state : int, default=0
        The seed of the Bayesian tests.

    Returns
    -------
    Verdict

    Raises
    ------
    ValueError
        If `results` has no such score, classifier or baseline, or cannot be judged; or if `rope` is
        not greater than 0.
    TypeError
        If `results` is no DataFrame.
    ImportError
        If baycomp is not installed.

    Notes
    -----
    Holm's correction is over the methods within one score of one classifier. With many scores and
    classifiers, some differences occur by chance. So choose those that matter beforehand.

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

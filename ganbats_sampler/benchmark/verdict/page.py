"""A verdict as text, as HTML and as a page."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from html import escape
from importlib.metadata import version
from importlib.util import find_spec
from textwrap import shorten
from typing import TYPE_CHECKING

from ganbats_sampler.benchmark.verdict.finding import Finding
from ganbats_sampler.benchmark.verdict.overview import (
    TEXT_LEGEND,
    explain_overviews,
    make_overviews,
    tabulate_tasks,
)
from ganbats_sampler.benchmark.verdict.pictures import plot_ranks
from ganbats_sampler.benchmark.verdict.wording import (
    LEAKING,
    conclude,
    describe,
    describe_failures,
    format_number,
    name_method,
)
from ganbats_sampler.report.page import embed_picture, fill_page, fold, let_scroll

if TYPE_CHECKING:
    import pandas as pd

READING = """<p>Scores are averaged over the seeds within a task. Each method is compared with a
baseline on the tasks that both have. <b>Gain</b>: the difference of the means, greater than zero if
the method is better. <b>Wins, ties, losses</b>: numbers of tasks. A difference is a tie if it is at
most a tenth of the difference that matters in practice. <b>p</b>: Wilcoxon's signed-rank test with
Holm's correction over the methods (not for the oracle). <b>P(better), P(alike), P(worse)</b>:
probabilities of the Bayesian signed-rank test.
<b>Share of oracle's gain</b>: the gain over no resampling, divided by the gain of the oracle, which
adds real series. It is computed over the tasks where the oracle's gain matters in practice. Their
number is in brackets. <b>Helps</b> and <b>harms</b>: p &lt; .05, a probability of at least .95, and
a mean gain in the same direction. <b>Alike</b>: equivalent in practice with a probability of at
least .95. <b>Not established</b>: none of these, which does not mean that there is no difference.
<b>Failed networks</b>: the runs in which a network failed the checks or was not trained.</p>"""
PACKAGES = ("ganbats-sampler", "numpy", "scipy", "pandas", "scikit-learn", "baycomp")
#: The greatest number of characters of an error that the text shows.
MAX_REASON = 150


def as_text(results: pd.DataFrame, findings: Sequence[Finding], summary: Sequence[str]) -> str:
    """Format a verdict as lines of text: the overview, the summary, and errors."""
    lines = list(summary) if LEAKING in summary else []
    for overview in make_overviews(findings):
        lines += [overview.as_text(), ""]
    lines += [TEXT_LEGEND, "", *summary] if LEAKING not in summary else []
    lines += _list_errors(results)
    lines += ["", "All comparisons: to_frame(). A page with all tests: save('verdict.html')."]
    return "\n".join(lines)


def as_html(
    results: pd.DataFrame,
    findings: Sequence[Finding],
    summary: Sequence[str],
    *,
    with_pictures: bool = False,
) -> str:
    """Format a verdict as HTML: the overview, the summary, and all comparisons, folded."""
    overviews = "\n".join(overview.as_html() for overview in make_overviews(findings))
    leaks = LEAKING in summary
    warning = f'<p class="warning">{escape(LEAKING)}</p>' if leaks else ""
    parts = [
        warning,
        overviews,
        *([] if leaks else [explain_overviews(findings), _listed(summary)]),
    ]
    parts.append("<h2>Details by score</h2>")
    parts += [_fold_finding(finding, with_pictures) for finding in findings]
    parts.append("<h2>About these results</h2>")
    parts.append(fold("How to read the details", READING))
    lost = _lost_runs(results).to_html(border=0, index=False)
    parts.append(fold("Runs that failed or were skipped", let_scroll(lost, "Runs by reason")))
    if failures := describe_failures(results):
        parts.append(fold("Failed networks", _listed(failures)))
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    parts.append(
        f'<p class="quiet">Judged with {versions}, Python {platform.python_version()}.</p>'
    )
    return "\n".join(parts)


def as_page(results: pd.DataFrame, findings: Sequence[Finding], summary: Sequence[str]) -> str:
    """Format a verdict as a page of its own, with pictures if matplotlib is installed."""
    pictures = find_spec("matplotlib") is not None
    body = as_html(results, findings, summary, with_pictures=pictures)
    return fill_page("Does over-sampling help?", body)


def _fold_finding(finding: Finding, with_pictures: bool) -> str:
    compared = {"none": finding.comparisons, **finding.beside}
    tables = [_table(beside, name_method(name)) for name, beside in compared.items()]
    parts = [_listed(describe(finding)), *tables, tabulate_tasks(finding)]
    if with_pictures and (ax := plot_ranks(finding)) is not None:
        parts.append(embed_picture(ax.figure, f"mean ranks of the methods; {finding.title}"))
    title = f"<b>{escape(finding.title)}.</b> {escape(conclude(finding))}"
    return fold(title, "\n".join(parts))


def format_table(comparisons: pd.DataFrame) -> pd.DataFrame:
    """Format comparisons as a table of text, with a row for each method."""
    import pandas as pd

    rows = {
        method: {
            "conclusion": c["word"],
            "tasks": c["n_tasks"],
            "mean (baseline)": f"{format_number(c['mean'])} ({format_number(c['baseline_mean'])})",
            "gain": format_number(c["gain"], "+.3f"),
            "wins / ties / losses": f"{c['wins']} / {c['ties']} / {c['losses']}",
            "p": "< 0.001" if c["p_holm"] < 0.001 else format_number(c["p_holm"]),
            "P(better) / P(alike) / P(worse)": " / ".join(
                format_number(c[f"p_{side}"], ".2f") for side in ("better", "equivalent", "worse")
            ),
            "share of oracle's gain (tasks)": " ".join(
                (format_number(c["gap_closed"], ".0%"), f"({c['n_gap_tasks']})")
            ),
            "seconds (baseline)": " ".join(
                (
                    format_number(c["seconds"], ".3g"),
                    f"({format_number(c['baseline_seconds'], '.3g')})",
                )
            ),
            "failed networks": f"{c['of_failed_networks']} of {c['ok']}",
        }
        for method, c in comparisons.iterrows()
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    without = not comparisons["of_failed_networks"].any()
    return table.drop(columns="failed networks") if without else table


def _listed(sentences: Sequence[str]) -> str:
    return "<ul>" + "\n".join(f"<li>{escape(sentence)}</li>" for sentence in sentences) + "</ul>"


def _table(comparisons: pd.DataFrame, baseline: str) -> str:
    table = format_table(comparisons).rename(index=name_method).to_html(border=0)
    return let_scroll(table, f"Compared with {baseline}")


def _list_errors(results: pd.DataFrame) -> list[str]:
    """List the methods that raised errors, each with its most frequent error."""
    failed = results[results["status"] == "failed"]
    return [
        f"{method}: {len(reasons)} runs raised an error, most often: "
        + shorten(str(reasons.mode()[0]), MAX_REASON)
        for method, reasons in failed["reason"].groupby(failed["method"])
    ]


def _lost_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """Count the runs that failed or were skipped, by reason."""
    lost = runs[runs["status"] != "ok"].fillna({"reason": ""})
    by_reason = lost.groupby(["status", "method", "classifier", "reason"])["task"]
    return by_reason.agg(runs="size", tasks="nunique").reset_index()

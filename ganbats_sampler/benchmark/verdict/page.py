"""A verdict as text, as tables and as a page."""

from __future__ import annotations

import math
import platform
from collections.abc import Sequence
from html import escape
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from ganbats_sampler.benchmark.verdict.finding import Finding
from ganbats_sampler.benchmark.verdict.pictures import plot_finding
from ganbats_sampler.benchmark.verdict.wording import LEAKING, describe
from ganbats_sampler.report.page import embed_picture, fill_page

if TYPE_CHECKING:
    import pandas as pd

READING = """<details><summary>How to read it</summary>
<p>Seeds are averaged within a task; tests are over the tasks that a method and its baseline both
have. <b>Gain</b>: the difference of the means, greater than zero where the method is better.
<b>Wins, ties, losses</b>: by task; up to a tenth of the rope, the region of practical equivalence,
is a tie. <b>p</b>: Wilcoxon's signed-rank test with Holm's correction over the methods (not for the
oracle). <b>Better, alike, worse</b>: the Bayesian signed-rank test. <b>Gap closed</b>: the share of
the oracle's gains. <b>Helps</b> and <b>harms</b> need p &lt; .05, a probability of .95, and a mean
that agrees. <b>Alike</b>: equivalent with a probability of .95. <b>Not established</b>: none of
these, which does not mean that there is no difference. Fewer than 6 tasks are not tested.
<b>Failed networks</b>: the runs in which a network failed the checks, and whose series are
nevertheless those of that network.</p></details>"""
PACKAGES = ("ganbats-sampler", "numpy", "scipy", "pandas", "scikit-learn", "baycomp")


def as_text(results: pd.DataFrame, findings: Sequence[Finding], summary: Sequence[str]) -> str:
    """Lay a verdict out as lines of text."""
    lines = [*summary, "", _origin(results)]
    for finding in findings:
        lines += ["", finding.title.upper(), *describe(finding)]
        for baseline, compared in {"none": finding.comparisons, **finding.beside}.items():
            lines += [f"beside {baseline}:", format_table(compared).to_string()]
    lost = _lost_runs(results)
    return "\n".join([*lines, "", lost.to_string(index=False)] if len(lost) else lines)


def as_html(
    results: pd.DataFrame,
    findings: Sequence[Finding],
    summary: Sequence[str],
    *,
    with_pictures: bool = False,
) -> str:
    """Lay a verdict out as sentences and tables, and perhaps pictures."""
    head = _listed(summary)
    if LEAKING in summary:
        head = f'<p class="warning">{escape(LEAKING)}</p>'
    parts = [head, f"<p>{escape(_origin(results))}</p>", READING if with_pictures else ""]
    for finding in findings:
        parts.append(f"<section><h2>{escape(finding.title)}</h2>")
        parts.append(_listed(describe(finding)) + _table(finding.comparisons))
        parts += [
            f"<details><summary>Beside {escape(name)}</summary>{_table(beside)}</details>"
            for name, beside in finding.beside.items()
        ]
        parts.append((_pictures(finding) if with_pictures else "") + "</section>")
    lost = f'<div class="table">{_lost_runs(results).to_html(border=0, index=False)}</div>'
    parts.append(f"<section><h2>Runs that failed or were skipped</h2>{lost}</section>")
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    parts.append(f"<p>Judged with {versions}, Python {platform.python_version()}.</p>")
    return "\n".join(parts)


def as_page(results: pd.DataFrame, findings: Sequence[Finding], summary: Sequence[str]) -> str:
    """Lay a verdict out as a page of its own, with pictures where matplotlib is installed."""
    pictures = find_spec("matplotlib") is not None
    body = as_html(results, findings, summary, with_pictures=pictures)
    note = "" if pictures else "<p>Pictures need matplotlib.</p>"
    return fill_page("Does over-sampling help?", body + note)


def format_table(comparisons: pd.DataFrame) -> pd.DataFrame:
    """Format comparisons for reading."""
    import pandas as pd

    rows = {
        method: {
            "": c["word"],
            "tasks": c["n_tasks"],
            "mean": f"{_number(c['mean'])} ({_number(c['baseline_mean'])})",
            "gain": _number(c["gain"], "+.3f"),
            "wins / ties / losses": f"{c['wins']} / {c['ties']} / {c['losses']}",
            "p": "< 0.001" if c["p_holm"] < 0.001 else _number(c["p_holm"]),
            "better / alike / worse": " / ".join(
                _number(c[f"p_{side}"], ".2f") for side in ("better", "equivalent", "worse")
            ),
            "gap closed": f"{_number(c['gap_closed'], '.0%')} ({c['n_gap_tasks']})",
            "seconds": f"{_number(c['seconds'], '.3g')} ({_number(c['baseline_seconds'], '.3g')})",
            "failed networks": f"{c['of_failed_networks']} of {c['ok']}",
        }
        for method, c in comparisons.iterrows()
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    without = not comparisons["of_failed_networks"].any()
    return table.drop(columns="failed networks") if without else table


def _number(value: float, form: str = ".3f") -> str:
    return "-" if math.isnan(value) else format(value, form)


def _listed(sentences: Sequence[str]) -> str:
    return "<ul>" + "\n".join(f"<li>{escape(sentence)}</li>" for sentence in sentences) + "</ul>"


def _table(comparisons: pd.DataFrame) -> str:
    return f'<div class="table">{format_table(comparisons).to_html(border=0)}</div>'


def _pictures(finding: Finding) -> str:
    descriptions = {"ranks": "mean ranks of the methods", "gains": "gains over doing nothing"}
    return "\n".join(
        embed_picture(ax.figure, f"{descriptions[name]}; {finding.title}")
        for name, ax in plot_finding(finding).items()
    )


def _origin(runs: pd.DataFrame) -> str:
    status = runs["status"].value_counts()
    return (
        f"{len(runs)} runs on {runs['task'].nunique()} tasks, protocol {runs['protocol'].iloc[0]}, "
        f"amount {runs['amount'].iloc[0]}, seeds "
        f"{', '.join(map(str, sorted(runs['seed'].unique().tolist())))}; "
        f"{status.get('failed', 0)} failed, {status.get('skipped', 0)} were skipped."
    )


def _lost_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """Count the runs that failed or were skipped, by reason."""
    lost = runs[runs["status"] != "ok"].fillna({"reason": ""})
    by_reason = lost.groupby(["status", "method", "classifier", "reason"])["task"]
    return by_reason.agg(runs="size", tasks="nunique").reset_index()

"""A verdict as text, as tables and as a page."""

from __future__ import annotations

import platform
from html import escape
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING

import ganbats_sampler
from ganbats_sampler.benchmark.verdict.averaging import count_runs
from ganbats_sampler.benchmark.verdict.runs import SCORES
from ganbats_sampler.benchmark.verdict.wording import LEAKING, number, write_p
from ganbats_sampler.report.page import embed_picture, fill_page

if TYPE_CHECKING:
    import pandas as pd

    from ganbats_sampler.benchmark.verdict.comparison import Comparison
    from ganbats_sampler.benchmark.verdict.finding import Finding
    from ganbats_sampler.benchmark.verdict.judging import Verdict

COLUMNS = (
    "",
    "tasks",
    "mean",
    "gain",
    "wins / ties / losses",
    "p",
    "better / alike / worse",
    "gap closed",
    "seconds",
)
READING = """<details><summary>How to read it</summary>
<p>Seeds are averaged within a task, and tests are over tasks; an arm and its baseline are compared
on the tasks and seeds that both have. <b>Mean</b>: the arm's, and in brackets the baseline's.
<b>Gain</b>: the difference, greater than zero where the arm is better, whichever way the score
counts. <b>Wins, ties, losses</b>: by task; up to a tenth of the rope is a tie. <b>p</b>: Wilcoxon's
signed-rank test, two-sided, by Holm's correction over the arms of one score and classifier, not
over scores and classifiers: of many some differ by chance; the oracle's is uncorrected. <b>Better,
alike, worse</b>: probabilities of the Bayesian signed-rank test; alike is within the rope, the
region of practical equivalence. <b>Gap closed</b>: gains of the arm over those of the oracle (real
extra series), each summed over the tasks (in brackets, how many) where the oracle gains more than
the rope. <b>Seconds</b>: median of resampling and fitting, and the baseline's.</p>
<p><b>Helps</b> and <b>harms</b> need both tests: p &lt; .05 and a probability of .95, and a mean
that agrees. <b>Alike</b>: equivalent with .95, over the tasks as a whole. <b>Not established</b> is
neither, and does not say that there is no difference. Fewer than 6 tasks are too few. A sampler is
better than what is free if it helps over doing nothing, class weights and a tuned threshold, as far
as they ran.</p>
</details>"""
PACKAGES = ("numpy", "scipy", "pandas", "scikit-learn", "baycomp", "aeon")


def as_text(verdict: Verdict) -> str:
    """Lay a verdict out in lines."""
    lines = [*verdict.summary, "", _origin(verdict)]
    for finding in verdict.findings:
        lines += ["", _title(finding).upper()]
        lines += [f"  {sentence}" for sentence in verdict.describe(finding)]
    return "\n".join([*lines, "", *_casualties(verdict)]).rstrip()


def as_html(verdict: Verdict) -> str:
    """Lay a verdict out as words and tables."""
    return "\n".join(
        [_head(verdict), *(_section(verdict, f) for f in verdict.findings), _foot(verdict)]
    )


def as_page(verdict: Verdict) -> str:
    """Lay a verdict out as a page of its own, with pictures where matplotlib is installed."""
    has_pictures = find_spec("matplotlib") is not None
    sections = [
        _section(verdict, finding, _pictures(finding) if has_pictures else "")
        for finding in verdict.findings
    ]
    note = "" if has_pictures else "<p>Pictures need matplotlib.</p>"
    body = "\n".join([_head(verdict), READING, *sections, note, _foot(verdict)])
    return fill_page("Does over-sampling help?", body)


def _head(verdict: Verdict) -> str:
    first, rest = "", verdict.summary
    if verdict.leaks:
        first, rest = f'<p class="warning">{escape(LEAKING)}</p>\n', rest[1:]
    return f"{first}{_listed(rest)}\n<p>{escape(_origin(verdict))}</p>"


def _origin(verdict: Verdict) -> str:
    runs = verdict.results
    seeds = sorted(runs["seed"].unique().tolist())
    protocol, amount = runs["protocol"].iloc[0], runs["amount"].iloc[0]
    return (
        f"{len(runs)} runs on {runs['task'].nunique()} tasks, protocol {protocol}, amount "
        f"{amount}, seeds {', '.join(map(str, seeds))}; {_count(runs, 'failed')} failed, "
        f"{_count(runs, 'skipped')} were skipped."
    )


def _count(runs: pd.DataFrame, status: str) -> int:
    return int((runs["status"] == status).sum())


def _title(finding: Finding) -> str:
    return f"{finding.classifier}: {SCORES[finding.score].title}"


def _section(verdict: Verdict, finding: Finding, pictures: str = "") -> str:
    parts = [
        f"<section><h2>{escape(_title(finding))}</h2>",
        _listed(verdict.describe(finding)),
        _table("doing nothing", finding.comparisons),
    ]
    for baseline, comparisons in {**finding.beside_free, **finding.beside_others}.items():
        inside = _table(baseline, comparisons)
        parts.append(f"<details><summary>Beside {escape(baseline)}</summary>{inside}</details>")
    return "\n".join([*parts, pictures, "</section>"])


def _listed(sentences: list[str]) -> str:
    items = "\n".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f"<ul>{items}</ul>"


def _table(baseline: str, comparisons: list[Comparison]) -> str:
    head = "".join(f"<th>{column}</th>" for column in [f"beside {escape(baseline)}", *COLUMNS])
    rows = "\n".join(
        f"<tr><th>{escape(c.arm)}</th>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(c))
        + "</tr>"
        for c in comparisons
    )
    return (
        f'<div class="table"><table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>'
        "</div>"
    )


def _cells(c: Comparison) -> list[str]:
    gap = f"{c.gap_closed:.0%} ({c.n_gap_tasks})" if c.n_gap_tasks else "-"
    return [
        c.word,
        str(c.n_tasks),
        f"{number(c.mean)} ({number(c.baseline_mean)})",
        number(c.gain, "+.3f"),
        " / ".join(map(str, c.outcomes)),
        write_p(c.p_holm).removeprefix("= "),
        " / ".join(number(share, ".2f") for share in c.posterior),
        gap,
        f"{number(c.seconds, '.3g')} ({number(c.baseline_seconds, '.3g')})",
    ]


def _pictures(finding: Finding) -> str:
    from ganbats_sampler.benchmark.verdict.pictures import plot_finding

    descriptions = {
        "ranks": "mean ranks of the arms, and which do not differ",
        "gains": "gain of each arm over doing nothing on each task",
    }
    axes = plot_finding(finding)
    parts = [
        embed_picture(axes[name].figure, f"{description}; {_title(finding)}")
        for name, description in descriptions.items()
        if name in axes
    ]
    if "ranks" not in axes:
        parts.insert(0, "<p>Too few arms or tasks in common, or too much alike, to rank.</p>")
    return "\n".join(parts)


def _casualties(verdict: Verdict) -> list[str]:
    """Say which runs failed, were skipped or have no score, and why."""
    runs = verdict.results
    lost = runs[runs["status"] != "ok"]
    reasons = lost["reason"].fillna("").astype(str)
    lost = lost.assign(reason=reasons.where(reasons != "", "no reason given"))
    lines = [
        f"{arm} before {classifier}: {len(group)} runs {status}, on {_tasks(group)}: {reason}"
        for (status, arm, classifier, reason), group in lost.groupby(
            ["status", "arm", "classifier", "reason"]
        )
    ]
    for finding in verdict.findings:
        counts = count_runs(runs, finding.score, finding.classifier)["undefined"]
        lines += [
            f"{arm} before {finding.classifier}: {n} runs without {SCORES[finding.score].title}"
            for arm, n in counts[counts > 0].items()
        ]
    return lines


def _tasks(runs: pd.DataFrame) -> str:
    tasks = sorted(map(str, runs["task"].unique()))
    return ", ".join(tasks[:3]) + (f" and {len(tasks) - 3} more tasks" if len(tasks) > 3 else "")


def _foot(verdict: Verdict) -> str:
    lost = _casualties(verdict)
    told = _listed(lost) if lost else "<p>None: every run went well.</p>"
    versions = [f"ganbats-sampler {ganbats_sampler.__version__}"]
    versions += [f"{name} {found}" for name in PACKAGES if (found := _version(name))]
    return (
        f"<section><h2>Runs that failed or were skipped</h2>{told}</section>\n"
        f"<p>Judged with {escape(', '.join(versions))}, Python {platform.python_version()}.</p>"
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""

"""Overview tables of a verdict: methods by scores, for each classifier, as text and as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ganbats_sampler.benchmark.methods import FREE, ORACLE
from ganbats_sampler.benchmark.scores import SCORES
from ganbats_sampler.benchmark.verdict.finding import Finding
from ganbats_sampler.benchmark.verdict.wording import format_number, name_method, say_untested
from ganbats_sampler.report.page import let_scroll

if TYPE_CHECKING:
    import pandas as pd

#: A cell has the next colour if its gain exceeds the next of these multiples of the rope.
LEVELS = (1, 3, 6)
#: The titles of the groups of rows, in this order.
TO_BEAT, SAMPLERS, BOUND = "Free (a sampler must beat these)", "Samplers", "Upper bound"
#: How the text shows a mark. HTML shows the words.
STARS = {"helps": "*", "harms": "*", "beats free": "**"}

LEGEND = """<p class="quiet">A gain above 0 is better, in every score. Blue cells are gains, orange
cells are losses. In cells without a colour, the difference is too small to matter in practice (at
most {ropes}). The colour is stronger above {second} times and above {third} times this difference.
<b>Helps</b> and <b>harms</b>: both tests agree. <b>Beats free</b>: the method helps, and both tests
find it better than every other free method that ran. Rows are sorted by the mean gain over the
scores, after dividing each gain by the difference that matters in that score.</p>"""
TEXT_LEGEND = (
    "* helps or harms, by both tests; ** helps, and is better than every free method, by both "
    "tests. Without a star, no effect that matters is established."
)


class Cell(NamedTuple):
    """A gain over a baseline, the level of its colour, and its mark, such as "helps"."""

    gain: float
    level: int
    mark: str


@dataclass(frozen=True)
class Row:
    """A method: its group, a note on its runs, and a cell for each score."""

    method: str
    group: str
    note: str
    cells: list[Cell]


@dataclass(frozen=True)
class Overview:
    """The gains of every method in every score of one classifier."""

    caption: str
    scores: list[str]
    rows: list[Row]

    def as_text(self) -> str:
        """Format the overview as lines of text."""
        width = max(len(row.method) for row in self.rows) + 4
        titles = [f"{title:>8}" for title in self.scores]
        lines = [self.caption, " " * width + "  ".join(titles)]
        for group, members in groupby(self.rows, key=lambda row: row.group):
            lines.append(f"{group}:")
            for row in members:
                cells = (
                    f"{format_number(cell.gain, '+.3f')}{STARS.get(cell.mark, ''):<2}".rjust(
                        len(title)
                    )
                    for cell, title in zip(row.cells, titles, strict=True)
                )
                line = f"  {row.method}".ljust(width) + "  ".join(cells)
                lines.append(f"{line}  {row.note}".rstrip())
        return "\n".join(lines)

    def as_html(self) -> str:
        """Format the overview as an HTML table with coloured cells."""
        return _heat_table(self.caption, ["method", *self.scores], self.rows)


def make_overviews(findings: Sequence[Finding]) -> list[Overview]:
    """Make the overviews of each classifier: over no resampling, and over each further baseline."""
    by_classifier: dict[str, list[Finding]] = {}
    for finding in findings:
        by_classifier.setdefault(finding.classifier, []).append(finding)
    asked = [name for name in findings[0].beside if name not in FREE] if findings else []
    return [_gather(of, name) for of in by_classifier.values() for name in ("none", *asked)]


def explain_overviews(findings: Sequence[Finding]) -> str:
    """Explain the cells of the overviews in HTML, with the ropes that were used."""
    titles: dict[float, list[str]] = {}
    for score, rope in {finding.score: finding.rope for finding in findings}.items():
        titles.setdefault(rope, []).append(SCORES[score].title)
    common = max(titles, key=lambda rope: len(titles[rope]), default=None)
    ropes = [f"{common:g}"] if titles else []
    ropes += [f"{rope:g} in {', '.join(of)}" for rope, of in titles.items() if rope != common]
    return LEGEND.format(ropes=", or ".join(ropes), second=LEVELS[1], third=LEVELS[2])


def tabulate_tasks(finding: Finding) -> str:
    """Format the gains by task in one score as an HTML table with coloured cells."""
    rows = [
        Row(str(task), "", "", [Cell(gain, _level(gain, finding.rope), "") for gain in gains])
        for task, gains in zip(finding.gains.index, finding.gains.to_numpy(), strict=True)
    ]
    head = ["task", *map(name_method, finding.gains)]
    return _heat_table(f"{finding.title}: gain over no resampling by task", head, rows)


def _gather(findings: Sequence[Finding], baseline: str) -> Overview:
    compared = [of.comparisons if baseline == "none" else of.beside[baseline] for of in findings]
    ropes = [finding.rope for finding in findings]
    methods = list(dict.fromkeys(method for table in compared for method in table.index))
    gains = {m: [table.loc[m, "gain"] for table in compared] for m in methods}
    groups = {method: _group(method) for method in methods}
    order = [TO_BEAT, SAMPLERS, BOUND]

    def place(method: str) -> tuple[int, float]:
        shares = np.divide(gains[method], ropes)
        shares = shares[~np.isnan(shares)]
        return order.index(groups[method]), -shares.mean() if len(shares) else np.inf

    rows = []
    for method in sorted(methods, key=place):
        cells = [_cell(method, *pair) for pair in zip(compared, findings, strict=True)]
        if baseline == "none":
            beats = [method in finding.winners() and not finding.leaks for finding in findings]
            cells = [
                cell._replace(mark="beats free") if best else cell
                for cell, best in zip(cells, beats, strict=True)
            ]
        rows.append(Row(name_method(method), groups[method], _note(method, compared), cells))
    n_tasks = max(int(table["n_tasks"].max()) for table in compared)
    caption = f"{findings[0].classifier}: gain over {name_method(baseline)}"
    if all(finding.is_too_small() for finding in findings):
        caption = f"{caption}. {say_untested(n_tasks)}"
    else:
        caption = f"{caption}, mean of {n_tasks} tasks"
    return Overview(caption, [SCORES[finding.score].title for finding in findings], rows)


def _group(method: str) -> str:
    return BOUND if method == ORACLE else TO_BEAT if method in FREE else SAMPLERS


def _cell(method: str, compared: pd.DataFrame, finding: Finding) -> Cell:
    gain, word = compared.loc[method, ["gain", "word"]]
    mark = word if word in STARS else ""
    if word == "too few tasks" and not finding.is_too_small():
        mark = "not tested"
    return Cell(gain, _level(gain, finding.rope), "" if finding.leaks else mark)


def _level(gain: float, rope: float) -> int:
    """Count the levels that a gain reaches, with its sign."""
    if np.isnan(gain):
        return 0
    # rounding must not put a gain of exactly the level above it
    return int(np.sign(gain)) * sum(abs(gain) > level * rope * (1 + 1e-9) for level in LEVELS)


def _note(method: str, compared: Sequence[pd.DataFrame]) -> str:
    """Describe the tasks that a method lacks, and its runs with errors or failed networks."""
    counts = compared[0].loc[method]
    n_tasks = max(int(table.loc[method, "n_tasks"]) for table in compared)
    n_all = max(int(table["n_tasks"].max()) for table in compared)
    notes = []
    if n_tasks < n_all:
        notes.append(f"{n_tasks} of {n_all} tasks")
    if counts["failed"]:
        n_runs = counts[["ok", "failed"]].sum()
        notes.append(f"{counts['failed']} of {n_runs} runs raised an error")
    if counts["of_failed_networks"]:
        n_bad, n_runs = counts["of_failed_networks"], counts["ok"]
        notes.append(f"a network failed or was not trained in {n_bad} of {n_runs} runs")
    return "; ".join(notes)


def _heat_table(caption: str, head: Sequence[str], rows: Sequence[Row]) -> str:
    columns = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    bodies = []
    for group, members in groupby(rows, key=lambda row: row.group):
        lines = [_html_row(row) for row in members]
        if group:
            rest = f'<td colspan="{len(head) - 1}"></td>'
            title = f'<th class="group" scope="rowgroup">{group}</th>'
            lines.insert(0, f"<tr>{title}{rest}</tr>")
        bodies.append("<tbody>" + "\n".join(lines) + "</tbody>")
    table = (
        f'<table class="heat"><thead><tr>{columns}</tr></thead>\n' + "\n".join(bodies) + "</table>"
    )
    return let_scroll(table, caption)


def _html_row(row: Row) -> str:
    note = f'<span class="note">{escape(row.note)}</span>' if row.note else ""
    cells = "".join(map(_html_cell, row.cells))
    name = escape(row.method).replace("_", "_<wbr>")
    return f'<tr><th scope="row">{name}{note}</th>{cells}</tr>'


def _html_cell(cell: Cell) -> str:
    colour = f' class="{"p" if cell.level > 0 else "n"}{abs(cell.level)}"' if cell.level else ""
    mark = f'<span class="mark">{cell.mark}</span>' if cell.mark else ""
    return f"<td{colour}>{format_number(cell.gain, '+.3f')} {mark}</td>"

"""The overview: the order of its rows, its colours, its marks and its notes."""

import re

import pandas as pd
import pytest

from ganbats_sampler.benchmark import judge
from ganbats_sampler.benchmark.verdict.overview import Cell, explain_overviews, make_overviews
from tests.benchmark.verdict.runs import lose, make_runs

EFFECTS = {
    "cgan": -0.05,
    "class_weights": 0.02,
    "smote": 0.08,
    "tuned_threshold": 0.03,
    "oracle": 0.1,
    "jitter": 0.0,
}


def overview_of(runs):
    (overview,) = make_overviews(judge(runs).findings)
    return overview


@pytest.fixture(scope="module")
def overview():
    return overview_of(make_runs(EFFECTS))


def test_rows_are_grouped_and_sorted_by_gain(overview):
    assert [row.method for row in overview.rows] == [
        *("tuned threshold", "class weights"),
        *("smote", "jitter", "cgan"),
        "oracle (real series)",
    ]
    assert [row.group.split(" ")[0] for row in overview.rows[::2]] == [
        "Free",
        "Samplers",
        "Samplers",
    ]
    assert overview.rows[-1].group == "Upper bound"


def test_rows_are_sorted_by_gains_divided_by_the_rope():
    runs = make_runs({"smote": 0.03, "jitter": 0.02})
    # a gain of .02 is ten times the rope of the Brier score, and twice the rope of F1
    gains = runs["method"].map({"none": 0, "smote": 0, "jitter": 0.02})
    overview = overview_of(runs.assign(brier=0.5 - gains))
    assert [row.method for row in overview.rows] == ["jitter", "smote"]
    assert [cell.level for cell in overview.rows[0].cells] == [1, 3]


@pytest.mark.parametrize(
    ("effect", "level"),
    [(0.005, 0), (0.011, 1), (0.031, 2), (0.061, 3), (-0.005, 0), (-0.011, -1), (-0.061, -3)],
)
def test_the_colour_depends_on_the_gain_divided_by_the_rope(effect, level):
    runs = make_runs({"smote": effect}, noise=0.0)
    assert overview_of(runs).rows[0].cells[0].level == level


@pytest.mark.parametrize(
    ("rope", "stated"), [(None, "at\nmost 0.01, or 0.002 in Brier score)"), (0.03, "most 0.03)")]
)
def test_the_legend_states_the_rope(rope, stated):
    runs = make_runs({"smote": 0.05}).assign(brier=0.1, roc_auc=0.5)
    verdict = judge(runs, rope=rope)
    assert stated in explain_overviews(verdict.findings) and stated in verdict._repr_html_()


def test_a_verdict_without_scores_has_a_legend():
    assert "<p" in explain_overviews([])


def test_cells_are_marked_if_both_tests_agree(overview):
    marks = {row.method: row.cells[0].mark for row in overview.rows}
    assert marks == {
        "tuned threshold": "helps",
        "class weights": "helps",
        "smote": "beats free",
        "jitter": "",
        "cgan": "harms",
        "oracle (real series)": "helps",
    }


def test_a_cell_has_a_signed_number_a_colour_and_a_mark(overview):
    html = overview.as_html()
    row = re.search(r'<th scope="row">cgan</th>(.*)</tr>', html)[1]
    assert re.fullmatch(r'<td class="n2">-0\.0\d\d <span class="mark">harms</span></td>', row)
    assert 'tabindex="0"' in html and 'aria-label="ridge: gain over no resampling' in html
    assert html.count("<tbody>") == html.count("</tbody>") == 3


def test_text_shows_marks_as_stars(overview):
    lines = {
        line.split("  ")[1]: line for line in overview.as_text().splitlines() if line[0] == " "
    }
    assert re.search(r"\+0\.0\d\d\*\*$", lines["smote"])
    assert re.search(r"-0\.0\d\d\*$", lines["cgan"]) and lines["jitter"].endswith("0.000")


def test_a_row_notes_missing_tasks_errors_and_failed_networks():
    runs = make_runs({"gan": 0.1, "smote": 0.1}, n_tasks=8).astype({"reason": object})
    is_gan = runs["method"] == "gan"
    runs = lose(runs, is_gan & (runs["task"] < "task 03"), reason="it diverged")
    runs.loc[is_gan & (runs["task"] == "task 05"), "reason"] = "fell back: it collapsed"
    notes = {row.method: row.note for row in overview_of(runs).rows}
    assert notes["smote"] == ""
    assert notes["gan"] == (
        "5 of 8 tasks; 9 of 24 runs raised an error; "
        "a network failed or was not trained in 3 of 15 runs"
    )
    assert {row.method: row.cells[0].mark for row in overview_of(runs).rows}["gan"] == "not tested"


def test_a_method_without_runs_has_no_gain():
    runs = make_runs({"gan": 0.1, "smote": 0.1})
    overview = overview_of(lose(runs, runs["method"] == "gan"))
    assert [row.method for row in overview.rows] == ["smote", "gan"]
    assert pd.isna(overview.rows[1].cells[0].gain) and "<td>- " in overview.as_html()


def test_a_further_baseline_has_its_own_overview():
    over_none, over_smote = make_overviews(judge(make_runs(EFFECTS), against="smote").findings)
    assert over_none.caption == "ridge: gain over no resampling, mean of 12 tasks"
    assert over_smote.caption == "ridge: gain over smote, mean of 12 tasks"
    marks = {row.method: row.cells[0].mark for row in over_smote.rows}
    assert marks["no resampling"] == marks["cgan"] == "harms"
    assert [row.method for row in over_smote.rows][:3] == [
        *("tuned threshold", "class weights", "no resampling")
    ]


def test_leaking_runs_have_no_marks():
    runs = make_runs({"smote": 0.5}).assign(protocol="before-split")
    cell = overview_of(runs).rows[0].cells[0]
    assert isinstance(cell, Cell) and cell.mark == ""

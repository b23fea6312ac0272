"""The overview: the order of its rows, its colours, its marks and its notes."""

import re

import pandas as pd
import pytest

from ganbats_sampler.benchmark import judge
from ganbats_sampler.benchmark.verdict.overview import Cell, make_overviews
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


def test_free_methods_come_first_the_oracle_last_and_the_rest_by_gain(overview):
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


def test_scores_count_by_what_matters_in_them():
    runs = make_runs({"smote": 0.03, "jitter": 0.02})
    # a gain of .02 is ten times what matters of a Brier score, and twice of F1
    gains = runs["method"].map({"none": 0, "smote": 0, "jitter": 0.02})
    overview = overview_of(runs.assign(brier=0.5 - gains))
    assert [row.method for row in overview.rows] == ["jitter", "smote"]
    assert [cell.level for cell in overview.rows[0].cells] == [1, 3]


@pytest.mark.parametrize(
    ("effect", "level"),
    [(0.005, 0), (0.011, 1), (0.031, 2), (0.061, 3), (-0.005, 0), (-0.011, -1), (-0.061, -3)],
)
def test_the_colour_tells_how_much_a_gain_matters(effect, level):
    runs = make_runs({"smote": effect}, noise=0.0)
    assert overview_of(runs).rows[0].cells[0].level == level


def test_marks_are_where_both_tests_agree(overview):
    marks = {row.method: row.cells[0].mark for row in overview.rows}
    assert marks == {
        "tuned threshold": "helps",
        "class weights": "helps",
        "smote": "beats free",
        "jitter": "",
        "cgan": "harms",
        "oracle (real series)": "helps",
    }


def test_a_cell_has_its_sign_its_number_and_its_mark_beside_its_colour(overview):
    html = overview.as_html()
    row = re.search(r'<th scope="row">cgan</th>(.*)</tr>', html)[1]
    assert re.fullmatch(r'<td class="n2">-0\.0\d\d <span class="mark">harms</span></td>', row)
    assert 'tabindex="0"' in html and 'aria-label="ridge: gain over no resampling' in html
    assert html.count("<tbody>") == html.count("</tbody>") == 3


def test_text_has_a_star_for_each_mark(overview):
    lines = {
        line.split("  ")[1]: line for line in overview.as_text().splitlines() if line[0] == " "
    }
    assert re.search(r"\+0\.0\d\d\*\*$", lines["smote"])
    assert re.search(r"-0\.0\d\d\*$", lines["cgan"]) and lines["jitter"].endswith("0.000")


def test_what_is_missing_of_a_method_is_in_its_row():
    runs = make_runs({"gan": 0.1, "smote": 0.1}, n_tasks=8).astype({"reason": object})
    is_gan = runs["method"] == "gan"
    runs = lose(runs, is_gan & (runs["task"] < "task 03"), reason="it diverged")
    runs.loc[is_gan & (runs["task"] == "task 05"), "reason"] = "fell back: it collapsed"
    notes = {row.method: row.note for row in overview_of(runs).rows}
    assert notes["smote"] == ""
    assert notes["gan"] == (
        "5 of 8 tasks; 9 of 24 runs raised an error; a network failed the checks in 3 of 15 runs"
    )
    assert {row.method: row.cells[0].mark for row in overview_of(runs).rows}["gan"] == "not tested"


def test_a_method_without_a_run_has_no_number():
    runs = make_runs({"gan": 0.1, "smote": 0.1})
    overview = overview_of(lose(runs, runs["method"] == "gan"))
    assert [row.method for row in overview.rows] == ["smote", "gan"]
    assert pd.isna(overview.rows[1].cells[0].gain) and "<td>- " in overview.as_html()


def test_a_sampler_that_was_asked_for_has_a_table_of_its_own():
    over_none, over_smote = make_overviews(judge(make_runs(EFFECTS), against="smote").findings)
    assert over_none.caption == "ridge: gain over no resampling, mean of 12 tasks"
    assert over_smote.caption == "ridge: gain over smote, mean of 12 tasks"
    marks = {row.method: row.cells[0].mark for row in over_smote.rows}
    assert marks["no resampling"] == marks["cgan"] == "harms"
    assert [row.method for row in over_smote.rows][:3] == [
        *("tuned threshold", "class weights", "no resampling")
    ]


def test_nothing_is_marked_where_runs_leak():
    runs = make_runs({"smote": 0.5}).assign(protocol="before-split")
    cell = overview_of(runs).rows[0].cells[0]
    assert isinstance(cell, Cell) and cell.mark == ""

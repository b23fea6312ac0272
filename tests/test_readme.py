"""The README's table of results is that of the committed runs."""

import re
import sys
from pathlib import Path

import pandas as pd
import pytest

from ganbats_sampler.benchmark import compare_methods

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs"))
try:
    import tables
finally:
    sys.path.remove(str(ROOT / "docs"))
METHODS = {
    "class weights": "class_weights",
    "tuned threshold": "tuned_threshold",
    "SMOTE": "smote",
    "RecombinationSampler, deformations": "deformation",
    "**HerdedSampler**": "herded",
    "GANBATSSampler": "ganbats",
    "FlowMatchingSampler": "flow_matching",
}


@pytest.fixture(scope="module")
def rows():
    """The cells of the README's table by method."""
    lines = [line for line in (ROOT / "README.md").read_text().splitlines() if line[:1] == "|"]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: row[1:] for row in cells[2:]}


@pytest.fixture(scope="module")
def runs():
    return tables.read_runs(tables.GAINS["networks"])


def test_every_method_is_there(rows):
    assert list(rows) == list(METHODS)


@pytest.mark.parametrize("score", ["balanced_accuracy", "f1"])
@pytest.mark.parametrize("classifier", ["ridge", "forest", "cnn"])
def test_gains_wins_and_losses(rows, runs, classifier, score):
    column = 2 * ["ridge", "forest", "cnn"].index(classifier) + (score == "f1")
    compared = compare_methods(runs, score, classifier)
    for name, method in METHODS.items():
        of = compared.loc[method]
        expected = f"{of['gain']:+.3f} ({of['wins']}/{of['losses']})"
        assert rows[name][column].replace("+.", "+0.") == expected, name


def test_seconds(rows, runs):
    medians = runs.groupby("method")["resample_seconds"].median()
    for name, method in METHODS.items():
        (shown,) = re.findall(r"[\d.]+", rows[name][6])
        assert float(shown) == pytest.approx(medians[method], rel=0.2, abs=0.01), name


#: Their Bayesian tests take a minute.
SLOW = {tables.lay_out_gains, tables.lay_out_filters}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow if table.func in SLOW else ())
        for name, table in tables.TABLES.items()
    ],
)
def test_a_table_of_the_documentation_is_that_of_its_runs(name):
    path = tables.DATA / "tables" / f"{name}.csv"
    written = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert written.equals(tables.TABLES[name]().astype(str))

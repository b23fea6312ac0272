"""Make the documentation's tables of gains from the committed runs.

    python docs/tables.py

reads ``docs/data/*.csv`` and writes ``docs/data/tables/<name>.csv``. Run it again when runs change.
A cell has the mean gain over the baseline, the numbers of tasks in which the method is better and
worse, and "helps" or "harms" where both tests agree. The first row has the baseline's means.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ganbats_sampler.benchmark import compare_methods, read_results
from ganbats_sampler.benchmark.scores import SCORES

DATA = Path(__file__).parent / "data"
CLASSIFIERS = ("ridge", "forest", "cnn")


class Table(NamedTuple):
    """Which runs a table is of, and what it compares.

    A run that several files have is taken from the first. No `methods` are all there are.
    """

    files: tuple[str, ...]
    baseline: str = "none"
    methods: tuple[str, ...] = ()
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    classifiers: tuple[str, ...] = CLASSIFIERS
    scores: tuple[str, ...] = ("balanced_accuracy", "f1", "average_precision", "brier")


FREE = ("class_weights", "tuned_threshold")
SAMPLERS = ("smote", "deformation", "herded", "ganbats", "flow_matching")
TABLES = {
    "standing": Table(("standing_runs",), seeds=(0, 1, 2)),
    "networks": Table(
        ("herded_runs", "network_runs"),
        methods=(*FREE, *SAMPLERS),
    ),
    "against_smote": Table(
        ("herded_runs", "network_runs"),
        baseline="smote",
        methods=("none", *FREE, *(name for name in SAMPLERS if name != "smote")),
    ),
    "against_threshold": Table(
        ("herded_runs", "network_runs"),
        baseline="tuned_threshold",
        methods=("none", "class_weights", *SAMPLERS),
    ),
    "against_herded": Table(
        ("herded_runs", "network_runs"),
        baseline="herded",
        methods=("none", *FREE, *(name for name in SAMPLERS if name != "herded")),
    ),
    "double": Table(("double_runs",), seeds=(0, 1)),
    "chosen": Table(
        ("chosen_runs", "standing_runs"),
        methods=("chosen", "chosen_by_ap", "class_weights", "herded", "tuned_threshold"),
        seeds=(0, 1),
        classifiers=("ridge", "forest"),
    ),
}


def read_runs(table: Table) -> pd.DataFrame:
    """Read the runs of a table, each once."""
    runs = pd.concat([read_results(DATA / f"{name}.csv") for name in table.files])
    runs = runs[runs["seed"].isin(table.seeds)]
    if table.methods:
        runs = runs[runs["method"].isin({"none", table.baseline, *table.methods})]
    return runs.drop_duplicates(["task", "method", "classifier", "seed"])


def lay_out(table: Table, classifier: str) -> pd.DataFrame:
    """Lay out the gains of methods, by descending gain in the first score."""
    runs = read_runs(table)
    compared = {
        score: compare_methods(runs, score, classifier, baseline=table.baseline)
        for score in table.scores
    }
    first = next(iter(compared.values()))
    methods = [name for name in first.index if name in table.methods or not table.methods]
    laid_out = pd.DataFrame({"method": [table.baseline, *methods]})
    laid_out["method"] = laid_out["method"].str.replace("_", " ")
    for score, comparison in compared.items():
        largest = comparison.loc[comparison["n_tasks"].idxmax()]
        cells = [f"{largest['baseline_mean']:.3f}"]
        for method in methods:
            row = comparison.loc[method]
            word = f" **{row['word']}**" if row["word"] in ("helps", "harms") else ""
            cells.append(f"{row['gain']:+.3f} ({row['wins']}/{row['losses']}){word}")
        laid_out[SCORES[score].title] = cells
    seconds = [first["baseline_seconds"].iloc[0], *first.loc[methods, "seconds"]]
    laid_out["seconds"] = [f"{value:.2g}" for value in seconds]
    failed, of = (first.loc[methods, name] for name in ("of_failed_networks", "ok"))
    if failed.any():
        counts = [f"{n} of {m}" if n else "" for n, m in zip(failed, of, strict=True)]
        laid_out["failed networks"] = ["", *counts]
    return laid_out


def main() -> None:
    """Write every table."""
    folder = DATA / "tables"
    folder.mkdir(exist_ok=True)
    for name, table in TABLES.items():
        for classifier in table.classifiers:
            path = folder / f"{name}_{classifier}.csv"
            lay_out(table, classifier).to_csv(path, index=False)


if __name__ == "__main__":
    main()

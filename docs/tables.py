"""Make the documentation's tables from the committed runs.

    python docs/tables.py

reads ``docs/data/*.csv`` and writes ``docs/data/tables/<name>.csv``. Run it again when runs change.
"""

from __future__ import annotations

from functools import partial
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ganbats_sampler.benchmark import compare_methods, read_results
from ganbats_sampler.benchmark.scores import SCORES

DATA = Path(__file__).parent / "data"
CLASSIFIERS = ("ridge", "forest", "cnn")
THREE_SCORES = ("balanced_accuracy", "f1", "average_precision")


class Gains(NamedTuple):
    """A table of gains over tasks: which runs it is of, and what it compares.

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
GAINS = {
    "standing": Gains(("standing_runs",), seeds=(0, 1, 2)),
    "networks": Gains(
        ("herded_runs", "network_runs"),
        methods=(*FREE, *SAMPLERS),
    ),
    "against_smote": Gains(
        ("herded_runs", "network_runs"),
        baseline="smote",
        methods=("none", *FREE, *(name for name in SAMPLERS if name != "smote")),
    ),
    "against_threshold": Gains(
        ("herded_runs", "network_runs"),
        baseline="tuned_threshold",
        methods=("none", "class_weights", *SAMPLERS),
    ),
    "against_herded": Gains(
        ("herded_runs", "network_runs"),
        baseline="herded",
        methods=("none", *FREE, *(name for name in SAMPLERS if name != "herded")),
    ),
    "double": Gains(("double_runs",), seeds=(0, 1)),
    "chosen": Gains(
        ("chosen_runs", "standing_runs"),
        methods=("chosen", "chosen_by_ap", "class_weights", "herded", "tuned_threshold"),
        seeds=(0, 1),
        classifiers=("ridge", "forest"),
    ),
    "development": Gains(
        ("development_runs",),
        methods=(
            *("smote", "arc", "unwarped_deformation", "herded arc", "herded"),
            *("herded, guided warp too", "herded, GANBATS too", "herded by MiniRocket"),
        ),
        seeds=(5, 6),
        scores=THREE_SCORES,
    ),
}


#: Each sampler with a filter, by the name of its runs, and the same one without.
FILTERED = {
    "herded": "herded, drop=None",
    **{
        f"{name}, {drop}": name
        for name in ("smote", "time_warp", "jitter")
        for drop in ("copies", "misplaced")
    },
}


class Splits(NamedTuple):
    """A table of differences over the splits of one task, with the convolutional network."""

    file: str
    task: str
    baseline: str
    methods: tuple[str, ...]


OF_SERIES = ("herded ganbats_series", "herded, ganbats_series too")
OF_COMPONENTS = ("ganbats", "flow_matching", "herded, ganbats too", "herded, flow too")
SPLITS = {
    f"{name}_{size}": Splits(file, f"MIT-BIH, V, {size}", baseline, methods)
    for size in (300, 1000)
    for name, file, baseline, methods in [
        (
            "larger",
            "larger_classes",
            "smote",
            ("none", *FREE, "copies", "arc", "herded", *OF_SERIES),
        ),
        ("larger_networks", "larger_classes_networks", "herded", OF_COMPONENTS),
    ]
}


class Fidelity(NamedTuple):
    """A table of the metrics of synthetic series, by class size and method."""

    methods: tuple[str, ...]
    sizes: tuple[int, ...] = (300,)
    task: str = "MIT-BIH, V"


IN_TRAINING = "ganbats_series, "
FIDELITY = {
    "components": Fidelity(
        (
            *("real", "smote", "herded", "ganbats", "flow_matching", "herded ganbats"),
            *("herded, ganbats too", "herded, flow_matching too"),
            *(f"herded ganbats, pool of {n}" for n in (10, 30)),
        ),
        (10, 25, 300),
    ),
    "parts": Fidelity(
        (
            "ganbats",
            *(f"ganbats, no {part}" for part in ("bilstm", "attention", "bilstm or attention")),
        )
    ),
    "series": Fidelity(
        (
            *("real", "smote", "smooth_time_warp", "unwarped_arc", "arc", "unwarped_deformation"),
            *("unwarped_guided_warp", "herded arc", "herded", "dcgan", "cgan", "ganbats_series"),
        )
    ),
    "windows": Fidelity(
        (
            *("real", "herded", "ganbats", "ganbats, not aligned"),
            *("flow_matching", "flow_matching, not aligned"),
        ),
        task="CWRU, outer race",
    ),
    "other_networks": Fidelity(
        (
            *("real", "herded", "ganbats_series", f"{IN_TRAINING}conditional"),
            *(f"{IN_TRAINING}quarter of the resolution", f"{IN_TRAINING}DCGAN's generator"),
            *(f"{IN_TRAINING}spectrum", f"{IN_TRAINING}quarter and spectrum"),
            *("moment matching", "energy distance", "RS-IMLE"),
        ),
    ),
}
CURVE = ["method", "class_size", "seed"]
METRICS = {
    "two_sample_accuracy": ("two-sample accuracy", 2),
    "nearest": ("nearest", 2),
    "covered": ("covered", 2),
    "spectral_distance": ("spectra (dB)", 1),
    "cpu_seconds": ("CPU seconds", 1),
}


def read_runs(table: Gains) -> pd.DataFrame:
    """Read the runs of a table, each once."""
    runs = pd.concat([read_results(DATA / f"{name}.csv") for name in table.files])
    runs = runs[runs["seed"].isin(table.seeds)]
    if table.methods:
        runs = runs[runs["method"].isin({"none", table.baseline, *table.methods})]
    return runs.drop_duplicates(["task", "method", "classifier", "seed"])


def lay_out_gains(table: Gains, classifier: str) -> pd.DataFrame:
    """Lay out the gains of methods, by descending gain in the first score.

    A cell has the mean gain over the baseline, the numbers of tasks in which the method is better
    and worse, and "helps" or "harms" where both tests agree. The first row has the
    baseline's means.
    """
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


def lay_out_filters() -> pd.DataFrame:
    """Lay out the gains of samplers with a filter over the same ones without, by classifier."""
    files = ("herded_runs", "filtering_runs", "network_runs")
    ran = read_runs(Gains(files)).groupby("classifier")["method"].unique()
    tables = []
    for classifier in CLASSIFIERS:
        for method, baseline in FILTERED.items():
            if method in ran[classifier]:
                table = Gains(files, baseline, (method,), scores=THREE_SCORES)
                gains = lay_out_gains(table, classifier).iloc[1:].drop(columns="seconds")
                gains["method"] = gains["method"].replace("herded", "herded, copies")
                gains.insert(0, "classifier", classifier)
                tables.append(gains)
    return pd.concat(tables, ignore_index=True)


def lay_out_splits(table: Splits) -> pd.DataFrame:
    """Lay out the differences from the baseline, over the splits that both have.

    A cell has the mean difference, its standard error, and the numbers of splits in which the
    method is better and worse by more than .001. The first row has the baseline's means.
    """
    runs = read_results(DATA / f"{table.file}.csv")
    runs = runs[(runs["task"] == table.task) & (runs["classifier"] == "cnn")]
    rows = []
    for method in (table.baseline, *table.methods):
        own, base = (
            runs[runs["method"] == name].set_index("seed") for name in (method, table.baseline)
        )
        row = {"method": method.replace("_", " ")}
        for score in THREE_SCORES:
            gains = (own[score] - base[score]).dropna()
            wins, losses = ((sign * gains > 0.001).sum() for sign in (1, -1))
            row[SCORES[score].title] = (
                f"{base[score].mean():.3f}"
                if method == table.baseline
                else f"{gains.mean():+.3f} ({gains.sem():.3f}; {wins}/{losses})"
            )
        row["splits"] = len(own)
        row["seconds"] = f"{own['resample_seconds'].median():.2g}"
        rows.append(row)
    return pd.DataFrame(rows)


def lay_out_fidelity(table: Fidelity) -> pd.DataFrame:
    """Lay out the mean of each metric over seeds, with half of the range in brackets."""
    runs = pd.read_csv(DATA / "fidelity_runs.csv")
    by_run = runs[runs["task"] == table.task].groupby(["size", "method"])
    rows = []
    for key in product(table.sizes, table.methods):
        if key not in by_run.groups:
            continue  # not run at each size
        own = by_run.get_group(key)
        row = {"size": key[0], "method": key[1].replace("_", " "), "seeds": len(own)}
        for metric, (title, digits) in METRICS.items():
            row[title] = f"{own[metric].mean():.{digits}f}"
            if metric != "cpu_seconds":
                row[title] += f" ({np.ptp(own[metric]) / 2:.{digits}f})"
        rows.append(row)
    return pd.DataFrame(rows)


def lay_out_heartbeats() -> pd.DataFrame:
    """Lay out mean and deviation over folds, and the number of folds with a gain."""
    runs = pd.read_csv(DATA / "heartbeat_runs.csv").set_index(["method", "fold"])
    baseline = runs.loc["no resampling"]
    rows = []
    for method, own in runs.groupby("method", sort=False):
        row = {"method": str(method).replace("_", " ")}
        for score in runs:
            row[score] = f"{own[score].mean():.3f} ± {own[score].std():.3f}"
            if method != "no resampling":
                row[score] += f" ({(own.loc[method, score] > baseline[score]).sum()})"
        rows.append(row)
    return pd.DataFrame(rows)


def lay_out_curves() -> pd.DataFrame:
    """Lay out the measurement nearest to 300 updates: mean over seeds, smallest and largest."""
    runs = pd.read_csv(DATA / "training_curves.csv")
    nearest = runs["update"].sub(300).abs().groupby([runs[k] for k in CURVE]).idxmin()
    rows = []
    for (size, method), own in runs.loc[nearest].groupby(["class_size", "method"]):
        row = {"beats": size, "training": method, "seeds": len(own)}
        for metric in ("diversity", "prd_nearest", "dtw_nearest"):
            values = own[metric]
            row[metric.replace("_", ", ")] = (
                f"{values.mean():.2f} ({values.min():.2f} to {values.max():.2f})"
            )
        rows.append(row)
    return pd.DataFrame(rows)


#: Makes each table, by the name of its file.
TABLES: dict[str, partial[pd.DataFrame]] = {
    **{
        f"{name}_{classifier}": partial(lay_out_gains, table, classifier)
        for name, table in GAINS.items()
        for classifier in table.classifiers
    },
    **{name: partial(lay_out_splits, table) for name, table in SPLITS.items()},
    **{f"fidelity_{name}": partial(lay_out_fidelity, table) for name, table in FIDELITY.items()},
    "filters": partial(lay_out_filters),
    "heartbeats": partial(lay_out_heartbeats),
    "training_curves": partial(lay_out_curves),
}


def main() -> None:
    """Write every table."""
    folder = DATA / "tables"
    folder.mkdir(exist_ok=True)
    for name, lay_out in TABLES.items():
        lay_out().to_csv(folder / f"{name}.csv", index=False)


if __name__ == "__main__":
    main()

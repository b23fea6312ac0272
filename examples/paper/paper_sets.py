"""Data sets of the paper's kinds, and what the scripts of its tables share."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ganbats_sampler.benchmark import Task, load_tasks
from ganbats_sampler.benchmark.suites import CWRU_RECORDINGS, Folder, load_or_fetch
from ganbats_sampler.files import check_destination

#: The rows of tables 2 and 3, in the paper's order.
ABLATION: dict[str, dict[str, bool]] = {
    "neither": {"bilstm": False, "attention": False},
    "Bi-LSTM": {"bilstm": True, "attention": False},
    "attention": {"bilstm": False, "attention": True},
    "both": {"bilstm": True, "attention": True},
}
#: The sources of the data sets; the last two cannot be downloaded.
SOURCES = ("mitbih", "nasa", "cwru", "paderborn", "xjtu")


class PaperSet(NamedTuple):
    """A task of the paper's kind, and the preset for it.

    `n_table_2` is how many series table 2 trains on; the table leaves the task out if that is 0.
    """

    task: Task
    preset: str
    n_table_2: int = 0


def load_paper_sets(folders: Mapping[str, Folder]) -> dict[str, PaperSet]:
    """Load an ECG, a battery and a bearing set, each as one class against the rest and as a whole.

    `folders` names those of "mitbih", "nasa", "cwru", "paderborn" and "xjtu", in their publishers'
    layouts; the first three are downloaded if they are not named, the others left out.
    """
    cycles = load_or_fetch("nasa_battery", folders.get("nasa"))
    windows = load_or_fetch("cwru", folders.get("cwru"), recordings=CWRU_RECORDINGS, window=128)
    battery, bearings = (
        Task(f"{name}, {label}", data.data, data.target == label, data.groups, n_folds=3)
        for name, data, label in (
            ("NASA battery", cycles, "24C-2A"),
            ("CWRU", windows, "outer"),
        )
    )
    names = ["MIT-BIH, V", "MIT-BIH, AAMI classes", "NASA battery, conditions", "CWRU, faults"]
    ecg, *whole = load_tasks(names, folders)
    sets = {
        "ecg": PaperSet(ecg, "ecg-mit", 500),
        "battery": PaperSet(battery, "nasa-battery", 200),
        "bearings": PaperSet(bearings, "xjtu-sy", 512),
        "ecg, all classes": PaperSet(whole[0], "ecg-mit"),
        "battery, all classes": PaperSet(whole[1], "nasa-battery"),
        "bearings, all classes": PaperSet(whole[2], "xjtu-sy"),
    }
    for source, name in (("paderborn", "Paderborn, damage"), ("xjtu", "XJTU-SY, failing")):
        if source in folders:
            (task,) = load_tasks([name], folders)
            sets[name] = PaperSet(task, "xjtu-sy")
    return sets


def read_options(description: str, results: str) -> argparse.Namespace:
    """Read the command line: folders of the data sets, seeds, jobs, and where results go.

    That the results can be written is checked here, before any data set is read.
    """
    parser = argparse.ArgumentParser(description=description)
    for name in SOURCES:
        parser.add_argument(f"--{name}", type=Path, metavar="FOLDER", help="with its files")
    parser.add_argument("--seeds", nargs="+", type=int, default=list(range(5)), help="(0 to 4)")
    parser.add_argument("--jobs", type=int, default=1, help="runs at a time (%(default)s)")
    parser.add_argument("--out", type=Path, default=Path("benchmark"), help="(%(default)s)")
    options = parser.parse_args()
    named = {name: getattr(options, name) for name in SOURCES}
    options.folders = {name: folder for name, folder in named.items() if folder is not None}
    options.results = check_destination(options.out / results)
    return options


def mean_and_range(values: Iterable[float], digits: int = 2) -> str:
    """Format "mean (least to greatest)", without NaN."""
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if not len(known):
        return ""
    return f"{known.mean():.{digits}f} ({known.min():.{digits}f} to {known.max():.{digits}f})"


def print_and_save(table: pd.DataFrame, path: Path) -> None:
    """Print a table, and write it to a file."""
    print(table.to_string(index=False))
    table.to_csv(path, index=False)
    print(f"({path})")

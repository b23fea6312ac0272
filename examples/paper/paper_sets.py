"""Data sets of the paper's kinds, and what the scripts of its tables share."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ganbats_sampler.benchmark import Task, load_tasks
from ganbats_sampler.benchmark.suites import (
    CONDITION_BATTERIES,
    CWRU_RECORDINGS,
    Folder,
    load_or_fetch,
)
from ganbats_sampler.files import check_destination

#: The rows of tables 2 and 3, in the paper's order.
ABLATION: dict[str, dict[str, bool]] = {
    "neither": {"bilstm": False, "attention": False},
    "Bi-LSTM": {"bilstm": True, "attention": False},
    "attention": {"bilstm": False, "attention": True},
    "both": {"bilstm": True, "attention": True},
}
#: What the tables call these forms; the last is one network for all classes.
FORM_NAMES = {
    "neither": "neither part",
    "Bi-LSTM": "Bi-LSTM alone",
    "attention": "attention alone",
    "both": "both parts",
    "both, conditional": "both parts, one network",
}
#: The sources of the data sets; the last two cannot be downloaded.
SOURCES = ("mitbih", "nasa", "cwru", "paderborn", "xjtu")

#: The tasks of all classes at once, with the preset for each and the folder that it must have.
ALL_CLASSES = {
    "MIT-BIH, AAMI classes": ("ecg-mit", None),
    "NASA battery, conditions": ("nasa-battery", None),
    "CWRU, faults": ("xjtu-sy", None),
    "Paderborn, damage": ("xjtu-sy", "paderborn"),
    "XJTU-SY, failing": ("xjtu-sy", "xjtu"),
}


class PaperSet(NamedTuple):
    """A task of the paper's kind, the preset for it, and how many series table 2 trains on."""

    task: Task
    preset: str
    n_table_2: int = 0

    @property
    def of_table_2(self) -> Task:
        """The task with the class of table 2 and hardly any other series."""
        return replace(self.task, n_minority=self.n_table_2, imbalance=0.02)


def load_single_classes(folders: Mapping[str, Folder]) -> dict[str, PaperSet]:
    """Load an ECG, a battery and a bearing set, each as one class against the rest.

    `folders` names those of "mitbih", "nasa" and "cwru", in their publishers' layouts; what is not
    named is downloaded.
    """
    (ecg,) = load_tasks("MIT-BIH, V", folders)
    cycles = load_or_fetch("nasa_battery", folders.get("nasa"), batteries=CONDITION_BATTERIES)
    windows = load_or_fetch("cwru", folders.get("cwru"), recordings=CWRU_RECORDINGS, window=128)
    battery, bearings = (
        Task(f"{name}, {label}", data.data, data.target == label, data.groups, n_folds=3)
        for name, data, label in (
            ("NASA battery", cycles, "24C-2A"),
            ("CWRU", windows, "outer"),
        )
    )
    return {
        "ecg": PaperSet(ecg, "ecg-mit", 500),
        "battery": PaperSet(battery, "nasa-battery", 200),
        "bearings": PaperSet(bearings, "xjtu-sy", 512),
    }


def load_all_classes(folders: Mapping[str, Folder]) -> dict[str, PaperSet]:
    """Load the same sets as a whole, and those of "paderborn" and "xjtu" if they are named."""
    names = [name for name, (_, source) in ALL_CLASSES.items() if source in (None, *folders)]
    tasks = load_tasks(names, folders)
    return {task.name: PaperSet(task, ALL_CLASSES[task.name][0]) for task in tasks}


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
    """Format "mean (least to greatest)" without NaN, or a single value alone."""
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if not len(known):
        return ""
    if len(known) == 1:
        return f"{known[0]:.{digits}f}"
    return f"{known.mean():.{digits}f} ({known.min():.{digits}f} to {known.max():.{digits}f})"


def count(holds: pd.Series) -> str:
    """Format "in n of N" for what holds or not, seed by seed."""
    return f"{int(holds.sum())} of {len(holds)}"


def print_and_save(table: pd.DataFrame, path: Path) -> None:
    """Print a table, and write it to a file."""
    print(table.to_string(index=False))
    table.to_csv(path, index=False)
    print(f"({path})")

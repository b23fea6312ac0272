"""The tasks of the standing benchmark, by the data set they come from."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from ganbats_sampler import datasets
from ganbats_sampler.benchmark.tasks import Task

Folder = str | os.PathLike | None

#: Sets of the UCR and UEA archives, the rare class, and how many of it to train on. TwoLeadECG,
#: ECGFiveDays and Wafer are left out: on them the GANs' defaults were chosen.
UCR_TASKS = [
    ("ArrowHead", "0", 10),
    ("BasicMotions", "running", 5),
    ("Chinatown", "1", 10),
    ("ECG200", "-1", 10),
    ("Earthquakes", "1", 25),
    ("GunPoint", "2", 10),
    ("ItalyPowerDemand", "1", 25),
    ("MedicalImages", "9", 10),
    ("MedicalImages", "10", 25),
    ("OSULeaf", "4", 10),
    ("ProximalPhalanxTW", "5", 10),
    ("ProximalPhalanxTW", "8", 10),
]
#: Batteries that were discharged at 24 degrees until they had faded.
NASA_BATTERIES = ["B0005", "B0006", "B0018", "B0033"]
#: The drive-end faults without load, at 12 kHz: inner race, ball, outer race at six o'clock.
CWRU_RECORDINGS = [105, 169, 209, 3001, 118, 185, 222, 3005, 130, 197, 234]


def load_ucr_tasks(folder: Folder = None) -> list[Task]:
    """Make twelve tasks of the UCR and UEA archives; a series there is an entity of its own.

    Parameters
    ----------
    folder : path-like, default=None
        Holds ``GunPoint/GunPoint_TRAIN.tsv`` (or ``.ts``) and so on; sets that come with aeon need
        not be there. None downloads what does not come with aeon.
    """
    tasks = []
    for name, rare, n_minority in UCR_TASKS:
        data = _load_ucr(name, folder)
        is_rare = data.target == rare
        tasks.append(Task(f"{name}, {rare}", data.data, is_rare, n_minority=n_minority))
    return tasks


def _load_ucr(name: str, folder: Folder) -> Any:
    try:
        return datasets.load_ucr(name)  # comes with aeon
    except FileNotFoundError:
        return datasets.fetch_ucr(name) if folder is None else datasets.load_ucr(name, folder)


def load_mitbih_tasks(folder: Folder = None) -> list[Task]:
    """Make a task of ventricular beats among normal ones, by patient: 128 samples at 180 Hz."""
    options: dict[str, Any] = {"records": "DS1", "window": 128, "sampling_rate": 180}
    beats = (
        datasets.fetch_mitbih(**options)
        if folder is None
        else datasets.load_mitbih(folder, **options)
    )
    kept = np.isin(beats.target, ["N", "V"])
    X, y, patients = beats.data[kept], beats.target[kept] == "V", beats.groups[kept]
    return [Task("MIT-BIH, V", X, y, patients, n_minority=50, n_folds=5)]


def load_nasa_tasks(folder: Folder = None) -> list[Task]:
    """Make a task of discharges of faded batteries, by battery: below 1.4 Ah, at 24 degrees."""
    options: dict[str, Any] = {"batteries": NASA_BATTERIES, "classes": "capacity"}
    cycles = (
        datasets.fetch_nasa_battery(**options)
        if folder is None
        else datasets.load_nasa_battery(folder, **options)
    )
    return [Task("NASA battery, faded", cycles.data, cycles.target == "faded", cycles.groups)]


def load_cwru_tasks(folder: Folder = None) -> list[Task]:
    """Make a task of faults of the outer race among others, by recording: 256 samples at 12 kHz.

    There is one recording of a sound bearing, too few to split by recording; it is left out.
    """
    options: dict[str, Any] = {"recordings": CWRU_RECORDINGS, "window": 256}
    windows = (
        datasets.fetch_cwru(**options) if folder is None else datasets.load_cwru(folder, **options)
    )
    is_outer = windows.target == "outer"
    return [Task("CWRU, outer race", windows.data, is_outer, windows.groups, n_folds=3)]


#: Where tasks come from.
SOURCES: dict[str, Callable[[Folder], list[Task]]] = {
    "ucr": load_ucr_tasks,
    "mitbih": load_mitbih_tasks,
    "nasa": load_nasa_tasks,
    "cwru": load_cwru_tasks,
}
#: What is compared in the standing benchmark, beside the baselines.
STANDING_ARMS = [
    "random_over_sampler",
    "jitter",
    "window_warp",
    "time_warp",
    "smote",
    "adasyn",
    "kmeans_smote",
    "dcgan",
    "ganbats",
]
STANDING_CLASSIFIERS = ["ridge", "forest", "cnn"]


def load_tasks(
    sources: Iterable[str] = tuple(SOURCES), folders: Mapping[str, Folder] | None = None
) -> list[Task]:
    """Load the tasks of the standing benchmark.

    Parameters
    ----------
    sources : iterable of {"ucr", "mitbih", "nasa", "cwru"}, default=all
        Where tasks come from.
    folders : mapping of source to path-like, default=None
        Where each lies, in its publisher's layout. Sources without a folder are downloaded.

    Returns
    -------
    list of Task
        Of all four, fifteen.

    Raises
    ------
    ValueError
        If there is no such source.
    FileNotFoundError
        If a folder lacks files.
    ganbats_sampler.datasets.download.DownloadError
        If they cannot be downloaded.
    """
    folders = folders or {}
    tasks = []
    for source in [*sources, *folders]:
        if source not in SOURCES:
            raise ValueError(f"There is no source {source!r}; choose from {list(SOURCES)}.")
    for source in sources:
        tasks += SOURCES[source](folders.get(source))
    return tasks

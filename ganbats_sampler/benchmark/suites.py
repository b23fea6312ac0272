"""The tasks of the benchmark by name, and the methods and classifiers of the standing benchmark."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ganbats_sampler import datasets
from ganbats_sampler.benchmark.names import as_list
from ganbats_sampler.benchmark.tasks import Task

Folder = str | os.PathLike[str] | None

#: Data sets of the UCR and UEA archives, the minority class, and its number of training series.
#: TwoLeadECG, ECGFiveDays and Wafer are left out because the GANs' defaults were chosen on them.
UCR_TASKS = [
    ("ArrowHead", "0", 10),
    ("BasicMotions", "running", 6),
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
#: Batteries that were discharged at 24 degrees Celsius until they had faded.
FADED_BATTERIES = ["B0005", "B0006", "B0018", "B0033"]
#: Batteries of five temperatures and currents: 15 of the 34 published ones, those of our runs.
CONDITION_BATTERIES = [
    *("B0005", "B0006", "B0018", "B0025", "B0026", "B0029", "B0030", "B0031", "B0033"),
    *("B0045", "B0046", "B0047", "B0053", "B0054", "B0055"),
]
#: A condition is a class if it has at least this many batteries, one for each fold.
MIN_CELLS = 3
#: Drive-end faults without load, at 12 kHz: inner race, ball, outer race at six o'clock.
CWRU_RECORDINGS = [105, 169, 209, 3001, 118, 185, 222, 3005, 130, 197, 234]
#: The healthy bearing without load.
SOUND_RECORDING = 97
_BEATS: dict[str, Any] = {"records": "DS1", "window": 128, "sampling_rate": 180}


def _ucr_task(name: str, rare: str, n_minority: int, folder: Folder) -> Task:
    """Make a task from a data set of the archives, in which each series is its own entity."""
    try:
        data = datasets.load_ucr(name)  # comes with aeon
    except FileNotFoundError:
        data = datasets.fetch_ucr(name) if folder is None else datasets.load_ucr(name, folder)
    return Task(f"{name}, {rare}", data.data, data.target == rare, n_minority=n_minority)


def load_or_fetch(name: str, folder: Folder, **options: Any) -> Any:
    """Read a data set from a folder, or download it if none is given."""
    if folder is not None:
        return getattr(datasets, f"load_{name}")(folder, **options)
    fetch = getattr(datasets, f"fetch_{name}", None)
    if fetch is None:
        raise ValueError(
            f"The files of {name} cannot be downloaded; name the folder that has them."
        )
    return fetch(**options)


def mitbih_task(folder: Folder = None) -> Task:
    """Make a task of ventricular and normal beats, split by patient: 128 samples at 180 Hz."""
    beats = load_or_fetch("mitbih", folder, **_BEATS)
    kept = np.isin(beats.target, ["N", "V"])
    X, y, patients = beats.data[kept], beats.target[kept] == "V", beats.groups[kept]
    return Task("MIT-BIH, V", X, y, patients, n_minority=50, n_folds=5)


def _nasa_task(folder: Folder) -> Task:
    """Make a task of discharges at 24 degrees, below 1.4 Ah (faded) or not, split by battery."""
    options: dict[str, Any] = {"batteries": FADED_BATTERIES, "classes": "capacity"}
    cycles = load_or_fetch("nasa_battery", folder, **options)
    return Task("NASA battery, faded", cycles.data, cycles.target == "faded", cycles.groups)


def _cwru_task(folder: Folder) -> Task:
    """Make a task of faults of the outer race and others, split by recording.

    The windows have 256 samples at 12 kHz. The healthy bearing is left out, because a split by
    recording needs more than its one recording.
    """
    options: dict[str, Any] = {"recordings": CWRU_RECORDINGS, "window": 256}
    windows = load_or_fetch("cwru", folder, **options)
    is_outer = windows.target == "outer"
    return Task("CWRU, outer race", windows.data, is_outer, windows.groups, n_folds=3)


def _aami_task(folder: Folder) -> Task:
    """Make a task of the AAMI classes N, S, V and F, split by patient. DS1 has eight beats of Q."""
    beats = load_or_fetch("mitbih", folder, **_BEATS)
    kept = beats.target != "Q"
    X, y, patients = beats.data[kept], beats.target[kept], beats.groups[kept]
    return Task("MIT-BIH, AAMI classes", X, y, patients, n_minority=50, max_test=len(y))


def _conditions_task(folder: Folder) -> Task:
    """Make a task of the temperatures and currents of batteries, split by battery."""
    cycles = load_or_fetch("nasa_battery", folder, batteries=CONDITION_BATTERIES)
    cells = {label: len(set(cycles.groups[cycles.target == label])) for label in set(cycles.target)}
    kept = np.array([cells[label] >= MIN_CELLS for label in cycles.target])
    X, y, batteries = cycles.data[kept], cycles.target[kept], cycles.groups[kept]
    return Task("NASA battery, conditions", X, y, batteries, n_minority=50, n_folds=3)


def _faults_task(folder: Folder) -> Task:
    """Make a task of a healthy bearing and three faults, split by recording.

    The windows have 128 samples at 12 kHz. The one recording of the healthy bearing is cut into
    three stretches of time. So its windows are on both sides of a split, and easier to recognise
    than those of an unseen bearing.
    """
    options: dict[str, Any] = {"recordings": [SOUND_RECORDING, *CWRU_RECORDINGS], "window": 128}
    windows = load_or_fetch("cwru", folder, **options)
    groups, is_sound = windows.groups.copy(), windows.target == "normal"
    n_sound = int(is_sound.sum())
    groups[is_sound] = -1 - np.arange(n_sound) * 3 // n_sound
    sides: dict[str, Any] = {"n_minority": 50, "n_folds": 3, "common": "normal"}
    return Task("CWRU, faults", windows.data, windows.target, groups, **sides)


def _paderborn_task(folder: Folder) -> Task:
    """Make a task of motor currents, by the place of the bearing's damage, split by bearing."""
    options = {"channels": ("phase_current_1", "phase_current_2"), "window": 1024}
    windows = load_or_fetch("paderborn", folder, **options)
    sides: dict[str, Any] = {"n_minority": 50, "n_folds": 3, "common": "healthy"}
    return Task("Paderborn, damage", windows.data, windows.target, windows.groups, **sides)


def _xjtu_task(folder: Folder) -> Task:
    """Make a task of the start and the end of bearings' lives, split by bearing."""
    windows = load_or_fetch("xjtu_sy", folder)
    is_failing = windows.target == "failing"
    return Task("XJTU-SY, failing", windows.data, is_failing, windows.groups, n_minority=50)


class Entry(NamedTuple):
    """The name of a data set, and a function that makes a task from its folder.

    To add a data set, add an entry to the tables below. The command line then has an option
    ``--<source>`` for its folder.
    """

    source: str
    make: Callable[[Folder], Task]


STANDING_TASKS = {
    **{
        f"{name}, {rare}": Entry("ucr", partial(_ucr_task, name, rare, n_minority))
        for name, rare, n_minority in UCR_TASKS
    },
    "MIT-BIH, V": Entry("mitbih", mitbih_task),
    "NASA battery, faded": Entry("nasa", _nasa_task),
    "CWRU, outer race": Entry("cwru", _cwru_task),
}
#: Tasks that run only on request; most have more than two classes.
FURTHER_TASKS = {
    "MIT-BIH, AAMI classes": Entry("mitbih", _aami_task),
    "NASA battery, conditions": Entry("nasa", _conditions_task),
    "CWRU, faults": Entry("cwru", _faults_task),
    "Paderborn, damage": Entry("paderborn", _paderborn_task),
    "XJTU-SY, failing": Entry("xjtu", _xjtu_task),
}
#: The methods of the standing benchmark, in addition to the baselines.
STANDING_METHODS = [
    *("random_over_sampler", "jitter", "window_warp", "time_warp", "smote", "adasyn"),
    *("kmeans_smote", "arc", "deformation", "herded", "cgan", "dcgan", "ganbats", "flow_matching"),
]
STANDING_CLASSIFIERS = ["ridge", "forest", "cnn"]


def get_task_names() -> list[str]:
    """List the tasks: the fifteen of the standing benchmark, and further ones."""
    return [*STANDING_TASKS, *FURTHER_TASKS]


def get_source_names() -> list[str]:
    """List the data sets that tasks come from."""
    return list(dict.fromkeys(entry.source for entry in _entries().values()))


def _entries() -> dict[str, Entry]:
    return STANDING_TASKS | FURTHER_TASKS


def check_tasks(names: Any, folders: Any) -> tuple[list[str], Mapping[str, Folder]]:
    """Check the arguments of :func:`load_tasks` without reading or downloading anything."""
    names, folders, sources = (
        as_list(names or list(STANDING_TASKS)),
        folders or {},
        get_source_names(),
    )
    if not isinstance(folders, Mapping):
        raise TypeError(f"folders={folders!r} was given; pass a mapping such as {{'ucr': folder}}.")
    for what, given, allowed in (("task", names, _entries()), ("data set", folders, sources)):
        if unknown := [name for name in given if name not in allowed]:
            raise ValueError(f"There is no {what} {unknown}; choose from {list(allowed)}.")
    for name, folder in folders.items():
        if folder is not None and not Path(folder).expanduser().is_dir():
            raise FileNotFoundError(
                f"{folder}, given for {name}, is no folder. Name the folder that has its files, or "
                "leave it out to download them."
            )
    return names, folders


def load_tasks(
    names: str | Iterable[str] | None = None, folders: Mapping[str, Folder] | None = None
) -> list[Task]:
    """Load tasks of the benchmark.

    Parameters
    ----------
    names : str or iterable of str, default=None
        Names of :func:`get_task_names`. None means the fifteen tasks of the standing benchmark.
    folders : mapping of {"ucr", "mitbih", "nasa", "cwru", "paderborn", "xjtu"} to path-like, \
            default=None
        The folder of each data set, in its publisher's layout. Data sets without a folder are
        downloaded, except those of UCR and UEA that come with aeon. Paderborn and XJTU-SY need a
        folder, because they cannot be downloaded.

    Returns
    -------
    list of Task

    Raises
    ------
    ValueError
        If there is no such task or data set, or a data set that cannot be downloaded has no
        folder. Names are checked before anything is read or downloaded.
    TypeError
        If `folders` is no mapping.
    FileNotFoundError
        If there is no such folder, which is checked first as well, or a folder lacks files.
    ganbats_sampler.datasets.download.DownloadError
        If a data set cannot be downloaded.

    Examples
    --------
    >>> from ganbats_sampler.benchmark import load_tasks
    >>> (task,) = load_tasks(["GunPoint, 2"])
    >>> task.X.shape, int(task.y.sum())
    ((200, 1, 150), 100)
    """
    names, folders = check_tasks(names, folders)
    entries = [_entries()[name] for name in names]
    return [entry.make(folders.get(entry.source)) for entry in entries]

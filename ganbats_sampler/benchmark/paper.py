"""The paper's tables: its models and its training, on its kinds of data, beside its figures."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from joblib import Parallel, delayed
from tqdm.auto import tqdm

from ganbats_sampler.benchmark.ablation import ABLATION, PAIRINGS, measure_form
from ganbats_sampler.benchmark.arms import Arm
from ganbats_sampler.benchmark.protocols import PROTOCOLS
from ganbats_sampler.benchmark.results import ResultsFile
from ganbats_sampler.benchmark.runner import compare_samplers
from ganbats_sampler.benchmark.suites import CWRU_RECORDINGS, Folder, load_or_fetch, mitbih_task
from ganbats_sampler.benchmark.tasks import Task

#: Liu et al. (2023), tables 2 (PRD and DTW; on which data is not said), 3 and 4 (accuracy, in
#: percent). The column of the bearings is headed XJTU-SY there.
TABLE_2 = {
    "neither": (61.38, 21.72),
    "Bi-LSTM": (40.32, 14.37),
    "attention": (41.62, 10.62),
    "both": (26.22, 9.45),
}
TABLES_3_AND_4 = {
    "bearings": {
        **{"cgan": 77.2, "dcgan": 80.3, "wgan": 83.5, "wgan_gp": 89.8},
        **{"neither": 67.7, "Bi-LSTM": 82.3, "attention": 80.5, "both": 88.7},
    },
    "battery": {
        **{"cgan": 81.3, "dcgan": 87.6, "wgan": 91.7, "wgan_gp": 93.2},
        **{"neither": 75.2, "Bi-LSTM": 90.1, "attention": 89.4, "both": 94.2},
    },
    "ecg": {
        **{"cgan": 92.3, "dcgan": 95.2, "wgan": 94.2, "wgan_gp": 95.6},
        **{"neither": 82.3, "Bi-LSTM": 93.3, "attention": 91.9, "both": 98.7},
    },
}
#: Rare series to train on in tables 3 and 4, with ten times as many others.
N_MINORITY = 50
CLASSIFIERS = ("cnn", "forest")
MEASURES = [
    f"{metric}_{pairing}{what}"
    for metric in ("prd", "dtw")
    for pairing in PAIRINGS
    for what in ("", "_floor", "_class_mean")
]
KEY_2 = ["data", "task", "form", "seed"]
COLUMNS_2 = [*KEY_2, "failure", "spread", *MEASURES, "updates", "seconds"]


class PaperSet(NamedTuple):
    """A data set of the paper's kind, its preset, and how many series table 2 trains on."""

    task: Task
    preset: str
    n_generated_from: int


def load_paper_sets(folders: Mapping[str, Folder] | None = None) -> dict[str, PaperSet]:
    """Load an ECG, a battery and a bearing set, as one rare class against the rest.

    Parameters
    ----------
    folders : mapping of {"mitbih", "nasa", "cwru"} to path-like, default=None
        Where each lies, in its publisher's layout; what is not named is downloaded.
    """
    folders = folders or {}
    beats = mitbih_task(folders.get("mitbih"))
    cycles = load_or_fetch("nasa_battery", folders.get("nasa"))
    windows = load_or_fetch("cwru", folders.get("cwru"), recordings=CWRU_RECORDINGS, window=128)
    battery, bearings = (
        Task(f"{name}, {rare}", data.data, data.target == rare, data.groups, n_folds=3)
        for name, data, rare in (
            ("NASA battery", cycles, "24C-2A"),
            ("CWRU", windows, "outer"),
        )
    )
    return {
        "ecg": PaperSet(beats, "ecg-mit", 500),
        "battery": PaperSet(battery, "nasa-battery", 200),
        "bearings": PaperSet(bearings, "xjtu-sy", 512),
    }


def paper_arms(preset: str) -> list[Arm]:
    """List what tables 3 and 4 compare, SMOTE beside it: the forms of GANBATS by a preset."""
    from ganbats_sampler.samplers import GANBATSSampler, get_sampler

    others = [
        Arm(name, get_sampler(name)) for name in ("smote", "cgan", "dcgan", "wgan", "wgan_gp")
    ]
    forms = [
        Arm(form, GANBATSSampler.from_preset(preset, **parts)) for form, parts in ABLATION.items()
    ]
    return others + forms


def run_table_2(
    sets: Mapping[str, PaperSet],
    seeds: Iterable[int] = range(3),
    *,
    results: str | os.PathLike | None = None,
    n_jobs: int | None = None,
    verbose: bool = True,
):
    """Measure PRD and DTW of the four forms of GANBATS, a row for each data set, form and seed.

    Parameters
    ----------
    sets : mapping of str to PaperSet
        See :func:`load_paper_sets`.
    seeds, results, n_jobs, verbose
        As of :func:`compare_samplers`.

    Returns
    -------
    pandas.DataFrame
        The figures of :func:`~ganbats_sampler.benchmark.ablation.measure_form`.
    """
    file = ResultsFile(results, COLUMNS_2, KEY_2, texts=("failure",))
    done = file.done()
    jobs = [
        (name, of, form, seed)
        for seed in seeds
        for name, of in sets.items()
        for form in ABLATION
        if (name, of.task.name, form, str(seed)) not in done
    ]
    parallel = Parallel(n_jobs=n_jobs, return_as="generator_unordered")
    rows = parallel(delayed(_measure)(*job) for job in jobs)
    for row in tqdm(rows, total=len(jobs), desc="table 2", unit="net", disable=not verbose):
        file.append([row])
    return file.frame()


def _measure(name: str, of: PaperSet, form: str, seed: int) -> dict[str, Any]:
    task = replace(of.task, n_minority=of.n_generated_from, imbalance=0.02)
    return {"data": name, **measure_form(task, of.preset, form, seed)}


def run_tables_3_and_4(
    sets: Mapping[str, PaperSet],
    seeds: Sequence[int] = range(3),
    *,
    results: str | os.PathLike | None = None,
    n_jobs: int | None = None,
    verbose: bool = True,
):
    """Score classifiers with the paper's samplers, honestly and resampled before the split.

    Parameters
    ----------
    sets : mapping of str to PaperSet
        See :func:`load_paper_sets`.
    seeds, results, n_jobs, verbose
        As of :func:`compare_samplers`.

    Returns
    -------
    pandas.DataFrame
        As of :func:`compare_samplers`, with the data set's name in the column ``data``.
    """
    import pandas as pd

    frames = []
    for seed in seeds:  # outermost: what is stopped early has whole seeds
        for name, of in sets.items():
            for protocol in PROTOCOLS:
                frame = compare_samplers(
                    [replace(of.task, n_minority=N_MINORITY)],
                    paper_arms(of.preset),
                    CLASSIFIERS,
                    [seed],
                    protocol=protocol,
                    results=results,
                    n_jobs=n_jobs,
                    verbose=verbose,
                )
                frames.append(frame.assign(data=name))
    return pd.concat(frames, ignore_index=True)


def table_2(runs):
    """Lay out table 2: ratios to the floor, mean and spread over seeds, beside the paper's figures.

    Parameters
    ----------
    runs : pandas.DataFrame
        Of :func:`run_table_2`.

    Returns
    -------
    pandas.DataFrame
        A row for each data set and form. Of each measure the value over its floor, "mean (least to
        greatest)" over seeds; 1 is what real series have.
    """
    import pandas as pd

    rows = []
    for (data, form), of_form in runs.groupby(["data", "form"], sort=False):
        failed = int((of_form["failure"] != "").sum())
        row = {"data": data, "form": form, "seeds": len(of_form), "watch: failed": failed}
        row["spread"] = _range(of_form["spread"])
        for name in (f"{metric}_{pairing}" for metric in ("prd", "dtw") for pairing in PAIRINGS):
            row[name.replace("_", ", ") + " / floor"] = _range(
                of_form[name] / of_form[f"{name}_floor"]
            )
        row["paper: PRD"], row["paper: DTW"] = TABLE_2[form]
        rows.append(row)
    return pd.DataFrame(rows).sort_values(
        ["data", "form"],
        key=lambda c: c.map(list(ABLATION).index) if c.name == "form" else c,
    )


def tables_3_and_4(runs, classifier: str = "cnn", score: str = "accuracy"):
    """Lay out tables 3 and 4: both protocols beside the paper's figure.

    Parameters
    ----------
    runs : pandas.DataFrame
        Of :func:`run_tables_3_and_4`.
    classifier : {"cnn", "forest"}, default="cnn"
        The paper does not say what it used.
    score : str, default="accuracy"
        Another of :data:`SCORES`, if wished.

    Returns
    -------
    pandas.DataFrame
        A row for each data set and arm, in percent, "mean (least to greatest)" over seeds.
    """
    import pandas as pd

    chosen = runs[(runs["classifier"] == classifier) & (runs["status"] == "ok")]
    rows = []
    for (data, arm), of_arm in chosen.groupby(["data", "arm"], sort=False):
        row: dict[str, Any] = {"data": data, "arm": arm}
        row["watch: failed"] = f"{(of_arm['reason'] != '').sum()} of {len(of_arm)}"
        for protocol in PROTOCOLS:
            row[protocol] = _range(100 * of_arm.loc[of_arm["protocol"] == protocol, score], 1)
        row["paper"] = TABLES_3_AND_4[data].get(arm, "")
        rows.append(row)
    return pd.DataFrame(rows)


def _range(values, digits: int = 2) -> str:
    values = np.asarray(values, dtype=float)
    values = values[~np.isnan(values)]
    if not len(values):
        return ""
    return f"{values.mean():.{digits}f} ({values.min():.{digits}f} to {values.max():.{digits}f})"

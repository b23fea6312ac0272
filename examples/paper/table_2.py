"""Table 2 and figure 9 of Liu et al. (2023): what Bi-LSTM and attention add to PRD, DTW and losses.

Every form of GANBATS is trained as the paper's preset says, on the same series, and measured
beside the same held-out series of the same entities. Of its losses, the change from the first
quarter of the epochs to the last is told, in their mean and in how much they swing::

    python examples/paper/table_2.py --mitbih mitdb --nasa nasa --cwru cwru

Runs are rows of ``<out>/table_2.csv``; those that it holds already are not run again.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from joblib import delayed
from paper_sets import (
    ABLATION,
    FORM_NAMES,
    PaperSet,
    count,
    load_single_classes,
    mean_and_range,
    print_and_save,
    read_options,
)

from ganbats_sampler import GANBATSSampler, GenerationWarning, metrics
from ganbats_sampler.benchmark import Task
from ganbats_sampler.benchmark.cost import Cost
from ganbats_sampler.benchmark.results import ResultsFile
from ganbats_sampler.benchmark.runner import run_all
from ganbats_sampler.series import DeviationScaler

#: The paper's figures for PRD and DTW; it does not say on which data.
PAPER = {
    "neither": (61.38, 21.72),
    "Bi-LSTM": (40.32, 14.37),
    "attention": (41.62, 10.62),
    "both": (26.22, 9.45),
}
#: Most series that are generated and held out, and fewest that are held out.
N_GENERATED, MIN_HELD_OUT = 200, 20
PAIRINGS = ("random", "nearest")
MEASURES = [
    f"{metric}_{pairing}{what}"
    for metric in ("prd", "dtw")
    for pairing in PAIRINGS
    for what in ("", "_reference", "_class_mean")
]
KEY = ["data", "task", "form", "seed", "settings"]
LOSSES = [f"{net}_loss" for net in ("generator", "discriminator")]
CHANGES = [f"{loss}_{what}" for loss in LOSSES for what in ("change", "swing_ratio")]
COLUMNS = [*KEY, "failure", "diversity", *MEASURES, *CHANGES, "updates", "seconds"]


def measure_form(task: Task, sampler: GANBATSSampler, seed: int) -> dict[str, Any]:
    """Train a sampler on the minority class of a task, and measure what it generates.

    The row has PRD and DTW by pairing, each with its reference and the class mean's value, and what
    the failure checks say. A network that diverged has no figures. Series are standardised by
    channel over the class.
    """
    split = task.split(seed)
    real, held_out = split.X_train[split.y_train], split.X_reserve[:N_GENERATED]
    if len(held_out) < MIN_HELD_OUT:
        raise ValueError(
            f"{task.name}: {len(held_out)} series of the class are left beside the {len(real)} "
            f"that are trained on; the references need {MIN_HELD_OUT}. Use a smaller n_minority."
        )
    sampler.set_params(sampling_strategy={True: len(real) + len(held_out)}, random_state=seed)
    with Cost() as cost, warnings.catch_warnings():
        warnings.simplefilter("ignore", GenerationWarning)  # it is in the row
        X, _ = sampler.fit_resample(split.X_train, split.y_train)
    outcome, history = sampler.outcomes_[True], sampler.history_[True]
    row = {
        "failure": outcome.reason,
        **measure_losses(history),
        "updates": history[-1]["update"],
        "seconds": cost.seconds,
    }
    if not outcome.is_generated:
        return row
    scaler = DeviationScaler.fit(real)
    sides = [scaler.transform(side) for side in (real, X[sampler.synthetic_mask_], held_out)]
    row["diversity"] = metrics.diversity_ratio(*sides[:2])
    for metric in (metrics.prd, metrics.dtw):
        for pairing in PAIRINGS:
            score = metrics.score_with_reference(metric, *sides, pairing=pairing, random_state=seed)
            name = f"{metric.__name__}_{pairing}"
            row[name], row[f"{name}_reference"] = score.value, score.reference
            row[f"{name}_class_mean"] = score.class_mean
    return row


def measure_losses(history: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Compare the last quarter of the epochs with the first, by what figure 9 is said to show.

    ``_change`` is the difference of the mean losses, less than 0 where a loss decreases.
    ``_swing_ratio`` is the ratio of the mean steps between epochs, less than 1 where the
    oscillation shrinks.
    """
    n = len(history) // 4
    if n < 2:
        return {}
    found = {}
    for name in LOSSES:
        losses = np.array([row[name] for row in history])
        first, last = losses[:n], losses[-n:]
        found[f"{name}_change"] = last.mean() - first.mean()
        found[f"{name}_swing_ratio"] = np.abs(np.diff(last)).mean() / np.abs(np.diff(first)).mean()
    return found


def run(
    sets: Mapping[str, PaperSet],
    seeds: Iterable[int],
    results: Path | None = None,
    n_jobs: int = 1,
) -> pd.DataFrame:
    """Measure the four forms of GANBATS, with a row for each data set, form and seed."""
    calls, keys = {}, []
    with ResultsFile(results, COLUMNS, KEY, texts=("failure",)) as file:
        done = file.done()
        for seed in seeds:  # outermost, so that an early stop leaves whole seeds
            for name, of in sets.items():
                task = of.of_table_2
                for form, parts in ABLATION.items():
                    sampler = GANBATSSampler.from_preset(of.preset, **parts)
                    # A digest, because names tell neither the series nor the preset nor the size.
                    settings = joblib.hash((task, sampler.get_params()))[:12]
                    key = dict(zip(KEY, (name, task.name, form, seed, settings), strict=True))
                    keys.append(file.key_of(key))
                    calls[keys[-1]] = delayed(_run)(key, task, sampler)
        run_all([call for key, call in calls.items() if key not in done], file, n_jobs, unit="net")
        place = {file.key_of(row): i for i, row in enumerate(file.rows)}
        return file.frame().iloc[[place[key] for key in keys]].reset_index(drop=True)


def _run(key: dict[str, Any], task: Task, sampler: GANBATSSampler) -> list[dict[str, Any]]:
    return [key | measure_form(task, sampler, key["seed"])]


def lay_out(runs: pd.DataFrame) -> pd.DataFrame:
    """Lay out the table: ratios to the reference over seeds, beside the paper's figures."""
    rows = []
    for task, form, of_form in _by_form(runs):
        row = {"task": task, "form": FORM_NAMES[form]}
        row["failed networks"] = count(of_form["failure"] != "")
        row["diversity"] = mean_and_range(of_form["diversity"])
        for metric in ("prd", "dtw"):
            for pairing in PAIRINGS:
                name = f"{metric}_{pairing}"
                ratio = of_form[name] / of_form[f"{name}_reference"]
                row[f"{metric.upper()}, {pairing}"] = mean_and_range(ratio)
        row["paper: PRD"], row["paper: DTW"] = PAPER[form]
        rows.append(row)
    return pd.DataFrame(rows)


def lay_out_claims(runs: pd.DataFrame) -> pd.DataFrame:
    """Count the seeds in which a part lowers PRD or DTW, and in which both parts have the lowest.

    Each form is compared with the form that has neither part, on the same series.
    """
    rows = []
    for task, of_task in runs.groupby("task"):
        for metric in ("prd", "dtw"):
            for pairing in PAIRINGS:
                values = of_task.pivot(index="seed", columns="form", values=f"{metric}_{pairing}")
                row = {"task": task, "measure": f"{metric.upper()}, {pairing}"}
                for form in ("Bi-LSTM", "attention", "both"):
                    row[f"{FORM_NAMES[form]}: lower"] = count(values[form] < values["neither"])
                lowest = count(values.idxmin(axis=1) == "both")
                row[f"{FORM_NAMES['both']}: lowest of four"] = lowest
                rows.append(row)
    return pd.DataFrame(rows)


def lay_out_losses(runs: pd.DataFrame) -> pd.DataFrame:
    """Lay out what becomes of the losses, with the runs in which both of the paper's words hold."""
    rows = []
    for task, form, of_form in _by_form(runs):
        row = {"task": task, "form": FORM_NAMES[form]}
        for loss in LOSSES:
            net = loss.split("_")[0]
            change, swing = of_form[f"{loss}_change"], of_form[f"{loss}_swing_ratio"]
            row[f"{net}: change"] = mean_and_range(change)
            row[f"{net}: ratio of swings"] = mean_and_range(swing)
            row[f"{net}: decreases and swings less"] = count((change < 0) & (swing < 1))
        rows.append(row)
    return pd.DataFrame(rows)


def _by_form(runs: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    for task, of_task in runs.groupby("task"):
        for form in ABLATION:
            if len(of_form := of_task[of_task["form"] == form]):
                yield task, form, of_form


if __name__ == "__main__":
    options = read_options(__doc__, "table_2.csv")
    runs = run(load_single_classes(options.folders), options.seeds, options.results, options.jobs)
    print("\nTable 2: PRD and DTW over those of held-out real series (1 is perfect)")
    print_and_save(lay_out(runs), options.out / "table_2_ratios.csv")
    print("\nTable 2: seeds in which the claim holds")
    print_and_save(lay_out_claims(runs), options.out / "table_2_claims.csv")
    print("\nFigure 9: losses, last quarter of the epochs against the first")
    print_and_save(lay_out_losses(runs), options.out / "figure_9_losses.csv")

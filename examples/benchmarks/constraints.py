r"""Do constraints help or harm: whole numbers, and values in the range of their class?

    python examples/benchmarks/constraints.py --ucr UCRArchive_2018 --mitbih mitdb --cwru cwru
    python examples/benchmarks/constraints.py --ucr UCRArchive_2018 --seeds 0 1 \
        --methods ganbats_series --tasks Events Chinatown

The tasks have small counts (simulated events), large counts (pedestrians, an analog-digital
converter), values that are never negative (spectra), or standardised values as a control. For each
sampler the script prints the shares of synthetic series that are not whole numbers, that are
negative though no real series is, that leave the range of the class, and that copy a real series.
Then it prints the change in balanced accuracy and average precision: the mean and standard error of
paired differences over runs.
"""

import argparse
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, balanced_accuracy_score

from ganbats_sampler import datasets
from ganbats_sampler.benchmark import Task, get_classifier, load_tasks
from ganbats_sampler.benchmark.suites import CWRU_RECORDINGS
from ganbats_sampler.samplers import get_sampler

SAMPLERS = ["jitter", "scaling", "rotation", "arc", "herded", "smote"]
CONSTRAINTS = [None, "whole", "range", "both"]
KEYS = ["kind", "task", "seed", "method", "constrain"]
WRONG = ["not whole", "negative", "outside", "copies"]
SCORES = ["ridge BA", "ridge AP", "forest BA", "forest AP"]


def events(seed=0):
    """Draw 600 days of 24 counts; on a third of the days the evening peak comes two hours late."""
    rng = np.random.default_rng(seed)
    is_late = np.arange(600) % 3 == 0
    hour = np.arange(24) - 2 * is_late[:, None]
    rate = 0.3 + 3 * np.exp(-((hour - 17) ** 2) / 8) * rng.gamma(9, 1 / 9, (600, 1))
    return Task("Events", rng.poisson(rate)[:, None].astype(float), is_late, n_minority=25)


def make_tasks(options):
    """Make the tasks, by their kind; those whose folder is not given are left out."""
    tasks = {"small counts": [events()], "large counts": [], "not negative": [], "control": []}
    tasks["control"] += load_tasks(["GunPoint, 2", "ItalyPowerDemand, 1"])
    if options.ucr:
        counts, ecg = load_tasks(["Chinatown, 1", "ECG200, -1"], {"ucr": options.ucr})
        tens = Task("Chinatown, tens", np.rint(counts.X / 10), counts.y, n_minority=10)
        tasks["large counts"] += [counts, tens]
        tasks["control"].append(ecg)
    if options.mitbih:
        (beats,) = load_tasks(["MIT-BIH, V"], {"mitbih": options.mitbih})
        adc = np.rint(200 * beats.X + 1024)  # gain and zero of the converter
        tasks["large counts"].append(Task("MIT-BIH, V", adc, beats.y, beats.groups, 50, n_folds=5))
    if options.cwru:
        windows = datasets.load_cwru(options.cwru, recordings=CWRU_RECORDINGS, window=256)
        spectra = np.abs(np.fft.rfft(windows.data))[:, :, 1:]
        for fault in ("outer", "ball"):
            task = Task(f"CWRU, {fault}", spectra, windows.target == fault, windows.groups)
            tasks["not negative"].append(task)
    return {
        kind: [task for task in of_kind if task.name.split(",")[0] in options.tasks]
        for kind, of_kind in tasks.items()
    }


def measure(split, method, seed):
    """Yield each constraint with its measurements; equal rows are scored only once."""
    scored = []
    for constrain in CONSTRAINTS:
        sampler = get_sampler(method, constrain=constrain, random_state=seed)
        X, y = sampler.fit_resample(split.X_train, split.y_train)
        found = next((found for rows, found in scored if np.array_equal(rows, X)), None)
        if found is None:
            found = score(split, X, y, seed)
            scored.append((X, found))
        yield str(constrain), found


def score(split, X, y, seed):
    """Measure the shares of wrong synthetic series, and the scores of two classifiers."""
    made, rare = X[len(split.X_train) :], split.X_train[split.y_train]
    low, high = rare.min(axis=(0, 2), keepdims=True), rare.max(axis=(0, 2), keepdims=True)
    distance = np.abs(made[:, None] - rare).max(axis=(2, 3)).min(axis=1)
    found = [
        (made != np.rint(made)).any(axis=(1, 2)).mean(),
        (made.min(axis=(1, 2)) < min(low.min(), 0)).mean(),
        ((made < low - 1e-9) | (made > high + 1e-9)).any(axis=(1, 2)).mean(),
        (distance == 0).mean(),
    ]
    for name in ("ridge", "forest"):
        classifier = get_classifier(name, random_state=seed).fit(X, y)
        ranking = classifier.predict_proba(split.X_test)[:, 1]
        found.append(balanced_accuracy_score(split.y_test, classifier.predict(split.X_test)))
        found.append(average_precision_score(split.y_test, ranking))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("ucr", "mitbih", "cwru"):
        parser.add_argument(f"--{name}", type=Path, help=f"folder with the files of {name}")
    parser.add_argument("--methods", nargs="+", default=SAMPLERS)
    parser.add_argument("--seeds", nargs="+", type=int, default=range(4))
    known = ["Events", "Chinatown", "MIT-BIH", "CWRU", "GunPoint", "ItalyPowerDemand", "ECG200"]
    parser.add_argument("--tasks", nargs="+", default=known)
    parser.add_argument("--out", type=Path, default=Path("constraints.csv"))
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    rows = []
    for kind, tasks in make_tasks(options).items():
        for task in tasks:
            for seed in options.seeds:
                split = task.split(seed)
                for method in options.methods:
                    for constrain, found in measure(split, method, seed):
                        about = (kind, task.name, seed, method, constrain)
                        rows.append((*about, *found))
            print(f"{task.name} done", flush=True)
    runs = pd.DataFrame(rows, columns=[*KEYS, *WRONG, *SCORES])
    runs.to_csv(options.out, index=False, float_format="%.5f")
    show(runs)


def show(runs):
    """Print the shares of wrong series by kind of task and sampler, and the effect on scores."""
    print(runs.groupby([KEYS[0], *KEYS[3:]], sort=False)[WRONG].mean().round(2).to_string())
    wide = runs.set_index(KEYS)[SCORES].unstack("constrain")
    for constrain in CONSTRAINTS[1:]:
        change = wide.xs(constrain, axis=1, level=1) - wide.xs("None", axis=1, level=1)
        grouped = change.groupby(["kind", "method"], sort=False)
        told = grouped.mean().map("{:+.3f}".format) + grouped.sem().map(" ({:.3f})".format)
        print(f"\n{constrain}\n{told[grouped.mean().any(axis=1)].to_string()}")


if __name__ == "__main__":
    main()

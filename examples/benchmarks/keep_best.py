"""Does it help to hold out series, and to keep the best generator instead of the last?

    python examples/benchmarks/keep_best.py --folder UCRArchive_2018

The data sets are from the UCR archive in its own layout (``NAME/NAME_TRAIN.tsv``, the label first).
Up to 100 series of the minority class stand against five times as many others. Each sampler trains
in three ways: for its own number of updates; for four times as many; and for up to four times as
many with a fifth of the class held out, keeping the best generator. Classifiers and generated
series are measured on unseen series.
"""

import argparse
import csv
import time
import warnings
from pathlib import Path

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import RidgeClassifierCV
from sklearn.metrics import average_precision_score, balanced_accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ganbats_sampler import metrics
from ganbats_sampler.samplers import get_sampler

TASKS = ["TwoLeadECG", "ECGFiveDays", "Wafer"]
SAMPLERS = ["dcgan", "ganbats_series"]
METHODS = {
    "default": (1, None),
    "four times": (4, None),
    "keep best": (4, 0.2),
}
SCORES = ["two_sample_accuracy", "mmd", "coverage", "authenticity", "seconds", "updates"]
SCORES += ["forest_BA", "forest_AP", "ridge_BA", "ridge_AP"]


def load(folder, name):
    """Join training and test files; the rarer class is 1."""
    table = np.concatenate([np.loadtxt(p) for p in sorted((folder / name).glob(f"{name}_*.tsv"))])
    labels, counts = np.unique(table[:, 0], return_counts=True)
    return table[:, 1:], (table[:, 0] == labels[np.argmin(counts)]).astype(int)


def split(y, seed):
    """Split into training and test rows.

    The training rows are up to 100 of the minority class, at most two thirds of it, and five times
    as many others.
    """
    rng = np.random.default_rng(seed)
    rare, others = (rng.permutation(np.flatnonzero(y == label)) for label in (1, 0))
    n_rare = min(100, 2 * len(rare) // 3)
    n_others = min(5 * n_rare, len(others) // 2)
    train = np.concatenate([rare[:n_rare], others[:n_others]])
    return train, np.concatenate([rare[n_rare:], others[n_others:][:2000]])


def quality(X, y, generated, X_test, y_test):
    test = X_test[y_test == 1]
    return {
        "two_sample_accuracy": metrics.classifier_two_sample_test(test, generated).statistic,
        "mmd": metrics.maximum_mean_discrepancy(test, generated, n_permutations=0).statistic,
        "coverage": metrics.coverage(test, generated),
        "authenticity": metrics.authenticity(X[y == 1], generated),
    }


def help_to_classifiers(X, y, X_test, y_test, seed):
    forest = RandomForestClassifier(300, random_state=seed).fit(X, y)
    kernels = metrics.RandomConvolutions(300, random_state=seed).fit(X[:, None])
    ridge = make_pipeline(StandardScaler(), RidgeClassifierCV(np.logspace(-1, 5, 13)))
    ridge.fit(kernels.transform(X[:, None]), y)
    decisions = {
        "forest": forest.predict_proba(X_test)[:, 1] - 0.5,
        "ridge": ridge.decision_function(kernels.transform(X_test[:, None])),
    }
    scores = {}
    for name, decision in decisions.items():
        scores[f"{name}_BA"] = balanced_accuracy_score(y_test, decision > 0)
        scores[f"{name}_AP"] = average_precision_score(y_test, decision)
    return scores


def run(name, method, X, y, train, test, seed):
    factor, validation_fraction = METHODS[method]
    sampler = get_sampler(name, random_state=seed)
    sampler.set_params(
        min_updates=factor * sampler.min_updates,
        validation_fraction=validation_fraction,
        on_failure="warn",
    )
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        resampled = sampler.fit_resample(X[train], y[train])
    seconds = time.perf_counter() - start
    evaluations = [
        row for row in sampler.history_[1] if np.isfinite(row.get("discrepancy", np.nan))
    ]
    best = min(evaluations, key=lambda row: row["discrepancy"], default=sampler.history_[1][-1])
    generated = sampler.generate(300, 1, random_state=seed)
    return {
        **quality(X[train], y[train], generated, X[test], y[test]),
        **help_to_classifiers(*resampled, X[test], y[test], seed),
        "seconds": seconds,
        "updates": best["update"],
    }


def print_tables(rows):
    for sampler in sorted({row["sampler"] for row in rows}):
        print(f"\n{sampler}: mean (runs in which a method is higher / lower than the default)")
        print(f"{'':<12}" + "".join(f"{score:>20}" for score in SCORES))
        for method in METHODS:
            cells = ""
            for score in SCORES:
                of_method, of_default = (
                    {
                        (r["task"], r["seed"]): float(r[score])
                        for r in rows
                        if (r["sampler"], r["method"]) == (sampler, a)
                    }
                    for a in (method, "default")
                )
                gain = np.array(
                    [of_method[k] - of_default[k] for k in of_method if k in of_default]
                )
                mean = np.mean(list(of_method.values()))
                more, less = (gain > 1e-9).sum(), (gain < -1e-9).sum()
                cells += f"{mean:.3f} ({more}/{less})".rjust(20)
            print(f"{method:<12}{cells}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True, help="folder of the UCR archive")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--samplers", nargs="+", default=SAMPLERS)
    parser.add_argument("--out", type=Path, default=Path("keep_best.csv"))
    args = parser.parse_args()
    columns = ["task", "sampler", "seed", "method", *SCORES]
    new = not args.out.exists()
    with args.out.open("a", newline="") as file:
        writer = csv.DictWriter(file, columns)
        if new:
            writer.writeheader()
        for seed in args.seeds:
            for task in TASKS:
                X, y = load(args.folder, task)
                train, test = split(y, seed)
                for sampler in args.samplers:
                    for method in METHODS:
                        row = run(sampler, method, X, y, train, test, seed)
                        row |= {"task": task, "sampler": sampler, "seed": seed, "method": method}
                        writer.writerow(
                            {k: f"{v:.4f}" if isinstance(v, float) else v for k, v in row.items()}
                        )
                        file.flush()
    with args.out.open() as file:
        print_tables(list(csv.DictReader(file)))


if __name__ == "__main__":
    main()

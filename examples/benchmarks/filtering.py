"""Does it help to drop copies, and synthetic series that lie in another class's neighbourhood?

    python examples/benchmarks/filtering.py --folder UCRArchive_2018

The script runs eight tasks of the UCR archive in its own layout (``NAME/NAME_TRAIN.tsv``, the label
first), with up to 25 minority-class series and up to 250 others. Samplers run with each filter, and
without. The classifiers are a random forest, and a ridge classifier on random convolutions. The
script prints the number of dropped series for each returned one, and each filter's change in
balanced accuracy (BA) and average precision (AP): the mean, and the numbers of runs that are
better/worse. The forest comes first, then the ridge classifier.
"""

import argparse
import warnings
from pathlib import Path

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import RidgeClassifierCV
from sklearn.metrics import average_precision_score, balanced_accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ganbats_sampler.metrics import RandomConvolutions
from ganbats_sampler.samplers import get_sampler

TASKS = ["ECG200", "TwoLeadECG", "ECGFiveDays", "Chinatown"]
TASKS += ["MedicalImages", "ProximalPhalanxTW", "Wafer", "Earthquakes"]
SAMPLERS = ["smote", "time_warp", "jitter"]
FILTERS = [None, "copies", "misplaced", "both"]


def load(folder, name):
    """Join training and test files; the rarer of two classes, or the second most frequent, is 1."""
    files = sorted((folder / name).glob(f"{name}_*.tsv"))
    table = np.concatenate([np.loadtxt(path) for path in files])
    labels, counts = np.unique(table[:, 0], return_counts=True)
    rare = labels[np.argsort(counts)[-2]]
    return table[:, 1:], (table[:, 0] == rare).astype(int)


def split(X, y, seed):
    rng = np.random.default_rng(seed)
    rare, others = (rng.permutation(np.flatnonzero(y == label)) for label in (1, 0))
    n_rare = min(25, len(rare) // 2)
    n_others = min(10 * n_rare, len(others) // 2)
    train = np.concatenate([rare[:n_rare], others[:n_others]])
    test = np.concatenate([rare[n_rare:][:1000], others[n_others:][:2000]])
    return train, test


def scores(X, y, X_test, y_test, seed):
    forest = RandomForestClassifier(100, random_state=seed).fit(X, y)
    of_forest = forest.predict_proba(X_test)[:, 1] - 0.5
    kernels = RandomConvolutions(200, random_state=seed).fit(X[:, None])
    ridge = make_pipeline(StandardScaler(), RidgeClassifierCV(np.logspace(-1, 5, 13)))
    ridge.fit(kernels.transform(X[:, None]), y)
    of_ridge = ridge.decision_function(kernels.transform(X_test[:, None]))
    return [
        score
        for decision in (of_forest, of_ridge)
        for score in (
            balanced_accuracy_score(y_test, decision > 0),
            average_precision_score(y_test, decision),
        )
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True, help="folder of the UCR archive")
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
    found, dropped = {}, {}
    for name in TASKS:
        X, y = load(args.folder, name)
        for seed in range(args.seeds):
            train, test = split(X, y, seed)
            for method in SAMPLERS:
                for drop in FILTERS:
                    sampler = get_sampler(method, drop=drop, random_state=seed)
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        resampled = sampler.fit_resample(X[train], y[train])
                    result = scores(*resampled, X[test], y[test], seed)
                    found.setdefault((method, drop), []).append(result)
                    share = sampler.n_dropped_.get(1, 0) / sampler.synthetic_mask_.sum()
                    dropped.setdefault((method, drop), []).append(share)
        print(f"{name} done", flush=True)
    print(f"{'':<20}{'dropped':>9}" + "".join(f"{n:>18}" for n in ("BA", "AP", "BA", "AP")))
    for (method, drop), rows in found.items():
        difference = np.subtract(rows, found[method, None])
        better, worse = (difference > 1e-9).sum(axis=0), (difference < -1e-9).sum(axis=0)
        cells = zip(difference.mean(axis=0), better, worse, strict=True)
        text = "".join(f"{d:>+10.3f} ({b}/{w})".rjust(18) for d, b, w in cells)
        print(f"{method} {drop!s:<10}".ljust(20) + f"{np.mean(dropped[method, drop]):>9.2f}{text}")


if __name__ == "__main__":
    main()

"""How close are the synthetic series of each sampler to held-out series, and are they copies?

The script over-samples some ventricular beats of MIT-BIH among 600 other beats, or windows of
CWRU's outer race among others. 300 series are held out. Four metrics of 300 synthetic series are
printed, as the mean over seeds and half of the range:

- two-sample accuracy (C2ST): the accuracy of a logistic model on 500 random convolutions that
  separates synthetic from held-out series, in five folds. .5 is perfect.
- nearest: the mean distance from a synthetic series to the nearest one that was over-sampled,
  divided by the same distance for held-out series. 1 is right, 0 means copies.
- covered: the mean distance from a held-out series to the nearest synthetic one, divided by its
  distance to the nearest of as many further real ones. Both sets are as large as the set that was
  over-sampled. 1 is right; a greater value means less coverage.
- spectral distance: that from held-out series, in dB.

The method "real" uses further real series, neither over-sampled nor held out::

    python examples/benchmarks/fidelity.py --mitbih mitdb --sizes 300 25

Runs are rows of ``--out``; those that it holds already are not run again.
"""

import argparse
import time
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ganbats_sampler import GANBATSSampler, HerdedSampler, RecombinationSampler
from ganbats_sampler.benchmark.results import ResultsFile
from ganbats_sampler.benchmark.suites import load_tasks
from ganbats_sampler.metrics import RandomConvolutions, spectral_distance
from ganbats_sampler.samplers import get_sampler
from ganbats_sampler.samplers.herded import DEFAULT_SAMPLERS

#: The number of synthetic series, and of held-out series.
N = 300
#: The tasks of the standing benchmark, by their data set.
TASKS = {"mitbih": "MIT-BIH, V", "cwru": "CWRU, outer race"}
NETWORKS = ("dcgan", "cgan", "ganbats_series", "ganbats", "flow_matching")
KEY = ["task", "size", "method", "seed"]
METRICS = ["two_sample_accuracy", "nearest", "covered", "spectral_distance", "cpu_seconds"]


def methods():
    """Return the samplers to measure, by name. Networks keep their series if they fail a check."""
    made = {name: get_sampler(name) for name in ("smote", "smooth_time_warp")}
    for method in ("arc", "deformation", "guided_warp"):
        made[f"unwarped_{method}"] = RecombinationSampler(method=method, transforms=None)
    made["arc"] = get_sampler("arc")
    made["herded arc"] = HerdedSampler(["arc"])
    made["herded"] = HerdedSampler()
    made |= {name: get_sampler(name, on_failure="warn") for name in NETWORKS}
    for without in (["bilstm"], ["attention"], ["bilstm", "attention"]):
        parts = dict.fromkeys(without, False)
        name = f"ganbats, no {' or '.join(without)}"
        made[name] = GANBATSSampler(on_failure="warn", **parts)
    made["herded ganbats"] = HerdedSampler(["ganbats"])
    for n in (10, 30):
        made[f"herded ganbats, pool of {n}"] = HerdedSampler(["ganbats"], pool_size=n)
    for name in ("ganbats", "flow_matching"):
        made[f"herded, {name} too"] = HerdedSampler([*DEFAULT_SAMPLERS, name])
    return made


def accuracy(held_out, synthetic, seed):
    """Compute the accuracy of a logistic model that separates held-out from synthetic series."""
    both, is_made = np.concatenate([held_out, synthetic]), np.repeat([0, 1], N)
    features = RandomConvolutions(500, random_state=seed).fit(both).transform(both)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    return cross_val_score(model, features, is_made, cv=folds).mean()


def to_nearest(series, seen):
    """Compute the mean distance from a series to the nearest one in `seen`."""
    flat = (side.reshape(len(side), -1) for side in (series, seen))
    return cdist(*flat).min(axis=1).mean()


def in_groups(series, size):
    """Cut series into groups of a size, without the rest."""
    return series[: len(series) // size * size].reshape(-1, size, *series.shape[1:])


def measure(make, rare, others, size, seed):
    """Over-sample series with ``make(seen, others, seed)``, and compute the metrics by name.

    Without a function, further real series are measured.
    """
    rng = np.random.default_rng(seed)
    seen, held_out, rest = np.split(rng.permutation(rare), [size, size + N])
    further = in_groups(rest, size)[: max(N // size, 5)]
    others = rng.permutation(others)[: 2 * N]
    start = time.process_time()
    made = make(seen, others, seed) if make else further.reshape(-1, *rare.shape[1:])[:N]
    seconds = time.process_time() - start
    covered = np.mean([to_nearest(held_out, group) for group in in_groups(made, size)])
    return {
        "two_sample_accuracy": accuracy(held_out, made, seed),
        "nearest": to_nearest(made, seen) / to_nearest(held_out, seen),
        "covered": covered / np.mean([to_nearest(held_out, group) for group in further]),
        "spectral_distance": spectral_distance(held_out, made),
        "cpu_seconds": seconds,
    }


def over_sample(sampler, seen, others, seed):
    """Make `N` series of the class of `seen` with a sampler."""
    X, y = np.concatenate([seen, others]), np.repeat([1, 0], [len(seen), len(others)])
    sampler.set_params(random_state=seed, sampling_strategy={1: len(seen) + N})
    return sampler.fit_resample(X, y)[0][len(X) :]


def lay_out(runs):
    """Lay out the mean of each metric over seeds, with half of the range in brackets."""

    def cell(values):
        digits = 1 if values.name in ("spectral_distance", "cpu_seconds") else 2
        return f"{values.mean():.{digits}f} ({np.ptp(values) / 2:.{digits}f})"

    return runs.groupby(KEY[:-1], sort=False)[METRICS].agg(cell).reset_index()


def main(methods=methods, description=__doc__):
    """Measure each method over the seeds, and print the table."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--mitbih", type=Path, help="folder of MIT-BIH's records")
    parser.add_argument("--cwru", type=Path, help="folder of CWRU's recordings")
    parser.add_argument("--methods", nargs="+", default=list(methods()))
    parser.add_argument("--sizes", nargs="+", type=int, default=[N], help="series to over-sample")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--out", type=Path, default=Path("fidelity_runs.csv"))
    options = parser.parse_args()
    folders = {source: getattr(options, source) for source in TASKS}
    tasks = load_tasks([TASKS[source] for source in TASKS if folders[source]], folders)
    with ResultsFile(options.out, KEY + METRICS, KEY, ()) as file:
        done = file.done()
        for task, size, name, seed in product(
            tasks, options.sizes, ["real", *options.methods], options.seeds
        ):
            row = {"task": task.name, "size": size, "method": name, "seed": seed}
            if file.key_of(row) in done:
                continue
            make = partial(over_sample, methods()[name]) if name != "real" else None
            rare, others = task.X[task.y], task.X[~task.y]
            file.append([row | measure(make, rare, others, size, seed)])
        print(lay_out(file.frame()).to_string(index=False))


if __name__ == "__main__":
    main()

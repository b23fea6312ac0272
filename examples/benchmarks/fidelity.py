"""How close are the synthetic series of each sampler to held-out series, and are they copies?

The script over-samples some ventricular beats of MIT-BIH among 600 other beats; 300 are held out.
It prints three metrics of 300 synthetic beats, as the mean over seeds and half of the range:

- two-sample accuracy (C2ST): the accuracy of a logistic model on 500 random convolutions that
  separates synthetic from held-out beats, in five folds. .5 is perfect.
- nearest: the mean distance from a synthetic beat to the nearest beat that was over-sampled,
  divided by the same distance for held-out beats. 1 is right, 0 means copies.
- covered: the mean distance from a held-out beat to the nearest synthetic beat, divided by its
  distance to the nearest of as many further real beats. Both sets are as large as the set that was
  over-sampled. 1 is right; a greater value means less coverage.

The method "real" uses further real beats, neither over-sampled nor held out::

    python examples/benchmarks/fidelity.py --folder mitdb --sizes 300 25
"""

import argparse
import time
from itertools import product
from pathlib import Path

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ganbats_sampler import GANBATSSampler, HerdedSampler, RecombinationSampler
from ganbats_sampler.benchmark.suites import mitbih_task
from ganbats_sampler.metrics import RandomConvolutions
from ganbats_sampler.samplers import get_sampler
from ganbats_sampler.samplers.herded import DEFAULT_SAMPLERS

#: The number of synthetic beats, and of held-out beats.
N = 300
NETWORKS = ("dcgan", "cgan", "ganbats_series", "ganbats", "flow_matching")


def methods():
    """Return the samplers to measure, by name."""
    made = {name: get_sampler(name) for name in ("smote", "smooth_time_warp")}
    for method in ("arc", "deformation", "guided_warp"):
        made[f"unwarped_{method}"] = RecombinationSampler(method=method, transforms=None)
    made["arc"] = get_sampler("arc")
    made["herded arc"] = HerdedSampler(["arc"])
    made["herded"] = HerdedSampler()
    made |= {name: get_sampler(name) for name in NETWORKS}
    for without in (["bilstm"], ["attention"], ["bilstm", "attention"]):
        parts = dict.fromkeys(without, False)
        made[f"ganbats, no {' or '.join(without)}"] = GANBATSSampler(**parts)
    made["herded ganbats"] = HerdedSampler(["ganbats"])
    for n in (10, 30):
        made[f"herded ganbats, pool of {n}"] = HerdedSampler(["ganbats"], pool_size=n)
    for name in ("ganbats", "flow_matching"):
        made[f"herded, {name} too"] = HerdedSampler([*DEFAULT_SAMPLERS, name])
    return made


def accuracy(held_out, synthetic, seed):
    """Compute the accuracy of a logistic model that separates held-out from synthetic beats."""
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
    """Over-sample some beats with `make`, and return the three metrics and the CPU seconds."""
    rng = np.random.default_rng(seed)
    seen, held_out, rest = np.split(rng.permutation(rare), [size, size + N])
    further = in_groups(rest, size)[: max(N // size, 5)]
    X = np.concatenate([seen, rng.permutation(others)[: 2 * N]])
    start = time.process_time()
    made = further.reshape(-1, *rare.shape[1:])[:N] if make is None else make(X, size, seed)
    seconds = time.process_time() - start
    covered = np.mean([to_nearest(held_out, group) for group in in_groups(made, size)])
    return [
        accuracy(held_out, made, seed),
        to_nearest(made, seen) / to_nearest(held_out, seen),
        covered / np.mean([to_nearest(held_out, group) for group in further]),
        seconds,
    ]


def main():
    """Measure each method over the seeds, and print its metrics."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True, help="folder of MIT-BIH's records")
    parser.add_argument("--methods", nargs="+", default=list(methods()))
    parser.add_argument("--sizes", nargs="+", type=int, default=[300])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument(
        "--updates", type=int, help="least updates of a network (default: by class size)"
    )
    options = parser.parse_args()
    task = mitbih_task(options.folder)
    rare, others = task.X[task.y], task.X[~task.y]
    for size, name in product(options.sizes, ["real", *options.methods]):

        def make(X, size, seed, name=name):
            sampler = methods()[name].set_params(random_state=seed)
            sampler.set_params(sampling_strategy={1: size + N})
            if options.updates is not None and "min_updates" in sampler.get_params():
                sampler.set_params(min_updates=options.updates)
            return sampler.fit_resample(X, (np.arange(len(X)) < size).astype(int))[0][len(X) :]

        rows = np.array(
            [
                measure(None if name == "real" else make, rare, others, size, seed)
                for seed in options.seeds
            ]
        )
        mean, half = rows.mean(axis=0), np.ptp(rows, axis=0) / 2
        print(
            f"{size} beats, {name:32} two-sample accuracy {mean[0]:.3f} (+-{half[0]:.3f}), "
            f"nearest {mean[1]:.2f} (+-{half[1]:.2f}), covered {mean[2]:.2f} (+-{half[2]:.2f}), "
            f"{mean[3]:.1f} CPU seconds",
            flush=True,
        )


if __name__ == "__main__":
    main()

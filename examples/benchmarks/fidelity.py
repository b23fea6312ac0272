"""How near is what each sampler makes to series it has not seen, and does it copy?

300 ventricular beats of MIT-BIH are over-sampled; 300 others are held out. The two-sample accuracy
is that of a logistic model on 500 random convolutions that tells synthetic from held-out beats, in
five folds: .5 is perfect. The nearest-beat ratio is the mean distance of synthetic beats to the
nearest beat they were made of, over that of held-out beats: 1 is right, 0 a copy. Real beats are
further 300, which were neither::

    python examples/benchmarks/fidelity.py --folder mitdb
"""

import argparse
import time
from pathlib import Path

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ganbats_sampler import HerdedSampler, RecombinationSampler
from ganbats_sampler.benchmark.suites import mitbih_task
from ganbats_sampler.metrics import RandomConvolutions
from ganbats_sampler.samplers import get_sampler

N = 300
GANS = ("dcgan", "cgan", "ganbats", "ganbats_components")


def methods():
    """Name what is measured."""
    made = {name: get_sampler(name) for name in ("smote", "smooth_time_warp")}
    for method in ("arc", "deformation", "guided_warp"):
        made[f"unwarped_{method}"] = RecombinationSampler(method=method, transforms=None)
    made["arc"] = get_sampler("arc")
    made["herded arc"] = HerdedSampler(["arc"])
    made["herded"] = HerdedSampler()
    return made | {name: get_sampler(name) for name in GANS}


def accuracy(held_out, synthetic, seed):
    """Say how often a logistic model tells the two apart."""
    both, is_made = np.concatenate([held_out, synthetic]), np.repeat([0, 1], N)
    features = RandomConvolutions(500, random_state=seed).fit(both).transform(both)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    return cross_val_score(model, features, is_made, cv=folds).mean()


def to_nearest(series, seen):
    """Measure the mean distance to the nearest of those seen."""
    return cdist(series.reshape(N, -1), seen.reshape(N, -1)).min(axis=1).mean()


def main():
    """Measure each, over seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="of MIT-BIH's records")
    parser.add_argument("--methods", nargs="+", default=list(methods()))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    options = parser.parse_args()
    task = mitbih_task(options.folder)
    rare, others = task.X[task.y], task.X[~task.y]
    for name in ["real", *options.methods]:
        rows = []
        for seed in options.seeds:
            rng = np.random.default_rng(seed)
            seen, held_out, further = rng.permutation(rare)[: 3 * N].reshape(3, N, *rare.shape[1:])
            X = np.concatenate([seen, rng.permutation(others)[: 2 * N]])
            start = time.perf_counter()
            made = further
            if name != "real":
                sampler = methods()[name].set_params(random_state=seed)
                made = sampler.fit_resample(X, np.arange(3 * N) < N)[0][3 * N :]
            seconds = time.perf_counter() - start
            ratio = to_nearest(made, seen) / to_nearest(held_out, seen)
            rows.append([accuracy(held_out, made, seed), ratio, seconds])
        rows = np.array(rows)
        (told, ratio, seconds), spread = rows.mean(axis=0), np.ptp(rows, axis=0)
        print(
            f"{name:20} told apart {told:.3f} (+-{spread[0] / 2:.3f}), "
            f"nearest {ratio:.2f} (+-{spread[1] / 2:.2f}), {seconds:.1f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()

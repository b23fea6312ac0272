"""Measure how often the failure checks raise an alarm, on trained networks and planted faults.

Every network is trained once on each class, and its series are checked. If they pass, faults are
planted, most of them in one channel. The checks should find each fault. The classes come from ten
tasks of the standing benchmark, and from BasicMotions, which has four classes and six channels.
Data sets that do not come with aeon are downloaded, or read from the folder of --ucr.

    python examples/benchmarks/failure_checks.py

It takes more than an hour on one core. Choose fewer --tasks or --samplers to shorten it.
"""

import argparse
import warnings

import numpy as np
from aeon.datasets import load_classification

from ganbats_sampler.adversarial.failures import N_CHECKED, find_failure
from ganbats_sampler.benchmark import load_tasks
from ganbats_sampler.samplers import get_sampler

TASKS = [
    "ArrowHead, 0",
    "BasicMotions, running",
    "Chinatown, 1",
    "ECG200, -1",
    "Earthquakes, 1",
    "GunPoint, 2",
    "ItalyPowerDemand, 1",
    "MedicalImages, 10",
    "OSULeaf, 4",
    "ProximalPhalanxTW, 5",
]

NETWORKS = ["ganbats", "flow_matching", "ganbats_series", "dcgan", "wgan_gp", "wgan"]


def in_one_channel(plant):
    """Restrict a fault to the first channel."""

    def planted(real, made, rng):
        made = made.copy()
        made[:, 0] = plant(real[:, 0], made[:, 0], rng)
        return made

    return planted


FAULTS = {
    "maximum": in_one_channel(lambda real, made, rng: np.full_like(made, real.max())),
    "mean": in_one_channel(lambda real, made, rng: np.full_like(made, real.mean())),
    "one series": in_one_channel(lambda real, made, rng: np.repeat(made[:1], len(made), axis=0)),
    "white noise": in_one_channel(
        lambda real, made, rng: rng.normal(real.mean(), real.std(), made.shape)
    ),
    "drifting scale": in_one_channel(
        lambda real, made, rng: made * np.linspace(1, 20, len(made))[:, None]
    ),
    "not a number": in_one_channel(lambda real, made, rng: made * np.nan),
    "copies": lambda real, made, rng: real[rng.integers(len(real), size=len(made))],
}


def load_classes(tasks, ucr):
    """Return the series, (n, channels, time), and the labels of each class by name."""
    classes = {}
    for task in load_tasks(tasks, {"ucr": ucr} if ucr else None):
        split = task.split(seed=0)
        classes[task.name] = split.X_train, split.y_train
    X, y = load_classification("BasicMotions")
    for label in np.unique(y):
        classes[f"BasicMotions, {label}"] = X, y == label
    return classes


def main():
    """Print the alarms and the planted faults found, for each sampler."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--tasks", nargs="*", default=TASKS, help="(default: %(default)s)")
    parser.add_argument("--ucr", metavar="FOLDER", help="folder with the files of the UCR archive")
    parser.add_argument("--samplers", nargs="+", default=NETWORKS)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    classes = load_classes(options.tasks, options.ucr)
    for name in options.samplers:
        rng = np.random.default_rng(0)
        alarms, found = [], dict.fromkeys(FAULTS, 0)
        n_passed = 0
        for task, (X, y) in classes.items():
            counts = {True: int(y.sum()) + 1, False: int((~y).sum())}
            sampler = get_sampler(name, sampling_strategy=counts, random_state=0)
            sampler.set_params(on_failure="warn").fit_resample(X, y)
            real, made = X[y], sampler.generate(N_CHECKED, True, random_state=0)
            if (failure := find_failure(real, made)) is not None:
                alarms.append(f"{task}: {failure.message}")
                continue
            n_passed += 1
            for fault, plant in FAULTS.items():
                found[fault] += find_failure(real, plant(real, made, rng)) is not None
        print(f"{name}: {len(alarms)} alarms in {len(classes)} trainings")
        for alarm in alarms:
            print(f"  {alarm}")
        print("  planted faults found:", {k: f"{n} of {n_passed}" for k, n in found.items()})


if __name__ == "__main__":
    main()

"""Does a network help on larger classes, alone or among the samplers of a HerdedSampler?

The tasks are ventricular among normal beats of MIT-BIH, split by patient, and faults of the outer
race among other faults in CWRU's bearings, split by recording. The majority class is ten times as
large::

    python examples/benchmarks/larger_classes.py --mitbih mitdb --sizes 50 300
    python examples/benchmarks/larger_classes.py --cwru cwru --sizes 50 300
"""

import argparse
from dataclasses import replace
from pathlib import Path

from fidelity import TASKS
from imblearn.over_sampling import RandomOverSampler

from ganbats_sampler import (
    CGANSampler,
    FlowMatchingSampler,
    GANBATSSampler,
    HerdedSampler,
    RecombinationSampler,
)
from ganbats_sampler.benchmark import compare_samplers
from ganbats_sampler.benchmark.suites import load_tasks
from ganbats_sampler.samplers import get_sampler
from ganbats_sampler.samplers.herded import DEFAULT_SAMPLERS


def methods():
    """Return the samplers to compare with the baselines, by name."""
    gan, flow = GANBATSSampler(), FlowMatchingSampler()
    of_series = GANBATSSampler(space="series")
    return {
        "copies": RandomOverSampler(),
        "smote": get_sampler("smote"),
        "arc": RecombinationSampler(),
        "herded": HerdedSampler(),
        "ganbats": gan,
        "ganbats_series": of_series,
        "flow_matching": flow,
        "cgan": CGANSampler(),
        "herded ganbats_series": HerdedSampler([of_series]),
        "herded, ganbats_series too": HerdedSampler([*DEFAULT_SAMPLERS, ("ganbats", of_series)]),
        "herded, ganbats too": HerdedSampler([*DEFAULT_SAMPLERS, ("ganbats", gan)]),
        "herded, flow too": HerdedSampler([*DEFAULT_SAMPLERS, ("flow", flow)]),
    }


def main():
    """Run, and print the mean of each method and in how many splits it beats SMOTE."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mitbih", type=Path, help="folder of MIT-BIH's records")
    parser.add_argument("--cwru", type=Path, help="folder of CWRU's recordings")
    parser.add_argument("--sizes", nargs="+", type=int, default=[50, 300])
    parser.add_argument("--methods", nargs="+", default=list(methods()))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2, 3, 4])
    parser.add_argument("--classifiers", nargs="+", default=["ridge", "forest", "cnn"])
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("larger_classes.csv"))
    options = parser.parse_args()
    folders = {source: getattr(options, source) for source in TASKS}
    tasks = [
        replace(task, name=f"{task.name}, {n}", n_minority=n)
        for source, name in TASKS.items()
        if folders[source] is not None
        for task in load_tasks([name], folders)
        for n in options.sizes
    ]
    runs = compare_samplers(
        tasks,
        {name: methods()[name] for name in options.methods},
        options.classifiers,
        options.seeds,
        results=options.out,
        n_jobs=options.jobs,
    )
    scores = ["balanced_accuracy", "f1", "average_precision"]
    for (name, classifier), own in runs.groupby(["task", "classifier"], sort=False):
        print(f"\n{name}, {classifier}")
        by_method = {
            method: rows.set_index("seed") for method, rows in own.groupby("method", sort=False)
        }
        for method, rows in by_method.items():
            wins = ((rows[scores] - by_method["smote"][scores]) > 0.002).sum()
            told = (f"{rows[score].mean():.3f} ({wins[score]})" for score in scores)
            print(f"{method:20}", *told, f"{rows['resample_seconds'].mean():.1f} s")


if __name__ == "__main__":
    main()

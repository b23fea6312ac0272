"""Does it help to drop copies, and synthetic series that lie in another class's neighbourhood?

Samplers run with each filter and without, on the standing benchmark. The script prints the change
by each filter: the mean over tasks, and the numbers of tasks that are better and worse::

    python examples/benchmarks/filtering.py --ucr ucr --mitbih mitdb --nasa nasa --cwru cwru
"""

import argparse
from itertools import product
from pathlib import Path

from ganbats_sampler.benchmark import compare_methods, compare_samplers
from ganbats_sampler.benchmark.suites import load_tasks
from ganbats_sampler.samplers import get_sampler

SOURCES = ("ucr", "mitbih", "nasa", "cwru")
SAMPLERS = ("smote", "time_warp", "jitter")
FILTERS = ("copies", "misplaced")


def methods():
    """Return the samplers to compare, by name."""
    return {
        f"{name}, {drop}" if drop else name: get_sampler(name, drop=drop)
        for name, drop in product(SAMPLERS, (None, *FILTERS))
    }


def main():
    """Run, and print the change by each filter."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in SOURCES:
        parser.add_argument(f"--{name}", type=Path, help=f"folder with the files of {name}")
    parser.add_argument("--classifiers", nargs="+", default=["ridge", "forest"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("filtering_runs.csv"))
    options = parser.parse_args()
    folders = {name: getattr(options, name) for name in SOURCES}
    runs = compare_samplers(
        load_tasks(None, folders),
        methods(),
        options.classifiers,
        options.seeds,
        results=options.out,
        n_jobs=options.jobs,
    )
    shown = ["gain", "wins", "losses", "p_value", "seconds"]
    for classifier, name in product(options.classifiers, SAMPLERS):
        filtered = [f"{name}, {drop}" for drop in FILTERS]
        for score in ("balanced_accuracy", "f1", "average_precision"):
            changes = compare_methods(runs, score, classifier, baseline=name)
            print(f"\n{classifier}, {score}\n{changes.loc[filtered, shown].round(3).to_string()}")


if __name__ == "__main__":
    main()

"""``python -m ganbats_sampler benchmark``: compare methods on tasks, and judge which help."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Any

from ganbats_sampler.benchmark.runner import check_design, require
from ganbats_sampler.benchmark.suites import get_source_names
from ganbats_sampler.files import check_destination

DESCRIPTION = """\
Compare methods for minority classes on tasks that are split by entity, and judge which method helps
where. Each finished run is a row of a CSV file. To resume an interrupted benchmark, start the same
command again. Data sets are read from the folders that you name, in their publishers' layouts, or
downloaded.

--preset standing compares samplers on 15 tasks. --preset paper runs the scripts in examples/paper
of a clone of the repository. They make tables 2 to 4 and figures 8 and 9 of Liu et al. (2023)."""


def add_parser(commands: Any) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "benchmark",
        help="compare samplers on many tasks, and judge which help",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--preset",
        choices=["standing", "paper"],
        default="standing",
        help="what to run (default: %(default)s)",
    )
    for name in get_source_names():
        parser.add_argument(
            f"--{name}", type=Path, metavar="FOLDER", help=f"folder with the files of {name}"
        )
    parser.add_argument(
        "--tasks", nargs="+", help='tasks by name, such as "CWRU, faults" (default: 15 tasks)'
    )
    parser.add_argument(
        "--methods",
        nargs="+",
        help="samplers by name, optionally with +class_weights appended (default: 14 samplers)",
    )
    parser.add_argument(
        "--classifiers",
        nargs="+",
        help="some of ridge, minirocket, forest, cnn, knn and knn_dtw (default: ridge forest cnn)",
    )
    parser.add_argument(
        "--seeds",
        nargs="+",
        type=int,
        help="seeds of the repetitions (default: 0 1 2; with --preset paper, 0 to 4)",
    )
    parser.add_argument(
        "--amount",
        choices=["balance", "double"],
        help="how many series to add: balance the classes, or at most double each minority class "
        "(default: balance)",
    )
    parser.add_argument(
        "--protocol",
        choices=["honest", "before-split"],
        help="resample after the split, or before it to show the leak (default: honest)",
    )
    parser.add_argument(
        "--against",
        nargs="+",
        metavar="METHOD",
        help="further baselines to compare every method with, such as smote",
    )
    parser.add_argument(
        "--jobs", type=int, default=1, help="number of parallel runs (default: %(default)s)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("benchmark"),
        help="folder of the results (default: %(default)s)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the benchmark, and print the verdict."""
    named = {name: getattr(options, name) for name in get_source_names()}
    folders = {name: folder for name, folder in named.items() if folder is not None}
    return (_run_paper if options.preset == "paper" else _run_standing)(options, folders)


def _run_standing(options: argparse.Namespace, folders: dict[str, Path]) -> int:
    from ganbats_sampler.benchmark import compare_samplers, judge, load_tasks
    from ganbats_sampler.benchmark.results import ResultsFile
    from ganbats_sampler.benchmark.suites import (
        STANDING_CLASSIFIERS,
        STANDING_METHODS,
        check_tasks,
    )

    asked = {
        "methods": options.methods or STANDING_METHODS,
        "classifiers": options.classifiers or STANDING_CLASSIFIERS,
        "seeds": [0, 1, 2] if options.seeds is None else options.seeds,
        "amount": options.amount or "balance",
        "protocol": options.protocol or "honest",
        "n_jobs": options.jobs,
    }
    path = options.out / "runs.csv"
    page = options.out / f"verdict-{asked['protocol']}-{asked['amount']}.html"
    # Check everything that can be checked before a data set is read or downloaded.
    require("baycomp")
    names = {method.name for method in check_design(**asked).methods}
    if unknown := [name for name in options.against or () if name not in names]:
        raise ValueError(f"--against has {unknown}; the methods are {sorted(names)}.")
    check_tasks(options.tasks, folders)
    check_destination(page)
    with ResultsFile(path):
        pass
    tasks = load_tasks(options.tasks, folders)
    runs = compare_samplers(tasks, results=path, **asked)
    verdict = judge(runs, against=options.against or ())
    print(verdict)
    page = verdict.save(page)
    print(f"\nruns: {path}\nverdict: {page}")
    return 0


def _run_paper(options: argparse.Namespace, folders: dict[str, Path]) -> int:
    of_standing = ("ucr", "tasks", "methods", "classifiers", "amount", "protocol", "against")
    if given := [f"--{name}" for name in of_standing if getattr(options, name) is not None]:
        raise ValueError(f"--preset paper runs fixed tables; leave out {', '.join(given)}.")
    scripts = Path(__file__).parents[2] / "examples" / "paper"
    if not scripts.is_dir():
        raise ValueError(
            "--preset paper runs the scripts in examples/paper of the repository, which this "
            "installation does not include: clone the repository and run it there."
        )
    check_destination(options.out / "table_2.csv")
    arguments = ["--jobs", str(options.jobs), "--out", str(options.out)]
    if options.seeds is not None:
        arguments += ["--seeds", *map(str, options.seeds)]
    for name, folder in folders.items():
        arguments += [f"--{name}", str(folder)]
    for script in ("table_2.py", "figures_8_and_9.py", "tables_3_and_4.py"):
        status = subprocess.run([sys.executable, scripts / script, *arguments]).returncode
        if status:
            return status  # the script has printed the error
    return 0

"""``python -m ganbats_sampler benchmark``: compare methods on tasks, and say which helps where."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from ganbats_sampler.benchmark.runner import check_design, require
from ganbats_sampler.benchmark.suites import get_source_names
from ganbats_sampler.files import check_destination

DESCRIPTION = """\
Compare ways to deal with a minority class on tasks that are split by entity, with one row a run in
a file, and say which helps where. A run that was killed goes on where it stopped. Data sets are
read from the folders that you name, in their publishers' layouts, or downloaded.

--preset standing compares samplers on 15 tasks. --preset paper runs the scripts in examples/paper
of a clone, which make tables 2 to 4 and figures 8 and 9 of Liu et al. (2023)."""


def add_parser(commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "benchmark",
        help="compare samplers on many tasks, and judge",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--preset", choices=["standing", "paper"], default="standing", help="(%(default)s)"
    )
    for name in get_source_names():
        parser.add_argument(f"--{name}", type=Path, metavar="FOLDER", help="with its files")
    parser.add_argument("--tasks", nargs="+", help='such as "CWRU, faults" (default: 15)')
    parser.add_argument(
        "--methods", nargs="+", help="samplers by name, optionally with +class_weights appended"
    )
    parser.add_argument("--classifiers", nargs="+", help="ridge, minirocket, forest, cnn, knn, ...")
    parser.add_argument("--seeds", nargs="+", type=int, help="(0 1 2; with --preset paper, 0 to 4)")
    parser.add_argument(
        "--amount", choices=["balance", "double"], help="of series to add (balance)"
    )
    parser.add_argument("--protocol", choices=["honest", "before-split"], help="(honest)")
    parser.add_argument(
        "--against", nargs="+", help="methods to compare every other with, beside doing nothing"
    )
    parser.add_argument("--jobs", type=int, default=1, help="runs at a time (%(default)s)")
    parser.add_argument(
        "--out", type=Path, default=Path("benchmark"), help="folder of results (%(default)s)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the benchmark and print what it finds."""
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
    # Everything that can be checked is, before any data set is read or downloaded.
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
            return status  # the script has said why
    return 0

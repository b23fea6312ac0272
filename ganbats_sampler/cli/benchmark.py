"""``python -m ganbats_sampler benchmark``: run arms on tasks, and say which helps where."""

from __future__ import annotations

import argparse
from pathlib import Path

DESCRIPTION = """\
Run ways to deal with a rare class on tasks split by entity, one row a run in a file, and say which
helps where. A run that was killed goes on where it stopped. Data sets lie in folders that are
named, in their publishers' layouts, or are downloaded.

--preset standing compares samplers on 15 tasks; --preset paper makes tables 2, 3 and 4 of Liu et
al. (2023), by their training, under an honest protocol and under one that leaks."""

FOLDERS = {
    "ucr": "sets of the UCR archive, beside those that aeon carries",
    "mitbih": "MIT-BIH's records",
    "nasa": "NASA's batteries",
    "cwru": "CWRU's recordings",
}


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
    for name, what in FOLDERS.items():
        parser.add_argument(f"--{name}", type=Path, metavar="FOLDER", help=f"of {what}")
    parser.add_argument("--tasks", nargs="+", help='such as "GunPoint, 2" (default: all 15)')
    parser.add_argument("--arms", nargs="+", help="samplers by name, with +class_weights if wished")
    parser.add_argument("--classifiers", nargs="+", help="ridge, minirocket, forest, cnn, knn, ...")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2], help="(0 1 2)")
    parser.add_argument(
        "--amount", choices=["balance", "double"], help="of series to add (balance)"
    )
    parser.add_argument("--protocol", choices=["honest", "before-split"], help="(honest)")
    parser.add_argument(
        "--against", nargs="+", help="arms to judge every other by, beside doing nothing"
    )
    parser.add_argument("--jobs", type=int, default=1, help="runs at a time (%(default)s)")
    parser.add_argument(
        "--out", type=Path, default=Path("benchmark"), help="folder of results (%(default)s)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the benchmark and print what it finds."""
    folders = {name: folder for name in FOLDERS if (folder := getattr(options, name)) is not None}
    return (_run_paper if options.preset == "paper" else _run_standing)(options, folders)


def _run_standing(options: argparse.Namespace, folders: dict[str, Path]) -> int:
    from ganbats_sampler.benchmark import compare_samplers, judge, load_tasks
    from ganbats_sampler.benchmark.suites import STANDING_ARMS, STANDING_CLASSIFIERS

    tasks = load_tasks(options.tasks, folders)
    path = options.out / "runs.csv"
    runs = compare_samplers(
        tasks,
        options.arms or STANDING_ARMS,
        options.classifiers or STANDING_CLASSIFIERS,
        options.seeds,
        amount=options.amount or "balance",
        protocol=options.protocol or "honest",
        results=path,
        n_jobs=options.jobs,
    )
    verdict = judge(runs, against=options.against or ())
    print(verdict)
    protocol, amount = runs["protocol"].iloc[0], runs["amount"].iloc[0]
    page = verdict.save(options.out / f"verdict-{protocol}-{amount}.html")
    print(f"\nruns: {path}\nverdict: {page}")
    return 0


def _run_paper(options: argparse.Namespace, folders: dict[str, Path]) -> int:
    from ganbats_sampler.benchmark.paper import (
        CLASSIFIERS,
        load_paper_sets,
        run_table_2,
        run_tables_3_and_4,
        table_2,
        tables_3_and_4,
    )

    of_standing = ("tasks", "arms", "classifiers", "amount", "protocol", "against")
    if given := [f"--{name}" for name in of_standing if getattr(options, name) is not None]:
        raise ValueError(f"--preset paper says itself what is run; leave out {', '.join(given)}.")
    sets = load_paper_sets(folders)
    common = {"seeds": options.seeds, "n_jobs": options.jobs}
    runs_2 = run_table_2(sets, results=options.out / "table_2.csv", **common)
    print("\nTable 2: PRD and DTW over those of held-out real series (1 is perfect)")
    print(table_2(runs_2).to_string(index=False))
    runs = run_tables_3_and_4(sets, results=options.out / "tables_3_and_4.csv", **common)
    for classifier in CLASSIFIERS:
        for score in ("accuracy", "balanced_accuracy"):
            print(f"\nTables 3 and 4: {score.replace('_', ' ')} (%), {classifier}")
            print(tables_3_and_4(runs, classifier, score).to_string(index=False))
    print(f"\nruns: {options.out}")
    return 0

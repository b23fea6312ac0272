"""The command line: ``python -m ganbats_sampler``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ganbats_sampler import __version__
from ganbats_sampler.benchmark.runner import WorkerKilledError
from ganbats_sampler.cli import benchmark, demo


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, and return the exit status."""
    parser = argparse.ArgumentParser(prog="ganbats_sampler", description="Over-sample time series.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    demo.add_parser(commands)
    benchmark.add_parser(commands)
    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except (ValueError, ImportError, OSError, WorkerKilledError) as error:
        parser.exit(1, f"ganbats_sampler: {error}\n")

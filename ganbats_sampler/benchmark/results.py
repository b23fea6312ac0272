"""The table of runs: its columns, its file, and whether it can be judged."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ganbats_sampler.benchmark.scores import SCORES

#: The columns that identify a run.
KEY = ["task", "protocol", "amount", "method", "classifier", "seed", "settings"]
#: What became of a run.
STATUSES = ("ok", "failed", "skipped")
COLUMNS = [
    *KEY,
    "status",
    "reason",
    *SCORES,
    "resample_seconds",
    "fit_seconds",
    "predict_seconds",
    "peak_mb",
    "n_train",
    "n_minority",
    "n_synthetic",
    "n_test",
]


class ResultsFile:
    """Rows of results in a CSV file or, without a path, in memory.

    Each row is on disk before the next run ends, so that no run is repeated. A row that was cut off
    when a run was killed is dropped.

    Parameters
    ----------
    path : path-like or None
        The file, which is created with its first row.
    columns : sequence of str
        The columns of the file.
    key : sequence of str
        The columns that identify a row.
    texts : sequence of str
        Further columns that hold no numbers.

    Raises
    ------
    ValueError
        If the file holds something else.
    """

    def __init__(
        self,
        path: str | os.PathLike | None,
        columns: Sequence[str] = COLUMNS,
        key: Sequence[str] = KEY,
        texts: Sequence[str] = ("status", "reason"),
    ):
        self.path = None if path is None else Path(path)
        self.columns, self.key, self.texts = list(columns), list(key), list(texts)
        self.rows: list[dict[str, Any]] = []
        if self.path is not None and self.path.exists():
            self.rows = _read(self.path, self.columns)

    def key_of(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the key of a row."""
        return tuple(str(_written(row[name])) for name in self.key)

    def done(self) -> set[tuple[str, ...]]:
        """Collect the keys of the rows there are."""
        return {self.key_of(row) for row in self.rows}

    def append(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows, on disk before it returns."""
        # as they will be read: the same figures, whether they were run now or before
        complete = [{k: _written(row.get(k, "")) for k in self.columns} for row in rows]
        self.rows += complete
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        size = len(_complete(self.path)) if self.path.exists() else 0
        text = io.StringIO()
        writer = csv.DictWriter(text, self.columns, lineterminator="\n")
        if not size:
            writer.writeheader()
        writer.writerows(complete)
        with self.path.open("ab") as file:
            file.truncate(size)
            file.write(text.getvalue().encode())
            file.flush()
            os.fsync(file.fileno())

    def frame(self):
        """Put the rows into a pandas DataFrame."""
        import pandas as pd

        frame = pd.DataFrame(self.rows, columns=self.columns)
        for name in self.columns:
            if name == "seed" or name not in (*self.key, *self.texts):
                frame[name] = pd.to_numeric(frame[name], errors="coerce")
        return frame


def read_results(path: str | os.PathLike):
    """Read a file that :func:`compare_samplers` wrote into a pandas DataFrame.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it holds something else.
    """
    if not Path(path).exists():
        raise FileNotFoundError(f"There are no results in {path}.")
    return ResultsFile(path).frame()


def check_runs(results) -> None:
    """Check that a table of runs can be judged, and raise a ValueError that says why not.

    It needs a row for each run of one protocol and amount, with the columns of
    :func:`~ganbats_sampler.benchmark.compare_samplers`, at least one score, and a run of the method
    "none" that went well.
    """
    needed = [*KEY[:-1], "status", "reason", "resample_seconds", "fit_seconds"]
    if missing := [column for column in needed if column not in results]:
        raise ValueError(f"The results have no columns {missing}; they have {list(results)}.")
    if not any(score in results for score in SCORES):
        raise ValueError(f"The results have no score; at least one is needed of {list(SCORES)}.")
    for column in ("protocol", "amount"):
        found = sorted(results[column].unique(), key=str)
        if len(found) > 1:
            raise ValueError(
                f"The results mix {column}s: {found}. They answer different questions; choose one, "
                f"as in results[results[{column!r}] == {found[0]!r}]."
            )
    if unknown := sorted(set(results["status"]) - set(STATUSES), key=str):
        raise ValueError(f"There are runs of status {unknown}; allowed are {list(STATUSES)}.")
    key = ["task", "method", "classifier", "seed"]
    twice = results[results.duplicated(key)]
    if len(twice):
        raise ValueError(
            f"{len(twice)} runs are there twice, first {twice.iloc[0][key].to_dict()}. If they "
            "differ in their settings, choose the rows of one; if not, drop one of each, as in "
            f"results.drop_duplicates({key})."
        )
    if not ((results["method"] == "none") & (results["status"] == "ok")).any():
        raise ValueError('No run of the method "none" went well: there is nothing to compare with.')


def _written(value: Any) -> Any:
    """Write a number with six digits, and a text on one line, so that a line is a row."""
    if isinstance(value, float):
        return f"{value:.6g}"
    return " ".join(value.split()) if isinstance(value, str) else value


def _read(path: Path, columns: list[str]) -> list[dict[str, Any]]:
    """Read what is complete; the file is left as it is."""
    text = _complete(path).decode("utf-8", errors="replace")
    reader = csv.DictReader(io.StringIO(text))
    if path.stat().st_size and reader.fieldnames != columns:
        raise ValueError(
            f"{path} does not hold results of this version's benchmark: its first line should name "
            f"the columns {columns}. Name another file."
        )
    return list(reader)


def _complete(path: Path) -> bytes:
    """Read up to the end of the last whole line; a run that was killed leaves a part of one."""
    content = path.read_bytes()
    return content[: content.rfind(b"\n") + 1]

"""The table of runs: its columns, its file, and the check before it is judged."""

from __future__ import annotations

import codecs
import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganbats_sampler.benchmark.scores import SCORES
from ganbats_sampler.files import append, check_destination, locked
from ganbats_sampler.warn import warn

if TYPE_CHECKING:
    import pandas as pd

#: The columns that identify a run.
KEY = ["task", "protocol", "amount", "method", "classifier", "seed", "settings"]
#: The possible outcomes of a run.
STATUSES = ("ok", "failed", "skipped")
COLUMNS = [
    *KEY,
    "status",
    "reason",
    *SCORES,
    *("resample_seconds", "fit_seconds", "predict_seconds", "peak_mb"),
    *("n_train", "n_minority", "n_synthetic", "n_test"),
]


class ResultsFile:
    """Rows of results in a CSV file or, without a path, in memory.

    Inside a ``with`` block rows can be added, and other processes cannot write to the file. Rows
    are on disk when :meth:`append` returns, so that no finished run is repeated. Damaged rows are
    ignored, such as one that was cut off when a run was killed. The columns in `key` identify a
    row. These columns, except ``seed``, and those in `texts` hold text. All others hold numbers.

    Examples
    --------
    >>> with ResultsFile(None, ["task", "f1"], ["task"], ()) as file:
    ...     file.append([{"task": "GunPoint", "f1": 0.75}])
    >>> file.done()
    {('GunPoint',)}
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None,
        columns: Sequence[str] = COLUMNS,
        key: Sequence[str] = KEY,
        texts: Sequence[str] = ("status", "reason"),
    ):
        self.path = None if path is None else Path(path).expanduser()
        self.columns, self.key, self.texts = list(columns), list(key), list(texts)
        self.rows: list[dict[str, Any]] = []
        self._lock = ExitStack()

    def __enter__(self) -> ResultsFile:
        """Lock the file, check that it can be written, and read it."""
        if self.path is not None:
            check_destination(self.path)
            with ExitStack() as lock:
                lock.enter_context(locked(self.path))
                self.read()
                self._lock = lock.pop_all()
        return self

    def __exit__(self, *exception: object) -> None:
        self._lock.close()

    def read(self) -> None:
        """Read the rows of the file, and warn about damaged ones."""
        if self.path is None or not self.path.exists():
            return
        if f"{','.join(self.columns)}\n".encode().startswith(self.path.read_bytes()):
            return  # no more than the first line, which may be cut off
        header, *lines = self._whole().removeprefix(codecs.BOM_UTF8).split(b"\n")
        if _split(header) != self.columns:
            raise ValueError(
                f"{self.path} does not hold results of this version's benchmark: its first line "
                f"should name the columns {self.columns}. Name another file."
            )
        parsed = {n: self._parse(line) for n, line in enumerate(lines, 2) if line.strip()}
        self.rows = [row for row in parsed.values() if row is not None]
        if damaged := [number for number, row in parsed.items() if row is None]:
            warn(
                f"{self.path}: the lines {damaged[:5]} are damaged and ignored, {len(damaged)} in "
                "all. Their runs count as not run. Delete these lines.",
                UserWarning,
            )

    def _parse(self, line: bytes) -> dict[str, Any] | None:
        """Parse a line, which is a row because texts have no line breaks; None if it is damaged."""
        cells = _split(line)
        if cells is None or len(cells) != len(self.columns):
            return None
        row = dict(zip(self.columns, cells, strict=True))
        numbers = (row[name] for name in self.columns if self._is_number(name))
        return row if all(map(_is_number_or_empty, numbers)) else None

    def _is_number(self, column: str) -> bool:
        return column == "seed" or column not in (*self.key, *self.texts)

    def _whole(self) -> bytes:
        """Read up to the end of the last whole line; a killed run can leave a part of one."""
        assert self.path is not None
        content = self.path.read_bytes()
        return content[: content.rfind(b"\n") + 1]

    def key_of(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the key of a row."""
        return tuple(str(_written(row[name])) for name in self.key)

    def done(self) -> set[tuple[str, ...]]:
        """Return the keys of all rows."""
        return {self.key_of(row) for row in self.rows}

    def append(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows; they are on disk when this returns."""
        # rounded as in the file, so that new runs have the same figures as stored ones
        complete = [{k: _written(row.get(k, "")) for k in self.columns} for row in rows]
        if self.path is not None:
            size = len(self._whole()) if self.path.exists() else 0
            text = io.StringIO()
            writer = csv.DictWriter(text, self.columns, lineterminator="\n")
            if not size:
                writer.writeheader()
            writer.writerows(complete)
            append(self.path, text.getvalue().encode(), start=size)
        self.rows += complete

    def frame(self) -> pd.DataFrame:
        """Return the rows as a pandas DataFrame."""
        import pandas as pd

        frame = pd.DataFrame(self.rows, columns=self.columns)
        for name in self.columns:
            if self._is_number(name):
                frame[name] = pd.to_numeric(frame[name], errors="coerce")
        return frame


def read_results(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read the runs in a file that :func:`~ganbats_sampler.benchmark.compare_samplers` wrote.

    Parameters
    ----------
    path : path-like
        The CSV file.

    Returns
    -------
    pandas.DataFrame
        The runs, with the columns of :func:`~ganbats_sampler.benchmark.compare_samplers`.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file does not have the columns of this version's benchmark.
    """
    if not Path(path).exists():
        raise FileNotFoundError(f"There are no results in {path}.")
    file = ResultsFile(path)
    file.read()
    return file.frame()


def check_runs(results: pd.DataFrame) -> None:
    """Raise a ValueError or a TypeError if a table of runs cannot be judged.

    The table needs one row for each run, and runs of a single protocol and amount. It needs the
    columns of :func:`~ganbats_sampler.benchmark.compare_samplers` with at least one score, and a
    run of the method "none" with the status "ok".
    """
    if not hasattr(results, "columns"):
        raise TypeError(
            f"results is a {type(results).__name__}; pass the DataFrame that compare_samplers() "
            "returns, or read_results(path)."
        )
    needed = [*KEY[:-1], "status", "reason", "resample_seconds", "fit_seconds"]
    if missing := [column for column in needed if column not in results]:
        raise ValueError(f"The results have no columns {missing}; they have {list(results)}.")
    if not any(score in results for score in SCORES):
        raise ValueError(f"The results have no score; they need at least one of {list(SCORES)}.")
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
            f"{len(twice)} runs occur twice, the first is {twice.iloc[0][key].to_dict()}. If they "
            "differ in their settings, choose the rows of one; if not, drop one of each, as in "
            f"results.drop_duplicates({key})."
        )
    if not ((results["method"] == "none") & (results["status"] == "ok")).any():
        raise ValueError('No run of the method "none" is ok, so there is nothing to compare with.')


def _written(value: Any) -> Any:
    """Format a number with six digits, and a text on one line, so that each row is a line."""
    if isinstance(value, float):
        return f"{value:.6g}"
    return " ".join(value.split()) if isinstance(value, str) else value


def _split(line: bytes) -> list[str] | None:
    """Split a line into its cells; None if a quote is not closed or the line is not UTF-8."""
    try:
        (cells,) = csv.reader([line.decode()], strict=True)
    except (csv.Error, ValueError):
        return None
    return cells


def _is_number_or_empty(cell: str) -> bool:
    try:
        float(cell or "nan")
    except ValueError:
        return False
    return True

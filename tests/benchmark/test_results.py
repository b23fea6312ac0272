"""The file of results under faults: damage, a full disk, a killed worker, two writers."""

import errno
import os
import signal
import subprocess
import sys
import warnings

import joblib
import pytest
from imblearn.over_sampling import SMOTE

from ganbats_sampler.benchmark import compare_samplers, read_results
from ganbats_sampler.benchmark.results import COLUMNS, ResultsFile
from ganbats_sampler.benchmark.runner import WorkerKilledError
from tests.conftest import needs_stratified_groups

QUIET = {"verbose": False}


@pytest.fixture
def path(bumps, tmp_path):
    """Write a file of four rows."""
    path = tmp_path / "runs.csv"
    compare_samplers(bumps, [], "knn", [0], results=path, **QUIET)
    return path


def lines_of(path):
    return path.read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize(
    "damage",
    [
        lambda line: line.replace(b",", b',"', 1),  # a quote that is left open
        lambda line: b'"' + line,
        lambda line: line[:30] + b"\n",
        lambda line: line[:30] + line,  # two rows on a line
        lambda line: line.replace(b"bumps", b"bump\xff"),
        lambda line: line.replace(b"0.", b"O.", 1),  # a score that is no number
        lambda line: b"\0" * len(line) + b"\n",
    ],
)
def test_the_run_of_a_damaged_line_is_repeated_once(bumps, path, damage, monkeypatch):
    lines = lines_of(path)
    path.write_bytes(b"".join([lines[0], damage(lines[1]), *lines[2:]]))
    with pytest.warns(UserWarning, match=r"runs.csv: the lines \[2\] are damaged") as caught:
        assert len(read_results(path)) == 3
    assert caught[0].filename == __file__
    with pytest.warns(UserWarning, match="are damaged") as caught:
        again = compare_samplers(bumps, [], "knn", [0], results=path, **QUIET)
    assert caught[0].filename == __file__
    assert again["method"].tolist() == ["none", "class_weights", "tuned_threshold", "oracle"]
    assert len(lines_of(path)) == 6
    monkeypatch.setattr("ganbats_sampler.benchmark.runner.run", lambda job: pytest.fail("ran"))
    with pytest.warns(UserWarning, match="are damaged"):
        assert len(compare_samplers(bumps, [], "knn", [0], results=path, **QUIET)) == 4


@pytest.mark.parametrize("n_kept", [0, 1, 20, len(",".join(COLUMNS)), len(",".join(COLUMNS)) + 1])
def test_a_file_with_an_incomplete_first_line_is_started_again(bumps, path, n_kept):
    content = path.read_bytes()
    path.write_bytes(content[:n_kept])
    assert len(read_results(path)) == 0
    compare_samplers(bumps, [], "knn", [0], results=path, **QUIET)
    assert len(read_results(path)) == 4 and lines_of(path)[0] == content.splitlines(True)[0]


def test_a_file_saved_by_a_spreadsheet_is_read(path):
    rows = read_results(path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert read_results(path).equals(rows)


def test_a_full_disk_keeps_finished_rows(bumps, path, monkeypatch):
    before, calls = path.read_bytes(), iter(range(100))

    def second_fails(_):
        if next(calls):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", second_fails)
    with pytest.raises(OSError, match="runs.csv cannot be written .No space left"):
        compare_samplers(bumps, ["jitter", "smote", "arc"], "knn", [0], results=path, **QUIET)
    monkeypatch.undo()
    assert path.read_bytes().startswith(before)
    assert read_results(path)["method"].tolist()[4:] == ["jitter"]
    assert list(path.parent.iterdir()) == [path]
    runs = compare_samplers(bumps, ["jitter", "smote"], "knn", [0], results=path, **QUIET)
    assert len(runs) == 6


@pytest.mark.parametrize("where", ["file/runs.csv", "folder"])
def test_an_unwritable_path_raises_an_error_before_the_first_run(
    bumps, tmp_path, monkeypatch, where
):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    monkeypatch.setattr("ganbats_sampler.benchmark.runner.run", lambda job: pytest.fail("ran"))
    with pytest.raises(OSError, match=f"{where} cannot be written"):
        compare_samplers(bumps, [], "knn", [0], results=tmp_path / where, **QUIET)


class Killing(SMOTE):
    """A sampler that kills its process, as the system does when memory runs out."""

    def _fit_resample(self, X, y):
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_worker_keeps_finished_rows(bumps, tmp_path):
    path = tmp_path / "runs.csv"
    with joblib.parallel_config("loky", n_jobs=2), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # joblib's own
        with pytest.raises(WorkerKilledError, match="finished rows; .*runs.csv keeps them. Run"):
            compare_samplers(bumps, {"killing": Killing()}, "knn", [0], results=path, **QUIET)
    before = path.read_bytes()
    assert 1 <= len(read_results(path)) <= 4 and list(tmp_path.iterdir()) == [path]
    assert len(compare_samplers(bumps, "jitter", "knn", [0], results=path, **QUIET)) == 5
    assert path.read_bytes().startswith(before) and len(read_results(path)) == 5


BENCHMARK = """
import sys, time
import numpy as np
from ganbats_sampler.benchmark import Task, compare_samplers
from sklearn.neighbors import KNeighborsClassifier

class Slow(KNeighborsClassifier):
    def fit(self, X, y):
        print("fitting", flush=True)
        fits.append(len(y))
        if len(fits) == int(sys.argv[2]):
            time.sleep(100)
        return super().fit(X, y)

fits = []
rng = np.random.default_rng(0)
y = np.arange(300) % 3 == 0
task = Task("noise", rng.normal(size=(300, 1, 20)), y, n_minority=10, imbalance=5)
compare_samplers(task, [], {"slow": Slow(1)}, range(3), results=sys.argv[1], verbose=False)
"""


def start(path, stop_at=0):
    """Start a benchmark that sleeps in its fit number `stop_at`; 0 means in none."""
    return subprocess.Popen(
        [sys.executable, "-c", BENCHMARK, path, str(stop_at)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@needs_stratified_groups
@pytest.mark.slow
def test_a_second_writer_raises_an_error_and_a_kill_ends_the_lock(tmp_path):
    path = tmp_path / "runs.csv"
    first = start(path, stop_at=8)
    assert [first.stdout.readline() for _ in range(8)] == ["fitting\n"] * 8
    second = start(path)
    printed, error = second.communicate(timeout=100)
    assert f"runs.csv is being written to by process {first.pid}" in error
    assert second.returncode != 0 and "fitting" not in printed
    first.kill()
    first.communicate()
    n_finished = len(read_results(path))
    third = start(path)
    printed, error = third.communicate(timeout=100)
    assert third.returncode == 0, error
    rows = read_results(path)
    assert 0 < n_finished < len(rows) == 3 * 4 and not rows.duplicated(["method", "seed"]).any()


def test_rows_can_be_read_while_a_benchmark_writes(path):
    with ResultsFile(path) as file:
        assert len(read_results(path)) == len(file.rows) == 4


def test_the_lock_is_released_if_the_file_holds_something_else(path):
    content = path.read_bytes()
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="does not hold results"):
        ResultsFile(path).__enter__()
    path.write_bytes(content)
    with ResultsFile(path) as file:
        assert len(file.rows) == 4

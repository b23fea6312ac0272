"""Run methods on tasks, with one row of results for each run."""

from __future__ import annotations

import operator
import os
import threading
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import product
from pickle import PicklingError
from typing import TYPE_CHECKING, Any, NamedTuple

import joblib
from joblib import Parallel, delayed, effective_n_jobs
from joblib.externals.loky.process_executor import TerminatedWorkerError
from tqdm.auto import tqdm

from ganbats_sampler.benchmark.classifiers import instantiate, make_classifiers
from ganbats_sampler.benchmark.methods import AMOUNTS, Method, NotApplicable, make_methods
from ganbats_sampler.benchmark.names import as_list
from ganbats_sampler.benchmark.protocols import PROTOCOLS, Prepared
from ganbats_sampler.benchmark.results import ResultsFile
from ganbats_sampler.benchmark.scores import score
from ganbats_sampler.benchmark.tasks import Task
from ganbats_sampler.benchmark.tuning import choose, describe_choice, tune_threshold
from ganbats_sampler.model_selection import class_weight_parameters

if TYPE_CHECKING:
    import pandas as pd


def compare_samplers(
    tasks: Task | Sequence[Task],
    methods: str | Method | Iterable[Any] | Mapping[str, Any] = ("herded", "smote", "ganbats"),
    classifiers: str | Iterable[str | tuple[str, Any]] | Mapping[str, Any] = ("ridge", "forest"),
    seeds: Iterable[int] = range(3),
    *,
    amount: str = "balance",
    protocol: str = "honest",
    results: str | os.PathLike[str] | None = None,
    n_jobs: int | None = None,
    verbose: bool = True,
) -> pd.DataFrame:
    """Compare methods for minority classes by the scores of classifiers on unseen entities.

    For each task, seed and method, the function splits by entity, draws the training series and
    applies the method to them. Then it fits and scores every classifier. The methods always include
    no resampling, class weights, a tuned threshold, and an oracle that adds real series.

    Parameters
    ----------
    tasks : Task or sequence of Task
        The tasks; see :class:`Task`.
    methods : iterable of str or Method, or mapping of str to sampler, \
            default=("herded", "smote", "ganbats")
        Names of :func:`~ganbats_sampler.samplers.get_sampler`, optionally with ``+class_weights``
        appended; samplers by a name of your own; or :class:`Method` objects. A single method needs
        no list. Networks by name keep their own series even if these fail the checks. ``"chosen"``
        and ``"chosen_by_ap"`` choose among no resampling, class weights and `HerdedSampler`, by
        balanced accuracy and by average precision.
    classifiers : iterable of str or (str, classifier), or mapping of str to classifier, \
            default=("ridge", "forest")
        Names of :func:`get_classifier`, or classifiers by a name of your own. A single classifier
        needs no list. Classifiers receive series of shape (n_samples, n_channels, n_timepoints).
        Those of scikit-learn, imbalanced-learn, XGBoost, LightGBM and CatBoost receive flat rows of
        shape (n_samples, n_channels * n_timepoints); for a pipeline, the first step decides.
        Without ``predict_proba``, a classifier has no Brier score. Without ``decision_function``
        too, it has no average precision and no ROC AUC.
    seeds : iterable of int, default=range(3)
        The seeds of the repetitions, 0 or greater. Each gives another split and other random
        numbers.
    amount : {"balance", "double"}, default="balance"
        How many series to add: enough to balance the classes, or at most enough to double each
        minority class.
    protocol : {"honest", "before-split"}, default="honest"
        ``"honest"`` splits by entity and resamples the training side alone. ``"before-split"``
        resamples before a random split, so that parents of test series are trained on. Use it only
        to show the effect of this leak.
    results : path-like, default=None
        A CSV file that each finished run is appended to. Runs that are in the file are not
        repeated, so the same call resumes an interrupted benchmark. One process at a time can write
        to the file, because it locks ``<results>.lock``. Damaged lines are ignored with a warning.
    n_jobs : int, default=None
        The number of parallel runs, through joblib; None means 1. Inside ``joblib.parallel_config``
        that configuration applies, such as a Dask cluster.
    verbose : bool, default=True
        Whether to show a progress bar with the time left.

    Returns
    -------
    pandas.DataFrame
        A row for each task, seed, method and classifier. ``status`` is "ok", "failed" or "skipped",
        and ``reason`` says why, how a network failed, or what was chosen. ``settings`` is a digest
        of the task and of the parameters of the method and the classifier. The scores follow; with
        more than two classes, F1, average precision and ROC AUC are means over the classes. The
        costs are ``resample_seconds``, ``fit_seconds``, ``predict_seconds`` and ``peak_mb``, the
        growth of the process's memory while resampling, in units of 1e6 bytes. The last columns are
        numbers of series.

    Raises
    ------
    ValueError
        If an argument is not one of those above, a name is unknown or repeated, a task, method or
        classifier cannot be pickled, or the file `results` holds something else.
    ImportError
        If psutil, pandas or the library of a classifier is not installed.
    TypeError
        If a task, a method, a classifier or `seeds` has the wrong type.
    OSError
        If `results` cannot be written, or another process writes to it. Both are checked before the
        first run. If a later row cannot be written, for example on a full disk, the rows before it
        stay in the file.
    RuntimeError
        If the system killed a worker. The finished rows are in `results`.

    Notes
    -----
    A method that raises an error is a row with the status "failed". To run it again, delete its
    rows from the file.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.benchmark import Task, compare_samplers
    >>> rng = np.random.default_rng(0)
    >>> y = np.arange(300) % 3 == 0
    >>> X = rng.normal(size=(300, 1, 20)) + y[:, None, None] * np.hanning(20)
    >>> task = Task("bumps", X, y, n_minority=10, imbalance=5)
    >>> runs = compare_samplers([task], ["jitter"], ["knn"], seeds=[0], verbose=False)
    >>> runs[["method", "status", "n_synthetic"]].values.tolist()
    [['none', 'ok', 0], ['class_weights', 'skipped', 0], ['tuned_threshold', 'ok', 0],
     ['oracle', 'ok', 40], ['jitter', 'ok', 40]]
    """
    design = check_design(
        methods, classifiers, seeds, amount=amount, protocol=protocol, n_jobs=n_jobs
    )
    jobs = _plan(_check_tasks(tasks), design)
    with ResultsFile(results) as file:
        done = file.done()
        wanted: list[tuple[Any, ...]] = []
        calls = []
        for job in jobs:
            keys = {file.key_of(key): key for key in job.keys}
            wanted += keys
            if missing := [key for written, key in keys.items() if written not in done]:
                calls.append(delayed(run)(job._replace(keys=missing)))
        run_all(calls, file, n_jobs, verbose)
        place_of = {file.key_of(row): place for place, row in enumerate(file.rows)}
        return file.frame().iloc[[place_of[key] for key in wanted]].reset_index(drop=True)


class WorkerKilledError(RuntimeError):
    """Raised if the system killed a worker, most likely because it ran out of memory."""


def run_all(
    calls: Sequence[Any],
    file: ResultsFile,
    n_jobs: int | None,
    verbose: bool = True,
    unit: str = "method",
) -> None:
    """Run delayed calls in parallel, and append the rows of each call as soon as it ends."""
    rows = Parallel(n_jobs=n_jobs, return_as="generator_unordered")(calls)
    bar = tqdm(rows, total=len(calls), desc="benchmark", unit=unit, disable=not verbose)
    try:
        for of_call in bar:
            file.append(of_call)
    except TerminatedWorkerError as error:
        kept = "they are lost" if file.path is None else f"{file.path} keeps them"
        raise WorkerKilledError(
            "The system killed a worker, most likely because it ran out of memory. There are "
            f"{len(file.rows)} finished rows; {kept}. Run again with a smaller n_jobs."
        ) from error


class Design(NamedTuple):
    """The methods, classifiers and seeds that run on every task."""

    methods: list[Method]
    classifiers: dict[str, Any]
    seeds: list[int]
    amount: str
    protocol: str


def check_design(
    methods: Any,
    classifiers: Any,
    seeds: Any,
    *,
    amount: str = "balance",
    protocol: str = "honest",
    n_jobs: int | None = None,
) -> Design:
    """Check the arguments of :func:`compare_samplers` other than the tasks, and run nothing."""
    require("psutil", "pandas")
    for name, value, allowed in (("amount", amount, AMOUNTS), ("protocol", protocol, PROTOCOLS)):
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(f"{name}={value!r} was given; choose from {list(allowed)}.")
    effective_n_jobs(n_jobs)  # raises a ValueError for 0
    return Design(
        make_methods(methods), make_classifiers(classifiers), _check_seeds(seeds), amount, protocol
    )


def require(*packages: str) -> None:
    """Raise an ImportError that says what to install if one of the packages is missing."""
    if missing := [name for name in packages if find_spec(name) is None]:
        raise ImportError(
            f'The benchmark needs {" and ".join(missing)}: pip install "ganbats-sampler[benchmark]"'
        )


def _check_seeds(seeds: Any) -> list[int]:
    try:
        numbers = list(dict.fromkeys(map(operator.index, seeds)))
    except TypeError as error:
        raise TypeError(
            f"seeds={seeds!r} was given; pass a list of whole numbers, such as [0, 1, 2]."
        ) from error
    if wrong := [number for number in numbers if number < 0]:
        raise ValueError(f"seeds has {wrong}; they must be 0 or more.")
    return numbers


def _check_tasks(tasks: Any) -> list[Task]:
    tasks = as_list(tasks, Task)
    if strange := [task for task in tasks if not isinstance(task, Task)]:
        raise TypeError(
            f"tasks has {strange[0]!r}, which is no Task: make one with Task(name, X, y, groups), "
            "or load tasks of the benchmark with load_tasks(names)."
        )
    names = [task.name for task in tasks]
    if len(set(names)) < len(names):
        raise ValueError(f"Several tasks have the same name; give each its own: {names}.")
    return tasks


def _plan(tasks: Sequence[Task], design: Design) -> list[Job]:
    """List the jobs for all combinations of seed, task and method."""
    methods, classifiers, seeds, amount, protocol = design
    jobs = []
    of_task, of_method = ({one.name: _digest(one) for one in side} for side in (tasks, methods))
    of_own = {n: "" if c is None else f"-{_digest(c)}" for n, c in classifiers.items()}
    # seeds are outermost, so that an early stop leaves complete seeds
    for seed, task, method in product(seeds, tasks, methods):
        shared = {"task": task.name, "protocol": protocol, "amount": amount, "seed": seed}
        shared["method"] = method.name
        settings = f"{of_task[task.name]}-{of_method[method.name]}"
        keys = [
            shared | {"classifier": name, "settings": settings + digest}
            for name, digest in of_own.items()
        ]
        jobs.append(Job(task, method, keys, classifiers))
    return jobs


def _digest(given: Any) -> str:
    try:
        return joblib.hash(given)[:6]
    except PicklingError as error:
        raise ValueError(
            f"{given} cannot be pickled, so its rows could not be recognised later: {error}. Use "
            "functions that are defined with def in a module, not lambdas."
        ) from error


class Job(NamedTuple):
    """A method on a split of a task, and the keys of its rows, one for each classifier.

    ``settings`` in a key is a digest of the task, and of the parameters of the method and the
    classifier. It distinguishes runs whose names are the same.
    """

    task: Task
    method: Method
    keys: list[dict[str, Any]]
    classifiers: Mapping[str, Any]


def run(job: Job) -> list[dict[str, Any]]:
    """Run a job, and return a row for each classifier, also after an error."""
    key = job.keys[0]
    with _quietly():
        try:
            prepare = PROTOCOLS[key["protocol"]]
            prepared = prepare(job.task, job.method, key["amount"], key["seed"])
        except Exception as error:  # the error is the result of the run
            return [row | _not_ok(error) for row in job.keys]
        common = {
            "resample_seconds": prepared.cost.seconds,
            "peak_mb": prepared.cost.megabytes,
            "n_train": len(prepared.y_train),
            "n_minority": prepared.n_minority,
            "n_synthetic": prepared.n_added,
            "n_test": len(prepared.y_test),
        }
        return [row | common | _fit_and_score(job, prepared, row) for row in job.keys]


@contextmanager
def _quietly() -> Iterator[None]:
    """Ignore warnings, because the row of a run says what matters.

    Outside the main thread they are not ignored, because all threads share Python's warning
    filters.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _fit_and_score(job: Job, prepared: Prepared, key: dict[str, Any]) -> dict[str, Any]:
    name, seed, X_test = key["classifier"], key["seed"], prepared.X_test
    method = job.method
    try:
        classifier = instantiate(name, job.classifiers[name], seed)
        if method.class_weight is not None:
            parameters = class_weight_parameters(classifier)
            if not parameters:
                raise NotApplicable(f"{name} has no class weights")
            classifier.set_params(**dict.fromkeys(parameters, method.class_weight))
        start = time.perf_counter()
        if method.tune_threshold:
            classifier = tune_threshold(classifier, prepared, seed)
        elif method.choice is not None:
            classifier = choose(classifier, method.choice, prepared, seed)
        else:
            classifier.fit(prepared.X_train, prepared.y_train)
        fitted = time.perf_counter()
        probability = ranking = None
        if hasattr(classifier, "predict_proba"):
            probability = classifier.predict_proba(X_test)
            if prepared.y_test.dtype == bool:
                probability = probability[:, 1]
            ranking = probability
        if hasattr(classifier, "decision_function"):
            ranking = classifier.decision_function(X_test)
        scores = score(prepared.y_test, classifier.predict(X_test), ranking, probability)
        predicted = time.perf_counter()
    except Exception as error:  # the error is the result of the run
        return _not_ok(error)
    seconds = {"fit_seconds": fitted - start, "predict_seconds": predicted - fitted}
    note = prepared.note if method.choice is None else describe_choice(classifier)
    return {"status": "ok", "reason": note, **seconds, **scores}


def _not_ok(error: Exception) -> dict[str, str]:
    if isinstance(error, NotApplicable):
        return {"status": "skipped", "reason": str(error)}
    return {"status": "failed", "reason": f"{type(error).__name__}: {error}"[:500]}

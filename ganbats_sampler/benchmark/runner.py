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
    """Compare ways to deal with minority classes, by classifiers' scores on unseen entities.

    For each task, seed and method: split by entity, draw the training series, apply the method to
    them, and fit and score every classifier. Doing nothing, class weights, a tuned threshold and
    an oracle, which adds real series, are always among the methods.

    Parameters
    ----------
    tasks : sequence of Task
        The tasks to learn; see :class:`Task`. One task may stand alone, and so may one name, or one
        pair of a name and an object, in what follows.
    methods : iterable of str or Method, or mapping of str to sampler
        Names of :func:`~ganbats_sampler.samplers.get_sampler`, optionally with ``+class_weights``
        appended; samplers by a name of your own; or :class:`Method` objects. Samplers by name that
        train networks return the networks' own series even if these fail the checks.
    classifiers : iterable of str or (str, classifier), or mapping of str to classifier, \
            default=("ridge", "forest")
        Names of :func:`get_classifier`, or classifiers by a name of your own. They receive series
        of shape (n_samples, n_channels, n_timepoints); those of scikit-learn, XGBoost, LightGBM and
        CatBoost receive the channels one after another in flat rows. Without ``predict_proba`` the
        Brier score is missing.
    seeds : iterable of int, default=range(3)
        The numbers of the repetitions. Each is another split, with other random numbers.
    amount : {"balance", "double"}, default="balance"
        Add so many series that the classes are of one size, or as many as there are.
    protocol : {"honest", "before-split"}, default="honest"
        Split by entity and resample the training side alone. Or resample before a random split,
        which puts what test series were made of into training: a leak, to show what it does.
    results : path-like, default=None
        A CSV file that each run is appended to. Runs that it holds already are not run again, so
        that what was killed goes on where it stopped. One process at a time writes to it, which
        holds a lock, ``<results>.lock``. The lock ends with the process. Lines that are damaged are
        left out with a warning.
    n_jobs : int, default=None
        Runs at a time, through joblib; inside a ``joblib.parallel_config`` its backend is taken, a
        Dask cluster for one.
    verbose : bool, default=True
        Show a progress bar with the time left.

    Returns
    -------
    pandas.DataFrame
        A row for each task, seed, method and classifier: ``status`` ("ok", "failed" or "skipped",
        and why in ``reason``, which also tells of a GAN that failed), the scores (F1, average
        precision and ROC AUC are means over the classes if there are more than two),
        ``resample_seconds``, ``fit_seconds``, ``predict_seconds``, ``peak_mb`` (growth of the
        process's memory while resampling), and numbers of series.

    Raises
    ------
    ValueError
        If an argument is none of those above. A failing method is a row, not an error; to run it
        again, delete its rows from the file.
    ImportError
        If psutil is not installed, or what a classifier needs.
    TypeError
        If a task, a method or a classifier is not what it should be.
    OSError
        If `results` cannot be written, or another process writes to it. Both are noticed before the
        first run. A row that cannot be written, as on a full disk, leaves those before it.
    RuntimeError
        If the system killed a worker. The rows that were finished are in `results`.

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
        wanted: list[tuple] = []
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
    """The system killed a worker, most likely for want of memory."""


def run_all(
    calls: Sequence[Any],
    file: ResultsFile,
    n_jobs: int | None,
    verbose: bool = True,
    unit: str = "method",
) -> None:
    """Make delayed calls in parallel, and append the rows that each returns as soon as it ends."""
    rows = Parallel(n_jobs=n_jobs, return_as="generator_unordered")(calls)
    bar = tqdm(rows, total=len(calls), desc="benchmark", unit=unit, disable=not verbose)
    try:
        for of_call in bar:
            file.append(of_call)
    except TerminatedWorkerError as error:
        kept = "no file was named to keep them" if file.path is None else f"{file.path} keeps them"
        raise WorkerKilledError(
            f"A worker was killed, most likely for want of memory. There are {len(file.rows)} "
            f"finished rows; {kept}. Go on with fewer n_jobs."
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
    """Check all arguments of :func:`compare_samplers` but the tasks; nothing is read or run."""
    require("psutil", "pandas")
    for name, value, allowed in (("amount", amount, AMOUNTS), ("protocol", protocol, PROTOCOLS)):
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(f"{name}={value!r} was given; choose from {list(allowed)}.")
    effective_n_jobs(n_jobs)  # which says so if it is 0
    return Design(
        make_methods(methods), make_classifiers(classifiers), _check_seeds(seeds), amount, protocol
    )


def require(*packages: str) -> None:
    """Raise an ImportError that says how to install those of some packages that are missing."""
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
            f"tasks has {strange[0]!r}, which is no Task: make one by Task(name, X, y, groups), or "
            "load those of the standing benchmark by load_tasks(names)."
        )
    names = [task.name for task in tasks]
    if len(set(names)) < len(names):
        raise ValueError(f"Several tasks have one name: {names}.")
    return tasks


def _plan(tasks: Sequence[Task], design: Design) -> list[Job]:
    """List all that is asked for."""
    methods, classifiers, seeds, amount, protocol = design
    jobs = []
    of_task, of_method = ({one.name: _digest(one) for one in side} for side in (tasks, methods))
    of_own = {n: "" if c is None else f"-{_digest(c)}" for n, c in classifiers.items()}
    # seeds are outermost: what is stopped early has whole seeds
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
            f"{given} cannot be pickled, and so its rows not be known again: {error}. Give it "
            "functions that are defined with def in a module, not lambdas."
        ) from error


class Job(NamedTuple):
    """A method on a split of a task, and the keys of the rows to make, one for each classifier.

    The ``settings`` of a key are a digest of the task's series and of the parameters of the method
    and the classifier, which their names do not tell.
    """

    task: Task
    method: Method
    keys: list[dict[str, Any]]
    classifiers: Mapping[str, Any]


def run(job: Job) -> list[dict[str, Any]]:
    """Do a job; a row for each classifier, whatever happens."""
    key = job.keys[0]
    with _quietly():
        try:
            prepare = PROTOCOLS[key["protocol"]]
            prepared = prepare(job.task, job.method, key["amount"], key["seed"])
        except Exception as error:  # whatever a sampler raises is its result
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

    In a thread beside others they stay, because the filters of all threads would be changed.
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
    except Exception as error:  # so is whatever a classifier raises on its series
        return _not_ok(error)
    seconds = {"fit_seconds": fitted - start, "predict_seconds": predicted - fitted}
    note = prepared.note if method.choice is None else describe_choice(classifier)
    return {"status": "ok", "reason": note, **seconds, **scores}


def _not_ok(error: Exception) -> dict[str, str]:
    if isinstance(error, NotApplicable):
        return {"status": "skipped", "reason": str(error)}
    return {"status": "failed", "reason": f"{type(error).__name__}: {error}"[:500]}

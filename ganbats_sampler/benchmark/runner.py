"""Run arms on tasks, one row of results for each run."""

from __future__ import annotations

import hashlib
import os
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from joblib import Parallel, delayed
from tqdm.auto import tqdm

from ganbats_sampler import __version__
from ganbats_sampler.benchmark.arms import AMOUNTS, Arm, NotApplicable, make_arms
from ganbats_sampler.benchmark.classifiers import UNWEIGHTED, get_classifier, get_classifier_names
from ganbats_sampler.benchmark.memory import PeakMemory
from ganbats_sampler.benchmark.protocols import PROTOCOLS, Prepared
from ganbats_sampler.benchmark.results import ResultsFile
from ganbats_sampler.benchmark.scores import score
from ganbats_sampler.benchmark.tasks import Task
from ganbats_sampler.benchmark.threshold import tune_threshold


def compare_samplers(
    tasks: Sequence[Task],
    arms: Iterable[str | Arm] | Mapping[str, Any] = ("window_warp", "smote", "ganbats"),
    classifiers: Sequence[str] = ("ridge", "forest"),
    seeds: Iterable[int] = range(3),
    *,
    amount: str = "balance",
    protocol: str = "honest",
    results: str | os.PathLike | None = None,
    n_jobs: int | None = None,
    verbose: bool = True,
):
    """Run ways to deal with a rare class on tasks, and score classifiers on entities never seen.

    For each task, seed and arm: split by entity, draw the training series, do what the arm does to
    them, and fit and score every classifier. Doing nothing, class weights, a tuned threshold and
    an oracle, which adds real series, are always among the arms.

    Parameters
    ----------
    tasks : sequence of Task
        What to learn; see :class:`Task`.
    arms : iterable of str or Arm, or mapping of str to sampler
        Names of :func:`~ganbats_sampler.samplers.get_sampler`, with ``+class_weights`` after them
        if wished; samplers by a name of your own; or :class:`Arm` objects.
    classifiers : sequence of str, default=("ridge", "forest")
        See :func:`get_classifier`.
    seeds : iterable of int, default=range(3)
        Each is another split and another draw of everything random.
    amount : {"balance", "double"}, default="balance"
        Add so many series that the classes are of one size, or as many as there are.
    protocol : {"honest", "before-split"}, default="honest"
        Split by entity and resample the training side alone. Or resample before a random split,
        which puts what test series were made of into training: a leak, to show what it does.
    results : path-like, default=None
        A CSV file that each run is appended to. Runs that it holds already are not run again, so
        that what was killed goes on where it stopped.
    n_jobs : int, default=None
        Runs at a time, through joblib; inside a ``joblib.parallel_config`` its backend is taken, a
        Dask cluster for one.
    verbose : bool, default=True
        Show a progress bar with the time left.

    Returns
    -------
    pandas.DataFrame
        A row for each task, seed, arm and classifier: ``status`` ("ok", "failed" or "skipped", and
        why in ``reason``), the scores, ``resample_seconds``, ``fit_seconds``, ``peak_mb`` (growth
        of the process's memory while resampling), and numbers of series.

    Raises
    ------
    ValueError
        If an argument is none of those above. A failing arm is a row, not an error.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.benchmark import Task, compare_samplers
    >>> rng = np.random.default_rng(0)
    >>> y = np.arange(300) % 3 == 0
    >>> X = rng.normal(size=(300, 1, 20)) + y[:, None, None] * np.hanning(20)
    >>> task = Task("bumps", X, y, n_minority=10, imbalance=5)
    >>> runs = compare_samplers([task], ["jitter"], ["knn"], seeds=[0], verbose=False)
    >>> runs[["arm", "status", "n_synthetic"]].values.tolist()
    [['none', 'ok', 0], ['class_weights', 'skipped', 0], ['tuned_threshold', 'ok', 0],
     ['oracle', 'ok', 40], ['jitter', 'ok', 40]]
    """
    _check(amount=(amount, AMOUNTS), protocol=(protocol, PROTOCOLS))
    for name in classifiers:
        _check(classifiers=(name, get_classifier_names()))
    file = ResultsFile(results)
    jobs, wanted = _plan(tasks, make_arms(arms), classifiers, list(seeds), amount, protocol, file)
    parallel = Parallel(n_jobs=n_jobs, return_as="generator_unordered")
    runs = parallel(delayed(run)(*job, amount=amount, protocol=protocol) for job in jobs)
    for rows in tqdm(runs, total=len(jobs), desc="benchmark", unit="arm", disable=not verbose):
        file.append(rows)
    place_of = {file.key_of(row): place for place, row in enumerate(file.rows)}
    return file.frame().iloc[[place_of[key] for key in wanted]].reset_index(drop=True)


def _check(**given: tuple[str, Iterable[str]]) -> None:
    for name, (value, allowed) in given.items():
        if value not in allowed:
            raise ValueError(f"{name}={value!r} was given; choose from {list(allowed)}.")


def _plan(
    tasks: Sequence[Task],
    arms: list[Arm],
    classifiers: Sequence[str],
    seeds: list[int],
    amount: str,
    protocol: str,
    file: ResultsFile,
) -> tuple[list[tuple], list[tuple]]:
    """List what is still to run, an arm on a split a job, and the keys of all that is asked for."""
    names = [task.name for task in tasks]
    if len(set(names)) < len(names):
        raise ValueError(f"Several tasks have one name: {names}.")
    done, jobs, wanted = file.done(), [], []
    for seed in seeds:  # outermost: what is stopped early has whole seeds
        for task in tasks:
            for arm in arms:
                keys = {name: _key(task, arm, name, seed, amount, protocol) for name in classifiers}
                wanted += [file.key_of(key) for key in keys.values()]
                missing = [name for name, key in keys.items() if file.key_of(key) not in done]
                if missing:
                    jobs.append((task, arm, missing, seed))
    return jobs, wanted


def _key(
    task: Task, arm: Arm, classifier: str, seed: int, amount: str, protocol: str
) -> dict[str, Any]:
    """Make the key of a run; the settings are a digest of all that its names do not tell."""
    of_task = (task.X.shape, int(task.y.sum()), task.n_minority, task.imbalance, task.n_folds)
    settings = f"{of_task} {arm!r} {__version__}"
    return {
        "task": task.name,
        "protocol": protocol,
        "amount": amount,
        "arm": arm.name,
        "classifier": classifier,
        "seed": seed,
        "settings": hashlib.sha256(settings.encode()).hexdigest()[:8],
    }


def run(
    task: Task, arm: Arm, classifiers: Sequence[str], seed: int, *, amount: str, protocol: str
) -> list[dict[str, Any]]:
    """Run an arm on a split with some classifiers; a row for each, whatever happens."""
    rows = [_key(task, arm, name, seed, amount, protocol) for name in classifiers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what an arm has to say is in its row
        try:
            with PeakMemory() as memory:
                prepared = PROTOCOLS[protocol](task, arm, amount, seed)
        except Exception as error:  # whatever a sampler raises is its result
            return [row | _not_ok(error) for row in rows]
        cost = {
            "resample_seconds": prepared.seconds,
            "peak_mb": memory.megabytes,
            "n_train": len(prepared.y_train),
            "n_minority": prepared.n_minority,
            "n_synthetic": prepared.n_added,
            "n_test": len(prepared.y_test),
        }
        return [row | cost | _fit_and_score(arm, prepared, row["classifier"], seed) for row in rows]


def _fit_and_score(arm: Arm, prepared: Prepared, name: str, seed: int) -> dict[str, Any]:
    try:
        if arm.class_weight is not None and name in UNWEIGHTED:
            raise NotApplicable(f"{name} knows no class weights")
        classifier = get_classifier(name, class_weight=arm.class_weight, seed=seed)
        start = time.perf_counter()
        if arm.tune_threshold:
            classifier = tune_threshold(classifier, prepared, seed)
        else:
            classifier.fit(prepared.X_train, prepared.y_train)
        seconds = time.perf_counter() - start
        probability = classifier.predict_proba(prepared.X_test)[:, 1]
        scores = score(prepared.y_test, classifier.predict(prepared.X_test), probability)
    except Exception as error:  # so is whatever a classifier raises on its series
        return _not_ok(error)
    return {"status": "ok", "reason": prepared.note, "fit_seconds": seconds, **scores}


def _not_ok(error: Exception) -> dict[str, str]:
    if isinstance(error, NotApplicable):
        return {"status": "skipped", "reason": str(error)}
    return {"status": "failed", "reason": f"{type(error).__name__}: {error}"[:500]}

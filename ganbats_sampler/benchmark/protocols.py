"""Protocols that make training and test series from a task: an honest one, and one that leaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from sklearn.model_selection import train_test_split

from ganbats_sampler.benchmark.cost import Cost
from ganbats_sampler.benchmark.methods import Method, resample
from ganbats_sampler.benchmark.tasks import Task

#: The share of the series that the leaking protocol tests on.
TEST_SHARE = 0.3


class Prepared(NamedTuple):
    """The series that classifiers are trained and tested on, and the cost of resampling.

    `groups_train` has the entity of each training series. It is None if series were added, or if
    the split is not by entity.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    groups_train: np.ndarray | None
    X_test: np.ndarray
    y_test: np.ndarray
    n_minority: int
    n_added: int
    cost: Cost
    note: str


def honest(task: Task, method: Method, amount: str, seed: int) -> Prepared:
    """Split by entity, resample the training side, test on real series of other entities."""
    split = task.split(seed)
    with Cost() as cost:
        resampled = resample(method, split, amount, seed)
    return Prepared(
        X_train=resampled.X,
        y_train=resampled.y,
        groups_train=None if resampled.n_added else split.groups_train,
        X_test=split.X_test,
        y_test=split.y_test,
        n_minority=int(np.sum(split.y_train != split.common)),
        n_added=resampled.n_added,
        cost=cost,
        note=resampled.note,
    )


def before_split(task: Task, method: Method, amount: str, seed: int) -> Prepared:
    """Resample first, then split at random, so that the training side has parents of test series.

    The series are drawn from all entities, as many as :func:`honest` trains on. The test series
    include synthetic ones.
    """
    drawn = task.draw(seed)
    with Cost() as cost:
        resampled = resample(method, drawn, amount, seed)
    X_train, X_test, y_train, y_test = train_test_split(
        resampled.X, resampled.y, test_size=TEST_SHARE, stratify=resampled.y, random_state=seed
    )
    sides = (X_train, y_train, None, X_test, y_test)
    n_minority = int(np.sum(drawn.y_train != drawn.common))
    return Prepared(*sides, n_minority, resampled.n_added, cost, resampled.note)


PROTOCOLS: dict[str, Callable[[Task, Method, str, int], Prepared]] = {
    "honest": honest,
    "before-split": before_split,
}

"""Tasks of a benchmark: recognise minority classes, learnt from few series, in unseen entities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold


@dataclass(frozen=True)
class Split:
    """Training series, test series, and further minority-class series for an oracle.

    Attributes
    ----------
    X_train, X_test : ndarray of shape (n_samples, n_channels, n_timepoints)
        The training and the test series.
    y_train, y_test : ndarray of shape (n_samples,)
        The class of each of them.
    groups_train : ndarray of shape (n_samples,)
        The entity of each training series.
    X_reserve : ndarray of shape (n_samples, n_channels, n_timepoints)
        The minority-class series of the training entities that are not in `X_train`, shuffled.
    y_reserve : ndarray of shape (n_samples,)
        The class of each of them.
    common : label
        The majority class.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    groups_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    X_reserve: np.ndarray
    y_reserve: np.ndarray
    common: Any


@dataclass(frozen=True)
class Task:
    """A data set in which all classes but one are reduced to minority classes for training.

    Parameters
    ----------
    name : str
        The name of the task in the results, such as the data set and the class.
    X : ndarray of shape (n_samples, n_channels, n_timepoints)
        All series.
    y : ndarray of shape (n_samples,)
        Whether each series is of the minority class (bool), or its label if there are more than
        two classes.
    groups : ndarray of shape (n_samples,), default=None
        The entity of each series: patient, battery, bearing. No entity is on both sides of a split.
        None means that each series is its own entity.
    n_minority : int, default=25
        The number of training series of each minority class; fewer if the training side has fewer.
    imbalance : float, default=10
        The number of training series of the majority class, divided by that of the largest minority
        class; less if the training side has fewer series.
    n_folds : int, default=2
        The number of parts that the entities are split into. Seed 0 tests on the first part, seed 1
        on the next. After `n_folds` seeds, the entities are split anew.
    max_test : int, default=2000
        The greatest number of test series.
    common : label, default=None
        The majority class, if there are more than two classes. None means the most frequent one.

    Raises
    ------
    ValueError
        If `X` does not have three dimensions; if `y` or `groups` has another length; if values are
        masked; if there are fewer than two classes, or two that are not given as bool; or if
        `common` is no class.
    TypeError
        If `X`, `y` or `groups` is no NumPy array.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.benchmark import Task
    >>> X, patient = np.zeros((200, 1, 8)), np.repeat(np.arange(10), 20)
    >>> task = Task("beats, V", X, np.arange(200) % 4 == 0, patient, n_minority=5)
    >>> split = task.split(seed=0)
    >>> int(split.y_train.sum()), len(split.y_train), len(split.y_test)
    (5, 55, 100)
    """

    name: str
    X: np.ndarray
    y: np.ndarray
    groups: np.ndarray | None = None
    n_minority: int = 25
    imbalance: float = 10.0
    n_folds: int = 2
    max_test: int = 2000
    common: Any = None

    def __post_init__(self) -> None:
        for name in ("X", "y", "groups"):
            side = getattr(self, name)
            if side is None and name == "groups":
                continue
            if not isinstance(side, np.ndarray):
                raise TypeError(
                    f"{self.name}: {name} is a {type(side).__name__}; pass a NumPy array, such as "
                    f"np.asarray({name})."
                )
            if np.ma.is_masked(side):
                raise ValueError(
                    f"{self.name}: {name} has masked values, which count as missing. Fill the gaps "
                    "or drop these series first."
                )
        if self.X.ndim != 3:
            raise ValueError(
                f"{self.name}: X has shape {self.X.shape}; it must be (n_samples, n_channels, "
                "n_timepoints)."
            )
        for name in ("y", "groups"):
            side = getattr(self, name)
            if side is not None and len(side) != len(self.X):
                raise ValueError(
                    f"{self.name}: X has {len(self.X)} series, {name} {len(side)} entries."
                )
        if len(self.labels) < 2:
            raise ValueError(
                f"{self.name}: y has {len(self.labels)} class; it must have two or more."
            )
        if len(self.labels) == 2 and self.y.dtype != bool:
            raise ValueError(
                f"{self.name}: y has the classes {self.labels.tolist()}; with two classes, y must "
                f"be bool: True for the minority class, as in y == {self.labels[0].item()!r}."
            )
        if self.common is None:
            _, counts = np.unique(self.y, return_counts=True)
            common = False if self.y.dtype == bool else self.labels[counts.argmax()].item()
            object.__setattr__(self, "common", common)  # the class is frozen
        if self.common not in self.labels.tolist():
            raise ValueError(
                f"{self.name}: common={self.common!r} is no class of y; choose from "
                f"{self.labels.tolist()}."
            )

    @property
    def labels(self) -> np.ndarray:
        """The classes, sorted."""
        return np.unique(self.y)

    def split(self, seed: int) -> Split:
        """Split by entity, and draw the training series.

        Parameters
        ----------
        seed : int
            The seed of the drawn series. It also selects the fold that is tested on.

        Returns
        -------
        Split

        Raises
        ------
        ValueError
            If a side of the split lacks a class, because too few entities have it.
        """
        groups = np.arange(len(self.y)) if self.groups is None else np.asarray(self.groups)
        deal, fold = divmod(seed, self.n_folds)
        folds = StratifiedGroupKFold(self.n_folds, shuffle=True, random_state=deal)
        train, test = list(folds.split(self.X, self.y, groups))[fold]
        rng = np.random.default_rng(seed)
        drawn, reserve = self._draw(train, rng)
        test = np.sort(rng.permutation(test)[: self.max_test])
        for side, rows in (("train", drawn), ("test", test)):
            if missing := sorted(set(self.labels.tolist()) - set(self.y[rows].tolist())):
                raise ValueError(
                    f"{self.name}, seed {seed}: the entities to {side} on have no series of "
                    f"{missing}. Change n_folds={self.n_folds}, or choose classes with more "
                    "entities."
                )
        return self._split(drawn, reserve, test, groups)

    def draw(self, seed: int) -> Split:
        """Draw as many training series as :meth:`split`, but from all entities; test on none."""
        rows = np.arange(len(self.y))
        drawn, reserve = self._draw(rows, np.random.default_rng(seed))
        return self._split(drawn, reserve, rows[:0], rows)

    def _draw(self, rows: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Draw training rows; the minority-class rows that are left are the reserve."""
        rare = [label for label in self.labels[::-1].tolist() if label != self.common]
        of_class = {
            label: rng.permutation(rows[self.y[rows] == label]) for label in (*rare, self.common)
        }
        n_rare = {label: min(self.n_minority, len(of_class[label])) for label in rare}
        n_common = round(self.imbalance * max(n_rare.values()))
        drawn = [of_class[label][:n] for label, n in n_rare.items()]
        drawn.append(of_class[self.common][:n_common])
        reserve = [of_class[label][n:] for label, n in n_rare.items()]
        return np.sort(np.concatenate(drawn)), np.concatenate(reserve)

    def _split(
        self, drawn: np.ndarray, reserve: np.ndarray, test: np.ndarray, groups: np.ndarray
    ) -> Split:
        return Split(
            X_train=self.X[drawn],
            y_train=self.y[drawn],
            groups_train=groups[drawn],
            X_test=self.X[test],
            y_test=self.y[test],
            X_reserve=self.X[reserve],
            y_reserve=self.y[reserve],
            common=self.common,
        )

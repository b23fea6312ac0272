"""Which series a net is trained on, and which classes are drawn from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

#: A class of which fewer series would be held out is trained on whole: they would say too little.
MIN_HELD_OUT = 10


@dataclass(frozen=True)
class TrainingGroup:
    """Series that one net is trained on, and the classes that are drawn from it.

    Parameters
    ----------
    name : str
        What a progress bar is labelled with.
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        In the units of the data.
    labels : ndarray of shape (n_samples,), dtype=int64, or None
        What the networks are conditioned on: the class of each series, from 0. None where the group
        is one class.
    targets : dict of label to int or None
        The classes to draw from: the user's label, and what it is called in `labels`.
    seed : int
        Each further attempt adds one.
    held_out : dict of int or None to ndarray
        Series of the targets, by class as in `labels`, that are not trained on.
    """

    name: str
    series: np.ndarray
    labels: np.ndarray | None
    targets: dict[Any, int | None]
    seed: int
    held_out: dict[int | None, np.ndarray] = field(default_factory=dict)

    @property
    def n_classes(self) -> int:
        """Classes among the series."""
        return 1 if self.labels is None else int(self.labels.max()) + 1

    def of_class(self, code: int | None) -> np.ndarray:
        """Pick the series of a target."""
        return self.series if self.labels is None else self.series[self.labels == code]

    def hold_out(self, fraction: float | None) -> TrainingGroup:
        """Take a share of each target, where it is large enough, out of what is trained on."""
        rng = np.random.default_rng(self.seed)
        held_out: dict[int | None, np.ndarray] = {}
        for code in self.targets.values():
            members = (
                np.arange(len(self.series)) if code is None else np.flatnonzero(self.labels == code)
            )
            n_held_out = round((fraction or 0) * len(members))
            if n_held_out >= MIN_HELD_OUT:
                held_out[code] = np.sort(rng.permutation(members)[:n_held_out])
        if not held_out:
            return self
        rest = np.setdiff1d(np.arange(len(self.series)), np.concatenate(list(held_out.values())))
        return replace(
            self,
            series=self.series[rest],
            labels=None if self.labels is None else self.labels[rest],
            held_out={code: self.series[rows] for code, rows in held_out.items()},
        )


def group_each_class(
    series: np.ndarray, y: np.ndarray, targets: list, seeds: dict[Any, int]
) -> list[TrainingGroup]:
    """Make a group of each of the targets, by itself.

    Parameters
    ----------
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        Of all classes, in the units of the data.
    y : ndarray of shape (n_samples,)
        Their labels.
    targets : list of label
        The classes to draw from.
    seeds : dict of label to int
        Of each class in `y`.

    Returns
    -------
    list of TrainingGroup
        In the order of `targets`.
    """
    return [
        TrainingGroup(f"class {label}", series[y == label], None, {label: None}, seeds[label])
        for label in targets
    ]


def group_all_classes(
    series: np.ndarray, y: np.ndarray, targets: list, seeds: dict[Any, int]
) -> list[TrainingGroup]:
    """Make one group of all classes, for networks that are told the class of each series.

    Classes are numbered in the order they appear in, for their names not to matter; the seed is
    that of the first.

    Parameters
    ----------
    series, y, targets, seeds
        As in :func:`group_each_class`.

    Returns
    -------
    list of TrainingGroup
        Of length one.
    """
    names, first_rows, places = np.unique(y, return_index=True, return_inverse=True)
    code_of_place = first_rows.argsort().argsort()
    codes = dict(zip(names.tolist(), code_of_place.tolist(), strict=True))
    of_targets: dict[Any, int | None] = {label: codes[label] for label in targets}
    seed = seeds[names.tolist()[first_rows.argmin()]]
    return [TrainingGroup("all classes", series, code_of_place[places], of_targets, seed)]

"""The series that a net is trained on, and the classes that it generates."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

#: Smallest number of series to hold out of a class, and to keep for training.
MIN_HELD_OUT, MIN_LEFT = 10, 5
#: Series with fewer time steps are not held out.
MIN_TIMEPOINTS = 3


@dataclass(frozen=True)
class TrainingGroup:
    """The series that one net is trained on, and the classes that it generates.

    Parameters
    ----------
    name : str
        The label of the progress bar.
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        The series, in the units of the data.
    labels : ndarray of shape (n_samples,), dtype=int64, or None
        The class of each series as the networks receive it, from 0. None if the group is one class.
    targets : dict of label to int or None
        The classes to generate: the label in `y`, and its code in `labels`. The code is None if
        `labels` is None.
    seed : int
        The seed of the first attempt; each further attempt adds one.
    held_out : dict of int or None to ndarray
        Held-out series of the targets, by their code in `labels`.
    """

    name: str
    series: np.ndarray
    labels: np.ndarray | None
    targets: dict[Any, int | None]
    seed: int
    held_out: dict[int | None, np.ndarray] = field(default_factory=dict)

    @property
    def n_classes(self) -> int:
        """Number of classes among the series."""
        return 1 if self.labels is None else int(self.labels.max()) + 1

    def of_class(self, code: int | None) -> np.ndarray:
        """Return the series of a target."""
        return self.series if self.labels is None else self.series[self.labels == code]

    def hold_out(self, fraction: float | None) -> TrainingGroup:
        """Return a group that holds out a random share of each target that is large enough."""
        rng = np.random.default_rng(self.seed)
        held_out: dict[int | None, np.ndarray] = {}
        for code in self.targets.values():
            members = (
                np.arange(len(self.series)) if code is None else np.flatnonzero(self.labels == code)
            )
            n_held_out = min(round((fraction or 0) * len(members)), len(members) - MIN_LEFT)
            if n_held_out >= MIN_HELD_OUT and self.series.shape[2] >= MIN_TIMEPOINTS:
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
    series: np.ndarray, y: np.ndarray, targets: list[Any], seeds: dict[Any, int]
) -> list[TrainingGroup]:
    """Make one group for each target, of all its series."""
    return [
        TrainingGroup(f"class {label}", series[y == label], None, {label: None}, seeds[label])
        for label in targets
    ]


def group_all_classes(
    series: np.ndarray, y: np.ndarray, targets: list[Any], seeds: dict[Any, int]
) -> list[TrainingGroup]:
    """Make one group of all classes, for networks that receive the class of each series.

    Classes and targets are in order of appearance, so that the result does not depend on their
    names. The group has the seed of the first class.
    """
    names, first_rows, places = np.unique(y, return_index=True, return_inverse=True)
    code_of_place = first_rows.argsort().argsort()
    codes = dict(zip(names.tolist(), code_of_place.tolist(), strict=True))
    in_order = sorted(targets, key=codes.__getitem__)
    target_codes: dict[Any, int | None] = {label: codes[label] for label in in_order}
    seed = seeds[names.tolist()[first_rows.argmin()]]
    return [TrainingGroup("all classes", series, code_of_place[places], target_codes, seed)]

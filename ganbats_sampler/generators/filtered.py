"""Filter of synthetic series that copy a real one or lie in another class's neighbourhood."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors

from ganbats_sampler.generators.protocol import Draw, Generator, join
from ganbats_sampler.metrics.blocks import NEAR_COPY, to_nearest_other
from ganbats_sampler.series import RangeScaler
from ganbats_sampler.warn import warn

#: Number of nearest real series that decide by majority whether a series is misplaced.
N_NEIGHBORS = 5
#: Number of rounds of generating series before dropped ones are used after all.
MAX_ROUNDS = 20


class FilterWarning(UserWarning):
    """So many synthetic series of a class were dropped that some of these are returned."""


class Filter:
    """Decide which synthetic series to keep.

    Parameters
    ----------
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        All real series. They are not copied, so that the filters of all classes share them.
    is_own : ndarray of shape (n_samples,), dtype=bool
        Whether each series belongs to the class.
    drop : {"copies", "misplaced", "both"}
        The series to drop. Copies are nearer to a real series of the class than a fifth of the
        median distance between such a series and its nearest other one. A class of one series has
        no copies. Misplaced series have more series of other classes than of their own among the
        nearest real ones. These are five, or fewer for a class of fewer than five series.
    """

    def __init__(self, series: np.ndarray, is_own: np.ndarray, drop: str):
        self.scaler = RangeScaler.fit(series[is_own])
        own = self._flat(series[is_own])
        self.own = own if drop != "misplaced" and len(own) > 1 else None
        self.radius = (
            0.0 if self.own is None else NEAR_COPY * float(np.median(to_nearest_other(own)))
        )
        self.series = None if drop == "copies" or is_own.all() else series
        self.is_own = is_own

    def _flat(self, series: np.ndarray) -> np.ndarray:
        return self.scaler.transform(series).reshape(len(series), -1)

    def passes(self, series: np.ndarray) -> np.ndarray:
        """Return whether to keep each of the series, (n, n_channels, n_timepoints), as a mask."""
        flat = self._flat(series)
        kept = np.ones(len(flat), dtype=bool)
        if self.own is not None:
            kept &= cdist(flat, self.own).min(axis=1) > self.radius
        if self.series is not None:
            # Among five neighbours, a class of one or two series could never have the majority.
            search = NearestNeighbors(n_neighbors=min(N_NEIGHBORS, self.is_own.sum()))
            search.fit(self._flat(self.series))
            nearest = search.kneighbors(flat, return_distance=False)
            kept &= self.is_own[nearest].mean(axis=1) >= 0.5
        return kept


class FilteredGenerator:
    """Generate series until enough of them pass a filter."""

    def __init__(self, generator: Generator, keep: Filter, label: Any):
        self.generator = generator
        self.keep = keep
        self.label = label

    def draw(self, n_samples: int, seed: int) -> Iterator[Draw]:
        """Yield series that pass the filter; each draw has the number that was dropped for it."""
        n_left, n_dropped, n_spare = n_samples, 0, 0
        spare: list[Draw] = []
        for round_seed in np.random.SeedSequence(seed).generate_state(MAX_ROUNDS).tolist():
            for drawn in self.generator.draw(n_left, round_seed):
                passes = self.keep.passes(drawn.series)
                n_failed = int(np.sum(~passes))
                n_dropped += n_failed
                if n_spare < n_samples and n_failed:
                    spare.append(drawn.take(~passes))
                    n_spare += n_failed
                n_left -= len(passes) - n_failed
                yield drawn.take(passes, n_failed)
            if n_left == 0:
                return
        warn(
            f"Class {self.label!r}: {n_dropped} series were dropped and {n_left} are still "
            f"missing after {MAX_ROUNDS} rounds. Dropped series are returned in their place. Use "
            "drop=None or another sampler.",
            FilterWarning,
        )
        yield join(spare).take(np.arange(n_left))

"""Dropping synthetic series that copy a real one or lie among another class."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors

from ganbats_sampler.metrics.neighbors import to_nearest_other
from ganbats_sampler.series import RangeScaler

#: A series nearer to a real one than this share of real series' median distance to their nearest
#: other is a copy.
COPY = 0.2
#: Real series looked at to say whose a series is: most of them decide.
N_NEIGHBORS = 5
#: Rounds of drawing for as many as are missing, before what was dropped has to do.
MAX_ROUNDS = 20
#: Series to draw at a time.
CHUNK = 1024


class FilterWarning(UserWarning):
    """So many synthetic series of a class were dropped that some dropped ones had to do."""


class Filter:
    """Say which series are to be dropped.

    Parameters
    ----------
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        All real series.
    is_own : ndarray of shape (n_samples,), dtype=bool
        Which of them are of the class.
    drop : {"copies", "strays", "both"}
        Copies lie within a fifth of the distance that real series of the class have to their
        nearest, of which a class of one has none; strays have more series of other classes than of
        their own among the five nearest real ones.
    """

    def __init__(self, series: np.ndarray, is_own: np.ndarray, drop: str):
        self.scaler = RangeScaler.fit(series[is_own])
        own = self._flat(series[is_own])
        self.own = own if drop != "strays" and len(own) > 1 else None
        if self.own is not None:
            self.radius = COPY * np.median(to_nearest_other(own))
        self.search = None
        if drop != "copies" and not is_own.all():
            # of more than the class has, most could never be its own
            self.search = NearestNeighbors(n_neighbors=min(N_NEIGHBORS, len(own)))
            self.search.fit(self._flat(series))
            self.is_own = is_own

    def _flat(self, series: np.ndarray) -> np.ndarray:
        return self.scaler.transform(series).reshape(len(series), -1)

    def passes(self, series: np.ndarray) -> np.ndarray:
        """Say of each of (n, n_channels, n_timepoints) whether it is kept."""
        flat = self._flat(series)
        kept = np.ones(len(flat), dtype=bool)
        if self.own is not None:
            kept &= cdist(flat, self.own).min(axis=1) > self.radius
        if self.search is not None:
            nearest = self.search.kneighbors(flat, return_distance=False)
            kept &= self.is_own[nearest].mean(axis=1) >= 0.5
        return kept


class FilteredGenerator:
    """Draw series from a generator until enough of them pass a filter.

    Attributes
    ----------
    n_dropped : int
        Series dropped so far.
    """

    def __init__(self, generator: Any, keep: Filter, label: Any):
        self.generator = generator
        self.keep = keep
        self.label = label
        self.n_dropped = 0

    def draw(self, n_samples: int, seed: int) -> Iterator[np.ndarray]:
        """Yield series in chunks, (n, n_channels, n_timepoints)."""
        n_left, n_spare = n_samples, 0
        spare: list[np.ndarray] = []
        seeds = np.random.SeedSequence(seed).generate_state(MAX_ROUNDS).tolist()
        for round_seed in seeds:
            for series in self.generator.draw(n_left, round_seed):
                kept = self.keep.passes(series)
                self.n_dropped += int(np.sum(~kept))
                if n_spare < n_samples and not kept.all():
                    spare.append(series[~kept])
                    n_spare += len(spare[-1])
                n_left -= int(kept.sum())
                if kept.any():
                    yield series[kept]
            if n_left == 0:
                return
        warnings.warn(
            f"Class {self.label!r}: {self.n_dropped} series were dropped and {n_left} are still "
            f"missing after {MAX_ROUNDS} rounds; dropped ones make up the number. Use drop=None or "
            "another sampler.",
            FilterWarning,
            stacklevel=2,
        )
        dropped = np.concatenate(spare)
        yield dropped[:n_left]

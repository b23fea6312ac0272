"""The protocol of generators: the real series that they receive, and the draws they yield."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np

#: Number of series in one draw, for generators that work in chunks.
CHUNK = 1024


@dataclass(frozen=True)
class RealSeries:
    """Real series and their rows in `X`.

    Parameters
    ----------
    pool : ndarray of shape (n_pool, n_channels, n_timepoints)
        The pool of series, in the units of the data. Several classes may share it.
    rows : ndarray of shape (n_samples,), dtype=int
        The row of each series in `X`.
    places : ndarray of shape (n_samples,), dtype=int, or None
        The index of each series in the pool. None means that the series are the whole pool.
    """

    pool: np.ndarray
    rows: np.ndarray
    places: np.ndarray | None = None

    @property
    def series(self) -> np.ndarray:
        """The series, (n_samples, n_channels, n_timepoints)."""
        return self.pool if self.places is None else self.pool[self.places]

    @classmethod
    def select(
        cls, series: np.ndarray, mask: np.ndarray, most: int | None = None, seed: int = 0
    ) -> RealSeries:
        """Copy the series that `mask` selects, or a random `most` of them if there are more."""
        rows = np.flatnonzero(mask)
        if most is not None and len(rows) > most:
            rows = np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
        return cls(series[rows], rows)

    @classmethod
    def select_others(
        cls, series: np.ndarray, y: np.ndarray, targets: list[Any], most: int, seed: int
    ) -> dict[Any, RealSeries]:
        """Copy up to `most` series of other classes for each target, all into one pool.

        The first suitable ones in a random order of all series are taken, so that targets share
        them.
        """
        order = np.random.default_rng(seed).permutation(len(y))
        shuffled = y[order]
        rows = {
            label: np.sort(order[np.flatnonzero(shuffled != label)[:most]]) for label in targets
        }
        in_pool = np.unique(np.concatenate([np.empty(0, dtype=int), *rows.values()]))
        pool = series[in_pool]
        return {label: cls(pool, of, np.searchsorted(in_pool, of)) for label, of in rows.items()}

    def __len__(self) -> int:
        return len(self.rows)


class Draw(NamedTuple):
    """Synthetic series and their origin.

    Attributes
    ----------
    series : ndarray of shape (n, n_channels, n_timepoints)
        The series, in the units of the data.
    parents : ndarray of shape (n, n_parents), dtype=int
        Rows of `X` that each series was made from. The first parent is the row that it starts from.
        -1 means that there is no parent, or that it is unknown.
    sources : ndarray of shape (n,), dtype=str, or None
        The sampler that produced each series, if the generator chooses among several.
    n_dropped : int
        Number of series that a filter dropped for this draw.
    """

    series: np.ndarray
    parents: np.ndarray
    sources: np.ndarray | None = None
    n_dropped: int = 0

    def take(self, rows: np.ndarray | slice, n_dropped: int = 0) -> Draw:
        """Keep some of the series, by mask, index or slice."""
        sources = None if self.sources is None else self.sources[rows]
        return Draw(self.series[rows], self.parents[rows], sources, n_dropped)


def without_parents(series: np.ndarray) -> Draw:
    """Make a draw of series that have no parents, or unknown ones."""
    return Draw(series, np.full((len(series), 1), -1))


def pad_parents(parents: np.ndarray, n_parents: int) -> np.ndarray:
    """Append columns of -1 to `parents`, up to `n_parents`."""
    return np.pad(parents, ((0, 0), (0, n_parents - parents.shape[1])), constant_values=-1)


def join(draws: Iterable[Draw]) -> Draw:
    """Concatenate draws in their order."""
    draws = list(draws)
    n_parents = max(draw.parents.shape[1] for draw in draws)
    sources = [draw.sources for draw in draws if draw.sources is not None]
    return Draw(
        np.concatenate([draw.series for draw in draws]),
        np.concatenate([pad_parents(draw.parents, n_parents) for draw in draws]),
        np.concatenate(sources) if sources else None,
        sum(draw.n_dropped for draw in draws),
    )


def cut(draws: Iterable[Draw], sizes: Iterable[int]) -> Iterator[Draw]:
    """Yield draws of the given sizes, in order."""
    draws, rest = iter(draws), None
    for size in sizes:
        parts, n_missing = [], size
        while n_missing > 0:
            drawn = next(draws) if rest is None else rest
            parts.append(drawn.take(slice(n_missing)))
            left = drawn.take(slice(n_missing, None))
            rest = left if len(left.series) else None
            n_missing -= len(parts[-1].series)
        yield join(parts)


@runtime_checkable
class Generator(Protocol):
    """An object that generates series of one class."""

    def draw(self, n_samples: int, seed: int) -> Iterator[Draw]:
        """Yield `n_samples` series in one or more draws; the same seed yields the same series."""
        ...


def joint_seed(seeds: dict[Any, int]) -> int:
    """Derive a seed that all classes share, and that does not depend on their names or order."""
    return int(np.random.SeedSequence(sorted(seeds.values())).generate_state(1)[0])

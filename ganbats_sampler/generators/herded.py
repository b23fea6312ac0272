"""Choosing from what other generators draw."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from ganbats_sampler.generators.constrained import Domain
from ganbats_sampler.generators.filtered import Filter, FilterWarning
from ganbats_sampler.generators.protocol import Draw, Generator, RealSeries, join
from ganbats_sampler.herding import ConvolutionComponents, herd
from ganbats_sampler.warn import warn

#: Series that are chosen at a time. Each chunk by itself is distributed as the real series are.
CHUNK = 1000
#: Fewest candidates of each sampler.
MIN_CANDIDATES = 20
#: Fewest series that are chosen; if fewer are wanted, a random part of these is returned.
MIN_CHOSEN = 100


class Selection(NamedTuple):
    """The candidates for a class, and which of them were chosen.

    Attributes
    ----------
    candidates : ndarray of shape (n_candidates, n_channels, n_timepoints)
        The candidates, in the units of the data.
    sources : ndarray of shape (n_candidates,), dtype=str
        The sampler that made each candidate.
    chosen : ndarray of shape (n_samples,), dtype=int
        Indices of the chosen candidates.
    components : ndarray of shape (n_candidates, n_components)
        Principal components of the candidates' random convolutional features.
    real_components : ndarray of shape (n_real, n_components)
        The same for the real series of the class.
    """

    candidates: np.ndarray
    sources: np.ndarray
    chosen: np.ndarray
    components: np.ndarray
    real_components: np.ndarray


class HerdedGenerator:
    """Generate series of a class by choosing from what other generators draw.

    Parameters
    ----------
    label : object
        The class, for messages.
    generators : list of (str, Generator)
        The generators of candidates, by the name of their sampler.
    real, others : RealSeries
        The series of the class, and of all other classes.
    components : ConvolutionComponents
        The space to choose in, not fitted.
    pool_size : float
        Number of candidates for each series to be chosen.
    """

    def __init__(
        self,
        label: Any,
        generators: list[tuple[str, Generator]],
        real: RealSeries,
        others: RealSeries,
        components: ConvolutionComponents,
        pool_size: float,
    ):
        self.label = label
        self.generators = generators
        self.pool_size = pool_size
        self.domain: Domain | None = None
        self.keep: Filter | None = None
        with threadpool_limits(1):
            self.components = components.fit(real.series, others.series)
            self.real_components = components.transform(real.series)

    def restricted(self, domain: Domain) -> HerdedGenerator:
        """Make a generator that chooses among candidates whose values are in a domain."""
        other = copy.copy(self)
        other.domain = domain
        return other

    def filtered(self, keep: Filter) -> HerdedGenerator:
        """Make a generator that chooses among the candidates that pass a filter."""
        other = copy.copy(self)
        other.keep = keep
        return other

    def draw(self, n_samples: int, seed: int) -> Iterator[Draw]:
        """Yield chosen series in chunks."""
        starts = range(0, n_samples, CHUNK)
        seeds = np.random.SeedSequence(seed).generate_state(len(starts)).tolist()
        for start, chunk_seed in zip(starts, seeds, strict=True):
            n = min(CHUNK, n_samples - start)
            pool, chosen, _ = self._choose(max(n, MIN_CHOSEN), chunk_seed)
            # A random part, because the first series to be chosen lie near the mean.
            rng = np.random.default_rng(chunk_seed)
            some = chosen[np.sort(rng.permutation(len(chosen))[:n])]
            yield pool.take(some, pool.n_dropped)

    def select(self, n_samples: int, seed: int) -> Selection:
        """Make candidates and choose `n_samples` of them."""
        pool, chosen, components = self._choose(n_samples, seed)
        assert pool.sources is not None
        return Selection(pool.series, pool.sources, chosen, components, self.real_components)

    def _choose(self, n_samples: int, seed: int) -> tuple[Draw, np.ndarray, np.ndarray]:
        """Make candidates; return them, the chosen ones' indices, and their components."""
        pool = self._candidates(n_samples, seed)
        with threadpool_limits(1):  # the order of a sum depends on the number of threads
            components = self.components.transform(pool.series)
            chosen = herd(self.real_components, components, n_samples)
        return pool, chosen, components

    def _candidates(self, n_samples: int, seed: int) -> Draw:
        share = math.ceil(self.pool_size * n_samples / len(self.generators))
        n_each = max(share, MIN_CANDIDATES)
        seeds = np.random.SeedSequence(seed).generate_state(len(self.generators)).tolist()
        pool = join(
            # what the filter of a sampler inside dropped is no choice of this one's
            join(generator.draw(n_each, its_seed))._replace(
                sources=np.repeat(name, n_each), n_dropped=0
            )
            for (name, generator), its_seed in zip(self.generators, seeds, strict=True)
        )
        if self.domain is not None:
            pool = pool._replace(series=self.domain.apply(pool.series))
        if self.keep is None:
            return pool
        passes = self.keep.passes(pool.series)
        n_left = int(passes.sum())
        n_dropped, n_missing = len(passes) - n_left, n_samples - n_left
        if n_missing > 0:
            warn(
                f"Class {self.label!r}: of {len(passes)} candidates {n_left} are left "
                f"where {n_samples} are to be chosen; {n_missing} dropped ones make up the number. "
                "Use a greater pool_size, drop=None or other samplers.",
                FilterWarning,
            )
            passes[np.flatnonzero(~passes)[:n_missing]] = True
        return pool.take(passes, n_dropped)

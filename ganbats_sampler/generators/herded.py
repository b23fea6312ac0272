"""A generator that chooses among the series of other generators."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ganbats_sampler.generators.constrained import Domain
from ganbats_sampler.generators.filtered import Filter, FilterWarning
from ganbats_sampler.generators.protocol import Draw, Generator, cut, join
from ganbats_sampler.herding import ClassComponents, ConvolutionFeatures, herd
from ganbats_sampler.threads import one_blas_thread
from ganbats_sampler.warn import warn

#: Number of series to choose at a time. Each chunk by itself has the distribution of the real ones.
CHUNK = 1000
#: Smallest number of candidates from each sampler.
MIN_CANDIDATES = 20
#: Smallest number of series to choose. If fewer are requested, a random part of them is returned.
MIN_CHOSEN = 100


class Selection(NamedTuple):
    """The candidates for a class, and which of them were chosen.

    Attributes
    ----------
    candidates : ndarray of shape (n_candidates, n_channels, n_timepoints)
        The candidates, in the units of the data.
    sources : ndarray of shape (n_candidates,), dtype=str
        The sampler that produced each candidate.
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
    """Generate series of a class by choosing among candidates from other generators.

    Parameters
    ----------
    label : object
        The class, for warnings.
    generators : list of (str, Generator)
        The generators of candidates, by the name of their sampler.
    features : ConvolutionFeatures
        The fitted features to choose by.
    of_real, of_others : ndarray of shape (n_samples, n_features)
        The features of the series of the class, and of all other classes.
    n_components : int
        Number of principal components of the features to choose by.
    pool_size : float
        Number of candidates for each series to be chosen.
    """

    def __init__(
        self,
        label: Any,
        generators: list[tuple[str, Generator]],
        features: ConvolutionFeatures,
        of_real: np.ndarray,
        of_others: np.ndarray,
        n_components: int,
        pool_size: float,
    ):
        self.label = label
        self.generators = generators
        self.pool_size = pool_size
        self.domain: Domain | None = None
        self.keep: Filter | None = None
        self.features = features
        with one_blas_thread():
            self.components = ClassComponents(of_real, of_others, n_components)
            self.real_components = self.components.transform(of_real)

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
        sizes = [min(CHUNK, n_samples - start) for start in range(0, n_samples, CHUNK)]
        candidates = self._candidates([max(n, MIN_CHOSEN) for n in sizes], seed)
        rng = np.random.default_rng(seed)
        for n, pool in zip(sizes, candidates, strict=True):
            chosen, _ = self._choose(pool, max(n, MIN_CHOSEN))
            # A random part, because the first series to be chosen lie near the mean.
            some = chosen[np.sort(rng.permutation(len(chosen))[:n])]
            yield pool.take(some, pool.n_dropped)

    def select(self, n_samples: int, seed: int) -> Selection:
        """Make candidates and choose `n_samples` of them."""
        (pool,) = self._candidates([n_samples], seed)
        assert pool.sources is not None
        chosen, components = self._choose(pool, n_samples)
        return Selection(pool.series, pool.sources, chosen, components, self.real_components)

    def _choose(self, pool: Draw, n_samples: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the indices of the chosen candidates, and the components of all candidates."""
        features = self.features.transform(pool.series)
        with one_blas_thread():
            components = self.components.transform(features)
            return herd(self.real_components, components, n_samples), components

    def _candidates(self, sizes: list[int], seed: int) -> Iterator[Draw]:
        """Yield a pool of candidates for each number of series to choose."""
        shares = [math.ceil(self.pool_size * n / len(self.generators)) for n in sizes]
        n_each = [max(share, MIN_CANDIDATES) for share in shares]
        seeds = np.random.SeedSequence(seed).generate_state(len(self.generators)).tolist()
        by_sampler = [
            cut(generator.draw(sum(n_each), its_seed), n_each)
            for (_, generator), its_seed in zip(self.generators, seeds, strict=True)
        ]
        names = [name for name, _ in self.generators]
        for n_samples, n, *draws in zip(sizes, n_each, *by_sampler, strict=True):
            # series that a filter of the candidates' own sampler dropped do not count here
            pool = join(draw._replace(n_dropped=0) for draw in draws)
            yield self._filter(pool._replace(sources=np.repeat(names, n)), n_samples)

    def _filter(self, pool: Draw, n_samples: int) -> Draw:
        """Bring candidates into the domain, and drop those that do not pass the filter."""
        if self.domain is not None:
            pool = pool._replace(series=self.domain.apply(pool.series))
        if self.keep is None:
            return pool
        passes = self.keep.passes(pool.series)
        n_left = int(passes.sum())
        n_dropped, n_missing = len(passes) - n_left, n_samples - n_left
        if n_missing > 0:
            warn(
                f"Class {self.label!r}: {n_left} of {len(passes)} candidates passed the filter, "
                f"but {n_samples} are needed. {n_missing} dropped candidates are used, too. Use a "
                "greater pool_size, drop=None or other samplers.",
                FilterWarning,
            )
            passes[np.flatnonzero(~passes)[:n_missing]] = True
        return pool.take(passes, n_dropped)

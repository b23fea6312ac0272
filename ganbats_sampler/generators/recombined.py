"""Recombinations of real series."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from ganbats_sampler.generators.protocol import CHUNK, Draw, RealSeries, without_parents
from ganbats_sampler.generators.transform import transform_at_random
from ganbats_sampler.recombination import BaseRecombination, Recombination
from ganbats_sampler.series import DeviationScaler, RangeScaler
from ganbats_sampler.transforms import Transform

Made = tuple[np.ndarray, np.ndarray]


class RecombinedGenerator:
    """Generate recombinations of real series.

    Parameters
    ----------
    real, others : RealSeries
        The series of the class, and of all other classes.
    method : Recombination
        The recombination.
    transforms : sequence of Transform, default=()
        The transforms. One of them, chosen at random, is applied to each series; without
        transforms, series are returned as they are.
    """

    def __init__(
        self,
        real: RealSeries,
        others: RealSeries,
        method: Recombination,
        transforms: Sequence[Transform] = (),
    ):
        self.range = RangeScaler.fit(real.series)
        self.scaler = DeviationScaler.fit(real.series)
        self.series = self.scaler.transform(real.series)
        self.others = others
        self.rows = np.concatenate([real.rows, others.rows])
        self.method = method
        self.transforms = transforms

    def draw(self, n_samples: int, seed: int) -> Iterator[Draw]:
        """Yield series in chunks, in float64 and within the range of the class."""
        rng = np.random.default_rng(seed)
        others = self.scaler.transform(self.others.series)
        recombine = self._prepare(others)
        for start in range(0, n_samples, CHUNK):
            made, parents = recombine(min(CHUNK, n_samples - start), rng)
            if self.transforms:
                made = transform_at_random(made, self.transforms, rng)
            yield Draw(self.range.clip(self.scaler.inverse_transform(made)), parents)

    def _prepare(self, others: np.ndarray) -> Callable[[int, np.random.Generator], Made]:
        """Return a function that makes series, and the rows in `X` of their parents."""
        method = self.method
        if not isinstance(method, BaseRecombination):
            return partial(self._call, method, others)
        neighbors = method.neighbors(self.series, others)

        def recombine(n: int, rng: np.random.Generator) -> Made:
            made, parents = method.recombine(self.series, others, neighbors, n, rng)
            return made, self.rows[parents]

        return recombine

    def _call(
        self, method: Recombination, others: np.ndarray, n: int, rng: np.random.Generator
    ) -> Made:
        """Call a user-defined function, and check its result."""
        made = np.asarray(method(self.series, others, n, rng), dtype=np.float64)
        if made.shape != (n, *self.series.shape[1:]) or not np.isfinite(made).all():
            raise ValueError(
                f"The recombination {method!r} was asked for {n} series of shape "
                f"{self.series.shape[1:]} and returned an array of shape {made.shape}, or values "
                "that are not finite. It must return finite values of the requested shape."
            )
        return without_parents(made)[:2]

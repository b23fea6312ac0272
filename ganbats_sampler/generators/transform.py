"""Random transforms of real series."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ganbats_sampler.generators.protocol import CHUNK, Draw, RealSeries
from ganbats_sampler.series import DeviationScaler
from ganbats_sampler.transforms import Transform


class TransformGenerator:
    """Generate transformed copies of real series.

    Parameters
    ----------
    real : RealSeries
        The series of the class.
    transforms : sequence of Transform
        The transforms. One of them, chosen at random, is applied to each copy.
    """

    def __init__(self, real: RealSeries, transforms: Sequence[Transform]):
        self.real = real
        self.transforms = transforms
        self.scaler = DeviationScaler.fit(real.series)

    def draw(self, n_samples: int, seed: int) -> Iterator[Draw]:
        """Yield series in chunks, in float64."""
        rng = np.random.default_rng(seed)
        for start in range(0, n_samples, CHUNK):
            picked = rng.integers(len(self.real), size=min(CHUNK, n_samples - start))
            scaled = self.scaler.transform(self.real.series[picked])
            made = transform_at_random(scaled, self.transforms, rng)
            yield Draw(self.scaler.inverse_transform(made), self.real.rows[picked, None])


def transform_at_random(
    series: np.ndarray, transforms: Sequence[Transform], rng: np.random.Generator
) -> np.ndarray:
    """Apply a randomly chosen transform to each series, in place."""
    which = rng.integers(len(transforms), size=len(series))
    for i, transform in enumerate(transforms):
        if (which == i).any():
            series[which == i] = _apply(transform, series[which == i], rng)
    return series


def _apply(transform: Transform, series: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Transform series and check the result, since the transform may be the user's own."""
    made = np.asarray(transform(series, rng), dtype=np.float64)
    if made.shape != series.shape or not np.isfinite(made).all():
        what = f"shape {made.shape}" if made.shape != series.shape else "values that are not finite"
        raise ValueError(
            f"The transform {transform!r} was given series of shape {series.shape} and returned "
            f"{what}. It must return finite values of the same shape."
        )
    return made

"""Series from another library's over-sampler."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ganbats_sampler.generators.protocol import Draw, without_parents

#: Largest number of calls of a sampler that returns too few series of a class.
MAX_CALLS = 5


class Resampled(NamedTuple):
    """The rows that another library's sampler returned: real ones first, then synthetic ones.

    `sample_indices` holds the index of the real row that each row is a copy of; None if the sampler
    has no such attribute.
    """

    rows: np.ndarray
    labels: np.ndarray
    sample_indices: np.ndarray | None = None


#: Function that asks for about `n_samples` more series of a class: ``(series, y, label, n_samples,
#: seed)``.
Ask = Callable[[np.ndarray, np.ndarray, Any, int, int], Resampled]


class AdaptedGenerator:
    """Generate an exact number of series of a class with another library's sampler.

    Parameters
    ----------
    sampler : object
        The sampler, for error messages.
    ask : Ask
        The function that asks the sampler for series.
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        All real series, in floating point.
    y : ndarray of shape (n_samples,)
        Their labels.
    label : object
        The class to generate.
    """

    def __init__(self, sampler: Any, ask: Ask, series: np.ndarray, y: np.ndarray, label: Any):
        self.sampler = sampler
        self.ask = ask
        self.series = series
        self.y = y
        self.label = label

    def draw(self, n_samples: int, seed: int) -> Iterator[Draw]:
        """Yield the sampler's series.

        Some samplers round the number of series. Surplus series are dropped at random. If series
        are missing, the sampler is called again with another seed.
        """
        n_left = n_samples
        for call_seed in np.random.SeedSequence(seed).generate_state(MAX_CALLS).tolist():
            drawn = self._call(n_samples, call_seed)
            if len(drawn.series) > n_left:
                rng = np.random.default_rng(call_seed)
                drawn = drawn.take(np.sort(rng.choice(len(drawn.series), n_left, replace=False)))
            if len(drawn.series):
                yield drawn
            n_left -= len(drawn.series)
            if n_left == 0:
                return
        raise ValueError(
            f"{self.sampler} returned {n_samples - n_left} of {n_samples} series of class "
            f"{self.label!r} in {MAX_CALLS} calls. Change its parameters, or use another sampler."
        )

    def _call(self, n_samples: int, seed: int) -> Draw:
        """Call the sampler, and check that it returned the real rows first."""
        size = int(np.sum(self.y == self.label))
        # ADASYN divides the number among the series of the class, and rounds a small one to 0.
        n_asked = max(n_samples, size)
        try:
            rows, labels, sample_indices = self.ask(self.series, self.y, self.label, n_asked, seed)
        except (ValueError, TypeError, RuntimeError) as error:
            raise ValueError(
                f"{self.sampler} cannot over-sample class {self.label!r}, which has {size} series: "
                f"{str(error).rstrip('.')}. Change its parameters, or use another sampler."
            ) from error
        n_real = len(self.series)
        rows = rows.reshape(-1, *self.series.shape[1:])
        if not np.array_equal(rows[:n_real], self.series) or np.any(labels[n_real:] != self.label):
            raise ValueError(
                f"{self.sampler} does not return the rows it was given, followed by new rows of "
                f"class {self.label!r}. Use another sampler."
            )
        synthetic = self._check(rows[n_real:])
        if sample_indices is None:
            return without_parents(synthetic)
        return Draw(synthetic, sample_indices[n_real:, None])

    def _check(self, synthetic: np.ndarray) -> np.ndarray:
        """Check that series are finite, and that the median of each channel fits the class."""
        real = self.series[self.y == self.label]
        low, high = real.min(axis=(0, 2)), real.max(axis=(0, 2))
        with np.errstate(over="ignore", invalid="ignore"):
            middle = np.median(synthetic, axis=(0, 2)) if len(synthetic) else low
            width = high - low
            is_sane = (middle >= low - width) & (middle <= high + width)
        is_constant = width == 0
        is_sane |= is_constant & np.isclose(middle, low, rtol=1e-6, atol=0)
        if np.isfinite(synthetic).all() and is_sane.all():
            # some samplers add rounding errors or noise to a constant channel
            return np.where(is_constant[:, None], low[:, None], synthetic)
        is_finite = np.isfinite(synthetic).all(axis=(0, 2))
        channel = int(np.argmin(is_sane & is_finite))
        fault = (
            f"their median is {middle[channel]:.3g}, and the values of the class lie between "
            f"{low[channel]:.3g} and {high[channel]:.3g}"
            if is_finite[channel]
            else "they have values that are not finite"
        )
        raise ValueError(
            f"{self.sampler} returned series that are not of class {self.label!r}: in channel "
            f"{channel} {fault}. Use another sampler, or another release of its library."
        )

"""A metric beside the same metric of held-out real series and of two useless generators."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import check_random_state

from ganbats_sampler.metrics.pairing import Seed, check_sides


class ReferencedScore(NamedTuple):
    """A metric of synthetic series, and what to compare it with.

    Attributes
    ----------
    value : float
        The metric of the synthetic series.
    reference : float
        The metric of held-out real series in their place, which a perfect generator would have.
    class_mean : float
        The metric of the mean real series, repeated: a collapsed generator.
    copies : float
        The metric of the real series themselves: a generator that memorised them.
    low, high : float
        Bounds of the value with 95% confidence; NaN where there are none.
    """

    value: float
    reference: float
    class_mean: float = float("nan")
    copies: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")

    @property
    def ratio(self) -> float:
        """Value over reference: 1 is perfect, less is not better; NaN where the reference is 0."""
        return self.value / self.reference if self.reference else float("nan")


def score_with_reference(
    metric: Callable[..., float],
    real: ArrayLike,
    synthetic: ArrayLike,
    held_out: ArrayLike,
    *,
    random_state: Seed = 0,
    **options: Any,
) -> ReferencedScore:
    """Compute a metric of synthetic series, its real-vs-real reference and both controls.

    Parameters
    ----------
    metric : callable
        ``metric(real, synthetic, **options) -> float``, such as :func:`prd` and :func:`dtw`.
    real : array-like of shape (n_samples, [n_channels,] n_timepoints)
        The series that the generator was trained on.
    synthetic : array-like
        The series that it generates.
    held_out : array-like
        Real series of the same class that it was not trained on.
    random_state : int, RandomState instance or None, default=0
        The seed of a random pairing, and of the copies.
    **options
        Further parameters of the metric, such as its pairing.

    Returns
    -------
    ReferencedScore

    Raises
    ------
    ValueError
        If a side has other channels or time steps than `real`, or a value is missing.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.metrics import prd
    >>> series = np.random.default_rng(0).normal(size=(60, 30))
    >>> score = score_with_reference(
    ...     prd, series[:20], series[20:40], series[40:], pairing="nearest"
    ... )
    >>> bool(0.9 < score.ratio < 1.1), score.copies
    (True, 0.0)
    """
    converted = check_sides(real=real, synthetic=synthetic, held_out=held_out)
    if hasattr(real, "columns"):  # a frame says which of its columns are channels
        real, synthetic, held_out = converted
    real = np.asarray(real)
    n_samples = len(converted[1])
    mean = np.repeat(real.mean(axis=0, keepdims=True), n_samples, axis=0)
    rng = check_random_state(random_state)
    copies = real[rng.randint(len(real), size=n_samples)]
    options |= pass_random_state(metric, rng.randint(np.iinfo(np.int32).max))
    sides = (synthetic, held_out, mean, copies)
    return ReferencedScore(*(metric(real, side, **options) for side in sides))


def pass_random_state(metric: Callable[..., Any], random_state: int) -> dict[str, int]:
    """Make the keyword argument for a metric that has a random state; none for others."""
    has_one = "random_state" in signature(metric).parameters
    return {"random_state": random_state} if has_one else {}

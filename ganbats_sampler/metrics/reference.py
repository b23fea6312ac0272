"""Compare a metric of synthetic series with its real-vs-real reference and two controls."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import check_random_state

from ganbats_sampler.metrics.pairing import Seed, check_sides


class ReferencedScore(NamedTuple):
    """A metric of synthetic series, with its real-vs-real reference and two controls.

    Attributes
    ----------
    value : float
        The metric of the synthetic series.
    reference : float
        The metric of held-out real series in place of the synthetic ones. A perfect generator has
        this value on average.
    class_mean : float
        The metric of a control that repeats the mean real series, like a collapsed generator.
    copies : float
        The metric of a control that copies real series, like a generator that memorised them.
    low, high : float
        The 95% confidence interval of the value; NaN if the metric has none.
    """

    value: float
    reference: float
    class_mean: float = float("nan")
    copies: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")

    @property
    def ratio(self) -> float:
        """The value divided by the reference, or NaN if the reference is 0.

        A ratio of 1 is ideal. A smaller one is not better.
        """
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
        A function ``metric(real, synthetic, **options)`` that returns a float, such as :func:`prd`
        or :func:`dtw`.
    real : array-like of shape (n_samples, [n_channels,] n_timepoints)
        The series that the generator was trained on.
    synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        The series that the generator produced.
    held_out : array-like of shape (n_samples, [n_channels,] n_timepoints)
        Real series of the same class that the generator was not trained on.
    random_state : int, RandomState instance or None, default=0
        The seed of the metric, if it has a parameter `random_state`, and of the sampled copies.
    **options
        Further parameters of the metric, such as its pairing.

    Returns
    -------
    ReferencedScore
        Its `low` and `high` are NaN.

    Raises
    ------
    ValueError
        If `synthetic` or `held_out` differs from `real` in channels or time steps, or a value is
        missing or infinite.

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
    if hasattr(real, "columns"):  # only check_sides reads channels from the columns of a frame
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
    """Return `random_state` as a keyword argument if the metric has this parameter."""
    has_one = "random_state" in signature(metric).parameters
    return {"random_state": random_state} if has_one else {}

"""A metric beside what it says of real series and of two generators that are useless."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from sklearn.utils import check_random_state


class FlooredScore(NamedTuple):
    """A metric of synthetic series, and what to read it against.

    Attributes
    ----------
    value : float
        Of the synthetic series.
    floor : float
        Of held-out real series in their place: what a perfect generator would have.
    class_mean : float
        Of the mean real series, emitted again and again: a collapsed generator.
    copy : float
        Of the real series themselves: a generator that learned them by heart.
    """

    value: float
    floor: float
    class_mean: float
    copy: float

    @property
    def ratio(self) -> float:
        """Value over floor: 1 is perfect, less is not better; NaN where the floor is 0."""
        return self.value / self.floor if self.floor else float("nan")


def beside_floor(
    metric: Callable[..., float], real, synthetic, held_out, *, random_state=0, **options
) -> FlooredScore:
    """Compute a metric of synthetic series with its floor and both controls.

    Parameters
    ----------
    metric : callable
        ``metric(real, synthetic, random_state=..., **options) -> float``, as :func:`prd` and
        :func:`dtw`.
    real : array-like of shape (n_samples, n_timepoints) or (n_samples, n_channels, n_timepoints)
        What the generator was trained on.
    synthetic : array-like
        What it generates.
    held_out : array-like
        Real series of the same class that it was not trained on.
    random_state : int, RandomState instance or None, default=0
        Of a random pairing, and of the copies.
    **options
        Of the metric: its pairing and so on.

    Returns
    -------
    FlooredScore

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.metrics import prd
    >>> series = np.random.default_rng(0).normal(size=(60, 30))
    >>> score = beside_floor(prd, series[:20], series[20:40], series[40:], pairing="nearest")
    >>> bool(0.9 < score.ratio < 1.1), score.copy
    (True, 0.0)
    """
    real = np.asarray(real)
    n_samples = len(synthetic)
    mean = np.repeat(real.mean(axis=0, keepdims=True), n_samples, axis=0)
    random_state = check_random_state(random_state)
    copies = real[random_state.randint(len(real), size=n_samples)]
    seed = random_state.randint(np.iinfo(np.int32).max)
    return FlooredScore(
        *(
            metric(real, s, random_state=seed, **options)
            for s in (synthetic, held_out, mean, copies)
        )
    )

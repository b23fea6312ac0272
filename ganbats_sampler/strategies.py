"""Values of `sampling_strategy` in addition to those of imbalanced-learn."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class UpTo:
    """A ``sampling_strategy`` that brings each smaller class up to a share of the largest.

    imbalanced-learn takes such a share as a float if there are two classes. This class works with
    any number of classes.

    Parameters
    ----------
    share : float
        The share, above 0 and at most 1. Classes that already reach it do not change.

    Raises
    ------
    ValueError
        If the share is not in this range.

    Examples
    --------
    >>> from collections import Counter
    >>> import numpy as np
    >>> from ganbats_sampler import RandomTransformSampler
    >>> from ganbats_sampler.model_selection import UpTo
    >>> X, y = np.random.default_rng(0).normal(size=(70, 12)), np.repeat([0, 1, 2], [40, 25, 5])
    >>> sampler = RandomTransformSampler(sampling_strategy=UpTo(0.5), random_state=0)
    >>> sorted(Counter(sampler.fit_resample(X, y)[1].tolist()).items())
    [(0, 40), (1, 25), (2, 20)]
    """

    share: float

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"share={self.share} was given; it must be above 0 and at most 1.")

    def __call__(self, y: Iterable[Any]) -> dict[Any, int]:
        """Return the number of series that each class of `y` has after resampling."""
        sizes = Counter(np.asarray(y).tolist())
        wanted = math.ceil(self.share * max(sizes.values()) - 1e-9)
        return {label: max(size, wanted) for label, size in sizes.items()}

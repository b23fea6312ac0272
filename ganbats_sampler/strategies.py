"""Values of `sampling_strategy` beside those of imbalanced-learn."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class UpTo:
    """A ``sampling_strategy``: bring every smaller class up to a share of the largest.

    imbalanced-learn takes such a share as a float where there are two classes; this takes any
    number of them.

    Parameters
    ----------
    share : float
        The share, above 0 and at most 1. Classes that reach it already are left as they are.

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

    def __call__(self, y: Iterable) -> dict[Any, int]:
        """Count how many series each class of `y` is to have."""
        sizes = Counter(np.asarray(y).tolist())
        wanted = math.ceil(self.share * max(sizes.values()) - 1e-9)
        return {label: max(size, wanted) for label, size in sizes.items()}

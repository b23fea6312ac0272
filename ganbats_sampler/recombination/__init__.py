"""Recombinations: new series of a class, calculated from real ones without training.

A recombination is a callable ``(series, others, n_samples, rng) -> synthetic``. It receives the
series of a class, (n, n_channels, n_timepoints), the series of all other classes, the number of
series to make and a :class:`numpy.random.Generator`. It returns the new series, (n_samples,
n_channels, n_timepoints). You can pass any such function. A recombination that
derives from :class:`BaseRecombination` also returns the parents of each series. Series are
standardised by channel over the class. :class:`~ganbats_sampler.RecombinationSampler` scales them
back.
"""

from collections.abc import Callable

import numpy as np

from ganbats_sampler.recombination.arc import Arc
from ganbats_sampler.recombination.base import BaseRecombination
from ganbats_sampler.recombination.deformation import Deformation
from ganbats_sampler.recombination.guided_warp import GuidedWarp

Recombination = Callable[[np.ndarray, np.ndarray, int, np.random.Generator], np.ndarray]

#: The recombinations by name, with their defaults.
RECOMBINATIONS: dict[str, Recombination] = {
    "arc": Arc(),
    "deformation": Deformation(),
    "guided_warp": GuidedWarp(),
}

__all__ = [
    "RECOMBINATIONS",
    "Arc",
    "BaseRecombination",
    "Deformation",
    "GuidedWarp",
    "Recombination",
]

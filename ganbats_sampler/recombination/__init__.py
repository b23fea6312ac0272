"""New series of a rare class, made of real ones: nothing is trained.

A recombination is a callable ``(series, others, n_samples, rng) -> made`` with the series of a
class, (n, n_channels, n_timepoints), those of all other classes, how many to make, and a
:class:`numpy.random.Generator`; any such function can stand beside those here. Series are given in
units of the class's standard deviation about its mean, by channel.
:class:`~ganbats_sampler.RecombinationSampler` scales to that and back.
"""

from collections.abc import Callable

import numpy as np

from ganbats_sampler.recombination.arc import Arc
from ganbats_sampler.recombination.deformation import Deformation
from ganbats_sampler.recombination.guided_warp import GuidedWarp

Recombination = Callable[[np.ndarray, np.ndarray, int, np.random.Generator], np.ndarray]

#: The recombinations by name, with their defaults.
RECOMBINATIONS: dict[str, Recombination] = {
    "arc": Arc(),
    "deformation": Deformation(),
    "guided_warp": GuidedWarp(),
}

__all__ = ["RECOMBINATIONS", "Arc", "Deformation", "GuidedWarp", "Recombination"]

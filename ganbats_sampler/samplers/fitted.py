"""The data that a fitted sampler keeps for each class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganbats_sampler.generators.protocol import Generator


@dataclass(frozen=True)
class FittedClass:
    """The data of one class, for :meth:`BaseSeriesOverSampler.generate` and the quality report.

    Parameters
    ----------
    generator : Generator
        The source of its synthetic series.
    real : ndarray of shape (n_samples, n_channels, n_timepoints) or None
        Its real series; None if the sampler was saved without them.
    draws : numpy.random.SeedSequence
        The source of a new seed for each call.
    """

    generator: Generator
    real: np.ndarray | None
    draws: np.random.SeedSequence

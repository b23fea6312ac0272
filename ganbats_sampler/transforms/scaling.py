"""Scaling of values."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Scaling:
    """Multiply each channel of each series by a random factor around 1.

    The method is from [1]_.

    Parameters
    ----------
    sigma : float, default=0.1
        Standard deviation of the factors. They are Gaussian with a mean of 1.

    References
    ----------
    .. [1] Um, T. T. et al. (2017). Data augmentation of wearable sensor data for Parkinson's
       disease monitoring using convolutional neural networks. ICMI.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.transforms import Scaling
    >>> rng = np.random.default_rng(0)
    >>> Scaling()(np.ones((2, 1, 4)), rng).round(2)
    array([[[1.01, 1.01, 1.01, 1.01]],
    <BLANKLINE>
           [[0.99, 0.99, 0.99, 0.99]]])
    """

    sigma: float = 0.1

    def __call__(self, series: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Transform each series, (n_samples, n_channels, n_timepoints)."""
        return series * (1 + self.sigma * rng.standard_normal((*series.shape[:2], 1)))

"""Adding noise."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Jitter:
    """Add Gaussian noise to every value.

    The method is from [1]_.

    Parameters
    ----------
    sigma : float, default=0.03
        Standard deviation of the noise, in the units of the series.

    References
    ----------
    .. [1] Um, T. T. et al. (2017). Data augmentation of wearable sensor data for Parkinson's
       disease monitoring using convolutional neural networks. ICMI.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.transforms import Jitter
    >>> rng = np.random.default_rng(0)
    >>> Jitter(sigma=0.1)(np.zeros((100, 2, 50)), rng).std().round(2)
    np.float64(0.1)
    """

    sigma: float = 0.03

    def __call__(self, series: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Transform each series, (n_samples, n_channels, n_timepoints)."""
        return series + self.sigma * rng.standard_normal(series.shape)

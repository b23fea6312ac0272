"""Slicing a segment."""

from dataclasses import dataclass

import numpy as np

from ganbats_sampler.transforms.resampling import read_off


@dataclass(frozen=True)
class Slicing:
    """Cut a random segment out of each series, and stretch it to the length of the series.

    The slicing is from [1]_, and the stretching from [2]_.

    Parameters
    ----------
    share : float, default=0.9
        Length of the segment, as a share of the length of a series, above 0 and at most 1.

    References
    ----------
    .. [1] Le Guennec, A., Malinowski, S., Tavenard, R. (2016). Data augmentation for time series
       classification using convolutional neural networks. ECML/PKDD Workshop on Advanced Analytics
       and Learning on Temporal Data.

    .. [2] Iwana, B. K., Uchida, S. (2021). An empirical survey of data augmentation for time
       series classification with neural networks. PLoS ONE 16(7).

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.transforms import Slicing
    >>> Slicing(share=0.5)(np.arange(5.0).reshape(1, 1, 5), np.random.default_rng(0)).round(1)
    array([[[1.3, 1.8, 2.3, 2.8, 3.3]]])
    """

    share: float = 0.9

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"share={self.share} was given; it must be above 0 and at most 1.")

    def __call__(self, series: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Transform each series, (n_samples, n_channels, n_timepoints)."""
        n_samples, _, length = series.shape
        start = rng.uniform(0, (1 - self.share) * (length - 1), (n_samples, 1))
        return read_off(series, start + self.share * np.arange(length))

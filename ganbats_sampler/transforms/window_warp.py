"""Narrowing or widening a window of time."""

from dataclasses import dataclass

import numpy as np

from ganbats_sampler.transforms.resampling import read_off


@dataclass(frozen=True)
class WindowWarp:
    """Speed up or slow down a random window of each series, and keep the length of the series.

    The method is from [1]_.

    Parameters
    ----------
    share : float, default=0.1
        Length of the window, as a share of the length of a series, above 0 and at most 1.
    factors : tuple of float, default=(0.5, 2.0)
        Factors for the length of the window, above 0. One is chosen at random for each series. A
        factor below 1 narrows the window, and one above 1 widens it.

    References
    ----------
    .. [1] Le Guennec, A., Malinowski, S., Tavenard, R. (2016). Data augmentation for time series
       classification using convolutional neural networks. ECML/PKDD Workshop on Advanced Analytics
       and Learning on Temporal Data.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.transforms import WindowWarp
    >>> warp = WindowWarp(share=0.5, factors=(2.0,))
    >>> warp(np.arange(5.0).reshape(1, 1, 5), np.random.default_rng(0)).round(2)
    array([[[0.  , 1.39, 2.14, 2.89, 4.  ]]])
    """

    share: float = 0.1
    factors: tuple[float, ...] = (0.5, 2.0)

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"share={self.share} was given; it must be above 0 and at most 1.")
        if not self.factors or min(self.factors) <= 0:
            raise ValueError(f"factors={self.factors} was given; all must be above 0.")

    def __call__(self, series: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Transform each series, (n_samples, n_channels, n_timepoints)."""
        n_samples, _, length = series.shape
        window = self.share * (length - 1)
        start = rng.uniform(0, length - 1 - window, (n_samples, 1))
        factor = rng.choice(self.factors, (n_samples, 1))
        # times in the warped series, and the times in the original that they come from
        stretch = 1 + window * (factor - 1) / max(length - 1, 1)
        warped = stretch * np.arange(length)
        inside = np.clip(warped - start, 0, window * factor)
        times = warped - inside + inside / factor
        return read_off(series, times)

"""Smooth warping of time."""

from dataclasses import dataclass

import numpy as np

from ganbats_sampler.transforms.resampling import read_off, read_off_smoothly


@dataclass(frozen=True)
class TimeWarp:
    """Shift the time steps of each series smoothly back and forth, but not its ends.

    This is a variant of the warping in [1]_. The displacement of time is random at a few anchors,
    and linear between them.

    Parameters
    ----------
    share : float, default=0.05
        Largest displacement, as a share of the length of a series. It must be above 0 and below
        ``0.5 / (n_anchors + 1)``.
    n_anchors : int, default=4
        Number of anchors between the ends.
    smooth : bool, default=False
        Whether to interpolate with cubic splines. Linear interpolation reduces the noise, so a
        classifier can recognise synthetic series.

    References
    ----------
    .. [1] Um, T. T. et al. (2017). Data augmentation of wearable sensor data for Parkinson's
       disease monitoring using convolutional neural networks. ICMI.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.transforms import TimeWarp
    >>> ramp = np.arange(6.0).reshape(1, 1, 6)
    >>> TimeWarp(share=0.09)(ramp, np.random.default_rng(0)).round(2)
    array([[[0.  , 1.15, 1.75, 2.5 , 3.48, 5.  ]]])
    """

    share: float = 0.05
    n_anchors: int = 4
    smooth: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.share < 0.5 / (self.n_anchors + 1):
            raise ValueError(
                f"share={self.share} was given; it must be above 0 and below 0.5 / (n_anchors + 1) "
                f"= {0.5 / (self.n_anchors + 1)}, or time could run backwards."
            )

    def __call__(self, series: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Transform each series, (n_samples, n_channels, n_timepoints)."""
        n_samples, _, length = series.shape
        steps = np.arange(length)
        spacing = (length - 1) / (self.n_anchors + 1) or 1.0
        anchors = spacing * np.arange(1, self.n_anchors + 1)
        # weight of each anchor in the displacement of each step: piecewise linear
        parts = (1 - np.abs(steps - anchors[:, None]) / spacing).clip(0)
        displacement = rng.uniform(-1, 1, (n_samples, self.n_anchors)) * self.share * length
        times = displacement @ parts + steps
        return read_off_smoothly(series, times) if self.smooth else read_off(series, times)

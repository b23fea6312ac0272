"""Flipping the sign and mixing channels."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Rotation:
    """Rotate all channels by a random orthogonal matrix, or flip the sign of a single channel.

    The transform imitates a sensor that is worn the other way round [1]_. The matrices are
    uniformly distributed [2]_, and include reflections. If there is only one channel, the sign of
    every series is flipped. If the direction matters, as in a heartbeat, the result may belong to
    no class.

    References
    ----------
    .. [1] Um, T. T. et al. (2017). Data augmentation of wearable sensor data for Parkinson's
       disease monitoring using convolutional neural networks. ICMI.

    .. [2] Mezzadri, F. (2007). How to generate random matrices from the classical compact groups.
       Notices of the AMS 54.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.transforms import Rotation
    >>> Rotation()(np.ones((1, 1, 3)), np.random.default_rng(0))
    array([[[-1., -1., -1.]]])
    """

    def __call__(self, series: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Transform each series, (n_samples, n_channels, n_timepoints)."""
        n_samples, n_channels, _ = series.shape
        if n_channels == 1:
            return -series
        q, r = np.linalg.qr(rng.standard_normal((n_samples, n_channels, n_channels)))
        # without the signs of r's diagonal, q would not be uniform
        signs = np.sign(np.diagonal(r, axis1=1, axis2=2))[:, None]
        return (q * signs) @ series

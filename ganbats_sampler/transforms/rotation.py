"""Flipping the sign and mixing channels."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Rotation:
    """Rotate the values of all channels by a random orthogonal matrix; flip those of one.

    Um, T. T. et al. (2017). Data augmentation of wearable sensor data for Parkinson's disease
    monitoring using convolutional neural networks. ICMI: a sensor may be worn another way round.
    The matrices are uniform (Mezzadri, F. 2007, How to generate random matrices from the classical
    compact groups, Notices of the AMS 54), reflections included. One channel has no other rotation
    than changing its sign, which is then done to every series. Where direction matters, as for a
    heart, what comes out is of no class.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.transforms import Rotation
    >>> Rotation()(np.ones((1, 1, 3)), np.random.default_rng(0))
    array([[[-1., -1., -1.]]])
    """

    def __call__(self, series: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Transform each of (n_samples, n_channels, n_timepoints)."""
        n_samples, n_channels, _ = series.shape
        if n_channels == 1:
            return -series
        q, r = np.linalg.qr(rng.standard_normal((n_samples, n_channels, n_channels)))
        # without the signs of r's diagonal, q would not be uniform
        signs = np.sign(np.diagonal(r, axis1=1, axis2=2))[:, None]
        return (q * signs) @ series

"""Perturbing the amplitudes and phases of frequencies."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.fft import irfft, rfft


@dataclass(frozen=True)
class FourierPerturbation:
    """Perturb the amplitudes and phases of a random band of frequencies.

    Each frequency in the band has its own random factor and phase shift [1]_. They are the same in
    all channels, so that phase differences between channels do not change. The mean of a series
    does not change either. The band may extend beyond either end of the spectrum, so that each
    frequency is equally likely to be in it.

    Parameters
    ----------
    amplitude : float, default=0.2
        Standard deviation of the factors of the amplitudes, whose mean is 1.
    phase : float, default=0.2
        Standard deviation of the phase shifts, in radians.
    share : float, default=0.5
        Width of the band, as a share of all frequencies, above 0 and at most 1.

    References
    ----------
    .. [1] Gao, J. et al. (2020). RobustTAD: robust time series anomaly detection via decomposition
       and convolutional neural networks. KDD Workshop on Mining and Learning from Time Series.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.transforms import FourierPerturbation
    >>> series = np.cos(np.arange(8) * np.pi / 2).reshape(1, 1, 8)
    >>> FourierPerturbation(amplitude=0, share=1)(series, np.random.default_rng(1)).round(2)
    array([[[ 0.99,  0.11, -0.99, -0.11,  0.99,  0.11, -0.99, -0.11]]])
    """

    amplitude: float = 0.2
    phase: float = 0.2
    share: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"share={self.share} was given; it must be above 0 and at most 1.")

    def __call__(self, series: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Transform each series, (n_samples, n_channels, n_timepoints)."""
        n_samples, _, length = series.shape
        spectrum = rfft(series, axis=2)
        n_frequencies = spectrum.shape[2] - 1  # without the mean
        width = math.ceil(self.share * n_frequencies)
        first = rng.integers(1 - width, max(n_frequencies, 2 - width), (n_samples, 1))
        place = np.arange(n_frequencies) - first
        outside = (place < 0) | (place >= width)
        factor = 1 + self.amplitude * rng.standard_normal((n_samples, n_frequencies))
        turn = self.phase * rng.standard_normal((n_samples, n_frequencies))
        change = factor * np.exp(1j * turn)
        change[outside] = 1
        spectrum[:, :, 1:] *= change[:, None]
        return irfft(spectrum, length, axis=2)

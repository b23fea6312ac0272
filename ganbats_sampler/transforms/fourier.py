"""Perturbing amplitudes and phases of frequencies."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.fft import irfft, rfft


@dataclass(frozen=True)
class FourierPerturbation:
    """Perturb amplitude and phase of a random band of frequencies.

    Gao, J. et al. (2020). RobustTAD: robust time series anomaly detection via decomposition and
    convolutional neural networks. KDD Workshop on Mining and Learning from Time Series. Each
    frequency in the band is scaled and turned by itself, alike in all channels, whose phases
    relative to each other stay; the mean of a series stays too. The band may hang over either end,
    so that every frequency is as likely to be in it.

    Parameters
    ----------
    amplitude : float, default=0.2
        Standard deviation of the factors of the amplitudes, about 1.
    phase : float, default=0.2
        Standard deviation of the turns of the phases, in radians.
    share : float, default=0.5
        Width of the band, as a share of all frequencies.

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
        """Transform each of (n_samples, n_channels, n_timepoints)."""
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

"""Distance of power spectra."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.fft import rfft
from scipy.signal.windows import hann

from ganbats_sampler.metrics.pairing import check_sides
from ganbats_sampler.series import nonzero

#: Power below this share of a channel's greatest is taken for it: -80 dB.
FLOOR = 1e-8
#: Most that a frequency counts, in dB: as much as where real series are constant and others not.
MAX_DIFFERENCE = 80.0


def spectral_distance(real: ArrayLike, synthetic: ArrayLike) -> float:
    """Root mean square difference of the mean power spectra, in decibels.

    The spectrum of a channel is the mean over series of the squared magnitudes of their Fourier
    transform, each about its mean and under a Hann window.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        At least three time steps.

    Returns
    -------
    float
        In dB, from 0 to 80, over all frequencies but 0 and all channels; what lies 80 dB below the
        greatest power of real series counts as that. Twice the amplitude is 6 dB.

    Notes
    -----
    Vibration is judged by its spectrum, and phases mean little; for a heartbeat phases mean
    everything, and it sees none of them. Nor does it see variety: one series with the mean spectrum
    has 0.

    References
    ----------
    Gray, A., Markel, J. (1976). Distance measures for speech processing. IEEE Transactions on
    Acoustics, Speech, and Signal Processing, 24(5): the log spectral distance.

    Examples
    --------
    >>> import numpy as np
    >>> series = np.random.default_rng(0).normal(size=(20, 64))
    >>> round(spectral_distance(series, 2 * series), 2)
    6.02
    """
    real, synthetic = check_sides(real=real, synthetic=synthetic)
    if real.shape[2] < 3:
        raise ValueError(f"A spectrum needs at least 3 time steps; there are {real.shape[2]}.")
    spectra = [periodograms(series).mean(axis=0) for series in (real, synthetic)]
    # power below what rounding makes of a constant channel is none
    largest = np.maximum(*(np.abs(series).max(axis=(0, 2)) for series in (real, synthetic)))
    rounding = np.square(1e-10 * nonzero(largest))[:, None] * real.shape[2]
    floor = np.maximum(FLOOR * spectra[0].max(axis=1, keepdims=True), rounding)
    levels = [10 * np.log10(np.maximum(power, floor)) for power in spectra]
    difference = (levels[0] - levels[1]).clip(-MAX_DIFFERENCE, MAX_DIFFERENCE)
    return float(np.sqrt(np.square(difference).mean()))


def periodograms(series: np.ndarray) -> np.ndarray:
    """Compute power spectra, (n_samples, n_channels, n_frequencies).

    About the mean of a series and under a Hann window. Frequency 0 is left out: the i-th is that of
    ``i + 1`` cycles in a series.
    """
    window = hann(series.shape[2], sym=False)
    centred = series - series.mean(axis=2, keepdims=True)
    return np.square(np.abs(rfft(centred * window)))[:, :, 1:]

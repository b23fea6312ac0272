"""Distance between power spectra."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.fft import rfft
from scipy.signal.windows import hann

from ganbats_sampler.metrics.pairing import check_sides
from ganbats_sampler.series import nonzero

#: Power below this share of a channel's greatest power counts as this share: -80 dB.
FLOOR = 1e-8
#: Maximum difference at a frequency, in dB. It is reached if real series are constant.
MAX_DIFFERENCE = 80.0


def spectral_distance(real: ArrayLike, synthetic: ArrayLike) -> float:
    """Root mean square difference of the mean power spectra, in decibels.

    Each series is centred and multiplied by a Hann window. The spectrum of a channel is the squared
    magnitude of the Fourier transform, averaged over the series.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, [n_channels,] n_timepoints)
        Series of at least three time steps.

    Returns
    -------
    float
        The distance in dB, from 0 to 80, over all channels and all frequencies except 0. Power more
        than 80 dB below the channel's greatest real power counts as -80 dB. Twice the amplitude
        gives 6 dB.

    Raises
    ------
    ValueError
        If there are fewer than three time steps, the two sides differ in channels or time steps, or
        a value is missing or infinite.

    Notes
    -----
    The distance ignores phase. That suits vibration, which is judged by its spectrum, but not
    heartbeats, whose shape depends on phase. It ignores diversity too: repeating one series that
    has the mean spectrum gives 0.

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
    # rounding gives a constant channel some power, which must not count
    largest = np.maximum(*(np.abs(series).max(axis=(0, 2)) for series in (real, synthetic)))
    rounding = np.square(1e-10 * nonzero(largest))[:, None] * real.shape[2]
    floor = np.maximum(FLOOR * spectra[0].max(axis=1, keepdims=True), rounding)
    levels = [10 * np.log10(np.maximum(power, floor)) for power in spectra]
    difference = (levels[0] - levels[1]).clip(-MAX_DIFFERENCE, MAX_DIFFERENCE)
    return float(np.sqrt(np.square(difference).mean()))


def periodograms(series: np.ndarray) -> np.ndarray:
    """Compute power spectra, (n_samples, n_channels, n_frequencies).

    Each series is centred and multiplied by a Hann window. Frequency 0 is left out: index ``i`` is
    the frequency of ``i + 1`` cycles in a series.
    """
    window = hann(series.shape[2], sym=False)
    centred = series - series.mean(axis=2, keepdims=True)
    return np.square(np.abs(rfft(centred * window)))[:, :, 1:]

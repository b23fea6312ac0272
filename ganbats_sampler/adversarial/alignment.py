"""Alignment of the series of a class by shifts in time."""

from __future__ import annotations

import numpy as np

#: Number of iterations. Each aligns the series to the reference; their mean is the next reference.
N_ROUNDS = 5
#: Number of folds of the cross-validation that decides whether to align, and its largest number of
#: components.
N_FOLDS, N_TESTED = 5, 8
#: Largest number of series used for that decision and for the reference.
MAX_SERIES = 200
#: Fewer series are not aligned, because chance can look like a common waveform.
MIN_SERIES = 20
#: Series are aligned if that raises the explained share of the variance by more than this. White
#: noise of ten time steps, which has nothing to align, gains .2 on average. Windows of a vibration
#: gain .4.
MIN_GAIN = 0.3
#: Largest mean squared step from the last value of a series to its first, over the mean squared
#: step between neighbouring values. White noise has 1, bearing vibrations have up to 3, and trends
#: have much more.
MAX_SEAM = 5.0


def find_reference(series: np.ndarray) -> np.ndarray:
    """Find the reference to align series to: the mean of the aligned series.

    Series have shape (n_samples, n_channels, n_timepoints). The reference has the shape of one
    series.
    """
    series = _some(series)
    reference = series[np.square(series).sum(axis=(1, 2)).argmax()]
    for _ in range(N_ROUNDS):
        reference = shift(series, find_shifts(series, reference)).mean(axis=0)
    return reference


def _some(series: np.ndarray) -> np.ndarray:
    """Return the series, or 200 chosen at random if there are more."""
    if len(series) <= MAX_SERIES:
        return series
    return series[np.random.default_rng(0).choice(len(series), MAX_SERIES, replace=False)]


def find_shifts(series: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Find the shift of each series, (n_samples,), that brings it nearest to a reference.

    Shifts are circular and in time steps. All channels of a series share one shift.
    """
    spectra = np.conj(np.fft.rfft(series)) * np.fft.rfft(reference)
    return np.fft.irfft(spectra.sum(axis=1), n=series.shape[2]).argmax(axis=1)


def shift(series: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Shift each series circularly by a number of time steps."""
    n_timepoints = series.shape[2]
    steps = (np.arange(n_timepoints) - shifts[:, None]) % n_timepoints
    return np.take_along_axis(series, steps[:, None], axis=2)


def should_align(series: np.ndarray) -> bool:
    """Return whether a few components explain much more of held-out series after alignment.

    The criterion is the explained share of the variance around the level of each channel. It is
    cross-validated and averaged over 0 to 8 components, where 0 means the mean series alone.
    Heartbeats and most series that are cut at an event are aligned already. Windows of a vibration
    are not: their components are sines, whereas those of aligned windows follow the waveform.

    The result is False for fewer than 20 series. It is also False if the end of the series does
    not continue at their beginning, as with a trend.
    """
    if len(series) < MIN_SERIES or _has_seam(series):
        return False
    series = _some(series)
    folds = np.random.default_rng(0).permutation(len(series)) % N_FOLDS
    missed = np.zeros(2)
    for fold in range(N_FOLDS):
        sides = series[folds != fold], series[folds == fold]
        reference = find_reference(sides[0])
        aligned = [shift(side, find_shifts(side, reference)) for side in sides]
        missed += [_missed(*pair) for pair in (sides, aligned)]
    total = np.square(series - series.mean(axis=(0, 2), keepdims=True)).sum()
    return bool(missed[0] - missed[1] > MIN_GAIN * total)


def _has_seam(series: np.ndarray) -> bool:
    """Return whether a channel would jump if its end were joined to its beginning."""
    if series.shape[2] < 2:
        return False
    inside = np.square(np.diff(series)).mean(axis=(0, 2))
    seam = np.square(series[:, :, 0] - series[:, :, -1]).mean(axis=0)
    return bool((seam > MAX_SEAM * inside).any())


def _missed(seen: np.ndarray, held_out: np.ndarray) -> float:
    """Return the squared error of `held_out`, averaged over 0 to 8 components of `seen`."""
    seen, held_out = (side.reshape(len(side), -1) for side in (seen, held_out))
    centre = seen.mean(axis=0)
    axes = np.linalg.svd(seen - centre, full_matrices=False)[2][:N_TESTED]
    centred = held_out - centre
    explained = np.square(centred @ axes.T).sum(axis=0)
    # for each component, how many of the models with 0 to 8 components include it
    still_to_come = np.arange(N_TESTED, N_TESTED - len(axes), -1)
    return float(np.square(centred).sum() - explained @ still_to_come / (N_TESTED + 1))

"""Series of a class shifted in time, so that they lie over one another."""

from __future__ import annotations

import numpy as np

#: Times that the reference is the mean of the series that were shifted to the one before.
N_ROUNDS = 5
#: Folds of the test whether to align, and the most components in it.
N_FOLDS, N_TESTED = 5, 8
#: The most series that the test and the reference are of.
MAX_SERIES = 200
#: In fewer series chance can pass for a common waveform.
MIN_SERIES = 20
#: Series are aligned if they then are so much better explained. White noise, in which there is
#: nothing to align, reaches .27 where it has ten steps; windows of a vibration reach .4.
MIN_GAIN = 0.3
#: The largest step from the last value of a series to its first, in mean squares of the steps
#: inside. White noise has 1, a vibration up to 3, and a trend or a time axis much more.
MAX_SEAM = 5.0


def find_reference(series: np.ndarray) -> np.ndarray:
    """Find the mean of series, (n_samples, n_channels, n_timepoints), that are shifted to it."""
    series = _some(series)
    reference = series[np.square(series).sum(axis=(1, 2)).argmax()]
    for _ in range(N_ROUNDS):
        reference = shift(series, find_shifts(series, reference)).mean(axis=0)
    return reference


def _some(series: np.ndarray) -> np.ndarray:
    """Draw 200 series if there are more."""
    if len(series) <= MAX_SERIES:
        return series
    return series[np.random.default_rng(0).choice(len(series), MAX_SERIES, replace=False)]


def find_shifts(series: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Count the steps that bring each series nearest to a reference, all channels alike."""
    spectra = np.conj(np.fft.rfft(series)) * np.fft.rfft(reference)
    return np.fft.irfft(spectra.sum(axis=1), n=series.shape[2]).argmax(axis=1)


def shift(series: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Shift each series by so many steps; what leaves at one end comes back at the other."""
    n_timepoints = series.shape[2]
    steps = (np.arange(n_timepoints) - shifts[:, None]) % n_timepoints
    return np.take_along_axis(series, steps[:, None], axis=2)


def should_align(series: np.ndarray) -> bool:
    """Say whether few components explain much more of held-out series if all are aligned.

    Explained is the share of the variance about the level of each channel, for 0 to 8 components,
    on average; no component leaves the mean series. Heartbeats are aligned already, as are most
    series that are cut at an event. Windows of a vibration are not: their components are sines, and
    those of shifted windows are its waveform. Series of which the end does not go on at the
    beginning, such as those with a trend, are not aligned, and neither are fewer than 20.
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
    """Say whether a channel would have a step where its end is joined to its beginning."""
    if series.shape[2] < 2:
        return False
    inside = np.square(np.diff(series)).mean(axis=(0, 2))
    seam = np.square(series[:, :, 0] - series[:, :, -1]).mean(axis=0)
    return bool((seam > MAX_SEAM * inside).any())


def _missed(seen: np.ndarray, held_out: np.ndarray) -> float:
    """Sum the squares of what 0 to 8 components of `seen` leave of `held_out`, on average."""
    seen, held_out = (side.reshape(len(side), -1) for side in (seen, held_out))
    centre = seen.mean(axis=0)
    axes = np.linalg.svd(seen - centre, full_matrices=False)[2][:N_TESTED]
    centred = held_out - centre
    explained = np.square(centred @ axes.T).sum(axis=0)
    still_to_come = np.arange(N_TESTED, N_TESTED - len(axes), -1)  # counts of components with it
    return float(np.square(centred).sum() - explained @ still_to_come / (N_TESTED + 1))

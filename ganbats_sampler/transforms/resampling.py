"""Reading series off at other times, which slicing and both kinds of warping are made of."""

import numpy as np


def read_off(series: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Interpolate each series linearly at times of its own.

    Parameters
    ----------
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        All channels of a series are read off at the same times.
    times : ndarray of shape (n_samples, n_times)
        In time steps, from 0 to ``n_timepoints - 1``; what lies outside is moved to the ends.

    Returns
    -------
    ndarray of shape (n_samples, n_channels, n_times)
    """
    last = series.shape[2] - 1
    times = times.clip(0, last)
    before = np.minimum(times.astype(np.intp), max(last - 1, 0))
    share = (times - before)[:, None]
    at_before = np.take_along_axis(series, before[:, None], axis=2)
    before += last > 0
    at_after = np.take_along_axis(series, before[:, None], axis=2)
    at_after -= at_before
    at_after *= share
    at_after += at_before
    return at_after

"""Permuting segments."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Permutation:
    """Cut each series into segments of random length and put them together in another order.

    The transform [1]_ keeps the content of a series, but not its order. If the order matters, as in
    a heartbeat, the result may belong to no class.

    Parameters
    ----------
    max_segments : int, default=5
        Largest number of segments, at least 2. Each number from 2 to this one is equally likely.

    References
    ----------
    .. [1] Um, T. T. et al. (2017). Data augmentation of wearable sensor data for Parkinson's
       disease monitoring using convolutional neural networks. ICMI.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.transforms import Permutation
    >>> Permutation()(np.arange(8).reshape(1, 1, 8), np.random.default_rng(0))
    array([[[0, 1, 5, 6, 7, 2, 3, 4]]])
    """

    max_segments: int = 5

    def __post_init__(self) -> None:
        if self.max_segments < 2:
            raise ValueError(f"max_segments={self.max_segments} was given; it must be at least 2.")

    def __call__(self, series: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Transform each series, (n_samples, n_channels, n_timepoints)."""
        n_samples, _, length = series.shape
        n_segments = min(self.max_segments, length)
        if n_segments < 2:
            return series.copy()
        ids = np.arange(n_segments)
        n_cuts = rng.integers(1, n_segments, (n_samples, 1))
        cuts = rng.integers(0, length - n_cuts, (n_samples, n_segments - 1))
        cuts[ids[:-1] >= n_cuts] = length  # surplus cuts leave empty segments at the end
        starts = np.zeros((n_samples, n_segments), dtype=np.intp)
        starts[:, 1:] = np.sort(cuts, axis=1) + ids[1:]  # no two are the same
        starts = starts.clip(max=length)
        lengths = np.diff(starts, axis=1, append=length)

        order = np.tile(ids, (n_samples, 1))
        as_before = np.arange(n_samples)  # series whose segments are still in the old order
        while len(as_before):
            order[as_before] = rng.random((len(as_before), n_segments)).argsort(axis=1)
            place = np.where(ids > n_cuts, n_segments + ids, order.argsort(axis=1))
            as_before = np.flatnonzero((np.diff(place, axis=1) > 0).all(axis=1))

        ends = np.take_along_axis(lengths, order, axis=1).cumsum(axis=1)
        shift = np.take_along_axis(starts + lengths, order, axis=1) - ends
        steps = np.arange(length)
        segment = np.zeros((n_samples, length), dtype=np.intp)
        for end in ends.T[:-1]:
            segment += steps >= end[:, None]
        index = steps + np.take_along_axis(shift, segment, axis=1)
        return np.take_along_axis(series, index[:, None], axis=2)

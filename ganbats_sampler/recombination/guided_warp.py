"""Time warping of a series towards one of its neighbours."""

from dataclasses import dataclass

import numpy as np

from ganbats_sampler.recombination.base import BaseRecombination
from ganbats_sampler.recombination.neighbors import NearestOthers
from ganbats_sampler.transforms.resampling import read_off_smoothly


@dataclass(frozen=True)
class GuidedWarp(BaseRecombination):
    """Warp a series in time, so that its events move towards their times in a neighbour.

    Dynamic time warping aligns the two series within a band, over all channels at once. The series
    is then interpolated at times between its own time steps and the aligned times, at a random
    share of the way. The method of [1]_ warps fully, and to any series of the class.

    Parameters
    ----------
    n_neighbors : int, default=5
        Number of nearest neighbours of each series.
    window : float, default=0.1
        Half width of the band, as a share of the length of a series. It is at least two time steps.

    References
    ----------
    .. [1] Iwana, B. K., Uchida, S. (2020). Time series data augmentation for neural networks by
       time warping with a discriminative teacher. ICPR.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler.recombination import GuidedWarp
    >>> bumps = np.exp(-((np.arange(41) - np.array([[18], [22]])) ** 2) / 20)[:, None]
    >>> made = GuidedWarp()(bumps, bumps[:0], 50, np.random.default_rng(0))
    >>> sorted({int(place) for place in made[:, 0].argmax(axis=1)})
    [18, 19, 20, 21, 22]
    """

    n_neighbors: int = 5
    window: float = 0.1

    uses_others = False

    def recombine(
        self,
        series: np.ndarray,
        others: np.ndarray,
        neighbors: NearestOthers,
        n_samples: int,
        rng: np.random.Generator,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Warp each series towards a neighbour; `others` is not used."""
        first, second = neighbors.random_pairs(n_samples, rng)
        length = series.shape[2]
        band = max(round(self.window * length), 2)
        pairs, places = np.unique(np.stack([first, second]), axis=1, return_inverse=True)
        aligned = np.array([_align(series[i], series[j], band) for i, j in pairs.T])
        share = rng.random((n_samples, 1))
        own = np.arange(length)
        times = own + share * (aligned[places.ravel()] - own)
        return read_off_smoothly(series[first], times), np.stack([first, second], axis=1)


def _align(series: np.ndarray, guide: np.ndarray, band: int) -> np.ndarray:
    """Return the time in `series` that matches each time step of `guide`, (n_timepoints,)."""
    from dtaidistance import dtw, dtw_ndim

    length = series.shape[1]
    # (n_timepoints, n_channels), contiguous, as dtaidistance requires
    sides = [np.ascontiguousarray(side.T, dtype=np.float64) for side in (series, guide)]
    if len(series) == 1:  # saves memory; dtaidistance 2.3 has no such function for more channels
        path = dtw.warping_path_fast(*(side.ravel() for side in sides), window=band)
    else:
        path = dtw.best_path(dtw_ndim.warping_paths_fast(*sides, window=band)[1])
    path = np.array(path)  # (n_steps, 2)
    visits = np.bincount(path[:, 1], minlength=length)
    return np.bincount(path[:, 1], weights=path[:, 0], minlength=length) / visits

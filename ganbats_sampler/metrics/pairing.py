"""Which real series a synthetic one is compared with: it has no partner of its own."""

from __future__ import annotations

import numpy as np
from sklearn.utils import check_random_state

PAIRINGS = ("random", "nearest", "index")


def as_series(series, name: str) -> np.ndarray:
    """Convert to finite float64 of shape (n_samples, n_channels, n_timepoints).

    Raises
    ------
    ValueError
        If there is no series, a value is not finite, or there are not two or three axes.
    """
    array = np.asarray(series, dtype=np.float64)
    if array.ndim not in (2, 3) or 0 in array.shape:
        raise ValueError(
            f"{name} has shape {array.shape}; it must be (n_samples, n_timepoints) or (n_samples, "
            "n_channels, n_timepoints), with at least one series of at least one time step."
        )
    if not np.isfinite(array).all():
        raise ValueError(
            f"{name} has {np.count_nonzero(~np.isfinite(array))} values that are NaN or infinite; "
            "fill gaps or drop these series first."
        )
    return array[:, None] if array.ndim == 2 else array


def check_series_pair(real, synthetic, pairing: str) -> tuple[np.ndarray, np.ndarray]:
    """Convert both sides and check that they can be paired."""
    if pairing not in PAIRINGS:
        raise ValueError(f"pairing={pairing!r} was given; choose from {PAIRINGS}.")
    real, synthetic = as_series(real, "real"), as_series(synthetic, "synthetic")
    if real.shape[1:] != synthetic.shape[1:]:
        raise ValueError(
            f"real series have (channels, time steps) {real.shape[1:]}, synthetic ones "
            f"{synthetic.shape[1:]}; they must be alike."
        )
    if pairing == "index" and len(real) != len(synthetic):
        raise ValueError(
            f'pairing="index" compares row by row, but there are {len(real)} real and '
            f"{len(synthetic)} synthetic series."
        )
    return real, synthetic


def pair_up(n_real: int, n_synthetic: int, pairing: str, random_state) -> np.ndarray:
    """Index of the real partner of each synthetic series, for "random" and "index"."""
    if pairing == "index":
        return np.arange(n_synthetic)
    return check_random_state(random_state).randint(n_real, size=n_synthetic)

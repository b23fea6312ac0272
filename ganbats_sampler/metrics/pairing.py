"""Read, check and pair the sides of a metric: real, synthetic and held-out series."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from sklearn.utils import check_random_state

from ganbats_sampler.series import read_shape, unmask

#: The values of a parameter `random_state`.
Seed: TypeAlias = "int | np.random.RandomState | None"

PAIRINGS = ("random", "nearest", "index")


def as_series(series: Any, name: str) -> np.ndarray:
    """Convert to a finite float64 array of shape (n_samples, n_channels, n_timepoints).

    Input with two axes has one channel. The exception is a pandas frame with two levels of columns,
    channel and time. A ValueError about the input calls it `name`.
    """
    array = _to_floats(series, name)
    if array.ndim not in (2, 3) or 0 in array.shape:
        raise ValueError(
            f"{name} has shape {array.shape}; it must be (n_samples, n_timepoints) or (n_samples, "
            "n_channels, n_timepoints), with at least one series of at least one time step."
        )
    if not np.isfinite(array).all():
        raise ValueError(
            f"{name} has {np.count_nonzero(~np.isfinite(array))} values that are NaN or infinite; "
            "masked values count as NaN. Fill gaps or drop these series first."
        )
    if array.ndim == 3:
        return array
    n_channels = read_shape(series, None).n_channels if hasattr(series, "columns") else 1
    return array.reshape(len(array), n_channels, -1)


def check_sides(**sides: Any) -> list[np.ndarray]:
    """Convert the sides of a comparison with :func:`as_series`, and check that they are comparable.

    The name of each keyword argument is the name of that side in the message of a ValueError.
    """
    converted = {name: as_series(series, name) for name, series in sides.items()}
    (first, of_first), *others = converted.items()
    for name, series in others:
        if series.shape[1:] != of_first.shape[1:]:
            raise ValueError(
                f"{first} series have (channels, time steps) {of_first.shape[1:]}, {name} ones "
                f"{series.shape[1:]}; they must be alike."
            )
    return list(converted.values())


def check_series_pair(real: Any, synthetic: Any, pairing: str) -> list[np.ndarray]:
    """Convert both sides and check that they can be paired."""
    if not isinstance(pairing, str) or pairing not in PAIRINGS:
        raise ValueError(f"pairing={pairing!r} was given; choose from {PAIRINGS}.")
    real, synthetic = check_sides(real=real, synthetic=synthetic)
    if pairing == "index" and len(real) != len(synthetic):
        raise ValueError(
            f'pairing="index" compares row by row, but there are {len(real)} real and '
            f"{len(synthetic)} synthetic series."
        )
    return [real, synthetic]


def pair_up(n_real: int, n_synthetic: int, pairing: str, random_state: Seed) -> np.ndarray:
    """Return the index of each synthetic series' real partner, for "random" and "index"."""
    if pairing == "index":
        return np.arange(n_synthetic)
    return check_random_state(random_state).randint(n_real, size=n_synthetic)


def _to_floats(series: Any, name: str) -> np.ndarray:
    """Convert to float64, with NaN where a value is masked."""
    try:
        array = np.asarray(unmask(series))
        if array.dtype.kind in "cmMV":
            raise TypeError(f"they are of type {array.dtype}")
        with np.errstate(over="ignore"):  # values too large become infinite, and are refused
            return array.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:
        raise ValueError(
            f"{name} is a {type(series).__name__} whose values cannot be read as real numbers "
            f"({error}). Pass an array, nested lists or a frame of numbers, without missing "
            "values; join separate series of equal length with np.stack."
        ) from error

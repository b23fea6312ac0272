"""Constraints on the values of synthetic series: whole numbers and the range of a channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ganbats_sampler.generators.protocol import CHUNK, Draw, Generator


@dataclass(frozen=True)
class Domain:
    """The values that each channel of a class can have.

    Parameters
    ----------
    is_whole : ndarray of shape (n_channels, 1), dtype=bool
        Whether the values of a channel are whole numbers.
    low, high : ndarray of shape (n_channels, n_timepoints) or (1, 1)
        The limits of the values.
    """

    is_whole: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def apply(self, series: np.ndarray) -> np.ndarray:
        """Return a copy of series, clipped to the limits and rounded where `is_whole`."""
        series = np.clip(series, self.low, self.high)
        np.rint(series, out=series, where=self.is_whole)
        # -0.3 becomes -0.0; adding 0 removes the sign
        return np.add(series, 0.0, out=series, where=self.is_whole)


def fit_domains(
    series: np.ndarray, y: np.ndarray, labels: list[object], constrain: str
) -> dict[object, Domain]:
    """Find the possible values of each class from real series.

    Parameters
    ----------
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        All real series.
    y : ndarray of shape (n_samples,)
        Their labels.
    labels : list of label
        The classes.
    constrain : {"whole", "range", "both"}
        "whole" requires whole numbers in a channel where all series have them. "range" requires
        values in the range of the channel in the class, and the common value at a time step where
        all series of all classes are equal. "both" requires both.

    Returns
    -------
    dict of label to Domain
        Empty if every value is possible.
    """
    is_whole = np.zeros(series.shape[1], dtype=bool)
    if constrain != "range":
        is_whole = _have_whole_numbers(series)
    if constrain == "whole":
        no_limit = np.full((1, 1), np.inf)
        domain = Domain(is_whole[:, None], -no_limit, no_limit)
        return dict.fromkeys(labels, domain) if is_whole.any() else {}
    is_fixed = series.min(axis=0) == series.max(axis=0)
    domains = {}
    for label in labels:
        own = series[y == label]
        low, high = own.min(axis=(0, 2))[:, None], own.max(axis=(0, 2))[:, None]
        limits = (np.where(is_fixed, own[0], limit).astype(np.float64) for limit in (low, high))
        domains[label] = Domain(is_whole[:, None], *limits)
    return domains


def _have_whole_numbers(series: np.ndarray) -> np.ndarray:
    """Return which channels have only whole numbers, (n_channels,)."""
    is_whole = np.ones(series.shape[1], dtype=bool)
    for start in range(0, len(series), CHUNK):
        chunk = series[start : start + CHUNK, is_whole]
        is_whole[is_whole] = (chunk == np.rint(chunk)).all(axis=(0, 2))
        if not is_whole.any():
            break
    return is_whole


class ConstrainedGenerator:
    """Generate series, and clip and round their values to a domain."""

    def __init__(self, generator: Generator, domain: Domain):
        self.generator = generator
        self.domain = domain

    def draw(self, n_samples: int, seed: int) -> Iterator[Draw]:
        """Yield series in chunks, in float64."""
        for drawn in self.generator.draw(n_samples, seed):
            for start in range(0, len(drawn.series), CHUNK):
                chunk = drawn.take(slice(start, start + CHUNK))
                yield chunk._replace(series=self.domain.apply(chunk.series))

"""Spaces that networks work in: scaled series, or the principal components of a class."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from scipy.spatial.distance import cdist

from ganbats_sampler.adversarial.alignment import find_reference, find_shifts, shift, should_align
from ganbats_sampler.adversarial.components import find_components
from ganbats_sampler.series import DeviationScaler, RangeScaler

#: Number of nearest real series, by their components. One of them lends its residual.
N_NEIGHBORS = 5


def fit_range(series: np.ndarray, robust: bool) -> RangeScaler:
    """Find the range of each channel; `robust` leaves out outliers."""
    return RangeScaler.fit_robust(series) if robust else RangeScaler.fit(series)


class Space(Protocol):
    """A map from series, of one class or of all, to the values that networks model, and back.

    Series have shape (n_samples, n_channels, n_timepoints), in the units of the data.
    """

    @classmethod
    def fit(cls, series: np.ndarray, robust: bool) -> Space:
        """Learn the space; `robust` leaves outliers out of the range of each channel."""
        ...

    def for_class(self, series: np.ndarray) -> Space:
        """Return the space that decodes values to series of one class."""
        ...

    def encode(self, series: np.ndarray) -> np.ndarray:
        """Map series to the values that networks model, in float32.

        They have shape (n_samples, n_channels, n_timepoints) or (n_samples, 1, n_components).
        """
        ...

    def decode(self, values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Map values to series, in float64."""
        ...

    def network_options(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the parameters of the generator and discriminator that depend on the space."""
        ...


@dataclass(frozen=True)
class SeriesSpace:
    """The space of series, with the range of each channel scaled to [-1, 1].

    Parameters
    ----------
    scaler : RangeScaler
        The scaler, which has the range of each channel.
    """

    scaler: RangeScaler

    @classmethod
    def fit(cls, series: np.ndarray, robust: bool) -> SeriesSpace:
        """Find the range of each channel."""
        return cls(fit_range(series, robust))

    def for_class(self, series: np.ndarray) -> SeriesSpace:
        """Return this space, because it decodes every class in the same way."""
        return self

    def encode(self, series: np.ndarray) -> np.ndarray:
        """Clip series to the range, and scale them."""
        return self.scaler.transform(self.scaler.clip(series))

    def decode(self, values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Scale values back; `rng` is not used."""
        return self.scaler.inverse_transform(values)

    def network_options(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the number of channels, for both networks."""
        shape = {"n_channels": len(self.scaler.low)}
        return shape, shape


@dataclass(frozen=True)
class ComponentSpace:
    """The space of principal components of series, over all channels together.

    Aligned series of a class lie near a linear subspace. A network in this space models a few
    numbers per series instead of every time step. The residual that the components do not explain
    is mostly noise. A generated series takes the residual of a real one, chosen among the five
    whose components are nearest, so that its noise is real noise.

    Series that are not aligned, such as windows of a vibration, are first shifted to one reference
    if that helps (:func:`~ganbats_sampler.adversarial.alignment.should_align`). A generated series
    is shifted back by the shift of the real one that lends its residual.

    Components are half whitened: in units of the standard deviation of the first component, each is
    divided by the square root of its own standard deviation.

    Parameters
    ----------
    range : RangeScaler
        The range that series are clipped to first.
    scaler : DeviationScaler
        The scaler that makes the channels comparable.
    reference : ndarray of shape (n_channels, n_timepoints) or None
        The series that others are aligned to, scaled; None if they are not aligned.
    centre : ndarray of shape (n_values,)
        The mean series, flattened: n_values = n_channels * n_timepoints.
    axes : ndarray of shape (n_components, n_values)
        The flattened series that each component stands for.
    whitening : ndarray of shape (n_components,)
        The divisors of the components.
    components : ndarray of shape (n_real, n_components)
        The components of the real series of the class, not whitened.
    residuals : ndarray of shape (n_real, n_values), dtype=float32
        The parts of these series that the components do not explain.
    shifts : ndarray of shape (n_real,), dtype=int
        The number of time steps by which each of these series was shifted.
    shape : tuple of int
        The shape of a series, (n_channels, n_timepoints).
    """

    range: RangeScaler
    scaler: DeviationScaler
    reference: np.ndarray | None
    centre: np.ndarray
    axes: np.ndarray
    whitening: np.ndarray
    components: np.ndarray
    residuals: np.ndarray
    shifts: np.ndarray
    shape: tuple[int, int]

    @classmethod
    def fit(cls, series: np.ndarray, robust: bool) -> ComponentSpace:
        """Find the fewest components, at most 32, that explain .95 of the variance."""
        value_range = fit_range(series, robust)
        series = value_range.clip(series)
        scaler = DeviationScaler.fit(series)
        scaled, reference = scaler.transform(series), None
        if should_align(scaled):
            reference = find_reference(scaled)
            scaled = shift(scaled, find_shifts(scaled, reference))
        centre, axes, deviations = find_components(scaled.reshape(len(scaled), -1))
        first = deviations[0] if deviations[0] > 0 else 1.0
        whitening = first * np.sqrt(np.maximum(deviations / first, 1e-6))
        empty = np.empty((0, len(axes))), np.empty((0, len(centre)), dtype=np.float32)
        shifts, shape = np.zeros(0, dtype=int), series.shape[1:]
        space = cls(value_range, scaler, reference, centre, axes, whitening, *empty, shifts, shape)
        return space.for_class(series)

    def for_class(self, series: np.ndarray) -> ComponentSpace:
        """Return the space in which these real series lend their residuals."""
        centred, shifts = self._centred(series)
        components = centred @ self.axes.T
        residuals = (centred - components @ self.axes).astype(np.float32)
        return replace(self, components=components, residuals=residuals, shifts=shifts)

    def _centred(self, series: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Align series and subtract the mean; return the result and the shift of each series."""
        scaled = self.scaler.transform(self.range.clip(series))
        shifts = np.zeros(len(scaled), dtype=int)
        if self.reference is not None:
            shifts = find_shifts(scaled, self.reference)
            scaled = shift(scaled, shifts)
        return scaled.reshape(len(scaled), -1) - self.centre, shifts

    def encode(self, series: np.ndarray) -> np.ndarray:
        """Compute the half-whitened components of series, (n_samples, 1, n_components)."""
        components = self._centred(series)[0] @ self.axes.T / self.whitening
        return components[:, None].astype(np.float32)

    def decode(self, values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Turn components into series, and add the residual of a real neighbour drawn by `rng`."""
        components = values[:, 0].astype(np.float64) * self.whitening
        n_nearest = min(N_NEIGHBORS, len(self.components))
        distances = cdist(np.nan_to_num(components), self.components)
        nearest = np.argpartition(distances, n_nearest - 1, axis=1)[:, :n_nearest]
        lender = nearest[np.arange(len(nearest)), rng.integers(n_nearest, size=len(nearest))]
        flat = self.centre + components @ self.axes + self.residuals[lender]
        scaled = flat.reshape(-1, *self.shape)
        if self.reference is not None:
            scaled = shift(scaled, -self.shifts[lender])
        return self.scaler.inverse_transform(scaled)

    def network_options(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the number of components for the generator, and the axes for the discriminator."""
        axes = (self.whitening[:, None] * self.axes).astype(np.float32)
        return {"n_components": len(axes)}, {"axes": axes / max(axes.std(), 1e-12)}

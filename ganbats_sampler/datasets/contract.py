"""The Bunch that every data set returns, made and checked in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.utils import Bunch

#: The unit of a channel if the publisher states none.
NOT_STATED = "not stated"


@dataclass(frozen=True)
class Source:
    """The name, citation, licence and description of a data set."""

    name: str
    citation: str
    licence: str
    descr: str


def count_not_finite(values: np.ndarray) -> int:
    """Count the values that are NaN or infinite in float32.

    Examples
    --------
    >>> import numpy as np
    >>> count_not_finite(np.array([1.0, np.nan, 1e300]))
    2
    """
    with np.errstate(over="ignore"):
        return int((~np.isfinite(values.astype(np.float32))).sum())


def make_bunch(
    source: Source,
    data: np.ndarray | list[np.ndarray],
    target: Sequence[object] | np.ndarray,
    groups: Sequence[object] | np.ndarray,
    *,
    channels: Sequence[str],
    units: Sequence[str],
    sampling_rate: float | None,
    recordings: Sequence[object] | np.ndarray | None = None,
    dropped: Mapping[str, int] | None = None,
    **of_each_sample: Sequence[object] | np.ndarray,
) -> Bunch:
    """Make the Bunch that a ``load_*`` function returns, and check its content.

    Parameters
    ----------
    source : Source
        The name, citation, licence and description of the data set.
    data : ndarray of shape (n_samples, n_channels, n_timepoints), or list
        The series. A list may hold series of unequal length, each of shape
        (n_channels, n_timepoints).
    target : array-like of shape (n_samples,)
        The class of each sample; returned as str.
    groups : array-like of shape (n_samples,)
        The entity of each sample (patient, cell, bearing), for grouped splits.
    channels, units : sequence of str
        The name and the unit of each channel.
    sampling_rate : float or None
        The sampling rate in Hz. None if it is not constant or not known.
    recordings : array-like of shape (n_samples,), default=None
        The recording that each sample was cut from. If None, it is the entity in `groups`.
    dropped : mapping of str to int, default=None
        The number of samples that were left out, by reason.
    **of_each_sample : array-like of shape (n_samples,)
        More values for each sample, which become entries of the Bunch.

    Raises
    ------
    ValueError
        If no sample is left, lengths or shapes do not agree, values are NaN or infinite, or a
        recording belongs to two entities.
    """
    groups = np.asarray(groups)
    dropped = {reason: int(n) for reason, n in (dropped or {}).items() if n}
    arrays = {
        "target": np.asarray(target).astype(str),
        "groups": groups,
        "recordings": groups if recordings is None else np.asarray(recordings),
        **{name: np.asarray(values) for name, values in of_each_sample.items()},
    }
    if not isinstance(data, list):
        data = np.ascontiguousarray(data, dtype=np.float32)
    _check_series(source, data, channels, units)
    for name, values in arrays.items():
        if len(values) != len(data):
            raise ValueError(
                f"{source.name}: {name} has {len(values)} entries for {len(data)} samples."
            )
    _check_recordings(source, arrays["recordings"], groups)
    return Bunch(
        data=data,
        **arrays,
        channels=list(channels),
        units=list(units),
        sampling_rate=None if sampling_rate is None else float(sampling_rate),
        n_dropped=sum(dropped.values()),
        dropped=dropped,
        citation=source.citation,
        licence=source.licence,
        DESCR=_describe(source),
    )


def _describe(source: Source) -> str:
    heading = f"{source.name}\n{'-' * len(source.name)}"
    return f"{heading}\n\n{source.descr}\nLicence: {source.licence}\n\nCite: {source.citation}\n"


def _check_series(
    source: Source,
    data: np.ndarray | list[np.ndarray],
    channels: Sequence[str],
    units: Sequence[str],
) -> None:
    if not len(data):
        raise ValueError(f"{source.name}: no sample is left; read more of the data set.")
    if len(channels) != len(units):
        raise ValueError(f"{source.name}: {len(units)} units for {len(channels)} channels.")
    ndims = {np.ndim(series) for series in data}
    widths = {len(series) for series in data}
    if ndims != {2} or widths != {len(channels)}:
        raise ValueError(
            f"{source.name}: each series must be (n_channels={len(channels)}, n_timepoints); they "
            f"have {sorted(ndims)} dimensions and {sorted(widths)} channels."
        )
    for i, series in enumerate(data):
        if not np.isfinite(series).all():
            raise ValueError(f"{source.name}: sample {i} has values that are NaN or infinite.")


def _check_recordings(source: Source, recordings: np.ndarray, groups: np.ndarray) -> None:
    entity_of: dict[object, object] = {}
    for recording, group in zip(recordings.tolist(), groups.tolist(), strict=True):
        if entity_of.setdefault(recording, group) != group:
            raise ValueError(
                f"{source.name}: recording {recording!r} is given to the entities "
                f"{entity_of[recording]!r} and {group!r}; give each recording one entity, so that "
                "a split by entity does not divide it."
            )

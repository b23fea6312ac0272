"""Cut recordings into windows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from ganbats_sampler.datasets.parameters import check_whole


class Recording(NamedTuple):
    """One recording, of one class and one entity."""

    signal: np.ndarray  #: (n_channels, n_timepoints)
    label: str
    entity: str | int
    name: str | int  #: the name of the recording in the Bunch
    path: str  #: for error messages


def check_windows(window: int, step: int | None, max_windows: int | None) -> None:
    """Check the parameters of windows, before any recording is read."""
    check_whole("window", window)
    for name, value in {"step": step, "max_windows": max_windows}.items():
        if value is not None:
            check_whole(name, value)


def cut(
    signal: np.ndarray, window: int, step: int | None = None, max_windows: int | None = None
) -> np.ndarray:
    """Cut a recording into windows, of shape (n_windows, n_channels, window).

    A window starts every `step` time steps, or every `window` if `step` is None. At most
    `max_windows` are taken, spread evenly over the recording.

    Examples
    --------
    >>> import numpy as np
    >>> cut(np.arange(7)[None], window=3)
    array([[[0, 1, 2]],
           [[3, 4, 5]]])
    """
    n_channels, n_timepoints = signal.shape
    if n_timepoints < window:
        return np.empty((0, n_channels, window), dtype=signal.dtype)
    starts = np.arange(0, n_timepoints - window + 1, step or window)
    if max_windows is not None and max_windows < len(starts):
        starts = starts[np.linspace(0, len(starts) - 1, max_windows).round().astype(int)]
    every = np.lib.stride_tricks.sliding_window_view(signal, window, axis=1)
    return every[:, starts].transpose(1, 0, 2).copy()


def windows_of(
    recordings: Iterable[Recording],
    window: int,
    step: int | None = None,
    max_windows: int | None = None,
) -> dict[str, Any]:
    """Cut recordings into windows, and return them as arguments of :func:`make_bunch`.

    The arguments include the class, the entity and the recording of each window.

    Raises
    ------
    ValueError
        If a recording is shorter than a window.
    """
    parts, origins = [], []
    for recording in recordings:
        pieces = cut(recording.signal, window, step, max_windows)
        if not len(pieces):
            raise ValueError(
                f"{recording.path} has {recording.signal.shape[1]} time steps and window={window} "
                "was given; use a smaller window, or leave the recording out."
            )
        parts.append(pieces.astype(np.float32))
        origins.append((recording.label, recording.entity, recording.name))
    counts = [len(part) for part in parts]
    target, groups, names = (
        np.repeat(of_recordings, counts) for of_recordings in zip(*origins, strict=True)
    )
    return {
        "data": np.concatenate(parts),
        "target": target,
        "groups": groups,
        "recordings": names,
    }

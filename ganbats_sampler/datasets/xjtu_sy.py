"""XJTU-SY: bearings that ran until they failed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ganbats_sampler.datasets.contract import NOT_STATED, Source, count_not_finite, make_bunch
from ganbats_sampler.datasets.parameters import check_real, chosen
from ganbats_sampler.datasets.windows import Recording, check_windows, windows_of

RATE = 25_600
ROWS = 32_768
HEADER = "Horizontal_vibration_signals,Vertical_vibration_signals"

#: The life of each bearing in minutes, by speed and load. Each minute is a file: 9,216 in all.
MINUTES = {
    "35Hz12kN": (123, 161, 158, 122, 52),  # Bearing1_1 to Bearing1_5
    "37.5Hz11kN": (491, 161, 533, 42, 339),
    "40Hz10kN": (2538, 2496, 371, 1515, 114),
}
_BEARINGS = [
    (f"Bearing{i}_{j}", setting, life)
    for i, (setting, lives) in enumerate(MINUTES.items(), 1)
    for j, life in enumerate(lives, 1)
]
SETTING_OF = {bearing: setting for bearing, setting, _ in _BEARINGS}
LIFE_OF = {bearing: life for bearing, _, life in _BEARINGS}

HOW_TO_GET = (
    "The publishers offer XJTU-SY only on cloud drives, linked from "
    "https://biaowang.tech/xjtu-sy-bearing-datasets/: download and unpack it by hand, to files "
    "such as 35Hz12kN/Bearing1_1/1.csv."
)

SOURCE = Source(
    name="XJTU-SY Bearing",
    citation="""\
Wang, B., Lei, Y., Li, N., Li, N. (2020). A Hybrid Prognostics Approach for Estimating Remaining
Useful Life of Rolling Element Bearings. IEEE Transactions on Reliability, 69(1), 401-412.""",
    licence="None stated; the publishers ask to be cited",
    descr="""\
15 rolling element bearings at three settings of speed and load, each run until it failed. Two
accelerometers, horizontal and vertical, recorded 1.28 s of every minute at 25.6 kHz. The files
state no unit. A sample is a window of one such minute.

No minute is labelled, so a rule sets the target. The first part of a life (healthy_share) is
"healthy", and the last part (failing_share) is "failing". The minutes between are left out, because
nobody knows when the damage began. A bearing may fail suddenly, or early: the rule is a convention,
not a diagnosis.

The groups are the bearings, and the recordings are their minutes. Windows of one bearing resemble
each other, so split by group.
""",
)


def load_xjtu_sy(
    folder: str | os.PathLike[str],
    *,
    bearings: str | Iterable[str] = "all",
    healthy_share: float = 0.25,
    failing_share: float = 0.1,
    window: int = 1024,
    step: int | None = None,
    max_windows: int | None = 4,
    return_X_y: bool = False,
) -> Any:
    """Read the first and the last minutes in the lives of XJTU-SY's bearings.

    Parameters
    ----------
    folder : path-like
        The folder that holds ``35Hz12kN/Bearing1_1/1.csv`` and so on, as published.
    bearings : str or iterable of str, default="all"
        The bearings to read, such as ["Bearing1_1", "Bearing2_4"], or "all" for all 15.
    healthy_share : float, default=0.25
        The share of a life, from its start, that is "healthy". It is at least one minute.
    failing_share : float, default=0.1
        The share of a life, up to its end, that is "failing". It is at least one minute. Both
        shares must be above 0, and their sum at most 1.
    window : int, default=1024
        The number of time steps in a window; 1024 last 40 ms.
    step : int, default=None
        The number of time steps from the start of one window to the start of the next. If None,
        it is `window`.
    max_windows : int or None, default=4
        The largest number of windows to take from a minute, spread evenly over it. If None, take
        all.
    return_X_y : bool, default=False
        If True, return ``(data, target)`` instead of a Bunch.

    Returns
    -------
    Bunch
        data : ndarray of shape (n_samples, 2, window), float32
            The horizontal and the vertical acceleration.
        target : ndarray of shape (n_samples,), str
            The class of each window, "healthy" or "failing".
        groups : ndarray of shape (n_samples,), str
            The bearing of each window.
        recordings : ndarray of shape (n_samples,), str
            The minute of each window, such as "Bearing1_1/1".
        channels, units, sampling_rate, citation, licence, DESCR
            As in every data set; the user guide describes them.

    Raises
    ------
    FileNotFoundError
        If files are missing; the message says where to get them.
    ValueError
        If a file is damaged or not from this data set, or the value of a parameter is not allowed.

    References
    ----------
    Wang, B., Lei, Y., Li, N., Li, N. (2020). A Hybrid Prognostics Approach for Estimating
    Remaining Useful Life of Rolling Element Bearings. IEEE Transactions on Reliability, 69(1).

    Examples
    --------
    >>> windows = load_xjtu_sy("XJTU-SY", bearings=["Bearing2_4"])  # doctest: +SKIP
    >>> windows.data.shape  # doctest: +SKIP
    (56, 2, 1024)
    """
    check_windows(window, step, max_windows)
    _check_shares(healthy_share, failing_share)
    names = chosen("bearings", bearings, list(LIFE_OF), {"all": LIFE_OF})
    folder = Path(folder).expanduser()
    classes = {name: _classes_of(LIFE_OF[name], healthy_share, failing_share) for name in names}
    paths = [_path(name, minute, folder) for name in names for minute in classes[name]]
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise FileNotFoundError(
            f"{len(missing)} files are missing, starting with {missing[0]}. {HOW_TO_GET}"
        )
    cut = windows_of(_recordings(folder, classes), window, step, max_windows)
    bunch = make_bunch(
        SOURCE,
        **cut,
        channels=["horizontal acceleration", "vertical acceleration"],
        units=[NOT_STATED] * 2,
        sampling_rate=RATE,
    )
    return (bunch.data, bunch.target) if return_X_y else bunch


def _check_shares(healthy: float, failing: float) -> None:
    check_real("healthy_share", healthy, 0, 1, "")
    check_real("failing_share", failing, 0, 1, "")
    if not healthy or not failing or healthy + failing > 1:
        raise ValueError(
            f"healthy_share={healthy} and failing_share={failing} were given; both must be above 0 "
            "and their sum at most 1."
        )


def _classes_of(life: int, healthy_share: float, failing_share: float) -> dict[int, str]:
    """Return the class of each minute that has one; minutes count from 1."""
    n_healthy = max(1, int(life * healthy_share))
    n_failing = max(1, int(life * failing_share))
    healthy = {minute: "healthy" for minute in range(1, n_healthy + 1)}
    return healthy | {minute: "failing" for minute in range(life - n_failing + 1, life + 1)}


def _path(bearing: str, minute: int, folder: Path) -> Path:
    return folder / SETTING_OF[bearing] / bearing / f"{minute}.csv"


def _recordings(folder: Path, classes: dict[str, dict[int, str]]) -> Iterator[Recording]:
    for bearing, by_minute in classes.items():
        for minute, label in by_minute.items():
            path = _path(bearing, minute, folder)
            yield Recording(_read_minute(path), label, bearing, f"{bearing}/{minute}", str(path))


def _read_minute(path: Path) -> np.ndarray:
    """Return the signals of one minute, of shape (2, 32768)."""
    try:
        header, *lines = path.read_text(encoding="utf-8-sig").splitlines() or [""]
        if header.replace(" ", "") != HEADER:
            raise ValueError(f"its first line is {header[:80]!r}, not {HEADER!r}")
        rows = (
            np.loadtxt(lines, delimiter=",", ndmin=2, comments=None) if lines else np.empty((0, 2))
        )
        if rows.shape != (ROWS, 2):
            raise ValueError(
                f"it has {rows.shape[0]} rows of {rows.shape[1]} values, not {ROWS} of 2"
            )
        if n_bad := count_not_finite(rows):
            raise ValueError(f"{n_bad} values are NaN or infinite in float32")
    except ValueError as error:  # a UnicodeDecodeError is a ValueError
        raise ValueError(
            f"{path} is not a minute of XJTU-SY ({error}): it is cut short, damaged, or another "
            "kind of file. Get it again."
        ) from error
    return rows.T

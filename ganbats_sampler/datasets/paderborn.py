"""Paderborn University's bearings: vibration and motor current, healthy and damaged."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ganbats_sampler.datasets.contract import NOT_STATED, Source, make_bunch
from ganbats_sampler.datasets.files import find_mat_files, only_one
from ganbats_sampler.datasets.matfiles import field, read_variable, vector
from ganbats_sampler.datasets.parameters import chosen
from ganbats_sampler.datasets.windows import Recording, check_windows, windows_of

RATE = 64_000
#: The units of the channels at this rate, by their names in the files.
UNITS = {"vibration_1": NOT_STATED, "phase_current_1": "A", "phase_current_2": "A"}
#: Largest difference in length between the channels of a measurement, 1 ms. Longer channels are
#: cut to the shortest.
MAX_LAG = 64
#: Speed (N15: 1500 rpm), torque (M07: 0.7 Nm) and radial force (F10: 1000 N).
SETTINGS = ("N15_M07_F10", "N09_M07_F10", "N15_M01_F10", "N15_M07_F04")
FILE_NAME = re.compile(r"(?P<setting>N\d\d_M\d\d_F\d\d)_(?P<bearing>K[0AIB]\d\d)_(?P<number>\d+)")
#: The bearings that were measured, by the first letters of their names.
BEARINGS = {
    "K0": "01 02 03 04 05 06",
    "KA": "01 03 04 05 06 07 08 09 15 16 22 30",
    "KB": "23 24 27",
    "KI": "01 03 04 05 07 08 14 16 17 18 21",
}
CLASS_OF = {"K0": "healthy", "KA": "outer", "KI": "inner", "KB": "combined"}

HOW_TO_GET = (
    "The publisher offers one .rar archive for each bearing at "
    "https://groups.uni-paderborn.de/kat/BearingDataCenter/. Python cannot unpack them: download "
    "and unpack them by hand, to files such as KA01/N15_M07_F10_KA01_1.mat."
)

SOURCE = Source(
    name="Paderborn Bearing DataCenter",
    citation="""\
Lessmeier, C., Kimotho, J. K., Zimmer, D., Sextro, W. (2016). Condition Monitoring of Bearing Damage
in Electromechanical Drive Systems by Using Motor Current Signals of Electric Motors: A Benchmark
Data Set for Data-Driven Classification. European Conference of the PHM Society.""",
    licence="CC BY-NC 4.0",
    descr="""\
32 ball bearings of type 6203 in a test rig: 6 healthy, 12 with artificial damage, and 14 with real
damage from accelerated lifetime tests.
Each was measured 20 times for 4 s in each of four settings of speed, torque and radial force. A
sample is a window of one measurement. The channels, at 64 kHz, are the vibration of the housing
(vibration_1, without a stated unit) and two phase currents of the motor (A).

The target is the location of the damage: healthy (K001 to K006), outer race (KA), inner race (KI)
or both (KB). Artificial and real damage are in the same class.

The groups are the bearings, and the recordings are the measurements. Windows of one bearing
resemble each other in all settings, so split by group.
""",
)


def load_paderborn(
    folder: str | os.PathLike[str],
    *,
    bearings: str | Iterable[str] = "all",
    settings: str | Sequence[str] = ("N15_M07_F10",),
    channels: str | Sequence[str] = ("vibration_1",),
    window: int = 2048,
    step: int | None = None,
    max_windows: int | None = 16,
    return_X_y: bool = False,
) -> Any:
    """Read the measurements in Paderborn University's published files.

    Parameters
    ----------
    folder : path-like
        The folder that holds ``KA01/N15_M07_F10_KA01_1.mat`` and so on, as unpacked, directly or in
        subfolders. A measurement that is in two folders is read once.
    bearings : str or iterable of str, default="all"
        The bearings to read, such as ["K001", "KA01"], or "all" for all bearings in the folder.
    settings : str or sequence of str, default=("N15_M07_F10",)
        The settings of speed, torque and force to read: N15_M07_F10, N09_M07_F10, N15_M01_F10,
        N15_M07_F04, or several of them.
    channels : str or sequence of str, default=("vibration_1",)
        The channels to read: vibration_1, phase_current_1, phase_current_2, or several of them.
    window : int, default=2048
        The number of time steps in a window; 2048 last 32 ms.
    step : int, default=None
        The number of time steps from the start of one window to the start of the next. If None,
        it is `window`.
    max_windows : int or None, default=16
        The largest number of windows to take from a measurement, spread evenly over it. If None,
        take all.
    return_X_y : bool, default=False
        If True, return ``(data, target)`` instead of a Bunch.

    Returns
    -------
    Bunch
        data : ndarray of shape (n_samples, n_channels, window), float32
            The requested channels, in the order of `channels`.
        target : ndarray of shape (n_samples,), str
            The class of each window: "healthy", "outer", "inner" or "combined".
        groups : ndarray of shape (n_samples,), str
            The bearing of each window.
        recordings : ndarray of shape (n_samples,), str
            The measurement of each window, such as "N15_M07_F10_KA01_1".
        channels, units, sampling_rate, citation, licence, DESCR
            As in every data set; the user guide describes them.

    Raises
    ------
    FileNotFoundError
        If files are missing; the message says where to get them.
    ValueError
        If a file is damaged or not from this data set, or the value of a parameter is not allowed.

    Notes
    -----
    One published file, ``KA08/N15_M01_F10_KA08_2.mat``, is known to be damaged. It is refused like
    any other damaged file. Remove it to read the rest of KA08 in that setting.

    References
    ----------
    Lessmeier, C., Kimotho, J. K., Zimmer, D., Sextro, W. (2016). Condition Monitoring of Bearing
    Damage in Electromechanical Drive Systems by Using Motor Current Signals of Electric Motors.
    European Conference of the PHM Society.

    Examples
    --------
    >>> windows = load_paderborn("paderborn", bearings=["K001", "KA01"])  # doctest: +SKIP
    >>> windows.data.shape  # doctest: +SKIP
    (640, 1, 2048)
    """
    check_windows(window, step, max_windows)
    channels = chosen("channels", channels, list(UNITS))
    settings = chosen("settings", settings, SETTINGS)
    paths = _find(Path(folder).expanduser(), bearings, settings)
    cut = windows_of(_recordings(paths, channels), window, step, max_windows)
    bunch = make_bunch(
        SOURCE,
        **cut,
        channels=channels,
        units=[UNITS[channel] for channel in channels],
        sampling_rate=RATE,
    )
    return (bunch.data, bunch.target) if return_X_y else bunch


class _Measurement(NamedTuple):
    """The bearing, the setting and the number in a file name."""

    bearing: str
    setting: str
    number: int


def _measurement_of(stem: str) -> _Measurement | None:
    match = FILE_NAME.fullmatch(stem)
    return match and _Measurement(match["bearing"], match["setting"], int(match["number"]))


def _find(folder: Path, bearings: str | Iterable[str], settings: list[str]) -> list[Path]:
    """Find the files of the measurements, sorted by bearing, setting and number."""
    found = find_mat_files(folder, _measurement_of)
    there = sorted({one.bearing for one in found})
    known = [kind + number for kind, numbers in BEARINGS.items() for number in numbers.split()]
    wanted = chosen("bearings", bearings, sorted({*known, *there}), {"all": there})
    pairs = [(bearing, setting) for bearing in wanted for setting in settings]
    pairs_there = {one[:2] for one in found}
    if not wanted or not set(pairs) <= pairs_there:
        missing = [f"{bearing} in {s}" for bearing, s in pairs if (bearing, s) not in pairs_there]
        raise FileNotFoundError(
            f"{folder} has no measurement of {', '.join(missing) or 'any bearing'}. {HOW_TO_GET}"
        )
    chosen_ones = sorted(
        (one for one in found if one[:2] in set(pairs)),
        key=lambda one: (wanted.index(one.bearing), one.setting, one.number),
    )
    return [only_one(found[one]) for one in chosen_ones]


def _recordings(paths: list[Path], channels: list[str]) -> Iterator[Recording]:
    for path in paths:
        bearing = FILE_NAME.fullmatch(path.stem)["bearing"]  # type: ignore[index]
        signal = _read_measurement(path, channels)
        yield Recording(signal, CLASS_OF[bearing[:2]], bearing, path.stem, str(path))


def _read_measurement(path: Path, channels: list[str]) -> np.ndarray:
    """Return the signals of one measurement, of shape (n_channels, n_timepoints)."""
    measured = {}
    for i, channel in enumerate(np.ravel(field(path, read_variable(path), "Y", path.stem))):
        name = "".join(np.ravel(field(path, channel, "Name", f"Y({i + 1})")).astype(str))
        measured[name] = field(path, channel, "Data", f"Y({i + 1})")
    if missing := [channel for channel in channels if channel not in measured]:
        raise ValueError(f"{path} lacks the channels {missing}; it has {sorted(measured)}.")
    signals = [vector(path, measured[channel], channel) for channel in channels]
    lengths = {channel: len(signal) for channel, signal in zip(channels, signals, strict=True)}
    shortest = min(lengths.values())
    if max(lengths.values()) - shortest > MAX_LAG:
        raise ValueError(
            f"{path}: the channels have unequal lengths {lengths}; get the file again."
        )
    return np.array([signal[:shortest] for signal in signals])

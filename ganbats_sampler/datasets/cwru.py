"""Case Western Reserve University's bearing data: faults at the drive end, 12 kHz."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import resample_poly

from ganbats_sampler.datasets.contract import NOT_STATED, Source, make_bunch
from ganbats_sampler.datasets.cwru_table import CWRU_12K, NUMBER_WITHIN, number_of
from ganbats_sampler.datasets.download import data_folder, download_recorded
from ganbats_sampler.datasets.files import find_mat_files, only_one
from ganbats_sampler.datasets.matfiles import read_mat, vector
from ganbats_sampler.datasets.parameters import check_real, chosen
from ganbats_sampler.datasets.windows import Recording, check_windows, windows_of

BASE_URL = "https://engineering.case.edu/sites/default/files/"
RATE = 12_000
SENSORS = {"DE": "drive end acceleration", "FE": "fan end acceleration"}
SETS = {
    "all": list(CWRU_12K),
    **{f"{load}hp": [n for n, one in CWRU_12K.items() if one.load == load] for load in range(4)},
}

SOURCE = Source(
    name="CWRU Bearing",
    citation="""\
Case Western Reserve University Bearing Data Center,
https://engineering.case.edu/bearingdatacenter; on its faults: Smith, W. A., Randall, R. B. (2015).
Rolling element bearing diagnostics using the Case Western Reserve University data: A benchmark
study. Mechanical Systems and Signal Processing, 64-65, 100-131.""",
    licence="None stated; the publisher asks to be cited",
    descr="""\
Vibration of a 2 hp motor with normal and faulty bearings. The faults, 7 to 28 thousandths of an
inch in diameter, were made by electrical discharge. The set has the 12 kHz recordings of faults at
the drive end, and the normal recordings. A sample is a window of one recording, from the
accelerometer at the drive end, the fan end, or both. The files state no unit.

The target is the location of the fault: normal, inner (race), ball or outer (race).

The publisher does not state the sampling rate of the normal recordings. If 97.mat is read at 48
kHz, its spectral lines from the motor match those of the faulty recordings at 12 kHz (119.9, 147.7,
161.6, 177.7 and 191.6 Hz). If it is read at 12 kHz, they do not match. So the normal recordings are
taken to be at 48 kHz, and are resampled to 12 kHz. Without resampling, a classifier could recognise
them by the rate alone.

The groups are the recordings. Each bearing was recorded at four loads, and these recordings
resemble each other. A split by `bearings` keeps them together, and is stricter. But there is only
one normal bearing, so such a split has all normal windows on one side.
""",
)


def load_cwru(
    folder: str | os.PathLike[str],
    *,
    recordings: str | int | Iterable[int | str] = "all",
    sensors: str | Sequence[str] = ("DE",),
    normal_rate: float = 48_000,
    window: int = 1024,
    step: int | None = None,
    max_windows: int | None = None,
    return_X_y: bool = False,
) -> Any:
    """Read the numbered files of the bearing data center of Case Western Reserve University.

    Parameters
    ----------
    folder : path-like
        The folder that holds ``97.mat``, ``105.mat`` and so on, directly or in subfolders. Other
        common names are found as well, such as ``IR007_0.mat`` and
        ``12k_Drive_End_IR007_0_105.mat``.
    recordings : {"all", "0hp", "1hp", "2hp", "3hp"}, int or iterable of int, default="all"
        The recordings to read: all 64, those at one load, or those with the given numbers.
        ``CWRU_12K`` lists the numbers.
    sensors : str or sequence of str, default=("DE",)
        The accelerometers to read: "DE" (drive end), "FE" (fan end) or both. Recordings of faults
        of 28 thousandths of an inch have only "DE".
    normal_rate : float, default=48000
        The sampling rate of the normal recordings in Hz, from 12000 to 192000. They are resampled
        from this rate to 12 kHz, so 12000 leaves them unchanged. The publisher does not state the
        rate; ``DESCR`` explains the default.
    window : int, default=1024
        The number of time steps in a window; 1024 at 12 kHz last 85 ms.
    step : int, default=None
        The number of time steps from the start of one window to the start of the next. If None,
        it is `window`.
    max_windows : int or None, default=None
        The largest number of windows to take from a recording, spread evenly over it. If None,
        take all.
    return_X_y : bool, default=False
        If True, return ``(data, target)`` instead of a Bunch.

    Returns
    -------
    Bunch
        data : ndarray of shape (n_samples, n_channels, window), float32
            The acceleration.
        target : ndarray of shape (n_samples,), str
            The class of each window: "normal", "inner", "ball" or "outer".
        groups : ndarray of shape (n_samples,), int
            The number of the recording of each window; `recordings` is the same.
        bearings : ndarray of shape (n_samples,), str
            The bearing of each window as fault, size and position, such as "outer-7-6".
        loads : ndarray of shape (n_samples,), int
            The load of the motor in horsepower.
        channels, units, sampling_rate, citation, licence, DESCR
            As in every data set; the user guide describes them.

    Raises
    ------
    FileNotFoundError
        If files are missing.
    ValueError
        If a file is damaged, is not from this data set or lacks a sensor, or if the value of a
        parameter is not allowed.

    References
    ----------
    Smith, W. A., Randall, R. B. (2015). Rolling element bearing diagnostics using the Case Western
    Reserve University data: A benchmark study. Mechanical Systems and Signal Processing, 64-65.

    Examples
    --------
    >>> windows = load_cwru("cwru", recordings=[97, 105])  # doctest: +SKIP
    >>> windows.data.shape  # doctest: +SKIP
    (177, 1, 1024)
    """
    check_windows(window, step, max_windows)
    numbers = chosen("recordings", recordings, list(CWRU_12K), SETS)
    sensors = chosen("sensors", sensors, list(SENSORS))
    check_real("normal_rate", normal_rate, RATE, 16 * RATE, " Hz")
    folder = Path(folder).expanduser()
    paths = find_mat_files(folder, number_of)
    if missing := [number for number in numbers if number not in paths]:
        raise FileNotFoundError(
            f"{folder} lacks the .mat files of recordings {missing}. fetch_cwru() downloads them; "
            "or choose the recordings that you have, such as recordings=[97, 105]."
        )
    recorded = _recordings({number: paths[number] for number in numbers}, sensors, normal_rate)
    cut = windows_of(recorded, window, step, max_windows)
    of_window = [CWRU_12K[number] for number in cut["recordings"].tolist()]
    bunch = make_bunch(
        SOURCE,
        **cut,
        channels=[SENSORS[sensor] for sensor in sensors],
        units=[NOT_STATED] * len(sensors),
        sampling_rate=RATE,
        bearings=[one.bearing for one in of_window],
        loads=[one.load for one in of_window],
    )
    return (bunch.data, bunch.target) if return_X_y else bunch


def fetch_cwru(
    *,
    data_home: str | os.PathLike[str] | None = None,
    recordings: str | int | Iterable[int | str] = "all",
    base_url: str = BASE_URL,
    checksums: Mapping[str, str] | None = None,
    **load_options: Any,
) -> Any:
    """Download the CWRU recordings that are missing, and read them.

    The publisher gives no checksums. So the checksum of each file is recorded when it is first
    downloaded, and later calls compare the file with it. Pass `checksums` to verify the first
    download too. If the publisher changes a file, remove your copy and its line in
    ``SHA256SUMS.txt`` to accept the new version. An interrupted download continues where it
    stopped.

    Parameters
    ----------
    data_home : path-like, default=None
        The folder in which the files are kept, in a subfolder ``cwru``. If None, it is the value of
        the environment variable ``GANBATS_SAMPLER_DATA``, or a folder in the user's cache.
    recordings : {"all", "0hp", "1hp", "2hp", "3hp"}, int or iterable of int, default="all"
        The recordings to download and read, of 1 to 8 MB each.
    base_url : str
        The address of the folder with the publisher's files, or of a mirror of it.
    checksums : mapping of str to str, default=None
        The SHA-256 checksums that you know, by file name, such as ``{"97.mat": "..."}``.
    **load_options
        Further parameters of :func:`load_cwru`.

    Returns
    -------
    Bunch
        See :func:`load_cwru`.

    Raises
    ------
    ganbats_sampler.datasets.download.DownloadError
        If a file cannot be downloaded, is not a MATLAB file, or does not have its checksum.
    """
    folder = data_folder(data_home, "cwru")
    numbers = chosen("recordings", recordings, list(CWRU_12K), SETS)
    download_recorded(
        base_url.rstrip("/") + "/",
        folder,
        [f"{number}.mat" for number in numbers],
        "CWRU",
        checksums=checksums,
        starts_with=b"MATLAB",
    )
    return load_cwru(folder, recordings=numbers, **load_options)


def _recordings(
    paths: dict[int, list[Path]], sensors: list[str], normal_rate: float
) -> Iterator[Recording]:
    for number, candidates in paths.items():
        path, content = _read(candidates, number)
        fault = CWRU_12K[number].fault
        signal = _signals(path, content, number, sensors)
        if fault == "normal" and normal_rate != RATE:
            ratio = Fraction(RATE / normal_rate).limit_denominator(1000)
            signal = resample_poly(signal, ratio.numerator, ratio.denominator, axis=1)
        yield Recording(signal, fault, number, number, str(path))


def _prefix(number: int) -> str:
    """Return the beginning of the names of a recording's variables."""
    return f"X{NUMBER_WITHIN.get(number, number):03d}"


def _read(paths: list[Path], number: int) -> tuple[Path, dict[str, Any]]:
    """Choose the file of a recording among those with its name, and read it.

    Recordings at the fan end or at 48 kHz can also have a name such as ``IR007_0.mat``. The names
    of the variables identify the recording.
    """
    contents = {path: read_mat(path) for path in paths}
    own = [path for path in paths if any(n.startswith(_prefix(number)) for n in contents[path])]
    if not own:
        raise ValueError(
            f"{paths[0]} is not recording {number}, whose variables begin with {_prefix(number)}; "
            f"it holds {sorted(contents[paths[0]])}. It is another file or was renamed: get the "
            "file again, or leave the recording out."
        )
    path = only_one(own)
    return path, contents[path]


def _signals(path: Path, content: dict[str, Any], number: int, sensors: list[str]) -> np.ndarray:
    """Return the signals of one recording, of shape (n_channels, n_timepoints)."""
    names = [f"{_prefix(number)}_{sensor}_time" for sensor in sensors]
    if missing := [name for name in names if name not in content]:
        raise ValueError(
            f"{path} has no {missing[0]}; it holds {sorted(content)}. Choose another sensor, or "
            "leave the recording out."
        )
    signals = [vector(path, content[name], name) for name in names]
    if len({len(signal) for signal in signals}) > 1:
        lengths = dict(zip(sensors, map(len, signals), strict=True))
        raise ValueError(f"{path}: the sensors have unequal lengths {lengths}.")
    return np.array(signals)

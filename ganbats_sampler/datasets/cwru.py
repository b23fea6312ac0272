"""Case Western Reserve University's bearings, with faults at the drive end, 12 kHz."""

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
A motor of 2 hp whose bearings were given faults of 7 to 28 thousandths of an inch by electrical
discharge: the set with faults at the drive end, recorded at 12 kHz, and the normal recordings. A
sample is a window of one recording, of the accelerometers at the drive end or the fan end. The
files state no unit.

The target is where the fault is: normal, inner (race), ball or outer (race).

The publisher does not say at what rate the normal recordings were made. Read at 48 kHz, 97.mat has
the lines of the motor where the faulty recordings at 12 kHz have them (119.9, 147.7, 161.6, 177.7
and 191.6 Hz), and at 12 kHz it has not. So they are taken to be at 48 kHz and resampled to 12 kHz;
left as they are, a classifier could tell them by the rate alone.

The groups are the recordings. The same bearing was recorded at four loads, and those recordings
resemble each other: `bearings` holds what they have in common. Splitting by it is stricter, and
leaves but one normal bearing, so that normal windows cannot be on both sides.
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
        Holds ``97.mat``, ``105.mat`` and so on, there or in folders below. Other common names are
        found as well, such as ``IR007_0.mat`` and ``12k_Drive_End_IR007_0_105.mat``.
    recordings : {"all", "0hp", "1hp", "2hp", "3hp"}, int or iterable of int, default="all"
        Which files: all 64, those of one load, or by their numbers, which are in ``CWRU_12K``.
    sensors : str or sequence of str, default=("DE",)
        The accelerometers, of "DE" (drive end) and "FE" (fan end). Faults of 28 thousandths of an
        inch have "DE" alone.
    normal_rate : float, default=48000
        The sampling rate of the normal recordings in Hz, from 12000 to 192000. They are resampled
        from it to 12 kHz; 12000 leaves them as they are. The publisher does not state it: see
        DESCR.
    window : int, default=1024
        Samples in a window, at 12 kHz; 1024 are 85 ms.
    step : int, default=None
        Samples from the start of one window to that of the next; None for `window`.
    max_windows : int or None, default=None
        Take at most so many of a recording, spread over it. None for all.
    return_X_y : bool, default=False
        Return ``(data, target)`` instead of a Bunch.

    Returns
    -------
    Bunch
        data : ndarray of shape (n_samples, n_channels, window), float32
            The acceleration.
        target : ndarray of shape (n_samples,), str
            "normal", "inner", "ball" or "outer".
        groups : ndarray of shape (n_samples,), int
            The recording of each window, by its number; it is `recordings` as well.
        bearings : ndarray of shape (n_samples,), str
            The bearing of each window, as "outer-7-6": fault, size, position.
        loads : ndarray of shape (n_samples,), int
            The load of the motor, in horse powers.
        channels, units, sampling_rate, citation, licence, DESCR
            As for every data set: see the user guide.

    Raises
    ------
    FileNotFoundError
        If files are missing.
    ValueError
        If a file is damaged, not one of the data center's, or lacks a sensor, or a parameter is
        none of those allowed.

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
            "recordings=[97, 105] reads those alone."
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
    """Download CWRU's recordings, as far as needed, and read them.

    The publisher gives no checksums. What a file hashes to when it first arrives is recorded, and
    it is held to that from then on; whether the first arrival was right, only `checksums` of your
    own can say. Should the publisher change a file, remove its line from ``SHA256SUMS.txt`` to take
    it as it is now. A download that was cut off goes on where it stopped.

    Parameters
    ----------
    data_home : path-like, default=None
        Where to keep the files, in a folder ``cwru``. None for the environment variable
        ``GANBATS_SAMPLER_DATA``, or else the user's cache folder.
    recordings : {"all", "0hp", "1hp", "2hp", "3hp"}, int or iterable of int, default="all"
        Which to fetch and read; one is 3 to 8 MB.
    base_url : str
        A mirror in the publisher's layout.
    checksums : mapping of str to str, default=None
        SHA-256 by file name, as ``{"97.mat": "..."}``, where you know it.
    **load_options
        Parameters of :func:`load_cwru`, whose Bunch is returned.

    Raises
    ------
    ganbats_sampler.datasets.download.DownloadError
        If a file cannot be had, is no MATLAB file, or is not what it should be.
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
    """Return how the variables of a recording begin."""
    return f"X{NUMBER_WITHIN.get(number, number):03d}"


def _read(paths: list[Path], number: int) -> tuple[Path, dict[str, Any]]:
    """Read the file of a recording, of several that have its name.

    Names such as ``IR007_0.mat`` are those of recordings at the fan end or at 48 kHz as well: the
    variables tell which is which.
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
    """Signals of one recording, (n_channels, n_timepoints)."""
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

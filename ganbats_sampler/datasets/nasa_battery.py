"""NASA's lithium-ion batteries: discharges, by condition or by what is left of the capacity."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from ganbats_sampler.datasets.archives import unpack_zip
from ganbats_sampler.datasets.contract import Source, make_bunch
from ganbats_sampler.datasets.download import (
    DownloadError,
    data_folder,
    download,
    is_complete,
    read_checksums,
    write_checksums,
)
from ganbats_sampler.datasets.nasa_cycles import (
    CHANNELS,
    LOADED,
    MIN_POINTS_PER_LEVEL,
    Discharge,
    read_battery,
)
from ganbats_sampler.datasets.nasa_files import find_batteries
from ganbats_sampler.datasets.parameters import check_whole
from ganbats_sampler.warn import warn

URL = "https://phm-datasets.s3.amazonaws.com/NASA/5.+Battery+Data+Set.zip"
#: NASA publishes no checksum; this is what independent users report of the archive.
SHA256 = "82302a7db4fc1b34e0b6676326610438d43b816bdf11a69d1d012a464ef2f92e"
#: The archive is 210 MB; what it unpacks to is bounded by this.
MAX_UNPACKED = 4 << 30

MIN_POINTS = 10  #: a discharge of fewer was broken off at once
END_OF_LIFE = 1.4  #: Ah, 30% less than the rated 2 Ah, where the experiments were to stop
BROKEN_OFF = 0.5  #: Ah; what discharged less was not discharged to its end

SOURCE = Source(
    name="NASA Li-ion Battery Aging",
    citation="""\
Saha, B., Goebel, K. (2007). Battery Data Set. NASA Prognostics Data Repository, NASA Ames Research
Center, Moffett Field, CA.""",
    licence="None stated; a data set of the US government, to be cited when it is used",
    descr=f"""\
34 lithium-ion cells of size 18650, charged and discharged in turn until they had lost part of their
capacity. A sample is one discharge: voltage (V), current (A, negative while discharging) and
temperature of the cell (degC). Steps are not equally spaced in time, and discharges last between
minutes and hours.

By condition, the target is the ambient temperature and the discharge current, "24C-2A" for one. The
temperature is the file's, of each cycle. The files do not state the current: it is the median of
the measured values above {LOADED} A and above half of the highest, in whole amperes. A load that is
switched on and off has classes of its own, such as "24C-4A-square". By capacity, the target is
"faded" below {END_OF_LIFE} Ah and "healthy" else. Cold and a high current take capacity as well: do
not compare cells across conditions by it.

B0025 to B0028 were discharged by a square wave of 0.05 Hz, and measured about every 10 s, which is
half its period. So their measured current and voltage switch at nearly every point, at moments that
say more about the sampling than about the cell. A warning says so when such cells are loaded. Leave
them out, unless you use the temperature alone or look at each level separately.

Discharges of fewer than {MIN_POINTS} points are left out, and so are those that no load was put on;
by capacity, also those without a measured capacity or with less than {BROKEN_OFF} Ah, which were
broken off. Discharges with values that cannot be true are left out with a warning: a time that
stands still, or a temperature, voltage, current or capacity that such a cell cannot have.
`n_dropped` counts them all, and `dropped` by reason.

The groups are the cells. Discharges of one cell resemble each other: split by group.
""",
)


def load_nasa_battery(
    folder: str | os.PathLike[str],
    *,
    batteries: str | Iterable[str] = "all",
    classes: str = "condition",
    n_timepoints: int | None = 128,
    return_X_y: bool = False,
) -> Any:
    """Read the discharges of NASA's published battery files.

    Parameters
    ----------
    folder : path-like
        Holds ``B0005.mat`` and so on, as published, there or in folders below. A cell whose file
        lies in two folders, as some of the publisher's do, is read once. Zips must be unpacked.
    batteries : str or iterable of str, default="all"
        Which cells, such as ["B0005", "B0006"]; "all" for those that are there.
    classes : {"condition", "capacity"}, default="condition"
        The target: temperature, current and form of the load; or "faded" below 1.4 Ah and
        else "healthy".
    n_timepoints : int or None, default=128
        The discharges are resampled to this length, equal steps from their start to their end, by
        linear interpolation. None leaves them as they are: `data` is a list of arrays.
    return_X_y : bool, default=False
        Return ``(data, target)`` instead of a Bunch.

    Returns
    -------
    Bunch
        data : ndarray of shape (n_samples, 3, n_timepoints), float32
            Voltage (V), current (A) and temperature (degC).
        target : ndarray of shape (n_samples,), str
            The class of each discharge.
        groups : ndarray of shape (n_samples,), str
            The cell of each discharge; it is `recordings` as well.
        sampling_rate : None
            The steps are not equally spaced, or not the same from one discharge to the next.
        cycles : ndarray of shape (n_samples,), int
            Which discharge of its cell it is, from 0, those left out counted.
        capacities, durations : ndarray of shape (n_samples,), float
            In Ah (NaN where none was measured), and in s.
        n_dropped : int
            How many discharges were left out: see DESCR.
        dropped : dict of str to int
            How many discharges were left out, by reason.
        channels, units, sampling_rate, citation, licence, DESCR
            As for every data set: see the user guide.

    Raises
    ------
    FileNotFoundError
        If files are missing.
    ValueError
        If a file is damaged or not one of NASA's, or a parameter is none of those allowed.

    Warns
    -----
    UserWarning
        If discharges have values that cannot be true, a square-wave load is sampled too coarsely,
        or two files of one cell differ.

    References
    ----------
    Saha, B., Goebel, K. (2007). Battery Data Set. NASA Prognostics Data Repository.

    Examples
    --------
    >>> discharges = load_nasa_battery("nasa", batteries=["B0025"])  # doctest: +SKIP
    >>> discharges.data.shape  # doctest: +SKIP
    (28, 3, 128)
    """
    if classes not in ("condition", "capacity"):
        raise ValueError(f'classes={classes!r} was given; choose "condition" or "capacity".')
    if n_timepoints is not None:
        check_whole("n_timepoints", n_timepoints, least=2, most=1_000_000)
    paths = find_batteries(Path(folder).expanduser(), batteries)
    discharges = [one for path in paths for one in read_battery(path)]
    reasons = [_reason_to_drop(one, classes) for one in discharges]
    kept = [one for one, reason in zip(discharges, reasons, strict=True) if reason is None]
    _warn(discharges, kept)
    data = [_resample(one, n_timepoints) for one in kept]
    target = [_class_of(one, classes) for one in kept]
    bunch = make_bunch(
        SOURCE,
        data if n_timepoints is None else np.array(data),
        target,
        [one.battery for one in kept],
        channels=["voltage", "current", "temperature"],
        units=list(CHANNELS.values()),
        sampling_rate=None,
        cycles=[one.cycle for one in kept],
        capacities=[one.capacity for one in kept],
        durations=[one.time[-1] - one.time[0] for one in kept],
        dropped=Counter(reason for reason in reasons if reason is not None),
    )
    return (bunch.data, bunch.target) if return_X_y else bunch


def fetch_nasa_battery(
    *,
    data_home: str | os.PathLike[str] | None = None,
    batteries: str | Iterable[str] = "all",
    url: str = URL,
    sha256: str | None = SHA256,
    **load_options: Any,
) -> Any:
    """Download NASA's battery data set, 210 MB, as far as needed, and read its discharges.

    A download that was cut off goes on where it stopped. Files of an earlier call that are missing
    or have changed since are unpacked again.

    Parameters
    ----------
    data_home : path-like, default=None
        Where to keep the files, in a folder ``nasa_battery``. None for the environment variable
        ``GANBATS_SAMPLER_DATA``, or else the user's cache folder.
    batteries : str or iterable of str, default="all"
        Which cells to read. They come in one archive.
    url : str
        The address of the archive, a zip of zips.
    sha256 : str or None
        The checksum of the archive. NASA publishes no checksum; the default is what independent
        users report. None takes whatever arrives.
    **load_options
        Parameters of :func:`load_nasa_battery`, whose Bunch is returned.

    Raises
    ------
    ganbats_sampler.datasets.download.DownloadError
        If the archive cannot be had, is not what it should be, or cannot be unpacked safely.
    """
    folder = data_folder(data_home, "nasa_battery")
    unpacked = folder / "unpacked.txt"  # written last: an unpacking that was cut off starts anew
    sums = read_checksums(unpacked)
    if not sums or not all(is_complete(folder / name, sums[name]) for name in sums):
        archive = folder / "battery_data_set.zip"
        download(url, archive, sha256, label="NASA battery", starts_with=b"PK", sum_from="sha256=")
        try:
            paths = unpack_zip(archive, folder, endings=(".mat",), max_bytes=MAX_UNPACKED)
        except DownloadError:
            archive.unlink(missing_ok=True)  # so that the next call fetches it anew
            raise
        write_checksums(unpacked, folder, paths)
    return load_nasa_battery(folder, batteries=batteries, **load_options)


def _reason_to_drop(one: Discharge, classes: str) -> str | None:
    if len(one.time) < MIN_POINTS:
        return f"fewer than {MIN_POINTS} points"
    if wrong := one.impossible:
        return f"impossible {wrong[0]}"
    if np.isnan(one.amperes):
        return "no load"
    if classes == "capacity" and not one.capacity >= BROKEN_OFF:  # NaN is not
        return f"no capacity, or less than {BROKEN_OFF} Ah"
    return None


def _warn(discharges: list[Discharge], kept: list[Discharge]) -> None:
    """Warn about measurements that look like data and are none."""
    faulty = [one for one in discharges if len(one.time) >= MIN_POINTS and one.impossible]
    if faulty:
        wrong = sorted({name for one in faulty for name in one.impossible})
        warn(
            f"{len(faulty)} discharges of {sorted({one.battery for one in faulty})} were left out "
            f"for an impossible {', '.join(wrong)}; a time that stands still is one. `dropped` "
            "counts them by reason.",
            UserWarning,
        )
    coarse = {one.battery for one in kept if one.points_per_level < MIN_POINTS_PER_LEVEL}
    if coarse:
        warn(
            f"{sorted(coarse)} were discharged by a square wave that is sampled too coarsely: the "
            f"load is switched within {MIN_POINTS_PER_LEVEL} points, so that the shape of their "
            "current and voltage depends on the sampling. Leave them out with batteries=, or use "
            "their temperature alone.",
            UserWarning,
        )


def _class_of(one: Discharge, classes: str) -> str:
    if classes == "condition":
        return one.condition
    return "faded" if one.capacity < END_OF_LIFE else "healthy"


def _resample(one: Discharge, n_timepoints: int | None) -> np.ndarray:
    """Series of shape (n_channels, n_timepoints), float32."""
    if n_timepoints is None:
        return one.series.astype(np.float32)
    steps = np.linspace(one.time[0], one.time[-1], n_timepoints)
    return np.array([np.interp(steps, one.time, x) for x in one.series], dtype=np.float32)

"""NASA's lithium-ion batteries: discharges, labelled by condition or by remaining capacity."""

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
#: NASA publishes no checksum; independent users report this one for the archive.
SHA256 = "82302a7db4fc1b34e0b6676326610438d43b816bdf11a69d1d012a464ef2f92e"
#: Largest total size of the unpacked files in bytes; the archive itself has 210 MB.
MAX_UNPACKED = 4 << 30

MIN_POINTS = 10  #: a discharge with fewer points was stopped immediately
END_OF_LIFE = 1.4  #: in Ah: 30% less than the rated 2 Ah, the planned end of the experiments
BROKEN_OFF = 0.5  #: in Ah: a discharge that gave less was stopped early

SOURCE = Source(
    name="NASA Li-ion Battery Aging",
    citation="""\
Saha, B., Goebel, K. (2007). Battery Data Set. NASA Prognostics Data Repository, NASA Ames Research
Center, Moffett Field, CA.""",
    licence="None stated; a data set of the US government, to be cited when it is used",
    descr=f"""\
34 lithium-ion cells of size 18650, charged and discharged repeatedly until they had lost part of
their capacity. A sample is one discharge: voltage (V), current (A, negative while discharging) and
temperature of the cell (degC). Points are not equally spaced in time, and a discharge lasts minutes
to hours.

By default (classes="condition"), the target is the ambient temperature and the discharge current,
such as "24C-2A". The files state the temperature of each cycle, but not the current. It is the
median of the measured values above {LOADED} A and above half of the highest, in whole amperes. A
load that is switched on and off has its own classes, such as "24C-4A-square".

With classes="capacity", the target is "faded" below {END_OF_LIFE} Ah and "healthy" otherwise. Cold
and a high current also reduce the capacity, so do not compare cells across conditions.

B0025 to B0028 were discharged by a square wave of 0.05 Hz, and measured about every 10 s, which is
half its period. So their measured current and voltage switch at nearly every point, at moments that
depend more on the sampling than on the cell. A warning is given when such cells are loaded. Leave
them out, unless you use only the temperature or examine each level separately.

Discharges with fewer than {MIN_POINTS} points and those without a load are left out. With
classes="capacity", discharges without a measured capacity or below {BROKEN_OFF} Ah, which were
stopped early, are left out too. Discharges with impossible values are left out with a warning: a
time that does not advance, or a temperature, voltage, current or capacity that such a cell cannot
have. `n_dropped` is the number of all of these, and `dropped` counts them by reason.

The groups are the cells. Discharges of one cell resemble each other, so split by group.
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
        The folder that holds ``B0005.mat`` and so on, as published, directly or in subfolders. A
        cell with a file in two folders, as some published cells have, is read once. Zips must be
        unpacked.
    batteries : str or iterable of str, default="all"
        The cells to read, such as ["B0005", "B0006"], or "all" for all cells in the folder.
    classes : {"condition", "capacity"}, default="condition"
        The target. "condition" is the temperature, current and form of the load. "capacity" is
        "faded" below 1.4 Ah and "healthy" otherwise.
    n_timepoints : int or None, default=128
        The length to which each discharge is resampled by linear interpolation, with equal
        spacing in time. If None, discharges keep their points, and `data` is a list of arrays of
        shape (3, n_points).
    return_X_y : bool, default=False
        If True, return ``(data, target)`` instead of a Bunch.

    Returns
    -------
    Bunch
        data : ndarray of shape (n_samples, 3, n_timepoints), float32
            Voltage (V), current (A) and temperature (degC).
        target : ndarray of shape (n_samples,), str
            The class of each discharge.
        groups : ndarray of shape (n_samples,), str
            The cell of each discharge; `recordings` is the same.
        sampling_rate : None
            There is no common rate: the spacing in time differs within or between discharges.
        cycles : ndarray of shape (n_samples,), int
            The index of each discharge among all those of its cell, from 0. Discharges that were
            left out count too.
        capacities : ndarray of shape (n_samples,), float
            The capacity in Ah; NaN if it was not measured.
        durations : ndarray of shape (n_samples,), float
            The duration of each discharge in s.
        n_dropped : int
            The number of discharges that were left out; ``DESCR`` gives the reasons.
        dropped : dict of str to int
            The number of discharges that were left out, by reason.
        channels, units, citation, licence, DESCR
            As in every data set; the user guide describes them.

    Raises
    ------
    FileNotFoundError
        If files are missing.
    ValueError
        If a file is damaged or not from this data set, or the value of a parameter is not allowed.

    Warns
    -----
    UserWarning
        If discharges have impossible values, a square-wave load is sampled too coarsely, or two
        files of one cell differ.

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
    """Download NASA's battery data set (210 MB) if it is missing, and read its discharges.

    An interrupted download continues where it stopped. If an unpacked file is missing or has
    changed, the archive is unpacked again.

    Parameters
    ----------
    data_home : path-like, default=None
        The folder in which the files are kept, in a subfolder ``nasa_battery``. If None, it is the
        value of the environment variable ``GANBATS_SAMPLER_DATA``, or a folder in the user's cache.
    batteries : str or iterable of str, default="all"
        The cells to read. One archive has all cells, so all of them are downloaded.
    url : str
        The address of the archive, a zip of zips.
    sha256 : str or None
        The SHA-256 checksum of the archive. NASA publishes none; the default is the one that
        independent users report. If None, the checksum is not verified.
    **load_options
        Further parameters of :func:`load_nasa_battery`.

    Returns
    -------
    Bunch
        See :func:`load_nasa_battery`.

    Raises
    ------
    ganbats_sampler.datasets.download.DownloadError
        If the archive cannot be downloaded, does not have the checksum, or cannot be unpacked
        safely.
    """
    folder = data_folder(data_home, "nasa_battery")
    unpacked = folder / "unpacked.txt"  # written last, so an interrupted unpacking starts again
    sums = read_checksums(unpacked)
    if not sums or not all(is_complete(folder / name, sums[name]) for name in sums):
        archive = folder / "battery_data_set.zip"
        download(url, archive, sha256, label="NASA battery", starts_with=b"PK", sum_from="sha256=")
        try:
            paths = unpack_zip(archive, folder, endings=(".mat",), max_bytes=MAX_UNPACKED)
        except DownloadError:
            archive.unlink(missing_ok=True)  # so that the next call downloads it again
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
    if classes == "capacity" and not one.capacity >= BROKEN_OFF:  # also true for NaN
        return f"no capacity, or less than {BROKEN_OFF} Ah"
    return None


def _warn(discharges: list[Discharge], kept: list[Discharge]) -> None:
    """Warn about impossible values, and about square waves that are sampled too coarsely."""
    faulty = [one for one in discharges if len(one.time) >= MIN_POINTS and one.impossible]
    if faulty:
        wrong = sorted({name for one in faulty for name in one.impossible})
        warn(
            f"{len(faulty)} discharges of {sorted({one.battery for one in faulty})} were left out "
            f"because of an impossible {', '.join(wrong)}; a time that does not advance counts as "
            "impossible. `dropped` counts them by reason.",
            UserWarning,
        )
    coarse = {one.battery for one in kept if one.points_per_level < MIN_POINTS_PER_LEVEL}
    if coarse:
        warn(
            f"{sorted(coarse)} were discharged by a square wave that is sampled too coarsely: it "
            f"has fewer than {MIN_POINTS_PER_LEVEL} points per level, so the shape of the current "
            "and voltage depends on the sampling. Leave these cells out with batteries=, or use "
            "only their temperature.",
            UserWarning,
        )


def _class_of(one: Discharge, classes: str) -> str:
    if classes == "condition":
        return one.condition
    return "faded" if one.capacity < END_OF_LIFE else "healthy"


def _resample(one: Discharge, n_timepoints: int | None) -> np.ndarray:
    """Return the resampled discharge, of shape (n_channels, n_timepoints), float32."""
    if n_timepoints is None:
        return one.series.astype(np.float32)
    steps = np.linspace(one.time[0], one.time[-1], n_timepoints)
    return np.array([np.interp(steps, one.time, x) for x in one.series], dtype=np.float32)

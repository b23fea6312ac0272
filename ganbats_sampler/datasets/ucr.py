"""Data sets of the UCR and UEA archives, in the file formats of the archives."""

from __future__ import annotations

import os
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import numpy as np

from ganbats_sampler.datasets.contract import NOT_STATED, Source, count_not_finite, make_bunch
from ganbats_sampler.datasets.download import (
    DownloadError,
    data_folder,
    is_complete,
    read_checksums,
    write_checksums,
)

SPLITS = ("TRAIN", "TEST")

SOURCE = Source(
    name="UCR and UEA archives",
    citation="""\
Dau, H. A. et al. (2019). The UCR time series archive. IEEE/CAA Journal of Automatica Sinica, 6(6),
1293-1305; Bagnall, A. et al. (2018). The UEA multivariate time series classification archive, 2018.
arXiv:1811.00075. Cite the source of the set as well.""",
    licence="None stated for the archives as a whole; each set has that of its source",
    descr="""\
Data sets of labelled time series of equal length, with one channel (UCR) or more (UEA), from many
sources. Sampling rates and units are not stated.

No entity is known: the archives do not say which series come from one patient, machine or
recording. So each sample is its own group, and a split by group is the same as a split by sample.
Scores may therefore be too high. `splits` says which part of the archive a series comes from,
"train" or "test".
""",
)


def load_ucr(
    name: str,
    folder: str | os.PathLike[str] | None = None,
    *,
    split: str | None = None,
    return_X_y: bool = False,
) -> Any:
    """Read a data set of the UCR or UEA archive.

    Parameters
    ----------
    name : str
        The name of the data set, such as "GunPoint".
    folder : path-like, default=None
        The folder that holds ``GunPoint/GunPoint_TRAIN.ts`` or ``.tsv``, and the same with TEST. A
        ``.ts`` file is read with aeon. A ``.tsv`` file has the label first, as in the UCR archive
        of 2018. If None, read a data set that comes with aeon.
    split : {"train", "test"} or None, default=None
        The part to read. If None, read both, or the one that exists.
    return_X_y : bool, default=False
        If True, return ``(data, target)`` instead of a Bunch.

    Returns
    -------
    Bunch
        data : ndarray of shape (n_samples, n_channels, n_timepoints), float32
            The series.
        target : ndarray of shape (n_samples,), str
            The labels in the file; aeon converts them to lower case. If all labels are numbers,
            each class is named by its value: "1", "1.0" and "1e0" are the class "1".
        groups : ndarray of shape (n_samples,), int
            A different number for each sample, because no entity is known.
        splits : ndarray of shape (n_samples,), str
            The part of each sample, "train" or "test".
        sampling_rate : None
            The archives do not state it.
        channels, units, citation, licence, DESCR
            As in every data set; the user guide describes them.

    Raises
    ------
    FileNotFoundError
        If the folder does not hold the data set.
    ValueError
        If a file is damaged or holds a regression set, if series have missing values, unequal
        lengths or no label, or if the value of a parameter is not allowed.
    ImportError
        If aeon is needed but not installed.

    References
    ----------
    Dau, H. A. et al. (2019). The UCR time series archive. IEEE/CAA Journal of Automatica Sinica,
    6(6).

    Examples
    --------
    >>> from ganbats_sampler.datasets import load_ucr
    >>> load_ucr("GunPoint").data.shape
    (200, 1, 150)
    """
    if split not in (None, "train", "test"):
        raise ValueError(f'split={split!r} was given; choose "train", "test" or None for both.')
    folder = _aeon_folder() if folder is None else Path(folder).expanduser()
    wanted = SPLITS if split is None else (split.upper(),)
    paths = {part: path for part in wanted if (path := _find(folder, name, part))}
    if not paths:
        raise FileNotFoundError(
            f"{_folder_of(folder, name)} has no {name}_{' or '.join(wanted)}, .ts or .tsv. "
            "fetch_ucr() downloads sets, and without a folder load_ucr() reads those that come "
            "with aeon."
        )
    parts = [_read_ts(path) if path.suffix == ".ts" else _read_tsv(path) for path in paths.values()]
    if len(shapes := {data.shape[1:] for data, _ in parts}) > 1:
        raise ValueError(f"{[str(p) for p in paths.values()]} have series of shapes {shapes}.")
    data, target = (np.concatenate([part[i] for part in parts]) for i in range(2))
    target = _classes_of(target)
    splits = np.repeat([part.lower() for part in paths], [len(part[1]) for part in parts])
    bunch = make_bunch(
        SOURCE,
        data,
        target,
        np.arange(len(target)),
        channels=[f"channel {i}" for i in range(data.shape[1])],
        units=[NOT_STATED] * data.shape[1],
        sampling_rate=None,
        splits=splits,
    )
    return (bunch.data, bunch.target) if return_X_y else bunch


def fetch_ucr(
    name: str, *, data_home: str | os.PathLike[str] | None = None, **load_options: Any
) -> Any:
    """Download a data set of the UCR or UEA archive with aeon if it is missing, and read it.

    aeon downloads it from Zenodo. It does not verify checksums, and does not resume interrupted
    downloads. Files that are missing or have changed since their download are downloaded again.

    Parameters
    ----------
    name : str
        The name of the data set, such as "Wafer".
    data_home : path-like, default=None
        The folder in which the files are kept, in a subfolder ``ucr``. If None, it is the value of
        the environment variable ``GANBATS_SAMPLER_DATA``, or a folder in the user's cache.
    **load_options
        Further parameters of :func:`load_ucr`.

    Returns
    -------
    Bunch
        See :func:`load_ucr`.

    Raises
    ------
    ganbats_sampler.datasets.download.DownloadError
        If the data set cannot be downloaded.
    ImportError
        If aeon is not installed.
    """
    folder = data_folder(data_home, "ucr")
    record = _folder_of(folder, name) / "SHA256SUMS.txt"
    for file, checksum in read_checksums(record).items():
        if not is_complete(record.parent / file, checksum):
            (record.parent / file).unlink(missing_ok=True)
    if not all(_find(folder, name, part) for part in SPLITS):
        _aeon_folder()  # raises an ImportError if aeon is not installed
        from aeon.datasets import load_classification

        folder.mkdir(parents=True, exist_ok=True)
        try:
            load_classification(name, extract_path=str(folder))
        except (OSError, ValueError) as error:  # URLError is an OSError
            raise DownloadError(
                f"{name} could not be downloaded through aeon ({error}). Are you offline, or is "
                "there no such set?"
            ) from error
        if record.parent.is_dir():
            write_checksums(record, record.parent, sorted(record.parent.glob("*.ts")))
    return load_ucr(name, folder, **load_options)


def _aeon_folder() -> Path:
    """Return the folder of the data sets that come with aeon."""
    try:
        import aeon.datasets
    except ImportError as error:
        raise ImportError(
            'Reading this data set needs aeon: pip install "ganbats-sampler[data]"'
        ) from error
    return Path(aeon.datasets.__file__).parent / "data"


def _folder_of(folder: Path, name: str) -> Path:
    return folder / name.removesuffix("_nmv").removesuffix("_eq")  # versions share a folder


def _find(folder: Path, name: str, part: str) -> Path | None:
    paths = (_folder_of(folder, name) / f"{name}_{part}{ending}" for ending in (".ts", ".tsv"))
    return next((path for path in paths if path.exists()), None)


def _read_ts(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return series of shape (n_samples, n_channels, n_timepoints), and their labels."""
    _aeon_folder()
    from aeon.datasets import load_from_ts_file

    try:
        data, target, header = load_from_ts_file(
            str(path), return_meta_data=True, encoding="utf-8-sig"
        )
        if not len(data):
            raise ValueError("it holds no series")
    except Exception as error:  # aeon raises exceptions of many kinds
        raise ValueError(
            f"{path} cannot be read as a .ts file ({error}): it is cut short, damaged, or another "
            "kind of file. Get it again."
        ) from error
    if header["targetlabel"] or not header["classlabel"]:
        raise ValueError(
            f"{path} holds a set without classes: its header says @targetLabel true (a regression "
            "set) or @classLabel false. Over-sampling needs classes; choose a classification set."
        )
    lengths = {np.shape(series)[-1] for series in data}
    if len(lengths) > 1:
        raise ValueError(
            f"{path} has series of {min(lengths)} to {max(lengths)} time steps, but equal lengths "
            f'are needed. Some sets come in a version of equal length: "{_base(path)}_eq".'
        )
    return _checked(path, np.asarray(data), np.asarray(target))


def _read_tsv(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return series of shape (n_samples, 1, n_timepoints), and their labels."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        rows = np.empty((0, 0))
        if lines := [line for line in lines if line.strip()]:
            rows = np.loadtxt(lines, delimiter="\t", dtype=str, ndmin=2, comments=None)
        if rows.shape[1] < 2:
            raise ValueError("its rows do not hold a label and a series, separated by tabs")
        data = rows[:, 1:].astype(float)
    except ValueError as error:
        raise ValueError(
            f"{path} cannot be read as a .tsv file of the UCR archive ({error}): it is cut short, "
            "damaged, or another kind of file. Get it again."
        ) from error
    if any(number != number.to_integral_value() for number in _numbers(rows[:, 0]) or ()):
        raise ValueError(
            f"{path} has labels that are not whole numbers, such as {rows[0, 0]!r}: it seems to be "
            "a regression set. Over-sampling needs classes; choose a classification set."
        )
    return _checked(path, data[:, None], rows[:, 0])


def _numbers(labels: np.ndarray) -> list[Decimal] | None:
    """Convert labels to exact numbers; return None if one is not a number or has many digits."""
    try:
        numbers = [Decimal(label) for label in labels.tolist()]
    except InvalidOperation:
        return None
    if not all(
        n.is_finite() and abs(n.adjusted()) + len(n.as_tuple().digits) < 100 for n in numbers
    ):
        return None
    return numbers


def _classes_of(labels: np.ndarray) -> np.ndarray:
    """Give labels with the same numeric value the same name."""
    numbers = _numbers(labels)
    if numbers is None:
        return labels
    names = [f"{n:f}" if n else "0" for n in numbers]
    return np.array([n.rstrip("0").rstrip(".") if "." in n else n for n in names])


def _base(path: Path) -> str:
    return path.stem.removesuffix("_TRAIN").removesuffix("_TEST")


def _checked(path: Path, data: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if n_bad := count_not_finite(data):
        first = np.argwhere(~(np.abs(data) <= np.finfo(np.float32).max))[0]
        raise ValueError(
            f"{path} has {n_bad} values that are missing or infinite, the first in "
            f"series {first[0]} at time step {first[2]}: values are missing, or series of unequal "
            "length were padded. Some sets come in a version without missing values or of "
            f'equal length, "{_base(path)}_nmv" or "{_base(path)}_eq".'
        )
    target = np.char.strip(target.astype(str))
    if (without := np.isin(np.char.lower(target), ["", "?", "nan"])).any():
        raise ValueError(
            f"{path} has {without.sum()} series without a label, the first of them series "
            f"{np.argmax(without)}. Label them, or remove them."
        )
    return data.astype(np.float32), target

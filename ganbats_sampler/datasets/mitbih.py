"""MIT-BIH Arrhythmia Database: heartbeats, most of them normal."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.signal import resample_poly

from ganbats_sampler.datasets.contract import Source, make_bunch
from ganbats_sampler.datasets.download import data_folder, download_published
from ganbats_sampler.datasets.mitbih_records import RATE, read_record
from ganbats_sampler.datasets.parameters import check_real, check_whole, chosen

BASE_URL = "https://physionet.org/files/mitdb/1.0.0/"

#: The training records of de Chazal, P. et al. (2004).
MITBIH_DS1 = (
    *(101, 106, 108, 109, 112, 114, 115, 116, 118, 119, 122),
    *(124, 201, 203, 205, 207, 208, 209, 215, 220, 223, 230),
)
#: The test records of the same paper. Neither set has the paced patients 102, 104, 107 and 217.
MITBIH_DS2 = (
    *(100, 103, 105, 111, 113, 117, 121, 123, 200, 202, 210),
    *(212, 213, 214, 219, 221, 222, 228, 231, 232, 233, 234),
)
RECORD_SETS = {"DS1": MITBIH_DS1, "DS2": MITBIH_DS2}
RECORDS = sorted((*MITBIH_DS1, *MITBIH_DS2, 102, 104, 107, 217))

#: The beat annotations of each class of ANSI/AAMI EC57.
AAMI_CLASSES = {"N": "NLRej", "S": "AaJS", "V": "VE", "F": "F", "Q": "/fQ"}
CLASS_OF = {symbol: name for name, symbols in AAMI_CLASSES.items() for symbol in symbols}
#: Beat annotations without a class in EC57. Of these, the database has only "!", flutter waves.
WITHOUT_CLASS = "!Brn?"

#: Records whose patient has the number of another record: 201 and 202 are of the same man.
PATIENT_OF = {202: 201}

SOURCE = Source(
    name="MIT-BIH Arrhythmia Database",
    citation="""\
Moody, G. B., Mark, R. G. (2001). The impact of the MIT-BIH Arrhythmia Database. IEEE Engineering in
Medicine and Biology Magazine, 20(3), 45-50; and Goldberger, A. L. et al. (2000). PhysioBank,
PhysioToolkit, and PhysioNet. Circulation, 101(23). https://doi.org/10.13026/C2F305""",
    licence="ODC-By 1.0",
    descr="""\
48 half-hour electrocardiograms of 47 patients from PhysioNet, with two leads at 360 Hz. Two
cardiologists annotated each beat. A sample is one beat: a window around its annotated R peak, in
mV.

The target is the class of ANSI/AAMI EC57: N (normal and bundle branch block), S (supraventricular
ectopic), V (ventricular ectopic), F (fusion of V and N), Q (paced and unclassifiable). Beats whose
window extends beyond the recording are left out. So are flutter waves, which have no class.
`n_dropped` is their number, and `dropped` counts them by reason.

Records 102 and 104 have no lead MLII. `leads` names the lead of each beat.

The groups are the patients, who have the number of their record. Beats of one patient resemble each
other, so split by group. Records 201 and 202 are of one patient, who is group 201. DS1 and DS2 are
the training and test records of de Chazal et al. (2004), without the four paced patients. Record
201 is in DS1 and 202 in DS2, so this patient is in both.

DS1 and DS2: de Chazal, P., O'Dwyer, M., Reilly, R. B. (2004). Automatic classification of
heartbeats using ECG morphology and heartbeat interval features. IEEE Transactions on Biomedical
Engineering, 51(7).
""",
)


def load_mitbih(
    folder: str | os.PathLike[str],
    *,
    records: str | int | Iterable[int | str] = "DS1",
    window: int = 256,
    before: int | None = None,
    sampling_rate: float = RATE,
    lead: str = "MLII",
    return_X_y: bool = False,
) -> Any:
    """Read the heartbeats in the published files of the MIT-BIH Arrhythmia Database.

    Parameters
    ----------
    folder : path-like
        The folder that holds ``101.dat``, ``101.hea``, ``101.atr`` and so on, as published.
    records : {"DS1", "DS2"}, int or iterable of int, default="DS1"
        The records to read: a published set of records, or their numbers.
    window : int, default=256
        The number of time steps in a beat, at `sampling_rate`.
    before : int, default=None
        The number of these time steps before the R peak. If None, it is 100/256 of `window`.
    sampling_rate : float, default=360
        The sampling rate in Hz, from 1 to 3600. The recordings have 360 Hz, and are resampled to
        any other rate with a polyphase filter.
    lead : str, default="MLII"
        The lead to read, or "all" for both leads of each record, MLII first. Records without MLII
        (102 and 104) give their first lead instead of it, as `leads` and `channels` show.
    return_X_y : bool, default=False
        If True, return ``(data, target)`` instead of a Bunch.

    Returns
    -------
    Bunch
        data : ndarray of shape (n_samples, n_channels, window), float32
            The beats in mV.
        target : ndarray of shape (n_samples,), str
            The AAMI class of each beat: "N", "S", "V", "F" or "Q".
        groups : ndarray of shape (n_samples,), int
            The patient of each beat, as the number of the record; for record 202 it is 201.
        recordings : ndarray of shape (n_samples,), int
            The record of each beat.
        leads : ndarray of shape (n_samples, n_channels), str
            The name of the lead in each channel of each beat.
        n_dropped : int
            The number of beats that were left out.
        dropped : dict of str to int
            The number of beats that were left out, by reason.
        channels, units, sampling_rate, citation, licence, DESCR
            As in every data set; the user guide describes them. A channel whose lead differs
            between records has the names of all its leads, such as "MLII or V5".

    Raises
    ------
    FileNotFoundError
        If files are missing.
    ValueError
        If a file cannot be read, a record is not from this database or lacks the lead, or the value
        of a parameter is not allowed.
    ImportError
        If wfdb is not installed.

    References
    ----------
    Moody, G. B., Mark, R. G. (2001). The impact of the MIT-BIH Arrhythmia Database. IEEE
    Engineering in Medicine and Biology Magazine, 20(3), 45-50.

    Examples
    --------
    >>> beats = load_mitbih("mitdb", records=[101, 106])  # doctest: +SKIP
    >>> beats.data.shape  # doctest: +SKIP
    (3889, 1, 256)
    """
    folder = Path(folder).expanduser()
    numbers = chosen("records", records, RECORDS, RECORD_SETS)
    check_whole("window", window)
    before = round(window * 100 / 256) if before is None else before
    check_whole("before", before, least=0)
    if before >= window:
        raise ValueError(
            f"before={before} was given; it must be from 0 to window - 1={window - 1}."
        )
    check_real("sampling_rate", sampling_rate, 1, 10 * RATE, " Hz")
    missing = [n for n in numbers if not all((folder / f).exists() for f in _files_of(n))]
    if missing:
        raise FileNotFoundError(
            f"{folder} lacks the .dat, .hea or .atr file of records {missing}. fetch_mitbih() "
            "downloads them."
        )
    parts = [_read_beats(folder, n, window, before, sampling_rate, lead) for n in numbers]
    target = np.concatenate([part.classes for part in parts])
    if not len(target):
        raise ValueError(
            f"No beat of records {numbers} has a whole window of {window} time steps around it; "
            "use a smaller window."
        )
    counts = [len(part.classes) for part in parts]
    leads = np.repeat([part.leads for part in parts], counts, axis=0)
    bunch = make_bunch(
        SOURCE,
        np.concatenate([part.data for part in parts]),
        target,
        np.repeat([PATIENT_OF.get(number, number) for number in numbers], counts),
        channels=[" or ".join(dict.fromkeys(names)) for names in leads.T.tolist()],
        units=["mV"] * leads.shape[1],
        sampling_rate=sampling_rate,
        recordings=np.repeat(numbers, counts),
        dropped=sum((Counter(part.dropped) for part in parts), Counter()),
        leads=leads,
    )
    return (bunch.data, bunch.target) if return_X_y else bunch


def fetch_mitbih(
    *,
    data_home: str | os.PathLike[str] | None = None,
    records: str | int | Iterable[int | str] = "DS1",
    base_url: str = BASE_URL,
    **load_options: Any,
) -> Any:
    """Download the MIT-BIH records that are missing, and read their heartbeats.

    Files are compared with the SHA-256 checksums that PhysioNet publishes. An interrupted download
    continues where it stopped.

    Parameters
    ----------
    data_home : path-like, default=None
        The folder in which the files are kept, in a subfolder ``mitdb``. If None, it is the value
        of the environment variable ``GANBATS_SAMPLER_DATA``, or a folder in the user's cache.
    records : {"DS1", "DS2"}, int or iterable of int, default="DS1"
        The records to download and read, of 2 MB each.
    base_url : str
        The address of the folder with PhysioNet's files, or of a mirror of it.
    **load_options
        Further parameters of :func:`load_mitbih`.

    Returns
    -------
    Bunch
        See :func:`load_mitbih`. Its ``DESCR`` says how to cite the data.

    Raises
    ------
    ganbats_sampler.datasets.download.DownloadError
        If a file cannot be downloaded, or does not have its published checksum.
    """
    folder = data_folder(data_home, "mitdb")
    numbers = chosen("records", records, RECORDS, RECORD_SETS)
    names = [name for number in numbers for name in _files_of(number)]
    download_published(base_url.rstrip("/") + "/", folder, names, "MIT-BIH")
    return load_mitbih(folder, records=numbers, **load_options)


def _files_of(record: int) -> list[str]:
    return [f"{record}.{ending}" for ending in ("dat", "hea", "atr")]


class _Beats(NamedTuple):
    """The beats of one record: data of shape (n_beats, n_channels, window), and their classes."""

    data: np.ndarray
    classes: np.ndarray
    leads: list[str]
    dropped: dict[str, int]


def _read_beats(
    folder: Path, number: int, window: int, before: int, sampling_rate: float, lead: str
) -> _Beats:
    record = read_record(folder, number)
    indices = _lead_indices(number, record.leads, lead)
    signal = record.signal[indices]
    ratio = Fraction(sampling_rate / RATE).limit_denominator(1000)
    if ratio != 1:
        signal = resample_poly(signal, ratio.numerator, ratio.denominator, axis=1)
    is_beat = np.isin(record.symbols, list(CLASS_OF))
    peaks = np.round(record.positions[is_beat] * float(ratio)).astype(int)
    classes = np.array([CLASS_OF[symbol] for symbol in record.symbols[is_beat]], dtype="<U1")
    fits = (peaks >= before) & (peaks - before + window <= signal.shape[1])
    data = np.empty((0, len(signal), window))
    if fits.any():
        every = np.lib.stride_tricks.sliding_window_view(signal, window, axis=1)
        data = every[:, peaks[fits] - before].transpose(1, 0, 2)
    dropped = {
        "window reaches over an end of the recording": int((~fits).sum()),
        "kind of beat without an AAMI class": int(
            np.isin(record.symbols, list(WITHOUT_CLASS)).sum()
        ),
    }
    leads = [record.leads[i] for i in indices]
    return _Beats(data.astype(np.float32), classes[fits], leads, dropped)


def _lead_indices(record: int, names: list[str], lead: str) -> list[int]:
    mlii_first = sorted(range(len(names)), key=lambda i: names[i] != "MLII")
    if lead == "all":
        return mlii_first
    if lead in names:
        return [names.index(lead)]
    if lead == "MLII":
        return [0]
    raise ValueError(f'Record {record} has leads {names}, not {lead!r}; use "MLII" or "all".')

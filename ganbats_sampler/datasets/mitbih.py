"""MIT-BIH Arrhythmia Database: heartbeats, most of them normal."""

from __future__ import annotations

import os
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from ganbats_sampler.datasets.contract import Source, count_not_finite, make_bunch
from ganbats_sampler.datasets.download import data_folder, download_all, published_checksums

BASE_URL = "https://physionet.org/files/mitdb/1.0.0/"
NATIVE_RATE = 360

#: The training records of de Chazal, P. et al. (2004).
MITBIH_DS1 = (
    *(101, 106, 108, 109, 112, 114, 115, 116, 118, 119, 122),
    *(124, 201, 203, 205, 207, 208, 209, 215, 220, 223, 230),
)
#: Their test records. Paced patients (102, 104, 107, 217) are in neither.
MITBIH_DS2 = (
    *(100, 103, 105, 111, 113, 117, 121, 123, 200, 202, 210),
    *(212, 213, 214, 219, 221, 222, 228, 231, 232, 233, 234),
)
RECORD_SETS = {"DS1": MITBIH_DS1, "DS2": MITBIH_DS2}

#: Beat annotations by the class that ANSI/AAMI EC57 puts them in.
AAMI_CLASSES = {
    "N": "NLRej",
    "S": "AaJS",
    "V": "VE",
    "F": "F",
    "Q": "/fQ",
}
CLASS_OF = {symbol: name for name, symbols in AAMI_CLASSES.items() for symbol in symbols}

#: Records of one patient under one number: 201 and 202 are of the same man.
PATIENT_OF = {202: 201}

SOURCE = Source(
    name="MIT-BIH Arrhythmia Database",
    citation="""\
Moody, G. B., Mark, R. G. (2001). The impact of the MIT-BIH Arrhythmia Database. IEEE Engineering in
Medicine and Biology Magazine, 20(3), 45-50; and Goldberger, A. L. et al. (2000). PhysioBank,
PhysioToolkit, and PhysioNet. Circulation, 101(23). https://doi.org/10.13026/C2F305""",
    licence="ODC-By 1.0",
    descr="""\
48 half-hour recordings of the electrocardiogram of 47 patients, two leads, 360 Hz, each beat
annotated by two cardiologists, from PhysioNet. A sample is one beat, a window about its annotated R
peak, in mV.

The target is the class of ANSI/AAMI EC57: N (normal and bundle branch block), S (supraventricular
ectopic), V (ventricular ectopic), F (fusion of V and N), Q (paced and unclassifiable). Windows that
reach over an end of the recording are left out.

The groups are the patients, by the number of their record, and beats of one patient resemble each
other: split by group. Records 201 and 202 are of one patient, who is group 201. DS1 and DS2 are the
training and test records of de Chazal et al. (2004), without the four paced patients; 201 is in DS1
and 202 in DS2.

DS1 and DS2: de Chazal, P., O'Dwyer, M., Reilly, R. B. (2004). Automatic classification of
heartbeats using ECG morphology and heartbeat interval features. IEEE Transactions on Biomedical
Engineering, 51(7).
""",
)


def load_mitbih(
    folder: str | os.PathLike,
    *,
    records: str | Iterable[int] = "DS1",
    window: int = 256,
    before: int | None = None,
    sampling_rate: float = NATIVE_RATE,
    lead: str = "MLII",
    return_X_y: bool = False,
):
    """Read the heartbeats of published MIT-BIH files.

    Parameters
    ----------
    folder : path-like
        Holds ``101.dat``, ``101.hea``, ``101.atr`` and so on, as published.
    records : {"DS1", "DS2"} or iterable of int, default="DS1"
        Which records to read.
    window : int, default=256
        Samples in a beat, at `sampling_rate`.
    before : int, default=None
        How many of them lie before the R peak; None for 100 in 256.
    sampling_rate : float, default=360
        In Hz. Another rate than the published 360 resamples the recordings (polyphase filter).
    lead : str, default="MLII"
        The lead to take. A record that has no MLII (102 and 104) gives its first lead in its
        place. "all" gives all leads of a record, MLII first.
    return_X_y : bool, default=False
        Return ``(data, target)`` instead of a Bunch.

    Returns
    -------
    Bunch
        data : ndarray of shape (n_samples, n_channels, n_timepoints), float32
            In mV.
        target : ndarray of shape (n_samples,), str
            AAMI class: "N", "S", "V", "F" or "Q".
        groups : ndarray of shape (n_samples,), int
            The patient of each beat, by the number of the record; 202 is the patient of 201.
        recordings : ndarray of shape (n_samples,), int
            The record of each beat.
        channels, units, sampling_rate, citation, licence, DESCR
            As for every data set: see the user guide. With lead="all", the second channel is
            another lead in each record.

    Raises
    ------
    FileNotFoundError
        If files are missing.
    ValueError
        If a file cannot be read, or a record does not have the lead.
    ImportError
        If wfdb is not installed.

    Examples
    --------
    >>> beats = load_mitbih("mitdb", records=[101, 106])  # doctest: +SKIP
    >>> beats.data.shape  # doctest: +SKIP
    (3889, 1, 256)
    """
    folder = Path(folder).expanduser()
    numbers = _record_numbers(records)
    before = round(window * 100 / 256) if before is None else before
    if not 0 <= before < window:
        raise ValueError(
            f"before={before} was given; it must be from 0 to window - 1={window - 1}."
        )
    missing = [n for n in numbers if not all((folder / f).exists() for f in _files_of(n))]
    if missing:
        raise FileNotFoundError(
            f"{folder} lacks the .dat, .hea or .atr file of records {missing}. fetch_mitbih() "
            "downloads them."
        )
    parts = [_read_beats(folder, n, window, before, sampling_rate, lead) for n in numbers]
    data, target = (np.concatenate([part[i] for part in parts]) for i in range(2))
    if not len(target):
        raise ValueError(
            f"No beat of records {numbers} has a whole window of {window} samples about it; use a "
            "smaller window."
        )
    counts = [len(part[0]) for part in parts]
    channels = [lead] if lead != "all" else ["MLII", "second lead"][: data.shape[1]]
    bunch = make_bunch(
        SOURCE,
        data,
        target,
        np.repeat([PATIENT_OF.get(number, number) for number in numbers], counts),
        channels=channels,
        units=["mV"] * len(channels),
        sampling_rate=sampling_rate,
        recordings=np.repeat(numbers, counts),
    )
    return (bunch.data, bunch.target) if return_X_y else bunch


def fetch_mitbih(
    *,
    data_home: str | os.PathLike | None = None,
    records: str | Iterable[int] = "DS1",
    base_url: str = BASE_URL,
    **load_options,
):
    """Download the MIT-BIH Arrhythmia Database, as far as needed, and read its heartbeats.

    Files are checked against the SHA-256 sums that PhysioNet publishes beside them. A download that
    was cut off goes on where it stopped.

    Parameters
    ----------
    data_home : path-like, default=None
        Where to keep the files, in a folder ``mitdb``. None for the environment variable
        ``GANBATS_SAMPLER_DATA``, or else the user's cache folder.
    records : {"DS1", "DS2"} or iterable of int, default="DS1"
        Which records to fetch and read; a record is 2 MB.
    base_url : str
        A mirror in PhysioNet's layout.
    **load_options
        Of :func:`load_mitbih`.

    Returns
    -------
    Bunch
        As :func:`load_mitbih`; its ``DESCR`` says how to cite the data.

    Raises
    ------
    ganbats_sampler.datasets.download.DownloadError
        If a file cannot be had, or is not what its publisher says it is.
    """
    folder = data_folder(data_home, "mitdb")
    numbers = _record_numbers(records)
    names = [name for number in numbers for name in _files_of(number)]
    base_url = base_url.rstrip("/") + "/"
    published = published_checksums(base_url, folder, names)
    download_all(base_url, folder, {name: published[name] for name in names}, "MIT-BIH")
    return load_mitbih(folder, records=numbers, **load_options)


def _record_numbers(records: str | Iterable[int]) -> list[int]:
    if isinstance(records, str):
        if records not in RECORD_SETS:
            raise ValueError(
                f"records={records!r} was given; choose from {sorted(RECORD_SETS)}, or pass record "
                "numbers such as [101, 106]."
            )
        return list(RECORD_SETS[records])
    numbers = [int(record) for record in records]
    if not numbers:
        raise ValueError("records is empty; pass record numbers such as [101, 106].")
    return numbers


def _files_of(record: int) -> list[str]:
    return [f"{record}.{ending}" for ending in ("dat", "hea", "atr")]


def _read_record(folder: Path, record: int) -> tuple:
    """One record and its annotations, as wfdb gives them."""
    try:
        import wfdb
    except ImportError as error:
        raise ImportError(
            'Reading MIT-BIH needs wfdb: pip install "ganbats-sampler[data]"'
        ) from error
    try:
        signals = wfdb.rdrecord(str(folder / str(record)))
        annotations = wfdb.rdann(str(folder / str(record)), "atr")
        if signals.fs != NATIVE_RATE:
            raise ValueError(f"its header says {signals.fs} Hz, not {NATIVE_RATE}")
        if n_bad := count_not_finite(signals.p_signal):
            raise ValueError(f"{n_bad} values are NaN or infinite")
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, OSError) as error:
        raise ValueError(
            f"Record {record} in {folder} cannot be read ({error}): a file is cut short or "
            "damaged. Remove its three files and fetch them again."
        ) from error
    return signals, annotations


def _read_beats(
    folder: Path, record: int, window: int, before: int, sampling_rate: float, lead: str
) -> tuple[np.ndarray, np.ndarray]:
    """Beats of one record, (n_beats, n_channels, window), and their classes."""
    signals, annotations = _read_record(folder, record)
    signal = signals.p_signal[:, _lead_indices(record, signals.sig_name, lead)].T
    ratio = Fraction(sampling_rate / NATIVE_RATE).limit_denominator(1000)
    if ratio != 1:
        signal = resample_poly(signal, ratio.numerator, ratio.denominator, axis=1)
    is_beat = np.isin(annotations.symbol, list(CLASS_OF))
    peaks = np.round(annotations.sample[is_beat] * float(ratio)).astype(int)
    classes = np.array([CLASS_OF[s] for s in np.array(annotations.symbol)[is_beat]], dtype="<U1")
    fits = (peaks >= before) & (peaks - before + window <= signal.shape[1])
    steps = peaks[fits, None] - before + np.arange(window)  # (n_beats, window)
    return signal[:, steps].transpose(1, 0, 2).astype(np.float32), classes[fits]


def _lead_indices(record: int, names: list[str], lead: str) -> list[int]:
    mlii_first = sorted(range(len(names)), key=lambda i: names[i] != "MLII")
    if lead == "all":
        return mlii_first
    if lead in names:
        return [names.index(lead)]
    if lead == "MLII":
        return [0]
    raise ValueError(f'Record {record} has leads {names}, not {lead!r}; use "MLII" or "all".')

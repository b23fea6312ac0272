"""Read records of the MIT-BIH Arrhythmia Database, and refuse damaged or foreign files."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ganbats_sampler.datasets.contract import count_not_finite

RATE = 360
N_SAMPLES = 650_000
#: Annotation codes of the file format that are followed by more bytes.
SKIP, AUX = 59, 63


class Record(NamedTuple):
    """One record, and the position and the symbol of each of its annotations."""

    signal: np.ndarray  #: (2, 650000), in mV
    leads: list[str]
    positions: np.ndarray
    symbols: np.ndarray


def read_record(folder: Path, number: int) -> Record:
    """Read one record, and check that it is the one with this number in the database."""
    try:
        import wfdb
    except ImportError as error:
        raise ImportError(
            'Reading MIT-BIH needs wfdb: pip install "ganbats-sampler[data]"'
        ) from error
    base = folder / str(number)
    try:
        foreign = _differences(wfdb.rdheader(str(base)), number)
        if not foreign:  # the header's sizes are right, so wfdb can allocate memory for them
            return _read(wfdb, base)
    except Exception as error:  # wfdb raises exceptions of many kinds
        raise ValueError(
            f"Record {number} in {folder} cannot be read ({error}): a file is cut short or "
            "damaged. Remove its three files and fetch them again."
        ) from error
    raise ValueError(
        f"{base}.hea is not the header of record {number} of the MIT-BIH Arrhythmia Database: "
        f"{'; '.join(foreign)}. load_mitbih reads that database alone. Read other records with "
        "wfdb.rdrecord, or get the published file again."
    )


def _differences(header: Any, number: int) -> list[str]:
    """Describe how a header differs from the published one."""
    expected = {
        "record_name": ("its name is {}", str(number)),
        "fs": ("its sampling rate is {} Hz", RATE),
        "n_sig": ("its number of signals is {}", 2),
        "sig_len": ("its number of samples is {}", N_SAMPLES),
        "units": ("its units are {}", ["mV"] * 2),
        "file_name": ("its signals are in {}", [f"{number}.dat"] * 2),
        "samps_per_frame": ("its samples per frame are {}", [1, 1]),
    }
    return [
        f"{text.format(getattr(header, name, None))}, not {value}"
        for name, (text, value) in expected.items()
        if getattr(header, name, None) != value
    ]


def _read(wfdb: Any, base: Path) -> Record:
    signals = wfdb.rdrecord(str(base), physical=False)
    sums = zip(signals.calc_checksum(), signals.checksum, strict=True)
    if any((actual - said) % (1 << 16) for actual, said in sums if said is not None):
        raise ValueError("its signals do not have the checksums in the header")
    millivolts = signals.dac()
    if n_bad := count_not_finite(millivolts):
        raise ValueError(f"{n_bad} values are NaN or infinite")
    check_terminated(base.with_name(base.name + ".atr").read_bytes())
    annotations = wfdb.rdann(str(base), "atr")
    positions = np.asarray(annotations.sample)
    if len(positions) and not 0 <= positions.min() <= positions.max() < N_SAMPLES:
        raise ValueError("annotations lie outside the signals")
    return Record(millivolts.T, signals.sig_name, positions, np.array(annotations.symbol))


def check_terminated(content: bytes) -> None:
    """Check that annotations end with the word 0, which is missing in a file that is cut short."""
    words = np.frombuffer(content[: len(content) // 2 * 2], dtype="<u2").tolist()
    position = 0
    while position < len(words) and words[position]:
        code, value = words[position] >> 10, words[position] & 0x3FF
        extra = {SKIP: 2, AUX: (value + 1) // 2}
        position += 1 + extra.get(code, 0)
    if position != len(words) - 1 or len(content) % 2:
        raise ValueError("its annotations lack the word 0 at their end")

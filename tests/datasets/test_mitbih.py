"""MIT-BIH: synthetic records in the publisher's layout, and published ones if available."""

import shutil
import tempfile
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import wfdb

from ganbats_sampler.datasets import MITBIH_DS1, MITBIH_DS2, load_mitbih
from ganbats_sampler.datasets.mitbih_records import check_terminated

N = 650_000
PEAKS = np.array([50, 400, 800, 1200, N - 10])
SYMBOLS = ["N", "V", "+", "A", "F"]  # "+" is a change of rhythm, not a beat


def write_record(folder, number, names=("MLII", "V1"), *, fs=360, n=N, symbols=SYMBOLS):
    """Write two leads: the first repeats a ramp of 2,000 samples, 1 mV per 1,000 samples."""
    files = record_files(number, tuple(names), fs, n, tuple(symbols))
    for name, content in files.items():
        (folder / name).write_bytes(content)


@cache
def record_files(number, names, fs, n, symbols):
    folder = Path(tempfile.mkdtemp())
    ramp = np.arange(n) % 2000 / 1000
    wfdb.wrsamp(
        str(number),
        fs=fs,
        units=["mV"] * 2,
        sig_name=list(names),
        p_signal=np.stack([ramp, -ramp], axis=1),
        fmt=["16"] * 2,
        adc_gain=[1000] * 2,
        baseline=[0] * 2,
        write_dir=str(folder),
    )
    wfdb.wrann(str(number), "atr", PEAKS, list(symbols), write_dir=str(folder))
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    shutil.rmtree(folder)
    return files


@pytest.fixture
def folder(tmp_path):
    write_record(tmp_path, 101)
    write_record(tmp_path, 114, names=("V5", "MLII"))
    write_record(tmp_path, 102, names=("V5", "V2"))
    return tmp_path


def test_beats_are_windows_around_the_peaks_in_mv(folder):
    beats = load_mitbih(folder, records=[101], window=256)
    # the first and last peak are too near the ends, and "+" is not a beat
    assert beats.target.tolist() == ["V", "S"]
    assert beats.data.shape == (2, 1, 256) and beats.data.dtype == np.float32
    for beat, peak in zip(beats.data, (400, 1200), strict=True):
        expected = (np.arange(256) + peak - 100) / 1000
        np.testing.assert_allclose(beat[0], expected, atol=1e-3)
    assert beats.sampling_rate == 360
    assert "10.13026/C2F305" in beats.DESCR and "ODC-By" in beats.DESCR


def test_groups_are_records(folder):
    beats = load_mitbih(folder, records=[101, 114])
    assert beats.groups.tolist() == [101, 101, 114, 114]


@pytest.mark.parametrize("records", [101, "101", ["101"], np.array([101])])
def test_one_record_in_several_forms(folder, records):
    assert set(load_mitbih(folder, records=records).recordings) == {101}


def test_leads_names_the_lead_of_each_beat(folder):
    beats = load_mitbih(folder, records=[101, 102])
    assert beats.leads[beats.recordings == 101].ravel().tolist() == ["MLII"] * 2
    assert beats.leads[beats.recordings == 102].ravel().tolist() == ["V5"] * 2
    assert beats.channels == ["MLII or V5"]
    assert load_mitbih(folder, records=[102]).channels == ["V5"]
    both = load_mitbih(folder, records=[101, 114, 102], lead="all")
    assert both.leads[::2].tolist() == [["MLII", "V1"], ["MLII", "V5"], ["V5", "V2"]]
    assert both.channels == ["MLII or V5", "V1 or V5 or V2"] and both.units == ["mV"] * 2


def test_dropped_beats_are_counted_by_reason(folder):
    beats = load_mitbih(folder, records=[101, 114])
    assert beats.dropped == {"window reaches over an end of the recording": 4}
    assert beats.n_dropped == 4
    write_record(folder, 101, symbols=["N", "V", "!", "A", "F"])
    beats = load_mitbih(folder, records=[101])
    assert beats.dropped["kind of beat without an AAMI class"] == 1 and beats.n_dropped == 3
    assert load_mitbih(folder, records=[101], window=16).n_dropped == 1


def rename(folder, old, new):
    """Copy a record to another number, also in the file names of its header."""
    text = (folder / f"{old}.hea").read_text()
    (folder / f"{new}.hea").write_text(text.replace(f"{old}.dat", f"{new}.dat"))
    for ending in ("dat", "atr"):
        (folder / f"{new}.{ending}").write_bytes((folder / f"{old}.{ending}").read_bytes())


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"fs": 128}, "its sampling rate is 128 Hz, not 360"),
        ({"fs": 250}, "its sampling rate is 250 Hz, not 360"),
        ({"n": 2000}, "its number of samples is 2000, not 650000"),
        ({"n": 650_001}, "its number of samples is 650001, not 650000"),
    ],
)
def test_a_record_of_another_database_is_not_reported_as_damaged(folder, changed, match):
    write_record(folder, 101, **changed)
    with pytest.raises(ValueError, match=rf"101\.hea is not the header .*{match}") as raised:
        load_mitbih(folder, records=[101])
    assert not any(word in str(raised.value).lower() for word in ("damaged", "remove"))


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("101 2 360", "100 2 360", "its name is 100, not 101"),
        ("101 2 360", "101 3 360", r"cannot be read|number of signals is 3, not 2"),
        ("650000", "9999999999", "its number of samples is 9999999999, not 650000"),
        ("650000", "", "its number of samples is None, not 650000"),
        ("/mV", "/uV", r"its units are \['uV', 'uV'\], not"),
        ("101.dat 16", "102.dat 16", r"its signals are in \['102\.dat', '102\.dat'\], not"),
        ("101.dat 16", "101.dat 16x1000000", "its samples per frame are"),
    ],
)
def test_foreign_headers_are_refused_before_signals_are_read(folder, old, new, match):
    header = folder / "101.hea"
    assert old in header.read_text()
    header.write_text(header.read_text().replace(old, new))
    (folder / "101.dat").write_bytes(b"")
    with pytest.raises(ValueError, match=match):
        load_mitbih(folder, records=[101])


def test_a_renamed_record_is_refused(folder):
    rename(folder, 101, 106)
    with pytest.raises(ValueError, match=r"106\.hea is not the header .* its name is 101, not 106"):
        load_mitbih(folder, records=[106])


def test_signals_that_do_not_match_their_checksum_are_refused(folder):
    path = folder / "101.dat"
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match="Record 101 .* cannot be read .*checksums"):
        load_mitbih(folder, records=[101])


def test_truncated_annotations_are_refused(folder):
    path = folder / "101.atr"
    content = path.read_bytes()
    for n in range(len(content)):
        path.write_bytes(content[:n])
        with pytest.raises(
            ValueError, match="Record 101 .* cannot be read .*the word 0 at their en"
        ):
            load_mitbih(folder, records=[101])


@pytest.mark.parametrize(
    ("words", "is_whole"),
    [
        ([0], True),
        ([0x0450, 0], True),
        ([0x0450], False),
        ([0, 0x0450], False),
        ([59 << 10, 0, 70_000 & 0xFFFF, 0x0400, 0], True),  # a long interval can contain a word 0
        ([59 << 10, 0], False),
        ([63 << 10 | 3, 0x4128, 0x0000, 0], True),  # so can the text of a note
        ([63 << 10 | 3, 0x4128, 0x0000], False),
        ([], False),
    ],
)
def test_annotations_must_end_with_the_word_0(words, is_whole):
    content = np.array(words, dtype="<u2").tobytes()
    if is_whole:
        return check_terminated(content)
    with pytest.raises(ValueError, match="the word 0 at their end"):
        check_terminated(content)


def test_return_X_y(folder):
    data, target = load_mitbih(folder, records=[101], return_X_y=True)
    assert data.shape == (2, 1, 256) and target.tolist() == ["V", "S"]


def test_time_steps_before_the_peak(folder):
    beats = load_mitbih(folder, records=[101], window=40, before=10)
    assert beats.target.tolist() == ["N", "V", "S"]
    np.testing.assert_allclose(beats.data[0, 0], np.arange(40, 80) / 1000, atol=1e-3)


def test_resampling_keeps_the_time_of_the_peak(folder):
    beats = load_mitbih(folder, records=[101], window=128, sampling_rate=180)
    expected = (400 - 100 + 2 * np.arange(128)) / 1000
    np.testing.assert_allclose(beats.data[0, 0], expected, atol=5e-3)


@pytest.mark.parametrize(
    ("record", "lead", "signs"),
    [(101, "MLII", [1]), (114, "MLII", [-1]), (102, "MLII", [1]), (101, "V1", [-1])]
    + [(101, "all", [1, -1]), (114, "all", [-1, 1])],
)
def test_the_chosen_lead_is_read(folder, record, lead, signs):
    beats = load_mitbih(folder, records=[record], lead=lead)
    assert np.sign(beats.data[0, :, 0]).tolist() == signs


def test_a_missing_lead_is_named(folder):
    with pytest.raises(ValueError, match=r"Record 102 has leads \['V5', 'V2'\], not 'V1'"):
        load_mitbih(folder, records=[102], lead="V1")


def test_missing_records_are_named(folder):
    with pytest.raises(FileNotFoundError, match=r"lacks .* \[103, 105\].*fetch_mitbih"):
        load_mitbih(folder, records=[101, 103, 105])


def test_a_truncated_record_is_named(folder):
    signal = folder / "101.dat"
    signal.write_bytes(signal.read_bytes()[:100])
    with pytest.raises(ValueError, match="Record 101 .* cannot be read"):
        load_mitbih(folder, records=[101])


def test_a_header_with_another_rate_is_named(folder):
    header = folder / "101.hea"
    header.write_text(header.read_text().replace(" 360 ", " 250 "))
    with pytest.raises(ValueError, match=r"101\.hea is not the header .* 250 Hz, not 360"):
        load_mitbih(folder, records=[101])


@pytest.mark.parametrize("text", ["", "101", "101 2 360 650000\n", "<html>please log in</html>"])
def test_a_damaged_header_is_named(folder, text):
    (folder / "101.hea").write_text(text)
    with pytest.raises(
        ValueError, match=r"Record 101 .* cannot be read|101\.hea is not the header"
    ):
        load_mitbih(folder, records=[101])


@pytest.mark.parametrize("records", ["DS3", []])
def test_unknown_records_are_refused(folder, records):
    with pytest.raises(ValueError, match="records"):
        load_mitbih(folder, records=records)


def test_a_peak_outside_the_window_is_refused(folder):
    with pytest.raises(ValueError, match="before=256 .* from 0 to window - 1=255"):
        load_mitbih(folder, records=[101], before=256)


def test_a_window_longer_than_the_recording_is_refused(folder):
    with pytest.raises(ValueError, match="whole window of 650001 time steps"):
        load_mitbih(folder, records=[101], window=N + 1)


def test_ds1_and_ds2_share_no_record():
    assert len(set(MITBIH_DS1) | set(MITBIH_DS2)) == 44


@pytest.mark.data
def test_published_records_give_the_known_beats(real_data, tmp_path):
    with zipfile.ZipFile(real_data / "mitdb_raw_sample.zip") as archive:
        archive.extractall(tmp_path)
    known = np.load(real_data / "mitdb_beats_DS1.npz")
    records = [106, 119, 208, 223]
    beats = load_mitbih(tmp_path / "mitdb", records=records)
    for record in records:
        mine, theirs = beats.groups == record, known["record"] == record
        assert beats.target[mine].tolist() == known["y"][theirs].tolist()
        millivolts = (known["X"][theirs].astype(float) - known["adc_zero"]) / known["adc_gain"]
        np.testing.assert_allclose(beats.data[mine, 0], millivolts, atol=1e-6)


@pytest.mark.data
def test_truncated_published_annotations_are_refused(real_data, tmp_path):
    with zipfile.ZipFile(real_data / "mitdb_raw_sample.zip") as archive:
        archive.extractall(tmp_path)
    path = tmp_path / "mitdb" / "208.atr"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 4 * 2])
    with pytest.raises(ValueError, match="Record 208 .* cannot be read .*the word 0 at their end"):
        load_mitbih(tmp_path / "mitdb", records=208)


@pytest.mark.data
def test_class_counts_of_ds1(real_data, tmp_path):
    with zipfile.ZipFile(real_data / "mitdb_DS1.zip") as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "mitdb"
    beats = load_mitbih(folder, records="DS1", window=256)
    assert sorted(beats.dropped.values()) == [21, 472]
    counts = Counter(beats.target.tolist())
    assert counts == {"N": 45846, "V": 3788, "S": 944, "F": 414, "Q": 8}

"""MIT-BIH: small records in the publisher's layout, and the published ones where they are."""

import zipfile
from collections import Counter

import numpy as np
import pytest
import wfdb

from ganbats_sampler.datasets import MITBIH_DS1, MITBIH_DS2, load_mitbih

N = 650_000
PEAKS = np.array([50, 400, 800, 1200, N - 10])
SYMBOLS = ["N", "V", "+", "A", "F"]  # "+" is a change of rhythm, no beat


def write_record(folder, number, names=("MLII", "V1"), *, fs=360, n=N, symbols=SYMBOLS):
    """Write two leads: the first repeats a ramp of 2,000 samples, 1 mV per 1,000 samples."""
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
    wfdb.wrann(str(number), "atr", PEAKS, symbols, write_dir=str(folder))


@pytest.fixture
def folder(tmp_path):
    write_record(tmp_path, 101)
    write_record(tmp_path, 114, names=("V5", "MLII"))
    write_record(tmp_path, 102, names=("V5", "V2"))
    return tmp_path


def test_beats_are_windows_about_the_peaks_in_mv(folder):
    beats = load_mitbih(folder, records=[101], window=256)
    # the first and last peak are too near the ends, and "+" is no beat
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


def test_the_pair(folder):
    data, target = load_mitbih(folder, records=[101], return_X_y=True)
    assert data.shape == (2, 1, 256) and target.tolist() == ["V", "S"]


def test_window_and_share_before_the_peak(folder):
    beats = load_mitbih(folder, records=[101], window=40, before=10)
    assert beats.target.tolist() == ["N", "V", "S"]
    np.testing.assert_allclose(beats.data[0, 0], np.arange(40, 80) / 1000, atol=1e-3)


def test_another_sampling_rate_keeps_the_time(folder):
    beats = load_mitbih(folder, records=[101], window=128, sampling_rate=180)
    expected = (400 - 100 + 2 * np.arange(128)) / 1000
    np.testing.assert_allclose(beats.data[0, 0], expected, atol=5e-3)


@pytest.mark.parametrize(
    ("record", "lead", "signs"),
    [(101, "MLII", [1]), (114, "MLII", [-1]), (102, "MLII", [1]), (101, "V1", [-1])]
    + [(101, "all", [1, -1]), (114, "all", [-1, 1])],
)
def test_leads(folder, record, lead, signs):
    beats = load_mitbih(folder, records=[record], lead=lead)
    assert np.sign(beats.data[0, :, 0]).tolist() == signs


def test_a_lead_that_is_not_there(folder):
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


def test_a_header_of_another_rate_is_named(folder):
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
def test_records_that_are_none(folder, records):
    with pytest.raises(ValueError, match="records"):
        load_mitbih(folder, records=records)


def test_a_peak_outside_the_window(folder):
    with pytest.raises(ValueError, match="before=256 .* from 0 to window - 1=255"):
        load_mitbih(folder, records=[101], before=256)


def test_a_window_that_no_beat_has_whole(folder):
    with pytest.raises(ValueError, match="whole window of 650001 samples"):
        load_mitbih(folder, records=[101], window=N + 1)


def test_the_two_sets_share_no_record():
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
def test_counts_of_ds1(real_data):
    folder = real_data / "mitdb"
    if not folder.is_dir():
        pytest.skip(f"the published files of all of DS1 are not in {folder}")
    counts = Counter(load_mitbih(folder, records="DS1", window=256).target.tolist())
    assert counts == {"N": 45846, "V": 3788, "S": 944, "F": 414, "Q": 8}

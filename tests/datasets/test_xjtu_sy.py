"""XJTU-SY: files in the publisher's layout."""

import numpy as np
import pytest

from ganbats_sampler.datasets import load_xjtu_sy
from ganbats_sampler.datasets.xjtu_sy import HEADER, LIFE_OF, SETTING_OF

ROWS = 32_768
SHARES = {"healthy_share": 0.05, "failing_share": 0.05}  # two minutes each, in a life of 42


def minute_text(number, rows=ROWS):
    """Write a minute whose horizontal signal is its number, and whose vertical one is a ramp."""
    return f"{HEADER}\n" + "".join(f"{number},{i}\n" for i in range(rows))


@pytest.fixture(scope="session")
def minutes():
    return {number: minute_text(number) for number in (1, 2, 41, 42)}


def write_bearing(folder, bearing, minutes):
    where = folder / SETTING_OF[bearing] / bearing
    where.mkdir(parents=True)
    for number, text in minutes.items():
        (where / f"{number}.csv").write_text(text)
    return where


@pytest.fixture
def folder(tmp_path, minutes):
    write_bearing(tmp_path, "Bearing2_4", minutes)
    return tmp_path


def load(folder, **options):
    return load_xjtu_sy(folder, **{"bearings": ["Bearing2_4"], **SHARES, **options})


def test_a_life_starts_healthy_and_ends_failing(folder):
    windows = load(folder, max_windows=2)
    assert windows.data.shape == (8, 2, 1024) and windows.data.dtype == np.float32
    assert windows.target.tolist() == ["healthy"] * 4 + ["failing"] * 4
    assert windows.data[:, 0, 0].tolist() == [1, 1, 2, 2, 41, 41, 42, 42]
    assert windows.sampling_rate == 25_600
    assert len(windows.channels) == len(windows.units) == 2


def test_each_window_has_its_minute_and_bearing(folder):
    windows = load(folder, max_windows=1)
    assert windows.groups.tolist() == ["Bearing2_4"] * 4
    assert windows.recordings.tolist() == [f"Bearing2_4/{minute}" for minute in (1, 2, 41, 42)]


def test_all_windows_of_a_minute_can_be_read(folder):
    windows = load(folder, window=8192, max_windows=None)
    assert windows.data.shape == (16, 2, 8192)
    assert windows.data[:4, 1, 0].tolist() == [0, 8192, 16_384, 24_576]


def test_the_table_has_9216_minutes_of_15_bearings():
    assert sum(LIFE_OF.values()) == 9216 and len(LIFE_OF) == 15


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"healthy_share": 0.0}, "healthy_share=0.0 and failing_share=0.05 .* must be above 0"),
        ({"healthy_share": 0.97}, "their sum at most 1"),
        (
            {"bearings": ["Bearing4_1"]},
            r"bearings=\['Bearing4_1'\] was given; choose from \['all', 'Bea",
        ),
        ({"bearings": []}, r"bearings=\[\] was given"),
        ({"window": 0}, "window=0 was given; it must be a whole number from 1 up"),
        ({"step": 0.5}, "step=0.5 was given"),
        ({"max_windows": 0}, "max_windows=0 was given"),
    ],
)
def test_invalid_parameters(folder, options, match):
    with pytest.raises(ValueError, match=match):
        load(folder, **options)


def test_a_window_longer_than_a_minute_names_the_file(folder):
    with pytest.raises(ValueError, match=r"1\.csv has 32768 time steps and window=40000 was given"):
        load(folder, window=40_000)


def test_missing_files_are_counted_with_their_source(folder):
    (folder / "37.5Hz11kN" / "Bearing2_4" / "42.csv").unlink()
    with pytest.raises(FileNotFoundError, match=r"1 files are missing, .*42\.csv.*by hand"):
        load(folder)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", r"its first line is ''"),
        ("<html>\nplease log in", "its first line is '<html>', not 'Horizontal"),
        ("time,value\n1,2\n", "its first line is 'time,value'"),
        (f"{HEADER}\n", "it has 0 rows of 2 values, not 32768 of 2"),
        (minute_text(1, rows=1000), "it has 1000 rows of 2 values, not 32768 of 2"),
        (minute_text(1, rows=1000) + "0.1", "number of columns"),
        (minute_text(1, rows=10) + "0.1,zero\n", "could not convert"),
        (minute_text(1, rows=ROWS - 1) + "nan,1e300\n", "2 values are NaN or infinite"),
    ],
    ids=["empty", "page", "header", "no rows", "fewer", "cut", "words", "nan"],
)
def test_a_damaged_or_foreign_file_is_named(folder, text, match):
    (folder / "37.5Hz11kN" / "Bearing2_4" / "41.csv").write_text(text)
    with pytest.raises(ValueError, match=rf"41\.csv is not a minute of XJTU-SY \(.*{match}"):
        load(folder)


def test_a_binary_file_is_named(folder):
    (folder / "37.5Hz11kN" / "Bearing2_4" / "41.csv").write_bytes(bytes(range(256)))
    with pytest.raises(ValueError, match=r"41\.csv is not a minute of XJTU-SY"):
        load(folder)

"""The UCR and UEA archives: data sets that come with aeon, and files in both formats."""

import zipfile
from collections import Counter

import numpy as np
import pytest

from ganbats_sampler.datasets import fetch_ucr, load_ucr
from ganbats_sampler.datasets.download import DownloadError
from tests.conftest import needs_aeon

pytestmark = needs_aeon

TS = """\
@problemName Waves
@timestamps false
@missing false
@univariate true
@equalLength true
@seriesLength 3
@classLabel true a b
@data
"""


def write(folder, name, text, ending="tsv"):
    (folder / "Waves").mkdir(exist_ok=True)
    (folder / "Waves" / f"{name}.{ending}").write_text(text)


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, "Waves_TRAIN", "1\t0.5\t1\t2\n-1\t0\t1\t2\n")
    write(tmp_path, "Waves_TEST", "1\t5\t6\t7\n")
    return tmp_path


def test_the_tsv_format_of_the_ucr_archive(folder):
    waves = load_ucr("Waves", folder)
    assert waves.data.shape == (3, 1, 3) and waves.data.dtype == np.float32
    assert waves.data[:, 0, 0].tolist() == [0.5, 0, 5]
    assert waves.target.tolist() == ["1", "-1", "1"]
    assert waves.splits.tolist() == ["train", "train", "test"]
    assert waves.sampling_rate is None


def test_each_sample_is_its_own_group(folder):
    waves = load_ucr("Waves", folder)
    assert waves.groups.tolist() == [0, 1, 2]
    assert "No entity is known" in waves.DESCR


@pytest.mark.parametrize(("split", "n"), [("train", 2), ("test", 1)])
def test_one_split_can_be_read(folder, split, n):
    waves = load_ucr("Waves", folder, split=split)
    assert len(waves.data) == n and set(waves.splits) == {split}


def test_one_split_can_be_missing(folder):
    (folder / "Waves" / "Waves_TEST.tsv").unlink()
    assert len(load_ucr("Waves", folder).data) == 2
    with pytest.raises(FileNotFoundError, match="has no Waves_TEST, .ts or .tsv"):
        load_ucr("Waves", folder, split="test")


def test_the_missing_folder_of_a_version_is_named_as_it_is_on_disk(folder):
    with pytest.raises(FileNotFoundError, match=r"Winds has no Winds_eq_TRAIN or TEST"):
        load_ucr("Winds_eq", folder)


def test_the_ts_format(folder):
    write(folder, "Waves_TRAIN", TS + "1,2,3:a\n4,5,6:b\n", "ts")
    waves = load_ucr("Waves", folder, split="train")
    assert waves.data[:, 0].tolist() == [[1, 2, 3], [4, 5, 6]]
    assert waves.target.tolist() == ["a", "b"]


def test_equal_numbers_are_one_class(folder):
    write(folder, "Waves_TRAIN", "1\t0\t1\t2\n1.0\t0\t1\t2\n 2.50e1\t0\t1\t2\n-0\t0\t1\t2\n")
    write(folder, "Waves_TEST", "1.0000000e+00\t5\t6\t7\n+25\t5\t6\t7\n0\t5\t6\t7\n")
    assert load_ucr("Waves", folder).target.tolist() == ["1", "1", "25", "0", "1", "25", "0"]


def test_equal_numbers_are_one_class_in_ts_files(folder):
    for part in ("TRAIN", "TEST"):
        write(folder, f"Waves_{part}", TS + "1,2,3:1\n4,5,6:1.0\n4,5,6:0.50\n4,5,6:.5\n", "ts")
    assert set(load_ucr("Waves", folder).target) == {"1", "0.5"}


def test_words_and_long_numbers_are_not_merged(folder):
    write(folder, "Waves_TRAIN", "1\t0\t1\t2\n1.0\t0\t1\t2\nb\t0\t1\t2\n")
    assert load_ucr("Waves", folder, split="train").target.tolist() == ["1", "1.0", "b"]
    long = "12345678901234567890123456789012345"
    write(folder, "Waves_TRAIN", f"{long}6\t0\t1\t2\n{long}7\t0\t1\t2\n")
    assert load_ucr("Waves", folder, split="train").target.tolist() == [long + "6", long + "7"]
    write(folder, "Waves_TRAIN", "1e999999\t0\t1\t2\n1\t0\t1\t2\n")
    assert load_ucr("Waves", folder, split="train").target.tolist() == ["1e999999", "1"]


@pytest.mark.parametrize("ending", ["tsv", "ts"])
def test_a_byte_order_mark_is_not_part_of_a_label(folder, ending):
    text = {"tsv": "1\t0\t1\t2\n1\t0\t1\t2\n", "ts": TS + "1,2,3:1\n4,5,6:1\n"}[ending]
    write(folder, "Waves_TRAIN", "\ufeff" + text, ending)
    assert load_ucr("Waves", folder, split="train").target.tolist() == ["1", "1"]


@pytest.mark.parametrize(
    "header",
    [
        TS.replace("@classLabel true a b", "@targetLabel true"),
        TS.replace("@classLabel true a b", "@TARGETLABEL  True"),
        TS.replace("@data", "@targetLabel true\n@data"),
        TS.replace("@classLabel true a b", "@classLabel false"),
    ],
)
def test_a_set_without_classes_is_refused(folder, header):
    labels = ["", ""] if "classLabel false" in header else [":0.5", ":0.7"]
    write(folder, "Waves_TRAIN", f"{header}1,2,3{labels[0]}\n4,5,6{labels[1]}\n", "ts")
    with pytest.raises(
        ValueError, match=r"TRAIN\.ts holds a set without classes.*targetLabel true"
    ):
        load_ucr("Waves", folder)


def test_a_regression_set_in_tsv_format_is_refused(folder):
    write(folder, "Waves_TRAIN", "1\t0\t1\t2\n0.53\t0\t1\t2\n")
    with pytest.raises(ValueError, match=r"TRAIN\.tsv has labels .* to be a regression set"):
        load_ucr("Waves", folder)


@pytest.mark.parametrize("label", ["", "NaN", "?", "nan"])
def test_series_without_a_label_are_refused(folder, label):
    write(folder, "Waves_TRAIN", f"1\t0\t1\t2\n{label}\t0\t1\t2\n")
    with pytest.raises(ValueError, match=r"TRAIN\.tsv has 1 series without a label, .* series 1"):
        load_ucr("Waves", folder)
    write(folder, "Waves_TRAIN", f"{TS}1,2,3:1\n4,5,6:{label}\n", "ts")
    with pytest.raises(ValueError, match=r"TRAIN\.ts has 1 series without a label, .* series 1"):
        load_ucr("Waves", folder)


def test_sets_that_come_with_aeon():
    motions = load_ucr("BasicMotions")
    assert motions.data.shape == (80, 6, 100)
    assert len(motions.channels) == len(motions.units) == 6
    assert load_ucr("JapaneseVowels_eq").data.shape == (640, 12, 25)


def test_series_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match=r"TRAIN\.ts has series of 7 to 26 .* \"JapaneseVowels_eq"):
        load_ucr("JapaneseVowels")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (
            "1\t0.5\tNaN\tNaN\n1\t0\t1\t2\n",
            "has 2 values that are missing .* series 0 at time step 1",
        ),
        ("1\t0\t1e300\n", "has 1 values that are missing or infinite, .* series 0 at time step 1"),
        ("1\t0.5\t1\n1\t0\n", "cannot be read .*number of columns"),
        ("1,0.5,1\n", "cannot be read .*a label and a series, separated by tabs"),
        ("<html>\n", "cannot be read .*not hold a label and a series"),
        ("1\tone\n", "cannot be read .*could not convert"),
        ("", "cannot be read .*not hold a label and a series"),
        ("1\t0\t1#2\n1\t0\t1\n", "cannot be read .*could not convert string to float: .*1#2"),
        ("1\t0\t1\n#1\t0\tx\n", "cannot be read .*could not convert"),
        ("# a remark\n1\t0\t1\n", "cannot be read .*number of columns"),
    ],
    ids=[
        "missing",
        "too large",
        "ragged",
        "commas",
        "page",
        "words",
        "empty",
        "sign",
        "commented",
        "remark",
    ],
)
def test_a_file_that_cannot_be_used_is_named(folder, text, match):
    write(folder, "Waves_TRAIN", text)
    with pytest.raises(ValueError, match=rf"Waves_TRAIN\.tsv {match}"):
        load_ucr("Waves", folder)


@pytest.mark.parametrize("text", ["", "<html>\n", TS, TS + "1,2,3:a\n4,5:", TS + "1,?,3:a\n"])
def test_a_ts_file_that_cannot_be_used_is_named(folder, text):
    write(folder, "Waves_TRAIN", text, "ts")
    with pytest.raises(ValueError, match=r"Waves_TRAIN\.ts "):
        load_ucr("Waves", folder)


def test_splits_of_unequal_shape_are_refused(folder):
    write(folder, "Waves_TEST", "1\t5\t6\n")
    with pytest.raises(ValueError, match=r"Waves_TEST\.tsv'\] have series of shapes"):
        load_ucr("Waves", folder)


def test_an_unknown_set_or_split_is_refused(folder):
    with pytest.raises(FileNotFoundError, match=r"Winds has no Winds_TRAIN or TEST.*fetch_ucr"):
        load_ucr("Winds", folder)
    with pytest.raises(ValueError, match="split='both' was given; choose"):
        load_ucr("Waves", folder, split="both")


def test_an_existing_set_is_not_downloaded(folder, monkeypatch):
    monkeypatch.setattr("aeon.datasets.load_classification", None)
    (folder / "ucr").mkdir()
    (folder / "Waves").rename(folder / "ucr" / "Waves")
    assert len(fetch_ucr("Waves", data_home=folder).data) == 3


def test_aeon_downloads_the_set(tmp_path, monkeypatch):
    def download(name, extract_path):
        assert name == "Waves"
        for part in ("TRAIN", "TEST"):
            write(tmp_path / "ucr", f"Waves_{part}", TS + "1,2,3:a\n4,5,6:b\n", "ts")

    monkeypatch.setattr("aeon.datasets.load_classification", download)
    assert fetch_ucr("Waves", data_home=tmp_path).data.shape == (4, 1, 3)


def test_fetching_again_repairs_damaged_files(tmp_path, monkeypatch):
    def download(name, extract_path):
        for part in ("TRAIN", "TEST"):
            write(tmp_path / "ucr", f"Waves_{part}", TS + "1,2,3:a\n4,5,6:b\n", "ts")

    monkeypatch.setattr("aeon.datasets.load_classification", download)
    fetch_ucr("Waves", data_home=tmp_path)
    path = tmp_path / "ucr" / "Waves" / "Waves_TRAIN.ts"
    path.write_text(path.read_text()[:-9])
    assert fetch_ucr("Waves", data_home=tmp_path).data.shape == (4, 1, 3)


def test_a_failed_download_is_explained(tmp_path, monkeypatch):
    def refuse(name, extract_path):
        raise OSError("no route to host")

    monkeypatch.setattr("aeon.datasets.load_classification", refuse)
    with pytest.raises(DownloadError, match=r"Waves .* \(no route to host\). Are you offline"):
        fetch_ucr("Waves", data_home=tmp_path)


@pytest.mark.data
def test_published_sets_have_the_known_shapes(real_data, tmp_path):
    with zipfile.ZipFile(real_data / "ucr_dev.zip") as archive:
        archive.extractall(tmp_path)
    folder = next(tmp_path.rglob("Wafer_TRAIN.tsv")).parents[1]
    wafer = load_ucr("Wafer", folder)
    assert wafer.data.shape == (1000, 1, 152) and set(wafer.splits) == {"train"}
    assert load_ucr("ECG200", folder).data.shape == (200, 1, 96)
    assert Counter(load_ucr("Earthquakes", folder).target.tolist()) == {"0": 368, "1": 93}

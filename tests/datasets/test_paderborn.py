"""Paderborn's bearings: files in the publisher's layout."""

import shutil

import numpy as np
import pytest
from scipy.io import savemat

from ganbats_sampler.datasets import load_paderborn

N = 4096


def channels_of(signals):
    """Make the struct array that holds the channels, one element each."""
    names = ("Name", "Type", "Data", "Raster", "XIndex")
    channels = np.empty((1, len(signals)), dtype=[(name, object) for name in names])
    for channel, (name, data) in zip(channels[0], signals.items(), strict=True):
        channel["Name"], channel["Type"], channel["Raster"] = name, "Real", "HostService"
        channel["Data"], channel["XIndex"] = np.asarray(data)[None], 1.0
    return channels


def measurement(Y):
    content = np.empty((1, 1), dtype=[(name, object) for name in ("Info", "X", "Y", "Description")])
    content["Info"][0, 0] = content["X"][0, 0] = content["Description"][0, 0] = np.empty((0, 0))
    content["Y"][0, 0] = Y
    return content


def write_measurement(folder, bearing, number=1, setting="N15_M07_F10", content=None, **signals):
    name = f"{setting}_{bearing}_{number}"
    signals = {
        "force": np.ones(N // 16),
        "phase_current_1": np.arange(N) + 0.1,
        "phase_current_2": -np.arange(N) - 0.1,
        "speed": np.full(N // 16, 1500.0),
        "vibration_1": np.full(N, float(number)),
        **signals,
    }
    (folder / bearing).mkdir(exist_ok=True)
    content = measurement(channels_of(signals)) if content is None else content
    savemat(folder / bearing / f"{name}.mat", {name: content}, do_compression=True)


@pytest.fixture
def folder(tmp_path):
    for bearing in ("K001", "KA01", "KI04", "KB23"):
        write_measurement(tmp_path, bearing)
    write_measurement(tmp_path, "KA01", 10)
    write_measurement(tmp_path, "KA01", 2)
    write_measurement(tmp_path, "KA01", 1, setting="N09_M07_F10")
    return tmp_path


def test_each_window_has_its_measurement_and_bearing(folder):
    windows = load_paderborn(folder)
    assert windows.data.shape == (12, 1, 2048) and windows.data.dtype == np.float32
    expected = ["healthy"] * 2 + ["outer"] * 6 + ["combined"] * 2 + ["inner"] * 2
    assert windows.target.tolist() == expected
    assert windows.groups.tolist() == ["K001"] * 2 + ["KA01"] * 6 + ["KB23"] * 2 + ["KI04"] * 2
    assert windows.recordings[2:8:2].tolist() == [f"N15_M07_F10_KA01_{i}" for i in (1, 2, 10)]
    assert windows.data[2:8:2, 0, 0].tolist() == [1, 2, 10]
    assert windows.sampling_rate == 64_000


def test_channels_have_the_given_order(folder):
    channels = ["phase_current_2", "vibration_1"]
    windows = load_paderborn(folder, bearings=["K001"], channels=channels, window=N)
    assert windows.channels == channels and windows.units == ["A", "not stated"]
    assert windows.data[0, :, 0].tolist() == [np.float32(-0.1), 1]


def test_several_settings_can_be_read(folder):
    windows = load_paderborn(
        folder, bearings=["KA01"], settings=("N15_M07_F10", "N09_M07_F10"), max_windows=1
    )
    assert len(windows.target) == 4 and set(windows.groups) == {"KA01"}


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"channels": ["speed"]}, r"channels=\['speed'\] was given; choose from \['vibration_1'"),
        ({"channels": []}, r"channels=\[\] was given"),
        ({"settings": ["N15"]}, r"settings=\['N15'\] was given; choose from \['N15_M07_F10'"),
        ({"bearings": "KA99"}, r"bearings='KA99' was given; choose from \['all', 'K001'"),
        ({"bearings": ["K001", "K001"]}, r"bearings names \['K001'\] more than once"),
        ({"channels": ["vibration_1"] * 2}, r"channels names \['vibration_1'\] more than once"),
        ({"settings": ["N15_M07_F10"] * 2}, r"settings names .* more than once"),
        ({"window": N + 1}, rf"K001_1\.mat has {N} time steps and window={N + 1} was given"),
    ],
)
def test_invalid_parameters(folder, options, match):
    with pytest.raises(ValueError, match=match):
        load_paderborn(folder, **options)


def test_missing_measurements_are_named_with_their_source(folder, tmp_path):
    match = "no measurement of KA03 in N15_M07_F10, K001 in N09_M07_F10.*uni-paderborn.*by hand"
    with pytest.raises(FileNotFoundError, match="no measurement of KA03 in N15_M07_F10.*by hand"):
        load_paderborn(folder, bearings=["K001", "KA03"])
    with pytest.raises(FileNotFoundError, match=match.replace("KA03 in N15_M07_F10, ", "")):
        load_paderborn(folder, bearings=["K001"], settings=["N09_M07_F10"])
    with pytest.raises(FileNotFoundError, match="no measurement of any bearing"):
        load_paderborn(tmp_path / "nothing")


def test_a_truncated_file_is_named(folder):
    path = folder / "KI04" / "N15_M07_F10_KI04_1.mat"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ValueError, match=r"KI04_1\.mat cannot be read as a MATLAB file"):
        load_paderborn(folder)


def test_a_renamed_file_is_named(folder):
    path = folder / "KI04" / "N15_M07_F10_KI04_1.mat"
    path.rename(path.with_name("N15_M07_F10_KI04_2.mat"))
    with pytest.raises(ValueError, match=r"KI04_2\.mat holds .*_KI04_1'\] and not .*or was rename"):
        load_paderborn(folder)


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (np.zeros((3, 1)), "N15_M07_F10_KI04_1 is not a struct, and a field 'Y' is needed"),
        (measurement(np.zeros((1, 2))), r"Y\(1\) is not a struct, and a field 'Name' is needed"),
        (measurement(channels_of({"force": [1.0]})), r"lacks the channels \['vibration_1'\]; it"),
        (measurement(channels_of({"vibration_1": [np.inf]})), "vibration_1 has 1 values that are"),
        (measurement(channels_of({"vibration_1": []})), "vibration_1 is empty or holds no numbers"),
    ],
    ids=["array", "channels", "missing", "infinite", "empty"],
)
def test_a_foreign_file_is_named(folder, content, match):
    write_measurement(folder, "KI04", content=content)
    with pytest.raises(ValueError, match=rf"KI04_1\.mat.*{match}"):
        load_paderborn(folder)


def test_only_small_differences_in_channel_length_are_allowed(folder):
    channels = ["vibration_1", "phase_current_1"]
    write_measurement(folder, "KI04", phase_current_1=np.ones(N - 10))
    windows = load_paderborn(folder, bearings=["KI04"], channels=channels, window=N - 10)
    assert windows.data.shape == (1, 2, N - 10)
    write_measurement(folder, "KI04", phase_current_1=np.ones(N // 2))
    with pytest.raises(ValueError, match=r"KI04_1\.mat: the channels have unequal lengths"):
        load_paderborn(folder, bearings=["KI04"], channels=channels)


def test_one_name_can_be_a_string(folder):
    options = {"settings": "N15_M07_F10", "channels": "phase_current_1"}
    windows = load_paderborn(folder, bearings="K001", **options)
    assert set(windows.groups) == {"K001"} and windows.channels == ["phase_current_1"]


def test_a_measurement_in_two_folders_is_read_once(folder):
    expected = load_paderborn(folder)
    write_measurement(folder, "K001")
    (folder / "copies").mkdir()
    for name in ("K001", "KA01"):
        shutil.copytree(folder / name, folder / "copies" / name)
    windows = load_paderborn(folder)
    np.testing.assert_array_equal(windows.data, expected.data)
    assert windows.recordings.tolist() == expected.recordings.tolist()


def test_different_measurements_of_one_name_are_refused(folder):
    (folder / "other").mkdir()
    write_measurement(folder / "other", "K001", vibration_1=np.zeros(N))
    with pytest.raises(ValueError, match=r"K001_1\.mat', '.*K001_1\.mat'\] are the same recording"):
        load_paderborn(folder)

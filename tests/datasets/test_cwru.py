"""CWRU's bearings: files in the publisher's layout, and published recordings if available."""

import shutil
from collections import Counter

import numpy as np
import pytest
from scipy.io import savemat

from ganbats_sampler.datasets import CWRU_12K, fetch_cwru, load_cwru
from ganbats_sampler.datasets.cwru_table import number_of
from ganbats_sampler.datasets.download import DownloadError
from tests.datasets.test_download import sha256

N = 4096


def write_recording(folder, number, inner=None, sensors=("DE", "FE"), n=N, **more):
    """Write a recording whose drive end is a ramp, and whose fan end is its negative."""
    inner = number if inner is None else inner
    signals = {"DE": np.arange(n), "FE": -np.arange(n)}
    content = {f"X{inner:03d}_{sensor}_time": signals[sensor][:, None] + 0.5 for sensor in sensors}
    savemat(folder / f"{number}.mat", {**content, f"X{inner:03d}RPM": 1797, **more})


@pytest.fixture
def folder(tmp_path):
    for number in (105, 118, 130):
        write_recording(tmp_path, number)
    write_recording(tmp_path, 97, n=4 * N)
    write_recording(tmp_path, 3001, inner=56, sensors=("DE",))
    return tmp_path


def test_each_window_has_its_recording_bearing_and_load(folder):
    windows = load_cwru(folder, recordings=[97, 105, 118, 130])
    assert windows.data.shape == (16, 1, 1024) and windows.data.dtype == np.float32
    assert windows.target[::4].tolist() == ["normal", "inner", "ball", "outer"]
    assert windows.groups[::4].tolist() == [97, 105, 118, 130]
    assert windows.bearings[::4].tolist() == ["normal", "inner-7", "ball-7", "outer-7-6"]
    assert windows.loads.tolist() == [0] * 16
    assert windows.sampling_rate == 12_000
    assert windows.data[4:8, 0, 0].tolist() == [0.5, 1024.5, 2048.5, 3072.5]


def test_normal_recordings_are_resampled_to_12_khz(folder):
    resampled = load_cwru(folder, recordings=[97], max_windows=4).data[1, 0]
    np.testing.assert_allclose(np.diff(resampled), 4, atol=0.1)  # a ramp, four times as steep
    published = load_cwru(folder, recordings=[97], normal_rate=12_000).data
    assert len(published) == 16
    np.testing.assert_array_equal(np.diff(published[1, 0]), 1)


def test_sensors_are_channels_in_the_given_order(folder):
    windows = load_cwru(folder, recordings=[105], sensors=["FE", "DE"])
    assert windows.channels == ["fan end acceleration", "drive end acceleration"]
    assert windows.data[0, :, 1].tolist() == [-0.5, 1.5]


def test_variables_may_have_another_number_than_the_file(folder):
    assert load_cwru(folder, recordings=[3001]).bearings[0] == "inner-28"


def test_a_second_recording_in_a_file_is_ignored(folder):
    write_recording(folder, 99, n=4 * N, X098_DE_time=np.zeros((N, 1)))
    assert load_cwru(folder, recordings=[99]).data.std() > 0


@pytest.mark.parametrize(("number", "other"), [(105, 118), (118, 105), (3001, 3005), (97, 105)])
def test_a_file_of_another_recording_is_refused(folder, number, other):
    write_recording(folder, other, inner={3005: 48}.get(other))
    shutil.copy(folder / f"{other}.mat", folder / f"{number}.mat")
    with pytest.raises(ValueError, match=rf"/{number}\.mat is not recording {number}, .* renamed"):
        load_cwru(folder, recordings=number)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("097", 97),
        ("Normal_0", 97),
        ("Time_Normal_1_098", 98),
        ("IR007_0", 105),
        ("12k_Drive_End_IR007_0_105", 105),
        ("IR028_3", 3004),
        ("B021_2", 224),
        ("OR007@6_0", 130),
        ("OR007_6_0", 130),
        ("12k_Drive_End_OR007@12_3_160", 160),
        ("OR021@3_1", 247),
        ("48k_Drive_End_IR007_0_109", None),
        ("12k_Fan_End_B007_0_282", None),
        ("OR007_0", None),
        ("IR007", None),
        ("110", None),
        ("results", None),
    ],
)
def test_recording_numbers_of_file_names(name, number):
    assert number_of(name) == number


@pytest.mark.parametrize("name", ["105", "IR007_0", "12k_Drive_End_IR007_0_105"])
def test_files_are_found_in_subfolders_and_under_common_names(folder, name):
    expected = load_cwru(folder, recordings="105")
    (folder / "12k Drive End" / "inner").mkdir(parents=True)
    (folder / "105.mat").rename(folder / "12k Drive End" / "inner" / f"{name}.MAT")
    windows = load_cwru(folder, recordings="105")
    np.testing.assert_array_equal(windows.data, expected.data)


def test_variables_identify_a_recording_among_files_of_one_name(folder):
    for place, inner in (("12k_DE", 105), ("48k_DE", 109), ("12k_FE", 278)):
        (folder / place).mkdir()
        write_recording(folder / place, "IR007_0", inner=inner)
    (folder / "105.mat").unlink()
    assert load_cwru(folder, recordings=[105]).data.shape == (4, 1, 1024)
    (folder / "12k_DE" / "IR007_0.mat").unlink()
    with pytest.raises(ValueError, match=r"IR007_0\.mat is not recording 105"):
        load_cwru(folder, recordings=[105])


def test_a_recording_in_two_folders_is_read_once(folder):
    (folder / "copy").mkdir()
    shutil.copy(folder / "105.mat", folder / "copy" / "105.mat")
    assert len(load_cwru(folder, recordings=[105]).data) == 4
    write_recording(folder / "copy", 105, n=2 * N)
    with pytest.raises(ValueError, match=r"105\.mat', '.*105\.mat'\] are the same recording"):
        load_cwru(folder, recordings=[105])


def test_one_sensor_can_be_a_string(folder):
    windows = load_cwru(folder, recordings=105, sensors="FE")
    assert windows.channels == ["fan end acceleration"]


def test_the_table_of_recordings():
    assert len(CWRU_12K) == 64
    faults = Counter(one.fault for one in CWRU_12K.values())
    assert faults == {"normal": 4, "inner": 16, "ball": 16, "outer": 28}
    assert CWRU_12K[160] == ("outer", 7, 3, 12) and CWRU_12K[236].bearing == "outer-21-6"
    loads = Counter((one.bearing, one.load) for one in CWRU_12K.values())
    assert set(loads.values()) == {1}


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"recordings": "4hp"}, r"recordings='4hp' was given; choose from \['all', '0hp'"),
        ({"recordings": [1]}, r"recordings=\[1\] was given; choose from .* 97, 98"),
        ({"recordings": []}, r"recordings=\[\] was given"),
        ({"recordings": [105, "105"]}, r"recordings names \[105\] more than once"),
        ({"sensors": ["DE", "DE"]}, r"sensors names \['DE'\] more than once"),
        ({"sensors": ["BA"]}, r"sensors=\['BA'\] was given; choose from \['DE', 'FE'\]"),
        (
            {"normal_rate": 0},
            "normal_rate=0 was given; it must be a number from 12000 to 192000 Hz",
        ),
        ({"window": 9999}, r"105\.mat has 4096 time steps and window=9999 was given"),
    ],
)
def test_invalid_parameters(folder, options, match):
    with pytest.raises(ValueError, match=match):
        load_cwru(folder, **{"recordings": [105], **options})


def test_missing_recordings_are_named(folder):
    match = r"lacks the .mat files of recordings \[169, 209, 185, .*fetch_cwru"
    with pytest.raises(FileNotFoundError, match=match):
        load_cwru(folder, recordings="0hp")


def test_a_missing_sensor_is_named(folder):
    with pytest.raises(ValueError, match=r"3001\.mat has no X056_FE_time; it holds \['X056RPM',"):
        load_cwru(folder, recordings=[3001], sensors=["FE"])


def test_a_truncated_file_is_named(folder):
    path = folder / "118.mat"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ValueError, match=r"118\.mat cannot be read as a MATLAB file"):
        load_cwru(folder, recordings=[105, 118])


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (
            {"B0005": np.zeros((3, 1))},
            r"is not recording 118, .* begin with X118; it holds \['B0005'\]",
        ),
        ({"X118_DE_time": np.empty((0, 1))}, "X118_DE_time is empty or holds no numbers"),
        ({"X118_DE_time": np.array([[np.nan, 1e300]])}, "X118_DE_time has 2 values that are NaN"),
    ],
)
def test_a_foreign_file_is_named(folder, content, match):
    savemat(folder / "118.mat", content)
    with pytest.raises(ValueError, match=rf"118\.mat.*{match}"):
        load_cwru(folder, recordings=[118])


def test_sensors_of_unequal_length_are_refused(folder):
    write_recording(folder, 118, sensors=("DE",), X118_FE_time=np.zeros((7, 1)))
    with pytest.raises(ValueError, match=r"118\.mat: .* unequal lengths {'DE': 4096, 'FE': 7}"):
        load_cwru(folder, recordings=[118], sensors=["DE", "FE"])


class TestFetch:
    @pytest.fixture
    def published(self, server, folder):
        server.files = {f"/{path.name}": path.read_bytes() for path in folder.iterdir()}
        return server

    def fetch(self, server, tmp_path, **options):
        options = {"recordings": [105, 118], **options}
        return fetch_cwru(data_home=tmp_path / "home", base_url=server.url, **options)

    def test_it_downloads_once_and_records_checksums(self, published, tmp_path):
        for _ in range(2):
            windows = self.fetch(published, tmp_path)
        assert set(windows.groups) == {105, 118}
        assert [name for name, _ in published.requests] == ["/105.mat", "/118.mat"]
        record = (tmp_path / "home" / "cwru" / "SHA256SUMS.txt").read_text()
        assert record.splitlines()[0] == f"{sha256(published.files['/105.mat'])}  105.mat"

    def test_a_damaged_file_is_downloaded_again(self, published, tmp_path):
        self.fetch(published, tmp_path)
        (tmp_path / "home" / "cwru" / "118.mat").write_bytes(b"MATLAB, damaged")
        self.fetch(published, tmp_path)
        assert [name for name, _ in published.requests][2:] == ["/118.mat"]

    def test_a_file_that_changed_on_the_server_is_refused(self, published, tmp_path):
        self.fetch(published, tmp_path)
        (tmp_path / "home" / "cwru" / "118.mat").unlink()
        published.files["/118.mat"] += b" "
        with pytest.raises(DownloadError, match=r"118\.mat.*SHA-256.*SUMS\.txt, .*first download"):
            self.fetch(published, tmp_path)

    def test_checksums_from_the_user(self, published, tmp_path):
        with pytest.raises(DownloadError, match=r"105\.mat.*SHA-256"):
            self.fetch(published, tmp_path, checksums={"105.mat": sha256(b"other")})
        known = {"105.mat": sha256(published.files["/105.mat"]).upper()}  # as PowerShell prints it
        for _ in range(2):
            assert len(self.fetch(published, tmp_path, checksums=known).target)
        assert [name for name, _ in published.requests].count("/105.mat") == 2

    def test_a_web_page_instead_of_a_file_is_not_kept(self, published, tmp_path):
        published.files["/118.mat"] = b"<html>please log in</html>"
        with pytest.raises(DownloadError, match="begins with b'<html>', not b'MATLAB'"):
            self.fetch(published, tmp_path)
        assert not (tmp_path / "home" / "cwru" / "118.mat").exists()
        assert "118.mat" not in (tmp_path / "home" / "cwru" / "SHA256SUMS.txt").read_text()

    def test_offline(self, tmp_path):
        with pytest.raises(DownloadError, match="Are you offline"):
            fetch_cwru(data_home=tmp_path, recordings=[105], base_url="http://127.0.0.1:9/")


@pytest.mark.data
def test_spectral_lines_show_that_normal_recordings_have_48_khz(real_data):
    """The lines come from the motor, so they do not depend on the bearing."""
    known = np.load(real_data / "cwru_12kDE_0hp.npz")
    normal, faulty = known["Normal_97_Normal_0__DE"], known["12kDE_IR_007_105_0__DE"]

    def share_at_lines(signal, rate):
        power = np.abs(np.fft.rfft((signal - signal.mean()) * np.hanning(len(signal)))) ** 2
        frequency = np.fft.rfftfreq(len(signal), 1 / rate)
        lines = np.array([119.9, 147.7, 161.6, 177.7, 191.6])
        near = (np.abs(frequency[:, None] - lines) < 0.5).any(axis=1)
        return power[near].sum() / power[(frequency > 100) & (frequency < 210)].sum()

    assert share_at_lines(faulty, 12_000) > 0.5
    assert share_at_lines(normal, 48_000) > 0.5
    assert share_at_lines(normal, 12_000) < 0.2

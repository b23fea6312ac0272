"""NASA's batteries: files in the publisher's layout, and published ones if available."""

import zipfile
from collections import Counter

import numpy as np
import pytest
from scipy.io import loadmat, savemat

from ganbats_sampler.datasets import fetch_nasa_battery, load_nasa_battery
from ganbats_sampler.datasets.download import DownloadError
from tests.datasets.test_download import sha256

FIELDS = ("Voltage_measured", "Current_measured", "Temperature_measured", "Time", "Capacity")


def struct(**fields):
    """Make a MATLAB struct of one element, whose fields may hold anything."""
    values = np.empty((1, 1), dtype=[(name, object) for name in fields])
    for name, value in fields.items():
        values[name][0, 0] = value
    return values


def discharge(n=50, *, current=2.0, capacity=1.8, ambient=24, **changed):
    """Make a discharge whose time steps grow, and whose voltage falls by 1 mV a second."""
    time = np.linspace(0, 1, n) ** 2 * 1000
    load = np.full(n, -current)
    load[[0, -1]] = 0  # the load is off at the first and the last point
    data = {
        "Voltage_measured": (4.2 - time / 1000)[None],
        "Current_measured": load[None],
        "Temperature_measured": (ambient + time / 100)[None],
        "Current_load": load[None],
        "Voltage_load": np.zeros((1, n)),
        "Time": time[None],
        "Capacity": np.array([[capacity]]) if capacity is not None else np.empty((0, 0)),
        **changed,
    }
    return cycle("discharge", struct(**data), ambient)


def cycle(kind, data, ambient=24):
    when = np.array([[2008.0, 4, 2, 15, 25, 41.6]])
    return struct(type=kind, ambient_temperature=np.uint8([[ambient]]), time=when, data=data)


def write_battery(folder, name, cycles):
    between = [cycle("charge", struct(Time=np.zeros((1, 3)))), cycle("impedance", struct(Re=0.05))]
    cycles = [part for one in cycles for part in (*between, one)]
    content = struct(cycle=np.concatenate(cycles, axis=1))
    savemat(folder / f"{name}.mat", {name: content}, do_compression=True)


@pytest.fixture
def folder(tmp_path):
    write_battery(tmp_path, "B0005", [discharge(capacity=1.8), discharge(60, capacity=1.3)])
    write_battery(tmp_path, "B0029", [discharge(current=4, ambient=43, capacity=1.7)])
    return tmp_path


def test_samples_are_discharges_with_temperature_and_current_as_class(folder):
    cells = load_nasa_battery(folder)
    assert cells.data.shape == (3, 3, 128) and cells.data.dtype == np.float32
    assert cells.target.tolist() == ["24C-2A", "24C-2A", "43C-4A"]
    assert cells.groups.tolist() == ["B0005", "B0005", "B0029"]
    assert cells.channels == ["voltage", "current", "temperature"]
    assert cells.units == ["V", "A", "degC"]
    assert cells.sampling_rate is None
    assert cells.cycles.tolist() == [0, 1, 0]
    assert cells.durations.tolist() == [1000, 1000, 1000]


def test_discharges_are_resampled_in_time(folder):
    cells = load_nasa_battery(folder, batteries=["B0005"], n_timepoints=101)
    expected = 4.2 - np.linspace(0, 1, 101)
    np.testing.assert_allclose(cells.data[0, 0], expected, atol=1e-6)


def test_classes_by_capacity(folder):
    cells = load_nasa_battery(folder, classes="capacity")
    assert cells.target.tolist() == ["healthy", "faded", "healthy"]
    assert cells.capacities.tolist() == [1.8, 1.3, 1.7]


def test_discharges_can_keep_their_points(folder):
    cells = load_nasa_battery(folder, n_timepoints=None)
    assert [series.shape for series in cells.data] == [(3, 50), (3, 60), (3, 50)]
    assert {series.dtype for series in cells.data} == {np.dtype("float32")}


def test_unusable_discharges_are_dropped_but_numbered(tmp_path):
    empty = {name: np.empty((0, 0)) for name in FIELDS}
    cycles = [discharge(), discharge(3), discharge(current=0), discharge(**empty)]
    write_battery(tmp_path, "B0053", cycles + [discharge(capacity=None), discharge(capacity=0.2)])
    cells = load_nasa_battery(tmp_path)
    assert cells.cycles.tolist() == [0, 4, 5] and cells.n_dropped == 3
    assert np.isnan(cells.capacities).tolist() == [False, True, False]
    cells = load_nasa_battery(tmp_path, classes="capacity")
    assert cells.cycles.tolist() == [0] and cells.n_dropped == 5


def test_dropped_discharges_are_counted_by_reason(tmp_path):
    cycles = [discharge(), discharge(3), discharge(current=0), discharge(capacity=0.2)]
    write_battery(tmp_path, "B0053", cycles)
    cells = load_nasa_battery(tmp_path, classes="capacity")
    reasons = {"fewer than 10 points": 1, "no load": 1, "no capacity, or less than 0.5 Ah": 1}
    assert cells.dropped == reasons and cells.n_dropped == 3


N = 50
STUCK = np.linspace(0, 1000, N)
STUCK[20:30] = STUCK[20]
SPIKE = np.full(N, 24.0)
SPIKE[7] = 1e4


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("time", {"Time": np.zeros((1, N))}),
        ("time", {"Time": np.full((1, N), 7.0)}),
        ("time", {"Time": STUCK[None]}),
        ("temperature", {"Temperature_measured": SPIKE[None]}),
        ("temperature", {"Temperature_measured": np.full((1, N), -273.0)}),
        ("voltage", {"Voltage_measured": np.full((1, N), 8.4)}),
        ("current", {"Current_measured": np.full((1, N), -200.0)}),
        ("capacity", {"capacity": 50.0}),
        ("capacity", {"capacity": -1.0}),
        ("ambient temperature", {"ambient": 200, "Temperature_measured": np.full((1, N), 24.0)}),
    ],
)
def test_impossible_discharges_are_dropped_with_a_warning(tmp_path, name, changed):
    write_battery(tmp_path, "B0005", [discharge(), discharge(**changed)])
    with pytest.warns(UserWarning, match=rf"1 discharges of \['B0005'\] .* impossible {name};"):
        cells = load_nasa_battery(tmp_path)
    assert cells.cycles.tolist() == [0]
    assert cells.dropped == {f"impossible {name}": 1} and cells.n_dropped == 1


def square_wave(n, points_per_level, low=0.0):
    is_on = np.arange(n) // points_per_level % 2 == 0
    return discharge(n, Current_measured=np.where(is_on, -4.0, -low)[None])


@pytest.mark.parametrize("low", [0.0, 1.0])
def test_a_square_wave_has_its_own_class(tmp_path, low):
    write_battery(tmp_path, "B0005", [discharge(current=4)])
    write_battery(tmp_path, "B0006", [square_wave(100, 10, low)])
    cells = load_nasa_battery(tmp_path)
    assert cells.target.tolist() == ["24C-4A", "24C-4A-square"]


@pytest.mark.parametrize("classes", ["condition", "capacity"])
def test_a_coarsely_sampled_square_wave_gives_a_warning(tmp_path, classes):
    write_battery(tmp_path, "B0005", [discharge(current=4)])
    write_battery(tmp_path, "B0025", [square_wave(100, 2), discharge(current=4)])
    with pytest.warns(
        UserWarning, match=r"\['B0025'\] .* square wave that is sampled too coarsely"
    ):
        cells = load_nasa_battery(tmp_path, classes=classes)
    assert len(cells.target) == 3
    assert "square wave of 0.05 Hz" in cells.DESCR


def test_one_cell_can_be_a_string(folder):
    assert set(load_nasa_battery(folder, batteries="B0029").groups) == {"B0029"}


def test_different_files_of_one_cell_give_a_warning(folder):
    (folder / "two").mkdir()
    write_battery(folder / "two", "B0029", [discharge()] * 3)
    with pytest.warns(UserWarning, match=r"B0029\.mat', '.*B0029\.mat'\] hold different discharg"):
        cells = load_nasa_battery(folder, batteries=["B0029"])
    assert len(cells.target) == 1


def test_packed_cells_are_refused(folder, tmp_path):
    write_battery(tmp_path, "B0047", [discharge()])
    with zipfile.ZipFile(folder / "4. Aging.zip", "w") as archive:
        archive.write(tmp_path / "B0047.mat", "B0047.mat")
    assert len(load_nasa_battery(folder).target) == 4  # B0047 is unpacked as well
    (tmp_path / "B0047.mat").unlink()
    match = r"lacks the .mat files of \['B0047'\].* Unpack the zips there, .*4\. Aging\.zip'\]"
    for batteries in ("all", "B0047"):
        with pytest.raises(FileNotFoundError, match=match):
            load_nasa_battery(folder, batteries=batteries)
    assert len(load_nasa_battery(folder, batteries=["B0005"]).target) == 2


def test_nested_zips_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "5. Battery Data Set.zip", "w") as archive:
        archive.writestr("1. Aging.zip", b"")
    (tmp_path / "broken.zip").write_bytes(b"PK, broken")
    with pytest.raises(
        FileNotFoundError, match="all cells.*Unpack the zips there, and the zips in"
    ):
        load_nasa_battery(tmp_path)


def test_the_class_has_the_temperature_of_the_cycle(tmp_path):
    write_battery(tmp_path, "B0042", [discharge(ambient=4), discharge(ambient=22)])
    assert load_nasa_battery(tmp_path).target.tolist() == ["4C-2A", "22C-2A"]


def test_a_cell_in_two_subfolders_is_read_once(folder):
    for name in ("one", "two"):
        (folder / name).mkdir()
        write_battery(folder / name, "B0025", [discharge()])
    assert load_nasa_battery(folder, batteries=["B0025"]).data.shape == (1, 3, 128)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"classes": "age"}, 'classes=\'age\' was given; choose "condition" or "capacity"'),
        ({"n_timepoints": 1}, "n_timepoints=1 was given; it must be a whole number from 2"),
        ({"n_timepoints": 128.0}, "n_timepoints=128.0 was given; it must be a whole number"),
        ({"batteries": "B0001"}, r"batteries='B0001' was given; choose from \['all', 'B0005'"),
        ({"batteries": []}, r"batteries=\[\] was given"),
        ({"batteries": ["B0005", "B0005"]}, r"batteries names \['B0005'\] more than once"),
    ],
)
def test_invalid_parameters(folder, options, match):
    with pytest.raises(ValueError, match=match):
        load_nasa_battery(folder, **options)


def test_missing_batteries_are_named(folder, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"lacks .* \['B0007'\].*fetch_nasa_battery"):
        load_nasa_battery(folder, batteries=["B0005", "B0007"])
    with pytest.raises(FileNotFoundError, match="lacks the .mat files of all cells"):
        load_nasa_battery(tmp_path / "nothing")


def test_a_truncated_file_is_named(folder):
    path = folder / "B0005.mat"
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(ValueError, match=r"B0005\.mat cannot be read as a MATLAB file"):
        load_nasa_battery(folder)


@pytest.mark.parametrize("content", [b"", b"<html>please log in</html>", b"\0" * 400])
def test_another_kind_of_file_is_named(folder, content):
    (folder / "B0005.mat").write_bytes(content)
    with pytest.raises(ValueError, match=r"B0005\.mat "):
        load_nasa_battery(folder)


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ({"X097_DE_time": np.zeros((9, 1))}, r"holds the variables \['X097_DE_time'\] and not 'B0"),
        ({"B0005": np.zeros((3, 1))}, "B0005 is not a struct, and a field 'cycle' is needed"),
        ({"B0005": struct(cycles=1)}, r"B0005 has the fields \['cycles'\], and a field 'cycle'"),
        ({"B0005": struct(cycle=cycle("charge", 0))}, "holds no discharge among its 1 cycles"),
    ],
)
def test_a_foreign_matlab_file_is_named(folder, content, match):
    savemat(folder / "B0005.mat", content)
    with pytest.raises(ValueError, match=rf"B0005\.mat.*{match}"):
        load_nasa_battery(folder)


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"Time": np.zeros((1, 7))}, r"cycle 2 have unequal lengths \[50, 50, 50, 7\]"),
        ({"Time": np.arange(50)[::-1]}, "the time of cycle 2 runs backwards"),
        ({"Time": np.array("soon")}, "cycle 2, Time is empty or holds no numbers"),
        ({"Voltage_measured": np.full(50, np.nan)}, "Voltage_measured has 50 values that are NaN"),
    ],
)
def test_damaged_content_is_named(tmp_path, changed, match):
    write_battery(tmp_path, "B0005", [discharge(**changed)])
    with pytest.raises(ValueError, match=rf"B0005\.mat: .*{match}"):
        load_nasa_battery(tmp_path)


class TestFetch:
    @pytest.fixture
    def published(self, server, tmp_path):
        outer = tmp_path / "archive.zip"
        with zipfile.ZipFile(outer, "w") as archive:
            for number, name in enumerate(("B0005", "B0025")):
                write_battery(tmp_path, name, [discharge()])
                inner = tmp_path / f"{number}. Aging.zip"
                with zipfile.ZipFile(inner, "w") as part:
                    part.write(tmp_path / f"{name}.mat", f"{name}.mat")
                    part.writestr("README.txt", "about")
                archive.write(inner, f"5. Battery Data Set/{inner.name}")
        server.files["/data.zip"] = outer.read_bytes()
        return server

    def fetch(self, server, tmp_path, **options):
        options = {"sha256": sha256(server.files["/data.zip"]), **options}
        url = server.url + "data.zip"
        return fetch_nasa_battery(data_home=tmp_path / "home", url=url, **options)

    def test_it_downloads_and_unpacks_once(self, published, tmp_path):
        for _ in range(2):
            cells = self.fetch(published, tmp_path)
        assert set(cells.groups) == {"B0005", "B0025"}
        assert len(published.requests) == 1
        names = {path.name for path in (tmp_path / "home").rglob("*") if path.is_file()}
        assert names == {"battery_data_set.zip", "unpacked.txt", "B0005.mat", "B0025.mat"}

    def test_removed_files_are_unpacked_again(self, published, tmp_path):
        self.fetch(published, tmp_path)
        next((tmp_path / "home").rglob("B0025.mat")).unlink()
        assert self.fetch(published, tmp_path, batteries=["B0025"]).groups.tolist() == ["B0025"]
        assert len(published.requests) == 1

    @pytest.mark.parametrize("damage", ["mat", "archive and mat", "record"])
    def test_fetching_again_repairs_damaged_files(self, published, tmp_path, damage):
        expected = self.fetch(published, tmp_path)
        if "mat" in damage:
            path = next((tmp_path / "home").rglob("B0025.mat"))
            path.write_bytes(path.read_bytes()[:-100])
        if "archive" in damage:
            (tmp_path / "home" / "nasa_battery" / "battery_data_set.zip").write_bytes(b"PK, broken")
        if damage == "record":
            (tmp_path / "home" / "nasa_battery" / "unpacked.txt").write_text("B0005.mat")
        np.testing.assert_array_equal(self.fetch(published, tmp_path).data, expected.data)

    def test_an_archive_that_arrived_damaged_is_downloaded_again(self, published, tmp_path):
        whole = published.files["/data.zip"]
        published.files["/data.zip"] = whole[:-100]
        with pytest.raises(DownloadError, match="cannot be unpacked"):
            self.fetch(published, tmp_path, sha256=None)
        published.files["/data.zip"] = whole
        assert len(self.fetch(published, tmp_path, sha256=None).target) == 2

    def test_an_archive_with_another_checksum_is_refused(self, published, tmp_path):
        with pytest.raises(DownloadError, match="SHA-256"):
            self.fetch(published, tmp_path, sha256=sha256(b"other"))

    def test_a_web_page_instead_of_the_archive_is_not_kept(self, published, tmp_path):
        published.files["/data.zip"] = b"<html>please log in</html>"
        with pytest.raises(DownloadError, match="begins with b'<h', not b'PK'"):
            self.fetch(published, tmp_path, sha256=None)
        assert not list((tmp_path / "home").rglob("*.zip*"))


@pytest.mark.data
def test_a_published_battery_gives_the_known_discharges(real_data):
    with pytest.warns(
        UserWarning, match=r"\['B0025'\] .* square wave that is sampled too coarsely"
    ):
        cells = load_nasa_battery(real_data, batteries=["B0025"])
    assert Counter(cells.target.tolist()) == {"24C-4A-square": 28} and cells.n_dropped == 0
    known = np.load(real_data / "nasa_battery_discharge.npz")
    rows = known["battery"] == "B0025"
    np.testing.assert_allclose(cells.capacities, known["capacity"][rows])
    with pytest.warns(UserWarning, match="square wave"):
        ragged = load_nasa_battery(real_data, batteries=["B0025"], n_timepoints=None).data
    ends = known["offsets"]
    for series, i in zip(ragged, np.flatnonzero(rows), strict=True):
        np.testing.assert_allclose(series.T, known["values"][ends[i] : ends[i + 1], :3], rtol=1e-6)


@pytest.mark.data
def test_a_truncated_published_battery_is_refused(real_data, tmp_path):
    content = (real_data / "B0025.mat").read_bytes()
    for share in (0.001, 0.3, 0.99):
        (tmp_path / "B0025.mat").write_bytes(content[: int(share * len(content))])
        with pytest.raises(ValueError, match=r"B0025\.mat"):
            load_nasa_battery(tmp_path)


@pytest.mark.data
def test_the_test_files_have_the_structure_of_the_published_ones(real_data, folder):
    theirs = loadmat(real_data / "B0025.mat")["B0025"]["cycle"][0, 0]
    ours = loadmat(folder / "B0005.mat")["B0005"]["cycle"][0, 0]
    assert ours.dtype.names == theirs.dtype.names and ours.ndim == theirs.ndim == 2
    discharges = [
        next(one for one in cycles[0] if one["type"][0] == "discharge") for cycles in (ours, theirs)
    ]
    assert discharges[0]["data"].dtype.names == discharges[1]["data"].dtype.names
    assert discharges[0]["data"]["Time"][0, 0].shape[0] == 1

"""The tasks of the benchmark, from bundled data sets or from stand-ins for loaders."""

import zipfile

import numpy as np
import pytest
from sklearn.utils import Bunch

from ganbats_sampler import datasets
from ganbats_sampler.benchmark import Task, get_task_names, load_tasks, suites
from ganbats_sampler.benchmark.suites import CONDITION_BATTERIES, CWRU_RECORDINGS, FADED_BATTERIES
from ganbats_sampler.cli import main
from ganbats_sampler.datasets.cwru_table import CWRU_12K
from tests.conftest import needs_aeon, needs_stratified_groups


def stand_in(targets, entities, n_timepoints, n_channels=1):
    """Make a Bunch, as a loader does, with ten series of each target and entity."""
    pairs = [(t, e) for t in targets for e in entities for _ in range(10)]
    target, groups = (np.array(side) for side in zip(*pairs, strict=True))
    rng = np.random.default_rng(0)
    data = rng.normal(size=(len(pairs), n_channels, n_timepoints)).astype("float32")
    return Bunch(data=data, target=target, groups=groups)


def test_an_entry_adds_a_task_and_an_option(monkeypatch, tmp_path, capsys):
    def pumps(folder):
        assert folder == tmp_path
        return Task("pumps, worn", np.zeros((40, 1, 8)), np.arange(40) % 2 == 0)

    monkeypatch.setitem(suites.FURTHER_TASKS, "pumps, worn", suites.Entry("pumps", pumps))
    assert "pumps, worn" in get_task_names()
    (task,) = load_tasks(["pumps, worn"], {"pumps": tmp_path})
    assert task.X.shape == (40, 1, 8)
    with pytest.raises(SystemExit):
        main(["benchmark", "--help"])
    assert "--pumps FOLDER" in capsys.readouterr().out


def test_fifteen_tasks_come_from_four_sources():
    assert suites.get_source_names()[:4] == ["ucr", "mitbih", "nasa", "cwru"]
    names = list(suites.STANDING_TASKS)
    assert names == get_task_names()[:15] and len(names) == 15
    assert {"MIT-BIH, V", "NASA battery, faded", "CWRU, outer race", "GunPoint, 2"} < set(names)


@needs_aeon
def test_tasks_that_come_with_aeon_need_no_folder():
    bundled = ["ArrowHead, 0", "BasicMotions, running", "GunPoint, 2", "ItalyPowerDemand, 1"]
    bundled.append("OSULeaf, 4")
    tasks = load_tasks(bundled)
    assert [task.name for task in tasks] == bundled
    assert tasks[1].X.shape == (80, 6, 100) and tasks[1].y.sum() == 20
    for task in tasks:
        split = task.split(0)
        assert split.y_train.sum() == task.n_minority and 0 < split.y_test.sum() < len(split.y_test)


@pytest.mark.data
@needs_aeon
def test_all_tasks_of_the_archive(real_data, tmp_path):
    with zipfile.ZipFile(real_data / "ucr_dev.zip") as archive:
        archive.extractall(tmp_path)
    names = [name for name, entry in suites.STANDING_TASKS.items() if entry.source == "ucr"]
    tasks = load_tasks(names, {"ucr": tmp_path})
    assert len(tasks) == 12
    for task in tasks:
        assert 0 < task.split(0).y_train.sum() <= 25


def test_the_mitbih_task_has_normal_and_ventricular_beats(monkeypatch, tmp_path):
    asked = {}

    def load(folder, **options):
        asked.update(options, folder=folder)
        return stand_in("NVSF", range(101, 111), 128)

    monkeypatch.setattr(datasets, "load_mitbih", load)
    (task,) = load_tasks(["MIT-BIH, V"], {"mitbih": tmp_path})
    assert asked == {"folder": tmp_path, "records": "DS1", "window": 128, "sampling_rate": 180}
    assert len(task.y) == 200 and task.y.sum() == 100 and len(set(task.groups)) == 10


def test_the_minority_class_of_batteries_is_faded(monkeypatch, tmp_path):
    monkeypatch.setattr(
        datasets,
        "load_nasa_battery",
        lambda folder, batteries, classes: stand_in(["healthy", "faded"], batteries, 128, 3),
    )
    (task,) = load_tasks(["NASA battery, faded"], {"nasa": tmp_path})
    assert sorted(set(task.groups)) == FADED_BATTERIES and task.y.sum() == 40
    task.split(0), task.split(1)


@needs_stratified_groups
def test_the_minority_class_of_bearings_is_the_outer_race(monkeypatch, tmp_path):
    def load(folder, recordings, window):
        by_fault = {"outer": recordings[8:], "inner": recordings[:4], "ball": recordings[4:8]}
        parts = [stand_in([fault], of, window) for fault, of in by_fault.items()]
        return Bunch(**{k: np.concatenate([part[k] for part in parts]) for k in parts[0]})

    monkeypatch.setattr(datasets, "load_cwru", load)
    (task,) = load_tasks(["CWRU, outer race"], {"cwru": tmp_path})
    assert task.X.shape == (110, 1, 256) and set(task.groups[task.y]) == {130, 197, 234}
    for seed in range(3):
        task.split(seed)


@needs_stratified_groups
def test_tasks_with_several_classes(monkeypatch, tmp_path):
    def load_cwru(folder, recordings, window):
        faults = {"normal": recordings[:1], "inner": recordings[1:5], "ball": recordings[5:9]}
        faults["outer"] = recordings[9:]
        parts = [stand_in([fault], of, window) for fault, of in faults.items()]
        return Bunch(**{k: np.concatenate([part[k] for part in parts]) for k in parts[0]})

    def load_nasa(folder, batteries):
        assert batteries == CONDITION_BATTERIES  # also in a folder that has all 34
        cells = {"24C-2A": batteries[:4], "4C-1A": batteries[4:7], "43C-4A": batteries[7:10]}
        cells["24C-4A"] = batteries[10:11]
        parts = [stand_in([label], of, 128, 3) for label, of in cells.items()]
        return Bunch(**{k: np.concatenate([part[k] for part in parts]) for k in parts[0]})

    monkeypatch.setattr(datasets, "load_cwru", load_cwru)
    monkeypatch.setattr(datasets, "load_nasa_battery", load_nasa)
    beats = stand_in("NNVSFQ", range(101, 111), 128)
    monkeypatch.setattr(datasets, "load_mitbih", lambda folder, **options: beats)
    names = ["MIT-BIH, AAMI classes", "NASA battery, conditions", "CWRU, faults"]
    tasks = load_tasks(names, dict.fromkeys(("mitbih", "nasa", "cwru"), tmp_path))
    assert [task.labels.tolist() for task in tasks] == [
        ["F", "N", "S", "V"],
        ["24C-2A", "43C-4A", "4C-1A"],  # one cell cannot be on both sides
        ["ball", "inner", "normal", "outer"],
    ]
    assert [task.common for task in tasks] == ["N", "24C-2A", "normal"]
    for task in tasks:
        split = task.split(0)
        assert set(split.y_train) == set(split.y_test) == set(task.labels)
    sound = tasks[2].groups[tasks[2].y == "normal"]
    assert len(set(sound)) == 3 and (np.diff(sound) <= 0).all()  # one after another in time


def test_paderborn_and_xjtu_need_a_folder(monkeypatch, tmp_path):
    damage = stand_in(["healthy", "outer", "inner", "combined"], "ABC", 1024, 2)
    damage.groups = np.char.add(damage.target, damage.groups)
    lives = stand_in(["healthy", "failing"], "ABCD", 1024, 2)
    asked = {}
    monkeypatch.setattr(
        datasets, "load_paderborn", lambda _, **options: asked.update(options) or damage
    )
    monkeypatch.setattr(datasets, "load_xjtu_sy", lambda _: lives)
    names = ["Paderborn, damage", "XJTU-SY, failing"]
    currents, failing = load_tasks(names, {"paderborn": tmp_path, "xjtu": tmp_path})
    assert asked["channels"] == ("phase_current_1", "phase_current_2")
    assert currents.common == "healthy" and failing.y.sum() == 40
    currents.split(0), failing.split(0)
    with pytest.raises(ValueError, match="paderborn cannot be downloaded; name the folder"):
        load_tasks(names[:1])


def test_the_recordings_of_cwru_have_the_documented_faults():
    faults = [CWRU_12K[number] for number in CWRU_RECORDINGS]
    assert [fault[0] for fault in faults] == ["inner"] * 4 + ["ball"] * 4 + ["outer"] * 3
    assert {fault[2] for fault in faults} == {0}


def test_unknown_names_raise_an_error():
    with pytest.raises(ValueError, match=r"no task \['GunPoint'\]; choose from"):
        load_tasks(["GunPoint"])
    with pytest.raises(ValueError, match=r"no data set \['mit'\]; choose from"):
        load_tasks(["GunPoint, 2"], {"mit": "here"})


def test_names_and_folders_are_checked_before_anything_is_read(monkeypatch, tmp_path):
    for name in dir(datasets):
        if name.startswith(("load_", "fetch_")):
            monkeypatch.setattr(datasets, name, lambda *_, **__: pytest.fail("a set was read"))
    with pytest.raises(ValueError, match=r"no task \['nosuch'\]"):
        load_tasks(["GunPoint, 2", "nosuch"])
    with pytest.raises(FileNotFoundError, match="nowhere, given for nasa, is no folder"):
        load_tasks(None, {"ucr": tmp_path, "nasa": tmp_path / "nowhere"})
    with pytest.raises(TypeError, match="pass a mapping"):
        load_tasks(["GunPoint, 2"], tmp_path)


@needs_aeon
def test_a_single_name_needs_no_list():
    assert [task.name for task in load_tasks("GunPoint, 2")] == ["GunPoint, 2"]

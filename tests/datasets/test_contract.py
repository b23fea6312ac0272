"""Properties that all data sets share."""

import pickle

import numpy as np
import pytest
from sklearn.model_selection import GroupShuffleSplit

from ganbats_sampler.datasets import (
    load_cwru,
    load_mitbih,
    load_nasa_battery,
    load_paderborn,
    load_ucr,
    load_xjtu_sy,
)
from ganbats_sampler.datasets.contract import Source, make_bunch
from tests.conftest import needs_aeon
from tests.datasets import test_cwru, test_mitbih, test_nasa_battery, test_paderborn, test_xjtu_sy

SOURCE = Source(name="Waves", citation="Doe (2020).", licence="CC0", descr="Waves of the sea.")


def mitbih(folder, **options):
    for record in (101, 106, 201, 202):
        test_mitbih.write_record(folder, record)
    return load_mitbih(folder, records=[101, 106, 201, 202], **options)


def nasa_battery(folder, **options):
    for number in (5, 6, 7):
        cycles = [test_nasa_battery.discharge() for _ in range(3)]
        test_nasa_battery.write_battery(folder, f"B{number:04d}", cycles)
    return load_nasa_battery(folder, **options)


def nasa_battery_not_resampled(folder, **options):
    return nasa_battery(folder, n_timepoints=None, **options)


def xjtu_sy(folder, **options):
    text = test_xjtu_sy.minute_text(1)
    for bearing, life in (("Bearing2_4", 42), ("Bearing1_5", 52)):
        test_xjtu_sy.write_bearing(folder, bearing, {1: text, life: text})
    bearings = ["Bearing2_4", "Bearing1_5"]
    options = {"healthy_share": 0.01, "failing_share": 0.01, **options}
    return load_xjtu_sy(folder, bearings=bearings, **options)


def paderborn(folder, **options):
    for bearing in ("K001", "KA01", "KI04"):
        for number in (1, 2):
            test_paderborn.write_measurement(folder, bearing, number)
    return load_paderborn(folder, channels=["vibration_1", "phase_current_1"], **options)


def cwru(folder, **options):
    for number in (97, 105, 118):
        test_cwru.write_recording(folder, number, n=4 * test_cwru.N)
    return load_cwru(folder, recordings=[97, 105, 118], **options)


def ucr(folder, **options):
    return load_ucr("GunPoint", **options)


LOADERS = [mitbih, nasa_battery, nasa_battery_not_resampled, xjtu_sy, paderborn, cwru]
LOADERS.append(pytest.param(ucr, marks=needs_aeon))
EVERY = pytest.mark.parametrize("load", LOADERS, ids=lambda load: load.__name__)


@EVERY
def test_shapes_and_types(load, tmp_path):
    bunch = load(tmp_path)
    series = bunch.data if isinstance(bunch.data, list) else [bunch.data]
    assert {part.dtype for part in series} == {np.dtype("float32")}
    assert all(np.isfinite(part).all() for part in series)
    if not isinstance(bunch.data, list):
        assert bunch.data.ndim == 3 and bunch.data.flags.c_contiguous
    assert bunch.target.dtype.kind == "U"
    for name in ("target", "groups", "recordings"):
        assert bunch[name].shape == (len(bunch.data),), name


@EVERY
def test_each_channel_has_a_name_and_a_unit(load, tmp_path):
    bunch = load(tmp_path)
    n_channels = len(bunch.data[0])
    assert len(bunch.channels) == len(bunch.units) == n_channels
    assert len(set(bunch.channels)) == n_channels and all(bunch.units)
    assert bunch.sampling_rate is None or bunch.sampling_rate > 0


@EVERY
def test_description_has_citation_and_licence(load, tmp_path):
    bunch = load(tmp_path)
    assert bunch.citation in bunch.DESCR and bunch.licence in bunch.DESCR
    assert max(map(len, bunch.DESCR.splitlines())) <= 110


@EVERY
def test_dropped_samples_are_counted_by_reason(load, tmp_path):
    bunch = load(tmp_path)
    assert bunch.n_dropped == sum(bunch.dropped.values())
    assert all(reason and n > 0 for reason, n in bunch.dropped.items())


@EVERY
def test_a_split_by_group_keeps_recordings_whole(load, tmp_path):
    bunch = load(tmp_path)
    for seed in range(5):
        splitter = GroupShuffleSplit(n_splits=1, test_size=0.4, random_state=seed)
        train, test = next(splitter.split(bunch.target, groups=bunch.groups))
        assert not set(bunch.recordings[train]) & set(bunch.recordings[test])
        assert not set(bunch.groups[train]) & set(bunch.groups[test])


@EVERY
def test_the_bunch_can_be_pickled(load, tmp_path):
    bunch = load(tmp_path)
    again = pickle.loads(pickle.dumps(bunch))
    assert again.keys() == bunch.keys()
    np.testing.assert_array_equal(again.data[0], bunch.data[0])


@EVERY
def test_return_X_y_returns_the_same_data(load, tmp_path):
    (tmp_path / "pair").mkdir()
    data, target = load(tmp_path / "pair", return_X_y=True)
    (tmp_path / "bunch").mkdir()
    bunch = load(tmp_path / "bunch")
    assert target.tolist() == bunch.target.tolist()
    for mine, theirs in zip(data, bunch.data, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_records_of_one_patient_are_one_group(tmp_path):
    beats = mitbih(tmp_path)
    assert set(beats.recordings) == {101, 106, 201, 202}
    assert set(beats.groups[beats.recordings == 202]) == {201}


class TestMakeBunch:
    good = {
        "data": np.zeros((2, 1, 5)),
        "target": ["a", "b"],
        "groups": [1, 1],
        "channels": ["height"],
        "units": ["m"],
        "sampling_rate": 10,
    }

    def test_content_of_the_bunch(self):
        bunch = make_bunch(SOURCE, **self.good, heights=[1, 2])
        assert bunch.data.dtype == np.float32
        assert bunch.recordings.tolist() == [1, 1]  # the default recording is the entity
        assert bunch.heights.tolist() == [1, 2]
        assert bunch.DESCR.startswith("Waves\n-----\n\nWaves of the sea.")

    @pytest.mark.parametrize(
        ("changed", "match"),
        [
            ({"data": np.zeros((0, 1, 5)), "target": [], "groups": []}, "no sample is left"),
            ({"target": ["a"]}, "target has 1 entries for 2 samples"),
            ({"groups": [1, 2, 3]}, "groups has 3 entries for 2 samples"),
            ({"heights": [1]}, "heights has 1 entries for 2 samples"),
            ({"units": ["m", "s"]}, "2 units for 1 channels"),
            ({"channels": ["a", "b"], "units": ["m"] * 2}, r"n_channels=2, .* \[1\] channels"),
            ({"data": [np.zeros((1, 5)), np.zeros((2, 5))]}, r"\[1, 2\] channels"),
            ({"data": np.zeros((2, 5))}, r"have \[1\] dimensions"),
            ({"data": np.full((2, 1, 5), np.nan)}, "sample 0 has values that are NaN"),
            ({"groups": [1, 2], "recordings": ["x", "x"]}, "'x' is given to the entities 1 and 2"),
        ],
    )
    def test_invalid_content_is_refused(self, changed, match):
        with pytest.raises(ValueError, match=f"Waves: .*{match}"):
            make_bunch(SOURCE, **{**self.good, **changed})

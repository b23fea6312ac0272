"""Every loader checks its parameters."""

import numpy as np
import pytest

from ganbats_sampler.datasets import (
    load_cwru,
    load_mitbih,
    load_nasa_battery,
    load_paderborn,
    load_xjtu_sy,
)
from ganbats_sampler.datasets.parameters import check_real, check_whole, chosen

SETS = {"few": [1, 2]}


@pytest.mark.parametrize(
    ("given", "entries"),
    [
        (1, [1]),
        ("1", [1]),
        (np.int64(3), [3]),
        (np.array(3), [3]),
        (np.array([3, 1]), [3, 1]),
        (["3", 1], [3, 1]),
        ("few", [1, 2]),
        (["few", 3], [1, 2, 3]),
        (iter([2]), [2]),
        ({2}, [2]),
    ],
)
def test_one_name_or_several(given, entries):
    assert chosen("records", given, [1, 2, 3], SETS) == entries


@pytest.mark.parametrize("given", [None, [], "", 4, 1.0, [1.5], True, "1,2", b"1", [[1]], [None]])
def test_unknown_names_are_refused(given):
    with pytest.raises(ValueError, match=r"records=.* was given; choose from \['few', 1, 2, 3\]"):
        chosen("records", given, [1, 2, 3], SETS)


@pytest.mark.parametrize("given", [[1, 1], [1, "1"], ["few", 2], ["few", "few"]])
def test_repeated_names_are_refused(given):
    with pytest.raises(ValueError, match=r"records names \[.*\] more than once"):
        chosen("records", given, [1, 2, 3], SETS)


@pytest.mark.parametrize("value", [512.0, "512", None, True, 0, -1, 2.5, np.nan, [1], 11])
def test_values_that_are_not_whole_numbers_are_refused(value):
    with pytest.raises(ValueError, match="window=.* must be a whole number from 1 to 10"):
        check_whole("window", value, most=10)
    check_whole("window", np.int32(10), most=10)


@pytest.mark.parametrize("value", [0, -1.0, "2", None, np.nan, np.inf, 5.1, 1j])
def test_values_that_are_not_numbers_are_refused(value):
    with pytest.raises(ValueError, match="rate=.* must be a number from 1 to 5 Hz"):
        check_real("rate", value, 1, 5, " Hz")
    check_real("rate", np.float32(5), 1, 5, " Hz")


WINDOWED = [load_cwru, load_paderborn, load_xjtu_sy, load_mitbih]
NAMED = {
    load_cwru: ("recordings", 105),
    load_paderborn: ("bearings", "KA01"),
    load_xjtu_sy: ("bearings", "Bearing1_1"),
    load_mitbih: ("records", 100),
    load_nasa_battery: ("batteries", "B0005"),
}


@pytest.mark.parametrize("load", WINDOWED, ids=lambda load: load.__name__)
@pytest.mark.parametrize("window", [512.0, "512", 0, None])
def test_loaders_refuse_invalid_windows(load, window, tmp_path):
    with pytest.raises(ValueError, match="window=.* was given; it must be a whole number from 1"):
        load(tmp_path, window=window)


@pytest.mark.parametrize("load", NAMED, ids=lambda load: load.__name__)
def test_loaders_accept_one_name_and_refuse_repeated_names(load, tmp_path):
    parameter, name = NAMED[load]
    for given in (name, str(name), [name]):
        with pytest.raises(FileNotFoundError, match=rf"{name}|files are missing"):
            load(tmp_path, **{parameter: given})
    with pytest.raises(ValueError, match=rf"{parameter} names .* more than once"):
        load(tmp_path, **{parameter: [name, str(name)]})


@pytest.mark.parametrize("rate", [0, -360, "360", np.nan, np.inf, 1e9])
def test_invalid_sampling_rates_are_refused(rate, tmp_path):
    with pytest.raises(ValueError, match="sampling_rate=.* must be a number from 1 to 3600 Hz"):
        load_mitbih(tmp_path, sampling_rate=rate)
    with pytest.raises(ValueError, match="normal_rate=.* must be a number from 12000 to 192000 Hz"):
        load_cwru(tmp_path, normal_rate=rate)


@pytest.mark.parametrize("parameter", ["healthy_share", "failing_share"])
@pytest.mark.parametrize("share", ["0.1", np.nan, -0.1, None])
def test_invalid_shares_are_refused(parameter, share, tmp_path):
    with pytest.raises(ValueError, match=f"{parameter}=.* must be a number from 0 to 1"):
        load_xjtu_sy(tmp_path, **{parameter: share})


@pytest.mark.parametrize("before", [100.0, -1, "100"])
def test_invalid_values_of_before_are_refused(before, tmp_path):
    with pytest.raises(ValueError, match="before=.* must be a whole number from 0 up"):
        load_mitbih(tmp_path, before=before)

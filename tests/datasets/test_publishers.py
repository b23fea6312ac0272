"""The publishers' servers still offer the files that the loaders expect."""

import pytest

from ganbats_sampler.datasets import fetch_cwru, fetch_mitbih, fetch_nasa_battery, fetch_ucr

pytestmark = pytest.mark.network


def test_mitbih(tmp_path):
    assert set(fetch_mitbih(data_home=tmp_path, records=[101]).groups) == {101}


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
def test_nasa_battery(tmp_path):
    assert len(set(fetch_nasa_battery(data_home=tmp_path).groups)) == 34


def test_cwru(tmp_path):
    assert set(fetch_cwru(data_home=tmp_path, recordings=[97, 105, 3001]).groups) == {97, 105, 3001}


def test_ucr(tmp_path):
    assert fetch_ucr("Chinatown", data_home=tmp_path).data.shape == (363, 1, 24)

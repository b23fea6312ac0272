"""The choice of transforms, their units, and errors for bad ones."""

import numpy as np
import pytest

from ganbats_sampler import RandomTransformSampler
from ganbats_sampler.transforms import Jitter, WindowWarp


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    y = np.repeat(["normal", "abnormal"], [1000, 50])
    return rng.normal(size=(1050, 2, 30)) * [[1.0], [100.0]] + 7, y


def synthetic(sampler, X, y):
    return sampler.fit_resample(X, y)[0][len(X) :]


def nearest(X, rows):
    flat, rows = X.reshape(len(X), -1), rows.reshape(len(rows), -1)
    return np.array([np.linalg.norm(flat - row, axis=1).argmin() for row in rows])


def test_each_row_is_a_transformed_real_one_of_its_class(data):
    X, y = data
    sampler = RandomTransformSampler(transforms=Jitter(sigma=0.01), random_state=0)
    rows = synthetic(sampler, X, y)
    partner = nearest(X, rows)
    assert set(partner) == set(np.flatnonzero(y == "abnormal"))  # each is chosen at least once
    # in standard deviations of each channel over the class
    noise = (rows - X[partner]).std(axis=(0, 2)) / X[y == "abnormal"].std(axis=(0, 2))
    np.testing.assert_allclose(noise, 0.01, rtol=0.05)


def test_one_of_several_transforms_is_chosen_for_each_row(data):
    sampler = RandomTransformSampler(
        transforms=["rotation", lambda series, rng: series + 1000], random_state=0
    )
    rows = synthetic(sampler, *data)
    share = (rows[:, 0].mean(axis=1) > 500).mean()
    assert 0.4 < share < 0.6


def test_a_list_of_one_transform_equals_the_transform(data):
    alone, listed = (
        synthetic(RandomTransformSampler(transforms=t, random_state=0), *data)
        for t in ("slicing", ["slicing"])
    )
    np.testing.assert_array_equal(alone, listed)


@pytest.mark.parametrize(
    "transforms", [[], ["jitter", "nothing"], {"jitter": 1}, WindowWarp, [Jitter, "jitter"], [3]]
)
def test_other_objects_are_refused(data, transforms):
    with pytest.raises(ValueError, match="transforms"):
        RandomTransformSampler(transforms=transforms).fit_resample(*data)


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (lambda series, rng: series[:, :, :1], r"shape \(\d+, 2, 1\)"),
        (lambda series, rng: series * np.nan, "not finite"),
        (lambda series, rng: None, "shape"),
    ],
)
def test_bad_results_of_a_transform_raise_an_error(data, bad, what):
    with pytest.raises(ValueError, match=f"The transform .* returned.*{what}"):
        RandomTransformSampler(transforms=["jitter", bad]).fit_resample(*data)


def test_a_transform_is_not_called_for_no_rows(data):
    def mean_of_some(series, rng):
        return series + series.max()  # fails for no rows

    sampler = RandomTransformSampler(
        sampling_strategy={"abnormal": 51}, transforms=[mean_of_some] * 5, random_state=0
    )
    assert np.isfinite(synthetic(sampler, *data)).all()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", ["jitter", "scaling", "window_warp", "fourier", "rotation"])
def test_values_near_the_largest_float_stay_finite(data, name, dtype):
    X, y = data
    X = (X / np.abs(X).max() * 0.99 * np.finfo(dtype).max / 4).astype(dtype)
    assert np.isfinite(synthetic(RandomTransformSampler(transforms=name), X, y)).all()


def test_a_class_of_one_and_a_constant_channel():
    X = np.random.default_rng(0).normal(size=(9, 2, 20))
    X[0, 1] = 3.0
    rows = synthetic(RandomTransformSampler(), X, np.repeat([0, 1], [1, 8]))
    assert len(np.unique(rows, axis=0)) == 7 and (rows[:, 1] == 3).all()

"""ClusterADASYN interpolates within clusters, and more often near other classes."""

import numpy as np
import pytest

from ganbats_sampler.samplers import ClusterADASYN


@pytest.fixture
def two_places():
    """Two distant clusters of class 1. Only the first has samples of class 0 around it."""
    rng = np.random.default_rng(0)
    centres = np.repeat([[0.0, 0], [0, 0], [90, 90]], [40, 10, 10], axis=0)
    return rng.normal(size=(60, 2)) + centres, np.repeat([0, 1], [40, 20])


def test_samples_lie_in_the_cluster_near_the_other_class(two_places):
    X, y = two_places
    X_new, y_new = ClusterADASYN(n_clusters=2, random_state=0).fit_resample(X, y)
    assert np.bincount(y_new).tolist() == [40, 40]
    assert np.array_equal(X_new[:60], X) and (np.abs(X_new[60:]) < 5).all()


def test_weights_are_numbers_of_neighbours_of_other_classes(two_places):
    X, y = two_places
    X[:2] += 90  # two of class 0 move to the second cluster of class 1
    X_new, _ = ClusterADASYN(
        sampling_strategy={1: 2020}, n_clusters=2, n_neighbors=3, random_state=0
    ).fit_resample(X, y)
    weights = [sum(y[np.argsort(np.linalg.norm(X - x, axis=1))[1:4]] != 1) for x in X[y == 1]]
    expected = sum(weights[10:]) / sum(weights)
    assert 0 < expected < 0.5
    assert (X_new[60:] > 45).all(axis=1).mean() == pytest.approx(expected, abs=0.03)


def test_errors_name_the_cause(two_places):
    X, y = two_places
    far = X + 500 * y[:, None]
    with pytest.raises(ValueError, match="class 1 has both a neighbour of another class"):
        ClusterADASYN(random_state=0).fit_resample(far, y)
    with pytest.raises(ValueError, match="n_clusters"):
        ClusterADASYN(n_clusters=0).fit_resample(X, y)


def test_the_same_seed_gives_the_same_samples(two_places):
    once, again = (ClusterADASYN(random_state=3).fit_resample(*two_places)[0] for _ in range(2))
    assert np.array_equal(once, again)

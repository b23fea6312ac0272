"""Memory does not grow with the number of pairs, and the size of blocks changes no value."""

import tracemalloc

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from ganbats_sampler import metrics, quality_report
from ganbats_sampler.metrics import blocks, two_sample
from ganbats_sampler.report import assessment

#: Bytes of a distance matrix of 4,000 by 4,000 series.
ALL_PAIRS = 8 * 4000**2
NEIGHBORS = [
    metrics.density,
    metrics.coverage,
    metrics.authenticity,
    metrics.copy_rate,
    metrics.repeat_rate,
]


def sides(n_samples, n_timepoints=4):
    return np.random.default_rng(0).normal(size=(2, n_samples, n_timepoints))


def nearest_dtw(real, synthetic):
    return metrics.dtw(real, synthetic, pairing="nearest", window=1)


def nearest_prd(real, synthetic):
    return metrics.prd(real, synthetic, pairing="nearest")


def discrepancy(real, synthetic):
    return metrics.maximum_mean_discrepancy(real, synthetic, n_kernels=10, n_permutations=20)


def peak_of(measure):
    """Return the peak memory in bytes of a measure with 4,000 series on each side."""
    real, synthetic = sides(4000)
    tracemalloc.start()
    try:
        measure(real, synthetic)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "measure", [*NEIGHBORS, nearest_dtw, nearest_prd, metrics.diversity_ratio, discrepancy]
)
def test_memory_is_below_a_matrix_of_all_pairs(measure):
    assert peak_of(measure) < 0.8 * ALL_PAIRS


def test_search_for_copies_runs_in_blocks(monkeypatch):
    monkeypatch.setattr(assessment, "MAX_SERIES", 200)  # the classifier would take long
    assert peak_of(quality_report) < 0.4 * ALL_PAIRS


def test_dtw_matrix_needs_little_memory_beyond_its_result():
    assert peak_of(lambda real, synthetic: metrics.dtw_matrix(real, synthetic, window=1)) < (
        1.5 * ALL_PAIRS
    )


@pytest.mark.parametrize("measure", [*NEIGHBORS, nearest_dtw, metrics.dtw_matrix])
def test_block_size_does_not_change_the_value(measure, monkeypatch):
    real, synthetic = sides(40)
    synthetic[5:9] = synthetic[5]  # repeats
    synthetic[20:25] = real[3]  # copies
    whole = measure(real, synthetic)
    for size in (1, 39, 97):
        monkeypatch.setattr(blocks, "BLOCK", size)
        np.testing.assert_array_equal(measure(real, synthetic), whole)


def test_block_size_does_not_change_features(monkeypatch):
    series = np.random.default_rng(0).normal(size=(30, 2, 50))
    kernels = metrics.RandomConvolutions(20).fit(series)
    whole = kernels.transform(series)
    monkeypatch.setattr(blocks, "BLOCK", 700)
    np.testing.assert_array_equal(kernels.transform(series), whole)


@pytest.mark.parametrize("size", [7, 50, 80, 99])
def test_block_size_does_not_change_the_discrepancy(size, monkeypatch):
    real, synthetic = sides(50, 30)
    whole = metrics.maximum_mean_discrepancy(real, synthetic[:47])
    monkeypatch.setattr(two_sample, "KERNEL_BLOCK", size)
    np.testing.assert_allclose(metrics.maximum_mean_discrepancy(real, synthetic[:47]), whole)


def test_kernel_width_of_many_series_is_that_of_a_sample(monkeypatch):
    real, synthetic = sides(300, 30)
    exact = metrics.maximum_mean_discrepancy(real, synthetic + 1)
    monkeypatch.setattr(two_sample, "MAX_MEDIAN", 100)
    found = metrics.maximum_mean_discrepancy(real, synthetic + 1)
    assert found.statistic != exact.statistic
    assert found.statistic == pytest.approx(exact.statistic, rel=0.05)


def test_kernel_sums_of_nearly_identical_series_are_accurate():
    """Most series differ only by rounding, and a few are far. Expanded squares would be noise."""
    features = np.ones((60, 3)) + 1e-9 * np.random.default_rng(0).normal(size=(60, 3))
    features[:5] += 100
    splits = np.repeat([[True], [False]], 30, axis=0)
    kernel = cdist(features, features, "sqeuclidean")
    kernel = np.exp(-kernel / np.median(kernel[np.triu_indices(60, 1)]))
    np.fill_diagonal(kernel, 0)
    among_real, across, among_synthetic = two_sample._kernel_sums(features, splits, None)
    assert among_real == pytest.approx(kernel[:30, :30].sum())
    assert across == pytest.approx(kernel[:30, 30:].sum())
    assert among_synthetic == pytest.approx(kernel[30:, 30:].sum())


def test_distances_to_the_nearest_neighbour():
    flat = sides(30)[0]
    distances = cdist(flat, flat)
    np.fill_diagonal(distances, np.inf)
    np.testing.assert_array_equal(blocks.to_nearest_other(flat), distances.min(axis=1))

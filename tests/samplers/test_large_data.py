"""Memory use is that of the returned rows and a constant, also for memory-mapped data."""

import tracemalloc

import numpy as np
import pytest

from tests.conftest import quick_sampler

N_TIMEPOINTS = 64


@pytest.fixture
def mapped(tmp_path):
    """Return a function that memory-maps a number of series, 200 of them of a minority class."""

    def make(n_samples):
        path = tmp_path / f"{n_samples}.npy"
        rng = np.random.default_rng(0)
        np.save(path, rng.normal(size=(n_samples, N_TIMEPOINTS)).astype(np.float32))
        return np.load(path, mmap_mode="r"), np.arange(n_samples) < 200

    return make


def peak_of(call):
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        pytest.param("herded", {}, marks=pytest.mark.slow),
        pytest.param("herded", {"drop": "copies"}, marks=pytest.mark.slow),
        ("arc", {}),
        ("deformation", {"constrain": "both"}),
        ("window_warp", {}),
        pytest.param("flow_matching", {}, marks=pytest.mark.slow),
        pytest.param("ganbats_series", {}, marks=pytest.mark.slow),
    ],
)
@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
def test_peak_memory_grows_only_with_the_output(name, parameters, mapped):
    def fit(n_samples, n_synthetic):
        sampler = quick_sampler(name, sampling_strategy={True: 200 + n_synthetic}, **parameters)
        X_resampled, _ = sampler.fit_resample(*data[n_samples])
        return X_resampled.nbytes

    data = {n: mapped(n) for n in (5000, 120_000)}
    peaks = {}
    for n_samples, n_synthetic in ((5000, 200), (120_000, 200), (5000, 60_000)):
        size = []
        peak = peak_of(lambda n=n_samples, m=n_synthetic, size=size: size.append(fit(n, m)))
        peaks[n_samples, n_synthetic] = peak, size[0]
    few, few_bytes = peaks[5000, 200]
    for large in ((120_000, 200), (5000, 60_000)):
        peak, n_bytes = peaks[large]
        constant = 20_000_000  # candidates of a chunk, and a few numbers per row
        assert peak - few < 1.2 * (n_bytes - few_bytes) + constant, large


def test_generate_needs_only_the_memory_of_its_output(mapped):
    sampler = quick_sampler("herded", sampling_strategy={True: 400})
    sampler.fit_resample(*mapped(1000))
    few, many = (peak_of(lambda n=n: sampler.generate(n, True)) for n in (1000, 21_000))
    assert many - few < 1.2 * 40_000 * N_TIMEPOINTS * 4 + 5_000_000

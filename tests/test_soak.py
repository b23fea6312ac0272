"""Many fits in one process leak nothing, and threads do not affect each other's rows."""

import gc
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import quick_sampler

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning"),
]

NAMES = ("ganbats", "ganbats_conditional", "wgan_gp", "window_warp", "arc", "herded", "smote")
#: Largest growth of the memory in 150 fits, in bytes, far less than that of all their rows.
MAX_GROWTH = 8_000_000


def resident_bytes():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def used():
    """Return the memory, threads and open files of this process."""
    gc.collect()
    return resident_bytes(), threading.active_count(), len(os.listdir("/proc/self/fd"))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("name", NAMES)
def test_two_hundred_fits_leak_nothing(name, waves, tmp_path):
    sampler = quick_sampler(name)
    if "checkpoint" in sampler.get_params():
        sampler.set_params(checkpoint=tmp_path)
    X, y = np.tile(waves[0], (1, 20)), waves[1]  # 480 time steps, 230 kB

    def fit(n):
        for seed in range(n):
            sampler.set_params(random_state=seed).fit_resample(X, y)
            sampler.generate(10, "abnormal")

    fit(50)
    before = used()
    fit(150)
    memory, n_threads, n_files = used()
    assert memory - before[0] < MAX_GROWTH
    assert (n_threads, n_files) == before[1:]


@pytest.mark.parametrize("name", NAMES)
def test_four_threads_get_the_same_rows_as_one(name, waves):
    X, y = waves

    def rows(seed):
        sampler = quick_sampler(name, random_state=seed)
        if "max_epochs" in sampler.get_params():
            sampler.set_params(max_epochs=20)
        resampled, _ = sampler.fit_resample(X, y)
        return np.concatenate([resampled, sampler.generate(20, "abnormal", random_state=seed)])

    alone = [rows(seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(rows, range(8)))
    np.testing.assert_array_equal(together, alone)

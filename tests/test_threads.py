"""Forked children do not hang, and the number of threads is limited where it matters."""

import os
import subprocess
import sys

import pytest
from threadpoolctl import threadpool_info

from ganbats_sampler import threads

SCRIPT = """
import multiprocessing
import numpy as np
from sklearn.cluster import KMeans
from ganbats_sampler import GANBATSSampler, HerdedSampler
from ganbats_sampler.samplers import get_sampler

rng = np.random.default_rng(0)
X, y = rng.normal(size=(60, 24)).cumsum(1), np.repeat([0, 1], [45, 15])
herded = HerdedSampler(random_state=0)
rows = herded.fit_resample(X, y)[0]

def work():
    for name in ("smote", "arc"):
        get_sampler(name).fit_resample(X, y)
    GANBATSSampler(hidden_size=4, max_epochs=1, on_failure="warn").fit_resample(X, y)
    herded.generate(5, 1)
    herded.quality_report()
    np.testing.assert_array_equal(HerdedSampler(random_state=0).fit_resample(X, y)[0], rows)

if __name__ == "__main__":
    KMeans(3).fit(X)  # starts threads of OpenMP
    child = multiprocessing.get_context("fork").Process(target=work, daemon=True)
    child.start()
    child.join(60)
    print(child.exitcode)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="no fork, or another OpenMP")
def test_samplers_work_in_a_child_forked_after_openmp_was_used(tmp_path):
    (tmp_path / "fork.py").write_text(SCRIPT)
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", str(tmp_path / "fork.py")],
        env={**os.environ, "OMP_NUM_THREADS": "2"},
        capture_output=True,
        text=True,
    )
    assert ran.stdout.strip() == "0", ran.stderr


def test_only_small_tasks_are_limited_to_one_thread():
    before = threads.count_threads()
    with threads.threads_for(100):
        assert threads.count_threads() == 1
    with threads.threads_for(10**12):
        assert threads.count_threads() == before
    assert threads.count_threads() == before


def test_matrix_products_have_one_thread():
    with threads.one_blas_thread():
        found = [lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"]
        assert found and set(found) == {1}

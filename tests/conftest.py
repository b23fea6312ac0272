"""Shared parts of tests: small data, samplers that train fast, and the folder of real data."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

# One thread per process: tests run in parallel, and LSTMs are slow with more threads than cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")  # numba sets OpenMP's number, also scikit-learn's
os.environ.setdefault("MPLBACKEND", "Agg")
# Without this, scikit-learn skips one of its checks.
os.environ.setdefault("SCIPY_ARRAY_API", "1")

import numpy as np
import pytest
import sklearn
import torch

from ganbats_sampler.samplers import get_sampler

QUICK = {"hidden_size": 8, "max_epochs": 1, "batch_size": 64}

#: One name for each sampler class, and one for GANBATS with a single network for all classes.
CLASSES = (
    "ganbats",
    "ganbats_conditional",
    "ganbats_series",
    "flow_matching",
    "cgan",
    "dcgan",
    "wgan",
    "wgan_gp",
    "window_warp",
    "arc",
    "herded",
    "smote",
    *(["aeon_smote"] if find_spec("aeon") else []),
)

#: Mark of tests that need aeon, which is not available for Python 3.10.
needs_aeon = pytest.mark.skipif(not find_spec("aeon"), reason="aeon is not installed")

#: Mark of tests of folds by group. Python 3.10 has no scikit-learn 1.8.
needs_stratified_groups = pytest.mark.skipif(
    tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 8),
    reason="before scikit-learn 1.8, StratifiedGroupKFold(shuffle=True) does not stratify well",
)


def quick_sampler(name, **parameters):
    """Make a sampler that trains in milliseconds, if it trains at all. Its series are poor."""
    if name.startswith("aeon_"):
        pytest.importorskip("aeon")
    if name == "ganbats_conditional":
        name, parameters = "ganbats", {"conditional": True, **parameters}
    sampler = get_sampler(name, random_state=0)
    known = sampler.get_params()
    # "warn", so that tests see the generated series and not their replacements
    quick = {**QUICK, "on_failure": "warn", "recipe__min_class_size": 2}
    quick = {key: value for key, value in quick.items() if key in known}
    return sampler.set_params(**{**quick, **parameters})


@pytest.fixture(autouse=True)
def seeded():
    """Seed the global random states, which networks and some checks of the libraries use."""
    np.random.seed(0)
    torch.manual_seed(0)


@pytest.fixture(autouse=True)
def figures():
    """Close all figures after a test, so that tests do not share them."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture
def quick():
    """Return parameters that make training take milliseconds. The series are poor."""
    return {**QUICK, "on_failure": "warn", "random_state": 0}


@pytest.fixture
def waves():
    """Return 60 sine waves of random phase and 24 steps: 45 normal and 15 faster, abnormal ones."""
    rng = np.random.default_rng(0)
    y = np.repeat(["normal", "abnormal"], [45, 15])
    speed = np.where(y == "normal", 6.0, 12.0)[:, None]
    X = np.sin(np.linspace(0, 1, 24) * speed + rng.normal(size=(60, 1)))
    return X + 0.05 * rng.normal(size=X.shape), y


@pytest.fixture(scope="session")
def real_data():
    """Return the folder of real data for tests marked `data`, which skip if there is none."""
    default = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("GANBATS_SAMPLER_TEST_DATA", default))
    if not folder.is_dir():
        pytest.skip("no real data here: set GANBATS_SAMPLER_TEST_DATA to its folder")
    return folder

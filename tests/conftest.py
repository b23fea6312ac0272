"""What tests share: small data, a sampler that trains in a moment, and where real data may lie."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

# One thread a process: tests run in parallel, and LSTMs suffer where threads outnumber cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")  # numba tells OpenMP, and so scikit-learn
os.environ.setdefault("MPLBACKEND", "Agg")
# Without it one of scikit-learn's checks skips itself.
os.environ.setdefault("SCIPY_ARRAY_API", "1")

import numpy as np
import pytest
import sklearn
import torch

from ganbats_sampler.samplers import get_sampler

QUICK = {"hidden_size": 8, "max_epochs": 1, "batch_size": 64}

#: One name for each sampler class, and for the form of GANBATS with one net for all classes.
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

#: For tests that need aeon, which Python 3.10 does not have.
needs_aeon = pytest.mark.skipif(not find_spec("aeon"), reason="aeon is not installed")

#: For tests of folds by group. Python 3.10 has no scikit-learn 1.8.
needs_stratified_groups = pytest.mark.skipif(
    tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 8),
    reason="before scikit-learn 1.8, StratifiedGroupKFold(shuffle=True) does not stratify well",
)


def quick_sampler(name, **parameters):
    """Make a sampler that trains, if it does, in milliseconds; its series are no good."""
    if name.startswith("aeon_"):
        pytest.importorskip("aeon")
    if name == "ganbats_conditional":
        name, parameters = "ganbats", {"conditional": True, **parameters}
    sampler = get_sampler(name, random_state=0)
    known = sampler.get_params()
    # "warn", so that tests see what is generated and not what replaces it
    quick = {**QUICK, "on_failure": "warn", "recipe__min_class_size": 2}
    quick = {key: value for key, value in quick.items() if key in known}
    return sampler.set_params(**{**quick, **parameters})


@pytest.fixture(autouse=True)
def seeded():
    """Seed the global states: networks and some of the libraries' checks draw from them."""
    np.random.seed(0)
    torch.manual_seed(0)


@pytest.fixture(autouse=True)
def figures():
    """Close the figures of a test, so that none sees those of another."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture
def quick():
    """Parameters that make training take milliseconds; the series are no good."""
    return {**QUICK, "on_failure": "warn", "random_state": 0}


@pytest.fixture
def waves():
    """60 sine waves of random phase, 24 steps: 45 normal, 15 abnormal, which are faster."""
    rng = np.random.default_rng(0)
    y = np.repeat(["normal", "abnormal"], [45, 15])
    speed = np.where(y == "normal", 6.0, 12.0)[:, None]
    X = np.sin(np.linspace(0, 1, 24) * speed + rng.normal(size=(60, 1)))
    return X + 0.05 * rng.normal(size=X.shape), y


@pytest.fixture(scope="session")
def real_data():
    """Folder of real data, for tests marked `data`; they skip where there is none."""
    default = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("GANBATS_SAMPLER_TEST_DATA", default))
    if not folder.is_dir():
        pytest.skip("no real data here: set GANBATS_SAMPLER_TEST_DATA to its folder")
    return folder

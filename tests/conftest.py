"""What tests share: small data, a sampler that trains in a moment, and where real data may lie."""

import os
from pathlib import Path

# One thread a process: tests run in parallel, and LSTMs suffer where threads outnumber cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Without it one of scikit-learn's checks skips itself.
os.environ.setdefault("SCIPY_ARRAY_API", "1")

import numpy as np
import pytest
import torch

from ganbats_sampler.samplers import get_sampler

QUICK = {
    "hidden_size": 16,
    "max_epochs": 1,
    "min_updates": 2,
    "batch_size": 8,
    "min_class_size": 2,
}


def quick_sampler(name, **parameters):
    """Make a sampler of the table that trains, if it does, in milliseconds; no good comes out."""
    sampler = get_sampler(name, random_state=0)
    known = sampler.get_params()
    quick = {**QUICK, "on_failure": "warn"}  # what is generated, not what it would fall back on
    quick = {key: value for key, value in quick.items() if key in known}
    return sampler.set_params(**{**quick, **parameters})


@pytest.fixture(autouse=True)
def seeded():
    """Seed the global states: networks and some of the libraries' checks draw from them."""
    np.random.seed(0)
    torch.manual_seed(0)


@pytest.fixture
def quick():
    """Parameters that make training a matter of milliseconds; what comes out is no good."""
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

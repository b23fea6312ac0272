"""A small task: a bump tells the rare class, in the series of ten entities."""

import numpy as np
import pytest

from ganbats_sampler.benchmark import Task


@pytest.fixture
def bumps():
    rng = np.random.default_rng(0)
    y = rng.random(400) < 0.3
    X = rng.normal(size=(400, 2, 20)) + 0.8 * y[:, None, None] * np.hanning(20)
    return Task("bumps", X, y, np.repeat(np.arange(10), 40), n_minority=10, imbalance=5)

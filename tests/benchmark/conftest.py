"""Small tasks in which bumps mark the minority classes."""

import numpy as np
import pytest

from ganbats_sampler.benchmark import Task


@pytest.fixture
def bumps():
    rng = np.random.default_rng(0)
    y = rng.random(400) < 0.3
    X = rng.normal(size=(400, 2, 20)) + 0.8 * y[:, None, None] * np.hanning(20)
    return Task("bumps", X, y, np.repeat(np.arange(10), 40), n_minority=10, imbalance=5)


@pytest.fixture
def kinds():
    """Make a task whose majority class is flat, and whose minority classes have bumps."""
    rng = np.random.default_rng(0)
    height = np.repeat([0, 1, 3], [240, 80, 40])[rng.permutation(360)]
    X = 0.5 * rng.normal(size=(360, 1, 20)) + height[:, None, None] * np.hanning(20)
    y = np.array(["flat", "bump", "other", "tall"])[height]
    return Task("kinds", X, y, np.repeat(np.arange(12), 30), n_minority=8, imbalance=5)

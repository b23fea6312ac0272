"""CGAN: one network for all classes."""

import numpy as np
import pytest

from ganbats_sampler import CGANSampler, GenerationWarning

TRAINED = {"hidden_size": 16, "lr": 1e-3, "min_updates": 250, "random_state": 0}


@pytest.fixture
def three_classes():
    """Noisy waves of three classes, each around its own level."""
    rng = np.random.default_rng(0)
    y = np.repeat(["a", "b", "c"], [20, 30, 40])
    level = 4.0 * np.unique(y, return_inverse=True)[1][:, None]
    X = level + np.sin(np.linspace(0, 6, 24) + rng.normal(size=(90, 1)))
    return X + 0.1 * rng.normal(size=X.shape), y


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")  # only levels are tested
def test_one_network_generates_every_class(three_classes):
    X, y = three_classes
    sampler = CGANSampler(on_failure="warn", **TRAINED)
    X_resampled, y_resampled = sampler.fit_resample(X, y)
    assert len(set(map(id, sampler.nets_.values()))) == 1
    synthetic = sampler.synthetic_mask_
    for level, label in enumerate("ab"):
        rows = X_resampled[synthetic & (y_resampled == label)]
        assert rows.mean() == pytest.approx(4 * level, abs=0.7)
        # in the range of its own class, although the network was trained on all classes
        of_class = X[y == label]
        assert rows.min() >= of_class.min() and rows.max() <= of_class.max()


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
def test_only_a_class_that_is_too_small_is_recombined(three_classes):
    X, y = three_classes
    y = np.where(np.arange(90) == 0, "one", y)
    sampler = CGANSampler(**TRAINED, max_epochs=2, on_failure="warn")
    with pytest.warns(GenerationWarning, match="'one': the class has 1 series, fewer than"):
        sampler.fit_resample(X, y)
    assert not sampler.outcomes_["one"].is_generated and set(sampler.nets_) == {"a", "b"}


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
def test_the_checks_use_the_scale_of_the_class(three_classes):
    X, y = three_classes
    X = np.where((y == "c")[:, None], 1000 * X, X)  # beside c, the others are flat
    sampler = CGANSampler(**TRAINED, max_epochs=10)
    sampler.fit_resample(X, y)
    assert "off-distribution" in sampler.outcomes_["a"].reason

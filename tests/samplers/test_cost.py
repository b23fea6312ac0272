"""The cost of a fit is estimated before it starts."""

import numpy as np
import pytest

from ganbats_sampler import (
    FlowMatchingSampler,
    GANBATSSampler,
    HerdedSampler,
    RecombinationSampler,
)
from ganbats_sampler.adversarial import training
from ganbats_sampler.adversarial.loop import GeneratorNet
from ganbats_sampler.samplers import CostEstimate
from tests.conftest import CLASSES, quick_sampler

pytestmark = pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")


@pytest.mark.parametrize("name", CLASSES)
def test_an_estimate_does_not_change_the_sampler(name, waves):
    sampler = quick_sampler(name)
    estimate = sampler.estimate_cost(*waves)
    assert isinstance(estimate, CostEstimate)
    assert estimate.n_synthetic == {"abnormal": 30}
    assert estimate.seconds > 0 and estimate.memory_mb > 0
    assert not hasattr(sampler, "synthetic_mask_") and not hasattr(sampler, "n_features_in_")
    rows = sampler.fit_resample(*waves)[0]
    sampler.estimate_cost(*waves)
    assert len(sampler.synthetic_mask_) == len(rows)


def test_an_estimate_makes_only_a_few_updates(waves, monkeypatch):
    updates = []
    fit = GeneratorNet.fit

    def counted(net, X, y=None, **options):
        fit(net, X, y, **options)
        updates.append(net.n_updates_)
        return net

    monkeypatch.setattr(GeneratorNet, "fit", counted)
    monkeypatch.setattr(training, "SECONDS_PROBED", 1e-9)
    few = FlowMatchingSampler(min_updates=5000).estimate_cost(*waves)
    many = FlowMatchingSampler(min_updates=100_000).estimate_cost(*waves)
    assert updates == [10, 10] * 2
    assert many.seconds > 4 * few.seconds
    assert FlowMatchingSampler(min_updates=10**6, max_time=2).estimate_cost(*waves).seconds < 4


def test_a_network_among_candidates_is_not_fully_trained(waves, monkeypatch):
    monkeypatch.setattr(training, "SECONDS_PROBED", 1e-9)
    pool = ["arc", FlowMatchingSampler(min_updates=10**6)]
    estimate = HerdedSampler(pool).estimate_cost(*waves)
    assert estimate.seconds > 100


def test_seconds_grow_with_the_number_of_series(waves):
    few, many = (
        RecombinationSampler(sampling_strategy={"abnormal": n}).estimate_cost(*waves)
        for n in (2000, 200_000)
    )
    assert many.seconds > 20 * few.seconds and many.memory_mb > 10 * few.memory_mb


def test_a_class_too_small_to_train_on_costs_as_much_as_its_fallback(waves):
    X, y = waves
    y = y.copy()
    y[np.flatnonzero(y == "normal")[:2]] = "two"
    estimate = GANBATSSampler(max_epochs=1).estimate_cost(X, y)
    assert set(estimate.n_synthetic) == {"abnormal", "two"} and estimate.seconds > 0


def test_too_many_series_for_the_memory_are_refused(waves):
    sampler = HerdedSampler(sampling_strategy={"abnormal": 10**12})
    with pytest.raises(ValueError, match="this machine has"):
        sampler.estimate_cost(*waves)


def test_bad_input_is_refused_as_in_a_fit(waves):
    X, y = waves
    with pytest.raises(ValueError, match="pool_size"):
        HerdedSampler(pool_size=0).estimate_cost(X, y)
    X = X.copy()
    X[3, 4] = np.nan
    with pytest.raises(ValueError, match="missing|NaN"):
        HerdedSampler().estimate_cost(X, y)

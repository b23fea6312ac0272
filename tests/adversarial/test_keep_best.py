"""The generator that is best on held-out series is kept."""

import pickle

import numpy as np
import pytest
import torch

from ganbats_sampler.adversarial.callbacks import KeepBest
from ganbats_sampler.metrics import diversity_ratio
from tests.adversarial.test_net import RunsFor, make_net


def scripted(values):
    """Make a discrepancy that returns the given values in turn."""
    values = iter(values)
    return lambda held_out, generated: next(values)


@pytest.fixture
def series():
    return np.random.default_rng(0).uniform(-1, 1, (16, 1, 12)).astype(np.float32)


@pytest.fixture
def held_out():
    return {None: np.zeros((5, 1, 12), dtype=np.float32)}


def fit(series, callback, **options):
    seen = []
    look = RunsFor(lambda net: seen.append(net.generate(4, random_state=9)))
    net = make_net(max_epochs=5, callbacks=[look, callback], **options).fit(series)
    return net, seen


@pytest.mark.parametrize("average_decay", [None, 0.5])
@pytest.mark.parametrize("best", range(5))
def test_the_best_generator_is_kept(series, held_out, best, average_decay):
    values = [3.0 + abs(epoch - best) for epoch in range(5)]
    callback = KeepBest(scripted(values), held_out, every=1)
    net, seen = fit(series, callback, average_decay=average_decay)
    assert torch.equal(net.generate(4, random_state=9), seen[best])
    assert [row["discrepancy"] for row in net.history] == values


def test_the_first_of_equal_generators_is_kept(series, held_out):
    net, seen = fit(series, KeepBest(scripted([2, 1, 1, 1, 1]), held_out, every=1))
    assert torch.equal(net.generate(4, random_state=9), seen[1])


def test_training_stops_without_improvement(series, held_out):
    net, seen = fit(series, KeepBest(scripted([2, 1, 3, 3]), held_out, every=1, patience=2))
    assert len(net.history) == 4
    assert torch.equal(net.generate(4, random_state=9), seen[1])


def test_the_history_has_nan_between_evaluations_and_ends_with_one(series, held_out):
    net, seen = fit(series, KeepBest(scripted([2, 1]), held_out, every=6))  # two updates per epoch
    np.testing.assert_array_equal(
        [row["discrepancy"] for row in net.history], [np.nan, np.nan, 2, np.nan, 1]
    )
    assert torch.equal(net.generate(4, random_state=9), seen[4])


def test_a_generator_that_diverged_is_not_kept(series, held_out):
    def poison(net):
        if len(net.history) == 3:
            torch.nn.init.constant_(net.module_.layer.bias, float("nan"))

    seen = []
    look = RunsFor(lambda net: seen.append(net.generate(4, random_state=9)))
    callbacks = [RunsFor(poison), look, KeepBest(scripted([3, 2]), held_out, every=1)]
    net = make_net(max_epochs=5, callbacks=callbacks).fit(series)
    assert torch.equal(net.generate(4, random_state=9), seen[1])


def test_series_are_compared_with_held_out_ones(series):
    asked = []
    held_out = {None: np.random.default_rng(0).normal(size=(7, 1, 12))}

    def discrepancy(real, generated):
        asked.append((real, generated.shape))
        return 0.0

    fit(series, KeepBest(discrepancy, held_out, every=1))
    assert all(real is held_out[None] and shape == (7, 1, 12) for real, shape in asked)


def test_the_net_can_be_pickled(series, held_out):
    net, _ = fit(series, KeepBest(diversity_ratio, held_out, every=1))
    net.set_params(callbacks=None)  # those of the test cannot be pickled
    net.callbacks_ = []
    assert torch.equal(
        pickle.loads(pickle.dumps(net)).generate(4, random_state=9), net.generate(4, random_state=9)
    )

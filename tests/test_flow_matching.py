"""Flow matching: the way from noise to data, and the sampler."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from ganbats_sampler import FlowMatchingSampler
from ganbats_sampler.adversarial.devices import own_settings
from ganbats_sampler.adversarial.groups import TrainingGroup
from ganbats_sampler.flow_matching import FlowNet
from ganbats_sampler.metrics import classifier_two_sample_test
from ganbats_sampler.networks import VelocityNetwork
from ganbats_sampler.plotting import plot_losses
from tests.conftest import quick_sampler


class Growth(nn.Module):
    """Velocities that are known: a value grows by itself times its rate, whatever the time."""

    noise_shape = (1, 1)

    def __init__(self, rate=1.0):
        super().__init__()
        self.rate = nn.Parameter(torch.tensor(rate))

    def forward(self, values, time):
        assert time.shape == (len(values),) and 0 <= time.min() and time.max() <= 1
        return self.rate * values


def fit(values, **options):
    with own_settings():
        net = FlowNet(VelocityNetwork, module__n_components=values.shape[2], **options)
        return net.fit(values.astype(np.float32))


def test_noise_moves_as_the_velocity_says():
    net = FlowNet(Growth, n_steps=100).initialize()
    noise = torch.linspace(-2, 2, 5).reshape(5, 1, 1)
    moved = net._transform(net.module_, noise)
    torch.testing.assert_close(moved, math.e * noise, rtol=1e-4, atol=0)


def test_both_of_two_groups_are_learnt_in_their_shares():
    rng = np.random.default_rng(0)
    is_left = rng.random(200) < 0.25
    values = np.where(is_left, -1.0, 1.0)[:, None, None] + 0.1 * rng.normal(size=(200, 1, 2))
    net = fit(values, max_epochs=400, module__hidden_size=64)
    made = net.generate(1000, random_state=0).numpy()[:, 0]
    assert made.shape == (1000, 2)
    assert 0.15 < (made[:, 0] < 0).mean() < 0.35
    between = np.abs(made).max(axis=1) < 0.6
    assert between.mean() < 0.05
    assert made[made[:, 0] > 0].std(axis=0) == pytest.approx([0.1, 0.1], abs=0.05)


def test_the_loss_falls():
    values = np.random.default_rng(0).normal(size=(100, 1, 3)) * [1, 0.5, 0.1]
    losses = [row["generator_loss"] for row in fit(values, max_epochs=200).rows]
    assert np.mean(losses[-20:]) < 0.8 * np.mean(losses[:20])


def test_a_small_class_is_repeated_to_make_a_batch():
    sizes = []

    class Watched(VelocityNetwork):
        def forward(self, values, time):
            sizes.append((len(values), len(time.unique())))
            return super().forward(values, time)

    values = np.random.default_rng(0).normal(size=(10, 1, 2)).astype(np.float32)
    with own_settings():
        FlowNet(Watched, module__n_components=2, batch_size=64, max_epochs=1).fit(values)
    assert sizes == [(70, 70)]  # seven times each, and each time at another time


@pytest.mark.parametrize(
    ("n_samples", "options", "n_updates"),
    [(20, {}, 600), (120, {}, 1200), (1000, {}, 3000), (20, {"min_updates": 7}, 7)],
)
def test_the_budget_grows_with_the_class(n_samples, options, n_updates):
    group = TrainingGroup("a class", np.zeros((n_samples, 1, 8)), None, {"a": None}, 0)
    assert FlowMatchingSampler(**options)._training(group).min_updates == n_updates


@pytest.mark.slow
def test_its_series_are_hard_to_tell_from_real_ones():
    rng = np.random.default_rng(1)
    steps = np.linspace(0, 6, 40)
    real = np.sin(steps + 0.3 * rng.normal(size=(500, 1))) + 0.05 * rng.normal(size=(500, 40))
    X, y = np.r_[real[:300], -real[300:]], np.repeat(["normal", "rare"], [300, 200])
    sampler = FlowMatchingSampler(sampling_strategy="auto", random_state=0)
    sampler.fit_resample(X, y)
    assert sampler.outcomes_["rare"].status == "trained"
    made = sampler.generate(200, "rare", random_state=0)
    assert classifier_two_sample_test(-real[:200], made).statistic < 0.7


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
def test_an_interrupted_fit_goes_on(waves, tmp_path, monkeypatch):
    options = {"max_epochs": 6, "hidden_size": 16, "random_state": 0, "on_failure": "warn"}
    whole = FlowMatchingSampler(**options).fit_resample(*waves)[0]
    update, n_left = FlowNet.update, [3]

    def stop(self, batches):
        n_left[0] -= 1
        if n_left[0] < 0:
            raise KeyboardInterrupt
        return update(self, batches)

    monkeypatch.setattr(FlowNet, "update", stop)
    sampler = FlowMatchingSampler(checkpoint=tmp_path, **options)
    with pytest.raises(KeyboardInterrupt):
        sampler.fit_resample(*waves)
    n_left[0] = 1000
    np.testing.assert_array_equal(sampler.fit_resample(*waves)[0], whole)
    assert 1000 - n_left[0] < 6


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
def test_its_history_is_that_of_one_network(waves):
    sampler = quick_sampler("flow_matching")
    sampler.fit_resample(*waves)
    (row,) = sampler.history_["abnormal"]
    assert row.keys() >= {"update", "generator_loss", "diversity"}
    assert "discriminator_loss" not in row
    ax = plot_losses(sampler.history_["abnormal"])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["generator"]


def test_it_needs_a_learning_rate(waves):
    with pytest.raises(ValueError, match="The 'lr' parameter of FlowMatchingSampler"):
        FlowMatchingSampler(lr=None).fit_resample(*waves)


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
def test_progress_shows_its_loss(waves, capsys):
    quick_sampler("flow_matching", verbose=True, max_epochs=3).fit_resample(*waves)
    shown = capsys.readouterr().err
    assert "class abnormal" in shown and "G=" in shown and "D=" not in shown

"""Batches of real series, with and without a share of targets."""

from itertools import islice

import numpy as np
import pytest
import torch

from ganbats_sampler.adversarial.batches import SeriesBatches
from tests.adversarial.test_net import ConditionalDiscriminator, ConditionalGenerator, make_net


def make_batches(n_samples, n_targets, batch_size=8, target_share=0.5, n_critic=1, seed=0):
    """Make batches of row numbers. The first `n_targets` rows are targets."""
    rows = torch.arange(n_samples)
    rng = torch.Generator().manual_seed(seed)
    return SeriesBatches((rows,), batch_size, n_critic, rng, target_share, rows < n_targets)


def epochs(batches, n_epochs):
    return [batch for _ in range(n_epochs) for step in batches for (batch,) in step]


@pytest.mark.parametrize("n_targets", [1, 2, 3, 5, 20, 45, 49])
@pytest.mark.parametrize(("target_share", "expected"), [(0.5, 4), (0.25, 2), (0.01, 1), (0.99, 7)])
def test_every_batch_has_the_share_of_targets(n_targets, target_share, expected):
    found = epochs(make_batches(50, n_targets, target_share=target_share), 5)
    assert {len(batch) for batch in found} == {8}
    assert {int((batch < n_targets).sum()) for batch in found} == {expected}


@pytest.mark.parametrize("n_targets", [1, 3, 11, 40])
def test_all_series_of_a_side_are_shown_about_equally_often(n_targets):
    (found,) = epochs(make_batches(50, n_targets, batch_size=50, n_critic=1), 1)
    counts = torch.bincount(found, minlength=50)
    for side in (counts[:n_targets], counts[n_targets:]):
        assert side.sum() == 25 and side.max() - side.min() <= 1


def test_a_share_does_not_change_the_length_of_an_epoch():
    for n_critic in (1, 2):
        lengths = [
            len(list(make_batches(50, 5, target_share=share, n_critic=n_critic)))
            for share in (None, 0.5)
        ]
        assert lengths == [6 // n_critic] * 2


@pytest.mark.parametrize("n_targets", [0, 50])
def test_the_share_has_no_effect_if_all_or_no_series_are_targets(n_targets):
    shared, plain = (
        torch.cat(epochs(make_batches(50, n_targets, target_share=share), 2))
        for share in (0.5, None)
    )
    assert torch.equal(shared, plain)


def test_the_seed_determines_the_order():
    first, again, other = (torch.cat(epochs(make_batches(50, 5, seed=s), 1)) for s in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)


@pytest.mark.parametrize("n_critic", [1, 3])
def test_a_net_receives_the_share_of_targets(n_critic):
    labels = np.repeat([0, 1, 2], [30, 3, 2])
    shown = []

    class Counts(ConditionalDiscriminator):
        def forward(self, series, label):
            shown.append(torch.bincount(label, minlength=3).tolist())
            return super().forward(series, label)

    make_net(
        module=ConditionalGenerator,
        discriminator=Counts,
        target_share=0.5,
        targets=[1, 2],
        n_critic=n_critic,
    ).fit(np.zeros((35, 1, 12), dtype=np.float32), labels)
    assert shown and all(zero == one + two == 4 for zero, one, two in shown)


def test_targets_have_no_effect_without_a_share():
    labels, series = np.arange(20) % 2, np.random.default_rng(0).normal(size=(20, 1, 12))
    networks = {"module": ConditionalGenerator, "discriminator": ConditionalDiscriminator}
    drawn = [
        make_net(targets=targets, **networks)
        .fit(series, labels)
        .generate(4, random_state=0, label=1)
        for targets in ((), (1,))
    ]
    assert torch.equal(*drawn)


def test_batches_of_one_update_do_not_overlap():
    (step,) = islice(make_batches(40, 20, n_critic=5), 1)
    assert len(torch.unique(torch.cat([batch for (batch,) in step]))) == 40

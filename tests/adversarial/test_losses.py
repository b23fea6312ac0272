"""Losses compared with values computed by hand."""

import math

import pytest
import torch

from ganbats_sampler.adversarial.losses import NON_SATURATING, RELATIVISTIC, WASSERSTEIN

LOG2 = math.log(2)


def softplus(x):
    return math.log1p(math.exp(x))


@pytest.mark.parametrize(
    ("loss", "real", "fake", "discriminator", "generator", "accuracy"),
    [
        (NON_SATURATING, [0.0], [0.0], 2 * LOG2, LOG2, 0.5),
        # -log sigmoid(2) - log(1 - sigmoid(-1)); -log sigmoid(-1)
        (NON_SATURATING, [2.0], [-1.0], softplus(-2) + softplus(-1), softplus(1), 1.0),
        (NON_SATURATING, [1.0, -1.0], [1.0, 1.0, -1.0, -1.0], None, None, 0.5),
        (RELATIVISTIC, [0.0], [0.0], LOG2, LOG2, 0.5),
        (RELATIVISTIC, [3.0], [1.0], softplus(-2), softplus(2), 1.0),
        # with more fake than real scores, the real ones repeat: pairs (1,0), (2,4), (1,1)
        (
            RELATIVISTIC,
            [1.0, 2.0],
            [0.0, 4.0, 1.0],
            (softplus(-1) + softplus(2) + LOG2) / 3,
            (softplus(1) + softplus(-2) + LOG2) / 3,
            0.5,
        ),
        (WASSERSTEIN, [3.0, 2.0], [1.0, -1.0], -2.5, 0.0, 1.0),
        (WASSERSTEIN, [1.0], [1.0, 4.0, -2.0], 0.0, -1.0, 0.5),
    ],
)
def test_values(loss, real, fake, discriminator, generator, accuracy):
    scores = torch.tensor(real), torch.tensor(fake)
    if discriminator is not None:
        assert loss.discriminator(*scores).item() == pytest.approx(discriminator)
        assert loss.generator(*scores).item() == pytest.approx(generator)
    assert loss.accuracy(*scores).item() == pytest.approx(accuracy)


@pytest.mark.parametrize("loss", [NON_SATURATING, RELATIVISTIC, WASSERSTEIN])
def test_the_networks_push_fake_scores_in_opposite_directions(loss):
    real, fake = torch.zeros(4), torch.zeros(4, requires_grad=True)
    (for_discriminator,) = torch.autograd.grad(loss.discriminator(real, fake), fake)
    (for_generator,) = torch.autograd.grad(loss.generator(real, fake), fake)
    assert (for_discriminator > 0).all() and (for_generator < 0).all()


@pytest.mark.parametrize("loss", [NON_SATURATING, RELATIVISTIC, WASSERSTEIN])
def test_losses_of_extreme_scores_are_finite(loss):
    real, fake = torch.full((2,), -1e4), torch.full((2,), 1e4)
    assert torch.isfinite(loss.discriminator(real, fake))
    assert torch.isfinite(loss.generator(fake, real))


@pytest.mark.parametrize(
    ("loss", "fooled"),
    [
        (NON_SATURATING, [False, True, True]),  # logits above 0
        (RELATIVISTIC, [False, True, False]),  # above the real scores 3, -2 and 3
        (WASSERSTEIN, [False, True, False]),
    ],
)
def test_series_that_are_taken_for_real(loss, fooled):
    assert loss.fooled(torch.tensor([3.0, -2.0]), torch.tensor([-1.0, 1.0, 2.0])).tolist() == fooled

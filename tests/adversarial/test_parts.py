"""Penalties, constraints, averaging and augmentation."""

import pytest
import torch
from torch import nn

from ganbats_sampler.adversarial import Recipe
from ganbats_sampler.adversarial.augmentation import shift_scale_jitter_cut
from ganbats_sampler.adversarial.averaging import move_average
from ganbats_sampler.adversarial.constraints import ClipWeights
from ganbats_sampler.adversarial.penalties import (
    one_centered_penalty,
    squared_gradient_norm,
    zero_centered_penalty,
)


class Quadratic(nn.Module):
    """Score a * sum(x^2): the gradient is 2 a x."""

    def __init__(self):
        super().__init__()
        self.a = nn.Parameter(torch.tensor(3.0))

    def forward(self, series):
        return self.a * series.square().sum(dim=(1, 2))


class TestPenalties:
    def test_squared_gradient_norm_of_each_series(self):
        series = torch.tensor([[[1.0, 2.0]], [[0.0, 1.0]]])
        norms = squared_gradient_norm(Quadratic(), series)
        assert norms.tolist() == [36 * 5, 36 * 1]

    def test_zero_centered_penalty_by_hand(self):
        real, fake = torch.tensor([[[1.0]], [[2.0]]]), torch.tensor([[[3.0]]])
        penalty = zero_centered_penalty(Quadratic(), real, fake, None)
        assert penalty.item() == pytest.approx((36 * (1 + 4) / 2 + 36 * 9) / 2)

    def test_the_penalty_is_differentiable(self):
        model, series = Quadratic(), torch.ones(2, 1, 3)
        zero_centered_penalty(model, series, series, None).backward()
        assert model.a.grad.item() == pytest.approx(8 * 3.0 * 3)  # d/da of 4 a^2 * 3

    def test_one_centered_penalty_by_hand(self):
        # The norm is 6 |x|. Real and fake series are equal, so all points between are this series.
        series = torch.tensor([[[1.0, 0.0]], [[0.0, 2.0]]])
        penalty = one_centered_penalty(Quadratic(), series, series, torch.Generator())
        assert penalty.item() == pytest.approx(((6 - 1) ** 2 + (12 - 1) ** 2) / 2)

    def test_one_centered_penalty_uses_points_between_real_and_fake(self):
        seen = []

        def score(series):
            seen.append(series.detach())
            return series.sum(dim=(1, 2))

        real, fake = torch.zeros(500, 2, 3), torch.ones(500, 2, 3)
        penalty = one_centered_penalty(score, real, fake, torch.Generator().manual_seed(0))
        assert penalty.item() == pytest.approx((6**0.5 - 1) ** 2)
        shares = seen[0]
        assert (shares == shares[:, :1, :1]).all()  # one point per series
        assert shares.min() < 0.02 and shares.max() > 0.98
        assert shares.mean().item() == pytest.approx(0.5, abs=0.05)

    def test_one_centered_penalty_is_differentiable_at_a_zero_gradient(self):
        model, series = Quadratic(), torch.zeros(2, 1, 3)
        one_centered_penalty(model, series, series, torch.Generator()).backward()
        assert torch.isfinite(model.a.grad)

    def test_a_recipe_refuses_a_penalty_with_batch_norm(self):
        with pytest.raises(ValueError, match="batch_norm=False"):
            Recipe(penalty=zero_centered_penalty)


def test_only_weights_beyond_the_limit_are_clipped():
    layer = nn.Linear(3, 1)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[-2.0, 0.005, 0.3]]))
        layer.bias.fill_(0.02)
    ClipWeights(limit=0.1)(layer)
    torch.testing.assert_close(layer.weight.detach(), torch.tensor([[-0.1, 0.005, 0.1]]))
    assert layer.bias.item() == pytest.approx(0.02)


class TestMoveAverage:
    def test_a_step_by_hand(self):
        averaged, current = nn.Linear(1, 1), nn.Linear(1, 1)
        nn.init.constant_(averaged.weight, 1.0)
        nn.init.constant_(current.weight, 3.0)
        move_average(averaged, current, decay=0.9, n_updates=10_000)
        assert averaged.weight.item() == pytest.approx(1.2)

    def test_the_first_steps_forget_the_initial_weights(self):
        averaged, current = nn.Linear(1, 1), nn.Linear(1, 1)
        nn.init.constant_(averaged.weight, 0.0)
        nn.init.constant_(current.weight, 1.0)
        for n_updates in range(200):
            move_average(averaged, current, decay=0.995, n_updates=n_updates)
        assert averaged.weight.item() > 0.99  # .63 without the warm-up

    def test_buffers_are_averaged(self):
        averaged, current = nn.BatchNorm1d(1), nn.BatchNorm1d(1)
        current(torch.tensor([[1.0], [3.0]]))
        move_average(averaged, current, decay=0.0, n_updates=0)
        assert averaged.running_mean.item() == pytest.approx(0.2)
        assert averaged.num_batches_tracked.item() == 1


class TestAugmentation:
    def augment(self, series, seed=0):
        return shift_scale_jitter_cut(series, torch.Generator().manual_seed(seed))

    def test_values_change_but_not_shape_or_type(self):
        series = torch.linspace(-1, 1, 40).repeat(5, 2, 1)
        augmented = self.augment(series)
        assert augmented.shape == series.shape and augmented.dtype == series.dtype
        assert not torch.equal(augmented, series)
        assert not torch.equal(augmented[0], augmented[1])

    def test_the_random_generator_determines_the_result(self):
        series = torch.randn(4, 1, 30)
        assert torch.equal(self.augment(series), self.augment(series))
        assert not torch.equal(self.augment(series), self.augment(series, seed=1))

    def test_gradients_flow_except_through_the_cut_out(self):
        series = torch.zeros(8, 1, 64, requires_grad=True)
        self.augment(series).sum().backward()
        reached = (series.grad != 0).float().mean(dim=(1, 2))
        assert ((reached > 0.7) & (reached < 1)).all()

    def test_shifts_are_at_most_a_twentieth_of_the_length(self):
        step = (torch.arange(100) >= 50).float().repeat(500, 1, 1) * 1000
        cut = (self.augment(step).abs() < 100) & (torch.arange(100) > 60)
        first = (self.augment(step) > 100).float().argmax(dim=2)[~cut.any(dim=2)]
        assert {int(place) - 50 for place in first} >= set(range(-5, 6))
        # A cut-out can hide the step. In all other series, the step has moved by five at most.
        assert (first >= 45).all()

    def test_scales_change_by_at_most_a_tenth(self):
        scale = self.augment(torch.full((500, 1, 64), 1000.0)).amax(dim=(1, 2)) / 1000
        assert 0.9 < scale.min() < 0.905 and 1.095 < scale.max() < 1.1005

    def test_jitter_and_cut_out(self):
        noise = self.augment(torch.zeros(500, 1, 64))
        is_cut = noise == 0
        assert (is_cut.sum(dim=2) == 8).all()  # an eighth
        assert noise[~is_cut].std() == pytest.approx(0.02, rel=0.02)

    @pytest.mark.parametrize("length", [1, 2, 5])
    def test_short_series(self, length):
        assert torch.isfinite(self.augment(torch.ones(3, 1, length))).all()

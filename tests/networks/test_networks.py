"""The networks: shapes, options, and agreement with the paper."""

import pytest
import torch
from torch import nn

from ganbats_sampler.networks import (
    ConvolutionalDiscriminator,
    ConvolutionalGenerator,
    GANBATSDiscriminator,
    GANBATSGenerator,
)
from ganbats_sampler.networks.discriminator import DotProductAttention
from ganbats_sampler.networks.time import time_ramp


def layers(module):
    return [type(layer) for layer in module]


class TestGenerator:
    def test_the_architecture_is_that_of_the_paper(self):
        generator = GANBATSGenerator(n_channels=1, n_timepoints=50)
        lstm = generator.lstm
        assert (lstm.input_size, lstm.hidden_size, lstm.num_layers) == (1, 64, 2)
        assert lstm.bidirectional
        assert layers(generator.parts) == [nn.Conv1d, nn.BatchNorm1d, nn.ReLU] * 3
        assert [p.out_channels for p in generator.parts[::3]] == [64, 32, 16]

    @pytest.mark.parametrize("bilstm", [True, False])
    @pytest.mark.parametrize("positional", [True, False])
    @pytest.mark.parametrize(("n_channels", "length"), [(1, 50), (3, 1), (2, 17)])
    def test_shape_and_range(self, n_channels, length, bilstm, positional):
        generator = GANBATSGenerator(n_channels, length, 8, bilstm=bilstm, positional=positional)
        series = generator(torch.randn(4, *generator.noise_shape))
        assert series.shape == (4, n_channels, length)
        assert series.abs().max() <= 1

    def test_positional_has_four_noise_values_for_the_whole_series(self):
        torch.manual_seed(0)
        generator = GANBATSGenerator(1, n_timepoints=64, bilstm=False, positional=True).eval()
        noise = torch.randn(1, *generator.noise_shape)
        far = (slice(None), slice(None), slice(20, None))
        # all steps share the fourth value; the fifth belongs to its own step
        for step, is_global in ((3, True), (4, False)):
            other = noise.clone()
            other[0, step] += 1
            moved = not torch.allclose(generator(noise)[far], generator(other)[far])
            assert moved == is_global

    def test_without_bilstm_a_step_sees_only_its_neighbourhood(self):
        noise = torch.randn(1, 60, 1)
        changed = noise.clone()
        changed[0, 0] += 1
        for bilstm in (True, False):
            generator = GANBATSGenerator(1, 60, 16, bilstm=bilstm).eval()
            far = (generator(noise) - generator(changed))[0, 0, 30:].abs().max()
            assert (far > 0) == bilstm

    def test_positional_distinguishes_steps_of_constant_noise(self):
        noise = torch.ones(1, 60, 1)
        for positional in (True, False):
            generator = GANBATSGenerator(1, 60, 16, bilstm=False, positional=positional).eval()
            inside = generator(noise)[0, 0, 10:-10]
            assert (inside.std() > 1e-6) == positional


class TestDiscriminator:
    def test_convolutions_have_kernels_of_five_steps(self):
        kernels = [m.kernel_size for m in GANBATSDiscriminator(1).modules() if hasattr(m, "stride")]
        assert set(kernels) == {(5,)}

    def test_the_architecture_is_that_of_the_paper(self):
        discriminator = GANBATSDiscriminator(n_channels=1)
        assert layers(discriminator.parts) == [nn.Conv1d, nn.ReLU, nn.BatchNorm1d] * 2
        assert isinstance(discriminator.attention, DotProductAttention)

    @pytest.mark.parametrize("attention", [True, False])
    @pytest.mark.parametrize("batch_norm", [True, False])
    @pytest.mark.parametrize("positional", [True, False])
    @pytest.mark.parametrize(("n_channels", "length"), [(1, 50), (3, 1), (2, 17)])
    def test_shape(self, n_channels, length, attention, batch_norm, positional):
        discriminator = GANBATSDiscriminator(
            n_channels, 8, attention, n_parts=3, batch_norm=batch_norm, positional=positional
        )
        assert discriminator(torch.randn(4, n_channels, length)).shape == (4,)

    def test_without_batch_norm_a_score_depends_on_one_series(self):
        series = torch.randn(4, 1, 30)
        discriminator = GANBATSDiscriminator(1, 8, batch_norm=False)
        alone = torch.cat([discriminator(one[None]) for one in series])
        torch.testing.assert_close(discriminator(series), alone)

    def test_positional_distinguishes_a_shifted_bump(self):
        series = torch.zeros(2, 1, 64)
        series[0, 0, 20:24] = series[1, 0, 40:44] = 1
        for positional in (True, False):
            discriminator = GANBATSDiscriminator(
                1, 16, attention=False, batch_norm=False, positional=positional
            )
            here, there = discriminator(series)
            assert (abs(here - there) > 1e-5) == positional

    def test_it_has_second_derivatives(self):
        series = torch.randn(3, 1, 20, requires_grad=True)
        discriminator = GANBATSDiscriminator(1, 8, batch_norm=False)
        (gradient,) = torch.autograd.grad(discriminator(series).sum(), series, create_graph=True)
        gradient.square().sum().backward()
        assert discriminator.parts[0].weight.grad.abs().sum() > 0


SIZES = pytest.mark.parametrize(("n_channels", "length"), [(1, 1), (3, 16), (2, 17), (1, 50)])


class TestConvolutional:
    def test_the_generator_is_that_of_the_paper(self):
        generator = ConvolutionalGenerator(n_channels=3, n_timepoints=64, hidden_size=128)
        assert generator.start == (1024, 4)
        hidden = [nn.BatchNorm1d, nn.ReLU, nn.ConvTranspose1d]
        assert layers(generator.layers) == [*hidden * 4, nn.Tanh]
        convolutions = [m for m in generator.layers if isinstance(m, nn.ConvTranspose1d)]
        assert [m.out_channels for m in convolutions] == [512, 256, 128, 3]
        assert all(m.stride == (2,) for m in convolutions)

    def test_the_discriminator_is_that_of_the_paper(self):
        block = [nn.Conv1d, nn.BatchNorm1d, nn.LeakyReLU]
        discriminator = ConvolutionalDiscriminator(n_channels=3, n_timepoints=64)
        assert layers(discriminator.layers) == [nn.Conv1d, nn.LeakyReLU, *block * 3]
        without = ConvolutionalDiscriminator(n_channels=3, n_timepoints=64, batch_norm=False)
        assert layers(without.layers) == [nn.Conv1d, nn.LeakyReLU] * 4

    def test_weights_start_as_in_the_paper(self):
        generator = ConvolutionalGenerator(n_channels=1, n_timepoints=128)
        assert generator.project.weight.std().item() == pytest.approx(0.02, rel=0.05)
        assert generator.layers[2].weight.std().item() == pytest.approx(0.02, rel=0.05)

    def test_noise_is_uniform(self):
        uniform = ConvolutionalGenerator.to_uniform(torch.randn(100_000))
        assert -1 <= uniform.min() < -0.99 and 0.99 < uniform.max() <= 1
        torch.testing.assert_close(
            uniform.quantile(torch.tensor([0.25, 0.5, 0.75])),
            torch.tensor([-0.5, 0.0, 0.5]),
            atol=0.02,
            rtol=0,
        )

    @SIZES
    def test_shapes(self, n_channels, length):
        generator = ConvolutionalGenerator(n_channels, length, hidden_size=4)
        series = generator(torch.randn(5, *generator.noise_shape))
        assert series.shape == (5, n_channels, length) and series.abs().max() <= 1
        assert ConvolutionalDiscriminator(n_channels, length, 4)(series).shape == (5,)

    def test_without_batch_norm_a_score_depends_on_one_series(self):
        series = torch.randn(4, 1, 30)
        discriminator = ConvolutionalDiscriminator(1, 30, 8, batch_norm=False)
        alone = torch.cat([discriminator(one[None]) for one in series])
        torch.testing.assert_close(discriminator(series), alone)


class TestConditional:
    @SIZES
    def test_shapes(self, n_channels, length):
        label = torch.tensor([0, 1, 2, 2, 1])
        generator = ConvolutionalGenerator(n_channels, length, n_classes=3, hidden_size=4)
        series = generator(torch.randn(5, *generator.noise_shape), label)
        assert series.shape == (5, n_channels, length)
        discriminator = ConvolutionalDiscriminator(n_channels, length, n_classes=3, hidden_size=4)
        assert discriminator(series, label).shape == (5,)

    def test_the_class_affects_both_networks(self):
        generator = ConvolutionalGenerator(1, 30, n_classes=2, hidden_size=4).eval()
        discriminator = ConvolutionalDiscriminator(1, 30, n_classes=2, hidden_size=4).eval()
        noise, zeros = torch.randn(4, 100), torch.zeros(4, dtype=torch.int64)
        series = generator(noise, zeros)
        assert not torch.allclose(generator(noise, zeros + 1), series)
        scores = discriminator(series, zeros)
        assert not torch.allclose(discriminator(series, zeros + 1), scores)


class TestProjection:
    @pytest.mark.parametrize("switch", [True, False])
    @SIZES
    def test_shapes(self, n_channels, length, switch):
        label = torch.tensor([0, 1, 2, 2, 1])
        generator = GANBATSGenerator(
            n_channels, length, hidden_size=4, bilstm=switch, positional=switch, n_classes=3
        )
        series = generator(torch.randn(5, *generator.noise_shape), label)
        assert series.shape == (5, n_channels, length) and series.abs().max() <= 1
        discriminator = GANBATSDiscriminator(
            n_channels, 4, attention=switch, batch_norm=switch, positional=switch, n_classes=3
        )
        assert discriminator(series, label).shape == (5,)

    def test_the_score_by_hand(self):
        discriminator = GANBATSDiscriminator(
            n_channels=1, n_classes=2, hidden_size=2, attention=False, n_parts=1, batch_norm=False
        )
        nn.init.zeros_(discriminator.parts[0].weight)
        discriminator.parts[0].bias.data = torch.tensor([1.0, 2.0])  # the features of every series
        discriminator.score.weight.data = torch.tensor([[3.0, -1.0]])
        discriminator.score.bias.data = torch.tensor([0.5])
        discriminator.embedding.weight.data = torch.tensor([[0.0, 0.0], [10.0, 4.0]])
        scores = discriminator(torch.randn(2, 1, 8), torch.tensor([0, 1]))
        # 3 * 1 - 1 * 2 + 0.5 = 1.5 for any class; <(10, 4), (1, 2)> = 18 more for class 1
        assert scores.tolist() == [1.5, 19.5]

    def test_every_step_receives_the_class(self):
        generator = GANBATSGenerator(1, 60, 16, bilstm=False, n_classes=2).eval()
        noise, zeros = torch.randn(4, 60, 1), torch.zeros(4, dtype=torch.int64)
        assert (generator(noise, zeros) != generator(noise, zeros + 1)).all()

    def test_conditional_scores_have_second_derivatives(self):
        series = torch.randn(3, 1, 20, requires_grad=True)
        label = torch.tensor([0, 1, 1])
        discriminator = GANBATSDiscriminator(1, 8, batch_norm=False, n_classes=2)
        (gradient,) = torch.autograd.grad(
            discriminator(series, label).sum(), series, create_graph=True
        )
        gradient.square().sum().backward()
        assert discriminator.embedding.weight.grad.abs().sum() > 0


def test_attention_by_hand():
    attention = DotProductAttention(2)
    for layer in (attention.query, attention.key):
        nn.init.eye_(layer.weight)
        nn.init.zeros_(layer.bias)
    features = torch.tensor([[[1.0, 0.0], [0.0, 2.0]]])
    # scores q.k / sqrt(2): row 0 is (1, 0) / sqrt 2, row 1 is (0, 4) / sqrt 2
    weights = torch.tensor([[1.0, 0.0], [0.0, 4.0]]).div(2**0.5).softmax(dim=1)
    torch.testing.assert_close(attention(features), (weights @ features[0])[None])


def test_time_ramp():
    ramp = time_ramp(torch.zeros(2, 3, 5))
    assert ramp.shape == (2, 1, 5)
    assert ramp[1, 0].tolist() == [-1, -0.5, 0, 0.5, 1]

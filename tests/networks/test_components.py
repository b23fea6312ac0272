"""Networks on principal components: shapes, optional parts, gradients."""

import pytest
import torch

from ganbats_sampler.adversarial.penalties import zero_centered_penalty
from ganbats_sampler.networks import ComponentDiscriminator, ComponentGenerator

AXES = torch.linspace(-1, 1, 5 * 37).reshape(5, 37)  # 37 is not a multiple of the 16 segments


@pytest.mark.parametrize("bilstm", [True, False])
@pytest.mark.parametrize("n_classes", [0, 3])
def test_noise_becomes_components(bilstm, n_classes):
    generator = ComponentGenerator(5, hidden_size=8, bilstm=bilstm, n_classes=n_classes)
    label = torch.tensor([0, 2]) if n_classes else None
    noise = torch.randn(2, *generator.noise_shape)
    made = generator(noise, label)
    assert made.shape == (2, 1, 5)
    assert any("lstm" in name for name, _ in generator.named_parameters()) == bilstm
    if n_classes:
        assert not torch.allclose(generator(noise, torch.tensor([1, 2]))[0], made[0])
    made.sum().backward()
    assert all(weight.grad is not None for weight in generator.parameters())


def test_components_are_unbounded():
    generator = ComponentGenerator(5, hidden_size=8)
    generator.output.weight.data *= 100
    assert generator(torch.randn(20, 8, 4)).abs().max() > 2


@pytest.mark.parametrize("attention", [True, False])
@pytest.mark.parametrize("n_classes", [0, 3])
@pytest.mark.parametrize("batch_norm", [True, False])
def test_components_are_scored(attention, n_classes, batch_norm):
    discriminator = ComponentDiscriminator(
        AXES, hidden_size=8, attention=attention, n_classes=n_classes, batch_norm=batch_norm
    )
    label = torch.tensor([0, 2, 1]) if n_classes else None
    scores = discriminator(torch.randn(3, 1, 5), label)
    assert scores.shape == (3,)
    scores.sum().backward()
    names = {name.split(".")[0] for name, _ in discriminator.named_parameters()}
    assert ("embed" in names) == attention and ("embedding" in names) == bool(n_classes)


def test_attention_reads_the_series_of_the_components():
    discriminator = ComponentDiscriminator(AXES, hidden_size=8)
    for weight in discriminator.layers.parameters():
        weight.data.zero_()  # so that only attention affects scores
    values = torch.randn(4, 1, 5)
    scores = discriminator(values)
    assert scores.std() > 1e-4
    discriminator.axes.zero_()
    assert discriminator(values).std() < 1e-6


def test_the_penalty_reaches_every_weight():
    discriminator = ComponentDiscriminator(AXES, hidden_size=8)
    real, fake = torch.randn(2, 6, 1, 5)
    zero_centered_penalty(discriminator, real, fake, torch.Generator()).backward()
    without = {n for n, w in discriminator.named_parameters() if w.grad is None}
    assert without <= {"score.bias", "mix.bias", "layers.4.bias"}

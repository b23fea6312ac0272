"""Gradient penalties that keep the discriminator smooth.

A penalty is a function ``(discriminator, real, fake, rng) -> scalar``, differentiable with respect
to the discriminator's weights. The discriminator must be free of batch norm, for the penalties
are defined on the score of one series, and of recurrent layers, which have no second derivative
in cuDNN.
"""

import torch
from torch import Tensor, nn


def squared_gradient_norm(discriminator: nn.Module, series: Tensor) -> Tensor:
    """Squared norm of the gradient of each score with respect to its series.

    Parameters
    ----------
    discriminator : Module
        Maps (batch, n_channels, n_timepoints) to (batch,).
    series : Tensor of shape (batch, n_channels, n_timepoints)
        Where the gradient is taken.

    Returns
    -------
    Tensor of shape (batch,)
        Differentiable once more.
    """
    series = series.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(discriminator(series).sum(), series, create_graph=True)
    return gradient.square().sum(dim=(1, 2))


def zero_centered_penalty(
    discriminator: nn.Module, real: Tensor, fake: Tensor, rng: torch.Generator
) -> Tensor:
    """R1 + R2: half the mean squared gradient norm at real plus at generated series.

    Mescheder, L., Geiger, A., Nowozin, S. (2018). Which training methods for GANs do actually
    converge? ICML, eq. 9 and 10; both at once as in Huang, N. et al. (2024). The GAN is dead;
    long live the GAN! A modern baseline GAN. NeurIPS 37. `rng` is not used.
    """
    at_real = squared_gradient_norm(discriminator, real).mean()
    at_fake = squared_gradient_norm(discriminator, fake).mean()
    return (at_real + at_fake) / 2

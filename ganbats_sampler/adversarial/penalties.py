"""Gradient penalties that keep the discriminator smooth.

A penalty is a function ``(score, real, fake, rng) -> scalar``, differentiable with respect to the
discriminator's weights; `score` is the discriminator as a function of series alone, and there are
as many real series as generated ones. The discriminator must be free of batch norm, for the
penalties are defined on the score of one series, and of recurrent layers, which have no second
derivative in cuDNN.
"""

from collections.abc import Callable

import torch
from torch import Tensor

Score = Callable[[Tensor], Tensor]


def squared_gradient_norm(score: Score, series: Tensor) -> Tensor:
    """Squared norm of the gradient of each score with respect to its series.

    Parameters
    ----------
    score : callable
        Maps (batch, n_channels, n_timepoints) to (batch,).
    series : Tensor of shape (batch, n_channels, n_timepoints)
        Where the gradient is taken.

    Returns
    -------
    Tensor of shape (batch,)
        Differentiable once more.
    """
    series = series.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(score(series).sum(), series, create_graph=True)
    return gradient.square().sum(dim=(1, 2))


def zero_centered_penalty(score: Score, real: Tensor, fake: Tensor, rng: torch.Generator) -> Tensor:
    """R1 + R2: half the mean squared gradient norm at real plus at generated series.

    Mescheder, L., Geiger, A., Nowozin, S. (2018). Which training methods for GANs do actually
    converge? ICML, eq. 9 and 10; both at once as in Huang, N. et al. (2024). The GAN is dead;
    long live the GAN! A modern baseline GAN. NeurIPS 37. `rng` is not used.
    """
    at_real = squared_gradient_norm(score, real).mean()
    at_fake = squared_gradient_norm(score, fake).mean()
    return (at_real + at_fake) / 2


def one_centered_penalty(score: Score, real: Tensor, fake: Tensor, rng: torch.Generator) -> Tensor:
    """Mean of (gradient norm - 1)^2 at points between real and generated series.

    Gulrajani, I. et al. (2017). Improved training of Wasserstein GANs. NeurIPS 30, algorithm 1,
    lines 5 to 7. The norm is that of each series, over all channels and time steps, and `rng` draws
    a point on the line from each real series to the generated one beside it.
    """
    share = torch.rand(len(real), 1, 1, generator=rng, device=real.device, dtype=real.dtype)
    between = share * real.detach() + (1 - share) * fake.detach()
    # the root has no derivative at 0
    norm = (squared_gradient_norm(score, between) + 1e-12).sqrt()
    return (norm - 1).square().mean()

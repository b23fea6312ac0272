"""Gradient penalties that keep the discriminator smooth.

A penalty is a function ``(score, real, fake, rng) -> scalar`` that is differentiable with respect
to the discriminator's weights. `score` is the discriminator as a function of series alone. There
are as many real series as generated ones. The discriminator must not have batch norm, because
penalties are defined on the score of one series. It must not have recurrent layers, because these
have no second derivative in cuDNN.
"""

from collections.abc import Callable

import torch
from torch import Tensor

Score = Callable[[Tensor], Tensor]


def squared_gradient_norm(score: Score, series: Tensor) -> Tensor:
    """Compute the squared norm of the gradient of each score with respect to its series.

    Parameters
    ----------
    score : callable
        The function that maps series, (batch, n_channels, n_timepoints), to scores, (batch,).
    series : Tensor of shape (batch, n_channels, n_timepoints)
        The points at which the gradient is taken.

    Returns
    -------
    Tensor of shape (batch,)
        The squared norms, differentiable with respect to the discriminator's weights.
    """
    series = series.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(score(series).sum(), series, create_graph=True)
    return gradient.square().sum(dim=(1, 2))


def zero_centered_penalty(score: Score, real: Tensor, fake: Tensor, rng: torch.Generator) -> Tensor:
    """Half the sum of the mean squared gradient norms at real and generated series: R1 + R2.

    Mescheder, L., Geiger, A., Nowozin, S. (2018). Which training methods for GANs do actually
    converge? ICML, eq. 9 and 10. Huang, N. et al. (2024). The GAN is dead; long live the GAN! A
    modern baseline GAN. NeurIPS 37, which uses both at once. `rng` is not used.
    """
    at_real = squared_gradient_norm(score, real).mean()
    at_fake = squared_gradient_norm(score, fake).mean()
    return (at_real + at_fake) / 2


def one_centered_penalty(score: Score, real: Tensor, fake: Tensor, rng: torch.Generator) -> Tensor:
    """Mean of (gradient norm - 1)^2 at points between real and generated series.

    Gulrajani, I. et al. (2017). Improved training of Wasserstein GANs. NeurIPS 30, algorithm 1,
    lines 5 to 7. Each series has one norm, over all channels and time steps. `rng` draws a point on
    the line between each real series and the generated one at the same place in the batch.
    """
    share = torch.rand(len(real), 1, 1, generator=rng, device=real.device, dtype=real.dtype)
    between = share * real.detach() + (1 - share) * fake.detach()
    # the root has no derivative at 0
    norm = (squared_gradient_norm(score, between) + 1e-12).sqrt()
    return (norm - 1).square().mean()
